"""Who stands in which list is found once and then followed: after each change the same as looked through anew."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from threading import Event, Thread, Timer
from threading import enumerate as enumerate_threads
from time import sleep
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests.office import made_up
from tests.office.test_comparison import DAY, LONG_AGO, LOW, YESTERDAY, someone
from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Holding, ImportBatch, Person, PlatformMark, Sender
from tuodi.office.operations import identities, merging, people
from tuodi.office.queries import comparison_members
from tuodi.office.queries.comparison import Difference
from tuodi.office.queries.comparison_members import keep_ready, standing
from tuodi.office.queries.enrolment_ledger import Enrolled, coverage, enrolled
from tuodi.office.queries.kept_counts import kept
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")

AT = datetime(2025, 3, 31, 9)
BY = {"evidence": "户口簿", "at": AT}


@pytest.fixture
def clerk() -> Actor:
    """The clerk of a county with one person in each list, and some in none."""
    top = made_up.county()
    someone("P0", [LOW], [LOW])
    someone("P1", [LOW])
    someone("P2", [], [LOW])
    someone("P3", [LOW], [("特困人员", LONG_AGO, None)], where="西镇")
    someone("P4", [LOW], [("低保对象", date(2024, 1, 2), None)])
    someone("P5", [LOW], [LOW], state="none", where="西镇")
    someone("P6", [LOW], [LOW], state="elsewhere")
    someone("P7", [("低保对象", LONG_AGO, YESTERDAY)], [LOW], died_on=YESTERDAY)
    return made_up.actor(Role.COUNTY_CLERK, top)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often everybody is looked at."""
    found: list[int] = []
    look = comparison_members._of_everybody
    monkeypatch.setattr(comparison_members, "_of_everybody", lambda *of: (found.append(1), look(*of))[1])
    return found


def listed(actor: Actor, region_id: int | None = None) -> Mapping[str, list[str]]:
    """Return the lists that name anybody."""
    found = standing(actor, DAY, region_id).lists
    return {kind.value: [one.psn_no for one in some] for kind, some in found.items() if some}


def looked_through(actor: Actor) -> Mapping[str, list[str]]:
    cache.clear()
    return listed(actor)


def version(person_id: int) -> int:
    return Person.objects.get(pk=person_id).version


def key(psn_no: str) -> int:
    return Person.objects.get(psn_no=psn_no).pk


def holding(psn_no: str) -> int:
    return Holding.objects.get(person__psn_no=psn_no).pk


def _moved_west(actor: Actor) -> None:
    who = key("P1")
    facts = people.Facts(region_id=made_up.region("西镇").pk)
    people.correct_person(actor=actor, person_id=who, version=version(who), facts=facts, **BY)


def _died(actor: Actor) -> None:
    who = key("P5")
    people.record_death(actor=actor, person_id=who, version=version(who), died_on=YESTERDAY, **BY)


def _left(actor: Actor) -> None:
    who = key("P6")
    people.move_out(actor=actor, person_id=who, version=version(who), day=YESTERDAY, to="邻县", **BY)


def _withdrawn(actor: Actor) -> None:
    identities.withdraw_identity(actor=actor, holding_id=holding("P0"), version=version(key("P0")), **BY)


def _added(actor: Actor) -> None:
    who = key("P2")
    identities.add_identity(
        actor=actor, person_id=who, version=version(who), identity="低保对象", begin=LONG_AGO, end=None, **BY
    )


def _merged(actor: Actor) -> None:
    one, other = key("P1"), key("P4")
    versions = (version(one), version(other))
    merging.merge(actor=actor, duplicate_id=one, survivor_id=other, versions=versions, **BY)


