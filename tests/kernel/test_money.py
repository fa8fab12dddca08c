"""金额：只有整数分，只有一处四舍五入。期望值均为手算。"""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuodi.kernel.finding import Fault
from tuodi.kernel.money import (
    LARGEST_FEN,
    RATIO_SCALE,
    Ratio,
    half_up,
    parse_ratio,
    parse_yuan,
    percent,
    yuan,
    yuan_grouped,
    yuan_spoken,
)

四舍五入 = [
    ("半数以下舍去", 4, 10, 0),
    ("正好半数进一", 5, 10, 1),
    ("半数以上进一", 6, 10, 1),
    ("奇数不向偶数靠拢", 25, 10, 3),
    ("整数不变", 30, 10, 3),
    ("零", 0, 10, 0),
    ("除数为奇数，三分之一", 1, 3, 0),
    ("除数为奇数，三分之二", 2, 3, 1),
    ("除数为一", 7, 1, 7),
]


@pytest.mark.parametrize(("情形", "被除数", "除数", "应得"), 四舍五入)
def test_half_up(情形, 被除数, 除数, 应得):
    assert half_up(被除数, 除数) == 应得, 情形


@given(st.integers(0, 10**24), st.integers(1, 10**9))
def test_half_up_is_exact_rounding(product, scale):
    assert half_up(product, scale) == floor(Fraction(product, scale) + Fraction(1, 2))


@given(st.integers(0, LARGEST_FEN), st.integers(0, 2 * RATIO_SCALE))
def test_ratio_of_equals_fractions(amount, millionths):
    exact = Fraction(amount) * Fraction(millionths, 10**6)
    assert Ratio(millionths).of(amount) == floor(exact + Fraction(1, 2))


比例乘金额 = [
    ("半分进一：0.50 元的 0.33", "0.33", 50, 17),
    ("低于半分舍去：0.01 元的 0.49", "0.49", 1, 0),
    ("正好半分：0.01 元的 0.50", "0.50", 1, 1),
    ("七成：1,234.57 元", "0.70", 123457, 86420),
    ("全额", "1", 123457, 123457),
    ("零", "0", 123457, 0),
    ("六位小数", "0.333333", 1_000_000, 333333),
]


@pytest.mark.parametrize(("情形", "比例", "金额", "应得"), 比例乘金额)
def test_ratio_of(情形, 比例, 金额, 应得):
    assert parse_ratio(比例).of(金额) == 应得, 情形


@pytest.mark.parametrize(
    ("原文", "写出"),
    [("0.7", "0.70"), ("0.70", "0.70"), ("1", "1.00"), ("0", "0.00"), ("0.725", "0.725"), ("0.000001", "0.000001")],
)
def test_ratio_is_written_with_at_least_two_decimals(原文, 写出):
    assert str(parse_ratio(原文)) == 写出


@pytest.mark.parametrize(
    "原文", ["", "70%", "0.7000001", ".7", "7.", "-0.7", "+0.7", "０.7", "1e-1", "0.7\n", "1" * 5000]
)
def test_ratio_refuses(原文):
    assert parse_ratio(原文).rule == "ratio-format"


读得懂的金额 = [
    ("整数元", "1234", 123400),
    ("一位小数", "1234.5", 123450),
    ("两位小数", "1234.56", 123456),
    ("零", "0", 0),
    ("一分", "0.01", 1),
    ("前面多写的零", "0012.30", 1230),
    ("冲销行的负数", "-12.30", -1230),
    ("负零就是零", "-0.00", 0),
    ("上限", "9999999999.99", LARGEST_FEN),
    ("很长的一串零", "0" * 5000 + "1", 100),
]


@pytest.mark.parametrize(("情形", "原文", "分"), 读得懂的金额)
def test_parse_yuan(情形, 原文, 分):
    assert parse_yuan(原文) == 分, 情形


读不懂的金额 = [
    ("三位小数", "1.234", "amount-decimals"),
    ("两位以后是零也不猜", "1.230", "amount-decimals"),
    ("全角数字", "１２３", "amount-full-width"),
    ("全角小数点", "12．50", "amount-full-width"),
    ("全角逗号", "1，234", "amount-full-width"),
    ("千位分隔符", "1,234.50", "amount-separator"),
    ("正号", "+12.50", "amount-sign"),
    ("科学计数法", "1e5", "amount-scientific"),
    ("表格软件的科学计数法", "1.2E+05", "amount-scientific"),
    ("刚超过上限", "10000000000.00", "amount-too-large"),
    ("几千位的数字", "9" * 5000, "amount-too-large"),
    ("空", "", "amount-format"),
    ("空格", " 12.50", "amount-format"),
    ("换行", "12.50\n", "amount-format"),
    ("带单位", "12.50元", "amount-format"),
    ("小数点前无数字", ".5", "amount-format"),
    ("小数点后无数字", "5.", "amount-format"),
    ("两个负号", "--5", "amount-format"),
    ("其他文字的数字", "١٢", "amount-format"),
    ("文字", "壹佰元", "amount-format"),
]


@pytest.mark.parametrize(("情形", "原文", "规则"), 读不懂的金额)
def test_parse_yuan_refuses(情形, 原文, 规则):
    fault = parse_yuan(原文)
    assert isinstance(fault, Fault), 情形
    assert fault.rule == 规则, 情形
    assert fault.message and fault.advice and not fault.advice.endswith("。")


@given(st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_yuan_is_read_back(fen):
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(yuan_grouped(fen).replace(",", "")) == fen


@given(st.text())
def test_parse_yuan_never_raises(text):
    assert isinstance(parse_yuan(text), int | Fault)


@pytest.mark.parametrize(
    ("分", "文件里", "给人看", "口头"),
    [
        (0, "0.00", "0.00", "0"),
        (1, "0.01", "0.01", "0.01"),
        (10, "0.10", "0.10", "0.10"),
        (-1, "-0.01", "-0.01", "-0.01"),
        (99999, "999.99", "999.99", "999.99"),
        (100000, "1000.00", "1,000.00", "1,000"),
        (309240, "3092.40", "3,092.40", "3,092.40"),
        (6000000, "60000.00", "60,000.00", "60,000"),
        (-123456789, "-1234567.89", "-1,234,567.89", "-1,234,567.89"),
    ],
)
def test_yuan_is_written(分, 文件里, 给人看, 口头):
    assert (yuan(分), yuan_grouped(分), yuan_spoken(分)) == (文件里, 给人看, 口头)


百分率 = [
    ("交城 2024 年资金执行率：925.59 / 1,022.04 万元", 92559, 102204, 2, "90.56"),
    ("三分之二", 2, 3, 2, "66.67"),
    ("三分之一", 1, 3, 2, "33.33"),
    ("正好半数进一：1 / 800 = 0.125 %", 1, 800, 2, "0.13"),
    ("半数以下：1 / 801", 1, 801, 2, "0.12"),
    ("满", 5, 5, 2, "100.00"),
    ("超过百分之百", 3, 2, 2, "150.00"),
    ("零", 0, 7, 2, "0.00"),
    ("没有分母", 7, 0, 2, "—"),
    ("负数", -1, 3, 2, "-33.33"),
    ("负得看不见时不写负号", -1, 1_000_000, 2, "0.00"),
    ("不要小数", 2, 3, 0, "67"),
    ("一位小数", 2, 3, 1, "66.7"),
]


@pytest.mark.parametrize(("情形", "分子", "分母", "位数", "应得"), 百分率)
def test_percent(情形, 分子, 分母, 位数, 应得):
    assert percent(分子, 分母, 位数) == 应得, 情形
