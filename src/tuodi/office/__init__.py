"""The office (Django app): people, facts, roles, cases and the trail in a database; each write is one operation."""
