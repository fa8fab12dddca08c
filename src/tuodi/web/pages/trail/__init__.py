"""The trail for the auditor: look, verify, anchor."""
