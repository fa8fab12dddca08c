"""资金执行：到位资金的执行率、连同上年结余的执行率、结余的滚存推算。数字取自交城公开的报告。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.evaluation.clean_evaluation import SCHEME, scheme
from tests.evaluation.printed_tables import read
from tuodi.evaluation.data import EvaluationData, FigureRow
from tuodi.evaluation.execution import Execution, execution
from tuodi.evaluation.scheme import FundNames
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.kernel.finding import Severity
from tuodi.kernel.quantity import plain

交城 = {"到位资金": "10220400.00", "支出资金": "9255900.00", "上年结余": "28924300.00", "年末结余": "29935400.00"}


def _execution(figures: dict[str, str], funds: FundNames | None = None, **units: str) -> Execution:
    rows = {name: FigureRow(name=name, value=value, unit=units.get(name, "元")) for name, value in figures.items()}
    used = scheme() if funds is None else replace(scheme(), funds=funds)
    return execution(used, EvaluationData(figures=rows))


def test_交城两个执行率和滚存差额() -> None:
    found = _execution(交城)
    assert found.declared and found.available and found.roll_forward
    assert plain(found.declared.value.value) == "90.56"
    assert (found.declared.numerator, found.declared.denominator) == (9_255_900, 10_220_400)
    assert plain(found.available.value.value) == "23.65"
    assert (found.available.numerator, found.available.denominator) == (9_255_900, 39_144_700)
    assert found.roll_forward.computed == 29_888_800
    assert found.roll_forward.difference == 46_600
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("balance-not-rolling", Severity.WARNING)
    assert "多 46,600.00 元（28,924,300.00 + 10,220,400.00 − 9,255,900.00 = 29,888,800.00）" in finding.message


@pytest.mark.parametrize(
    ("年末结余", "差额", "说"),
    [
        ("29888800.00", Fraction(0), ""),
        ("29888800.01", Fraction(1, 100), "多 0.01 元"),
        ("29888799.99", Fraction(-1, 100), "少 0.01 元"),
    ],
)
def test_差一分也是差(年末结余: str, 差额: Fraction, 说: str) -> None:
    found = _execution(交城 | {"年末结余": 年末结余})
    assert found.roll_forward and found.roll_forward.difference == 差额
    assert [each.rule for each in found.findings] == (["balance-not-rolling"] if 说 else [])
    assert all(说 in each.message for each in found.findings)


@pytest.mark.parametrize(("年末结余", "说"), [("29888800.004", []), ("29888800.005", ["balance-not-rolling"])])
def test_差额在分以下不说(年末结余: str, 说: list[str]) -> None:
    assert [each.rule for each in _execution(交城 | {"年末结余": 年末结余}).findings] == 说


来源和用途 = {
    "中央": "2518800.00", "省级": "3770600.00", "市级": "281000.00", "县级": "3650000.00",
    "住院": "5338400.00", "门诊": "371500.00", "参保": "3546000.00",
}  # fmt: skip
名称 = FundNames(
    received="到位资金", spent="支出资金", sources=("中央", "省级", "市级", "县级"), uses=("住院", "门诊", "参保")
)


@pytest.mark.parametrize(
    ("改动", "说"),
    [
        # 2518800 + 3770600 + 281000 + 3650000 = 10220400；5338400 + 371500 + 3546000 = 9255900
        ({}, []),
        ({"中央": "2518800.01"}, ["比到位资金 10,220,400.00 元多 0.01 元"]),
        ({"门诊": "371499.99"}, ["比支出资金 9,255,900.00 元少 0.01 元"]),
        ({"省级": "3770000.00", "参保": "3556000.00"}, ["少 600.00 元", "多 10,000.00 元"]),
        # 印到元的，四舍五入到元相符就是相符
        ({"到位资金": "10220400", "中央": "2518800.49"}, []),
        ({"到位资金": "10220400", "中央": "2518800.50"}, ["多 0.50 元"]),
    ],
)
def test_来源和用途之和与到位和支出核对(改动: dict[str, str], 说: list[str]) -> None:
    found = _execution(交城 | 来源和用途 | 改动, 名称)
    assert [each.rule for each in found.findings] == ["funds-not-adding-up"] * len(说)
    assert all(each.severity is Severity.WARNING for each in found.findings)
    assert all(words in each.message for words, each in zip(说, found.findings, strict=True))


def test_来源和用途缺的说成一条() -> None:
    (finding,) = _execution(交城 | {name: 来源和用途[name] for name in ("中央", "住院")}, 名称).findings
    assert (finding.rule, finding.sheet) == ("figure-missing", "基础数据")
    assert finding.message == "“基础数据”里没有“省级”“市级”“县级”“门诊”“参保”"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{received: 到位, sources: [甲, 乙]}", []),
        ("{sources: [甲, 乙]}", ["funds-whole-missing"]),
        ("{received: 到位, uses: [甲]}", ["funds-whole-missing"]),
        ("{spent: 支出, uses: 甲}", ["list-expected"]),
        ("{spent: 支出, uses: [甲, 甲]}", ["item-duplicate"]),
    ],
)
def test_方案里的来源和用途(words: str, expected: list[str]) -> None:
    text = SCHEME.replace("funds: {received: 到位资金, spent: 支出资金, opening: 上年结余, closing: 年末结余}",
                          f"funds: {words}")  # fmt: skip
    assert [each.rule for each in parse_scheme(text.encode(), "x")[1]] == expected


@pytest.mark.parametrize("name", ["jiaocheng-2024", "junshan-2022"])
def test_公开的来源和用途与到位和支出相符(name: str) -> None:
    used, data = read(name)
    assert used.funds.sources and used.funds.uses
    assert "funds-not-adding-up" not in [each.rule for each in execution(used, data).findings]


def test_方案没有写名称就没有这一项() -> None:
    assert _execution(交城, FundNames()) == Execution()
    only = _execution(交城, FundNames(budget="到位资金", spent="支出资金"))
    assert only.declared and only.declared.formula == "9,255,900 ÷ 10,220,400 = 90.56%"
    assert (only.available, only.roll_forward, only.findings) == (None, None, ())


def test_缺数只说一次() -> None:
    found = _execution({name: value for name, value in 交城.items() if name != "支出资金"})
    assert (found.declared, found.available, found.roll_forward) == (None, None, None)
    assert [each.rule for each in found.findings] == ["figure-missing"]


def test_单位不一致不计算() -> None:
    found = _execution(交城, 上年结余="万元")
    assert (found.declared, found.available, found.roll_forward) == (None, None, None)
    (finding,) = found.findings
    assert finding.rule == "figure-units"
    assert "上年结余（万元）" in finding.message


def test_分母为零() -> None:
    found = _execution(交城 | {"到位资金": "0"})
    assert found.declared is None
    assert "denominator-zero" in [each.rule for each in found.findings]
