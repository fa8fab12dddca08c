"""Reads for pages, files and checks: each takes an actor and sees only what that actor may see."""
