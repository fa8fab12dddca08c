"""Figures in running text and cells: amounts, shares, counts, scores, days, document numbers."""
