"""Scoring rules as spreadsheet formulas over the cells of the score workbook, so that an office can check and try.

``score_formula`` gives None where a rule cannot be a formula (words held against words): the workbook then writes the
value. Spreadsheets compute in binary: ``ROUND`` is always given a hair more than the product, so that a half that the
binary number falls short of is rounded up as the domain rounds it. The hair is far below what two decimals can show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tuodi.evaluation.rules.bands import (
    FULL,
    PASS,
    ZERO,
    BandedSatisfaction,
    PiecewisePercentScale,
    ThreeTier,
    ThreeTierNumeric,
    ZeroTolerance,
)
from tuodi.evaluation.rules.elements import AllOrNothing, ChecklistEqualShare, ItemisedPoints, ThresholdPoints
from tuodi.evaluation.rules.rates import (
    CompletionRateTimesWeight,
    DeductSharePerPoint,
    LinearShortfall,
    QuantitativeInProportion,
    RateTimesWeight,
    SelfEvalCompletion,
    StepDeductionAbsolute,
    StepDeductionShareOfWeight,
    SurveyShareTimesWeight,
    ThresholdElseRateTimesWeight,
)
from tuodi.evaluation.rules.rule import Inputs, Rule
from tuodi.evaluation.scoring import Score
from tuodi.evaluation.target import Target
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import Quantity, parse_quantity

HAIR = "1E-11"
YES = "是"
LONGEST_TEXT = 255
"""So many characters a formula may hold between quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """Where one indicator's inputs stand, as absolute references.

    ``met``, ``value`` and ``points`` give the reference of the columns of the sheet 要点 from one element to another
    (numbered from 1).
    """

    weight: str
    actual: str
    words: str
    target: str
    upper: str
    completion: str
    awarded: str
    share: str
    tier: str
    met: Callable[[int, int], str]
    value: Callable[[int, int], str]
    points: Callable[[int, int], str]


def rounded_formula(expression: str, places: int = 2) -> str:
    """Return a formula part that rounds half up to so many decimals; the expression is not negative."""
    return f"ROUND({expression}+{HAIR},{places})"


def score_formula(score: Score, refs: Refs) -> str | None:
    """Return the formula of a leaf's score, without the equals sign; None where only its value can be written."""
    inputs, rule = score.inputs, score.indicator.rule
    if score.points is None or rule is None:
        return None
    if inputs.awarded is not None and not inputs.awarded.tier:
        cell = refs.awarded if inputs.awarded.points is not None else refs.share
        given = cell if inputs.awarded.points is not None else f"{refs.weight}*{cell}"
        # A share outside the band of a rule of bands does not count; then the value is written.
        if inputs.awarded.of(inputs.weight) != _exact(score):
            return None
        return _where_number(cell, given)
    if isinstance(rule, ThresholdPoints) and not all(_definite(each.value) for each in inputs.elements.values()):
        return None
    return _by_elements(rule, refs) or _by_rate(rule, inputs, refs) or _by_tier(rule, refs)


def _exact(score: Score) -> Fraction | None:
    """Return what was awarded where the score, to two decimals, is that."""
    awarded = score.inputs.awarded.of(score.inputs.weight) if score.inputs.awarded else None
    if awarded is None or score.points is None:
        return None
    return awarded if abs(awarded - score.points) <= Fraction(1, 200) else None


def _definite(text: str) -> bool:
    """Tell whether a typed value is a number, not a bound such as ＞99%."""
    quantity = parse_quantity(text)
    return not isinstance(quantity, Fault) and not quantity.operator


def _where_number(cell: str, expression: str) -> str:
    return f'IF(ISNUMBER({cell}),{rounded_formula(expression)},"")'


def number(value: Fraction) -> str:
    """Write a number of a rule as a formula holds it: exact as a decimal, else as a quotient."""
    text = decimal_text(value, 9, trimmed=True)
    return text if Fraction(text) == value else f"({value.numerator}/{value.denominator})"


def literal(text: str) -> str:
    """Write words as a formula holds them."""
    return '"' + text.replace('"', '""') + '"'


