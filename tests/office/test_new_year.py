"""The change of year: what the checks count, and that accumulators begin at nothing by themselves."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.office import made_up, settling
from tuodi.office.models import Case, County, Enrolment, Holding, OwnerYear, Person, TrailEntry, Withheld
from tuodi.office.operations.new_year import export_ending
from tuodi.office.queries.new_year import Check, ending_without_renewal, new_year
from tuodi.office.refusal import Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


def _check(name: str, year: int = 2025) -> Check:
    (found,) = (check for check in new_year(year) if check.name == name)
    return found


def _held(psn_no: str, begin: date, end: date | None, identity: str = "低保对象", **fields: Any) -> Holding:
    found = Person.objects.filter(psn_no=psn_no).first()
    who = found or made_up.person(psn_no, "赵一", made_up.region("东镇"), **fields)
    return made_up.holding(who, identity, begin, end)


@pytest.mark.parametrize(
    ("end", "next_begin", "fields", "counted"),
    [
        (date(2024, 12, 31), None, {}, 1),
        (date(2024, 12, 30), None, {}, 0),
        (date(2025, 1, 1), None, {}, 0),
        (None, None, {}, 0),
        (date(2024, 12, 31), date(2025, 1, 1), {}, 0),
        (date(2024, 12, 31), date(2025, 1, 2), {}, 1),
        (date(2024, 12, 31), None, {"died_on": date(2024, 6, 1)}, 0),
        (date(2024, 12, 31), None, {"moved_out_on": date(2024, 6, 1)}, 0),
    ],
)
def test_年底到期而未续期的身份(end: date | None, next_begin: date | None, fields: Any, counted: int) -> None:
    made_up.county()
    _held("P1", date(2024, 1, 1), end, **fields)
    if next_begin:
        _held("P1", next_begin, None)
    check = _check("年底到期的身份")
    assert (check.count, check.is_done) == (counted, counted == 0)
    assert ending_without_renewal(2025).count() == counted


def test_换成别的身份不算续期() -> None:
    made_up.county()
    _held("P1", date(2024, 1, 1), date(2024, 12, 31))
    _held("P1", date(2025, 1, 1), None, "特困人员")
    assert _check("年底到期的身份").count == 1


def test_到期名单只给能导出人员的人_并留痕() -> None:
    top = made_up.county()
    _held("P1", date(2024, 1, 1), date(2024, 12, 31))
    clerk = made_up.actor(Role.COUNTY_CLERK, top)
    with pytest.raises(Refused, match="导出的用途"):
        export_ending(actor=clerk, at=made_up.NOW, year=2025, reason=" ")
    found = export_ending(actor=clerk, at=made_up.NOW, year=2025, reason="通知续期")
    assert list(found.rows) == [("P1", "赵一", "东镇", "低保对象", "2024-01-01", "2024-12-31", "测试")]
    entry = TrailEntry.objects.get()
    assert (entry.action, entry.detail) == ("people.exported", '{"reason":"通知续期","rows":1}')
    with pytest.raises(Refused):
        export_ending(actor=made_up.actor(Role.SYSTEM_ADMIN, top), at=made_up.NOW, year=2025, reason="通知续期")


@pytest.mark.parametrize(("year", "is_done"), [(2024, True), (2025, False), (2023, False)])
def test_一月一日有没有政策(year: int, is_done: bool) -> None:
    """jiaocheng-2024 is valid for the year 2024 alone."""
    made_up.county()
    assert _check("新年度的政策", year).is_done is is_done


def test_没有登记政策() -> None:
    made_up.county(policies=())
    assert not _check("新年度的政策").is_done
    County.objects.all().delete()
    assert not _check("新年度的政策").is_done


@pytest.mark.parametrize(("year", "is_done"), [(2022, True), (2024, True), (2090, False)])
def test_有没有当年的放假通知(year: int, is_done: bool) -> None:
    assert _check("新年度的工作日历", year).is_done is is_done


def test_旧年度未办结的疑点和暂缓的数据() -> None:
    top = made_up.county()
    who = made_up.person("P1", "赵一", top)
    for opened, state in (("2024-12-31", "open"), ("2025-01-01", "open"), ("2024-05-01", "dismissed")):
        opened_at = datetime.fromisoformat(opened)
        Case.objects.create(kind="missed", person=who, reason="测试", opened_at=opened_at, state=state)
    for year, ended in ((2024, None), (2025, None), (2024, made_up.NOW)):
        Withheld.objects.create(
            kind="settlement", psn_no="P1", year=year, rule="测试", message="测试", since=made_up.NOW, ended_at=ended
        )
    assert (_check("未办结的疑点").count, _check("暂不计算的记录").count) == (1, 1)


def test_新年度的参保() -> None:
    made_up.county()
    for number, end in enumerate((None, date(2024, 12, 31), date(2024, 12, 30), None), start=1):
        _held(f"P{number}", date(2024, 1, 1), end)
    assert not _check("新年度的参保").is_done
    for psn_no, state in (("P1", "resident"), ("P4", "none")):
        Enrolment.objects.create(
            person=Person.objects.get(psn_no=psn_no), year=2025, state=state, as_of=date(2025, 1, 1)
        )
    check = _check("新年度的参保")
    assert check.count == 2, "P2 年底还在册而没有参保信息，P4 未参保；P3 年底前已不在册"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("2025-12-31 23:59:59", {2025: (3_500_00, [("cap", 3_500_00), ("deductible", 1_000_00)])}),
        (
            "2026-01-01 00:00:00",
            {
                2025: (1_400_00, [("cap", 1_400_00), ("deductible", 1_000_00)]),
                2026: (1_400_00, [("cap", 1_400_00), ("deductible", 1_000_00)]),
            },
        ),
    ],
)
def test_累计按年度分开_差一秒各归各年(second: str, expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stays of 3,000.00, deductible 1,000.00 a year, 70 %: 1,400.00 and 2,100.00, or twice 1,400.00."""
    settling.allow_files(monkeypatch)
    made_up.county(policies=("tests/policies/shili-2025-second.yaml",))
    settling.clerk()
    _held("P1", date(2025, 7, 1), None)
    first = settling.record("S1", scope=3_000_00, setl_time=datetime(2025, 12, 31, 23, 59, 58))
    settling.arrive([first, settling.record("S2", scope=3_000_00, setl_time=datetime.fromisoformat(second))])
    found = {
        each.year: (each.paid_fen, sorted(each.accumulators.values_list("kind", "used_fen")))
        for each in OwnerYear.objects.all()
    }
    assert found == expected
