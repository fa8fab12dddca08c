"""Backups: a copy of the database as of one moment with the uploaded files, and a manifest to hold it against.

A backup is a folder ``tuodi-<time>`` with ``database.sqlite3`` or ``database.dump`` (pg_dump's custom format),
``uploads/`` and ``manifest.json``. It is written under another name and renamed when it has been checked, so a folder
of that name is a whole backup. The keys are not in it: whoever has a backup alone reads no sealed field, and whoever
loses the keys cannot read the backup either, so they are kept apart (``tuodi office copy-keys``).
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tuodi import __version__
from tuodi.office.plain_sql import Rows, Snapshot, is_sqlite, opened, program, server_words, snapshot
from tuodi.office.progress import Tell, silent
from tuodi.office.verify import Head, read_head

SCHEMA: Final = "tuodi-backup/1"
SQLITE_FILE: Final = "database.sqlite3"
DUMP_FILE: Final = "database.dump"
MANIFEST: Final = "manifest.json"
UPLOADS: Final = "uploads"
_FOLDER_MODE = 0o700
_CHUNK = 2**20


class NotDone(Exception):
    """A backup or restore that was not done, with the sentence a user reads; nothing was changed or left behind."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds: rows by table, sums of whole numbers by ``table.column`` (amounts in fen), trail's end.

    ``steps`` are the steps by which its structure was made, the office's own.
    """

    tables: dict[str, int]
    sums: dict[str, int]
    head: Head | None
    steps: list[str]


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup; ``files`` are SHA-256 by path inside the folder, ``kind`` is sqlite or postgresql."""

    folder: Path
    at: datetime
    version: str
    kind: str
    facts: Facts
    files: dict[str, str]

    @property
    def bytes(self) -> int:
        """Return its size."""
        return sum((self.folder / name).stat().st_size for name in self.files)


def facts(rows: Rows) -> Facts:
    """Count and add up what a database holds, whatever version made it: tables and columns as they are there."""
    tables: dict[str, int] = {}
    sums: dict[str, int] = {}
    for table, columns in sorted(_structure(rows).items()):
        wanted = ", ".join(["COUNT(*)", *(f'COALESCE(SUM("{column}"), 0)' for column in columns)])
        ((count, *added),) = rows(f'SELECT {wanted} FROM "{table}"')  # noqa: S608 - names the database itself gave
        tables[table] = int(count)
        sums |= {f"{table}.{column}": int(amount) for column, amount in zip(columns, added, strict=True)}
    steps = rows("SELECT name FROM django_migrations WHERE app = 'office' ORDER BY name")
    return Facts(tables, sums, read_head(rows), [name for (name,) in steps])


