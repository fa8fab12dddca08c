"""Restoring a backup: for good into an empty installation, or as a drill into a place that is taken away again."""

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connections

from tuodi.kernel.files import written_whole
from tuodi.office import second_factor
from tuodi.office.backup import (
    DUMP_FILE,
    SQLITE_FILE,
    UPLOADS,
    Backup,
    NotDone,
    check_files,
    differences,
    facts,
    run,
)
from tuodi.office.plain_sql import Rows, connected, is_sqlite, opened, rows_of, server_words, sqlite_path
from tuodi.office.progress import Tell, silent
from tuodi.office.secrets import WrongKey, unseal
from tuodi.office.verify import chain, entries, read_head

DRILL: Final = "drill.json"
_KEYS_TRIED = 20
_SEALED_IN: Final = ("office_person", "office_secondfactor")


@dataclass(frozen=True, slots=True)
class Drill:
    """How a drill went: when, and what did not agree (nothing: the backup can be restored)."""

    at: datetime
    faults: tuple[str, ...]


def restore(backup: Backup) -> list[str]:
    """Put a backup's content into this empty installation; return what does not agree with its manifest.

    Raises NotDone, with nothing changed, where the installation is not empty or the backup is damaged.
    """
    _require_kind(backup)
    if told := check_files(backup):
        raise NotDone(f"备份已损坏，没有恢复：{''.join(told[:5])}请换一份备份。")
    if any(map(backup.facts.tables.get, _SEALED_IN)) and not Path(settings.KEYS_FILE).exists():
        raise NotDone(
            f"这里没有密钥，恢复了也读不出证件号码和账号，动态口令也不能用；请先把另存的密钥放到 {settings.KEYS_FILE}。"
        )
    if holds_data():
        raise NotDone("这里已有数据，恢复只能在空的安装里做；请用 TUODI_HOME（或 DATABASE_URL）另指一个空的。")
    uploads = Path(settings.UPLOADS)
    if uploads.is_dir() and any(uploads.iterdir()):
        raise NotDone(f"{uploads} 里已有文件，恢复只能在空的安装里做；请另指一个空的文件夹。")
    connections.close_all()
    if is_sqlite():
        _place_sqlite(backup.folder / SQLITE_FILE, sqlite_path())
    else:
        _restore_dump(backup.folder / DUMP_FILE, "")
    if (backup.folder / UPLOADS).is_dir():
        shutil.copytree(backup.folder / UPLOADS, uploads, dirs_exist_ok=True)
    with reading() as rows:
        return _compared(backup, rows)


def drill(backup: Backup, at: datetime, tell: Tell = silent) -> Drill:
    """Restore a backup into a temporary place, compare it and take it away again; the result is kept beside it.

    Raises NotDone where this server has no room for a trial (PostgreSQL: no right to make a database).
    """
    _require_kind(backup)
    tell("核对备份的文件", 0, 0)
    faults = check_files(backup)
    if not faults:
        tell("恢复到临时的地方并核对", 0, 0)
        trial = _sqlite_trial if is_sqlite() else _postgresql_trial
        with trial(backup) as rows:
            faults = _compared(backup, rows)
    done = Drill(at, tuple(faults))
    content = {"at": at.isoformat(timespec="seconds"), "faults": list(faults)}
    with written_whole(backup.folder / DRILL) as path:
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return done


def last_drill(backup: Backup) -> Drill | None:
    """Return how a backup's last drill went, None if there was none."""
    try:
        content = json.loads((backup.folder / DRILL).read_text(encoding="utf-8"))
        return Drill(datetime.fromisoformat(content["at"]), tuple(content["faults"]))
    except (OSError, ValueError, KeyError):
        return None


def _require_kind(backup: Backup) -> None:
    here = "sqlite" if is_sqlite() else "postgresql"
    if backup.kind != here:
        raise NotDone(f"这是 {backup.kind} 的备份，而这个安装用的是 {here}；请换一份备份，或改 DATABASE_URL。")


def _compared(backup: Backup, rows: Rows) -> list[str]:
    """Hold a restored database against the manifest, its own chain and the keys of this installation."""
    told = differences(backup.facts, facts(rows))
    told += [breach.sentence for breach in chain(entries(rows), read_head(rows)).breaches]
    try:
        for place, value in _some_sealed(backup, rows):
            unseal(bytes(value), place)
    except WrongKey:
        told.append(
            f"数据已经恢复，但这里的密钥打不开加密的证件号码或动态口令；请把另存的密钥放回 {settings.KEYS_FILE}。"
        )
    return told


def _some_sealed(backup: Backup, rows: Rows) -> Iterator[tuple[str, Any]]:
    """Give some sealed values with their places; what an older version did not have yet is left out."""
    numbers = f"SELECT token, certno_sealed FROM office_person WHERE length(certno_sealed) > 0 LIMIT {_KEYS_TRIED}"  # noqa: S608
    for token, value in rows(numbers):
        yield f"person.certno {token}", value
    if "office_secondfactor" in backup.facts.tables:
        for user_id, value in rows(f"SELECT user_id, key_sealed FROM office_secondfactor LIMIT {_KEYS_TRIED}"):  # noqa: S608
            yield second_factor.place(user_id), value


@contextmanager
def reading() -> Iterator[Rows]:
    """Read this installation's database by plain SQL."""
    if is_sqlite():
        with opened(sqlite_path()) as file:
            yield file.execute
    else:
        with connected() as server:
            yield rows_of(server)


def holds_data() -> bool:
    """Tell whether this installation's database holds users, people or a trail."""
    if is_sqlite() and not sqlite_path().exists():
        return False
    with reading() as rows:
        listed = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if is_sqlite()
            else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        there = {name for (name,) in rows(listed)} & {"office_user", "office_person", "office_trailentry"}
        return any(list(rows(f"SELECT 1 FROM {table} LIMIT 1")) for table in there)  # noqa: S608 - names from here


def _place_sqlite(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(target) as path:
        shutil.copyfile(source, path)
        path.chmod(0o600)
        for leftover in ("-wal", "-shm"):
            target.with_name(target.name + leftover).unlink(missing_ok=True)


def _restore_dump(dump: Path, database: str) -> None:
    words, password = server_words(database)
    words += ["--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction", str(dump)]
    run("pg_restore", words, password)


@contextmanager
def _sqlite_trial(backup: Backup) -> Iterator[Rows]:
    with tempfile.TemporaryDirectory(dir=backup.folder.parent, prefix=".drill-") as folder:
        path = Path(folder) / SQLITE_FILE
        shutil.copyfile(backup.folder / SQLITE_FILE, path)
        with opened(path) as file:
            (answer,) = file.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                raise NotDone("备份里的数据库文件损坏；请换一份备份。")
            yield file.execute


@contextmanager
def _postgresql_trial(backup: Backup) -> Iterator[Rows]:
    name = f"tuodi_drill_{secrets.token_hex(4)}"
    with connected() as server:
        try:
            server.execute(f"CREATE DATABASE {name}".encode())
        except psycopg.Error as problem:
            raise NotDone("数据库用户没有建库的权限（CREATEDB），不能在这里演练；请数据库管理员授权。") from problem
        try:
            _restore_dump(backup.folder / DUMP_FILE, name)
            with connected(name) as trial:
                yield rows_of(trial)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
