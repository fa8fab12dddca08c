"""Duplicates: after a merge and after taking it back everything equals ``assess`` of the same facts."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.office import made_up
from tests.office.importing import certno
from tests.office.settling import arrive, assert_equals_batch, record, snapshot
from tuodi.office.access import Actor
from tuodi.office.models import OwnerYear, Person, Settlement, Touch
from tuodi.office.numbers import set_certno
from tuodi.office.operations import merging, people
from tuodi.office.operations.people import Facts
from tuodi.office.queries.merging import side_by_side
from tuodi.office.queries.person import person_sheet
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")
PAPER = "户口簿复印件"


def _two(second_town: str = "东镇") -> tuple[Actor, Person, Person]:
    """Make a clerk, a person with an identity and a duplicate that only settlements know."""
    made_up.county()
    clerk = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    survivor = made_up.person("P1", "赵一", made_up.region("东镇"))
    duplicate = made_up.person("P2", "赵一", made_up.region(second_town))
    made_up.holding(survivor, "低保对象", date(2024, 1, 1))
    return clerk, survivor, duplicate


def _merge(clerk: Actor, duplicate: Person, survivor: Person, **other: Any) -> list[str]:
    for one in (duplicate, survivor):
        one.refresh_from_db()
    told: dict[str, Any] = {
        "actor": clerk,
        "duplicate_id": duplicate.pk,
        "survivor_id": survivor.pk,
        "versions": (duplicate.version, survivor.version),
        "evidence": PAPER,
        "at": made_up.NOW,
    }
    return list(merging.merge(**told | other))


def _unmerge(clerk: Actor, duplicate: Person) -> None:
    duplicate.refresh_from_db()
    merging.unmerge(actor=clerk, duplicate_id=duplicate.pk, version=duplicate.version, evidence=PAPER, at=made_up.NOW)


Number = tuple[int, date | None]
OTHER_CERTNO = "证件号码不同"
OTHER_BIRTH = "出生日期不同"


@pytest.mark.parametrize(
    ("first", "second", "doubts"),
    [
        ((1, date(1960, 1, 1)), (1, date(1960, 1, 1)), []),
        ((1, date(1960, 1, 1)), (0, None), []),
        ((1, None), (2, None), [OTHER_CERTNO]),
        ((0, date(1960, 1, 1)), (0, date(1960, 1, 2)), [OTHER_BIRTH]),
        ((1, date(1960, 1, 1)), (2, date(1961, 1, 1)), [OTHER_CERTNO, OTHER_BIRTH]),
    ],
)
def test_号码或生日不同的_要另外确认才能合并(first: Number, second: Number, doubts: list[str]) -> None:
    clerk, survivor, duplicate = _two()
    for person, (serial, birth) in ((survivor, first), (duplicate, second)):
        set_certno(person, certno(serial) if serial else "")
        person.brdy = birth
        person.save()
    both = side_by_side(duplicate, survivor, made_up.TODAY)
    assert len(both.doubts) == len(doubts)
    assert all(said in told for said, told in zip(doubts, both.doubts, strict=True))
    assert {line.label for line in both.lines if line.differs} == {said.removesuffix("不同") for said in doubts}
    if doubts:
        with pytest.raises(Refused, match=doubts[0]):
            _merge(clerk, duplicate, survivor)
        assert Person.objects.get(pk=duplicate.pk).merged_into is None
    _merge(clerk, duplicate, survivor, is_one_person=True)
    assert Person.objects.get(pk=duplicate.pk).merged_into == survivor


def test_合并后累计合在一起_撤销后与合并前相同() -> None:
    clerk, survivor, duplicate = _two()
    arrive([record("S1", scope=6000000), record("S2", "P2", scope=6000000, setl_time=datetime(2024, 6, 1))])
    before = snapshot()
    _merge(clerk, duplicate, survivor)
    # 60,000 × 70 % = 42,000; the second meets what is left of the cap of 60,000.
    assert [one.due_fen for one in Settlement.objects.order_by("setl_id")] == [4200000, 1800000]
    assert OwnerYear.objects.get().owner == "person P1"
    assert_equals_batch()
    sheet = person_sheet(clerk, survivor.pk, made_up.TODAY)
    assert [(row.year, row.count, row.due_fen) for row in sheet.years] == [(2024, 2, 6000000)]
    assert [one.psn_no for one in sheet.duplicates] == ["P2"]
    assert set(Touch.objects.values_list("person__psn_no", flat=True)) == {"P1", "P2"}
    _unmerge(clerk, duplicate)
    assert snapshot() == before
    assert_equals_batch()


def test_重复记录的身份算在保留的人名下() -> None:
    clerk, survivor, duplicate = _two()
    arrive([record("S1", "P2")])
    assert Settlement.objects.get().due_fen == 0
    _merge(clerk, survivor, duplicate)
    assert Settlement.objects.get().due_fen == 630000
    assert_equals_batch()
    (held,) = person_sheet(clerk, duplicate.pk, made_up.TODAY).identities
    assert (held.is_now, held.holding.listed_as) == (True, "P1")


def test_死亡和更正后的结果与批量计算相同() -> None:
    clerk, survivor, duplicate = _two()
    arrive([record("S1"), record("S2", setl_time=datetime(2024, 8, 1))])
    told = people.record_death(
        actor=clerk,
        person_id=survivor.pk,
        version=1,
        died_on=date(2024, 7, 31),
        evidence=PAPER,
        at=made_up.NOW,
    )
    assert [one.due_fen for one in Settlement.objects.order_by("setl_id")] == [630000, 0]
    assert any("1 笔结算的应救助金额有变化，合计由 6,300.00 元变为 0.00 元" in sentence for sentence in told)
    assert any("死亡日期之后还有 1 笔结算" in sentence for sentence in told)
    assert_equals_batch()


def test_重复记录不能再办理_也不能再并入() -> None:
    clerk, survivor, duplicate = _two()
    _merge(clerk, duplicate, survivor)
    duplicate.refresh_from_db()
    with pytest.raises(Refused, match="这是重复记录，已并入 P1"):
        people.correct_person(
            actor=clerk,
            person_id=duplicate.pk,
            version=duplicate.version,
            facts=Facts(psn_name="赵大"),
            evidence=PAPER,
            at=made_up.NOW,
        )
    third = made_up.person("P3", "赵一", made_up.region("东镇"))
    with pytest.raises(Refused, match="这是重复记录"):
        _merge(clerk, third, duplicate)
    with pytest.raises(Refused, match="P1 下面还有并入的记录"):
        _merge(clerk, survivor, third)
    with pytest.raises(Refused, match="并入它自己"):
        _merge(clerk, third, third)
    with pytest.raises(Refused, match="没有并入"):
        _unmerge(clerk, third)


def test_死亡登记不一致的不能合并() -> None:
    clerk, survivor, duplicate = _two()
    Person.objects.filter(pk=duplicate.pk).update(died_on=date(2025, 1, 1))
    with pytest.raises(Refused, match="死亡登记不一致"):
        _merge(clerk, duplicate, survivor)


def test_旧页面不能合并() -> None:
    clerk, survivor, duplicate = _two()
    with pytest.raises(Refused, match="重新打开"):
        _merge(clerk, duplicate, survivor, versions=(1, 2))
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None


def test_别的乡镇的记录不能由本镇合并() -> None:
    clerk, survivor, duplicate = _two("西镇")
    with pytest.raises(Absent):
        _merge(clerk, duplicate, survivor)
    with pytest.raises(Absent):
        _merge(clerk, survivor, duplicate)
