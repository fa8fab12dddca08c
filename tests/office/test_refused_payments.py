"""Refused rows of what others paid: the settlement's year is withheld until a good row comes, in whichever order."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from tests.office.importing import Desk, now, roster, settlement, settlements
from tests.office.settling import clerk
from tests.office.test_other_kinds import answers, counts, due, paid
from tuodi.office.checking import differences
from tuodi.office.models import FormerPayment, ImportBatch, ImportChange, Settlement, Withheld
from tuodi.office.operations import undo
from tuodi.office.operations.settlements import payable_fen
from tuodi.office.operations.withheld import holding_back, set_aside
from tuodi.office.queries.desk import open_withheld
from tuodi.office.queries.settlements import with_persons, withheld_rows
from tuodi.office.refusal import Refused

pytestmark = pytest.mark.usefixtures("both_databases")

S1 = settlement("S1", "P1", setl_time="2025-02-01")
FILES: dict[str, tuple[str, bytes]] = {
    "名册": ("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}, {"psn_no": "P2", "psn_name": "钱二"}])),
    "结算": ("settlements", settlements([S1])),
    "答复读不出": ("payer_answers", answers(["S1", "大病", "五百", "2025-02-10"])),
    "答复500": ("payer_answers", answers(["S1", "大病", "500.00", "2025-02-10"])),
    "支付读不出": ("former_payments", paid(["S1", "R1", "二千一", "P1"])),
    "支付2100": ("former_payments", paid(["S1", "R1", "2100.00", "P1"])),
}
# (8,000 − 5,000 − answer) × 70 %.
WITHOUT, WITH_500 = 210000, 175000


def _apply(desk: Desk, *names: str) -> list[ImportBatch]:
    return [desk.apply(*FILES[name], file_name=f"{name}.csv") for name in names]


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


def test_一份文件里互相矛盾的两行_都不采用_也暂不计算() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    both = answers(["S1", "大病", "500.00", "2025-02-10"], ["S1", "大病", "600.00", "2025-02-10"])
    assert counts(desk.apply("payer_answers", both)) == {"refused": 2}
    assert set(_held()) == {("P1", 2025, "answer")}
    _apply(desk, "答复500")
    assert (_held(), due()) == ([], {"S1": WITH_500})


def test_看不出是哪次结算的行_不拦任何人() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算")
    desk.apply("payer_answers", answers(["", "大病", "五百", "2025-02-10"], ["S1", "大病", "500.00", "2025-02-10"]))
    assert (_held(), Withheld.objects.count(), due()) == ([], 0, {"S1": WITH_500})


def test_放行以后同样的行再来不再拦() -> None:
    desk = Desk()
    _apply(desk, "名册", "结算", "支付读不出")
    set_aside(actor=clerk(), withheld_id=holding_back().get().pk, reason="对方说明没有付过", at=now())
    assert due() == {"S1": WITHOUT}
    again = paid(["S1", "R1", "二千一", "P1"], ["S1", "R9", "三千", "P1"])
    desk.apply("former_payments", again.replace(b"S1,R9", b"S7,R9"))
    assert (_held(), due()) == ([], {"S1": WITHOUT})


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
