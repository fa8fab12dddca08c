"""Actual values computed from named figures (sheet 基础数据), numerator and denominator kept apart."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import FigureRow
from tuodi.evaluation.scheme import Measure, MeasureKind
from tuodi.evaluation.survey_figures import is_survey_figure
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import decimal_text, rounded
from tuodi.kernel.quantity import PERCENT, Quantity, parse_quantity, plain

HUNDRED = Fraction(100)
MISSING = "figure-missing"
_DECIMALS = re.compile(r"\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A computed actual value: the rounded number, what it was divided from, the calculation in words and numbers.

    ``figures`` are the rows it came from. ``numerator`` and ``denominator`` are None for a mean or a plain value.
    """

    value: Quantity
    formula: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    figures: tuple[FigureRow, ...] = ()


def rate(numerator: Fraction, denominator: Fraction, places: int = 2) -> Measured | Fault:
    """Return a percentage from its two parts, rounded half up."""
    if denominator <= 0:
        return Fault("denominator-zero", "分母不大于 0，算不出比率", "请核对分母（denominator）")
    value = rounded(numerator * HUNDRED / denominator, places)
    return Measured(
        value=Quantity(value, PERCENT),
        formula=f"{_grouped(numerator)} ÷ {_grouped(denominator)} = {plain(value)}%",
        numerator=numerator,
        denominator=denominator,
    )


def measure(spec: Measure, figures: Mapping[str, FigureRow]) -> Measured | Fault:
    """Compute a measure; a Fault names the figures that are missing, or the one that is no number."""
    numbers = figure_values((*spec.of, *spec.base), figures)
    unit = one_unit((*spec.of, *spec.base), figures)
    if isinstance(numbers, Fault):
        return numbers
    if isinstance(unit, Fault):
        return unit
    unusable = _unusable(spec, numbers, unit, figures)
    if unusable is not None:
        return unusable
    rows = tuple(figures[name] for name in (*spec.of, *spec.base))
    of, base = numbers[: len(spec.of)], numbers[len(spec.of) :]
    found = _computed(spec, of, base, spec.unit or unit)
    if isinstance(found, Fault):
        return found
    return Measured(
        value=found.value,
        formula=found.formula,
        numerator=found.numerator,
        denominator=found.denominator,
        figures=rows,
    )


def figure_values(names: Sequence[str], figures: Mapping[str, FigureRow]) -> list[Fraction] | Fault:
    """Return the numbers of named figures, percentages in points; one Fault names all that are missing."""
    missing = missing_figures(names, figures)
    if missing:
        return missing_fault(missing)
    values = []
    for name in names:
        row = figures[name]
        quantity = parse_quantity(row.value)
        if isinstance(quantity, Fault) or quantity.operator:
            return Fault(
                "figure-number", f"“基础数据”里“{name}”的数值“{row.value}”不是数", "请写成数字，例如 10220400.00"
            )
        values.append(quantity.value)
    return values


def missing_figures(names: Sequence[str], figures: Mapping[str, FigureRow]) -> list[str]:
    """Return the names without a value, each once."""
    return [name for name in dict.fromkeys(names) if name not in figures or not figures[name].value]


def typed_places(text: str) -> int:
    """Return how many decimals a number was typed with."""
    decimals = _DECIMALS.search(text)
    return len(decimals[1]) if decimals else 0


def one_unit(names: Sequence[str], figures: Mapping[str, FigureRow]) -> str | Fault:
    """Return the unit named figures share, empty where none has one; a Fault names figures in different units."""
    units = {name: _unit(figures[name]) for name in names if name in figures}
    units = {name: unit for name, unit in units.items() if unit}
    if len(set(units.values())) < 2:
        return next(iter(units.values()), "")
    told = "、".join(f"{name}（{unit}）" for name, unit in units.items())
    return Fault("figure-units", f"基础数据的单位不一致：{told}", "请换算成同一单位，例如都写元")


