"""资金行：按“基础数据”计算；那里没有的，取“指标”表这一行填写的执行率或分子分母（权重 10，期望值为手算）。"""

from dataclasses import replace

import pytest

from tests.evaluation.input_changes import shown
from tests.evaluation.printed_tables import read
from tuodi.evaluation.data import IndicatorRow
from tuodi.evaluation.scoring import Result, score_evaluation

SELF, FUND, SPENT = "fukang-2024-self", "S0", "全年执行数"


def _scored(row: IndicatorRow, missing: bool = True) -> Result:
    scheme, data = read(SELF)
    figures = {name: figure for name, figure in data.figures.items() if not (missing and name == SPENT)}
    rows = {**data.indicators, FUND: replace(row, code=FUND)}
    return score_evaluation(scheme, replace(data, figures=figures, indicators=rows))


def _points(result: Result) -> tuple[str | None, str | None]:
    assert result.fund is not None
    return shown(result.fund.points), shown(result.total)


@pytest.mark.parametrize(
    ("row", "points", "total"),
    [
        (IndicatorRow(code="", actual="95%"), "9.5", "87.87"),
        (IndicatorRow(code="", actual="95"), "9.5", "87.87"),
        (IndicatorRow(code="", numerator="91.31", denominator="100"), "9.13", "87.5"),
        (IndicatorRow(code="", actual="120%"), "10", "88.37"),
        (IndicatorRow(code="", actual="0%"), "0", "78.37"),
    ],
)
def test_基础数据没有的_取这一行填写的(row: IndicatorRow, points: str, total: str) -> None:
    result = _scored(row)
    assert _points(result) == (points, total)
    assert [finding for finding in result.findings if finding.is_error] == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (IndicatorRow(code=""), "figure-missing"),
        (IndicatorRow(code="", actual="约九成"), "percent-format"),
        (IndicatorRow(code="", actual="＞90%"), "percent-format"),
        (IndicatorRow(code="", actual="180万元"), "percent-format"),
        (IndicatorRow(code="", actual="0.95"), "ratio-or-percent"),
        (IndicatorRow(code="", numerator="5"), "rate-part-missing"),
        (IndicatorRow(code="", numerator="5", denominator="0"), "denominator-zero"),
    ],
)
def test_两处都没有确定的数时没有总分(row: IndicatorRow, rule: str) -> None:
    result = _scored(row)
    assert _points(result) == (None, None)
    assert [finding.rule for finding in result.findings if finding.is_error] == [rule]


def test_基础数据有的_以它为准() -> None:
    result = _scored(IndicatorRow(code="", actual="50%"), missing=False)
    assert _points(result) == ("10", "88.37")
    assert "fund-row-actual" in {finding.rule for finding in result.findings}
