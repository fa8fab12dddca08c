"""A roster undone: the lists that stay decide, as if it had never come; rows of other towns end nothing."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from tests.office import made_up
from tests.office.importing import Desk, dump, roster, settlement, settlements
from tests.office.test_roster_kind import FEB, JAN, MAR, periods
from tuodi.office.models import Holding, ImportBatch, Person, Settlement
from tuodi.office.operations.withheld import holding_back

pytestmark = pytest.mark.usefixtures("both_databases")
# A settlement of 15 February: (8,000 − 5,000) × 70 %.
DUE = 210000
OPEN, ENDED = ("2024-01-01", None), ("2024-01-01", "2025-01-31")


def _desk() -> Desk:
    desk = Desk()
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=JAN, file_name="一月.csv")
    return desk


def _due() -> int | None:
    one = Settlement.objects.get()
    return None if one.outcome is None else one.due_fen


def _held() -> list[str]:
    return sorted(holding_back().values_list("psn_no", flat=True))


def test_撤销较新的名册_较早的全量名册照样终止() -> None:
    desk = _desk()
    march = desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=MAR, file_name="三月.csv")
    desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=FEB, is_full=True, file_name="二月.csv")
    assert (periods()["P1 低保对象"], _due()) == (OPEN, DUE)
    desk.undo(march)
    assert (periods()["P1 低保对象"], _due()) == (ENDED, 0)


def test_撤销较新的名册_较早的错行重新拦住() -> None:
    desk = _desk()
    march = desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=MAR, file_name="三月.csv")
    before = dump()
    february = desk.apply("roster", roster([{"psn_no": "P1", "begntime": "坏"}]), as_of=FEB, file_name="二月.csv")
    assert (_held(), _due()) == ([], DUE)
    desk.undo(february)
    assert dump() == before
    desk.apply("roster", roster([{"psn_no": "P1", "begntime": "坏"}]), as_of=FEB, file_name="二月.csv")
    desk.undo(march)
    assert (_held(), _due()) == (["P1"], None)


@pytest.mark.parametrize("day", [FEB, MAR])
def test_还有别的名册写明这个人的_撤销其中一份不重新拦住(day: date) -> None:
    desk = _desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=day, file_name="还有.csv")
    march = desk.apply("roster", roster([{"psn_no": "P2"}, {"psn_no": "P1"}]), as_of=MAR, file_name="三月.csv")
    desk.apply("roster", roster([{"psn_no": "P1", "begntime": "坏"}]), as_of=FEB, file_name="二月.csv")
    desk.undo(march)
    assert (_held(), _due()) == ([], DUE)


def test_撤销新增这个人的名册_较早的错行仍然拦住() -> None:
    desk = Desk()
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    march = desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=MAR, file_name="三月.csv")
    desk.apply(
        "roster", roster([{"psn_no": "P1", "begntime": "坏"}, {"psn_no": "P3"}]), as_of=FEB, file_name="二月.csv"
    )
    assert (_held(), _due()) == ([], DUE)
    desk.undo(march)
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, file_name="一月.csv")
    assert (_held(), _due()) == (["P1"], None)


@pytest.mark.parametrize("order", ["二疑一", "二一疑", "一二疑"])
def test_撤销有好行也有错行的名册_不再拦住(order: str) -> None:
    desk = Desk()
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    bad: dict[str, Any] = {"psn_no": "P1", "begntime": "坏"}
    rows: dict[str, tuple[list[dict[str, Any]], date]] = {
        "一": ([bad], JAN),
        "二": ([{"psn_no": "P1"}], FEB),
        "疑": ([{"psn_no": "P1"}, {**bad, "identity": "监测对象"}], MAR),
    }
    batches = {name: desk.apply("roster", roster(rows[name][0]), as_of=rows[name][1]) for name in order}
    assert set(_held()) == {"P1"}
    desk.undo(batches["疑"])
    assert (_held(), _due()) == ([], DUE)


def test_撤销别的名册_有好行也有错行的仍然拦住() -> None:
    desk = Desk()
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    doubtful = [{"psn_no": "P1"}, {"psn_no": "P1", "begntime": "坏", "identity": "监测对象"}]
    desk.apply("roster", roster(doubtful), as_of=FEB, file_name="二月.csv")
    older = desk.apply("roster", roster([{"psn_no": "P1", "identity": "特困人员"}]), as_of=JAN, file_name="一月.csv")
    desk.undo(older)
    assert (_held(), _due()) == (["P1"], None)


def test_撤销以后_同一份名册里别的乡镇的一行不算错行() -> None:
    desk = Desk()
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    _list(desk, date(2024, 12, 1), {"psn_no": "P1"})
    both = ({"psn_no": "P1"}, {"psn_no": "P1", "identity": "监测对象", "region": "西镇"})
    _list(desk, FEB, *both, is_full=True)
    march = _list(desk, MAR, {"psn_no": "P1"}, {"psn_no": "P3"})
    _list(desk, JAN, {"psn_no": "P1", "begntime": "坏"})
    desk.undo(march)
    assert (_held(), _due()) == ([], DUE)


UNKNOWN_TOWN: dict[str, Any] = {"psn_no": "P1", "region": "东真"}


@pytest.mark.parametrize("order", list(permutations(["一月变动", "二月全量"])))
def test_乡镇写错的行_身份不终止_该人暂不计算(order: Sequence[str]) -> None:
    desk = _desk()
    forms: dict[str, dict[str, Any]] = {"一月变动": {"as_of": JAN}, "二月全量": {"as_of": FEB, "is_full": True}}
    for name in order:
        rows = [UNKNOWN_TOWN, {"psn_no": "P2"}] if name == "二月全量" else [{"psn_no": "P1"}]
        desk.apply("roster", roster(rows), **forms[name], file_name=f"{name}.csv")
    assert (periods()["P1 低保对象"], _held(), _due()) == (OPEN, ["P1"], None)
    desk.apply("roster", roster([{"psn_no": "P1", "region": "东镇"}]), as_of=FEB, file_name="更正.csv")
    assert (_held(), _due()) == ([], DUE)


def _list(desk: Desk, as_of: date, *rows: dict[str, Any], is_full: bool = False) -> ImportBatch:
    """Bring in a list of the eastern town."""
    form: dict[str, Any] = {"as_of": as_of, "region_id": made_up.region("东镇").pk, "sender": "东镇"}
    return desk.apply("roster", roster(rows), **form, is_full=is_full, file_name=f"{as_of}.csv")


def test_写着别的乡镇的行_不终止也不拦_补来的旧名册也不终止() -> None:
    desk = Desk()
    _list(desk, date(2024, 12, 1), {"psn_no": "P1"}, {"psn_no": "P2"})
    _list(desk, FEB, {"psn_no": "P1", "region": "西镇"}, {"psn_no": "P2"}, is_full=True)
    assert (periods()["P1 低保对象"], _held()) == (OPEN, [])
    _list(desk, JAN, {"psn_no": "P1"})
    assert (periods()["P1 低保对象"], _held()) == (OPEN, [])


@pytest.mark.parametrize("order", list(permutations(["一月变动", "二月全量"])))
@pytest.mark.parametrize("named", [{}, {"region": "西镇"}, {"begntime": "坏"}])
def test_名册里有而须由别的乡镇导入的_不终止也不拦(named: dict[str, str], order: Sequence[str]) -> None:
    desk = Desk()
    _list(desk, date(2024, 12, 1), {"psn_no": "P1"}, {"psn_no": "P2"})
    desk.apply("settlements", settlements([settlement("S1", "P1", setl_time="2025-02-15")]))
    Person.objects.filter(psn_no="P1").update(region=made_up.region("西镇"))
    for name in order:
        if name == "二月全量":
            _list(desk, FEB, {"psn_no": "P1", **named}, {"psn_no": "P2"}, is_full=True)
        else:
            _list(desk, JAN, {"psn_no": "P2"})
    assert (periods()["P1 低保对象"], _held(), _due()) == (OPEN, [], DUE)
    # Another list, which does not name P1 at all, does end it.
    _list(desk, MAR, {"psn_no": "P2"}, is_full=True)
    assert Holding.objects.get(person__psn_no="P1").end == date(2025, 2, 28)
