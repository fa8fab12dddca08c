"""How much of the money was used: of the year's, of all that was there, and whether the balance rolls forward."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import EvaluationData, FigureRow, Place
from tuodi.evaluation.measures import (
    MISSING,
    Measured,
    figure_values,
    measure,
    missing_fault,
    missing_figures,
    one_unit,
    typed_places,
)
from tuodi.evaluation.scheme import FundNames, Measure, MeasureKind, Scheme
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import decimal_text, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class RollForward:
    """Opening balance + received - spent beside the closing balance that was reported, all in ``unit``."""

    opening: Fraction
    received: Fraction
    spent: Fraction
    closing: Fraction
    unit: str
    place: Place

    @property
    def computed(self) -> Fraction:
        """Return the closing balance that follows from the other three."""
        return self.opening + self.received - self.spent

    @property
    def difference(self) -> Fraction:
        """Return what was reported beyond it, two decimals; 0 where the balance rolls forward."""
        return rounded(self.closing - self.computed, 2)

    @property
    def formula(self) -> str:
        """Return the calculation with its numbers."""
        parts = [_money(each) for each in (self.opening, self.received, self.spent, self.computed)]
        return f"{parts[0]} + {parts[1]} − {parts[2]} = {parts[3]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """The execution of the programme's money; each part is None where the scheme does not name its figures.

    ``declared``: spent over received (over the budget where nothing is named as received). ``available``: spent over
    received plus the balance carried over. Both keep numerator and denominator.
    """

    declared: Measured | None = None
    available: Measured | None = None
    roll_forward: RollForward | None = None
    findings: tuple[Finding, ...] = ()


def execution(scheme: Scheme, data: EvaluationData) -> Execution:
    """Return the execution from the sheet 基础数据; figures that are missing, or in different units, are findings."""
    names, figures = scheme.funds, data.figures
    unit = one_unit(names.names(), figures)
    if isinstance(unit, Fault):
        return Execution(findings=(_finding(scheme, unit),))
    rates = {
        "declared": _rate(names.spent, (names.received or names.budget,), figures),
        "available": _rate(names.spent, (names.received, names.opening), figures),
    }
    roll = _roll_forward(names, figures)
    sums = [
        _sum(whole, parts, figures) for whole, parts in ((names.received, names.sources), (names.spent, names.uses))
    ]
    faults = [each for each in (*rates.values(), roll, *sums) if isinstance(each, Fault)]
    told = [_all_missing(names, figures) if fault.rule == MISSING else fault for fault in faults]
    findings = [_finding(scheme, fault) for fault in dict.fromkeys(told)]
    if isinstance(roll, RollForward):
        findings.extend(_difference(roll))
    return Execution(
        **{name: each for name, each in rates.items() if isinstance(each, Measured)},
        roll_forward=roll if isinstance(roll, RollForward) else None,
        findings=tuple(findings),
    )


def _all_missing(names: FundNames, figures: Mapping[str, FigureRow]) -> Fault:
    """Return one fault naming every figure that a part of the execution lacks."""
    # The budget stands in where nothing is named as received; beside it nobody asks for it here.
    unused = {names.budget} if names.received else set()
    return missing_fault(missing_figures([name for name in names.names() if name not in unused], figures))


def _rate(of: str, base: tuple[str, ...], figures: Mapping[str, FigureRow]) -> Measured | Fault | None:
    """Return the rate in percent with two decimals; None where the scheme leaves a name out."""
    if not of or not all(base):
        return None
    return measure(Measure(kind=MeasureKind.RATE, of=(of,), base=base), figures)


def _roll_forward(names: FundNames, figures: Mapping[str, FigureRow]) -> RollForward | Fault | None:
    used = (names.opening, names.received, names.spent, names.closing)
    if not all(used):
        return None
    values = figure_values(used, figures)
    if isinstance(values, Fault):
        return values
    opening, received, spent, closing = values
    row = figures[names.closing]
    return RollForward(opening=opening, received=received, spent=spent, closing=closing, unit=row.unit, place=row.place)


def _difference(roll: RollForward) -> list[Finding]:
    if roll.difference == 0:
        return []
    side = "多" if roll.difference > 0 else "少"
    message = f"年末结余比推算的{side} {_money(abs(roll.difference))} {roll.unit}（{roll.formula}）"
    fault = Fault("balance-not-rolling", message, "请核对上年结余、到位、支出和年末结余，并说明差额")
    return [roll.place.finding(fault, "", _money(roll.closing), Severity.WARNING)]


def _sum(whole: str, parts: tuple[str, ...], figures: Mapping[str, FigureRow]) -> Fault | None:
    """Return the fault of parts that do not add up to their whole at the decimals it was typed with."""
    if not whole or not parts:
        return None
    values = figure_values((whole, *parts), figures)
    if isinstance(values, Fault):
        return values
    total, row = sum(values[1:], Fraction(0)), figures[whole]
    difference = total - values[0]
    if rounded(total, typed_places(row.value)) == values[0]:
        return None
    side = "多" if difference > 0 else "少"
    message = f"{'、'.join(parts)}合计 {_money(total)} {row.unit}，比{whole} {_money(values[0])} {row.unit}{side} "
    message += f"{_money(abs(difference))} {row.unit}"
    return Fault("funds-not-adding-up", message, "请核对各项金额，并说明差额")


def _finding(scheme: Scheme, fault: Fault) -> Finding:
    place = Place(file=scheme.file) if fault.rule == "figure-units" else Place(sheet="基础数据")
    return place.finding(fault, "", "", Severity.WARNING)


def _money(value: Fraction) -> str:
    return decimal_text(value, 2, grouped=True)
