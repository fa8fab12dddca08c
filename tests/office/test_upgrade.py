"""Databases of every version released so far are taken over: backed up, migrated, verified."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from tests.office.databases import SqliteFiles, use
from tuodi.office import backup, restore
from tuodi.office.models import Assignment, BenefitLine, Holding, OwnerYear, Person, Settlement, TrailEntry
from tuodi.office.verification import verify
from tuodi.web import structure
from tuodi.web.launch import Stopped

VERSIONS = sorted((Path(__file__).parent / "upgrade").glob("*.sql"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "backups")
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors.txt")


def _loaded(version: Path, sqlite_files: SqliteFiles, folder: Path) -> None:
    path = folder / "tuodi.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript(version.read_text(encoding="utf-8"))
    use(sqlite_files.config(path))


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_以前版本的数据升级后一样不少(version: Path, sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    _loaded(version, sqlite_files, tmp_path)
    with restore.reading() as rows:
        before = backup.facts(rows)
    structure.update(datetime(2026, 1, 1))
    assert structure.pending() == []
    with restore.reading() as rows:
        after = backup.facts(rows)
    assert {name: after.tables[name] for name in ("office_person", "office_settlement", "office_trailentry")} == {
        name: before.tables[name] for name in ("office_person", "office_settlement", "office_trailentry")
    }
    assert after.head == before.head
    assert (Person.objects.count(), Holding.objects.count(), Settlement.objects.count()) == (6, 6, 12)
    assert BenefitLine.objects.exists()
    assert OwnerYear.objects.filter(paid_fen__gt=0).count() == 6
    assert Assignment.objects.count() == 5
    assert TrailEntry.objects.filter(action="import.applied").count() == 2
    assert verify().found == 0


def test_至少有一个版本可以验证() -> None:
    assert VERSIONS


@pytest.mark.usefixtures("sqlite")
def test_更新的版本的数据库不碰() -> None:
    MigrationRecorder.Migration.objects.create(app="office", name="9999_later", applied=datetime(2030, 1, 1))
    for use_it in (lambda: structure.update(datetime(2026, 1, 1)), structure.require):
        with pytest.raises(Stopped, match="请安装新版本"):
            use_it()


def _undo_record() -> None:
    MigrationRecorder.Migration.objects.filter(app="office", name__gte="0002").delete()


@pytest.mark.usefixtures("sqlite")
def test_升级中途失败_已有备份_说明怎样恢复(monkeypatch: pytest.MonkeyPatch) -> None:
    """The triggers' step and what follows are made to be pending again, and that step to fail."""
    TrailEntry.objects.create(
        number=1, at=datetime(2025, 3, 3), actor="clerk", action="person.noted", previous="0" * 64, hash="1" * 64
    )
    _undo_record()
    assert structure.pending()[0] == "office.0002_triggers"
    with pytest.raises(Stopped, match="tuodi office restore") as stopped:
        structure.update(datetime(2026, 1, 1))
    assert isinstance(stopped.value.__cause__, DatabaseError)
    (kept,) = backup.listed()
    assert kept.folder.name in str(stopped.value)
    assert kept.facts.tables["office_trailentry"] == 1


@pytest.mark.usefixtures("sqlite")
def test_备份做不成就不升级(monkeypatch: pytest.MonkeyPatch) -> None:
    TrailEntry.objects.create(
        number=1, at=datetime(2025, 3, 3), actor="clerk", action="person.noted", previous="0" * 64, hash="1" * 64
    )
    _undo_record()

    def cannot(*_: object, **__: object) -> None:
        raise backup.NotDone("没有地方放。")

    monkeypatch.setattr(backup, "make", cannot)
    with pytest.raises(Stopped, match="数据库没有改动：没有地方放"):
        structure.update(datetime(2026, 1, 1))
    assert structure.pending()[0] == "office.0002_triggers"
    assert connection.vendor == "sqlite"
