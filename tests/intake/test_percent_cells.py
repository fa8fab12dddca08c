"""设成百分比格式的数值单元格：表上看到的是百分数，读出来也是百分数；不是百分比格式的不猜。"""

from pathlib import Path

import pytest
import xlsxwriter

from tuodi.intake.cells import Cell, PercentCell, code, flag, identifier, money, text
from tuodi.intake.exact_text import exact_number_text, exact_text
from tuodi.intake.percent_styles import percent_styles
from tuodi.intake.tables import Table, open_table
from tuodi.kernel.finding import Fault


def _cells(path: Path, formats: list[str | None], value: float = 0.9056) -> list[Cell]:
    """Return the cells of one row, each written with the same number and its own number format."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, [f"列{at}" for at in range(len(formats))])
        for at, code in enumerate(formats):
            sheet.write_number(3, 1 + at, value, book.add_format({"num_format": code}) if code else None)
    table = open_table(path)
    assert isinstance(table, Table)
    (row,) = table.rows
    assert isinstance(row, tuple)
    return list(row[1])


@pytest.mark.parametrize(
    ("number_format", "read"),
    [
        (None, "0.9056"),
        ("0.00", "0.9056"),
        ("0%", "90.56%"),
        ("0.00%", "90.56%"),
        ("0.000%", "90.56%"),
        ("[红色]0.0%;-0.0%", "90.56%"),
        ('0.00"%"', "0.9056"),
        ("0.00\\%", "0.9056"),
        ("0.00_%", "0.9056"),
        ("@", "0.9056"),
    ],
)
def test_按单元格格式(tmp_path: Path, number_format: str | None, read: str) -> None:
    cells = _cells(tmp_path / "a.xlsx", [None, number_format, "0.00"])
    assert [exact_text(cell, 20) for cell in cells] == ["0.9056", read, "0.9056"]
    assert [exact_number_text(cell, 20) for cell in cells] == ["0.9056", read, "0.9056"]


@pytest.mark.parametrize(("value", "read"), [(0, "0%"), (1, "100%"), (1.2, "120%"), (0.005, "0.5%"), (-0.1, "-10%")])
def test_百分数的值(tmp_path: Path, value: float, read: str) -> None:
    (cell,) = _cells(tmp_path / "a.xlsx", ["0%"], value)
    assert exact_text(cell, 20) == read


def test_公式算出的长小数仍要求取整(tmp_path: Path) -> None:
    (cell,) = _cells(tmp_path / "a.xlsx", ["0%"], 1 / 3)
    found = exact_text(cell, 20)
    assert isinstance(found, Fault) and found.rule == "number-digits"


def test_金额和编号列的结果不因百分比格式改变() -> None:
    for read in (money, identifier, text, code, flag):
        assert read(PercentCell(0.5), "") == read(0.5, "")
        assert read(PercentCell(1), "") == read(1.0, "")


@pytest.mark.parametrize(
    "styles", [b"", b"<cellXfs>", b"<cellXfs><xf numFmtId='x'/></cellXfs>", b"<numFmt numFmtId=''/>"]
)
def test_残缺的样式表等于没有百分比格式(styles: bytes) -> None:
    assert percent_styles(styles) == frozenset()


def test_前缀和单引号写法() -> None:
    styles = b"<x:cellXfs><x:xf numFmtId='0'/><x:xf numFmtId='10' xfId='0'></x:xf><x:xf numFmtId='164'/></x:cellXfs>"
    assert percent_styles(b"<x:numFmt numFmtId='164' formatCode='0.0%'/>" + styles) == {1, 2}
