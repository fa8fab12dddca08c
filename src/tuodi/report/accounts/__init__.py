"""The disclosure of final accounts as a document, as a workbook, and as an empty workbook to fill in."""
