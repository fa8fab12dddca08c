"""A finished paper as blocks in order: headings, paragraphs, tables; each knows its place in the file."""
