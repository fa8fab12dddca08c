"""``/healthz``: 200 only where pages can be served."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.office import made_up
from tests.office.databases import SqliteFiles, use


def _status() -> int:
    return int(Client().get("/healthz").status_code)


@pytest.mark.usefixtures("both_databases")
def test_就绪() -> None:
    assert _status() == 200


@pytest.mark.usefixtures("sqlite")
def test_数据库结构不是这个版本的() -> None:
    last = MigrationRecorder.Migration.objects.filter(app="office").order_by("name").last()
    MigrationRecorder.Migration.objects.filter(pk=last.pk).delete()
    assert _status() == 503
    MigrationRecorder.Migration.objects.create(app="office", name=last.name)
    MigrationRecorder.Migration.objects.create(app="office", name="9999_later")
    assert _status() == 503


def test_数据库坏了或不在(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    bad = tmp_path / "damaged.sqlite3"
    bad.write_bytes(b"no database" * 1000)
    for path in (bad, tmp_path / "none.sqlite3"):
        use(sqlite_files.config(path))
        assert _status() == 503
    assert not (tmp_path / "none.sqlite3").exists()
    use(sqlite_files.config(sqlite_files.template))


@pytest.mark.usefixtures("sqlite")
def test_有加密的内容而没有密钥时不算就绪(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.person("P1", "赵一", made_up.county(), "99000119600501001X")
    assert Path(settings.KEYS_FILE).exists()
    assert _status() == 200
    monkeypatch.setattr(settings, "KEYS_FILE", tmp_path / "none.key")
    assert _status() == 503
