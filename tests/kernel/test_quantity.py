"""带单位的数：写法、界限、说不准的写法。"""

from fractions import Fraction

import pytest

from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import Quantity, parse_number, parse_quantity, share_or_percent

READ = [
    ("90.56%", "90.56", "%", ""), ("90.56％", "90.56", "%", ""), (" 90 % ", "90", "%", ""),
    ("30437人", "30437", "人", ""), ("30,437人", "30437", "人", ""), ("1,000,000.50元", "1000000.5", "元", ""),
    ("12 万元", "12", "万元", ""),
    ("-5%", "-5", "%", ""), ("5元/人/月", "5", "元/人/月", ""), ("2/3", "2/3", "", ""), ("1/1", "1", "", ""),
    ("0", "0", "", ""), ("0例", "0", "例", ""),
    ("≥95%", "95", "%", "≥"), (">=95%", "95", "%", "≥"), ("＞＝95%", "95", "%", "≥"), ("不低于95%", "95", "%", "≥"),
    ("不少于3000人次", "3000", "人次", "≥"), ("不小于95%", "95", "%", "≥"), ("至少95%", "95", "%", "≥"),
    ("≤12万元", "12", "万元", "≤"), ("不超过12万元", "12", "万元", "≤"), ("不大于12万元", "12", "万元", "≤"),
    ("至多3次", "3", "次", "≤"), ("＞99%", "99", "%", ">"), ("超过99%", "99", "%", ">"), ("<5天", "5", "天", "<"),
    ("低于5%", "5", "%", "<"), ("＝100%", "100", "%", "="), ("等于100%", "100", "%", "="),
    # 写在后面的以上、以下、以内都含本数
    ("95%以上", "95", "%", "≥"), ("95%及以上", "95", "%", "≥"), ("3000人次以上", "3000", "人次", "≥"),
    ("3天以内", "3", "天", "≤"), ("3个工作日之内", "3", "个工作日", "≤"), ("15%以下", "15", "%", "≤"),
    ("15%及以下", "15", "%", "≤"),
]  # fmt: skip

NO_NUMBER = [
    "", " ", "%", "≥", "有效", "不低于上年", "百分之九十", "９０%", "90%–95%", "90至95%", "1.2.3", "1,23", "12,3456",
    "30 437人", "2024-12-25", "2024/12", "2024/12/25", "12月25日", "3/2", "1/0", "1/1234567890", "9" * 16, "−5%",
    "0.0123456789", "1e9", "NaN", "∞", "--5", "+5%", "≥≥5", "95%左右", "3000余人", "30多个", "20来人", "几人", "5%以外",
    "100%不足", "95％上下",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit", "operator"), READ)
def test_读得出的写法(text: str, value: str, unit: str, operator: str) -> None:
    assert parse_quantity(text) == Quantity(Fraction(value), unit, operator)


@pytest.mark.parametrize("text", NO_NUMBER)
def test_不是一个确定的数(text: str) -> None:
    assert isinstance(parse_quantity(text), Fault)


@pytest.mark.parametrize("text", ["95%以上", "≥95%"])
def test_写在前后的意思相同(text: str) -> None:
    assert str(parse_quantity(text)) == "≥95%"


@pytest.mark.parametrize(
    ("text", "value"), [("90.56", "90.56"), ("2/3", "2/3"), ("7/2", "7/2"), (" 1,000 ", "1000"), ("-0.5", "-0.5")]
)
def test_不带单位的数(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize("text", ["", "90%", "1人", "１", "1/0", "≥1", "1 000", "1.", ".5", "0x1"])
def test_不带单位的数_不认(text: str) -> None:
    assert isinstance(parse_number(text), Fault)


@pytest.mark.parametrize(
    ("text", "unsure"),
    [("0.9", True), ("1", True), ("-0.5", True), ("0", False), ("1.01", False), ("0.9%", False), ("1例", False)],
)
def test_看不出是比例还是百分数(text: str, unsure: bool) -> None:
    quantity = parse_quantity(text)
    assert not isinstance(quantity, Fault) and share_or_percent(quantity) is unsure
