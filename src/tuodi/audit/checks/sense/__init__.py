"""Words against figures: problems and deductions, evidence and full scores, conclusions and data."""
