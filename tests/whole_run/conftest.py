"""The databases of ``tests/office``."""

from tests.office.conftest import sqlite, sqlite_files

__all__ = ["sqlite", "sqlite_files"]
