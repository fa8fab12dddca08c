"""Answers of one day and payments of one reference that contradict each other, and files that bring contradictions."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from tests.office.importing import Desk, dump, now, roster, settlement, settlements
from tests.office.settling import disputed, keep_recorded, settle, use_other
from tests.office.settling import record as row
from tests.office.test_other_kinds import answers, counts, due, paid
from tuodi.office.checking import differences
from tuodi.office.models import (
    Case,
    Contradiction,
    FormerPayment,
    ImportBatch,
    ImportChange,
    PayerAnswer,
    Settlement,
    Withheld,
)
from tuodi.office.operations import undo
from tuodi.office.operations.contradictions import propose_other
from tuodi.office.queries.contradictions import history_of, without_settlement
from tuodi.office.refusal import Refused
from tuodi.office.verification import verify

pytestmark = pytest.mark.usefixtures("both_databases")

S1 = settlement("S1", "P1", setl_time="2025-02-01")
ROSTER = roster([{"psn_no": "P1", "psn_name": "赵一"}, {"psn_no": "P2", "psn_name": "钱二"}])
DAY, LATER = "2025-02-10", "2025-02-11"
FILES: dict[str, tuple[str, bytes]] = {
    "名册": ("roster", ROSTER),
    "结算": ("settlements", settlements([S1])),
    "答复500": ("payer_answers", answers(["S1", "大病", "500.00", DAY])),
    "答复600": ("payer_answers", answers(["S1", "大病", "600.00", DAY])),
    "较晚700": ("payer_answers", answers(["S1", "大病", "700.00", LATER])),
    "支付2000": ("former_payments", paid(["S1", "R1", "2000.00", "P1"])),
    "支付2100": ("former_payments", paid(["S1", "R1", "2100.00", "P1"])),
}
# (8,000 − 5,000 − answer) × 70 %.
DUE = {"答复500": 175000, "答复600": 168000, "较晚700": 161000}
FORMER = {"支付2000": 200000, "支付2100": 210000}


def _apply(desk: Desk, *names: str) -> list[ImportBatch]:
    return [desk.apply(*FILES[name], file_name=f"{name}.csv") for name in names]


def _open() -> list[tuple[str, int | None, str]]:
    rows = Withheld.objects.filter(ended_at__isnull=True)
    return sorted(rows.values_list("psn_no", "year", "rule"))


@pytest.mark.parametrize("right", ["答复500", "答复600"])
@pytest.mark.parametrize("order", list(permutations(["结算", "答复500", "答复600"])))
def test_同一天的两个答复_哪一份先到都拦住_采用哪一条都可以(order: Sequence[str], right: str) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert _open() == [("P1", 2025, "answer-conflict")]
    assert Settlement.objects.get().outcome is None
    recorded = PayerAnswer.objects.get().paid_fen
    (keep_recorded if recorded == int(right[2:]) * 100 else use_other)(disputed(), at=now())
    assert due() == {"S1": DUE[right]}
    assert (_open(), list(differences())) == ([], [])
    again = [answers(["S1", "大病", f"{amount}.00", DAY]) + b"\r\n" for amount in (500, 600)]
    for content in again:
        assert counts(desk.apply("payer_answers", content)) == {"same": 1}
    assert due() == {"S1": DUE[right]}
    third = desk.apply("payer_answers", answers(["S1", "大病", "650.00", DAY]))
    assert counts(third) == {"refused": 1}
    assert _open() == [("P1", 2025, "answer-conflict")]


@pytest.mark.parametrize("order", list(permutations(["结算", "答复500", "答复600", "较晚700"]))[::3])
def test_较晚的答复自己了结_先后不论(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert due() == {"S1": DUE["较晚700"]}
    assert (_open(), list(differences())) == ([], [])
    assert not Contradiction.objects.filter(state="open").exists()


@pytest.mark.parametrize("right", ["支付2000", "支付2100"])
@pytest.mark.parametrize("order", list(permutations(["结算", "支付2000", "支付2100"])))
def test_同一支付编号的两个金额_哪一份先到都拦住(order: Sequence[str], right: str) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert _open() == [("P1", 2025, "payment-conflict")]
    recorded = FormerPayment.objects.get().paid_fen
    (keep_recorded if recorded == FORMER[right] else use_other)(disputed(), at=now())
    one = Settlement.objects.get()
    assert (one.due_fen, one.former_fen) == (210000, FORMER[right])
    assert Case.objects.filter(state="open").count() == (0 if right == "支付2100" else 1)
    assert (_open(), list(differences())) == ([], [])


@pytest.mark.parametrize("order", [("支付2000", "支付2100"), ("支付2100", "支付2000")])
def test_没有结算的支付互相矛盾_县级先核对_结算到了就按核对的算(order: Sequence[str]) -> None:
    desk = Desk()
    _, second = _apply(desk, *order)
    opened = Case.objects.get()
    assert opened.paid_fen == FORMER[order[0]]
    assert [each.setl_id for each in without_settlement(desk.uploader)] == ["S1"]
    assert _open() == []
    use_other(disputed(), at=now())
    opened.refresh_from_db()
    assert opened.paid_fen == FORMER[order[1]]
    assert without_settlement(desk.uploader) == []
    _apply(desk, "名册", "结算")
    assert Settlement.objects.get().former_fen == FORMER[order[1]]
    with pytest.raises(Refused, match="核对处理"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=second.pk, reason="测试")


def test_结算改到另一人名下_答复的矛盾跟着走() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "答复500", "答复600")
    desk.apply("settlements", settlements([{**S1, "psn_no": "P2"}]))
    found = Contradiction.objects.get(kind="settlement")
    use_other(next(each for each in [disputed(at=0), disputed(at=1)] if each.contradiction.pk == found.pk), at=now())
    assert _open() == [("P2", 2025, "answer-conflict")]
    use_other(disputed(), at=now())
    assert (due(), _open()) == ({"S1": 168000}, [])
    assert [each.resolution.outcome for each in history_of(desk.uploader, "S1")] == ["use", "use"]
    assert list(differences()) == []


# --- undoing


def _refused(desk: Desk, batch: ImportBatch) -> str:
    with pytest.raises(Refused) as refused:
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=batch.pk, reason="测试")
    return str(refused.value)


CONTRARY: dict[str, tuple[str, str, str]] = {
    "结算": ("settlements", "结算", "结算2"),
    "答复": ("payer_answers", "答复500", "答复600"),
    "支付": ("former_payments", "支付2000", "支付2100"),
}
FILES["结算2"] = ("settlements", settlements([{**S1, "hifp_pay": "4000.00"}]))


@pytest.mark.parametrize("kind", CONTRARY)
def test_没有核对的_先撤销后一批再撤销前一批(kind: str) -> None:
    desk = Desk()
    _, one, other = CONTRARY[kind]
    _apply(desk, "名册", *(() if kind == "结算" else ("结算",)))
    empty = dump(without=("id",))
    (first,) = _apply(desk, one)
    before = dump(without=("id",))
    (second,) = _apply(desk, other)
    assert f"第 {second.pk} 批" in _refused(desk, first)
    desk.undo(second)
    assert dump(without=("id",)) == before
    assert not Contradiction.objects.exists()
    desk.undo(first)
    without = {name: rows for name, rows in dump(without=("id",)).items() if name != "case"}
    assert without == {name: rows for name, rows in empty.items() if name != "case"}
    assert not ImportChange.objects.filter(batch__in=[first, second]).exists()


@pytest.mark.parametrize("outcome", ["保留", "改用", "只是提出"])
@pytest.mark.parametrize("kind", CONTRARY)
def test_核对之后两批都不能撤销(kind: str, outcome: str) -> None:
    desk = Desk()
    _, one, other = CONTRARY[kind]
    _apply(desk, "名册", *(() if kind == "结算" else ("结算",)))
    batches = _apply(desk, one, other)
    found = disputed()
    if outcome == "只是提出":
        pk = found.contradiction.pk
        propose_other(actor=desk.uploader, contradiction_id=pk, seen=found.seen, reason="更正", at=now())
    else:
        (keep_recorded if outcome == "保留" else use_other)(found, at=now())
    stands = dump()
    said = [_refused(desk, batch) for batch in batches]
    assert all("S1" in each or "批" in each or "人员" in each for each in said), said
    assert ("提出改用" if outcome == "只是提出" else "人员 P1") in said[1]
    assert dump() == stands


def test_没有登记的人的结算核对之后也不能撤销() -> None:
    desk = Desk()
    first, second = _apply(desk, "结算", "结算2")
    use_other(disputed(), at=now())
    assert f"第 {second.pk} 批" in _refused(desk, first)
    assert "核对处理" in _refused(desk, second)


def test_结算先撤销_矛盾的答复还在_再导入又拦住() -> None:
    desk = Desk()
    _apply(desk, "名册", "答复500", "答复600")
    (batch,) = _apply(desk, "结算")
    assert _open() == [("P1", 2025, "answer-conflict")]
    desk.undo(batch)
    assert (batch.state, _open()) == ("undone", [])
    _apply(desk, "结算")
    assert _open() == [("P1", 2025, "answer-conflict")]


def test_撤销带来矛盾的答复_后来的结算不再拦() -> None:
    desk = Desk()
    _, _, contrary, _ = _apply(desk, "名册", "答复500", "答复600", "结算")
    desk.undo(contrary)
    assert (contrary.state, _open(), due()) == ("undone", [], {"S1": 175000})
    assert list(differences()) == []


@pytest.mark.parametrize("said", ["同样的", "冲正", "矛盾的"])
def test_接口又报来文件里的结算_那批文件不能撤销(said: str) -> None:
    desk = Desk()
    _apply(desk, "名册")
    batch = desk.apply("settlements", settlements([S1, settlement("S2", "P2", setl_time="2025-02-01")]))
    facts = Settlement.objects.get(setl_id="S1")
    given: dict[str, Any] = {
        "setl_time": facts.setl_time,
        "psn_no": "P1",
        "scope": facts.inscp_scp_amt,
        "hifp_pay": facts.hifp_pay + (100 if said == "矛盾的" else 0),
        "medfee_sumamt": facts.medfee_sumamt,
        "insuplc_admdvs": facts.insuplc_admdvs,
        "mdtrtarea_admvs": facts.mdtrtarea_admvs,
        "reversed": said == "冲正",
    }
    settle(desk.uploader, [row("S1", **given)], at=now())
    assert Contradiction.objects.exists() == (said == "矛盾的")
    assert "结算 S1 之后又由接口逐笔报来" in _refused(desk, batch)


def test_接口报来的矛盾_同样的行又在文件里_撤销文件不丢() -> None:
    desk = Desk()
    _apply(desk, "名册")
    settle(desk.uploader, [row("S1", hifp_pay=100)], at=now())
    settle(desk.uploader, [row("S1", hifp_pay=200)], at=now())
    before = dump()
    facts = {"setl_time": "2024-05-20 10:00:00", "medfee_sumamt": "9000.00", "inscp_scp_amt": "9000.00"}
    facts |= {"insuplc_admdvs": "", "mdtrtarea_admvs": "", "hifp_pay": "2.00"}
    batch = desk.apply("settlements", settlements([settlement("S1", "P1", **facts)]))
    assert counts(batch) == {"refused": 1}
    assert Contradiction.objects.count() == 1
    desk.undo(batch)
    assert (batch.state, dump()) == ("undone", before)


def test_预览之后有人核对_预览作废重看() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "结算2")
    batch = desk.upload("settlements", settlements([{**S1, "hifp_pay": "4000.00", "备注": "x"}]))
    assert counts(batch) == {"refused": 1}
    keep_recorded(disputed(), at=now())
    job = desk.confirm(batch)
    assert "预览已经作废" in job.message
    assert counts(batch) == {"same": 1}
    assert "decided-otherwise" in {each["rule"] for each in batch.findings}


def test_备份核验没有不符(both_databases: str) -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "结算2", "答复500", "答复600")
    use_other(disputed(at=0), at=now())
    assert verify().found == 0
    assert date(2025, 2, 10) == PayerAnswer.objects.get().answered_on
