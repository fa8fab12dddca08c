"""The folder of an installation (``TUODI_HOME``, else ``./var``): database, keys, uploads, backups, anchors, logs."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_CONNECT_SECONDS = 10


def home_folder() -> Path:
    """Return the installation's folder, made when absent; only its owner may look into it."""
    home = Path(os.environ.get("TUODI_HOME") or "var").absolute()
    home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return home


def kept_secret(path: Path, make: Any = lambda: secrets.token_hex(32)) -> str:
    """Return the secret kept in a file, made at first use; two programs starting at once agree on one."""
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path.read_text(encoding="ascii").strip()


def database(url: str, home: Path) -> dict[str, Any]:
    """Return Django's settings for ``DATABASE_URL``; without one, SQLite in the installation's folder.

    SQLite: WAL with every commit on disk, and the write lock taken before the first read, so that reading, checking
    and writing is one turn. PostgreSQL: row locks do the same (docs/adr/0026).
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "tuodi.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"connect_timeout": _CONNECT_SECONDS},
    }
