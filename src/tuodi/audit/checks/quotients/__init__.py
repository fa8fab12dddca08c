"""Quotients: execution and completion rates, shares, growth, the counts and shares of surveys."""
