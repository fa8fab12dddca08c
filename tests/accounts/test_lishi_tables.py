"""离石区十张公开表：行次、项目、科目编码和每一个印出的数。期望值照印出的表录入，不取自程序。"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.accounts import printed_tables as printed
from tests.accounts.lishi import lishi, read
from tuodi.accounts.filled import BARRED, FilledTable, tables

FILLED = {table.id: table for table in tables(lishi())}


def texts(table: FilledTable) -> list[list[str]]:
    """每行的文字；合并的格子后面补空，行行一样宽。"""
    rows = []
    for row in table.rows:
        line: list[str] = []
        for cell in row:
            line += [cell.text, *[""] * (cell.columns - 1)]
        assert len(line) == table.width
        rows.append(line)
    return rows


def by_line(rows: Sequence[Sequence[str]], label: int, line: int) -> dict[int, list[str]]:
    return {int(row[line]): [row[label], *row[line + 1 :]] for row in rows if row[line].isdigit()}


def test_读入没有任何问题() -> None:
    assert read("lishi-2022").findings == ()


@pytest.mark.parametrize(
    ("左", "项目", "数"),
    [(0, printed.INCOME_01, printed.FIGURES_01), (3, printed.EXPENDITURE_01, printed.FIGURES_01)],
    ids=["收入", "支出"],
)
def test_公开01表(左: int, 项目: dict[int, str], 数: dict[int, str]) -> None:
    lines = by_line([row[左 : 左 + 3] for row in texts(FILLED["01"])], 0, 1)
    assert {line: cells[0] for line, cells in lines.items() if cells[0]} == 项目
    assert {line: cells[1] for line, cells in lines.items() if cells[1]} == {n: v for n, v in 数.items() if n in lines}
    assert sorted(lines) == (list(range(1, 32)) if 左 == 0 else list(range(32, 63)))


def test_公开02表() -> None:
    rows = texts(FILLED["02"])
    assert [[row[0], row[1]] for row in rows[1:]] == [[code, name] for code, name in printed.CODES.items() if code]
    assert rows[0][0] == "合计"
    assert [row[2] for row in rows] == [row[3] for row in rows] == list(printed.TOTALS)
    assert {cell for row in rows for cell in row[4:]} == {""}


@pytest.mark.parametrize("表", ["03", "05"])
def test_公开03表和05表(表: str) -> None:
    rows = texts(FILLED[表])
    assert [[row[0], row[1]] for row in rows[1:]] == [[code, name] for code, name in printed.CODES.items() if code]
    columns = list(zip(*rows, strict=True))[2:5]
    assert columns == [printed.TOTALS, printed.BASIC, printed.PROJECT]
    assert {cell for row in rows for cell in row[5:]} <= {""}


def test_公开04表() -> None:
    rows = texts(FILLED["04"])
    income = by_line([row[:3] for row in rows], 0, 1)
    spent = by_line([row[3:] for row in rows], 0, 1)
    assert {line: cells[0] for line, cells in income.items() if cells[0]} == printed.INCOME_04
    assert {line: cells[0] for line, cells in spent.items() if cells[0]} == printed.EXPENDITURE_04
    assert {line: cells[1] for line, cells in income.items() if cells[1]} == printed.FIGURES_04_INCOME
    for column in (1, 2):
        assert {line: cells[column] for line, cells in spent.items() if cells[column]} == printed.FIGURES_04_EXPENDITURE
    assert {cell for cells in spent.values() for cell in cells[3:]} == {""}
    assert sorted(income) == list(range(1, 33))
    assert sorted(spent) == list(range(33, 65))


def test_公开06表() -> None:
    *rows, last = texts(FILLED["06"])
    found = {row[at]: row[at + 1 : at + 4] for row in rows for at in (0, 4, 8, 12) if row[at]}
    names = dict(line.split(" ", 1) for line in printed.ECONOMIC.strip().splitlines())
    assert {code: cells[0] for code, cells in found.items()} == names
    for code, cells in found.items():
        amount, basic = printed.ECONOMIC_FIGURES.get(code, ("", ""))
        barred = code[:3] in printed.BARRED_CLASSES
        assert cells[1:] == [amount, BARRED if barred else basic], code
    assert [last[0], last[2], last[3]] == ["人员经费合计", *printed.PERSONNEL_TOTAL]
    assert [last[4], last[14], last[15]] == ["公用经费合计", *printed.PUBLIC_TOTAL]


@pytest.mark.parametrize(("表", "列数"), [("07", 12), ("08", 8), ("09", 5)])
def test_没有数据的表按空表公开(表: str, 列数: int) -> None:
    table = FILLED[表]
    assert table.width == 列数
    assert {cell for row in texts(table) for cell in row} <= {"", "合计"}
    assert table.empty_note


def test_公开10表() -> None:
    lines = by_line(texts(FILLED["10"]), 0, 1)
    assert {line: cells[0] for line, cells in lines.items()} == printed.OTHER_10
    assert {line: cells[1] for line, cells in lines.items() if cells[1]} == printed.FIGURES_10


def test_表号表名和表头() -> None:
    assert [table.number for table in FILLED.values()] == [f"公开{number:02d}表" for number in range(1, 11)]
    heads = [[cell.text for cell in row] for row in FILLED["07"].heading_rows]
    assert heads[0] == ["预算数", "决算数"]
    assert heads[-1] == [str(number) for number in range(1, 13)]
    assert FILLED["01"].entity == "部门名称：吕梁市离石区医疗保障局"
    assert FILLED["10"].entity == "单位名称：吕梁市离石区医疗保障局"
    assert not any(table.rounding_note for table in FILLED.values())


@pytest.mark.needs("seeds")
def test_原文里有每一个项目名称() -> None:
    seed = Path(__file__).parents[3] / "shared" / "seeds" / "lishi.txt"
    text = "".join(seed.read_text(encoding="utf-8").split())
    labels = [cell.text for table in FILLED.values() for row in table.rows for cell in row if not cell.key]
    assert [label for label in labels if label and label not in text and label != BARRED] == []
