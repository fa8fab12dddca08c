"""Final accounts, the performance section and the self-evaluation forms published with them."""
