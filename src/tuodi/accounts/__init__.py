"""Final accounts (部门决算公开): tables as data, identities between their cells, the text that follows from them."""
