"""The form of a paper: days, citations, references, numbering, counted items, blanks, leftovers, wording."""
