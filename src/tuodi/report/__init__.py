"""Results -> documents people keep: result tables, the receipt of one settlement."""
