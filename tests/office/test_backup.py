"""Backups that can be restored: nothing acknowledged is missing, everything else is refused whole."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.office import made_up
from tests.office.databases import PostgresServer, SqliteFiles, use
from tuodi.office import backup, resealing, restore, secrets
from tuodi.office.imports import files
from tuodi.office.models import ImportBatch, ImportChange, Person, Region, Sender, Settlement, TrailEntry, User
from tuodi.office.numbers import certno_index, certno_of, phone_of, set_certno, set_phone
from tuodi.office.operations import system
from tuodi.office.operations.console import console_actor
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role
from tuodi.office.verification import verify

LATER = made_up.NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything of this test's installation lies in a folder of its own."""
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "backups")
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")
    monkeypatch.setattr(settings, "KEYS_FILE", tmp_path / "keys" / "fields.key")
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors" / "anchors.txt")
    return tmp_path


def _furnished() -> None:
    """A county with three people, three settlements, an uploaded file and some trail."""
    top = made_up.county()
    for number in range(3):
        who = made_up.person(f"P{number}", f"赵{number}", top)
        set_certno(who, f"99000119600501{number:03}X")
        set_phone(who, f"1300000000{number}")
        who.save()
        Settlement.objects.create(
            setl_id=f"S{number}",
            psn_no=who.psn_no,
            setl_time=made_up.NOW,
            year=2025,
            med_type="21",
            inscp_scp_amt=1_000_01,
            hifp_pay=600_00,
            received_at=made_up.NOW,
        )
    files.keep("ab" * 16, [b"a file as it was sent"])
    _noted(top, made_up.user(Role.COUNTY_CLERK, top))


