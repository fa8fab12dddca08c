"""Blocks -> Word: the typography of official documents, charts, contents, passages written by hand and read back."""
