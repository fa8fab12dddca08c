"""A fresh installation for each test, on SQLite and on a real PostgreSQL server started here; nothing is rolled back.

Django is set up once per process on a throwaway home. Each test gets its own database, copied from a migrated one, so
that commits, locks and triggers are the real ones; ``use`` points Django's default connection at it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOME = Path(tempfile.mkdtemp(prefix="tuodi-home-"))
# Where serve collects the static files; WhiteNoise misses it otherwise.
(HOME / "static").mkdir()
os.environ["TUODI_HOME"] = str(HOME)
os.environ["TUODI_DEMO"] = "1"
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "tuodi.web.settings"

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

django.setup()
# Hashing a password thousands of times is for guessers, not for tests.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

from tests.whole_run.channels import look_at_database, look_at_file  # noqa: E402
from tuodi.web.home import database  # noqa: E402


def use(config: dict[str, Any]) -> None:
    """Point Django's default connection at another database, in every thread that connects from now on."""
    connections.close_all()
    with_defaults = connections.configure_settings({"default": dict(config)})
    connections.settings["default"] = with_defaults["default"]
    for alias in list(connections):
        if hasattr(connections._connections, alias):
            delattr(connections._connections, alias)


class SqliteFiles:
    """Databases as files, copied from a migrated one."""

    vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"

    def config(self, path: Path) -> dict[str, Any]:
        return {**database("", self.folder), "NAME": path}

    def prepare(self) -> None:
        use(self.config(self.template))
        call_command("migrate", verbosity=0)
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()

    @contextmanager
    def fresh(self) -> Iterator[dict[str, Any]]:
        path = self.folder / f"{secrets.token_hex(6)}.sqlite3"
        shutil.copyfile(self.template, path)
        try:
            yield self.config(path)
        finally:
            look_at_database()
            connections.close_all()
            for each in self.folder.glob(path.name + "*"):
                each.unlink()


class PostgresServer:
    """A PostgreSQL server of our own on a free loopback port; its databases carry a run token in their names."""

    vendor = "postgresql"

    def __init__(self) -> None:
        # Not in pytest's folder: whoever starts pytest next closes that to other users.
        self.folder = Path(tempfile.mkdtemp(prefix="tuodi-pg-"))
        self.token = secrets.token_hex(4)
        found = shutil.which("initdb") or sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1]
        self.bin = Path(found).parent
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def _as_postgres(self, *command: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def config(self, name: str) -> dict[str, Any]:
        return {**database(self.url(name), self.folder), "CONN_MAX_AGE": 0}

    def start(self) -> None:
        data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._as_postgres(
            str(self.bin / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        self._as_postgres(
            str(self.bin / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(self.folder / "log"), "-w", "start"
        )

    def stop(self) -> None:
        connections.close_all()
        self._as_postgres(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        # It quotes statements that failed, and those name people.
        look_at_file(self.folder / "log", names=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self) -> None:
        self.start()
        self._sql(f"CREATE DATABASE template_{self.token}")
        use(self.config(f"template_{self.token}"))
        call_command("migrate", verbosity=0)
        connections.close_all()

    def _sql(self, statement: str) -> None:
        import psycopg  # the server may be absent where only SQLite is tested

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def fresh(self) -> Iterator[dict[str, Any]]:
        name = f"test_{self.token}_{secrets.token_hex(4)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE template_{self.token}")
        try:
            yield self.config(name)
        finally:
            look_at_database()
            connections.close_all()
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")
