"""Files and hands on one record: what each of them said stays told apart, and neither undoes the other."""

from datetime import date
from typing import Any

import pytest

from tests.office import made_up
from tests.office.importing import Desk, certno, now, roster
from tuodi.office.models import Holding, Person
from tuodi.office.operations import identities, people
from tuodi.office.operations.people import Facts
from tuodi.office.queries.person_history import person_history

pytestmark = pytest.mark.usefixtures("both_databases")
JAN, FEB, MARCH = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
PAPER = "民政更正函"


def _asked(desk: Desk, who: Person) -> dict[str, Any]:
    who.refresh_from_db()
    return {"actor": desk.uploader, "version": who.version, "evidence": PAPER, "at": now()}


def _lines(desk: Desk, who: Person) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.what, line.changes) for line in person_history(desk.uploader, who.pk)]


def test_文件和手工的变更按时间列出前后() -> None:
    desk = Desk()
    row = {"psn_no": "P1", "psn_name": "赵一", "certno": certno(1), "brdy": "1960-05-01"}
    desk.apply("roster", roster([row]), as_of=JAN)
    who = Person.objects.get()
    desk.apply("roster", roster([{**row, "psn_name": "赵三", "endtime": "2025-03-31"}]), as_of=FEB)
    people.correct_person(person_id=who.pk, facts=Facts(psn_name="赵大"), **_asked(desk, who))
    last = desk.apply("roster", roster([{**row, "brdy": "1960-05-02", "endtime": "2025-03-31"}]), as_of=MARCH)
    assert _lines(desk, who) == [
        ("文件导入", ("出生日期：1960-05-01 → 1960-05-02",)),
        ("更正基本信息", ("姓名：赵三 → 赵大",)),
        ("文件导入", ("姓名：赵一 → 赵三", "身份：低保对象 2024-01-01 起 → 低保对象 2024-01-01 至 2025-03-31")),
        ("文件导入", ("新增这个人", "新增身份：低保对象 2024-01-01 起")),
    ]
    assert certno(1) not in str(_lines(desk, who))
    assert person_history(desk.uploader, who.pk)[0].grounds == f"第 {last.pk} 批《名册.csv》"


def test_当天的名册不冲掉手工更正() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]), as_of=JAN)
    who = Person.objects.get()
    people.correct_person(person_id=who.pk, facts=Facts(psn_name="赵丁"), **_asked(desk, who))
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵龙"}]), as_of=made_up.TODAY)
    who.refresh_from_db()
    assert who.psn_name == "赵丁"


def test_较早的名册后到不冲掉手工更正() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]), as_of=JAN)
    who = Person.objects.get()
    people.correct_person(person_id=who.pk, facts=Facts(psn_name="赵大"), **_asked(desk, who))
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵二"}]), as_of=FEB)
    who.refresh_from_db()
    assert who.psn_name == "赵大"


def test_名册不改动人工更正的结束日期_恢复按名册后以名册为准() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    who, held = Person.objects.get(), Holding.objects.get()
    identities.correct_identity(holding_id=held.pk, end=date(2025, 1, 15), **_asked(desk, who))
    desk.apply("roster", roster([{"psn_no": "P1", "endtime": "2025-12-31"}]), as_of=FEB)
    held.refresh_from_db()
    assert held.end == date(2025, 1, 15)
    identities.follow_lists_again(holding_id=held.pk, **_asked(desk, who))
    held.refresh_from_db()
    assert held.end == date(2025, 12, 31)


def test_死亡之后到的名册不延长身份_作废的不复活() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    who, held = Person.objects.get(), Holding.objects.get()
    people.record_death(person_id=who.pk, died_on=date(2025, 1, 20), **_asked(desk, who))
    desk.apply("roster", roster([{"psn_no": "P1", "endtime": "2025-12-31"}]), as_of=FEB)
    held.refresh_from_db()
    assert held.end == date(2025, 1, 20)
    identities.withdraw_identity(holding_id=held.pk, **_asked(desk, who))
    desk.apply("roster", roster([{"psn_no": "P1", "endtime": "2025-11-30"}]), as_of=MARCH)
    assert Holding.objects.get().withdrawn