def _unit(row: FigureRow) -> str:
    """Return a figure's unit: of its own column, with what is written behind the number where that is another one."""
    quantity = parse_quantity(row.value)
    behind = "" if isinstance(quantity, Fault) else quantity.unit
    column = row.unit.strip().replace("％", PERCENT)
    return column if behind in ("", column) else f"{behind}{f'，单位栏写{column}' if column else ''}"


def _unusable(spec: Measure, numbers: list[Fraction], unit: str, figures: Mapping[str, FigureRow]) -> Fault | None:
    """Return what makes figures no inputs of this kind of measure although each of them is a number."""
    names = (*spec.of, *spec.base)
    if spec.kind is MeasureKind.INDEX and min(numbers) < 0:
        return Fault("figure-number", f"“{names[numbers.index(min(numbers))]}”的人数小于 0", "请核对“基础数据”的数值")
    if spec.kind not in (MeasureKind.MEAN, MeasureKind.VALUE):
        return None
    wanted = spec.unit or unit
    if unit and unit != wanted:
        return Fault("figure-units", f"“{names[0]}”的单位是{unit}，方案里是{wanted}", "请把数值换算成方案里的单位")
    shares = [name for name, number in zip(names, numbers, strict=True) if 0 < abs(number) <= 1]
    if wanted == PERCENT and shares and PERCENT not in figures[shares[0]].value:
        message = f"“{shares[0]}”的数值“{figures[shares[0]].value}”看不出是比例还是百分数"
        return Fault("ratio-or-percent", message, "请连百分号一起写成文字，例如 90.56%")
    return None


def _computed(spec: Measure, of: list[Fraction], base: list[Fraction], unit: str) -> Measured | Fault:
    total, whole = sum(of, Fraction(0)), sum(base, Fraction(0))
    match spec.kind:
        case MeasureKind.RATE:
            return rate(total, whole, spec.places)
        case MeasureKind.SAVED:
            return rate(whole - total, whole, spec.places)
        case MeasureKind.CHANGED:
            return rate(total - whole, whole, spec.places)
        case MeasureKind.INDEX:
            found = rate(sum((n * w for n, w in zip(of, spec.weights, strict=True)), Fraction(0)), total, spec.places)
            if isinstance(found, Fault):
                return found
            terms = " + ".join(f"{_grouped(n)} × {plain(w)}" for n, w in zip(of, spec.weights, strict=True))
            formula = f"({terms}) ÷ {_grouped(total)} = {found.value}"
            return Measured(
                value=found.value, formula=formula, numerator=found.numerator, denominator=found.denominator
            )
        case MeasureKind.MEAN:
            value = rounded(total / len(of), spec.places)
            terms = " + ".join(map(_grouped, of))
            return Measured(value=Quantity(value, unit), formula=f"({terms}) ÷ {len(of)} = {plain(value)}{unit}")
        case MeasureKind.VALUE:
            terms = " + ".join(map(_grouped, of))
            equals = f" = {_grouped(total)}" if len(of) > 1 else ""
            return Measured(value=Quantity(total, unit), formula=f"{terms}{equals}{unit}")


def missing_fault(names: Sequence[str]) -> Fault:
    """Return one fault that names all missing figures, those of the survey as such."""
    counts = "".join(f"“{name}”" for name in names if is_survey_figure(name))
    amounts = "".join(f"“{name}”" for name in names if not is_survey_figure(name))
    if not amounts:
        return Fault(MISSING, f"“问卷统计”里没有{counts}", "请补上这一题各选项的人数")
    message = f"“基础数据”里没有{amounts}"
    if counts:
        message = f"“基础数据”里没有{amounts}，“问卷统计”里没有{counts}"
    return Fault(MISSING, message, "请补上数值和来源")


def _grouped(value: Fraction) -> str:
    return decimal_text(value, 4, grouped=True, trimmed=True)
