"""Faults with real processes: each command does its harm, says what it did, and ends with a verdict."""
