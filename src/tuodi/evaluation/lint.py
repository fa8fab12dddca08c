"""What is asked of any set of targets, of a unit or an evaluator: how many, how many numbers, how written, how far."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from tuodi.evaluation.indicator_quality import IndicatorQuality
from tuodi.evaluation.target import Target, names_a_day, same_unit
from tuodi.kernel.finding import Fault, Severity
from tuodi.kernel.money import decimal_text
from tuodi.kernel.opinion import Opinion
from tuodi.kernel.quantity import parse_quantity, plain

_HIGHER = ("≥", ">")


def is_quantified(target: Target | None) -> bool:
    """Tell whether a target is a number or a day: one can say afterwards whether it was reached."""
    return target is not None and (target.quantified or names_a_day(target.text))


def in_percent(share: Fraction) -> str:
    """Return a share of 1 in percent with at most two decimals."""
    return f"{decimal_text(share * 100, 2, trimmed=True)}%"


def share_text(count: int, of: int) -> str:
    """Return a count's share of another in percent; ``—`` of nothing."""
    return in_percent(Fraction(count, of)) if of else "—"


def count_opinions(count: int, quantified: int, judged: int, where: str, rules: IndicatorQuality) -> Iterator[Opinion]:
    """Yield opinions on the number of all targets, and on how many of those ``judged`` are ``quantified``."""
    most = rules.count_more_than
    if count <= most.value:
        yield Opinion(
            rule="indicators-few",
            severity=Severity.WARNING,
            location=where,
            message=f"三级指标只有 {count} 项，应多于 {plain(most.value)} 项{most.doubt}",
            advice="请把主要产出和效益拆成可以分别核对的指标",
            stated=str(count),
            expected=f"＞{plain(most.value)}",
        )
    share = rules.quantified_share
    if judged and Fraction(quantified, judged) < share.value:
        demanded = in_percent(share.value)
        yield Opinion(
            rule="quantified-share-low",
            severity=Severity.WARNING,
            location=where,
            message=f"{judged} 项指标中只有 {quantified} 项量化，量化率 {share_text(quantified, judged)}，"
            f"应不低于 {demanded}{share.doubt}",
            advice="请把文字目标改成数值或日期，例如 ≥95%、12月25日前",
            stated=share_text(quantified, judged),
            expected=f"≥{demanded}",
        )


def coverage_opinions(covered: Iterable[str | None], where: str, rules: IndicatorQuality) -> Iterator[Opinion]:
    """Yield an opinion for each dimension that no target covers."""
    present = set(covered)
    for dimension in rules.dimensions:
        if dimension.name not in present:
            yield Opinion(
                rule="dimension-missing",
                severity=Severity.WARNING,
                location=where,
                message=f"没有{dimension.name}方面的指标",
                advice=f"请补上{dimension.name}指标；确实不适用的，请在报告中说明原因",
                expected=dimension.name,
            )


def written_faults(target: Target) -> Iterator[Fault]:
    """Yield what is missing in how a number is written: its operator, its unit."""
    if not target.quantified:
        return
    if target.bare:
        yield Fault("target-operator-missing", "目标值没有写符号，看不出是至少、至多还是等于", "请写成 ≥、≤ 或 = 开头")
    if not target.unit:
        yield Fault("target-unit-missing", "目标值没有写单位", "请在数后面写上单位，例如 人、元、%")


def history_fault(target: Target | None, last_year: str, rules: IndicatorQuality) -> Fault | None:
    """Return why a target is too low or too high beside last year's value; None where they cannot be compared.

    A target equal to last year's value keeps the level and is no fault.
    """
    before = parse_quantity(last_year) if last_year else None
    if before is None or isinstance(before, Fault) or before.operator:
        return None
    if target is None or target.value is None or target.upper is not None or not same_unit(before.unit, target.unit):
        return None
    ahead = target.value - before.value
    if target.at_most:
        ahead = -ahead
    elif target.operator not in _HIGHER:
        ahead = abs(ahead)
    met, reach = rules.already_met_beyond, rules.out_of_reach_beyond
    if ahead < 0 and -ahead > met.value * abs(target.value):
        message = f"上年已经达到 {before}，比目标值 {target} 还好{met.doubt}"
        return Fault("target-already-met", message, "请按上年实际值重新确定目标值，或说明为什么定低")
    if before.value > 0 and ahead > reach.value * before.value:
        distance = in_percent(ahead / before.value)
        message = f"上年为 {before}，目标值 {target} 与它相差 {distance}，超过 {in_percent(reach.value)}{reach.doubt}"
        return Fault("target-out-of-reach", message, "请核对目标值，或写明靠什么措施达到")
    return None


def rate_misplaced(name: str, dimension: str | None, rules: IndicatorQuality) -> Fault | None:
    """Return the fault of a rate under another dimension than its own, e.g. 准确率 under 数量指标."""
    named = rules.rates_in(name)
    if dimension is None or not named or dimension in named.values():
        return None
    word, proper = next(iter(named.items()))
    message = f"{word}反映的是{proper}，却列在{dimension}指标里"
    return Fault("rate-misplaced", message, "请核对考核的是哪一方面，不要把完成率和准确率混为一谈")


def spoken(name: str) -> str:
    """Return a name as names are compared: without blanks, brackets and marks."""
    return re.sub(r"[\s（）()“”\"、，,。·]", "", name)
