"""The databases and the browser of ``tests/web``."""

from tests.office.conftest import sqlite, sqlite_files
from tests.web.conftest import visitors

__all__ = ["sqlite", "sqlite_files", "visitors"]
