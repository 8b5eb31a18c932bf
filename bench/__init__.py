"""Measurements anybody can repeat; see README.md. Nothing here belongs to the tests."""