def _structure(rows: Rows) -> dict[str, list[str]]:
    """Return each table with its columns of whole numbers that are no keys."""
    if is_sqlite():
        statement = (
            "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
    else:
        statement = (
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        )
    found: dict[str, list[str]] = {}
    for table, column, kind in rows(statement):
        columns = found.setdefault(table, [])
        if kind == "bigint" and column != "id" and not column.endswith("_id"):
            columns.append(column)
    return found


def differences(expected: Facts, found: Facts) -> list[str]:
    """Return in sentences where two databases do not hold the same."""
    told = []
    for what, one, other in (("行数", expected.tables, found.tables), ("合计", expected.sums, found.sums)):
        told += [
            f"{key} 的{what}：清单是 {one.get(key, '没有')}，现在是 {other.get(key, '没有')}。"
            for key in sorted(one.keys() | other.keys())
            if one.get(key) != other.get(key)
        ]
    if expected.head != found.head:
        told.append("操作留痕的末尾与清单不同。")
    return told


def make(at: datetime, to: Path | None = None, tell: Tell = silent) -> Backup:
    """Make a backup of the installation and check it; ``to`` is the folder of backups. Raises NotDone, OSError."""
    backups = Path(to or settings.BACKUPS)
    backups.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    with _folder_when_whole(backups, f"tuodi-{at:%Y%m%d-%H%M%S}") as (being_made, final):
        with snapshot() as now:
            tell("清点各表", 0, 0)
            held = facts(now.rows)
            tell("复制数据库并核对", 0, 0)
            _copy_sqlite(now, being_made, held) if is_sqlite() else _dump(now, being_made)
        # After the database: a file it names was on disk before the row was.
        uploads = Path(settings.UPLOADS)
        tell("复制上传的文件", 0, 0)
        if uploads.is_dir():
            shutil.copytree(uploads, being_made / UPLOADS, ignore=shutil.ignore_patterns(".*"))
        files = {path.relative_to(being_made).as_posix(): sha256(path) for path in _files(being_made)}
        made = Backup(final, at, __version__, "sqlite" if is_sqlite() else "postgresql", held, files)
        _write_manifest(made, being_made / MANIFEST)
    return made


@contextmanager
def _folder_when_whole(parent: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """Give a temporary folder and the final one; rename when the block ends well, else leave nothing."""
    final, number = parent / name, 2
    while final.exists():
        final, number = parent / f"{name}-{number}", number + 1
    being_made = parent / f".{final.name}.part"
    shutil.rmtree(being_made, ignore_errors=True)
    being_made.mkdir(mode=_FOLDER_MODE)
    try:
        yield being_made, final
        for path in _files(being_made):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        being_made.rename(final)
    except BaseException:
        shutil.rmtree(being_made, ignore_errors=True)
        raise


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(now: Snapshot, folder: Path, held: Facts) -> None:
    """Copy by SQLite's own backup, which sees the same moment as ``held``; a copy of the file could miss commits."""
    copy = folder / SQLITE_FILE
    with closing(sqlite3.connect(copy)) as target:
        now.native.backup(target)
        # The copy must be one file, also for those who only carry it elsewhere.
        target.execute("PRAGMA journal_mode=DELETE")
    check_sqlite(copy, held)


def check_sqlite(path: Path, held: Facts) -> None:
    """Raise NotDone unless a SQLite file is sound and holds what it should."""
    with opened(path) as file:
        (answer,) = file.execute("PRAGMA integrity_check").fetchone()
        differ = ["数据库文件损坏。"] if answer != "ok" else differences(held, facts(file.execute))
    if differ:
        raise NotDone(f"备份写好后核对不符，已经删去：{''.join(differ[:5])}请检查磁盘后重做。")


def _dump(now: Snapshot, folder: Path) -> None:
    """Dump by pg_dump at the very snapshot the counts were taken from."""
    words, password = server_words()
    words += ["--format=custom", f"--snapshot={now.native}", f"--file={folder / DUMP_FILE}", "--no-owner"]
    run("pg_dump", words, password)
    run("pg_restore", ["--list", str(folder / DUMP_FILE)], {})


def run(name: str, words: list[str], variables: Mapping[str, str]) -> None:
    """Run one of PostgreSQL's programs. Raises NotDone where it is missing or fails."""
    path = program(name)
    if path is None:
        raise NotDone(f"没有找到 {name}；请安装与数据库同版本的 PostgreSQL 客户端程序（postgresql-client）后重试。")
    done = subprocess.run(  # noqa: S603 - the database's own program
        [str(path), *words], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"退出码 {done.returncode}"]
        raise NotDone(f"{name} 没有完成：{last[0]}")


def _write_manifest(made: Backup, path: Path) -> None:
    content = {
        "schema": SCHEMA,
        "at": made.at.isoformat(timespec="seconds"),
        "version": made.version,
        "kind": made.kind,
        **asdict(made.facts),
        "head": made.facts.head._asdict() if made.facts.head else None,
        "files": made.files,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path) -> Backup:
    """Return the backup that lies in a folder. Raises NotDone where there is none that can be read."""
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise NotDone(f"{folder} 由更新的版本（{content['version']}）做成，这个版本不能使用；请安装新版本。")
        head = Head(**content["head"]) if content["head"] else None
        held = Facts(content["tables"], content["sums"], head, content["steps"])
        at = datetime.fromisoformat(content["at"])
        return Backup(folder, at, content["version"], content["kind"], held, dict(content["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise NotDone(f"{folder} 里没有可用的备份（缺少清单 {MANIFEST}，或清单已损坏）；请换一份备份。") from None


def check_files(backup: Backup) -> list[str]:
    """Return in sentences which files of a backup are missing or not as they were written."""
    told = []
    for name, expected in backup.files.items():
        path = backup.folder / name
        if not path.is_file():
            told.append(f"缺少文件 {name}。")
        elif sha256(path) != expected:
            told.append(f"文件 {name} 与做备份时不同，已损坏或被改动。")
    return told


def listed(to: Path | None = None) -> list[Backup]:
    """Return the whole backups in the folder of backups, the newest first; folders that cannot be read are left out."""
    found = []
    for folder in sorted(Path(to or settings.BACKUPS).glob("tuodi-*"), reverse=True):
        try:
            found.append(load(folder))
        except NotDone:
            continue
    return sorted(found, key=lambda backup: backup.at, reverse=True)
