"""Faulty rows go back as they came, with what is wrong in front; what looks like a formula stays text."""

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.intake.written import PERSON_HEADER, SETTLEMENT_HEADER, person, settlement, write_csv, write_xlsx
from tuodi.intake.roster import read_roster
from tuodi.intake.rows import original_table
from tuodi.intake.sender_format import PLAIN, SenderFormat
from tuodi.intake.settlement_records import read_settlement_records
from tuodi.intake.tables import Table
from tuodi.kernel.finding import Finding, Severity
from tuodi.report.marked_rows import MarkedRows, write_marked_rows

FRONT = ["第几行", "问题", "怎样改"]
RED, YELLOW = "F8CBAD", "FFF2CC"


def table_of(path: Path, layout: str = "roster", sender: SenderFormat = PLAIN) -> Table:
    table = original_table(path, layout, sender=sender)
    assert isinstance(table, Table)
    return table


def marked(path: Path, out: Path, sender: SenderFormat = PLAIN, most: int = 100) -> MarkedRows:
    return write_marked_rows(out, table_of(path, sender=sender), read_roster(path, sender).findings, sender, most)


def rows_of(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def fault(row: int, column: str = "", severity: Severity = Severity.ERROR, sheet: str = "") -> Finding:
    return Finding(rule="x-y", message="有误", advice="请改", severity=severity, row=row, column=column, sheet=sheet)


def test_只有有误的行_各格照原样(tmp_path: Path) -> None:
    rows = [PERSON_HEADER, person(), person(psn_no="P002", certno="", begntime="2024/1/1"), person(psn_no="")]
    path = write_csv(tmp_path / "a.csv", rows)
    assert marked(path, tmp_path / "改.xlsx") == MarkedRows(2, 0)
    header, first, second = rows_of(tmp_path / "改.xlsx")
    assert header == [*FRONT, *PERSON_HEADER]
    assert first == ["3", first[1], first[2], *rows[2]]
    assert first[1] == "“begntime”：日期写法不对（年月日都有，但不是 YYYY-MM-DD），人员 P002 各年度的待遇全部暂不计算"
    assert first[2] == "请改为 2024-01-01，或把单元格设为日期格式"
    assert second[0] == "4"


def test_出错的格标色(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person(), person(psn_no="P002")])
    findings = [fault(2, "endtime"), fault(2, "psn_no", Severity.WARNING), fault(3, "psn_no", Severity.INFO)]
    assert write_marked_rows(tmp_path / "b.xlsx", table_of(path), findings) == MarkedRows(1, 0)
    parts = zipfile.ZipFile(tmp_path / "b.xlsx")
    styles, sheet = parts.read("xl/styles.xml").decode(), parts.read("xl/worksheets/sheet1.xml").decode()
    fills = styles.split("<fill>")[1:]
    red, yellow = (next(at for at, fill in enumerate(fills) if colour in fill) for colour in (RED, YELLOW))
    formats = styles.split("<cellXfs")[1].split("<xf ")[1:]
    used = {
        cell.split('r="')[1].split('"')[0]: formats[int(cell.split('s="')[1].split('"')[0])]
        for cell in sheet.split("<c ")[1:]
    }
    assert f'fillId="{yellow}"' in used["D2"]
    assert f'fillId="{red}"' in used["J2"]
    assert all('fillId="0"' in used[f"{column}2"] for column in "ABCEFGHI")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "'=1", "<b>&", "\x01\x1f"]
)
def test_像公式的内容是文字(tmp_path: Path, text: str) -> None:
    path = write_csv(tmp_path / "a.csv", [[*PERSON_HEADER, text], [*person(psn_no=""), text]])
    table = table_of(path)
    write_marked_rows(tmp_path / "b.xlsx", table, [fault(2, text.strip())])
    sheet = zipfile.ZipFile(tmp_path / "b.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet
    assert 't="n"' not in sheet
    rows = rows_of(tmp_path / "b.xlsx")
    if text.isprintable():
        assert [rows[0][-1], rows[1][-1]] == [text, text]


def test_编号和金额都是文字(tmp_path: Path) -> None:
    cells = settlement(hifp_pay=0.1 + 0.2, medfee_sumamt=1000, act_pay_dedc=-5, setl_id=123456789012345680)
    path = write_xlsx(tmp_path / "a.xlsx", [SETTLEMENT_HEADER, cells])
    findings = read_settlement_records(path).findings
    write_marked_rows(tmp_path / "b.xlsx", table_of(path, "settlement_records"), findings)
    found = dict(zip(SETTLEMENT_HEADER, rows_of(tmp_path / "b.xlsx")[1][3:], strict=True))
    assert (found["hifp_pay"], found["medfee_sumamt"], found["act_pay_dedc"]) == ("0.3", "1000", "-5")
    assert isinstance(found["setl_id"], str)


def test_很长的内容不丢下整行(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[*PERSON_HEADER, "备注"], [*person(psn_no=""), "长" * 32_767]])
    assert marked(path, tmp_path / "b.xlsx") == MarkedRows(1, 0)
    assert len(str(rows_of(tmp_path / "b.xlsx")[1][-1])) == 32_000