def reaches(target: Target, actual: str, low: str, high: str, *, or_beyond: bool = False) -> str:
    """Return the condition that an actual value reaches a target; ``or_beyond``: more than an exact target is fine."""
    match target.operator:
        case "区间":
            return f"AND({actual}>={low},{actual}<={high})"
        case "≥":
            return f"{actual}>={low}"
        case "≤":
            return f"{actual}<={low}"
        case ">" | "<":
            return f"{actual}{target.operator}{low}"
        case _:
            return f"{actual}>={low}" if or_beyond else f"{actual}={low}"


def completion_formula(inputs: Inputs, refs: Refs) -> str | None:
    """Return the completion rate in percent as a formula; None where the target or the value is in words."""
    target = inputs.target
    if target is None or target.value is None or not certain(inputs):
        return None
    x, t = refs.actual, refs.target
    met = reaches(target, x, t, refs.upper)
    if target.upper is not None:
        return f'IF({met},100,"")'
    if target.operator in ("≤", "<"):
        return f"IF({x}<={t},100,{rounded_formula(f'{t}*100/{x}')})"
    return f'IF({t}=0,IF({met},100,""),{rounded_formula(f"{x}*100/{t}")})'


def certain(inputs: Inputs) -> bool:
    """Tell whether the actual value is a number, not a bound or words."""
    return isinstance(inputs.actual, Quantity) and not inputs.actual.operator


def _by_rate(rule: Rule, inputs: Inputs, refs: Refs) -> str | None:
    """Return the formula of the rules over an actual value or its completion rate."""
    c, w = refs.completion, refs.weight
    match rule:
        case CompletionRateTimesWeight():
            return _where_number(c, f"{w}*MIN({c},100)/100")
        case SelfEvalCompletion(under_share=under, over_share=over):
            below, above = f"{w}*(1-{number(under)}*(100-{c}))", f"{w}*(1-{number(over)}*({c}-100))"
            return _where_number(c, f"MAX(0,IF({c}<100,{below},{above}))")
    if not certain(inputs):
        return None
    x = refs.actual
    expression = _of_rate(rule, inputs, refs)
    return None if expression is None else _where_number(x, expression)


def _of_rate(rule: Rule, inputs: Inputs, refs: Refs) -> str | None:
    x, t, w, c = refs.actual, refs.target, refs.weight, refs.completion
    target = inputs.target
    numeric = target if target is not None and target.value is not None else None
    match rule:
        case RateTimesWeight() | SurveyShareTimesWeight():
            return f"MIN({w},{w}*{x}/100)"
        case ZeroTolerance():
            return f"IF({x}=0,{w},0)"
        case PiecewisePercentScale(full_to=full, pass_at=at, pass_mark=mark):
            line = f"{number(mark)}+{number(100 - mark)}*({number(at)}-{x})/{number(at - full)}"
            return f"IF({x}<={number(full)},{w},IF({x}>{number(at)},0,{w}*({line})/100))"
        case BandedSatisfaction():
            return _bands(rule, x, w)
    if numeric is None:
        return None
    strict = reaches(numeric, x, t, refs.upper)
    match rule:
        case ThreeTierNumeric(pass_share=share):
            return f"IF({x}>{t},{w},IF({x}={t},{w}*{number(share)},0))"
        case AllOrNothing(elements=()):
            return f"IF({strict},{w},0)"
        case QuantitativeInProportion():
            return f"IF({strict},{w},IF(ISNUMBER({c}),{w}*MIN({c},100)/100,0))"
    below = _below(rule, refs)
    if below is None:
        return None
    return f"IF({reaches(numeric, x, t, refs.upper, or_beyond=True)},{w},MAX(0,MIN({w},{below})))"


def _below(rule: Rule, refs: Refs) -> str | None:
    """Return what rules give below their target."""
    x, t, w = refs.actual, refs.target, refs.weight
    # Steps are counted on a number free of binary dust: 3.0000000000004 steps are three.
    match rule:
        case StepDeductionAbsolute(step=step, points=points):
            return f"{w}-{number(points)}*ROUNDUP(ROUND(({t}-{x})/{number(step)},6),0)"
        case StepDeductionShareOfWeight(step=step, share=share):
            return f"{w}*(1-{number(share)}*ROUNDUP(ROUND(({t}-{x})/{number(step)},6),0))"
        case DeductSharePerPoint(share=share):
            return f"{w}*(1-{number(share)}*({t}-{x}))"
        case LinearShortfall():
            return f"{w}-({t}-{x})/100*{w}"
        case ThresholdElseRateTimesWeight():
            return f"{w}*{x}/100"
    return None


