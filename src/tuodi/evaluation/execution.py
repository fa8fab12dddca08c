"""How much of the money was used: of the year's, of all that was there, and whether the balance rolls forward."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.data import EvaluationData, FigureRow, Place
from tuodi.evaluation.measures import Measured, figure_values, measure, one_unit
from tuodi.evaluation.scheme import FundNames, Measure, MeasureKind, Scheme
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import decimal_text


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
        """Return what was reported beyond it; 0 where the balance rolls forward."""
        return self.closing - self.computed

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
    used = tuple(filter(None, (names.budget, names.received, names.spent, names.opening, names.closing)))
    unit = one_unit(used, figures)
    if isinstance(unit, Fault):
        return Execution(findings=(_finding(scheme, unit),))
    rates = {
        "declared": _rate(names.spent, (names.received or names.budget,), figures),
        "available": _rate(names.spent, (names.received, names.opening), figures),
    }
    roll = _roll_forward(names, figures)
    faults = [each for each in (*rates.values(), roll) if isinstance(each, Fault)]
    findings = [_finding(scheme, fault) for fault in dict.fromkeys(faults)]
    if isinstance(roll, RollForward):
        findings.extend(_difference(roll))
    return Execution(
        **{name: each for name, each in rates.items() if isinstance(each, Measured)},
        roll_forward=roll if isinstance(roll, RollForward) else None,
        findings=tuple(findings),
    )


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


def _finding(scheme: Scheme, fault: Fault) -> Finding:
    return Place(file=scheme.file).finding(fault, "", "", Severity.WARNING)


def _money(value: Fraction) -> str:
    return decimal_text(value, 2, grouped=True)
