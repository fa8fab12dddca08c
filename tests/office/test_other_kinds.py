"""Platform marks, enrolment, premium lists, payers' answers, former payments: applied, undone, in any order."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from tests.office import made_up
from tests.office.databases import SqliteFiles, use
from tests.office.importing import Desk, certno, csv_bytes, dump, roster, settlement, settlements
from tuodi.office.models import (
    Case,
    Enrolment,
    FormerPayment,
    ImportBatch,
    PayerAnswer,
    Person,
    PlatformMark,
    Settlement,
)
from tuodi.office.numbers import certno_of
from tuodi.office.operations.settlements import payable_fen

pytestmark = pytest.mark.usefixtures("sqlite")

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))
PEOPLE = [{"psn_no": "P1", "psn_name": "赵一", "certno": certno(1)}, {"psn_no": "P2", "psn_name": "钱二"}]


def marks(*rows: Sequence[str]) -> bytes:
    """Make a list of marks from rows of psn_no, identity, begin, end and number, shorter ones filled up."""
    return csv_bytes(
        ["人员编号", "身份标识", "开始时间", "结束时间", "证件号码"], [[*row, "", "", "", ""][:5] for row in rows]
    )


def mark(psn_no: str, end: str = "", number: str = "") -> Sequence[str]:
    return [psn_no, "低保对象", "2024-01-01", end, number]


def states(*rows: Sequence[object]) -> bytes:
    header = ["人员编号", "年度", "参保状态", "险种", "参保日期", "个人缴费标准", "资助金额"]
    return csv_bytes(header, [[*row, "", "", "", ""][:7] for row in rows])


def premiums(*rows: Sequence[object]) -> bytes:
    return csv_bytes(["人员编号", "年度", "身份", "个人缴费标准", "资助金额"], rows)


def answers(*rows: Sequence[object]) -> bytes:
    return csv_bytes(["结算编号", "支付方", "支付金额", "答复日期"], [[*row, ""][:4] for row in rows])


def paid(*rows: Sequence[object]) -> bytes:
    return csv_bytes(["结算编号", "支付编号", "救助金额", "人员编号", "支付日期"], [[*row, "", ""][:5] for row in rows])


def counts(batch: ImportBatch) -> dict[str, int]:
    return {name: batch.counts[name] for name in ("new", "changed", "ended", "same", "refused") if batch.counts[name]}


def standing() -> dict[str, list[tuple[Any, ...]]]:
    """Return facts, results and open cases: results have new keys, and closed cases remain as history."""
    tables = {name: sorted(rows) for name, rows in dump(without=("id",)).items() if name != "case"}
    cases = Case.objects.filter(state="open").order_by("setl_id", "kind")
    return {**tables, "case": list(cases.values_list("setl_id", "kind", "due_fen", "paid_fen"))}


def ends() -> dict[str, str]:
    found = PlatformMark.objects.select_related("person").order_by("person__psn_no")
    return {f"{m.person.psn_no} {m.identity}": str(m.end or "") for m in found}


def enrolments() -> list[tuple[Any, ...]]:
    return list(
        Enrolment.objects.order_by("person__psn_no", "year").values_list(
            "person__psn_no", "year", "state", "insutype", "premium_fen", "subsidy_fen"
        )
    )


def due() -> dict[str, int]:
    return dict(Settlement.objects.order_by("setl_id").values_list("setl_id", "due_fen"))


# ---- one way for all of them


S1 = settlement("S1", "P1", setl_time="2025-02-01")
S2 = settlement("S2", "P2", setl_time="2025-02-02", hifmi_pay="100.00")
BEFORE = {"roster": roster(PEOPLE), "settlements": settlements([S1, S2])}
FILES = {
    "marks": marks(mark("P1"), mark("P2", "2025-01-31"), mark("P9")),
    "enrolment_states": states(["P1", 2025, "居民医保", "390", "2025-01-05", 400, 280], ["P9", 2025, "未参保"]),
    "premium_lists": premiums(["P1", 2025, "低保对象", 400, 280], ["P9", 2025, "低保对象", 400, 400]),
    "payer_answers": answers(["S1", "居民大病保险", "500.00"], ["S9", "hifmi_pay", "1.00"]),
    "former_payments": paid(["S1", "R1", "2100.00", "P1", "2025-02-20"], ["S9", "R1", "5.00"]),
}


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("kind", FILES)
def test_导入后可以整批撤销_恢复原样(kind: str) -> None:
    desk = Desk()
    for earlier, content in BEFORE.items():
        desk.apply(earlier, content, as_of=JAN)
    before = standing()
    batch = desk.apply(kind, FILES[kind])
    assert counts(batch)["new"] == len(FILES[kind].splitlines()) - 1
    assert standing() != before
    job = desk.undo(batch)
    assert batch.state == "undone", job.message
    assert standing() == before


@pytest.mark.parametrize("kind", FILES)
def test_再导一次都是无变化(kind: str) -> None:
    desk = Desk()
    desk.apply(kind, FILES[kind])
    before = dump(without=("batch_id",))
    again = desk.apply(kind, FILES[kind] + b"\r\n", sender="另一单位" if kind != "marks" else "示例县民政局")
    assert set(counts(again)) == {"same"}
    assert dump(without=("batch_id",)) == before


@pytest.mark.parametrize("kind", FILES)
def test_先于名册和结算到达_结果一样(kind: str, sqlite_files: SqliteFiles) -> None:
    results = []
    for order in ([*BEFORE, kind], [kind, *reversed(BEFORE)]):
        with sqlite_files.fresh() as config:
            use(config)
            desk = Desk()
            for each in order:
                desk.apply(each, BEFORE[each] if each in BEFORE else FILES[each], as_of=MAR if each == kind else JAN)
            results.append((due(), ends(), enrolments(), _facts_of_persons(), _former()))
    assert results[0] == results[1]
    assert results[0][0] == {"S1": 175000 if kind == "payer_answers" else 210000, "S2": 203000}


def _facts_of_persons() -> dict[str, tuple[str, str]]:
    return {p.psn_no: (p.psn_name, certno_of(p)) for p in Person.objects.order_by("psn_no")}


def _former() -> dict[str, int]:
    return dict(Settlement.objects.order_by("setl_id").values_list("setl_id", "former_fen"))


@pytest.mark.parametrize(
    ("kind", "row", "rule"),
    [
        ("marks", marks(mark("P1", "2023-01-01")), "period-reversed"),
        ("enrolment_states", states(["P1", 2025, "不知道"]), "word-unknown"),
        ("premium_lists", premiums(["P1", "二〇二五", "低保对象", 400, 280]), "year-format"),
        ("payer_answers", answers(["S1", "大病", "-1.00"]), "amount-negative"),
        ("former_payments", paid(["S1", "R1", "12.345"]), "amount-decimals"),
    ],
)
def test_错行被拒绝_其余照常(kind: str, row: bytes, rule: str) -> None:
    desk = Desk()
    header, bad = row.splitlines()[:2]
    good = FILES[kind].splitlines()[1:]
    batch = desk.upload(kind, b"\r\n".join([header, bad.replace(b"P1", b"P8").replace(b"S1", b"S8"), *good]) + b"\r\n")
    assert rule in {finding["rule"] for finding in batch.findings}
    assert counts(batch) == {"new": len(good), "refused": 1}


@pytest.mark.parametrize("kind", FILES)
def test_乡镇的文件不能写外镇的人(kind: str) -> None:
    desk = Desk()
    for earlier, content in BEFORE.items():
        desk.apply(earlier, content, as_of=JAN)
    Person.objects.filter(psn_no="P1").update(region=made_up.region("西镇"))
    Person.objects.filter(psn_no="P2").update(region=made_up.region("东镇"))
    batch = desk.upload(kind, FILES[kind], region_id=made_up.region("东镇").pk)
    assert counts(batch)["refused"] == 1
    (refused,) = [finding for finding in batch.findings if finding["severity"] == "error"]
    assert refused["rule"] == "person-elsewhere"


# ---- marks


def test_平台全量名单没有的标识_止于名单前一日() -> None:
    desk = Desk()
    desk.apply("marks", marks(mark("P1"), mark("P2")), as_of=JAN, is_full=True)
    batch = desk.upload("marks", marks(mark("P1")), as_of=FEB, is_full=True)
    assert counts(batch) == {"same": 1, "ended": 1}
    desk.confirm(batch)
    assert ends() == {"P1 低保对象": "", "P2 低保对象": "2025-01-31"}


def test_平台变动名单不终止没有列出的() -> None:
    desk = Desk()
    desk.apply("marks", marks(mark("P1"), mark("P2")), as_of=JAN, is_full=True)
    desk.apply("marks", marks(mark("P1", "2025-01-20")), as_of=FEB)
    assert ends() == {"P1 低保对象": "2025-01-20", "P2 低保对象": ""}


LISTS: dict[str, tuple[date, bool, bytes]] = {
    "一月全量": (JAN, True, marks(mark("P1"), mark("P2"), mark("P3", "2025-06-30"))),
    "二月变动": (FEB, False, marks(mark("P2", "2025-05-31"))),
    "三月全量": (MAR, True, marks(mark("P1", "2025-12-31"))),
}


@pytest.mark.parametrize("order", list(permutations(LISTS)), ids="→".join)
def test_平台名单不论先后结果一样(order: Sequence[str]) -> None:
    desk = Desk()
    for name in order:
        as_of, is_full, content = LISTS[name]
        desk.apply("marks", content, as_of=as_of, is_full=is_full)
    assert ends() == {"P1 低保对象": "2025-12-31", "P2 低保对象": "2025-02-28", "P3 低保对象": "2025-02-28"}


def test_全量名单里有错行的人_既有标识不动() -> None:
    desk = Desk()
    desk.apply("marks", marks(mark("P1"), mark("P2")), as_of=JAN, is_full=True)
    bad = ["P2", "低保对象", "2025-13-01"]
    desk.apply("marks", marks(mark("P1"), bad), as_of=MAR, is_full=True)
    assert ends() == {"P1 低保对象": "", "P2 低保对象": ""}
    # A list that comes late names P2: the list of March still says nothing about P2.
    desk.apply("marks", marks(mark("P2", "2025-08-31")), as_of=FEB)
    assert ends()["P2 低保对象"] == "2025-08-31"


def test_撤销全量名单_后到的旧名单不再被它终止() -> None:
    desk = Desk()
    full = desk.apply("marks", marks(mark("P1")), as_of=MAR, is_full=True)
    desk.apply("marks", marks(mark("P2")), as_of=FEB)
    assert ends()["P2 低保对象"] == "2025-02-28"
    desk.undo(full)
    assert ends() == {"P2 低保对象": ""}


def test_平台的证件号码与登记的不同要提醒_新人员记下号码() -> None:
    desk = Desk()
    desk.apply("roster", roster(PEOPLE), as_of=JAN)
    batch = desk.upload("marks", marks(mark("P1", number=certno(2)), mark("P9", number=certno(9))))
    assert [(f["rule"], f["severity"], f["row"]) for f in batch.findings if f["rule"] == "certno-differs"] == [
        ("certno-differs", "warning", 2)
    ]
    assert certno(2) not in str(batch.findings) + str(batch.samples)
    desk.confirm(batch)
    assert certno_of(Person.objects.get(psn_no="P9")) == certno(9)
    assert certno_of(Person.objects.get(psn_no="P1")) == certno(1)


def test_并入的编号算作留下的人() -> None:
    desk = Desk()
    desk.apply("roster", roster(PEOPLE), as_of=JAN)
    Person.objects.filter(psn_no="P2").update(merged_into=Person.objects.get(psn_no="P1"))
    batch = desk.apply("marks", marks(mark("P1", "2025-06-30"), mark("P2", "2025-09-30")))
    assert counts(batch) == {"new": 1}
    assert ends() == {"P1 低保对象": "2025-09-30"}


# ---- enrolment


def test_参保以最新名单为准_旧名单后到不改() -> None:
    desk = Desk()
    desk.apply("enrolment_states", states(["P1", 2025, "职工医保", "310"]), as_of=MAR)
    late = desk.apply("enrolment_states", states(["P1", 2025, "居民医保", "390"]), as_of=FEB)
    assert counts(late) == {"same": 1}
    newer = desk.apply("enrolment_states", states(["P1", 2025, "外地参保"]), as_of=APR.replace(month=3, day=2))
    assert counts(newer) == {"changed": 1}
    assert enrolments() == [("P1", 2025, "elsewhere", "", 0, 0)]


ENROLMENT_LISTS: dict[str, tuple[str, date, bytes]] = {
    "一月参保": ("enrolment_states", JAN, states(["P1", 2025, "居民医保", "390", "", 400, 200])),
    "二月资助": ("premium_lists", FEB, premiums(["P1", 2025, "低保对象", 400, 280])),
    "三月参保": ("enrolment_states", MAR, states(["P1", 2025, "职工医保", "310"])),
    "三月另一份": ("enrolment_states", MAR, states(["P1", 2025, "居民医保", "390"])),
}


@pytest.mark.parametrize("order", list(permutations(ENROLMENT_LISTS)), ids="→".join)
def test_参保和资助名单不论先后结果一样(order: Sequence[str]) -> None:
    desk = Desk()
    for name in order:
        kind, as_of, content = ENROLMENT_LISTS[name]
        desk.apply(kind, content, as_of=as_of)
    # Of two lists of one day the greater value counts: resident behind employee in the alphabet.
    assert enrolments() == [("P1", 2025, "resident", "390", 40000, 28000)]


def test_只有资助名单时按居民参保_不算有了参保名单() -> None:
    desk = Desk()
    batch = desk.apply("premium_lists", premiums(["P1", 2025, "低保对象", 400, 280]))
    assert enrolments() == [("P1", 2025, "resident", "", 40000, 28000)]
    assert Enrolment.objects.get().as_of is None
    assert batch.counts["amount_fen"] == 28000


# ---- answers of payers before us


@pytest.mark.usefixtures("both_databases")
def test_前序支付答复补入结算后重算() -> None:
    desk = Desk()
    for earlier, content in BEFORE.items():
        desk.apply(earlier, content, as_of=JAN)
    # (8000 − 5000) × 70 % = 2100; with 500 from critical-illness insurance (8000 − 5500) × 70 % = 1750.
    assert due() == {"S1": 210000, "S2": 203000}
    desk.apply("payer_answers", answers(["S1", "居民大病保险", "500.00"]))
    assert due() == {"S1": 175000, "S2": 203000}
    assert Settlement.objects.get(setl_id="S1").hifmi_pay == 0


def test_结算已写明另一金额的答复照收_提醒_仍按结算计算() -> None:
    desk = Desk()
    desk.apply("roster", roster(PEOPLE), as_of=JAN)
    desk.apply("settlements", settlements([S1, S2]), as_of=JAN)
    batch = desk.apply("payer_answers", answers(["S2", "大病", "200.00"]))
    assert counts(batch) == {"new": 1}
    assert [(each["rule"], each["severity"]) for each in batch.findings] == [("answer-unlike-settlement", "warning")]
    assert "居民大病保险已是 100.00 元" in batch.findings[0]["message"]
    assert due()["S2"] == 203000
    assert [each["rule"] for each in desk.upload("payer_answers", answers(["S2", "大病", "100.00"])).findings] == [
        "answer-conflict"
    ]


def test_结算写明的金额优先于先到的答复() -> None:
    desk = Desk()
    desk.apply("payer_answers", answers(["S2", "大病", "200.00"]))
    desk.apply("settlements", settlements([S2]), as_of=JAN)
    desk.apply("roster", roster(PEOPLE), as_of=JAN)
    # (8000 − 5000 − 100) × 70 % = 2030
    assert due() == {"S2": 203000}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_较晚的答复为准(order: Sequence[int]) -> None:
    desk = Desk()
    files = [answers(["S1", "大病", "500.00", "2025-02-10"]), answers(["S1", "大病", "600.00", "2025-02-11"])]
    for number in order:
        desk.apply("payer_answers", files[number])
    assert [(a.paid_fen, a.answered_on) for a in PayerAnswer.objects.all()] == [(60000, date(2025, 2, 11))]


def test_同一天的不同答复被拒绝() -> None:
    desk = Desk()
    desk.apply("payer_answers", answers(["S1", "大病", "500.00", "2025-02-10"]))
    batch = desk.upload("payer_answers", answers(["S1", "大病", "600.00", "2025-02-10"]))
    assert counts(batch) == {"refused": 1}


# ---- what another system paid


@pytest.mark.usefixtures("both_databases")
def test_既有系统已支付的不再支付() -> None:
    desk = Desk()
    for earlier, content in BEFORE.items():
        desk.apply(earlier, content, as_of=JAN)
    assert payable_fen(Settlement.objects.get(setl_id="S1")) == 210000
    desk.apply("former_payments", paid(["S1", "R1", "2000.00"], ["S1", "R2", "50.00"]))
    one = Settlement.objects.get(setl_id="S1")
    # What was paid does not change what is due, and the difference does not become payable by itself.
    assert (one.due_fen, one.former_fen, payable_fen(one)) == (210000, 205000, 0)


def test_没有结算的支付先保留_结算到后计入() -> None:
    desk = Desk()
    batch = desk.apply("former_payments", paid(["S1", "R1", "2100.00"]))
    assert "settlement-unknown" in {finding["rule"] for finding in batch.findings}
    desk.apply("settlements", settlements([S1]), as_of=JAN)
    assert _former() == {"S1": 210000}


def test_同一笔支付换了金额被拒绝() -> None:
    desk = Desk()
    desk.apply("former_payments", paid(["S1", "R1", "2100.00"]))
    batch = desk.upload("former_payments", paid(["S1", "R1", "2000.00"], ["S1", "R2", "100.00"]))
    assert counts(batch) == {"new": 1, "refused": 1}
    assert batch.findings[0]["rule"] == "payment-conflict"
    desk.confirm(batch)
    assert sorted(FormerPayment.objects.values_list("reference", "paid_fen")) == [("R1", 210000), ("R2", 10000)]


def test_支付的人与结算不同要提醒() -> None:
    desk = Desk()
    desk.apply("settlements", settlements([S1]), as_of=JAN)
    batch = desk.upload("former_payments", paid(["S1", "R1", "2100.00", "P2"]))
    assert [(f["rule"], f["severity"]) for f in batch.findings] == [("payment-person", "warning")]
    assert counts(batch) == {"new": 1}
