"""An audited paper handed back: comments in a copy of the Word file, or a page of its text with marks and notes."""
