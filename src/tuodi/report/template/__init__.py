"""An office's own Word template, filled in a sandbox from plain dictionaries."""
