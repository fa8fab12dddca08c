"""Unreadable rows of settlements already recorded: one of a newer list may reverse or correct them, and holds back."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from django.db import transaction

from tests.office.importing import Desk, dump, now, roster, settlement, settlements
from tests.office.settling import record, settle
from tests.office.test_other_kinds import FEB, JAN, MAR, answers, due, paid
from tuodi.office.checking import differences
from tuodi.office.models import ImportBatch, ImportChange, Settlement, Withheld
from tuodi.office.operations.settlements import payable_fen
from tuodi.office.operations.withheld import holding_back, unreadable_beside

pytestmark = pytest.mark.usefixtures("both_databases")

GOOD = settlement("S1", "P1", setl_time="2025-01-15")
# A reversal in which the day cannot be read.
BAD = {**GOOD, "refd_setl_flag": "1", "setl_time": "坏"}
# (8,000 − 5,000) × 70 %.
DUE = 210000
FILES: dict[str, tuple[date, dict[str, str]]] = {
    "一月": (JAN, GOOD),
    "一月又一份": (JAN, GOOD),
    "二月读不出": (FEB, BAD),
    "二月": (FEB, GOOD),
    "三月": (MAR, GOOD),
    "三月读不出": (MAR, BAD),
    "三月冲正": (MAR, {**GOOD, "refd_setl_flag": "1"}),
}


def _bring(desk: Desk, name: str) -> ImportBatch:
    as_of, row = FILES[name]
    # Every file is another one.
    content = settlements([row]) + b"\r\n" * (1 + list(FILES).index(name))
    return desk.apply("settlements", content, as_of=as_of, file_name=f"{name}.csv")


def _held() -> list[str]:
    return sorted(holding_back().values_list("psn_no", flat=True))


@pytest.mark.parametrize(
    ("names", "amount"),
    [
        (["一月", "二月读不出"], None),
        (["一月", "二月读不出", "一月又一份"], None),
        (["一月", "二月读不出", "二月"], DUE),
        (["一月", "二月读不出", "三月"], DUE),
        (["一月", "二月读不出", "三月冲正"], 0),
        (["一月", "二月读不出", "二月", "三月读不出"], None),
        (["三月读不出", "二月读不出", "二月"], None),
    ],
)
def test_较晚文件读不出的_可能是冲正或更正_先后不论(names: Sequence[str], amount: int | None) -> None:
    for order in permutations(names):
        with transaction.atomic():
            desk = Desk()
            desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
            for name in order:
                _bring(desk, name)
            one = Settlement.objects.get()
            expected = ["P1"] if amount is None else []
            assert (_held(), list(differences())) == (expected, []), order
            assert (None if one.outcome is None else one.due_fen) == amount, order
            assert amount is not None or payable_fen(one) == 0
            transaction.set_rollback(True)


def test_接口在名单截止之后又报来的算数() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    _bring(desk, "一月")
    _bring(desk, "二月读不出")
    assert _held() == ["P1"]
    one = Settlement.objects.get()
    parts = {"scope": one.inscp_scp_amt, "medfee_sumamt": one.medfee_sumamt, "hifp_pay": one.hifp_pay}
    places = {"insuplc_admdvs": one.insuplc_admdvs, "mdtrtarea_admvs": one.mdtrtarea_admvs}
    settle(desk.uploader, [record("S1", "P1", setl_time=one.setl_time, **parts, **places)])
    assert (_held(), due()) == ([], {"S1": DUE})


def test_逐批撤销_各回到原来() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    batches, stood = [], []
    for name in ("一月", "二月读不出", "二月", "三月读不出"):
        stood.append(dump(without=("id",)))
        batches.append(_bring(desk, name))
    for batch, before in zip(reversed(batches), reversed(stood), strict=True):
        desk.undo(batch)
        after = dump(without=("id",))
        assert (batch.state, {name: after[name] for name in before if name != "case"}) == (
            "undone",
            {name: rows for name, rows in before.items() if name != "case"},
        )


def test_先到的正确一份撤销以后_读不出的重新拦住() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    march = _bring(desk, "三月")
    _bring(desk, "二月读不出")
    other = settlements([settlement("S2", "P1", setl_time="2025-01-16")])
    desk.apply("settlements", other, as_of=MAR, file_name="另一笔.csv")
    assert (_held(), due()) == ([], {"S1": DUE, "S2": DUE})
    desk.undo(march)
    assert (_held(), Settlement.objects.get().outcome, list(differences())) == (["P1"], None, [])
    assert Withheld.objects.get().ended_why == ""


def test_再次写明的一份撤销以后_读不出的重新拦住() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    _bring(desk, "一月")
    march = _bring(desk, "三月")
    _bring(desk, "二月读不出")
    assert (_held(), due()) == ([], {"S1": DUE})
    desk.undo(march)
    assert (_held(), Settlement.objects.get().outcome, list(differences())) == (["P1"], None, [])


def test_撤销不动没有结算编号的错行_也锁住另一人() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=JAN)
    march = _bring(desk, "三月")
    nameless = Withheld(kind="settlement", psn_no="P1", rule="id-missing", message="没有结算编号", since=now())
    nameless.ended_at = now()
    nameless.save()
    _bring(desk, "二月读不出")
    other = settlements([{**BAD, "psn_no": "P2"}])
    desk.apply("settlements", other, as_of=FEB, file_name="另一人.csv")
    assert unreadable_beside(march) == {"P1", "P2"}
    desk.undo(march)
    assert _held() == ["P1", "P2"]
    nameless.refresh_from_db()
    assert nameless.ended_at is not None


AGAIN: dict[str, tuple[str, list[bytes], bytes, int, int]] = {
    "已支付": (
        "former_payments",
        [paid(["S1", "R1", "二千一", "P1"])],
        paid(["S1", "R1", "2100.00", "P1"], ["S1", "R1", "二千一", "P1"]),
        1,
        0,
    ),
    "答复": (
        "payer_answers",
        [answers(["S1", "大病", "五百", "2025-02-10"])],
        answers(["S1", "大病", "500.00", "2025-02-10"], ["S1", "大病", "五百", "2025-02-10"]),
        1,
        0,
    ),
    "结算": ("settlements", [settlements([BAD]), settlements([GOOD])], settlements([BAD, GOOD]), 0, 2),
}


@pytest.mark.parametrize("name", AGAIN)
def test_同一份文件又写着已知的错行_又改变它的结果_照样导入_照样撤销(name: str) -> None:
    kind, earlier, content, before, after = AGAIN[name]
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]))
    if kind != "settlements":
        desk.apply("settlements", settlements([GOOD]))
    batches = [desk.apply(kind, each, file_name=f"{number}.csv") for number, each in enumerate(earlier)]
    assert holding_back().count() == before
    stood = dump(without=("id",))
    last = desk.apply(kind, content, file_name="又一份.csv")
    assert holding_back().count() == after
    desk.undo(last)
    stands = dump(without=("id",))
    assert {name: rows for name, rows in stands.items() if name != "case"} == {
        name: rows for name, rows in stood.items() if name != "case"
    }
    for batch in reversed(batches):
        desk.undo(batch)
        assert batch.state == "undone"
    assert not ImportChange.objects.filter(batch__kind=kind).exists()
