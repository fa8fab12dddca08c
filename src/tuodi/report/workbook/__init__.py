"""Workbooks: scores with live formulas, official tables, the sheets an evaluator fills in."""