CHANGES: Mapping[str, tuple[Callable[[Actor], None], dict[str, list[str]]]] = {
    "更正乡镇": (_moved_west, {"unmarked": ["P1"]}),
    "登记死亡": (_died, {"gone": ["P7", "P5"], "not-insured": []}),
    "登记迁出": (_left, {"gone": ["P6", "P7"], "insured-elsewhere": []}),
    "作废身份": (_withdrawn, {"not-on-roster": ["P0", "P2"]}),
    "补录身份": (_added, {"not-on-roster": []}),
    "合并": (_merged, {"unmarked": []}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_手工改动之后只重看所涉的人(clerk: Actor, looks: list[int], name: str) -> None:
    change, expected = CHANGES[name]
    before = listed(clerk)
    change(clerk)
    now = listed(clerk)
    assert now == {kind: names for kind, names in {**before, **expected}.items() if names}
    assert looks == [1]
    assert now == looked_through(clerk)


def test_先后许多改动_与重新查找一致(clerk: Actor) -> None:
    for change, _ in CHANGES.values():
        change(clerk)
        assert listed(clerk) == looked_through(clerk)


def test_按乡镇和姓名排在该在的位置(clerk: Actor) -> None:
    for number, name in (("P21", "赵P05"), ("P22", "赵P99"), ("P23", "钱")):
        someone(number, [LOW], [LOW])
        Person.objects.filter(psn_no=number).update(psn_name=name)
    listed(clerk)
    for number in ("P23", "P22", "P21"):
        PlatformMark.objects.filter(person__psn_no=number).delete()
        who = key(number)
        people.correct_person(actor=clerk, person_id=who, version=version(who), facts=people.Facts(brdy=LONG_AGO), **BY)
    expected = [number for _, number in sorted([("赵P05", "P21"), ("赵P99", "P22"), ("钱", "P23"), ("赵P1", "P1")])]
    assert listed(clerk)["unmarked"] == expected == looked_through(clerk)["unmarked"]


def test_导入之后重新查找(clerk: Actor) -> None:
    listed(clerk)
    # As an import changes it: no touch, no new record.
    PlatformMark.objects.filter(person__psn_no="P0").update(end=YESTERDAY)
    assert "P0" not in listed(clerk)["unmarked"]
    _imported(clerk, AT)
    assert listed(clerk)["unmarked"] == ["P0", "P1"]


def _imported(clerk: Actor, at: datetime) -> None:
    sender, _ = Sender.objects.get_or_create(kind="marks", name="平台", region=made_up.region("示例县"))
    ImportBatch.objects.create(
        token=f"{at}", kind="marks", sender=sender, region=sender.region, as_of=DAY, file_name="f", file_bytes=1,
        sha256="0", state="applied", uploaded_by=clerk.user, uploaded_at=at, applied_at=at,
    )  # fmt: skip


def test_导入之后查找要久时_先列出以前的(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, begun = Event(), []
    look = comparison_members._of_everybody

    def slow(*of: Any) -> comparison_members.Keys:
        begun.append(1)
        assert may_end.wait(20)
        return look(*of)

    keep_ready(DAY)
    monkeypatch.setattr(comparison_members, "_PATIENCE", 0.01)
    monkeypatch.setattr(comparison_members, "_of_everybody", slow)
    PlatformMark.objects.filter(person__psn_no="P0").update(end=YESTERDAY)
    _imported(clerk, AT)
    try:
        for is_waiting in (False, False, True):
            shown = standing(clerk, DAY, wait=is_waiting)
            assert shown.before == AT
            assert shown.counts[Difference.UNMARKED] == 1
        assert begun == [1]
    finally:
        may_end.set()
    monkeypatch.setattr(comparison_members, "_PATIENCE", 20)
    after = standing(clerk, DAY)
    assert after.before is None
    assert after.counts[Difference.UNMARKED] == 2


def test_没有以前的_不等多久就说正在查_查完就有(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = Event()
    look = comparison_members._of_everybody
    monkeypatch.setattr(comparison_members, "_PATIENCE_AT_FIRST", 0.01)
    monkeypatch.setattr(comparison_members, "_of_everybody", lambda *of: (may_end.wait(20), look(*of))[1])
    try:
        assert standing(clerk, DAY) is None
    finally:
        may_end.set()
    keep_ready(DAY)
    assert standing(clerk, DAY).before is None


def test_查找出错时说出来_下次再查(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("磁盘")

    with monkeypatch.context() as at_first:
        at_first.setattr(comparison_members, "_of_everybody", broken)
        with pytest.raises(OSError, match="磁盘"):
            standing(clerk, DAY)
    assert standing(clerk, DAY).counts[Difference.UNMARKED] == 1


def test_没有人等的时候出错_告诉下一个问的人一次_再下次重新查找(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, looked = Event(), []
    look = comparison_members._of_everybody

    def broken(*_: Any) -> None:
        looked.append(1)
        assert may_end.wait(20)
        raise OSError("磁盘")

    monkeypatch.setattr(comparison_members, "_of_everybody", broken)
    with monkeypatch.context() as at_first:
        at_first.setattr(comparison_members, "_PATIENCE_AT_FIRST", 0.01)
        try:
            assert standing(clerk, DAY) is None
        finally:
            may_end.set()
    for thread in enumerate_threads():
        if thread.name == "comparison":
            thread.join(20)
    with pytest.raises(OSError, match="磁盘"):
        standing(clerk, DAY)
    assert looked == [1], "told, not looked at anew"
    with pytest.raises(OSError, match="磁盘"):
        standing(clerk, DAY)
    assert looked == [1, 1], "told once, then looked at anew"
    monkeypatch.setattr(comparison_members, "_of_everybody", look)
    assert standing(clerk, DAY).counts[Difference.UNMARKED] == 1


def test_不等的先回话_要等的等到查完(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = Event()
    look = comparison_members._of_everybody
    monkeypatch.setattr(comparison_members, "_PATIENCE_AT_FIRST", 0.01)
    monkeypatch.setattr(comparison_members, "_of_everybody", lambda *of: (may_end.wait(20), look(*of))[1])
    assert standing(clerk, DAY) is None
    soon = Timer(0.3, may_end.set)
    soon.start()
    found = standing(clerk, DAY, wait=True)
    soon.join()
    assert (found.before, found.counts[Difference.UNMARKED]) == (None, 1)


def test_改动太多时重新查找(clerk: Actor, looks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_members, "_FEW", 1)
    listed(clerk)
    _died(clerk)
    _withdrawn(clerk)
    before = len(looks)
    now = listed(clerk)
    assert len(looks) == before + 1
    assert now["gone"] == ["P7", "P5"]
    assert now["not-on-roster"] == ["P0", "P2"]


def test_新到的人和名单(clerk: Actor) -> None:
    listed(clerk)
    someone("P9", [LOW], state=None)
    assert listed(clerk)["unmarked"] == ["P1", "P9"]
    PlatformMark.objects.create(person_id=key("P9"), identity="低保对象", begin=LONG_AGO, as_of=DAY)
    Enrolment.objects.create(person_id=key("P9"), year=2025, state="elsewhere", as_of=DAY)
    assert listed(clerk)["unmarked"] == ["P1"]
    assert listed(clerk)["insured-elsewhere"] == ["P6", "P9"]


def test_事先备好_打开不再查找(clerk: Actor, looks: list[int]) -> None:
    keep_ready(DAY)
    keep_ready(DAY)
    assert listed(clerk)["unmarked"] == ["P1"]
    assert looks == [1]


def test_别的乡镇不受影响(clerk: Actor) -> None:
    west = made_up.region("西镇")
    assert listed(clerk, west.pk) == {"other-identity": ["P3"], "not-insured": ["P5"]}
    town = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    _moved_west(clerk)
    assert "unmarked" not in listed(town)
    assert listed(clerk, west.pk)["unmarked"] == ["P1"]


def test_名单按页取人_已不在的略过(clerk: Actor) -> None:
    someone("P10", [LOW], where="西镇")
    found = standing(clerk, DAY).lists[Difference.UNMARKED]
    assert found is not None
    assert [one.psn_no for one in found[0:1]] == ["P1"]
    assert [one.psn_no for one in found[1:9]] == ["P10"]
    assert found[1].region.name == "西镇"


def test_同时要同一个数_只数一次(clerk: Actor) -> None:
    counted = []

    def count() -> str:
        counted.append(1)
        sleep(0.2)
        return "数"

    def ask() -> None:
        assert kept(count, clerk, Action.SEE_COMPARISON, "同时") == "数"
        connection.close()

    asking = [Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert counted == [1]


@pytest.mark.parametrize("state", ["", "resident", "none", "unknown"])
def test_台账任何一页都与全表一致(clerk: Actor, state: str) -> None:
    someone("P8", [LOW], state=None)
    someone("P11", [LOW], state=None, where="西镇")
    nowhere = someone("P12", [LOW])
    Person.objects.filter(pk=nowhere.pk).update(region=None)
    towns = coverage(clerk, 2025, DAY)
    paged = Enrolled(towns[:-1], 2025, DAY, state)
    whole = enrolled(clerk, 2025, DAY, state=state).values_list("region__code", "psn_name", "psn_no")
    expected = [psn_no for *_, psn_no in sorted(whole, key=lambda row: (row[0] or "~", row[1]))]
    assert [one.psn_no for one in paged] == expected
    for first in range(len(expected) + 1):
        for last in range(first, len(expected) + 2):
            assert [one.psn_no for one in paged[first:last]] == expected[first:last]
