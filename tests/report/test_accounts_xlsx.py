"""公开表的工作簿：数与公开的表一致，勾稽关系逐条列出，两边和结果都是公式；用 LibreOffice 重新计算以后仍然如此。"""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.lishi import changed, lishi
from tests.report.recalculation import patched, recalculate, sheets, spoiled
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.filled import FilledTable, tables
from tuodi.accounts.identities import Standing, equations
from tuodi.report.accounts.disclosure_workbook import write_disclosure_workbook
from tuodi.report.accounts.grid import placed
from tuodi.report.accounts.sums import sum_text

ABOVE = 3


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("决算") / "公开表.xlsx"
    write_disclosure_workbook(path, lishi())
    return path


def check_table(table: FilledTable, rows: list[list[Any]]) -> None:
    """表里的每一格：金额是数，与印出的数相等；文字照原样；空的还是空的。"""
    for row, column, cell in placed((*table.heading_rows, *table.rows)):
        shown = rows[row + ABOVE][column]
        if cell.value is not None:
            assert shown == float(cell.text), f"{table.number} {cell.key}"
        elif cell.text and not cell.text.isdigit():
            assert shown == cell.text
        elif not cell.text:
            assert shown == ""


def test_一张表一个工作表_数与公开的表一致(book: Path) -> None:
    read = sheets(book)
    filled = tables(lishi())
    assert list(read) == [*(table.number for table in filled), "勾稽关系"]
    for table in filled:
        assert read[table.number][0][0] == table.title
        check_table(table, read[table.number])
    assert read["公开03表"][7][0] == "210", "科目编码是文字"


def parts(book: Path) -> Mapping[int, str]:
    with zipfile.ZipFile(book) as archive:
        return {number: archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, 12)}


def test_公开的表全是数_公式只在勾稽关系里(book: Path) -> None:
    xml = parts(book)
    assert [number for number, content in xml.items() if "<f>" in content] == [11]
    # 公开01表：表头三行，第 27 行次在第 33 行；收入列是 C。
    assert '<c r="C33"' in xml[1] and "<v>7824626.42</v>" in xml[1]
    assert "<f>ROUND('公开01表'!C33,2)</f>" in xml[11] and "<f>ROUND(SUM('公开01表'!C7:C14),2)</f>" in xml[11]


def test_勾稽关系每一条都在(book: Path) -> None:
    accounts = lishi()
    rows = sheets(book)["勾稽关系"][3:]
    names = {row[1] for row in rows}
    assert {identity.name for identity in accounts.tables.identities} <= names
    holding = sum(each.standing is Standing.HOLDS for each in equations(accounts))
    assert sum(row[7] == "✓" for row in rows) == holding > 150
    assert {row[7] for row in rows} == {"✓", "没有数据", "没有填写"}
    assert [row[1] for row in rows if row[7] == "没有填写"] == ["部门整体支出绩效的全年执行数不大于本年支出合计"]
    both = next(row for row in rows if row[1] == "人员经费和公用经费之和等于一般公共预算支出合计")
    assert both[3] == both[6] == 7824626.42
    assert both[2] == "公开06表“人员经费合计·金额”＋公开06表“公用经费合计·金额”"
    assert both[4:6] == ["＝", "公开05表“合计·小计”"]


@pytest.mark.needs("libreoffice")
def test_重新计算以后与公开的表相同_改动一个数会显出来(book: Path, tmp_path: Path) -> None:
    files = tmp_path / "入"
    files.mkdir()
    spoiled(book, files / "重算.xlsx")
    # 公开01表 C7 是一般公共预算财政拨款收入。
    patched(book, files / "改动.xlsx", "公开01表", "C7", "7824626.43")
    out = recalculate([files / "重算.xlsx", files / "改动.xlsx"], tmp_path)
    again = sheets(out["重算.xlsx"])
    for table in tables(lishi()):
        check_table(table, again[table.number])
    assert again["勾稽关系"][3:] == sheets(book)["勾稽关系"][3:]
    moved = sheets(out["改动.xlsx"])
    assert moved["公开01表"][32][2] == 7824626.42, "公开的数不跟着变"
    broken = {row[1] for row in moved["勾稽关系"][3:] if row[7] == "✗"}
    assert "收入支出总表的本年收入合计是八项收入之和" in broken
    assert "收入总计等于支出总计" not in broken


@pytest.mark.parametrize(
    ("格", "写成"),
    [
        ([(1, (6, 2)), (1, (7, 2)), (1, (8, 2))], "SUM(C7:C9)"),
        ([(1, (6, 2)), (1, (6, 3)), (1, (6, 4))], "SUM(C7:E7)"),
        ([(1, (6, 2)), (1, (8, 2))], "SUM(C7,C9)"),
        ([(1, (6, 2))], "C7"),
        ([(1, (6, 2)), (1, (6, 3)), (-1, (6, 4))], "SUM(C7:D7)-E7"),
        ([(1, (6, 2)), (1, (7, 2)), (1, (6, 3))], "SUM(C7:C8,D7)"),
    ],
)
def test_公式用区域引用(格: list[tuple[int, tuple[int, int]]], 写成: str) -> None:
    assert sum_text(格) == 写成


def test_另一张表的格带上表名() -> None:
    assert sum_text([(1, (6, 2)), (1, (7, 2)), (1, (9, 2))], "公开01表") == "SUM('公开01表'!C7:C8,'公开01表'!C10)"


def in_wan(accounts: Accounts) -> Accounts:
    return replace(accounts, tables=replace(accounts.tables, unit="万元"))


def test_以万元公布_四舍五入对不上的合计照样是各自的数(tmp_path: Path) -> None:
    # 基本支出 0.65 万元 + 项目支出 0.65 万元，合计 1.29 万元：0.6450 + 0.6450。
    accounts = lishi()
    for key, value in (("2101599", 1_290_000), ("total", 1_290_000)):
        accounts = changed(accounts, ("03", key, "total"), value)
        accounts = changed(accounts, ("03", key, "basic"), 645_000)
        accounts = changed(accounts, ("03", key, "project"), 645_000)
    path = tmp_path / "万元.xlsx"
    write_disclosure_workbook(path, in_wan(accounts))
    assert sheets(path)["公开03表"][6][2:5] == [1.29, 0.65, 0.65]


def test_读入万元四位小数_照四位写_尾差在容许以内(tmp_path: Path) -> None:
    accounts = lishi()
    for key, cell in lishi().cells.items():
        table = accounts.tables.table(key[0])
        if cell.value is not None and table is not None and table.is_money(key[1]):
            accounts = changed(accounts, key, cell.value // 100 * 100)
    accounts = replace(accounts, steps={table.id: 100 for table in accounts.tables.tables})
    path = tmp_path / "万元.xlsx"
    write_disclosure_workbook(path, accounts)
    read = sheets(path)
    assert read["公开01表"][6][2] == 782.4626
    assert 'formatCode="0.0000"' in zipfile.ZipFile(path).read("xl/styles.xml").decode()
    assert "万元" in read["公开01表"][2][0]
    assert any("尾差" in str(row[0]) for row in read["公开01表"]) and "尾差" in read["勾稽关系"][1][0]
    # 一个数等于一个数：两边各容许末位的一半，合计 0.0001 万元。
    with zipfile.ZipFile(path) as archive:
        formulas = archive.read("xl/worksheets/sheet11.xml").decode()
    assert "&lt;=0.0001," in formulas
