"""万元与元：精度、合计和比较。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.funds.amount import Amount, parse_amount, total
from tuodi.kernel.finding import Fault


@pytest.mark.parametrize(
    ("原文", "分", "显示", "分节"),
    [
        ("910584.57", 91_058_457, "910584.57元", "910,584.57 元"),
        ("0.00", 0, "0.00元", "0.00 元"),
        ("-30.43", -3_043, "-30.43元", "-30.43 元"),
        ("251.88万元", 251_880_000, "251.88万元", "251.88 万元"),
        ("2892.43万元", 2_892_430_000, "2892.43万元", "2,892.43 万元"),
        ("-17.38万元", -17_380_000, "-17.38万元", "-17.38 万元"),
    ],
)
def test_读入和显示(原文: str, 分: int, 显示: str, 分节: str) -> None:
    amount = parse_amount(原文)
    assert isinstance(amount, Amount)
    assert (amount.fen, amount.printed(), amount.grouped()) == (分, 显示, 分节)


@pytest.mark.parametrize(
    ("原文", "规则"),
    [
        ("365万元", "amount-wan-decimals"),
        ("28.1万元", "amount-wan-decimals"),
        ("28.105万元", "amount-decimals"),
        ("1,022.04万元", "amount-separator"),
        ("２８.10万元", "amount-full-width"),
        ("28.10亿元", "amount-format"),
        ("万元", "amount-format"),
        ("", "amount-format"),
    ],
)
def test_读不准的金额不猜(原文: str, 规则: str) -> None:
    fault = parse_amount(原文)
    assert isinstance(fault, Fault)
    assert fault.rule == 规则


def _read(text: str) -> Amount:
    amount = parse_amount(text)
    assert isinstance(amount, Amount)
    return amount


@pytest.mark.parametrize(
    ("甲", "乙", "一致"),
    [
        ("182.62万元", "1826149.99", False),
        ("182.62万元", "1826150.00", True),
        ("182.62万元", "1826220.00", True),
        ("182.62万元", "1826250.00", True),
        ("182.62万元", "1826250.01", False),
        ("273.56万元", "273.64万元", False),
        ("1350000.00", "1350000.00", True),
        ("1350000.00", "1350000.01", False),
    ],
)
def test_四舍五入以内算一致_超出就不一致(甲: str, 乙: str, 一致: bool) -> None:
    assert _read(甲).agrees_with(_read(乙)) is 一致
    assert _read(乙).agrees_with(_read(甲)) is 一致


def test_万元与元相加按万元显示() -> None:
    amount = _read("7035950.57") - _read("696.79万元")
    assert amount.fen == 6_805_057
    assert amount.grouped() == "6.81 万元"


def test_没有明细时合计为零() -> None:
    assert total([]) == Amount(0)


@given(st.lists(st.integers(min_value=-(10**12), max_value=10**12)))
def test_分项四舍五入到万元后_合计仍与准确合计一致(exact_fen: list[int]) -> None:
    rounded = [Amount((fen + 5_000) // 10_000 * 10_000, 5_000, in_wan=True) for fen in exact_fen]
    assert total(rounded).agrees_with(Amount(sum(exact_fen)))