def _bands(rule: BandedSatisfaction, x: str, w: str) -> str:
    expression = "0"
    for band in reversed(rule.bands):
        given = w if band.full else number(band.points)
        if band.rate_times is not None:
            given = f"{x}/100*{number(band.rate_times)}"
        expression = f"IF({x}>={number(band.begins_at)},{given},{expression})"
    return f"MIN({w},{expression})"


def _by_elements(rule: Rule, refs: Refs) -> str | None:
    """Return the formula of the rules over the sheet 要点."""
    w = refs.weight
    match rule:
        case ChecklistEqualShare(elements=elements, extra=extra, extra_share=share):
            met = refs.met(1, len(elements))
            expression = f"{w}*COUNTIF({met},{literal(YES)})/ROWS({met})"
            if extra:
                last = refs.met(len(elements) + 1, len(elements) + 1)
                expression = f"MAX(0,{expression}-IF({last}={literal(YES)},0,{w}*{number(share)}))"
            return _where_answered(refs.met(1, len(rule.element_names)), expression)
        case ItemisedPoints():
            return _itemised(rule, refs)
        case ThresholdPoints(conditions=conditions):
            parts = []
            for at, condition in enumerate(conditions, 1):
                if condition.target.value is None:
                    return None
                low, high = number(condition.target.value), number(condition.target.upper or Fraction(0))
                parts.append(f"IF({reaches(condition.target, refs.value(at, at), low, high)},{refs.points(at, at)},0)")
            return _where_answered(refs.value(1, len(conditions)), f"MIN({w},{'+'.join(parts)})")
        case AllOrNothing(elements=elements) if elements:
            met = refs.met(1, len(elements))
            return _where_answered(met, f"IF(COUNTIF({met},{literal(YES)})=ROWS({met}),{w},0)")
    return None


def _itemised(rule: ItemisedPoints, refs: Refs) -> str:
    items, events = len(rule.items), len(rule.deductions)
    met = refs.met(1, items)
    expression = f"MIN({refs.weight},SUMIF({met},{literal(YES)},{refs.points(1, items)}))"
    if events:
        first, last = items + 1, items + events
        expression = f"MAX(0,{expression}-SUMPRODUCT({refs.points(first, last)},{refs.value(first, last)}))"
    if rule.veto:
        veto = refs.value(items + events + 1, items + events + 1)
        expression = f"IF({veto}>0,0,{expression})"
    return _where_answered(met, expression)


def _where_answered(cells: str, expression: str) -> str:
    return f'IF(COUNTBLANK({cells})>0,"",{rounded_formula(expression)})'


def tier_formula(rule: Rule, words: str) -> str | None:
    """Return the tier that the words of an actual value stand for; None where the rule has no tiers in words."""
    if not isinstance(rule, ThreeTier):
        return None
    if any(len(each) > LONGEST_TEXT for each in _tier_words(rule)):
        return None
    expression = '""'
    for name, tier in ((ZERO, rule.zero), (PASS, rule.passed), (FULL, rule.full)):
        if tier is not None:
            said = ",".join(f"{words}={literal(each)}" for each in (tier.condition, *tier.words))
            expression = f"IF(OR({said}),{literal(name)},{expression})"
    return expression


def _tier_words(rule: ThreeTier) -> list[str]:
    tiers = (rule.full, rule.passed, rule.zero)
    return [each for tier in tiers if tier for each in (tier.condition, *tier.words)]


def _by_tier(rule: Rule, refs: Refs) -> str | None:
    if not isinstance(rule, ThreeTier):
        return None
    w, tier = refs.weight, refs.tier
    given = f"IF({tier}={literal(FULL)},{w},IF({tier}={literal(PASS)},{w}*{number(rule.pass_share)},0))"
    return f'IF({tier}="","",{rounded_formula(given)})'
