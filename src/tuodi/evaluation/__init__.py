"""Schemes, data and evidence -> scores with reasons: indicator trees, rules, measures, grades, lint."""
