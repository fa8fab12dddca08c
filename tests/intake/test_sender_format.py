"""How a sender's files look: header row, foot rows, cleaned numbers, own headings. Without it nothing changes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.intake.written import (
    PERSON_HEADER,
    SETTLEMENT_HEADER,
    person,
    settlement,
    write_csv,
    write_parquet,
    write_xlsx,
)
from tuodi.intake.enrolments import read_enrolments
from tuodi.intake.layouts import load_layout
from tuodi.intake.paid import read_paid
from tuodi.intake.persons import read_persons
from tuodi.intake.rows import original_table
from tuodi.intake.sender_format import PLAIN, SenderFormat, cleaned_id, sender_faults
from tuodi.intake.settlements import read_settlements
from tuodi.intake.tables import Table
from tuodi.kernel.finding import Finding, Severity

Writer = Callable[..., Path]
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}

TITLE = ["示例县救助对象名册", *[""] * 7]
each_format = pytest.mark.parametrize("suffix", ["csv", "xlsx"])


def write(folder: Path, suffix: str, rows: Sequence[Sequence[object]]) -> Path:
    return WRITERS[suffix](folder / f"a.{suffix}", rows)


def told(findings: Sequence[Finding]) -> list[tuple[str, Severity, int | None]]:
    return [(finding.rule, finding.severity, finding.row) for finding in findings]


@each_format
def test_列名在写明的那一行(tmp_path: Path, suffix: str) -> None:
    # The second row looks like a header too: without the format it would be taken.
    false_header = ["psn_no", "identity", *[""] * 6]
    path = write(tmp_path, suffix, [TITLE, false_header, PERSON_HEADER, person()])
    file = read_persons(path, sender=SenderFormat(header_row=3))
    assert [(one.psn_no, one.row) for one in file.holdings] == [("P001", 4)]
    assert told(file.findings) == [("header-row", Severity.INFO, 3)]
    assert "它上面的 2 行未读取" in file.findings[0].message
    assert not read_persons(path).usable


@each_format
@pytest.mark.parametrize("row", [1, 3, 4, 20])
def test_那一行没有列名(tmp_path: Path, suffix: str, row: int) -> None:
    path = write(tmp_path, suffix, [TITLE, PERSON_HEADER, person()])
    file = read_persons(path, sender=SenderFormat(header_row=row))
    assert not file.usable
    assert told(file.findings) == [("header-row-absent", Severity.ERROR, row)]
    assert f"第 {row} 行" in file.findings[0].message


def test_那一行缺少必填的列(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["psn_no", "姓名"], ["P001", "测试甲"]])
    file = read_persons(path, sender=SenderFormat(header_row=1))
    assert not file.usable
    assert {finding.rule for finding in file.findings} == {"column-missing"}
    assert {finding.row for finding in file.findings} == {1}


def test_parquet的列名在第一行(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", [PERSON_HEADER, person()])
    assert read_persons(path, sender=SenderFormat(header_row=1)).usable
    assert told(read_persons(path, sender=SenderFormat(header_row=2)).findings) == [
        ("header-row-absent", Severity.ERROR, 2)
    ]


@each_format
def test_表尾几行不读_一次说明(tmp_path: Path, suffix: str) -> None:
    blank = [""] * 8
    foot = [["制表人：测试甲", *blank[1:]], ["二〇二四年十二月", *blank[1:]]]
    path = write(tmp_path, suffix, [PERSON_HEADER, person(), person(psn_no="P002", certno=""), blank, *foot])
    file = read_persons(path, sender=SenderFormat(foot_rows=2))
    assert [one.psn_no for one in file.holdings] == ["P001", "P002"]
    assert told(file.findings) == [("sender-foot-rows", Severity.INFO, None)]
    assert "最后 2 行不是数据，未读取：第 5、6 行" in file.findings[0].message
    assert file.totals.rows == 2
    assert read_persons(path).totals.refused == 2


def test_表尾行看起来是数据时提醒(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person(), person(psn_no="P002", certno="")])
    file = read_persons(path, sender=SenderFormat(foot_rows=1))
    assert [one.psn_no for one in file.holdings] == ["P001"]
    assert told(file.findings) == [("sender-foot-rows", Severity.WARNING, None)]
    assert "其中第 3 行看起来是数据" in file.findings[0].message


def test_行数少于表尾行数(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, ["合计", *[""] * 7]])
    file = read_persons(path, sender=SenderFormat(foot_rows=3))
    assert (file.usable, file.totals.rows) == (True, 0)
    assert told(file.findings) == [("sender-foot-rows", Severity.INFO, None)]


NBSP, ZERO_WIDTH, WIDE = "\u00a0", "\u200b", "\u3000"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("110101199003074530", "110101199003074530"),
        (" 110101199003074530\t", "110101199003074530"),
        (f"{NBSP}{WIDE}P001{NBSP}", "P001"),
        (f"P0{ZERO_WIDTH}01\ufeff", "P001"),
        ("'P001'", "P001"),
        ("＇P001’", "P001"),
        ("‘P001", "P001"),
        ("１１０１０１１９９００３０７４５３Ｘ", "11010119900307453X"),
        ("Ｐ００１", "P001"),
        ("110101 19900307 4530", "110101199003074530"),
        ("110101900307453", "110101900307453"),
        # Two numbers in one cell are never joined.
        ("P001 P002", "P001 P002"),
        ("P001、P002", "P001、P002"),
        ("5.22627E+17", "5.22627E+17"),
        ("１２．５", "12．5"),
        ("合计", "合计"),
        ("", ""),
        ("' '", ""),
    ],
)
def test_整理编号(text: str, cleaned: str) -> None:
    assert cleaned_id(text) == cleaned


@each_format
def test_整理编号和代码_每列说一次_金额和日期不动(tmp_path: Path, suffix: str) -> None:
    rows = [
        SETTLEMENT_HEADER,
        settlement(setl_id="＇S001", psn_no="Ｐ００１", med_type="２１"),
        settlement(setl_id=f"S002{NBSP}", psn_no=f"P{ZERO_WIDTH}001", hifp_pay="５00.00"),
        settlement(setl_id="S003", setl_time="２024-05-06"),
    ]
    path = write(tmp_path, suffix, rows)
    file = read_settlements(path, sender=SenderFormat(clean_ids=True))
    assert [(one.setl_id, one.psn_no, one.med_type) for one in file.settlements] == [("S001", "P001", "21")]
    infos = [(f.rule, f.column, f.message) for f in file.findings if not f.is_error]
    assert [(rule, column) for rule, column, _ in infos] == [
        ("ids-cleaned", "setl_id"), ("ids-cleaned", "psn_no"), ("ids-cleaned", "med_type"),
    ]  # fmt: skip
    assert ["有 2 个单元格" in infos[0][2], "有 2 个单元格" in infos[1][2], "有 1 个单元格" in infos[2][2]] == [
        True
    ] * 3
    assert [(f.rule, f.row, f.column) for f in file.findings if f.is_error] == [
        ("amount-full-width", 3, "hifp_pay"), ("date-full-width", 4, "setl_time"),
    ]  # fmt: skip
    assert read_settlements(path).totals.accepted == 0


def test_数值编号整理了也不接受(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [PERSON_HEADER, person(certno=110101199003074500)])
    file = read_persons(path, sender=SenderFormat(clean_ids=True))
    assert [finding.rule for finding in file.findings] == ["id-as-number"]


def test_报送单位自己的列名(tmp_path: Path) -> None:
    header = ["编码", "身份证号", "救助身份", "享受起", "享受止"]
    path = write_csv(tmp_path / "a.csv", [header, ["P001", "110101199003074530", "低保对象", "2024-01-01", ""]])
    own = SenderFormat(columns={"编码": "psn_no", " 享受起 ": "begntime", "享受止": "endtime"})
    file = read_persons(path, sender=own)
    assert [(one.psn_no, one.identity, str(one.begin)) for one in file.holdings] == [("P001", "低保对象", "2024-01-01")]
    assert file.findings == ()
    assert not read_persons(path).usable


def test_自己的列名先于同一字段的其他列名(tmp_path: Path) -> None:
    header = ["人员编号", "人员类别", "救助类别", "开始时间"]
    path = write_csv(tmp_path / "a.csv", [header, ["P001", "普通居民", "低保对象", "2024-01-01"]])
    assert [finding.rule for finding in read_persons(path).findings] == ["column-twice"]
    file = read_persons(path, sender=SenderFormat(columns={"救助类别": "identity"}))
    assert [one.identity for one in file.holdings] == ["低保对象"]
    assert [(f.rule, "人员类别" in f.message) for f in file.findings] == [("column-unknown", True)]


def test_自己的列名改了意思(tmp_path: Path) -> None:
    header = ["人员编号", "户号", "身份", "开始时间"]
    path = write_csv(tmp_path / "a.csv", [header, ["F01", "P001", "低保对象", "2024-01-01"]])
    own = SenderFormat(columns={"人员编号": "family_no", "户号": "psn_no"})
    file = read_persons(path, sender=own)
    assert [(one.psn_no, one.family_no) for one in file.holdings] == [("P001", "F01")]


def test_这次没有自己的列名时照常(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person()])
    assert read_persons(path, sender=SenderFormat(columns={"编码": "psn_no"})).holdings[0].psn_no == "P001"


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        (SenderFormat(header_row=0), "列名行不在第 1 至 20 行"),
        (SenderFormat(header_row=21), "列名行不在第 1 至 20 行"),
        (SenderFormat(foot_rows=-1), "表尾行数不在 0 至 100 之间"),
        (SenderFormat(foot_rows=101), "表尾行数不在 0 至 100 之间"),
        (SenderFormat(columns={"编码": "no_such"}), "“no_such”不是对象名册的字段"),
        (SenderFormat(columns={" ": "psn_no"}), "有一个列名是空的"),
    ],
)
def test_报送格式有误(tmp_path: Path, sender: SenderFormat, said: str) -> None:
    (fault,) = sender_faults(sender, load_layout("persons"))
    assert said in fault.message
    file = read_persons(write_csv(tmp_path / "a.csv", [PERSON_HEADER, person()]), sender=sender)
    assert (file.usable, [finding.rule for finding in file.findings]) == (False, ["sender-format"])


@pytest.mark.parametrize("sender", [PLAIN, SenderFormat(20, 100, True, {"编码": "psn_no"})])
def test_报送格式无误(sender: SenderFormat) -> None:
    assert sender_faults(sender, load_layout("persons")) == []


def test_参保缴费和已救助也按报送格式(tmp_path: Path) -> None:
    sender = SenderFormat(foot_rows=1, clean_ids=True, columns={"号": "psn_no", "单": "setl_id"})
    rows = [["号", "身份", "参保日期", "个人缴费标准"], ["'P001'", "低保对象", "2024-01-01", "380"], ["完", "", "", ""]]
    enrolments = read_enrolments(write_csv(tmp_path / "a.csv", rows), sender=sender_of(sender, "psn_no"))
    assert [one.psn_no for one in enrolments.enrolments] == ["P001"]
    paid = read_paid(
        write_csv(tmp_path / "b.csv", [["单", "救助金额"], ["'S001'", "3"], ["完", ""]]),
        sender=sender_of(sender, "setl_id"),
    )
    assert [one.setl_id for one in paid.payments] == ["S001"]


def sender_of(sender: SenderFormat, field: str) -> SenderFormat:
    own = {heading: name for heading, name in sender.columns.items() if name == field}
    return SenderFormat(sender.header_row, sender.foot_rows, sender.clean_ids, own)


def test_选错了文件种类(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [SETTLEMENT_HEADER, settlement()])
    (finding,) = read_persons(path, sender=SenderFormat(clean_ids=True)).findings
    assert finding.advice == "这像是结算明细，请核对上传时选的文件种类"


def test_原样打开的表不整理(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [["编码", "身份", "开始时间"], ["'P001'", "低保对象", "2024-01-01"], ["完", "", ""]]
    )
    sender = SenderFormat(foot_rows=1, clean_ids=True, columns={"编码": "psn_no"})
    table = original_table(path, "persons", sender=sender)
    assert isinstance(table, Table)
    assert list(table.rows) == [(2, ["'P001'", "低保对象", "2024-01-01"]), (3, ["完", "", ""])]
