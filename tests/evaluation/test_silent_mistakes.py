"""容易悄悄算错的写法：或者算对，或者说出来（期望值为手算）。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.evaluation.input_changes import score_of, shown, with_change
from tests.evaluation.printed_tables import read
from tests.evaluation.scoring_cases import scheme_text
from tuodi.evaluation.actual import actual_of
from tuodi.evaluation.awards import awarded_of
from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow
from tuodi.evaluation.measures import Measured, measure
from tuodi.evaluation.scheme import Measure, MeasureKind
from tuodi.evaluation.scheme_loader import parse_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.evaluation.target import Met, parse_target
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.quantity import parse_quantity

SELF = "fukang-2024-self"
FUND = "S0"


def _measured(kind: MeasureKind, *figures: tuple[str, str], unit: str = "%", weights: str = "") -> str:
    """Return the value of a measure of figures (value, unit), the last one the base of a rate; or the finding."""
    named = {str(at): FigureRow(name=str(at), value=value, unit=unit) for at, (value, unit) in enumerate(figures)}
    names, split = tuple(named), len(figures) - (kind in (MeasureKind.RATE, MeasureKind.SAVED, MeasureKind.CHANGED))
    spec = Measure(
        kind=kind, of=names[:split], base=names[split:], unit=unit, weights=tuple(map(Fraction, weights.split()))
    )
    found = measure(spec, named)
    return str(found.value) if isinstance(found, Measured) else found.rule


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("9255900.00", "元"), ("10220400.00", "元")], "90.56%"),
        ([("925.59", "万元"), ("10220400.00", "元")], "figure-units"),
        ([("925.59万元", ""), ("1022.04", "万元")], "90.56%"),
        ([("925.59万元", "元"), ("10220400.00", "元")], "figure-units"),
        ([("925.59", ""), ("1022.04", "万元")], "90.56%"),
        ([("-5", "人"), ("10", "人")], "-50%"),
        ([("15", "人"), ("10", "人")], "150%"),
        ([("1", "人"), ("0", "人")], "denominator-zero"),
        ([("＞5", "人"), ("10", "人")], "figure-number"),
        ([("５", "人"), ("10", "人")], "figure-number"),
        ([("5人以上", "人"), ("10", "人")], "figure-number"),
        ([("5余人", "人"), ("10", "人")], "figure-number"),
    ],
)
def test_比率的两个数要同一单位(figures: list[tuple[str, str]], expected: str) -> None:
    assert _measured(MeasureKind.RATE, *figures) == expected


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("94.52", "%"), ("92.17", "%")], "93.35%"),
        ([("94.52%", ""), ("92.17", "")], "93.35%"),
        ([("0.9452", "%"), ("0.9217", "%")], "ratio-or-percent"),
        ([("0.9452", ""), ("92.17", "")], "ratio-or-percent"),
        ([("0.5%", ""), ("99.5%", "")], "50%"),
        ([("94.52", "分"), ("92.17", "分")], "figure-units"),
        ([("94.52", "%"), ("92", "人")], "figure-units"),
        ([("＞94%", ""), ("92%", "")], "figure-number"),
        ([("0%", ""), ("100%", "")], "50%"),
    ],
)
def test_平均只取确定的百分数(figures: list[tuple[str, str]], expected: str) -> None:
    assert _measured(MeasureKind.MEAN, *figures) == expected


@pytest.mark.parametrize(
    ("figures", "unit", "expected"),
    [
        ([("30437", "人")], "人", "30437人"),
        ([("3.0437", "万人")], "人", "figure-units"),
        ([("8236", "人次"), ("4175", "人次")], "人次", "12411人次"),
        ([("30437", "人")], "", "30437人"),
        ([("90%", "")], "", "90%"),
        ([("0.9", "%")], "%", "ratio-or-percent"),
    ],
)
def test_取数要合方案的单位(figures: list[tuple[str, str]], unit: str, expected: str) -> None:
    assert _measured(MeasureKind.VALUE, *figures, unit=unit) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # (92 × 1 + 11 × 0.8 + 15 × 0.6 + 4 × 0.4) ÷ 122 × 100 = 91.31
        (["92", "11", "15", "4"], "91.31%"),
        (["0", "0", "0", "0"], "denominator-zero"),
        (["92", "0", "0", "0"], "100%"),
        (["92", "-3", "15", "4"], "figure-number"),
    ],
)
def test_满意度指数的人数(counts: list[str], expected: str) -> None:
    figures = [(count, "人") for count in counts]
    assert _measured(MeasureKind.INDEX, *figures, weights="1 0.8 0.6 0.4") == expected


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("95%以上", "95%", Met.YES), ("95%以上", "94.99%", Met.NO), ("3000人次以上", "2999人次", Met.NO),
        ("3天以内", "3天", Met.YES), ("3天以内", "3.01天", Met.NO), ("5-10个工作日", "7个工作日", Met.YES),
        ("5-10个工作日", "11个工作日", Met.NO), ("≥90%–95%", "93%", Met.UNKNOWN), ("95%–90%", "93%", Met.UNKNOWN),
        ("≥95%且≤100%", "96%", Met.UNKNOWN), ("≥95%", "0.96", Met.UNKNOWN), ("≥95%", "1", Met.UNKNOWN),
        ("≥95%", "96", Met.YES), ("≤15%", "0", Met.YES), ("≤15%", "0.064", Met.UNKNOWN), ("=0例", "0", Met.YES),
        ("≥95", "0.96", Met.NO), ("90%–95%", "＞92%", Met.UNKNOWN), ("≤12万元", "110000元", Met.UNKNOWN),
    ],
)  # fmt: skip
def test_目标的写法(target: str, actual: str, met: Met) -> None:
    quantity = parse_quantity(actual)
    assert not isinstance(quantity, Fault)
    assert parse_target(target).met_by(quantity) is met


@pytest.mark.parametrize("target", ["≥95%", "90%–95%", "=100%"])
def test_目标是数时_抄成文字的目标不算达到(target: str) -> None:
    assert parse_target(target).met_by(target) is Met.UNKNOWN


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("2.5", "2.5"), ("2.5分", "2.5"), ("75%", "3"), ("75％", "3"), ("1/3", "4/3"), ("1/3分", "1/3"), ("4", "4"),
        ("0", "0"),
    ],
)  # fmt: skip
def test_打分的写法(text: str, points: str) -> None:
    awarded = awarded_of(text, Fraction(4))
    assert awarded is not None and not isinstance(awarded, Fault)
    assert awarded.of(Fraction(4)) == Fraction(points)


def _with_fund(row: IndicatorRow, **executed: str) -> Result:
    scheme, data = read(SELF)
    if executed:
        data = with_change(data, "figures", "全年执行数", "value", executed["executed"])
    return score_evaluation(scheme, replace(data, indicators={**data.indicators, FUND: replace(row, code=FUND)}))


@pytest.mark.parametrize(
    ("awarded", "points"), [("", "10"), ("1/3", "3.33"), ("75%", "7.5"), ("2.345", "2.35"), ("10", "10"), ("0", "0")]
)
def test_资金行的打分也取两位小数(awarded: str, points: str) -> None:
    result = _with_fund(IndicatorRow(code="", awarded=awarded))
    assert result.fund is not None and shown(result.fund.points) == points
    assert result.total is not None and (result.total * 100).denominator == 1


@pytest.mark.parametrize(
    ("awarded", "rule"), [("满分", "awarded-tier"), ("10.01", "awarded-range"), ("好", "awarded-format")]
)
def test_资金行的打分看不懂时没有总分并说出来(awarded: str, rule: str) -> None:
    result = _with_fund(IndicatorRow(code="", awarded=awarded))
    assert result.fund is not None and (result.fund.points, result.total) == (None, None)
    assert rule in {finding.rule for finding in result.findings if finding.is_error}


def test_资金行执行数为负_不得负分() -> None:
    result = _with_fund(IndicatorRow(code=""), executed="-100")
    assert result.fund is not None and (result.fund.points, result.total) == (None, None)
    assert "figure-number" in {finding.rule for finding in result.findings}


def test_资金行填的实际值没有采用要说出来() -> None:
    result = _with_fund(IndicatorRow(code="", actual="50%"))
    assert result.fund is not None and result.fund.points == 10
    found = [finding for finding in result.findings if finding.rule == "fund-row-actual"]
    assert [each.severity for each in found] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("indicators", "A"), ("indicators", "A1"), ("indicators", "b12"), ("indicators", "B12 "),
        ("indicators", "Ｂ12"), ("indicators", "B12.1"), ("elements", "A22.02"), ("elements", "A22.5"),
        ("elements", "A22.0"), ("elements", "A22. 2"), ("elements", "a22.2"), ("elements", "A22"),
        ("elements", "C31.1"),
    ],
)  # fmt: skip
def test_对不上的编码都说出来(sheet: str, key: str) -> None:
    scheme, data = read("jiaocheng-2024")
    if sheet == "indicators":
        changed = replace(data, indicators={**data.indicators, key: IndicatorRow(code=key, awarded="1")})
    else:
        changed = replace(data, elements={**data.elements, key: ElementRow(code=key, met=False)})
    result = score_evaluation(scheme, changed)
    assert [(finding.rule, finding.value) for finding in result.findings if finding.is_error] == [("code-unknown", key)]
    assert result.total == score_evaluation(scheme, data).total


def test_两个要点同名时_理由各说各的() -> None:
    items = [{"name": "有依据", "points": "2"}, {"name": "有依据", "points": "2"}]
    scheme, findings = parse_scheme(scheme_text("itemised_points", "4", 参数={"items": items}).encode(), "x")
    assert scheme is not None and findings == []
    rows = {
        "A1.1": ElementRow(code="A1.1", met=True, finding="第一项查过"),
        "A1.2": ElementRow(code="A1.2", met=False, finding="第二项没有"),
    }
    score = score_of(score_evaluation(scheme, EvaluationData(elements=rows)), "A1")
    assert (shown(score.points), score.reason) == ("2", "第二项没有")


@pytest.mark.parametrize(
    ("numerator", "rule"), [("-1", "rate-part-negative"), ("５", "quantity-format"), ("5人", "quantity-format")]
)
def test_填写的分子要是不小于0的数(numerator: str, rule: str) -> None:
    scheme, data = read("jiaocheng-2024")
    leaf = score_of(score_evaluation(scheme, data), "C31").indicator
    row = IndicatorRow(code="C31", numerator=numerator, denominator="10")
    actual = actual_of(leaf, row, leaf.target, {})
    assert actual.fault is not None and actual.fault.rule == rule


BANDED = '{type: banded_satisfaction, bands: [{from: "60", rate_times: "3"}, {from: "90", give: 满分}]}'
BAD_RULES = [
    (BANDED, "bands-order"),
    ('{type: banded_satisfaction, bands: [{from: "60", points: "3"}, {from: "60", points: "2"}]}', "bands-order"),
    ('{type: qualitative_bands, bands: [{name: 达成, from: "1", to: "0.8"}]}', "bands-order"),
    ('{type: piecewise_percent_scale, full_to: "15", pass_at: "16", pass_mark: "100.01"}', "number-range"),
    ('{type: piecewise_percent_scale, full_to: "16", pass_at: "16", pass_mark: "60"}', "number-range"),
    ('{type: step_deduction_absolute, step: "0", points: "1"}', "number-range"),
    ('{type: step_deduction_absolute, step: "-5", points: "1"}', "number-range"),
    ('{type: deduct_share_per_point, share: "5"}', "share-range"),
    ('{type: three_tier_numeric, pass_share: "60"}', "share-range"),
    ("{type: checklist_equal_share, elements: []}", "list-empty"),
]
SCHEME = """schema: tuodi-scheme/1
id: shili
title: 示例
kind: self-evaluation
source: 自拟
layout: report-generic
fund_row: {code: %s, name: 资金, weight: "10", initial: 甲, annual: 乙, executed: 丙, counts: true}
indicators:
- {code: A1, name: 甲, weight: "%s", rule: %s}
- {code: A2, name: 乙, weight: "%s", rule: {type: zero_tolerance}}
"""


@pytest.mark.parametrize(("rule", "expected"), BAD_RULES)
def test_规则自相矛盾的方案不用(rule: str, expected: str) -> None:
    scheme, findings = parse_scheme((SCHEME % ("F", "40", rule, "50")).encode(), "x")
    assert scheme is None and [finding.rule for finding in findings] == [expected]


@pytest.mark.parametrize(
    ("fund", "first", "second", "expected"),
    [
        ("F", "40", "50", []),
        ("F", "40.25", "49.75", []),
        ("F", "0", "90", []),
        ("F", "40.255", "49.745", ["weight-decimals", "weight-decimals"]),
        ("F", "1/3", "269/3", ["weight-decimals", "weight-decimals"]),
        ("F", "40", "50.01", ["weights-total"]),
        ("F", "-40", "50", ["number-range", "weights-total"]),
        ("A2", "40", "50", ["code-twice"]),
    ],
)
def test_权重和编码(fund: str, first: str, second: str, expected: list[str]) -> None:
    scheme, findings = parse_scheme((SCHEME % (fund, first, "{type: rate_times_weight}", second)).encode(), "x")
    assert [finding.rule for finding in findings] == expected
    assert (scheme is None) == bool(expected)


def test_权重为0的指标得0分_不影响总分() -> None:
    scheme, _ = parse_scheme((SCHEME % ("F", "0", "{type: rate_times_weight}", "90")).encode(), "x")
    assert scheme is not None
    data = EvaluationData(
        indicators={"A1": IndicatorRow(code="A1", actual="90%"), "A2": IndicatorRow(code="A2", actual="0例")},
        figures={name: FigureRow(name=name, value="5") for name in ("乙", "丙")},
    )
    result = score_evaluation(scheme, data)
    score = score_of(result, "A1")
    assert (shown(score.points), score.rate, shown(result.total)) == ("0", None, "100")
