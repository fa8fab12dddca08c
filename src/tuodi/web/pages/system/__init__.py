"""Backups, background work, change of year."""
