"""The sheets the scores are computed from: 数据 (one row an indicator), 要点, 基础数据. Yellow cells are inputs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tuodi.evaluation.measures import Measured
from tuodi.evaluation.rules.bands import ThreeTier
from tuodi.evaluation.rules.elements import ItemisedPoints, ThresholdPoints
from tuodi.evaluation.rules.rates import (
    CompletionRateTimesWeight,
    QuantitativeInProportion,
    SelfEvalCompletion,
    completion,
)
from tuodi.evaluation.rules.rule import Outcome, Rule
from tuodi.evaluation.scheme import Measure, MeasureKind
from tuodi.evaluation.scoring import FundScore, Result, Score
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import PERCENT, Quantity, parse_number, parse_quantity
from tuodi.report.workbook.formulas import (
    HAIR,
    YES,
    Refs,
    completion_formula,
    number,
    rounded_formula,
    tier_formula,
)
from tuodi.report.workbook.sheet_writer import INPUT, CellValue, Column, Formula, SheetWriter

NO = "否"
DATA, ELEMENTS, FIGURES = "数据", "要点", "基础数据"

_DATA_COLUMNS = (
    Column("编码", 9), Column("指标", 28), Column("目标（原文）", 16), Column("目标值", 11), Column("目标上限", 9),
    Column("分子", 15), Column("分母", 15), Column("实际值", 12), Column("单位", 8), Column("实际情况（文字）", 22),
    Column("完成率（%）", 10), Column("评价人给分", 10), Column("评价人给分（占权重）", 11), Column("档次", 9),
    Column("数据来源", 22), Column("理由", 36),
)  # fmt: skip
(
    _CODE, _NAME, _SAID, _TARGET, _UPPER, _NUMERATOR, _DENOMINATOR, _ACTUAL, _UNIT, _WORDS,
    _COMPLETION, _AWARDED, _SHARE, _TIER, _SOURCE, _REASON,
) = range(len(_DATA_COLUMNS))  # fmt: skip

_ELEMENT_COLUMNS = (
    Column("要点编号", 11), Column("指标", 24), Column("要点", 44), Column("是否符合", 9), Column("数值", 11),
    Column("分值", 9), Column("评价发现", 44), Column("佐证材料", 12),
)  # fmt: skip
_MET, _VALUE, _POINTS = 3, 4, 5

_FIGURE_COLUMNS = (
    Column("名称", 30), Column("数值", 18), Column("单位", 9), Column("来源", 44), Column("佐证材料", 12)
)  # fmt: skip

_BY_COMPLETION = (CompletionRateTimesWeight, SelfEvalCompletion, QuantitativeInProportion)


class InputSheets:
    """The three sheets; where each indicator's and each figure's cells stand is known before they are written."""

    def __init__(self, book: Any, result: Result) -> None:
        self._result = result
        self._data = SheetWriter(book, DATA, _DATA_COLUMNS)
        self._elements = SheetWriter(book, ELEMENTS, _ELEMENT_COLUMNS)
        self._figures = SheetWriter(book, FIGURES, _FIGURE_COLUMNS)
        first = SheetWriter.FIRST_ROW
        codes = [score.indicator.code for score in result.scores]
        if result.fund:
            codes.append(result.fund.row.code)
        self._row_of = {code: first + at for at, code in enumerate(codes)}
        self._figure_row = {name: first + at for at, name in enumerate(result.data.figures)}
        self._element_row: dict[str, int] = {}
        row = first
        for score in result.scores:
            self._element_row[score.indicator.code] = row
            row += len(_element_names(score))

    def refs(self, code: str, weight: str) -> Refs:
        """Return where an indicator's inputs stand; ``weight`` is the reference of its weight."""
        row, elements = self._row_of[code], self._element_row.get(code, 0)

        def cell(column: int) -> str:
            return self._data.cell(row, column)

        def span(column: int) -> Any:
            return lambda first, last: self._elements.span(elements + first - 1, elements + last - 1, column)

        return Refs(
            weight=weight, actual=cell(_ACTUAL), words=cell(_WORDS), target=cell(_TARGET), upper=cell(_UPPER),
            completion=cell(_COMPLETION), awarded=cell(_AWARDED), share=cell(_SHARE), tier=cell(_TIER),
            met=span(_MET), value=span(_VALUE), points=span(_POINTS),
        )  # fmt: skip

    def figure(self, name: str) -> str | None:
        """Return where a figure of the sheet 基础数据 stands; None where there is none."""
        row = self._figure_row.get(name)
        return None if row is None else self._figures.cell(row, 1)

    def actual(self, code: str, text: str) -> CellValue:
        """Return the formula that shows an indicator's actual value with its unit."""
        if not text:
            return None
        cells = [self._data.cell(self._row_of[code], column) for column in (_ACTUAL, _UNIT, _WORDS)]
        return Formula("&".join(cells), text)

    def part(self, code: str, *, denominator: bool) -> str:
        """Return where an indicator's numerator or denominator stands."""
        return self._data.cell(self._row_of[code], _DENOMINATOR if denominator else _NUMERATOR)

    def write(self) -> None:
        """Write the sheets."""
        yellow = "黄色格子是填写的数据，改动后评分表随之重算；白色格子由公式算出。"
        self._data.start("评分所用数据", yellow, frozen=2)
        for score in self._result.scores:
            self._write_indicator(score)
        if self._result.fund:
            self._write_fund(self._result.fund)
        hint = "“是否符合”填 是 或 否；按次数扣分或按数值评分的，改“数值”。分值由方案规定。"
        self._elements.start("评分要点", hint, frozen=1)
        for score in self._result.scores:
            self._write_elements(score)
        hint = "指标的分子、分母取自这里；改动数值，有关的实际值和得分随之重算。"
        self._figures.start("基础数据", hint, frozen=1)
        for name, row in self._result.data.figures.items():
            value = _numeric(row.value)
            texts = (name, value, row.unit, row.source, "、".join(row.evidence))
            self._row(self._figures, self._figure_row[name], texts, inputs=(1,))

    def _row(self, sheet: SheetWriter, row: int, values: Sequence[CellValue], inputs: Sequence[int]) -> None:
        for at, value in enumerate(values):
            look = dict(INPUT) if at in inputs and not isinstance(value, Formula) else {}
            sheet.put(row, at, value, look)
        sheet.fit(row, [value if isinstance(value, str) else "" for value in values])

    def _write_indicator(self, score: Score) -> None:
        leaf, inputs, row = score.indicator, score.inputs, score.row
        target, actual, given = inputs.target, inputs.actual, inputs.awarded
        refs = self.refs(leaf.code, "")
        numerator, denominator, value = self._parts(score, refs)
        numeric = isinstance(actual, Quantity) and not actual.operator
        share = _share_cell(given.text) if given and given.share is not None else None
        values: list[CellValue] = [
            leaf.code,
            leaf.name,
            str(target) if target else "",
            target.value if target else None,
            target.upper if target else None,
            numerator,
            denominator,
            value,
            actual.unit if isinstance(actual, Quantity) and numeric else "",
            "" if numeric or actual is None else str(actual),
            _completion_cell(leaf.rule, score, refs),
            given.points if given else None,
            share,
            self._tier(score, refs),
            row.source or leaf.data_source,
            row.reason,
        ]
        editable = (_TARGET, _UPPER, _NUMERATOR, _DENOMINATOR, _ACTUAL, _WORDS, _AWARDED, _SHARE)
        used = [at for at in editable if values[at] not in (None, "")]
        self._row(self._data, self._row_of[leaf.code], values, used)

    def _parts(self, score: Score, refs: Refs) -> tuple[CellValue, CellValue, CellValue]:
        """Return numerator, denominator and value: typed ones as numbers, computed ones as formulas."""
        actual, computed = score.inputs.actual, score.computed
        if not isinstance(actual, Quantity) or actual.operator:
            return None, None, None
        if computed is None:
            return None, None, actual.value
        spec, row = score.indicator.measure, score.row
        typed = [_numeric(text) if text else None for text in (row.numerator, row.denominator)]
        if spec is None or None not in typed:
            parts: list[CellValue] = [computed.numerator, computed.denominator]
        else:
            measured = self._measure_parts(spec, computed)
            if measured is None:
                return None, None, Formula(self._plain_measure(spec), computed.value.value)
            parts = [by_measure if own is None else own for own, by_measure in zip(typed, measured, strict=True)]
        places = spec.places if spec else 2
        over, under = (self.part(score.indicator.code, denominator=each) for each in (False, True))
        formula = f"ROUND({over}*100/{under}+SIGN({over})*{HAIR},{places})"
        return parts[0], parts[1], Formula(f'IF(ISNUMBER({under}),{formula},"")', computed.value.value)

    def _measure_parts(self, spec: Measure, computed: Measured) -> tuple[Formula, Formula] | None:
        """Return numerator and denominator of a measure as formulas; None for a mean or a plain value."""
        of, base = self._sum(spec.of), self._sum(spec.base) if spec.base else ""
        match spec.kind:
            case MeasureKind.RATE:
                numerator, denominator = of, base
            case MeasureKind.SAVED:
                numerator, denominator = f"{base}-({of})", base
            case MeasureKind.CHANGED:
                numerator, denominator = f"{of}-({base})", base
            case MeasureKind.INDEX:
                pairs = zip(spec.of, spec.weights, strict=True)
                numerator = "+".join(f"{self.figure(name)}*{number(weight)}" for name, weight in pairs)
                denominator = of
            case _:
                return None
        return Formula(numerator, computed.numerator), Formula(denominator, computed.denominator)

    def _plain_measure(self, spec: Measure) -> str:
        of = self._sum(spec.of)
        return rounded_formula(f"({of})/{len(spec.of)}", spec.places) if spec.kind is MeasureKind.MEAN else of

    def _sum(self, names: Sequence[str]) -> str:
        return "+".join(str(self.figure(name)) for name in names)

    def _tier(self, score: Score, refs: Refs) -> CellValue:
        """Return the tier: as the evaluator named it, or read off the words by a formula."""
        rule, given = score.indicator.rule, score.inputs.awarded
        if given and given.tier:
            return given.tier
        if not isinstance(rule, ThreeTier) or score.points is None or score.inputs.awarded:
            return None
        formula = tier_formula(rule, refs.words)
        shown = rule.tier_of(score.inputs)
        return Formula(formula, shown) if formula else shown

    def _write_fund(self, fund: FundScore) -> None:
        row, executed = fund.row, fund.executed
        values: list[CellValue] = [""] * len(_DATA_COLUMNS)
        values[_CODE], values[_NAME], values[_REASON] = row.code, row.name, fund.reason
        of, base = self.figure(row.executed), self.figure(row.annual)
        if executed and not executed.figures:
            values[_NUMERATOR], values[_DENOMINATOR] = executed.numerator, executed.denominator
            values[_ACTUAL], values[_UNIT] = executed.value.value, PERCENT
        elif executed and of and base:
            values[_NUMERATOR], values[_DENOMINATOR] = (
                Formula(of, executed.numerator),
                Formula(base, executed.denominator),
            )
            over, under = (self.part(row.code, denominator=each) for each in (False, True))
            values[_ACTUAL] = Formula(rounded_formula(f"{over}*100/{under}"), executed.value.value)
            values[_UNIT] = PERCENT
        if fund.by_rule is not None or executed is None:
            values[_AWARDED] = fund.points
        self._row(self._data, self._row_of[row.code], values, (_AWARDED,) if values[_AWARDED] else ())

    def _write_elements(self, score: Score) -> None:
        code, rule = score.indicator.code, score.indicator.rule
        points = _element_points(rule)
        for at, name in enumerate(_element_names(score)):
            element = score.inputs.elements.get(at + 1)
            met = "" if element is None or element.met is None else YES if element.met else NO
            value = _numeric(element.value) if element and element.value else None
            finding, evidence = (element.finding, "、".join(element.evidence)) if element else ("", "")
            values = (f"{code}.{at + 1}", score.indicator.name, name, met, value, points[at], finding, evidence)
            counted = value is not None or (isinstance(rule, ThresholdPoints | ItemisedPoints) and not met)
            self._row(self._elements, self._element_row[code] + at, values, (_VALUE,) if counted else (_MET,))


