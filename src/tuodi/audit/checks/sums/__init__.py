"""Sums: totals and groups of tables, parts told in sentences, balances, scope of what is summed."""
