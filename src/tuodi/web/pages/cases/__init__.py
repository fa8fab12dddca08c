"""Cases of screening and their steps."""
