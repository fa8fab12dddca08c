"""Scoring rules as data: each kind is one class that turns inputs into points with the formula and what was lost."""
