"""Tuodi (托底): a county's medical assistance, from the claim to the accountable report."""

__version__ = "0.4.1"
