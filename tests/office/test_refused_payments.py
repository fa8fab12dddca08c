"""Refused rows of what others paid: the settlement's year is withheld until a good row of the same payer or reference.

In whichever order they come.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from tests.office import made_up
from tests.office.importing import Desk, now, roster, settlement, settlements
from tests.office.settling import clerk, disputed, use_other
from tests.office.test_other_kinds import FEB, JAN, MAR, answers, counts, due, paid
from tests.office.test_people_merging import _merge
from tuodi.office.checking import differences
from tuodi.office.models import FormerPayment, ImportBatch, ImportChange, Person, Settlement, Withheld
from tuodi.office.operations import people, undo
from tuodi.office.operations.settlements import payable_fen
from tuodi.office.operations.withheld import holding_back, set_aside
from tuodi.office.queries.desk import open_withheld
from tuodi.office.queries.settlements import with_persons, withheld_rows
from tuodi.office.refusal import Absent, Refused

pytestmark = pytest.mark.usefixtures("both_databases")

S1 = settlement("S1", "P1", setl_time="2025-02-01")
FILES: dict[str, tuple[str, bytes]] = {
    "名册": ("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}, {"psn_no": "P2", "psn_name": "钱二"}])),
    "结算": ("settlements", settlements([S1])),
    "答复读不出": ("payer_answers", answers(["S1", "大病", "五百", "2025-02-10"])),
    "答复500": ("payer_answers", answers(["S1", "大病", "500.00", "2025-02-10"])),
    "支付读不出": ("former_payments", paid(["S1", "R1", "二千一", "P1"])),
    "支付2100": ("former_payments", paid(["S1", "R1", "2100.00", "P1"])),
    "大病读不出_公务员100": (
        "payer_answers",
        answers(["S1", "大病", "五百", "2025-02-10"], ["S1", "公务员补助", "100.00", "2025-02-10"]),
    ),
    "公务员100": ("payer_answers", answers(["S1", "公务员补助", "100.00", "2025-02-10"])),
    "R1付2000_R2读不出": ("former_payments", paid(["S1", "R1", "2000.00", "P1"], ["S1", "R2", "一百", "P1"])),
    "R2付100": ("former_payments", paid(["S1", "R2", "100.00", "P1"])),
    "R1R2读不出": ("former_payments", paid(["S1", "R1", "二千一", "P1"], ["S1", "R2", "一百", "P1"])),
    "哪一方读不出": (
        "payer_answers",
        answers(["S1", "某保险", "500.00", "2025-02-10"], ["S1", "另一保险", "500.00", "2025-02-10"]),
    ),
    "哪一笔读不出": ("former_payments", paid(["S1", "", "二千一", "P1"], ["S1", "", "二千一", "P1"])),
    "没有编号的2100": ("former_payments", paid(["S1", "", "2100.00", "P1"])),
    "写明大病500的结算": ("settlements", settlements([{**S1, "hifmi_pay": "500.00"}])),
    "冲正": ("settlements", settlements([{**S1, "refd_setl_flag": "1"}])),
}
# (8,000 − 5,000 − answer) × 70 %.
WITHOUT, WITH_500, WITH_600 = 210000, 175000, 168000


def _apply(desk: Desk, *names: str) -> list[ImportBatch]:
    return [desk.apply(*FILES[name], file_name=f"{name}.csv") for name in names]


def _set_aside(withheld: Withheld) -> None:
    set_aside(actor=clerk(), withheld_id=withheld.pk, reason="对方说明没有付过", at=now())


def _held() -> list[tuple[str, int | None, str]]:
    return sorted(holding_back().values_list("psn_no", "year", "kind"))


@pytest.mark.parametrize("order", list(permutations(["结算", "答复读不出"])))
def test_答复读不出的_暂不计算而不是少算一方(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert _held() == [("P1", 2025, "answer")]
    assert Settlement.objects.get().outcome is None
    assert list(differences()) == []


@pytest.mark.parametrize("order", list(permutations(["结算", "支付读不出"])))
def test_已支付读不出的_不会再付第二次(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert _held() == [("P1", 2025, "payment")]
    assert payable_fen(Settlement.objects.get()) == 0
    assert list(differences()) == []


@pytest.mark.parametrize("order", list(permutations(["结算", "答复读不出", "答复500"])))
def test_正确的答复到了就恢复_先后不论(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    assert (_held(), due(), list(differences())) == ([], {"S1": WITH_500}, [])


@pytest.mark.parametrize("order", list(permutations(["结算", "支付读不出", "支付2100"])))
def test_正确的支付到了就恢复_先后不论(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order)
    one = Settlement.objects.get()
    assert (_held(), one.due_fen, one.former_fen, payable_fen(one)) == ([], WITHOUT, 210000, 0)


def test_答复和支付各算各的() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "答复读不出", "支付2100")
    assert _held() == [("P1", 2025, "answer")]


@pytest.mark.parametrize("order", list(permutations(["结算", "大病读不出_公务员100", "答复500"])))
def test_一方读不出_另一方好的不算数_同一方的才算(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order[:2])
    if "答复500" not in order[:2]:
        assert _held() == [("P1", 2025, "answer")]
        _apply(desk, "公务员100")
        assert (_held(), Settlement.objects.get().outcome) == ([("P1", 2025, "answer")], None)
    _apply(desk, order[2])
    assert (_held(), due(), list(differences())) == ([], {"S1": WITH_600}, [])


@pytest.mark.parametrize("order", list(permutations(["结算", "R1付2000_R2读不出", "R2付100"])))
def test_一笔读不出_另一笔好的不算数_同一笔的才算(order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册", *order[:2])
    if "R2付100" not in order[:2]:
        assert _held() == [("P1", 2025, "payment")]
        _apply(desk, "支付读不出")
        assert payable_fen(Settlement.objects.get()) == 0
        assert _held() == [("P1", 2025, "payment")]
    _apply(desk, order[2])
    one = Settlement.objects.get()
    assert (_held(), one.due_fen, one.former_fen, payable_fen(one)) == ([], WITHOUT, 210000, 0)


@pytest.mark.parametrize(
    ("kind", "rows", "other", "good", "sums"),
    [
        (
            "payer_answers",
            answers(["S1", "大病", "500.00", "2025-02-10"], ["S1", "大病", "600.00", "2025-02-10"]),
            "公务员100",
            "答复500",
            (WITH_600, 0),
        ),
        (
            "former_payments",
            paid(["S1", "R1", "2000.00", "P1"], ["S1", "R1", "2100.00", "P1"]),
            "R2付100",
            "支付2100",
            (WITHOUT, 220000),
        ),
    ],
)
def test_一份文件里互相矛盾的两行_都不采用_也暂不计算(
    kind: str, rows: bytes, other: str, good: str, sums: tuple[int, int]
) -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    assert counts(desk.apply(kind, rows)) == {"refused": 2}
    assert {(psn_no, year) for psn_no, year, _ in _held()} == {("P1", 2025)}
    _apply(desk, other)
    assert len(_held()) == 2
    _apply(desk, good)
    one = Settlement.objects.get()
    assert (_held(), (one.due_fen, one.former_fen)) == ([], sums)


def test_一份文件里同一方一行好的一行读不出_好的算数() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    rows = [["S1", "大病", "五百", "2025-02-10"], ["S1", "居民大病保险", "500.00", "2025-02-10"]]
    assert counts(desk.apply("payer_answers", answers(*rows))) == {"new": 1, "refused": 1}
    assert (_held(), due()) == ([], {"S1": WITH_500})


def test_看不出是哪次结算的行_不拦任何人() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    desk.apply("payer_answers", answers(["", "大病", "五百", "2025-02-10"], ["S1", "大病", "500.00", "2025-02-10"]))
    assert (_held(), Withheld.objects.count(), due()) == ([], 0, {"S1": WITH_500})


def test_放行以后同样的行再来不再拦() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "支付读不出")
    _set_aside(holding_back().get())
    assert due() == {"S1": WITHOUT}
    desk.apply("former_payments", paid(["S7", "R9", "三千", "P1"], ["S1", "R1", "二千一", "P1"]))
    assert (_held(), due()) == ([], {"S1": WITHOUT})


def test_放行一笔_不等于放行另一笔() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "支付读不出")
    _set_aside(holding_back().get())
    _apply(desk, "R1R2读不出")
    assert (holding_back().get().key, payable_fen(Settlement.objects.get())) == ("R2", 0)
    _set_aside(holding_back().get())
    assert (_held(), due()) == ([], {"S1": WITHOUT})


@pytest.mark.parametrize(("name", "good"), [("哪一方读不出", "答复500"), ("哪一笔读不出", "没有编号的2100")])
def test_看不出是哪一方哪一笔的_只能逐条放行(name: str, good: str) -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", name, good)
    assert [(each.key, each.row) for each in holding_back().order_by("row")] == [("", 2), ("", 3)]
    for left in (1, 0):
        assert Settlement.objects.get().outcome is None
        _set_aside(holding_back().order_by("row")[0])
        assert len(_held()) == left
    assert due() == {"S1": WITH_500 if good == "答复500" else WITHOUT}


@pytest.mark.parametrize("is_first_set_aside", [True, False])
def test_看不出是哪一笔的_另一份文件的同样一行可能是另一笔(is_first_set_aside: bool) -> None:
    desk = Desk()
    kind, reference = "former_payments", ""
    desk.apply("roster", roster([{"psn_no": "P1"}]))
    desk.apply("settlements", settlements([S1]))
    desk.apply(kind, paid(["S1", reference, "二千一", "P1"]), file_name="一.csv")
    if is_first_set_aside:
        _set_aside(holding_back().get())
    desk.apply(kind, paid(["S1", reference, "九百九", "P1"]), file_name="二.csv")
    assert [each.batch.file_name for each in holding_back().order_by("pk") if each.batch] == (
        ["二.csv"] if is_first_set_aside else ["一.csv", "二.csv"]
    )
    assert (Settlement.objects.get().outcome, payable_fen(Settlement.objects.get())) == (None, 0)


@pytest.mark.parametrize("name", ["答复读不出", "支付读不出"])
def test_两份文件说的一样_先到的不能单独撤销(name: str) -> None:
    desk = Desk()
    _, _, first = _apply(desk, "名册", "结算", name)
    kind, content = FILES[name]
    kept = Withheld.objects.count()
    second = desk.apply(kind, content + b"\r\n", sender="另一单位")
    assert Withheld.objects.count() == kept
    with pytest.raises(Refused, match="先撤销那一批"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=first.pk, reason="测试撤销")
    desk.undo(second)
    assert Settlement.objects.get().outcome is None
    desk.undo(first)
    assert (_held(), due()) == ([], {"S1": WITHOUT})


ANSWERS: dict[str, tuple[date, bytes]] = {
    "一月500": (JAN, answers(["S1", "大病", "500.00", "2025-01-10"])),
    "二月读不出": (FEB, answers(["S1", "大病", "一千", "2025-01-20"])),
    "二月仍是500": (FEB, answers(["S1", "大病", "500.00", "2025-01-10"])),
    "三月仍是500": (MAR, answers(["S1", "大病", "500.00", "2025-01-10"])),
    "三月600": (MAR, answers(["S1", "大病", "600.00", "2025-02-10"])),
    "一月600": (JAN, answers(["S1", "大病", "600.00", "2025-01-31"])),
    "一月写着二月一日600": (JAN, answers(["S1", "大病", "600.00", "2025-02-01"])),
    "三月读不出": (MAR, answers(["S1", "大病", "一千", "2025-01-20"])),
}
HELD = [("P1", 2025, "answer")]


@pytest.mark.parametrize(
    ("names", "amount"),
    [
        (["一月500", "二月读不出"], 0),
        (["一月500", "二月读不出", "一月600"], 0),
        (["一月500", "二月读不出", "一月写着二月一日600"], WITH_600),
        (["一月500", "二月读不出", "二月仍是500"], WITH_500),
        (["一月500", "二月读不出", "三月仍是500"], WITH_500),
        (["一月500", "二月读不出", "三月600"], WITH_600),
        (["一月500", "二月读不出", "二月仍是500", "三月读不出"], 0),
        (["一月500", "三月读不出", "二月仍是500"], 0),
    ],
)
def test_较晚名单读不出的_可能是更正_较早的答复不算数_先后不论(names: Sequence[str], amount: int) -> None:
    for order in permutations(names):
        with transaction.atomic():
            desk = Desk()
            _apply(desk, "名册", "结算")
            for name in order:
                as_of, content = ANSWERS[name]
                desk.apply("payer_answers", content + b"\r\n" * as_of.month, as_of=as_of, file_name=f"{name}.csv")
            assert (_held(), due(), list(differences())) == ([] if amount else HELD, {"S1": amount}, []), order
            transaction.set_rollback(True)


def test_撤销再次写明的名单_又拦住() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    batches = {}
    for name in ("一月500", "二月读不出", "二月仍是500", "三月读不出"):
        as_of, content = ANSWERS[name]
        batches[name] = desk.apply(
            "payer_answers", content + b"\r\n" * as_of.month, as_of=as_of, file_name=f"{name}.csv"
        )
    desk.undo(batches["三月读不出"])
    assert (_held(), due()) == ([], {"S1": WITH_500})
    desk.undo(batches["二月仍是500"])
    assert (_held(), due()) == (HELD, {"S1": 0})
    desk.undo(batches["二月读不出"])
    assert (_held(), due()) == ([], {"S1": WITH_500})


@pytest.mark.parametrize("order", list(permutations(["名册", "结算", "答复读不出"])))
@pytest.mark.parametrize("place", ["东镇", "西镇", "示例县"])
def test_文件到的时候已知是外镇的人_才不拦(place: str, order: Sequence[str]) -> None:
    desk = Desk()
    regions: dict[str, Any] = {"名册": made_up.region("西镇").pk, "答复读不出": made_up.region(place).pk}
    for name in order:
        kind, content = FILES[name]
        desk.apply(kind, content, region_id=regions.get(name, desk.region.pk))
    held = [] if place == "东镇" and order[2] == "答复读不出" else HELD
    assert (_held(), list(differences())) == (held, [])
    assert due() == {"S1": 0 if held else WITHOUT}


def _move_by_list(desk: Desk) -> None:
    desk.apply("roster", roster([{"psn_no": "P1", "region": "西镇"}]), as_of=MAR)


def _move_by_hand(desk: Desk) -> None:
    one = Person.objects.get(psn_no="P1")
    facts = people.Facts(region_id=made_up.region("西镇").pk)
    people.correct_person(
        actor=clerk(), person_id=one.pk, version=one.version, facts=facts, evidence="迁移证明", at=now()
    )


def _merge_into_another_town(desk: Desk) -> None:
    desk.apply("roster", roster([{"psn_no": "P2", "region": "西镇"}]), as_of=MAR)
    _merge(clerk(), Person.objects.get(psn_no="P1"), Person.objects.get(psn_no="P2"))


@pytest.mark.parametrize("move", [_move_by_list, _move_by_hand, _merge_into_another_town])
def test_拦住以后迁到别的乡镇_照样拦住(move: Callable[[Desk], None]) -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "region": "东镇"}]), as_of=JAN)
    desk.apply("settlements", settlements([S1]))
    kind, content = FILES["支付读不出"]
    desk.apply(kind, content, region_id=made_up.region("东镇").pk)
    move(desk)
    # Whatever comes of the settlement afterwards.
    _apply(desk, "公务员100")
    assert _held() == [("P1", 2025, "payment")]
    assert (Settlement.objects.get().outcome, payable_fen(Settlement.objects.get())) == (None, 0)


STATED = {
    "答复读不出": ([], WITH_500),
    "大病读不出_公务员100": ([], WITH_600),
    "哪一方读不出": ([("P1", 2025, "answer")] * 2, 0),
    "支付读不出": ([("P1", 2025, "payment")], 0),
}


@pytest.mark.parametrize("name", STATED)
@pytest.mark.parametrize("is_first", [True, False])
def test_结算自己写明了这一方的_读不出的答复不拦(name: str, is_first: bool) -> None:
    desk = Desk()
    pair = [name, "写明大病500的结算"]
    _apply(desk, "名册", *(pair if is_first else reversed(pair)))
    held, amount = STATED[name]
    assert (_held(), due(), list(differences())) == (held, {"S1": amount}, [])


def test_改用没有写明这一方的结算_读不出的答复就拦住() -> None:
    desk = Desk()
    _apply(desk, "名册", "写明大病500的结算", "答复读不出", "结算")
    assert [kind for _, _, kind in _held()] == ["settlement"]
    use_other(disputed(), at=now())
    assert (Settlement.objects.get().hifmi_pay, _held()) == (0, [("P1", 2025, "answer")])
    _apply(desk, "答复500")
    assert (_held(), due()) == ([], {"S1": WITH_500})


@pytest.mark.parametrize("name", ["答复读不出", "哪一笔读不出"])
@pytest.mark.parametrize("order", [("冲正", ""), ("", "冲正"), ("结算", "", "冲正"), ("", "结算", "冲正")])
def test_冲正了的不拦_冲正后到就放开(name: str, order: Sequence[str]) -> None:
    desk = Desk()
    _apply(desk, "名册")
    for each in order:
        was_held = bool(_held())
        _apply(desk, each or name)
    assert was_held == (order[-1] == "冲正" and "结算" in order)
    assert (_held(), due(), list(differences())) == ([], {"S1": 0}, [])
    assert Settlement.objects.get().outcome == 1


@pytest.mark.parametrize(
    ("before", "name"), [([], "支付读不出"), (["冲正"], "支付读不出"), (["写明大病500的结算"], "答复读不出")]
)
def test_没有拦住任何人的_没有什么可放行(before: Sequence[str], name: str) -> None:
    desk = Desk()
    _apply(desk, "名册", *before, name)
    kept = Withheld.objects.get()
    assert kept.psn_no == ""
    with pytest.raises(Absent):
        _set_aside(kept)
    kept.refresh_from_db()
    assert kept.ended_at is None


def test_撤销() -> None:
    desk = Desk()
    _, arrived, refused, good = _apply(desk, "名册", "结算", "答复读不出", "答复500")
    with pytest.raises(Refused, match="先撤销那一批"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=refused.pk, reason="测试撤销")
    desk.undo(good)
    assert _held() == [("P1", 2025, "answer")]
    desk.undo(refused)
    assert (_held(), due(), list(differences())) == ([], {"S1": WITHOUT}, [])
    desk.undo(arrived)
    assert not Settlement.objects.exists() and not Withheld.objects.exists()


DOUBTS = {
    "支付读不出": [FILES["支付读不出"]],
    "同日两个答复": [FILES["答复500"], ("payer_answers", answers(["S1", "大病", "600.00", "2025-02-10"]))],
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_撤销结算文件以后_它的结算不再拦住同一人别的结算(doubt: str) -> None:
    desk = Desk()
    _, first = _apply(desk, "名册", "结算")
    other = settlements([settlement("S2", "P1", setl_time="2025-02-03")])
    desk.apply("settlements", other, file_name="另一批.csv")
    for number, (kind, content) in enumerate(DOUBTS[doubt]):
        desk.apply(kind, content, file_name=f"{number}.csv")
    assert set(_held()) <= {("P1", 2025, "payment"), ("P1", 2025, "settlement")} and _held()
    desk.undo(first)
    assert (_held(), due(), list(differences())) == ([], {"S2": WITHOUT}, [])
    _apply(desk, "结算")
    assert Settlement.objects.get(setl_id="S1").outcome is None


def test_先到的正确记录不能单独撤销() -> None:
    desk = Desk()
    _, _, good, refused = _apply(desk, "名册", "结算", "支付2100", "支付读不出")
    record = FormerPayment.objects.get().pk
    assert ImportChange.objects.filter(batch=refused, table="office.formerpayment", record=record).exists()
    with pytest.raises(Refused, match="先撤销那一批"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=good.pk, reason="测试撤销")
    desk.undo(refused)
    desk.undo(good)
    assert due() == {"S1": WITHOUT}


def test_原因写明是哪份名单的哪一列() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "答复读不出")
    (held,) = with_persons(withheld_rows(desk.uploader))
    assert held.why.startswith("前序支付答复有误：“支付金额”")
    assert held.person is not None and held.person.psn_no == "P1"


def test_结算还没有到的_列表里没有这一条() -> None:
    desk = Desk()
    _apply(desk, "名册", "支付读不出")
    assert (list(withheld_rows(desk.uploader)), open_withheld(desk.uploader), Withheld.objects.count()) == ([], 0, 1)
