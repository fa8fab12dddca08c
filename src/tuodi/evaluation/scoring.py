"""Scheme x data -> every score with its inputs, formula, evidence, reason and what would raise it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.actual import Actual, actual_of, rate_over_100
from tuodi.evaluation.awards import awarded_of
from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow, Place
from tuodi.evaluation.known_codes import unknown_codes
from tuodi.evaluation.measures import Measured, measure, missing_figures
from tuodi.evaluation.rules.rule import POINTS_PLACES, Awarded, Inputs, Outcome, in_points, points_text
from tuodi.evaluation.scheme import FundRow, Indicator, Measure, MeasureKind, Scheme
from tuodi.evaluation.sheets import data_layout, heading
from tuodi.evaluation.stated_target import beside, stated_target
from tuodi.evaluation.survey_figures import is_survey_figure, with_survey_figures
from tuodi.evaluation.target import parse_target
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import percent, rounded
from tuodi.kernel.quantity import PERCENT, Quantity

NO_ROW = IndicatorRow(code="")
INDICATORS = "indicators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One leaf's score; ``points`` None while an input is missing (the findings say which).

    ``by_printed_rule`` is what the printed rule gives where that differs from ``points``; ``note`` says why.
    ``computed`` is the actual value with its calculation, where it was computed.
    """

    indicator: Indicator
    inputs: Inputs
    points: Fraction | None
    formula: str
    reason: str
    gain: str
    by_printed_rule: Fraction | None
    note: str
    evidence: tuple[str, ...]
    row: IndicatorRow
    computed: Measured | None

    @property
    def lost(self) -> Fraction:
        """Points lost; 0 while unscored."""
        return Fraction(0) if self.points is None else self.indicator.weight - self.points

    @property
    def rate(self) -> str | None:
        """Score over weight in percent with two decimals."""
        return rate_text(self.points, self.indicator.weight)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's points: the sum of its leaves, None while one of them is unscored."""

    indicator: Indicator
    points: Fraction | None

    @property
    def rate(self) -> str | None:
        """Score over weight in percent with two decimals."""
        return rate_text(self.points, self.indicator.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundScore:
    """The execution row of a self-evaluation table."""

    row: FundRow
    points: Fraction | None
    by_rule: Fraction | None
    executed: Measured | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A whole evaluation. ``total`` and ``grade`` are None while a leaf is unscored: a part is not a total."""

    scheme: Scheme
    data: EvaluationData
    scores: tuple[Score, ...]
    groups: tuple[GroupScore, ...]
    fund: FundScore | None
    total: Fraction | None
    grade: str | None
    findings: tuple[Finding, ...]

    def score_of(self, code: str) -> Score | None:
        """Return the score of a leaf."""
        return next((score for score in self.scores if score.indicator.code == code), None)


def score_evaluation(scheme: Scheme, data: EvaluationData) -> Result:
    """Score every leaf, the groups, the fund row, the total and the grade. Never raises for any data."""
    data = with_survey_figures(data)
    findings: list[Finding] = list(unknown_codes(scheme, data))
    scores = []
    for leaf in scheme.leaves():
        score, found = _score(leaf, data)
        scores.append(score)
        findings.extend(found)
    fund, found = _fund(scheme, data)
    findings.extend(found)
    points = {score.indicator.code: score.points for score in scores}
    groups = tuple(
        GroupScore(node, _sum(points[leaf.code] for leaf in node.leaves())) for node in scheme.nodes() if node.children
    )
    counted = [*points.values(), fund.points] if fund and fund.row.counts else list(points.values())
    total = _sum(iter(counted))
    return Result(
        scheme=scheme,
        data=data,
        scores=tuple(scores),
        groups=groups,
        fund=fund,
        total=total,
        grade=None if total is None else scheme.grade_of(total),
        findings=tuple(findings),
    )


def rate_text(points: Fraction | None, weight: Fraction) -> str | None:
    """Return points over weight in percent with two decimals; None while unscored or without weight."""
    if points is None or weight == 0:
        return None
    share = points / weight
    return percent(share.numerator, share.denominator)


def _sum(points: Iterator[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for each in points:
        if each is None:
            return None
        total += each
    return total


def _score(leaf: Indicator, data: EvaluationData) -> tuple[Score, list[Finding]]:
    row = data.indicators.get(leaf.code, NO_ROW)
    stated = stated_target(leaf, row)
    actual = actual_of(leaf, row, stated.target, data.figures)
    stated = beside(stated, leaf, actual.value)
    awarded = awarded_of(row.awarded, leaf.weight, leaf.rule.tier_names if leaf.rule else ())
    inputs = Inputs(
        weight=leaf.weight,
        target=stated.target,
        actual=actual.value,
        awarded=awarded if isinstance(awarded, Awarded) else None,
        elements=_elements(leaf, data),
    )
    unusable = [
        (column, each)
        for column, each in (("target", stated.fault), ("actual", actual.fault), ("awarded", awarded))
        if isinstance(each, Fault)
    ]
    outcome = Outcome(points=None) if unusable else _outcome(leaf, inputs)
    points = None if outcome.points is None else rounded(outcome.points, POINTS_PLACES)
    printed = None if points is None else _by_printed_rule(leaf, inputs, points)
    reason = row.reason or ("" if points == leaf.weight else outcome.lost)
    told = _Told(leaf, row, data)
    for column, each in unusable:
        told.error(each, column, getattr(row, column))
    for each in outcome.faults:
        told.error(each, _column_of(each))
    for column, doubts in (
        ("target", (stated.doubt,) if stated.doubt else ()),
        ("actual", actual.doubts),
        ("awarded", outcome.doubts),
    ):
        for each in doubts:
            told.warning(each, column)
    if points is not None and (points < leaf.weight or _overridden(leaf, inputs)) and not reason:
        told.warning(Fault("reason-missing", "扣了分或由评价人给分，却没有说明理由", "请填写理由"), "reason")
    score = Score(
        indicator=leaf,
        inputs=inputs,
        points=points,
        formula=outcome.formula,
        reason=reason,
        gain=outcome.gain,
        by_printed_rule=printed,
        note=_note(leaf, points, printed),
        evidence=_evidence(row, inputs.elements.values(), actual),
        row=row,
        computed=actual.computed,
    )
    return score, told.findings


class _Told:
    """Findings about one leaf's inputs, each at the sheet and the column where it is to be mended."""

    def __init__(self, leaf: Indicator, row: IndicatorRow, data: EvaluationData) -> None:
        self._leaf, self._row, self._data = leaf, row, data
        self.findings: list[Finding] = []

    def error(self, fault: Fault, column: str, value: str = "") -> None:
        self._add(fault, column, value, Severity.ERROR)

    def warning(self, fault: Fault, column: str) -> None:
        self._add(fault, column, "", Severity.WARNING)

    def _add(self, fault: Fault, column: str, value: str, severity: Severity) -> None:
        fault = Fault(fault.rule, f"{self._leaf.code} {self._leaf.name}：{fault.message}", fault.advice)
        if fault.rule.startswith("element-"):
            self.findings.append(_sheet("elements").finding(fault, "", "", severity))
        elif fault.rule.startswith("figure-"):
            self.findings.append(_sheet(self._sheet_of_figures()).finding(fault, "", "", severity))
        else:
            place = self._row.place if self._row.place.row is not None else _sheet(INDICATORS)
            named = heading(INDICATORS, column) if column else ""
            self.findings.append(place.finding(fault, named, value, severity))

    def _sheet_of_figures(self) -> str:
        """Return the sheet where the figures of the leaf's measure are missing or wrong."""
        spec = self._leaf.measure
        names = (*spec.of, *spec.base) if spec else ()
        wanted = missing_figures(names, self._data.figures) or names
        return "surveys" if wanted and all(map(is_survey_figure, wanted)) else "figures"


def _sheet(sheet_id: str) -> Place:
    return Place(sheet=data_layout().sheet(sheet_id).name)


def _column_of(fault: Fault) -> str:
    """Return the column of 指标 that a missing or unusable input of a rule belongs in."""
    kind = fault.rule.split("-")[0]
    if kind in ("awarded", "tier"):
        return "awarded"
    return "target" if fault.rule in ("target-missing", "target-number") else "actual"


def _outcome(leaf: Indicator, inputs: Inputs) -> Outcome:
    """Apply the leaf's rule; what an evaluator awarded counts in place of it where the rule does not ask for it."""
    if leaf.rule is None:
        return Outcome(points=None)
    if not _overridden(leaf, inputs) or inputs.awarded is None:
        return leaf.rule.outcome(inputs)
    points = inputs.awarded.of(leaf.weight)
    if points is None:
        return leaf.rule.outcome(inputs)
    by_rule = leaf.rule.by_rule(inputs)
    gain = by_rule.gain if points < leaf.weight else ""
    return Outcome(
        points=points, formula=f"评价人给出 {in_points(points)}", lost=by_rule.lost, gain=gain, doubts=by_rule.doubts
    )


def _overridden(leaf: Indicator, inputs: Inputs) -> bool:
    return inputs.awarded is not None and leaf.rule is not None and not leaf.rule.judged


def _by_printed_rule(leaf: Indicator, inputs: Inputs, points: Fraction) -> Fraction | None:
    """Return what the printed rule gives, where it can be computed and is another value."""
    rule = leaf.printed_rule or leaf.rule
    if rule is None or (rule is leaf.rule and not _overridden(leaf, inputs)):
        return None
    by_rule = rule.by_rule(inputs).points
    if by_rule is None:
        return None
    by_rule = rounded(by_rule, POINTS_PLACES)
    return None if by_rule == points else by_rule


def _note(leaf: Indicator, points: Fraction | None, printed: Fraction | None) -> str:
    notes = [leaf.note] if leaf.note else []
    if leaf.rule is not None and not leaf.note:
        notes.extend(leaf.rule.defects(leaf.weight))
    if printed is not None and points is not None:
        notes.append(f"按印出的规则应得 {points_text(printed)} 分，本表为 {points_text(points)} 分")
    return "；".join(notes)


def _elements(leaf: Indicator, data: EvaluationData) -> dict[int, ElementRow]:
    names = leaf.rule.element_names if leaf.rule else ()
    rows = {number: data.elements.get(f"{leaf.code}.{number}") for number in range(1, len(names) + 1)}
    return {number: row for number, row in rows.items() if row is not None}


def _evidence(row: IndicatorRow, elements: Iterable[ElementRow], actual: Actual) -> tuple[str, ...]:
    numbers = list(row.evidence)
    for each in elements:
        numbers.extend(each.evidence)
    for figure in actual.computed.figures if actual.computed else ():
        numbers.extend(figure.evidence)
    return tuple(dict.fromkeys(numbers))


def _fund(scheme: Scheme, data: EvaluationData) -> tuple[FundScore | None, list[Finding]]:
    row = scheme.fund_row
    if row is None:
        return None, []
    given = data.indicators.get(row.code, NO_ROW)
    place = given.place if given.place.row is not None else _sheet(INDICATORS)
    executed = _executed(row, given, data.figures)
    if isinstance(executed, Measured) and executed.value.value < 0:
        executed = Fault("figure-number", f"“{row.executed}”小于 0", "请核对“基础数据”的数值")
    awarded = awarded_of(given.awarded, row.weight)
    findings = []
    for column, fault in (("actual", executed), ("awarded", awarded)):
        if isinstance(fault, Fault):
            named = Fault(fault.rule, f"{row.name}：{fault.message}", fault.advice)
            of_figures = fault.rule.startswith("figure-")
            where = _sheet("figures") if of_figures else place
            findings.append(where.finding(named, "" if of_figures else heading(INDICATORS, column), ""))
    by_rule = None
    if isinstance(executed, Measured):
        by_rule = rounded(row.weight * min(executed.value.value, Fraction(100)) / 100, POINTS_PLACES)
    points = None if findings else by_rule
    if isinstance(awarded, Awarded):
        points = rounded(awarded.of(row.weight) or Fraction(0), POINTS_PLACES)
    if isinstance(executed, Measured) and executed.figures and _rate_typed(given):
        unused = Fault("fund-row-actual", f"{row.name}：按“基础数据”计算，这里填写的未采用", "请改填“基础数据”表")
        findings.append(place.finding(unused, heading(INDICATORS, "actual"), given.actual, Severity.WARNING))
    if isinstance(executed, Measured) and executed.value.value > 100:
        over = rate_over_100(executed)
        over = Fault(over.rule, f"{row.name}：{over.message}", over.advice)
        findings.append(_sheet("figures").finding(over, "", "", Severity.WARNING))
    differs = points is not None and by_rule is not None and points != by_rule
    score = FundScore(
        row=row,
        points=points,
        by_rule=by_rule if differs else None,
        executed=executed if isinstance(executed, Measured) else None,
        reason=given.reason,
        note=row.note,
    )
    return score, findings


def _executed(row: FundRow, given: IndicatorRow, figures: Mapping[str, FigureRow]) -> Measured | Fault:
    """Return the execution rate from 基础数据; where that lacks an amount, what the row itself says."""
    found = measure(Measure(kind=MeasureKind.RATE, of=(row.executed,), base=(row.annual,)), figures)
    if isinstance(found, Measured) or found.rule != "figure-missing" or not _rate_typed(given):
        return found
    leaf = Indicator(code=row.code, name=row.name, weight=row.weight, level=1)
    typed = actual_of(leaf, given, parse_target("100%"), {})
    if typed.fault is not None or typed.computed is not None:
        return typed.fault or typed.computed or found
    if isinstance(typed.value, Quantity) and typed.value.unit == PERCENT and not typed.value.operator:
        return Measured(value=typed.value, formula=str(typed.value))
    return Fault("percent-format", f"执行率“{given.actual}”不是确定的百分数", "请填写百分数，例如 90.56%")


def _rate_typed(given: IndicatorRow) -> bool:
    return bool(given.actual or given.numerator or given.denominator)
