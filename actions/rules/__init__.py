"""Floor 0: the rules of the domain as plain functions over plain values. No ORM, no clock, no request."""
