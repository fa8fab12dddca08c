"""Marks, enrolment, premium lists, answers of payers, payments of another system."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.intake.written import write_csv, write_parquet, write_xlsx
from tuodi.intake.facts import INSURED_FIELDS, Refusal
from tuodi.intake.layouts import load_layout
from tuodi.intake.office_lists import (
    EnrolmentState,
    FormerPayment,
    ListFile,
    Mark,
    PayerAnswer,
    PremiumSubsidy,
    read_enrolment_states,
    read_former_payments,
    read_marks,
    read_payer_answers,
    read_premium_lists,
)
from tuodi.intake.office_words import CHANGE, PAYER, STATE, coded, usual_word
from tuodi.intake.sender_format import SenderFormat
from tuodi.kernel.finding import Fault, Severity

Read = Callable[..., ListFile[Any]]

MARKS = ("人员编号", "证件号码", "身份标识", "开始时间", "结束时间")
STATES = ("人员编号", "年度", "参保状态", "险种", "参保日期", "个人缴费标准", "资助金额")
PREMIUMS = ("人员编号", "年度", "身份", "个人缴费标准", "资助金额")
ANSWERS = ("结算编号", "支付方", "支付金额", "答复日期")
FORMER = ("结算编号", "人员编号", "支付编号", "救助金额", "支付日期")

GOOD = {
    "marks": (
        read_marks, MARKS, ["P001", "110101199003074530", "低保对象", "2024-01-01", ""],
        Mark("P001", "低保对象", date(2024, 1, 1), None, "110101199003074530", 2),
    ),
    "enrolment_states": (
        read_enrolment_states, STATES, ["P001", "2024", "居民医保", "390", "2023-12-20", "380.00", "280"],
        EnrolmentState("P001", 2024, "resident", "390", date(2023, 12, 20), 38000, 28000, 2),
    ),
    "premium_lists": (
        read_premium_lists, PREMIUMS, ["P001", "2024年", "特困人员", "380", "380"],
        PremiumSubsidy("P001", 2024, "特困人员", 38000, 38000, 2),
    ),
    "payer_answers": (
        read_payer_answers, ANSWERS, ["S001", "居民大病", "1200.50", "2024-05-06"],
        PayerAnswer("S001", "hifmi_pay", 120050, date(2024, 5, 6), 2),
    ),
    "former_payments": (
        read_former_payments, FORMER, ["S001", "P001", "ZF001", "300.00", "2024-05-07"],
        FormerPayment("S001", "P001", "ZF001", 30000, date(2024, 5, 7), 2),
    ),
}  # fmt: skip
each_list = pytest.mark.parametrize("kind", GOOD)


def changed(kind: str, **cells: str) -> list[str]:
    _, header, good, _ = GOOD[kind]
    return [cells.get(name, cell) for name, cell in zip(header, good, strict=True)]


def read(folder: Path, kind: str, *rows: Sequence[str]) -> ListFile[Any]:
    return GOOD[kind][0](write_csv(folder / "a.csv", [GOOD[kind][1], *rows]))


@each_list
@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_parquet])
def test_一行的各项(tmp_path: Path, kind: str, write: Callable[..., Path]) -> None:
    reader, header, good, record = GOOD[kind]
    path = tmp_path / f"a.{write.__name__.removeprefix('write_')}"
    file = reader(write(path, [header, good]))
    assert file.records == (record,)
    assert (file.findings, file.refusals, file.usable) == ((), (), True)
    assert (file.totals.title, file.totals.rows, file.totals.accepted) == (load_layout(kind).title, 1, 1)


@each_list
def test_国家字段名和中文列名都认得(tmp_path: Path, kind: str) -> None:
    reader, header, good, record = GOOD[kind]
    named = load_layout(kind).by_heading()
    path = write_csv(tmp_path / "a.csv", [[named[heading].name for heading in header], good])
    assert reader(path).records == (record,)


@each_list
def test_缺少必填的列(tmp_path: Path, kind: str) -> None:
    reader, header, good, _ = GOOD[kind]
    named = load_layout(kind).by_heading()
    for position, heading in enumerate(header):
        rows = [[cell for at, cell in enumerate(cells) if at != position] for cells in (header, good)]
        file = reader(write_csv(tmp_path / "a.csv", rows))
        assert file.usable is not named[heading].required


@each_list
def test_必填的格空着(tmp_path: Path, kind: str) -> None:
    named = load_layout(kind).by_heading()
    for heading in GOOD[kind][1]:
        file = read(tmp_path, kind, changed(kind, **{heading: ""}))
        told = [(finding.rule, finding.row, finding.column) for finding in file.findings]
        assert told == ([("cell-empty", 2, heading)] if named[heading].required else [])


@each_list
def test_完全相同的只计一次(tmp_path: Path, kind: str) -> None:
    *_, record = GOOD[kind]
    file = read(tmp_path, kind, *[changed(kind)] * 3)
    assert file.records == (record,)
    assert [(f.rule, f.severity, f.row) for f in file.findings] == [("row-copied", Severity.WARNING, 3)]
    assert (file.totals.rows, file.totals.accepted, file.totals.duplicates) == (3, 1, 2)


CONFLICTS = {
    "marks": {"结束时间": "2024-06-30"},
    "enrolment_states": {"参保状态": "职工医保"},
    "premium_lists": {"资助金额": "100"},
    "payer_answers": {"支付金额": "1"},
    "former_payments": {"救助金额": "1"},
}


@each_list
def test_说同一件事而内容不同_都不采用(tmp_path: Path, kind: str) -> None:
    other = changed(kind, **{GOOD[kind][1][0]: "X9"})
    file = read(tmp_path, kind, changed(kind), changed(kind, **CONFLICTS[kind]), other)
    assert [record[0] for record in file.records] == ["X9"]
    assert [(f.rule, f.is_error, f.row) for f in file.findings] == [
        ("row-conflict", True, 2),
        ("row-conflict", True, 3),
    ]
    assert [(each.psn_no or each.setl_id, each.row) for each in file.refusals] == [(GOOD[kind][2][0], 2)] * 1 + [
        (GOOD[kind][2][0], 3)
    ]
    assert [each.key for each in file.refusals] == [KEYS.get(kind, "")] * 2
    assert (file.totals.accepted, file.totals.refused) == (1, 2)


DIFFERENT = {
    "marks": ({"身份标识": "特困人员"}, {"开始时间": "2023-01-01"}),
    "enrolment_states": ({"年度": "2023"},),
    "premium_lists": ({"年度": "2023"},),
    "payer_answers": ({"支付方": "公务员补助"},),
    "former_payments": ({"支付编号": "ZF002"},),
}


@each_list
def test_不是同一件事_各算各的(tmp_path: Path, kind: str) -> None:
    rows = [changed(kind), *(changed(kind, **each) for each in DIFFERENT[kind])]
    file = read(tmp_path, kind, *rows)
    assert (len(file.records), file.findings) == (len(rows), ())


KEYS = {"payer_answers": "hifmi_pay", "former_payments": "ZF001"}
"""What besides the settlement tells what the good rows are about."""

BAD = [
    ("marks", "结束时间", "2023-12-31", "period-reversed"),
    ("marks", "证件号码", "110101199003074531", "id-checksum"),
    ("marks", "开始时间", "2024/1/1", "date-notation"),
    ("enrolment_states", "年度", "24", "year-format"),
    ("enrolment_states", "年度", "1999", "year-format"),
    ("enrolment_states", "年度", "2100", "year-format"),
    ("enrolment_states", "年度", "二〇二四", "year-format"),
    ("enrolment_states", "参保状态", "参保", "word-unknown"),
    ("enrolment_states", "险种", "居民", "code-format"),
    ("enrolment_states", "资助金额", "-1", "amount-negative"),
    ("premium_lists", "个人缴费标准", "-0.01", "amount-negative"),
    ("premium_lists", "年度", "2024-01-01", "year-format"),
    ("payer_answers", "支付方", "医疗救助", "word-unknown"),
    ("payer_answers", "支付金额", "-1", "amount-negative"),
    ("payer_answers", "支付金额", "1,200.00", "amount-separator"),
    ("former_payments", "救助金额", "-300", "amount-negative"),
    ("former_payments", "支付日期", "昨天", "date-format"),
]


@pytest.mark.parametrize(("kind", "column", "cell", "rule"), BAD)
def test_有误的格_该行不采用(tmp_path: Path, kind: str, column: str, cell: str, rule: str) -> None:
    main_id = GOOD[kind][1][0]
    file = read(tmp_path, kind, changed(kind, **{column: cell}), changed(kind, **{main_id: "X9"}))
    assert [record[0] for record in file.records] == ["X9"]
    (finding,) = file.findings
    assert (finding.rule, finding.row, finding.column, finding.value) == (rule, 2, column, cell)
    assert finding.advice
    (refusal,) = file.refusals
    who = GOOD[kind][2][0]
    psn_no, setl_id = ("", who) if main_id == "结算编号" else (who, "")
    key = "" if column == "支付方" else KEYS.get(kind, "")
    assert refusal == Refusal(psn_no, None, setl_id, rule, refusal.message, 2, key)


KEY_TOLD = [
    ("payer_answers", {"支付金额": "五百"}, "hifmi_pay"),
    ("payer_answers", {"支付金额": "五百", "支付方": " 大病 保险 "}, "hifmi_pay"),
    ("payer_answers", {"支付金额": "五百", "支付方": "公务员补助"}, "cvlserv_pay"),
    ("payer_answers", {"支付金额": "五百", "支付方": "某保险"}, ""),
    ("payer_answers", {"支付金额": "五百", "支付方": ""}, ""),
    ("payer_answers", {"支付方": "大病" * 31}, ""),
    ("former_payments", {"救助金额": "三百"}, "ZF001"),
    ("former_payments", {"救助金额": "三百", "支付编号": " 'ZF002 "}, "ZF002"),
    ("former_payments", {"救助金额": "三百", "支付编号": "Z" * 60}, "Z" * 60),
    ("former_payments", {"救助金额": "三百", "支付编号": "Z" * 61}, ""),
    ("former_payments", {"救助金额": "三百", "支付编号": ""}, ""),
    ("former_payments", {"结算编号": "", "支付编号": "ZF002"}, "ZF002"),
]


@pytest.mark.parametrize(("kind", "cells", "key"), KEY_TOLD)
def test_读不出的行_看得出是哪一方哪一笔的说出来(tmp_path: Path, kind: str, cells: dict[str, str], key: str) -> None:
    file = read(tmp_path, kind, changed(kind, **cells), changed(kind, 结算编号="X9"))
    assert [(each.setl_id, each.key) for each in file.refusals] == [(cells.get("结算编号", "S001"), key)]


@pytest.mark.parametrize(
    "reference", [123, 1234567890123456789, "ZF\x00001", "ZF001\u3000"], ids=["数", "长数", "控制字符", "全角空格"]
)
def test_支付编号本身有误的_看不出是哪一笔(tmp_path: Path, reference: object) -> None:
    row = ["S001", "P001", reference, "300.00", ""]
    file = read_former_payments(write_xlsx(tmp_path / "a.xlsx", [FORMER, row, changed("former_payments")]))
    assert [(each.setl_id, each.key) for each in file.refusals] == [("S001", "")]


@pytest.mark.parametrize("kind", KEYS)
def test_多了少了一格的行_看不出是哪一方哪一笔(tmp_path: Path, kind: str) -> None:
    file = read(tmp_path, kind, [*changed(kind), "多"], changed(kind)[:-1], changed(kind, 结算编号="X9"))
    assert {each.key for each in file.refusals} == {""}
    assert {each.row for each in file.refusals} == {2, 3}


@pytest.mark.parametrize("year", ["2000", "2099", "2024年度", "2024 "])
def test_年度的写法(tmp_path: Path, year: str) -> None:
    file = read(tmp_path, "premium_lists", changed("premium_lists", 年度=year))
    assert [record.year for record in file.records] == [int(year[:4])]


def test_合计(tmp_path: Path) -> None:
    rows = [changed("enrolment_states"), changed("enrolment_states", 人员编号="P002", 资助金额="")]
    totals = read(tmp_path, "enrolment_states", *rows, ["合计", *[""] * 6]).totals
    assert (totals.persons, totals.premium_fen, totals.subsidy_fen, totals.foot_rows) == (2, 76000, 28000, 1)
    assert ("资助参保合计（元）", "280.00") in totals.lines()
    answers = [changed("payer_answers"), changed("payer_answers", 支付方="其他")]
    assert ("前序支付合计（元）", "2,401.00") in read(tmp_path, "payer_answers", *answers).totals.lines()
    assert read(tmp_path, "former_payments", changed("former_payments")).totals.paid_fen == 30000


def test_没有支付的行不导入(tmp_path: Path) -> None:
    rows = [changed("former_payments"), changed("former_payments", 结算编号="S002", 救助金额="0.00")]
    file = read(tmp_path, "former_payments", *rows)
    assert [record.setl_id for record in file.records] == ["S001"]
    assert [(f.rule, f.severity) for f in file.findings] == [("nothing-paid", Severity.INFO)]
    assert file.totals.accepted == 2


@each_list
def test_按报送格式(tmp_path: Path, kind: str) -> None:
    reader, header, good, record = GOOD[kind]
    rows = [["题名"], ["本单位编号", *header[1:]], [f"＇{good[0]}", *good[1:]], ["完"]]
    width = len(header)
    path = write_csv(tmp_path / "a.csv", [[*cells, *[""] * (width - len(cells))] for cells in rows])
    name = load_layout(kind).by_heading()[header[0]].name
    file = reader(path, SenderFormat(2, 1, True, {"本单位编号": name}))
    assert file.records == (record._replace(row=3),)
    assert [finding.rule for finding in file.findings] == ["ids-cleaned", "sender-foot-rows", "header-row"]


@each_list
def test_每种表只认自己(tmp_path: Path, kind: str) -> None:
    for other, (_, header, good, _) in GOOD.items():
        file = GOOD[kind][0](write_csv(tmp_path / "a.csv", [header, good]))
        if other == kind:
            assert file.usable
        elif not file.usable:
            assert file.findings[0].rule == "column-missing"


@pytest.mark.parametrize(
    ("group", "word", "code"),
    [
        (STATE, "未参保", "none"), (STATE, "异地参保", "elsewhere"), (STATE, "城镇职工医保", "employee"),
        (PAYER, "基本医保统筹", "hifp_pay"), (PAYER, "统筹基金支付", "hifp_pay"), (PAYER, "大病保险", "hifmi_pay"),
        (PAYER, "职工大额补助", "hifob_pay"), (PAYER, "公务员补助", "cvlserv_pay"), (PAYER, "企业补充", "hifes_pay"),
        (PAYER, "互助帮困", "oth_pay"), (PAYER, "hifdm_pay", "hifdm_pay"), (CHANGE, "停发", "ended"),
    ],
)  # fmt: skip
def test_各种写法(group: str, word: str, code: str) -> None:
    assert coded(group, word) == code
    assert coded(group, usual_word(group, code)) == code


def test_每个支付方都有标准写法() -> None:
    assert all(coded(PAYER, usual_word(PAYER, name)) == name for name in INSURED_FIELDS)


def test_不认识的写法说出标准写法() -> None:
    fault = coded(STATE, "参保中")
    assert isinstance(fault, Fault)
    assert fault.advice == "请改为下列之一：本地居民医保、职工医保、外地参保、未参保"
