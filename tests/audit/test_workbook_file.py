"""Workbooks read sheet by sheet."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.audit.paper_files import workbook
from tuodi.audit.paper.model import Paper, Table
from tuodi.audit.paper.workbook_file import read_workbook
from tuodi.kernel.finding import Finding


def _read(path: Path) -> Paper:
    paper = read_workbook(path)
    assert isinstance(paper, Paper), paper
    return paper


def _grid(table: Table) -> list[list[str]]:
    return [["↑" if cell.covered else cell.text for cell in row] for row in table.rows]


def test_标题和单位在表头之上(tmp_path: Path) -> None:
    rows = [
        ["收入支出决算总表"],
        ["编制单位：示例县医保局", "", "单位：万元"],
        ["项目", "预算数", "决算数"],
        ["一、财政拨款", 100, 99.5],
        ["合计", 100, 99.5],
        ["注：本表反映本年度收支。"],
    ]
    paper = _read(workbook(tmp_path / "a.xlsx", {"公开01表": rows}, ["A1:C1"]))
    (table,) = paper.tables
    assert (table.title, table.unit, table.place.sheet) == ("收入支出决算总表", "万元", "公开01表")
    assert _grid(table) == [["项目", "预算数", "决算数"], ["一、财政拨款", "100", "99.5"], ["合计", "100", "99.5"]]
    assert [block.text for block in paper.paragraphs][-1] == "注：本表反映本年度收支。"
    assert table.rows[1][2].place.words() == "工作表“公开01表” 第 4 行第 3 列"


def test_每个工作表分开(tmp_path: Path) -> None:
    rows = [["项目", "金额"], ["甲", 1]]
    paper = _read(workbook(tmp_path / "a.xlsx", {"一月": rows, "二月": rows}))
    assert [table.place.sheet for table in paper.tables] == ["一月", "二月"]
    assert [table.place.section for table in paper.tables] == ["一月", "二月"]


def test_合并的表头(tmp_path: Path) -> None:
    rows = [["项目", "金额", ""], ["", "预算", "决算"], ["甲", 1, 2]]
    paper = _read(workbook(tmp_path / "a.xlsx", {"表": rows}, ["A1:A2", "B1:C1"]))
    (table,) = paper.tables
    assert _grid(table) == [["项目", "金额", "↑"], ["↑", "预算", "决算"], ["甲", "1", "2"]]


def test_空行隔开两张表_但不切断合计(tmp_path: Path) -> None:
    rows = [["项目", "金额"], ["甲", 1], [], ["合计", 1], [], ["表2 人数表"], ["类别", "人数"], ["低保", 9]]
    first, second = _read(workbook(tmp_path / "a.xlsx", {"表": rows})).tables
    assert _grid(first) == [["项目", "金额"], ["甲", "1"], ["合计", "1"]]
    assert (second.title, _grid(second)) == ("表2人数表", [["类别", "人数"], ["低保", "9"]])


@pytest.mark.parametrize(
    ("值", "格式", "读作"),
    [
        (0.1 + 0.2, "0.00", "0.3"),
        (1234.5, "#,##0.00", "1234.5"),
        (1e15, "0", "1000000000000000"),
        (-5, "0", "-5"),
        (0.9056, "0.00%", "90.56%"),
        (1, "0%", "100%"),
        (date(2024, 5, 3), "yyyy-mm-dd", "2024-05-03"),
        (datetime(2024, 5, 3, 8, 30), "yyyy-mm-dd hh:mm", "2024-05-03 08:30:00"),
        (" １２％ ", "@", "12%"),
        ("两行\n文字", "@", "两行\n文字"),
        (True, "General", "TRUE"),
    ],
)
def test_单元格的值(值: object, 格式: str, 读作: str, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["项目", "金额"])
        sheet.write(1, 0, "甲")
        sheet.write(1, 1, 值, book.add_format({"num_format": 格式}))
    (table,) = _read(tmp_path / "a.xlsx").tables
    assert table.rows[1][1].text == 读作


def test_隐藏的表不读(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("公开", "底稿"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["项目", "金额"])
            if name == "底稿":
                sheet.hide()
    assert [table.place.sheet for table in _read(tmp_path / "a.xlsx").tables] == ["公开"]


def test_空工作簿和过宽的表拒绝(tmp_path: Path) -> None:
    empty = read_workbook(workbook(tmp_path / "a.xlsx", {"表": []}))
    assert isinstance(empty, Finding) and empty.rule == "file-empty"
    wide = read_workbook(workbook(tmp_path / "b.xlsx", {"表": [["项"] * 301, ["值"] * 301]}))
    assert isinstance(wide, Finding) and (wide.rule, wide.message) == ("file-too-large", "列数超过 300")
