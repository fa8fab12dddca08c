"""Anchors: lines that only grow, chained themselves, read back from the file and from what people paste."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from tests.office import made_up
from tuodi.office import anchors, trail
from tuodi.office.anchors import Anchor, Unreadable
from tuodi.office.operations.trail import anchor_trail
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, Role

HASH = "ab" * 32


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "elsewhere" / "anchors.txt"
    monkeypatch.setattr(settings, "ANCHORS_FILE", path)
    return path


def _entry(action: str = "person.noted") -> None:
    top = made_up.Region.objects.first() or made_up.county()
    clerk = made_up.User.objects.filter(username="clerk").first() or made_up.user(Role.COUNTY_CLERK, top)
    with writing(made_up.actor_of(clerk, made_up.TODAY), Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.log(action, "person 1", top)


@pytest.mark.usefixtures("both_databases")
def test_锚点逐行相接_写后即可读回(file: Path) -> None:
    for _ in range(3):
        _entry()
        anchors.anchor(made_up.NOW)
    lines = file.read_text(encoding="ascii").splitlines()
    kept = anchors.kept()
    assert [each.number for each in kept if isinstance(each, Anchor)] == [1, 2, 3]
    assert [line.split()[3] for line in lines] == [trail.START, trail.sm3(lines[0]), trail.sm3(lines[1])]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("both_databases")
def test_同时打锚点的几个人_行不重叠且后一行不旧于前一行() -> None:
    _entry()

    def work() -> None:
        anchors.anchor(made_up.NOW)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = anchors.kept()
    assert len(kept) == 8
    assert all(isinstance(each, Anchor) for each in kept)


@pytest.mark.usefixtures("sqlite")
def test_每天一个_导入之后再记一个() -> None:
    day = timedelta(days=1)
    assert anchors.anchor_due(made_up.NOW) is None, "还没有留痕"
    _entry()
    assert anchors.anchor_due(made_up.NOW) is not None
    _entry()
    assert anchors.anchor_due(made_up.NOW + timedelta(hours=8)) is None, "当天已有"
    _entry("import.applied")
    made = anchors.anchor_due(made_up.NOW + timedelta(hours=8))
    assert made is not None
    assert made.number == 3
    assert anchors.anchor_due(made_up.NOW + timedelta(hours=9)) is None
    assert anchors.anchor_due(made_up.NOW + day) is not None


@pytest.mark.usefixtures("sqlite")
def test_打锚点要有权限并留痕() -> None:
    top = made_up.county()
    made = anchor_trail(actor=made_up.actor(Role.AUDITOR, top), at=made_up.NOW)
    assert made.number == 0
    assert trail.TrailEntry.objects.get().action == "trail.anchored"
    with pytest.raises(Refused, match="审计"):
        anchor_trail(actor=made_up.actor(Role.COUNTY_CLERK, top), at=made_up.NOW)


@pytest.mark.usefixtures("sqlite")
def test_锚点写不进去时说明而不留痕(file: Path) -> None:
    file.parent.write_text("不是文件夹", encoding="utf-8")
    with pytest.raises(Refused, match="写不进去"):
        anchor_trail(actor=made_up.actor(Role.AUDITOR, made_up.county()), at=made_up.NOW)
    assert not trail.TrailEntry.objects.exists()


def _lines() -> list[str]:
    first = f"2025-03-03T09:00:00 1 {HASH} {trail.START}"
    return [first, f"2025-03-04T09:00:00 2 {HASH} {trail.sm3(first)}"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\n".join(_lines()), []),
        ("\r\n\r\n".join(_lines()) + "\r\n", []),
        ("\ufeff" + _lines()[0], []),
        (f"2025-03-03T09:00:00 1 {HASH}", []),
        (_lines()[0].replace(" 1 ", " 3 ") + "\n" + _lines()[1], [(2, True)]),
        (_lines()[1], [(1, True)]),
        ("锚点", [(1, False)]),
        (f"2025-13-03T09:00:00 1 {HASH}", [(1, False)]),
        (f"2025-03-03T09:00:00 -1 {HASH}", [(1, False)]),
        (f"2025-03-03T09:00:00 1 {HASH[:-1]}", [(1, False)]),
        ("", []),
    ],
)
def test_读锚点(text: str, rows: list[tuple[int, bool]]) -> None:
    found = anchors.read(text)
    assert [(each.row, each.is_broken_link) for each in found if isinstance(each, Unreadable)] == rows


def test_锚点写成一行再读回相同() -> None:
    one = Anchor(datetime(2025, 3, 3, 9), 17, HASH)
    assert anchors.read(one.line()) == [one]