def test_改好以后可以直接再上传(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person(), person(psn_no="P002", certno="", begntime="坏")])
    marked(path, tmp_path / "b.xlsx")
    header, row = rows_of(tmp_path / "b.xlsx")
    row[header.index("begntime")] = "2024-01-01"
    file = read_roster(write_xlsx(tmp_path / "c.xlsx", [header, row]))
    assert [one.holding.psn_no for one in file.rows] == ["P002"]
    assert [finding.rule for finding in file.findings] == ["column-unknown"]


def test_按报送格式写出_再上传时不丢行(tmp_path: Path) -> None:
    sender = SenderFormat(header_row=3, foot_rows=2, columns={"编码": "psn_no"})
    blank = [""] * 7
    rows = [
        ["名册", *blank], ["说明", *blank], ["编码", *PERSON_HEADER[1:]], person(), person(psn_no="P002", begntime=""),
        ["制表", *blank], ["日期", *blank],
    ]  # fmt: skip
    path = write_csv(tmp_path / "a.csv", rows)
    assert marked(path, tmp_path / "b.xlsx", sender) == MarkedRows(1, 0)
    sent = rows_of(tmp_path / "b.xlsx")
    assert sent[2][:4] == [*FRONT, "编码"]
    sent[3][sent[2].index("begntime")] = "2024-01-01"
    file = read_roster(write_xlsx(tmp_path / "c.xlsx", sent), sender)
    assert [one.holding.psn_no for one in file.rows] == ["P002"]
    assert "最后 2 行不是数据" in next(f.message for f in file.findings if f.rule == "sender-foot-rows")


def test_最多写多少行(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, *(person(psn_no="") for _ in range(5))])
    assert marked(path, tmp_path / "b.xlsx", most=2) == MarkedRows(2, 3)
    assert [row[0] for row in rows_of(tmp_path / "b.xlsx")] == ["第几行", "2", "3"]


def test_没有有误的行(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person()])
    assert marked(path, tmp_path / "b.xlsx") == MarkedRows(0, 0)
    assert rows_of(tmp_path / "b.xlsx") == [[*FRONT, *PERSON_HEADER]]


def test_列名行和别的工作表的问题不在其中(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person()])
    findings = [fault(1, "psn_no"), fault(2, sheet="另一张"), fault(2, severity=Severity.INFO)]
    assert write_marked_rows(tmp_path / "b.xlsx", table_of(path), findings) == MarkedRows(0, 0)


def test_读到坏处为止(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, person(psn_no=""), person()])
    path.write_bytes(path.read_bytes() + b'"P009')
    assert write_marked_rows(tmp_path / "b.xlsx", table_of(path), [fault(2), fault(4)]) == MarkedRows(1, 1)


def test_错位的行有多余的格(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PERSON_HEADER, [*person(), "多余"]])
    assert marked(path, tmp_path / "b.xlsx") == MarkedRows(1, 0)
    assert rows_of(tmp_path / "b.xlsx")[1][-1] == "多余"
