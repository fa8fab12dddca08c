"""``checking.differences`` finds every stored result that is not what follows from the facts, and nothing else."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.office import made_up
from tests.office.settling import FAMILY, allow_files, arrive, enter, reassess, record, refusal
from tests.oracle.benefit import Held
from tuodi.office import checking
from tuodi.office.checking import differences
from tuodi.office.models import Accumulator, BenefitLine, Holding, OwnerYear, Person, Settlement, Withheld

pytestmark = pytest.mark.usefixtures("both_databases")


def _facts() -> None:
    enter([Held("P1", "低保对象", "2024-01-01"), Held("P2", "监测对象", "2024-01-01")])
    arrive([record("S1"), record("S2", "P2"), record("S3", "X9"), record("S4", setl_time=datetime(2025, 2, 1))])
    arrive([], [refusal("S8", "P2")])


def test_没有改动时没有差异(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.county()
    assert list(differences()) == []
    monkeypatch.setattr(checking, "PERSONS_AT_ONCE", 1)
    _facts()
    told: list[tuple[int, int]] = []
    assert list(differences(lambda doing, done, total: told.append((done, total)))) == []
    assert told[-1] == (4, 4)


TAMPERINGS: dict[str, tuple[Callable[[], object], str]] = {
    "应救助金额": (lambda: Settlement.objects.filter(setl_id="S1").update(due_fen=1), "结算 S1 的应救助金额"),
    "结论": (lambda: Settlement.objects.filter(setl_id="S3").update(outcome=0), "结算 S3 的计算结论"),
    "放出暂不计算的": (lambda: Settlement.objects.filter(setl_id="S2").update(outcome=0), "结算 S2 的计算结论"),
    "归到别人名下": (
        lambda: Settlement.objects.filter(setl_id="S1").update(person=Person.objects.get(psn_no="P2")),
        "结算 S1 的所属人员",
    ),
    "事实的金额": (lambda: Settlement.objects.filter(setl_id="S1").update(hifp_pay=100), "结算 S1 的应救助金额"),
    "事实的身份": (lambda: Holding.objects.filter(identity="低保对象").delete(), "结算 S1 的计算结论"),
    "明细的支付": (lambda: BenefitLine.objects.filter(settlement__setl_id="S1").update(paid_amt=1), "结算 S1 的明细"),
    "明细的说明": (lambda: BenefitLine.objects.filter(settlement__setl_id="S1").update(note="x"), "结算 S1 的明细"),
    "删去明细": (lambda: BenefitLine.objects.filter(settlement__setl_id="S1").delete(), "结算 S1 的明细"),
    "累计已用": (
        lambda: Accumulator.objects.filter(kind="cap").update(used_fen=1),
        "人员 P1 2024 年累计 年度限额 cap_year",
    ),
    "累计限额": (lambda: Accumulator.objects.filter(kind="cap").update(limit_fen=None), "人员 P1 2024 年累计 年度限额"),
    "删去累计": (lambda: Accumulator.objects.all().delete(), "人员 P1 2024 年累计"),
    "年度合计": (lambda: OwnerYear.objects.filter(owner="person P1").update(paid_fen=1), "人员 P1 2024 年救助合计"),
    "删去年度": (lambda: OwnerYear.objects.filter(owner="person P1").delete(), "人员 P1 2024 年"),
    "多出的年度": (lambda: OwnerYear.objects.create(owner="person P7", year=2024), "人员 P7 2024 年"),
    "放行没有理由": (lambda: Withheld.objects.all().delete(), "结算 S2 的计算结论"),
    "删去结算": (lambda: Settlement.objects.filter(setl_id="S1").delete(), "人员 P1 2024 年"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_每一种改动都能发现_重新计算后消失(name: str) -> None:
    tamper, subject = TAMPERINGS[name]
    made_up.county()
    _facts()
    tamper()
    found = list(differences())
    assert any(each.subject.startswith(subject) for each in found), found
    assert all(each.sentence().endswith("。") for each in found)
    reassess({"P1", "P2", "P7", "X9"})
    assert list(differences()) == []


def test_家庭累计每户只核对一次(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.county((FAMILY,))
    allow_files(monkeypatch)
    monkeypatch.setattr(checking, "PERSONS_AT_ONCE", 1)
    enter([Held(p, "低保边缘家庭成员", "2025-01-01", "", "F1") for p in ("P1", "P2")])
    arrive([record("S1", setl_time=datetime(2025, 3, 1)), record("S2", "P2", setl_time=datetime(2025, 3, 2))])
    assert list(differences()) == []
    OwnerYear.objects.update(paid_fen=1)
    assert len(list(differences())) == 1
