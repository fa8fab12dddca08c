"""单元格照原样成为文字：数值取最短的十进制写法，拿不准的不猜。"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.intake.cells import Cell, UnreadCell
from tuodi.intake.exact_text import MOST_DIGITS, exact_number_text, exact_text
from tuodi.kernel.finding import Fault

LONGEST = 20


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("\u3000 甲 \u3000", "甲"),
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲" * LONGEST, "甲" * LONGEST),
        ("#1 楼", "#1 楼"),
        (90.56, "90.56"),
        (30437.0, "30437"),
        (-0.0, "0"),
        (100, "100"),
        (Decimal("12.50"), "12.5"),
        (999999999999999, "999999999999999"),
        (datetime(2024, 12, 5), "2024-12-05"),
        (date(2024, 12, 5), "2024-12-05"),
        (True, "是"),
    ],
)
def test_文字(cell: Cell, text: str) -> None:
    assert exact_text(cell, LONGEST) == text


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("甲" * (LONGEST + 1), "cell-too-long"),
        ("#N/A", "cell-error"),
        ("#div/0!", "cell-error"),
        ("甲\x00乙", "text-characters"),
        ("甲\uffff乙", "text-characters"),
        (0.1 + 0.2, "number-digits"),
        (1 / 3, "number-digits"),
        (1e15, "number-digits"),
        (10**400, "number-digits"),
        (1e-300, "number-digits"),
        (float("nan"), "number-value"),
        (float("inf"), "number-value"),
        (UnreadCell("#REF!"), "cell-error"),
        (UnreadCell("=A1", is_formula=True), "cell-formula"),
        (time(9, 30), "cell-date"),
        (timedelta(hours=30), "cell-date"),
        (date(1899, 12, 31), "date-year"),
        (b"x", "cell-type"),
    ],
)
def test_不能成为文字的(cell: Cell, rule: str) -> None:
    fault = exact_text(cell, LONGEST)
    assert isinstance(fault, Fault)
    assert fault.rule == rule


def test_半个字符不能成为文字() -> None:
    # 不作参数：测试的名称里写不出半个字符
    fault = exact_text("甲\ud800乙", LONGEST)
    assert isinstance(fault, Fault)
    assert fault.rule == "text-characters"


@pytest.mark.parametrize(("cell", "rule"), [(date(2024, 1, 3), "cell-date"), (True, "cell-boolean")])
def test_数的列里日期和逻辑值是错的(cell: Cell, rule: str) -> None:
    fault = exact_number_text(cell, LONGEST)
    assert isinstance(fault, Fault)
    assert fault.rule == rule


@given(st.decimals(-(10**9), 10**9, places=4))
def test_四位小数的数值不走样(number: Decimal) -> None:
    text = exact_text(float(number), LONGEST)
    assert isinstance(text, str)
    assert Decimal(text) == number
    assert len(text.strip("-").replace(".", "")) <= MOST_DIGITS


@given(st.text() | st.floats() | st.integers() | st.decimals() | st.datetimes())
def test_什么单元格都不会出错(cell: Cell) -> None:
    assert isinstance(exact_text(cell, LONGEST), str | Fault)