def _noted(where: Region, who: User) -> None:
    with writing(made_up.actor_of(who, made_up.TODAY), Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.log("person.noted", "person 1", where)


@pytest.fixture
def empty_other(request: pytest.FixtureRequest, both_databases: str) -> Any:
    """Give a context in which another database, of the same kind and empty, is this installation's."""

    @contextmanager
    def other() -> Iterator[None]:
        before = dict(connections.settings["default"])
        if both_databases == "sqlite":
            source: SqliteFiles = request.getfixturevalue("sqlite_files")
            use(source.config(source.folder / "restored.sqlite3"))
            yield
            connections.close_all()
            (source.folder / "restored.sqlite3").unlink()
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            server._sql(f"CREATE DATABASE restored_{server.token}")
            use(server.config(f"restored_{server.token}"))
            yield
            connections.close_all()
            server._sql(f"DROP DATABASE restored_{server.token} WITH (FORCE)")
        use(before)

    return other


def test_备份写好当场核对_恢复到空的安装完全相同(empty_other: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _furnished()
    made = backup.make(made_up.NOW)
    assert made.folder == home / "backups" / "tuodi-20250303-090000"
    assert made.facts.tables["office_person"] == 3
    assert made.facts.sums["office_settlement.inscp_scp_amt"] == 300_003
    assert made.facts.head is not None
    assert made.facts.head.number == 1
    assert not any("key" in name for name in made.files), "密钥不在备份里"
    assert backup.load(made.folder) == made
    monkeypatch.setattr(settings, "UPLOADS", home / "uploads-restored")
    with empty_other():
        assert restore.restore(backup.load(made.folder)) == []
        assert certno_of(Person.objects.get(psn_no="P2")) == "99000119600501002X"
        assert Person.objects.get(certno_index=certno_index("99000119600501001X")).psn_no == "P1"
        with files.opened(ImportBatch(token="ab" * 16, file_name="名册.csv")) as path:
            assert path.read_bytes() == b"a file as it was sent"
        assert verify().trail.found == 0
        system.tell_restored(actor=console_actor(Role.SYSTEM_ADMIN, LATER), at=LATER, restored=made)
        assert TrailEntry.objects.get(number=2).action == "backup.restored"
        with pytest.raises(backup.NotDone, match="已有数据"):
            restore.restore(made)


@pytest.mark.usefixtures("both_databases")
def test_不断写入时备份_已确认的一条不少() -> None:
    top = made_up.county()
    clerk = made_up.user(Role.COUNTY_CLERK, top)
    stop, written = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            _noted(top, clerk)
            written.append(TrailEntry.objects.count())
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(2):
            while len(written) < 10 * (number + 1):
                thread.join(0.01)
                assert thread.is_alive()
            before = len(written)
            made = backup.make(made_up.NOW)
            assert made.facts.head is not None
            assert made.facts.tables["office_trailentry"] == made.facts.head.number >= before
        assert restore.drill(made, LATER).faults == ()
    finally:
        stop.set()
        thread.join()


@pytest.mark.usefixtures("both_databases")
def test_恢复演练_记下日期和结果_损坏的当场指出() -> None:
    _furnished()
    top = Region.objects.get(code="990001")
    admin = made_up.actor(Role.SYSTEM_ADMIN, top)
    made = system.back_up(actor=admin, at=made_up.NOW)
    assert restore.last_drill(made) is None
    assert system.practise(actor=admin, at=LATER, name=made.folder.name).faults == ()
    assert restore.last_drill(backup.load(made.folder)) == restore.Drill(LATER, ())
    with pytest.raises(Absent):
        system.practise(actor=admin, at=LATER, name="tuodi-none")
    with (made.folder / next(iter(made.files))).open("r+b") as file:
        file.seek(5000)
        file.write(b"damaged!")
    found = system.practise(actor=admin, at=LATER, name=made.folder.name)
    assert len(found.faults) == 1
    assert "已损坏或被改动" in found.faults[0]
    assert [entry.action for entry in TrailEntry.objects.order_by("number")][1:] == [
        "backup.begun",
        "backup.made",
        "backup.drilled",
        "backup.drilled",
    ]


@pytest.mark.usefixtures("both_databases")
def test_清单与内容不符的备份_演练指出每一处() -> None:
    _furnished()
    made = backup.make(made_up.NOW)
    path = made.folder / backup.MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    content["tables"]["office_person"] = 4
    content["sums"]["office_settlement.hifp_pay"] += 1
    content["head"]["number"] = 2
    path.write_text(json.dumps(content), encoding="utf-8")
    faults = restore.drill(backup.load(made.folder), LATER).faults
    assert faults == (
        "office_person 的行数：清单是 4，现在是 3。",
        "office_settlement.hifp_pay 的合计：清单是 180001，现在是 180000。",
        "操作留痕的末尾与清单不同。",
    )


@pytest.mark.usefixtures("sqlite")
def test_密钥不对时演练指出() -> None:
    _furnished()
    made = backup.make(made_up.NOW)
    Path(settings.KEYS_FILE).write_text(secrets.new_key().line() + "\n", encoding="ascii")
    (fault,) = restore.drill(made, LATER).faults
    assert "密钥" in fault


@pytest.mark.usefixtures("sqlite")
def test_没有密钥就不恢复() -> None:
    _furnished()
    made = backup.make(made_up.NOW)
    Path(settings.KEYS_FILE).unlink()
    with pytest.raises(backup.NotDone, match="请先把另存的密钥放到"):
        restore.restore(made)


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "没有可用的备份"),
        (lambda folder: (folder / "manifest.json").write_text("{}", encoding="utf-8"), "没有可用的备份"),
        (lambda folder: (folder / "manifest.json").write_text("[]", encoding="utf-8"), "没有可用的备份"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"), "没有可用的备份"),
        (lambda folder: shutil.rmtree(folder), "没有可用的备份"),
    ],
)
def test_读不出的备份(spoil: Any, sentence: str) -> None:
    _furnished()
    made = backup.make(made_up.NOW)
    spoil(made.folder)
    with pytest.raises(backup.NotDone, match=sentence):
        backup.load(made.folder)
    assert backup.listed() == []


