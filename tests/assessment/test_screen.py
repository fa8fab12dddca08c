"""Screening: nothing is listed where everything was paid as due; each single deviation is found and explained."""

from collections import defaultdict
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest
import yaml

from tests.oracle.benefit import assess as oracle
from tests.oracle.files import write_world
from tests.oracle.worlds import random_world
from tuodi.assessment.reference import ReferenceAssessment
from tuodi.assessment.results import Request
from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.assessment.screen import Difference, Kind, paid_at_the_window, screen
from tuodi.assessment.year import assess_years, people
from tuodi.intake.facts import Holding, Settlement
from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import Terms, terms_from
from tuodi.policy.library import find


def _book(id_or_file: str, terms: Terms) -> Rulebook:
    found = find(id_or_file)
    assert isinstance(found, tuple)
    assert found[0] is not None
    return rulebook([found[0]], terms)


@cache
def _jiaocheng() -> Rulebook:
    entries = yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))["identities"]
    return _book("jiaocheng-2024", terms_from(entries))


# --- random counties: what is due is known from the oracle ------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_照应付数支付则无差异_改动一笔只列这一笔(seed: int, tmp_path: Path) -> None:
    world = random_world(seed)
    policy, persons, settlements = write_world(world, tmp_path)
    due: dict[str, int] = defaultdict(int)
    for lines in oracle(world.policy, world.persons, world.settlements).values():
        for line in () if isinstance(lines, str) else lines:
            due[line.setl_id] += line.paid_amt
    # The oracle knows no further names of an identity.
    book = _book(str(policy), Terms(()))
    read = ReferenceAssessment(Request(book=book, persons=persons, settlements=settlements))

    def screened(paid: dict[str, int]) -> list[Difference]:
        return screen(read.request.book, read.roster, read.assessed, paid, read.withheld_ids)

    assert screened(dict(due)) == []
    chance = Random(seed)
    changes = [(s.setl_id, chance.choice((-due[s.setl_id], -1, 1, due[s.setl_id], 12345))) for s in world.settlements]
    for setl_id, change in changes:
        paid = max(0, due[setl_id] + change)
        if paid == due[setl_id]:
            continue
        (found,) = screened({**due, setl_id: paid})
        kind = Kind.OVER if paid > due[setl_id] else Kind.UNDER if paid else Kind.MISSED
        assert (found.setl_id, found.kind, found.due_fen, found.paid_fen) == (setl_id, kind, due[setl_id], paid)
        assert found.diff_fen == due[setl_id] - paid
        assert found.reason.endswith("元。")
        assert found.reason.count("。") == 1


# --- one small county: each reason ------------------------------------------------------------------------------------

ROSTER = [
    Holding("低保", "低保对象", date(2020, 1, 1), None),
    Holding("新增", "低保对象", date(2024, 3, 1), None),
    Holding("停保", "低保对象", date(2020, 1, 1), date(2024, 3, 31)),
    Holding("监测", "监测对象", date(2020, 1, 1), None),
]


def _bill(setl_id: str, psn_no: str, day: str, left_yuan: int, **more: object) -> Settlement:
    """An inpatient settlement of which ``left_yuan`` is left to the person; at 70 % for 低保对象."""
    amounts = dict.fromkeys(Settlement._fields[8:20], 0)
    plain = Settlement(
        setl_id=setl_id,
        psn_no=psn_no,
        setl_time=datetime.fromisoformat(day),
        med_type="21",
        insutype="390",
        insuplc_admdvs="141122",
        mdtrtarea_admvs="141122",
        hosp_lv="2",
        reversed=False,
        **{**amounts, "inscp_scp_amt": left_yuan * 100},
    )
    return plain._replace(**more)  # type: ignore[arg-type]


def _screened(
    bills: list[Settlement], paid_yuan: dict[str, int] | None, held_back: frozenset[str] = frozenset()
) -> list[Difference]:
    book, roster = _jiaocheng(), people(ROSTER)
    assessed = list(assess_years(book, roster, bills))
    paid = paid_at_the_window(assessed) if paid_yuan is None else {key: yuan * 100 for key, yuan in paid_yuan.items()}
    return screen(book, roster, assessed, paid, held_back)


