"""A database read by plain SQL beside Django's connection: the live one as of one moment, or a copy of it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection

Rows = Callable[[str], Iterable[tuple[Any, ...]]]
"""Runs one SELECT and gives its rows."""

_PROGRAMS: Final = "/usr/lib/postgresql"


class Snapshot(NamedTuple):
    """The live database as of one moment. ``native`` is the SQLite connection, or PostgreSQL's name of the snapshot."""

    rows: Rows
    native: Any


def is_sqlite() -> bool:
    """Tell whether this installation's database is a SQLite file."""
    return bool(connection.vendor == "sqlite")


def sqlite_path() -> Path:
    """Return the file of the installation's SQLite database."""
    return Path(connection.settings_dict["NAME"])


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file for reading."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as native:
        # A spoilt text must show as a difference, not end the reading.
        native.text_factory = lambda text: text.decode(errors="replace")
        yield native


@contextmanager
def connected(name: str = "") -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to the installation's PostgreSQL server, to its own database or to the one named."""
    config = connection.settings_dict
    place = {"host": config["HOST"], "port": config["PORT"], "user": config["USER"], "password": config["PASSWORD"]}
    given = {key: value for key, value in place.items() if value}
    # Django keeps local times in columns with a time zone, and reads them in the zone of the settings; so here.
    given["options"] = f"-c TimeZone={settings.TIME_ZONE}"
    with closing(psycopg.connect(dbname=name or config["NAME"], autocommit=True, **given)) as native:
        yield native


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Give the live database as of now; whatever is written meanwhile is not seen, and nobody waits."""
    if is_sqlite():
        with opened(sqlite_path()) as file:
            file.isolation_level = None
            file.execute("BEGIN")
            # SQLite takes its view of the file at the first read, not at BEGIN.
            file.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            yield Snapshot(file.execute, file)
        return
    with connected() as server:
        server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (name,) = server.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield Snapshot(rows_of(server), name)


def rows_of(server: psycopg.Connection[tuple[Any, ...]]) -> Rows:
    """Return the reading function of a PostgreSQL connection."""
    return lambda statement: server.execute(statement.encode())


def server_words(name: str = "") -> tuple[list[str], dict[str, str]]:
    """Return how PostgreSQL's own programs are told where the database is: words, and the password in variables."""
    config = connection.settings_dict
    words = [f"--dbname={name or config['NAME']}", "--no-password"]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if config[key]:
            words.append(f"{option}={config[key]}")
    return words, {"PGPASSWORD": config["PASSWORD"]} if config["PASSWORD"] else {}


def program(name: str) -> Path | None:
    """Return where one of PostgreSQL's programs (pg_dump, pg_restore) lies: in PATH, else the newest installed."""
    if found := shutil.which(name):
        return Path(found)
    by_version = sorted(Path(_PROGRAMS).glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(3))
    return by_version[-1] if by_version else None
