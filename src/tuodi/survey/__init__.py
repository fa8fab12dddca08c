"""Surveys: definition, import without personal data, cleaning, statistics, published tables, stratified draws."""
