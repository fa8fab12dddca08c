"""公开表的工作簿：数与公开的表一致，合计是公式，勾稽关系逐条列出；用 LibreOffice 重新计算以后仍然如此。"""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.lishi import changed, lishi
from tests.report.recalculation import patched, recalculate, sheets, spoiled
from tuodi.accounts.disclosure import Accounts, CellKey
from tuodi.accounts.filled import FilledTable, tables
from tuodi.accounts.identities import Equation, Standing, equations
from tuodi.accounts.table_set import Relation
from tuodi.kernel.finding import Fault
from tuodi.report.accounts.disclosure_workbook import write_disclosure_workbook
from tuodi.report.accounts.grid import placed
from tuodi.report.accounts.sums import sum_text, totals

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


def test_合计是公式(book: Path) -> None:
    xml = parts(book)
    # 公开01表：表头三行，第 27 行次在第 33 行；收入列是 C。
    assert '<c r="C33"' in xml[1] and "<f>ROUND(SUM(C7:C14),2)</f>" in xml[1]
    assert "<f>ROUND(SUM(C33:C35),2)</f>" in xml[1], "总计是本年收入、使用结余和年初结转之和"
    # 公开03表：合计行是各列之和，类是款之和。
    assert "<f>ROUND(SUM(D7:H7),2)</f>" in xml[3] and "<f>ROUND(SUM(E9,E11),2)</f>" in xml[3]
    assert "<f>" not in xml[7], "空表没有公式"


def test_勾稽关系每一条都在(book: Path) -> None:
    accounts = lishi()
    rows = sheets(book)["勾稽关系"][3:]
    names = {row[1] for row in rows}
    assert {identity.name for identity in accounts.tables.identities} <= names
    holding = sum(each.standing is Standing.HOLDS for each in equations(accounts))
    assert sum(row[7] == "✓" for row in rows) == holding > 150
    assert {row[7] for row in rows} == {"✓", "没有数据"}
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
    assert moved["公开01表"][32][2] == moved["公开01表"][36][2] == 7824626.43, "合计和总计跟着变"
    broken = {row[1] for row in moved["勾稽关系"][3:] if row[7] == "✗"}
    assert {"收入总计等于支出总计", "收入支出总表和收入表的本年收入合计相等"} <= broken
    assert "收入支出总表的本年收入合计是八项收入之和" not in broken


def equation(left: CellKey, *right: CellKey, relation: Relation = Relation.TOTAL) -> Equation:
    return Equation(
        identity="x",
        name="x",
        relation=relation,
        fault=Fault("x", "x", "x"),
        left=((1, left),),
        right=tuple((1, key) for key in right),
        standing=Standing.HOLDS,
    )


A, B, C, OTHER = ("01", "1", "a"), ("01", "2", "a"), ("01", "3", "a"), ("02", "1", "a")


@pytest.mark.parametrize(
    ("等式", "印出", "有公式的"),
    [
        ([equation(A, B, C)], {A: 5, B: 2, C: 3}, [A]),
        ([equation(A, B, C)], {A: 5, B: 5}, [A]),
        ([equation(A, B, C)], {A: Fraction(1, 100), B: 0, C: 0}, []),
        ([equation(A, B, C)], {B: 2, C: 3}, []),
        ([equation(A, OTHER)], {A: 5, OTHER: 5}, []),
        ([equation(A, B), equation(B, A)], {A: 5, B: 5}, [A]),
        ([equation(A, B), equation(B, C), equation(C, A)], {A: 5, B: 5, C: 5}, [A, B]),
        ([equation(A, B, relation=Relation.TABLES)], {A: 5, B: 5}, []),
    ],
    ids=["合计", "有一项是空的", "四舍五入后不等", "合计是空的", "别的表", "两数相等不互相引用", "不绕圈", "表间关系"],
)
def test_哪些格写公式(等式: list[Equation], 印出: dict[CellKey, Any], 有公式的: list[CellKey]) -> None:
    printed = {key: Fraction(value) for key, value in 印出.items()}
    assert list(totals(等式, printed)) == 有公式的


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


def test_以万元公布_四舍五入对不上的合计写数不写公式(tmp_path: Path) -> None:
    # 基本支出 0.65 万元 + 项目支出 0.65 万元，合计 1.29 万元：0.6450 + 0.6450。
    accounts = lishi()
    for key, value in (("2101599", 1_290_000), ("total", 1_290_000)):
        accounts = changed(accounts, ("03", key, "total"), value)
        accounts = changed(accounts, ("03", key, "basic"), 645_000)
        accounts = changed(accounts, ("03", key, "project"), 645_000)
    path = tmp_path / "万元.xlsx"
    write_disclosure_workbook(path, in_wan(accounts))
    rows = sheets(path)["公开03表"]
    assert rows[6][2:5] == [1.29, 0.65, 0.65]
    assert "<f>ROUND(SUM(D7:H7),2)</f>" not in parts(path)[3]
