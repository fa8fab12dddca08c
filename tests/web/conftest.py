"""The same databases as ``tests/office``."""

from tests.office.conftest import both_databases, postgres_server, sqlite, sqlite_files

__all__ = ["both_databases", "postgres_server", "sqlite", "sqlite_files"]