@pytest.mark.parametrize(
    ("bill", "paid_yuan", "kind", "diff_yuan", "words"),
    [
        (_bill("S", "低保", "2024-05-01", 1000), 0, Kind.MISSED, 700, ["按低保对象身份", "未见支付", "补发700元"]),
        (_bill("S", "低保", "2024-05-01", 1000), 1, Kind.UNDER, 699, ["已付1元", "补发699元"]),
        (_bill("S", "低保", "2024-05-01", 1000), 699, Kind.UNDER, 1, ["已付699元", "补发1元"]),
        (_bill("S", "低保", "2024-05-01", 1000), 701, Kind.OVER, -1, ["已付701元", "追回1元"]),
        (_bill("S", "低保", "2024-05-01", 1000), 1400, Kind.OVER, -700, ["两倍", "可能重复支付", "追回700元"]),
        (_bill("S", "新增", "2024-03-01", 1000), 0, Kind.MISSED, 700, ["低保对象身份自2024-03-01起", "补发700元"]),
        (_bill("S", "新增", "2025-03-01", 1000), 0, Kind.MISSED, 700, ["未见支付；请核实后补发700元"]),
        (_bill("S", "新增", "2024-02-29", 1000), 700, Kind.OVER, -700, ["没有", "低保对象身份自2024-03-01起才有"]),
        (_bill("S", "停保", "2024-03-31", 1000), 0, Kind.MISSED, 700, ["按低保对象身份"]),
        (_bill("S", "停保", "2024-04-01", 1000), 700, Kind.OVER, -700, ["低保对象身份已于2024-03-31终止"]),
        (_bill("S", "无名", "2024-05-01", 1000), 700, Kind.OVER, -700, ["人员名册中没有该人员", "追回700元"]),
        (
            _bill("S", "监测", "2024-05-01", 1000, med_type="14"),
            300,
            Kind.OVER,
            -300,
            ["没有为监测对象规定门诊慢特病（14）"],
        ),
        (
            _bill("S", "监测", "2024-05-01", 3000),
            10,
            Kind.OVER,
            -10,
            ["因年度起付线未满，还差92.40元，支付0元", "追回10元"],
        ),
        (_bill("S", "低保", "2024-05-01", 1000, reversed=True), 700, Kind.OVER, -700, ["已冲正", "追回700元"]),
        (_bill("S", "低保", "2024-05-01", 100_000), 70_000, Kind.OVER, -10_000, ["超过年度限额的剩余额度"]),
    ],
)
def test_原因和处理办法(bill: Settlement, paid_yuan: int, kind: Kind, diff_yuan: int, words: list[str]) -> None:
    (found,) = _screened([bill], {"S": paid_yuan})
    assert (found.kind, found.diff_fen, found.psn_no) == (kind, diff_yuan * 100, bill.psn_no)
    for word in words:
        assert word in found.reason


def test_年度限额用完后支付的() -> None:
    bills = [_bill("A", "低保", "2024-05-01", 100_000), _bill("B", "低保", "2024-06-01", 1000)]
    (found,) = _screened(bills, {"A": 60_000, "B": 700})
    assert (found.setl_id, found.kind, found.due_fen, found.diff_fen) == ("B", Kind.OVER, 0, -700_00)
    assert "年度限额在此前已用完" in found.reason


def test_没有结算的支付() -> None:
    found = _screened([_bill("A", "低保", "2024-05-01", 1000)], {"A": 700, "X": 50, "Y": 0})
    assert [(one.psn_no, one.setl_id, one.kind, one.diff_fen) for one in found] == [("", "X", Kind.OVER, -50_00)]
    assert "结算明细中没有这个结算编号" in found[0].reason


def test_不能判断的不列出() -> None:
    bills = [_bill("A", "低保", "2024-05-01", 1000), _bill("B", "低保", "2024-05-02", 1000)]
    held_back = frozenset({"A", "X"})
    assert [one.setl_id for one in _screened(bills, {"A": 1, "X": 5}, held_back)] == ["B"]


def test_与结算中的救助支付相比_冲正的不计() -> None:
    bills = [
        _bill("A", "低保", "2024-05-01", 1000, maf_pay=700_00),
        _bill("B", "低保", "2024-05-02", 1000, maf_pay=600_00),
        _bill("C", "低保", "2024-05-03", 1000, maf_pay=700_00, reversed=True),
        _bill("D", "低保", "2024-05-03", -1000, maf_pay=-700_00, reversed=True),
    ]
    assert [(one.setl_id, one.kind, one.diff_fen) for one in _screened(bills, None)] == [("B", Kind.UNDER, 100_00)]


def test_按差额大小排列_相同的按结算编号() -> None:
    bills = [_bill(setl_id, "低保", "2024-05-01", 1000) for setl_id in ("b", "A", "a", "B", "大")]
    paid = {"b": 690, "A": 710, "a": 0, "B": 690, "大": 1700}
    found = _screened(bills, paid)
    assert [(one.setl_id, one.diff_fen) for one in found] == [
        ("大", -1000_00),
        ("a", 700_00),
        ("A", -10_00),
        ("B", 10_00),
        ("b", 10_00),
    ]
