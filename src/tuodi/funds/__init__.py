"""Money between levels of government: clearing, notices, remittance, sources and uses of a programme."""
