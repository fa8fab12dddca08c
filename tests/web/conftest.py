"""The same databases as ``tests/office``, and visitors in a browser."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.office.conftest import both_databases, patient, postgres_server, sqlite, sqlite_files
from tests.office.databases import SqliteFiles, use

__all__ = ["both_databases", "patient", "postgres_server", "sqlite", "sqlite_files"]


@pytest.fixture(scope="module")
def sqlite_module(sqlite_files: SqliteFiles) -> Iterator[str]:
    """One fresh SQLite database for all tests of a module that take back what they write."""
    with sqlite_files.fresh() as config:
        use(config)
        yield "sqlite"


@pytest.fixture
def visitors(sqlite: str, browser: Any) -> Iterator[Any]:
    """A server on this test's own SQLite database, and ``page_of(user)`` in a browser (``tests.web.browser``)."""
    from tests.web.browser import visiting

    with visiting(browser) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def _log_without_numbers() -> Iterator[None]:
    """Whatever the tests of pages provoked: the program's log holds no number as long as a telephone's."""
    yield
    log = settings.HOME / "tuodi.log"
    if log.exists():
        assert re.findall(r"[0-9]{11,}", log.read_text(encoding="utf-8")) == []
