"""Writes: each function is one operation - check, lock, change, log - in one transaction, and takes only keywords."""
