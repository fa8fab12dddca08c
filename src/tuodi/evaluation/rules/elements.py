"""Rules over elements (要点): equal shares of the weight, itemised points with veto and deductions, thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tuodi.evaluation.data import ElementRow
from tuodi.evaluation.rules.rule import Inputs, Outcome, Rule, closed, full_marks, in_points, no_marks, points_text
from tuodi.evaluation.target import Met, Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.quantity import Quantity, parse_number, parse_quantity

NO_ACTUAL = Fault(
    "actual-missing",
    "没有实际值",
    "请填写实际值，或填写分子（numerator）和分母（denominator）",
)


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
        weight = in_points(inputs.weight)
        said = f"共 {count} 个要点，符合 {count - len(failed)} 个"
        calculation = f"{weight} × {count - len(failed)} ÷ {count}"
        points = inputs.weight * (count - len(failed)) / count
        if self.extra and not inputs.elements[count + 1].met:
            failed.append(count + 1)
            points -= inputs.weight * self.extra_share
            said += f"，另外不符合“{self.extra}”"
            calculation += f" − {weight} × {self.extra_share}"
        return Outcome(
            points=max(points, Fraction(0)),
            formula=closed(f"{said}：{calculation}", points, inputs.weight),
            lost=_lost(inputs.elements, self.element_names, failed),
            gain=_gain(self.element_names, failed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemisedPoints(Rule):
    """分项给分: the points of the items met, at most the weight; counted events take points, a veto takes all.

    Elements are numbered: first the items (met or not), then the deductions and the veto (how many were found).
    """

    name: ClassVar[str] = "itemised_points"

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
        numbers, unusable = _counts(inputs.elements, self.element_names[len(self.items) :], first_counted)
        if faults or unusable:
            return Outcome(points=None, faults=(*faults, *unusable))
        if self.veto and numbers[-1] > 0:
            formula = no_marks(f"发生“{self.veto}”，一票否决")
            return Outcome(points=Fraction(0), formula=formula, lost=self.veto, gain=f"不发生：{self.veto}")
        met = [item.points if inputs.elements[number].met else Fraction(0) for number, item in enumerate(self.items, 1)]
        points = min(sum(met, Fraction(0)), inputs.weight)
        formula = _added("各分项", met, inputs.weight)
        failed = _not_met(inputs.elements, len(self.items))
        taken = ""
        for at, (item, number) in enumerate(zip(self.deductions, numbers, strict=False), first_counted):
            if number:
                points -= item.points * number
                taken += f" − {in_points(item.points)} × {points_text(number)}"
                failed.append(at)
        if taken:
            base = min(sum(met, Fraction(0)), inputs.weight)
            formula += f"；扣分：{closed(f'{in_points(base)}{taken}', points, inputs.weight)}"
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
        faults = list(_uncounted(inputs.elements, [each.name for each in self.conditions], 1))
        given: list[Fraction] = []
        failed: list[str] = []
        for number, condition in enumerate(self.conditions, 1):
            row = inputs.elements.get(number)
            if row is None or not row.value:
                continue
            value = parse_quantity(row.value)
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
            formula=_added("各条件", given, inputs.weight),
            lost="；".join(failed),
            gain=f"达到目标：{'；'.join(failed)}" if failed else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOrNothing(Rule):
    """达成满分否则 0: all elements met, or, without elements, the target reached."""

    name: ClassVar[str] = "all_or_nothing"

    elements: tuple[str, ...] = ()

    @property
    def needs_target(self) -> bool:
        """Without elements the target decides."""
        return not self.elements

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
            formula=no_marks("没有全部达成") if failed else full_marks(inputs.weight, "全部达成"),
            lost=_lost(inputs.elements, self.elements, failed),
            gain=_gain(self.elements, failed),
        )


def _by_target(inputs: Inputs) -> Outcome:
    target, actual = inputs.target, inputs.actual
    if target is None or actual is None:
        return nothing_to_compare(inputs)
    met = target.met_by(actual)
    if met is Met.UNKNOWN:
        return incomparable(target, actual)
    if met is Met.YES:
        return Outcome(points=inputs.weight, formula=reached(inputs))
    lost = target.missed_by(actual)
    return Outcome(points=Fraction(0), formula=no_marks(lost), lost=lost, gain=f"实际值达到目标 {target}")


def reached(inputs: Inputs) -> str:
    """Return the formula of full marks for a target that is reached."""
    return full_marks(inputs.weight, f"实际值 {inputs.actual}，达到目标 {inputs.target}")


def nothing_to_compare(inputs: Inputs) -> Outcome:
    """Return the outcome where the actual value, the target, or both are missing; it says which."""
    actual, target = inputs.actual is None, inputs.target is None
    if actual and target:
        fault = Fault(
            "actual-missing",
            "没有目标值，也没有实际值",
            "请填写目标值（target）和实际值，实际值也可以填分子（numerator）和分母（denominator）",
        )
    elif actual:
        fault = NO_ACTUAL
    else:
        fault = Fault("target-missing", "没有目标值", "请填写目标值，连同符号和单位，例如 ≥95%")
    return Outcome(points=None, faults=(fault,))


def incomparable(target: Target, actual: Quantity | str) -> Outcome:
    """Return the outcome where the actual value cannot be held against the target."""
    advice = "请按目标的单位填写数值；确实只能定性判断的，请在评价人打分（awarded）填写得分并说明理由"
    return Outcome(points=None, faults=(Fault("target-unknown", f"实际值“{actual}”无法与目标“{target}”比较", advice),))


def _unanswered(rows: Mapping[int, ElementRow], names: Sequence[str]) -> tuple[Fault, ...]:
    """Return one fault naming every element that nobody answered; none where all are answered."""
    open_ones = [number for number in range(1, len(names) + 1) if number not in rows or rows[number].met is None]
    if not open_ones:
        return ()
    message = f"{_listed(open_ones, names, 1)}没有填写是否符合"
    return (Fault("element-missing", message, "请在“是否符合”列填写 是 或 否"),)


def _uncounted(rows: Mapping[int, ElementRow], names: Sequence[str], first: int) -> tuple[Fault, ...]:
    """Return one fault naming every element that has no number."""
    numbers = range(first, first + len(names))
    open_ones = [number for number in numbers if number not in rows or not rows[number].value]
    if not open_ones:
        return ()
    message = f"{_listed(open_ones, names, first)}没有填写数值"
    return (Fault("element-value-missing", message, "请在“数值”列填写，没有发生填 0"),)


def _listed(numbers: Sequence[int], names: Sequence[str], first: int) -> str:
    """Name elements: ``2 个要点（第 1 项 甲、第 3 项 丙）``; where it is all of several, how many are enough."""
    if len(numbers) == len(names) > 1 and first == 1:
        return f"{len(numbers)} 个要点都"
    told = "、".join(f"第 {number} 项 {names[number - first]}" for number in numbers)
    return f"{len(numbers)} 个要点（{told}）"


def _counts(rows: Mapping[int, ElementRow], names: Sequence[str], first: int) -> tuple[list[Fraction], list[Fault]]:
    """Return the numbers of counted elements, and what is missing or no number among them."""
    numbers: list[Fraction] = []
    faults = list(_uncounted(rows, names, first))
    for number, name in enumerate(names, first):
        if number not in rows or not rows[number].value:
            continue
        value = parse_number(rows[number].value)
        if not isinstance(value, Fault) and (value < 0 or value.denominator != 1):
            value = Fault("element-value-missing", "次数不是不小于 0 的整数", "请填写发生的次数，没有发生填 0")
        if isinstance(value, Fault):
            faults.append(_about(name, value))
        else:
            numbers.append(value)
    return numbers, faults


def _added(of: str, points: Sequence[Fraction], weight: Fraction) -> str:
    """Return the formula of points added up, at most the weight."""
    terms = " + ".join(map(in_points, points))
    total = sum(points, Fraction(0))
    if len(points) > 1 or total > weight:
        return closed(f"{of}得分：{terms}", total, weight)
    return f"{of}得分：{terms}"


def _about(name: str, fault: Fault) -> Fault:
    return Fault(fault.rule, f"{name}：{fault.message}", fault.advice)


def _not_met(rows: Mapping[int, ElementRow], count: int) -> list[int]:
    return [number for number in range(1, count + 1) if not rows[number].met]


def _lost(rows: Mapping[int, ElementRow], names: tuple[str, ...], failed: list[int]) -> str:
    """Join what was found at the failed elements, the element's name where nothing was written."""
    return "；".join(rows[number].finding or f"不符合：{names[number - 1]}" for number in failed)


def _gain(names: tuple[str, ...], failed: list[int]) -> str:
    return f"做到：{'；'.join(names[number - 1] for number in failed)}" if failed else ""
