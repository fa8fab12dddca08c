"""Rules over elements (要点): equal shares of the weight, itemised points with veto and deductions, thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.data import ElementRow
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, points_text
from tuodi.evaluation.target import Met, Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import Quantity, parse_number, parse_quantity

_UNANSWERED = ("element-missing", "要点没有填写是否符合", "请在“要点”表填写 是 或 否")
_UNCOUNTED = ("element-value-missing", "要点没有填写数值", "请在“要点”表的“数值”列填写，没有发生填 0")


@dataclass(frozen=True, slots=True)
class Item:
    """One element with the points it is worth (or, for a deduction, the points each event takes)."""

    name: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Condition:
    """One element with its own target; its points are given where the element's value reaches it."""

    name: str
    points: Fraction
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistEqualShare(Rule):
    """要点均分: weight x met / n; ``extra`` is a further element whose failing takes a share of the weight."""

    name: ClassVar[str] = "checklist_equal_share"
    needs: ClassVar[str] = "要点"

    elements: tuple[str, ...]
    extra: str = ""
    extra_share: Fraction = Fraction(0)

    @property
    def element_names(self) -> tuple[str, ...]:
        """The elements, then the one whose failing costs an extra share."""
        return (*self.elements, self.extra) if self.extra else self.elements

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        faults = _unanswered(inputs.elements, self.element_names)
        if faults:
            return Outcome(points=None, faults=faults)
        count = len(self.elements)
        failed = _not_met(inputs.elements, count)
        weight = points_text(inputs.weight)
        formula = f"{weight} × {count - len(failed)} ÷ {count}"
        points = inputs.weight * (count - len(failed)) / count
        if self.extra and not inputs.elements[count + 1].met:
            failed.append(count + 1)
            points -= inputs.weight * self.extra_share
            formula += f" − {weight} × {self.extra_share}"
        return Outcome(
            points=max(points, Fraction(0)),
            formula=formula,
            lost=_lost(inputs.elements, self.element_names, failed),
            gain=_gain(self.element_names, failed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemisedPoints(Rule):
    """分项给分: the points of the items met, at most the weight; counted events take points, a veto takes all.

    Elements are numbered: first the items (met or not), then the deductions and the veto (how many were found).
    """

    name: ClassVar[str] = "itemised_points"
    needs: ClassVar[str] = "要点"

    items: tuple[Item, ...]
    deductions: tuple[Item, ...] = ()
    veto: str = ""

    @property
    def element_names(self) -> tuple[str, ...]:
        """The items, what takes points, what vetoes."""
        names = [each.name for each in (*self.items, *self.deductions)]
        return (*names, self.veto) if self.veto else tuple(names)

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say where the items' points do not add up to the weight."""
        total = sum((item.points for item in self.items), Fraction(0))
        if total == weight:
            return ()
        sign = "超过" if total > weight else "小于"
        return (f"各分项合计 {points_text(total)} 分，{sign}权重 {points_text(weight)} 分",)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        faults = _unanswered(inputs.elements, [item.name for item in self.items])
        first_counted = len(self.items) + 1
        counts = _counts(inputs.elements, self.element_names[len(self.items) :], first_counted)
        faults += tuple(each for each in counts if isinstance(each, Fault))
        numbers = [each for each in counts if not isinstance(each, Fault)]
        if faults:
            return Outcome(points=None, faults=faults)
        if self.veto and numbers[-1] > 0:
            return Outcome(points=Fraction(0), formula="一票否决 = 0", lost=self.veto, gain=f"不发生：{self.veto}")
        met = [item.points if inputs.elements[number].met else Fraction(0) for number, item in enumerate(self.items, 1)]
        points = min(sum(met, Fraction(0)), inputs.weight)
        formula = " + ".join(map(points_text, met))
        if sum(met) > inputs.weight:
            formula = f"min({points_text(inputs.weight)}, {formula})"
        failed = _not_met(inputs.elements, len(self.items))
        for at, (item, number) in enumerate(zip(self.deductions, numbers, strict=False), first_counted):
            if number:
                points -= item.points * number
                formula += f" − {points_text(item.points)} × {points_text(number)}"
                failed.append(at)
        return Outcome(
            points=max(points, Fraction(0)),
            formula=formula,
            lost=_lost(inputs.elements, self.element_names, failed),
            gain=_gain(self.element_names, failed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdPoints(Rule):
    """多条件阈值分: each condition gives its points where its own value reaches its own target."""

    name: ClassVar[str] = "threshold_points"
    needs: ClassVar[str] = "要点"

    conditions: tuple[Condition, ...]

    @property
    def element_names(self) -> tuple[str, ...]:
        """Each condition with its target."""
        return tuple(f"{each.name}（{each.target}）" for each in self.conditions)

    def defects(self, weight: Fraction) -> tuple[str, ...]:
        """Say where the conditions' points do not add up to the weight."""
        total = sum((each.points for each in self.conditions), Fraction(0))
        return () if total == weight else (f"各条件合计 {points_text(total)} 分，权重 {points_text(weight)} 分",)

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        faults: list[Fault] = []
        given: list[Fraction] = []
        failed: list[str] = []
        for number, condition in enumerate(self.conditions, 1):
            row = inputs.elements.get(number)
            value = parse_quantity(row.value) if row and row.value else Fault(*_UNCOUNTED)
            if isinstance(value, Fault):
                faults.append(_about(condition.name, value))
                continue
            met = condition.target.met_by(value)
            if met is Met.UNKNOWN:
                advice = f"请填写可以与“{condition.target}”比较的数"
                faults.append(Fault("target-unknown", f"{condition.name}的数值 {value} 无法与目标比较", advice))
            given.append(condition.points if met is Met.YES else Fraction(0))
            if met is Met.NO:
                failed.append(f"{condition.name} {value}，目标 {condition.target}")
        if faults:
            return Outcome(points=None, faults=tuple(faults))
        return Outcome(
            points=min(sum(given, Fraction(0)), inputs.weight),
            formula=" + ".join(map(points_text, given)),
            lost="；".join(failed),
            gain=f"达到目标：{'；'.join(failed)}" if failed else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOrNothing(Rule):
    """达成满分否则 0: all elements met, or, without elements, the target reached."""

    name: ClassVar[str] = "all_or_nothing"

    elements: tuple[str, ...] = ()

    @property
    def element_names(self) -> tuple[str, ...]:
        """What must all be met."""
        return self.elements

    def outcome(self, inputs: Inputs) -> Outcome:
        """Apply the rule."""
        if not self.elements:
            return _by_target(inputs)
        faults = _unanswered(inputs.elements, self.elements)
        if faults:
            return Outcome(points=None, faults=faults)
        failed = _not_met(inputs.elements, len(self.elements))
        return Outcome(
            points=Fraction(0) if failed else inputs.weight,
            formula="未全部达成 = 0" if failed else f"全部达成 = {points_text(inputs.weight)}",
            lost=_lost(inputs.elements, self.elements, failed),
            gain=_gain(self.elements, failed),
        )


def _by_target(inputs: Inputs) -> Outcome:
    if inputs.target is None or inputs.actual is None:
        return _no_actual()
    met = inputs.target.met_by(inputs.actual)
    if met is Met.UNKNOWN:
        return incomparable(inputs.target, inputs.actual)
    weight = points_text(inputs.weight)
    if met is Met.YES:
        return Outcome(points=inputs.weight, formula=f"{inputs.actual}，达到 {inputs.target} = {weight}")
    return Outcome(
        points=Fraction(0),
        formula=f"{inputs.actual}，未达到 {inputs.target} = 0",
        lost=f"实际值 {inputs.actual}，未达到目标 {inputs.target}",
        gain=f"实际值达到 {inputs.target}",
    )


def _no_actual() -> Outcome:
    fault = Fault("actual-missing", "没有实际值", "请在“指标”表填写 actual，或填写 numerator 和 denominator")
    return Outcome(points=None, faults=(fault,))


def incomparable(target: Target, actual: Quantity | str) -> Outcome:
    """Return the outcome where the actual value cannot be held against the target."""
    advice = "请按目标的单位填写数值；确实只能定性判断的，请在 awarded 填写得分并说明理由"
    return Outcome(points=None, faults=(Fault("target-unknown", f"实际值“{actual}”无法与目标“{target}”比较", advice),))


def _unanswered(rows: Mapping[int, ElementRow], names: tuple[str, ...] | list[str]) -> tuple[Fault, ...]:
    return tuple(
        _about(name, Fault(*_UNANSWERED))
        for number, name in enumerate(names, 1)
        if number not in rows or rows[number].met is None
    )


def _counts(rows: Mapping[int, ElementRow], names: tuple[str, ...], first: int) -> list[Fraction | Fault]:
    found: list[Fraction | Fault] = []
    for number, name in enumerate(names, first):
        row = rows.get(number)
        value = parse_number(row.value) if row and row.value else Fault(*_UNCOUNTED)
        if not isinstance(value, Fault) and (value < 0 or value.denominator != 1):
            value = Fault("element-value-missing", "次数不是不小于 0 的整数", "请填写发生的次数，没有发生填 0")
        found.append(_about(name, value) if isinstance(value, Fault) else value)
    return found


def _about(name: str, fault: Fault) -> Fault:
    return Fault(fault.rule, f"{name}：{fault.message}", fault.advice)


def _not_met(rows: Mapping[int, ElementRow], count: int) -> list[int]:
    return [number for number in range(1, count + 1) if not rows[number].met]


def _lost(rows: Mapping[int, ElementRow], names: tuple[str, ...], failed: list[int]) -> str:
    """Join what was found at the failed elements, the element's name where nothing was written."""
    return "；".join(rows[number].finding or f"不符合：{names[number - 1]}" for number in failed)


def _gain(names: tuple[str, ...], failed: list[int]) -> str:
    return f"做到：{'；'.join(names[number - 1] for number in failed)}" if failed else ""
