"""Settlements, a person's year, receipts."""
