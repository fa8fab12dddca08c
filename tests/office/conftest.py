"""Fixtures of everything that needs a database; ``tests/web`` uses them too."""

from collections.abc import Iterator

import pytest

from tests.office.databases import PostgresServer, SqliteFiles, use


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    files = SqliteFiles(tmp_path_factory.mktemp("sqlite"))
    files.prepare()
    return files


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.prepare()
    yield server
    server.stop()


@pytest.fixture
def sqlite(sqlite_files: SqliteFiles) -> Iterator[str]:
    """A fresh migrated SQLite database, the default connection of this test."""
    with sqlite_files.fresh() as config:
        use(config)
        yield "sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def both_databases(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs twice, on a fresh SQLite and on a fresh PostgreSQL database."""
    kind = "sqlite_files" if request.param == "sqlite" else "postgres_server"
    with request.getfixturevalue(kind).fresh() as config:
        use(config)
        yield request.param


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is busy with other tests, a comparison is waited for and not put off."""
    monkeypatch.setattr("tuodi.office.queries.comparison_members._PATIENCE_AT_FIRST", 60)
