"""Weights, scores and grades against each other, against their printed rules and against the scale."""