@pytest.mark.usefixtures("sqlite")
def test_没有写完的备份不留下(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    _furnished()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write_manifest", full)
    with pytest.raises(OSError, match="No space"):
        backup.make(made_up.NOW)
    assert list((home / "backups").iterdir()) == []


@pytest.mark.usefixtures("sqlite")
def test_同一秒做两份_各有名称() -> None:
    made_up.county()
    assert [backup.make(made_up.NOW).folder.name for _ in range(2)] == [
        "tuodi-20250303-090000",
        "tuodi-20250303-090000-2",
    ]


@pytest.mark.usefixtures("sqlite")
def test_没有pg_dump时说明(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "program", lambda _name: None)
    with pytest.raises(backup.NotDone, match="postgresql-client"):
        backup.run("pg_dump", [], {})


def _sealed_things() -> dict[str, bytes]:
    found = {f"{p.psn_no} certno": bytes(p.certno_sealed) for p in Person.objects.order_by("pk")}
    found |= {f"{p.psn_no} phone": bytes(p.phone_sealed) for p in Person.objects.order_by("pk")}
    return found | {f"change {c.pk}": bytes(c.before_sealed) for c in ImportChange.objects.order_by("pk")}


@pytest.mark.usefixtures("both_databases")
def test_换密钥_全部重新加密_中断后接着做_查找一直可用(monkeypatch: pytest.MonkeyPatch) -> None:
    _furnished()
    top = Region.objects.get(code="990001")
    index = certno_index("99000119600501001X")
    admin = console_actor(Role.SYSTEM_ADMIN, LATER)
    monkeypatch.setattr(resealing, "AT_ONCE", 1)
    _changed(top)

    class Killed(Exception):
        pass

    def stop(_doing: str, done: int, _total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        system.rotate_key(actor=admin, at=LATER, tell=stop)
    numbers = [value[0] for value in _sealed_things().values()]
    assert sorted(set(numbers)) == [1, 2], "一半是新密钥，一半是旧的，都读得出"
    assert [certno_of(each) for each in Person.objects.order_by("pk")] == [f"9900011960050100{n}X" for n in range(3)]
    assert Person.objects.get(certno_index=certno_index("99000119600501001X")).psn_no == "P1"
    assert system.rotate_key(actor=admin, at=LATER) == 3 + 3 + 1 + 1 - 2
    assert {value[0] for value in _sealed_things().values()} == {2}
    assert list(secrets.keys()) == [1, 2], "接着做，不再加一个"
    assert [phone_of(each) for each in Person.objects.order_by("pk")] == [f"1300000000{n}" for n in range(3)]
    assert certno_index("99000119600501001X") == index
    with files.opened(ImportBatch(token="ab" * 16, file_name="名册.csv")) as path:
        assert path.read_bytes() == b"a file as it was sent"
    assert not resealing.is_unfinished()


def _changed(where: Region) -> None:
    """One record an import changed, sealed as it stood before."""
    sender = Sender.objects.create(kind="roster", name="示例", region=where)
    batch = ImportBatch.objects.create(
        token="cd" * 16,
        kind="roster",
        sender=sender,
        region=where,
        as_of=date(2025, 3, 1),
        file_name="名册.csv",
        file_bytes=1,
        sha256="0" * 64,
        uploaded_by=User.objects.get(username="clerk"),
        uploaded_at=made_up.NOW,
    )
    place = f"import-change {batch.token} office.person 1"
    ImportChange.objects.create(batch=batch, table="office.person", record=1, before_sealed=secrets.seal("{}", place))


def test_每个加密的列都会换密钥() -> None:
    from django.apps import apps
    from django.db.models import BinaryField

    sealed = {
        (model, field.name)
        for model in apps.get_app_config("office").get_models()
        for field in model._meta.local_fields
        if isinstance(field, BinaryField)
    }
    assert sealed == {(column.table, column.column) for column in resealing.COLUMNS}


@pytest.mark.usefixtures("sqlite")
def test_另存密钥_不覆盖已有的文件(home: Path) -> None:
    _furnished()
    admin = console_actor(Role.SYSTEM_ADMIN, LATER)
    system.copy_keys(actor=admin, at=LATER, to=home / "kept.key")
    assert (home / "kept.key").read_bytes() == Path(settings.KEYS_FILE).read_bytes()
    assert (home / "kept.key").stat().st_mode & 0o077 == 0
    with pytest.raises(Refused, match="已经存在"):
        system.copy_keys(actor=admin, at=LATER, to=home / "kept.key")


@pytest.mark.usefixtures("sqlite")
def test_只有系统管理员能备份() -> None:
    top = made_up.county()
    with pytest.raises(Refused, match="系统管理员"):
        system.back_up(actor=made_up.actor(Role.COUNTY_CLERK, top), at=made_up.NOW)
    assert connection.vendor == "sqlite"
    assert backup.listed() == []