def _element_names(score: Score) -> tuple[str, ...]:
    return score.indicator.rule.element_names if score.indicator.rule else ()


def _element_points(rule: Rule | None) -> list[Fraction | None]:
    """Return what each element is worth, or what each event takes; None where elements share the weight."""
    match rule:
        case ItemisedPoints(items=items, deductions=deductions):
            veto: list[Fraction | None] = [None] if rule.veto else []
            return [*(each.points for each in (*items, *deductions)), *veto]
        case ThresholdPoints(conditions=conditions):
            return [each.points for each in conditions]
    return [None] * len(rule.element_names if rule else ())


def _completion_cell(rule: Rule | None, score: Score, refs: Refs) -> CellValue:
    """Return the completion rate for the rules that score by it: a formula, or a number where words were compared."""
    if not isinstance(rule, _BY_COMPLETION):
        return None
    rate = completion(score.inputs)
    if isinstance(rate, Outcome):
        return None
    formula = completion_formula(score.inputs, refs)
    return Formula(formula, rate) if formula else rate


def _share_cell(text: str) -> CellValue:
    """Return a share of the weight: a quotient stays one, so that thirds are exact to the last place shown."""
    value = parse_quantity(text)
    if isinstance(value, Fault):
        return None
    if "/" in text:
        return Formula(text.strip(), value.value)
    return value.value / 100 if value.unit == PERCENT else value.value


def _numeric(text: str) -> CellValue:
    """Return a typed number as a number, anything else as the text it is."""
    value = parse_number(text)
    if not isinstance(value, Fault):
        return value
    quantity = parse_quantity(text)
    return text if isinstance(quantity, Fault) or quantity.operator else quantity.value
