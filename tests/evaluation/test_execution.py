"""资金执行：到位资金的执行率、连同上年结余的执行率、结余的滚存推算。数字取自交城公开的报告。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.evaluation.clean_evaluation import scheme
from tuodi.evaluation.data import EvaluationData, FigureRow
from tuodi.evaluation.execution import Execution, execution
from tuodi.evaluation.scheme import FundNames
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
