"""Rates told in sentences and tables against the numbers they come from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.figures.arithmetic import Span, like, sum_of
from tuodi.audit.figures.precision import percent_of, percent_span, sharpened
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.clauses import Clause, clauses
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.sentence_words import pattern, tells
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

LOOKED_BACK = 3
"""Stretches before a rate in which its amounts may stand."""
MOST_BESIDE = 8
"""With more amounts than this in a list, only those of the rate's own sentence can be its base."""
TEN_THOUSAND = 10_000
_RULE = re.compile(r"得满分|每降低|扣完为止|不得分|×权重|扣除相应|权重分")
_OF_BUDGET = re.compile(r"完成[^，。；]{0,6}预算(?:数)?的?(?:比例为)?$")
_NOT_OWN = re.compile(r"目标|不低于|要求|应达|提高|增长|下降|比上年|近三年|调整率")


def check_execution_rates(material: Material) -> Iterator[Remark]:
    """Each execution and arrival rate of the text against the amounts told with it."""
    for at, stretch in enumerate(material.stretches):
        for told in clauses(stretch):
            if told.figure.kind is not Kind.SHARE or told.figure.mark in ("≥", "≤", ">", "<"):
                continue
            start, end = stretch.sentence_of(told.figure.start)
            if _RULE.search(stretch.text[start:end]) or _NOT_OWN.search(told.before):
                continue
            tail = told.before[-8:]
            if pattern("execution").search(tail) or _OF_BUDGET.search(told.before):
                yield from _executed(material.stretches[max(0, at - LOOKED_BACK) : at], told, "spent")
            elif pattern("arrival").search(tail) and not pattern("execution").search(stretch.text[start:end]):
                yield from _executed(material.stretches[max(0, at - LOOKED_BACK) : at], told, "arrived")


_ARRIVED = re.compile(r"(?<!应)到位|拨入|收到|已下达")
_DUE = re.compile(r"预算|应|计划|下达|安排|总额")
_SPENT_LABEL = re.compile(r"支出|执行|支付|使用|拨付|发放|上缴|上解|决算")
_FUNDED_LABEL = re.compile(r"预算|到位|下达|投入|安排|收到|拨款|总额|资金|筹集|金额")
_OTHER_AMOUNT = re.compile(r"上年|结转|结余|年初结|其中|中央|省级|市级|县级|区级|镇级|每|标准|限额")


def _executed(before: Sequence[Stretch], told: Clause, kind: str) -> Iterator[Remark]:
    start, end = told.stretch.sentence_of(told.figure.start)
    here = [
        each
        for each in clauses(told.stretch)
        if each.figure.kind is Kind.MONEY and each.figure.end <= told.figure.start
    ]
    sentence = [each for each in here if each.figure.start >= start]
    upper = _SPENT_LABEL if kind == "spent" else _ARRIVED
    lower = _FUNDED_LABEL if kind == "spent" else _DUE
    paid = [
        each for each in here if upper.search(each.before) and not _other(each) and not _BUDGET_END.search(each.before)
    ]
    numerators = [each for each in paid if each in sentence] or paid[-1:]
    if not numerators:
        return
    wholes = [each for each in sentence if each not in numerators and _is_whole(each, lower, upper)]
    wholes = wholes or _in_brackets_after(told, lower)
    near = wholes or [each for each in here if each not in numerators and _is_whole(each, lower, upper)]
    earlier = [each for stretch in before for each in clauses(stretch) if each.figure.kind is Kind.MONEY]
    far = near or [each for each in reversed(earlier) if _is_whole(each, lower, upper) and _same_part(each, told)][:1]
    if not far:
        return
    told_beside = sentence if wholes and len(here) > MOST_BESIDE else [*here, *earlier]
    if wholes:
        told_beside = [each for each in told_beside if each in here or _OTHER_BASE.search(each.before)]
    bases = [each.figure for each in told_beside]
    if any(_rate_fits(told.figure, each.figure, bases) for each in (*numerators, *told_beside)):
        return
    yield _execution_remark(told, numerators[-1], far[-1] if near else far[0], firm=bool(wholes))


_BUDGET_END = re.compile(r"预算(?:数|资金|金额|总额)?(?:为|共|共计|是)?$")
_OTHER_BASE = re.compile(r"到位|下达|结转|结余|收入|调整")


def _in_brackets_after(told: Clause, lower: re.Pattern[str]) -> list[Clause]:
    """Return the base in brackets behind the rate: 执行率 a%（调整后预算 b 元）."""
    stretch, end = told.stretch, told.figure.end
    if stretch.text[end : end + 1] != "（":
        return []
    closing = stretch.text.find("）", end)
    return [
        each
        for each in clauses(stretch)
        if each.figure.kind is Kind.MONEY and end < each.figure.start < closing and lower.search(each.before)
    ]


def _other(told: Clause) -> bool:
    return _OTHER_AMOUNT.search(told.before[-12:]) is not None


def _is_whole(told: Clause, lower: re.Pattern[str], upper: re.Pattern[str]) -> bool:
    return (
        bool(lower.search(told.before))
        and not _other(told)
        and not (upper.search(told.before) and not re.search(r"预算|应到位", told.before))
    )


def _same_part(one: Clause, other: Clause) -> bool:
    first, second = one.stretch.place.section.split(" › "), other.stretch.place.section.split(" › ")
    return first[: min(2, len(second))] == second[: min(2, len(second))]


def _rate_fits(rate: Figure, part: Figure, bases: Sequence[Figure]) -> bool:
    for base in bases:
        span = percent_of(part, base)
        if span is not None and base is not part and span.allows(rate):
            return True
        if base is not part and base.value == part.value == 0:
            return True
    for one, other in combinations(bases[:12], 2):
        figures = sharpened((part, one, other))
        span = percent_span(sum_of(figures[:1]), sum_of(figures[1:]))
        if span is not None and one is not part and other is not part and span.allows(rate):
            return True
    return False


def _scaled_fits(rate: Figure, part: Figure, whole: Figure) -> bool:
    """Tell whether the rate comes out once the part is taken 10,000 times: 万 was left out behind it."""
    larger = replace(part, value=part.value * TEN_THOUSAND, step=part.step * TEN_THOUSAND)
    span = percent_of(larger, whole)
    return span is not None and span.allows(rate) and rate.value > 0


def _execution_remark(told: Clause, part: Clause, whole: Clause, *, firm: bool) -> Remark:
    rate = told.figure
    if part.figure.unit == "元" and _scaled_fits(rate, part.figure, whole.figure):
        right = part.figure.text.replace("元", "万元")
        return Remark(
            rule="unit-slip",
            severity=Severity.ERROR,
            place=part.place,
            quote=part.stretch.quote(part.figure.start, rate.end if part.stretch is told.stretch else part.figure.end),
            stated=part.figure.text,
            expected=right,
            message=f"写 {part.figure.text}，而 {rate.text} 的执行率要由 {right}÷{whole.figure.text} 得出，少写了“万”",
            advice=f"请把 {part.figure.text} 改为 {right}",
        )
    smaller = replace(whole.figure, value=whole.figure.value * TEN_THOUSAND, step=whole.figure.step * TEN_THOUSAND)
    span = percent_of(part.figure, smaller)
    if whole.figure.unit == "元" and span is not None and span.allows(rate):
        return _slip(whole, rate, part.figure)
    expected = like(rate, part.figure.value * 100 / whole.figure.value) if whole.figure.value else ""
    what = "资金到位率" if _ARRIVED.search(part.before) and not _SPENT_LABEL.search(part.before) else "执行率"
    return Remark(
        rule="execution-rate-differs" if what == "执行率" else "completion-rate-differs",
        severity=Severity.ERROR if firm else Severity.WARNING,
        place=told.place,
        quote=told.stretch.quote(part.figure.start if part.stretch is told.stretch else rate.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{part.figure.text}÷{whole.figure.text}＝{expected}，{what}写 {rate.text}",
        advice="请核对支出、预算（到位）和比率；如果分母另有口径，请写明",
    )


def _slip(whole: Clause, rate: Figure, part: Figure) -> Remark:
    """Return the remark on a budget in 元 that should be in 万元."""
    right = whole.figure.text.replace("元", "万元")
    return Remark(
        rule="unit-slip",
        severity=Severity.ERROR,
        place=whole.place,
        quote=whole.stretch.quote(whole.figure.start, whole.figure.end),
        stated=whole.figure.text,
        expected=right,
        message=f"写 {whole.figure.text}，而 {rate.text} 的执行率要由 {part.text}÷{right} 得出，少写了“万”",
        advice=f"请把 {whole.figure.text} 改为 {right}",
    )


_EQUATION = re.compile(
    r"(?<![\d,.])[（(]?(?P<a>\d[\d,]{0,20}(?:\.\d{1,9})?)(?:万元|元|人次|人|份|户)?\s*[/÷]\s*(?P<b>\d[\d,]{0,20}(?:\.\d{1,9})?)(?:万元|元|人次|人|份|户)?[）)]?"
    r"\s*(?:[×*xX]\s*100%)?\s*=\s*(?P<c>\d+(?:\.\d+)?)%"
)


def check_equations(material: Material) -> Iterator[Remark]:
    """Quotients written out: ``（a/b）×100%=c%``."""
    for stretch in material.stretches:
        for match in _EQUATION.finditer(stretch.text):
            whole = Fraction(match["b"].replace(",", ""))
            rate = next((each for each in stretch.figures if each.start == match.start("c")), None)
            if not whole or rate is None:
                continue
            value = Fraction(match["a"].replace(",", "")) * 100 / whole
            if Span(value, value, value).allows(rate):
                continue
            expected = like(rate, value)
            yield Remark(
                rule="completion-rate-differs",
                severity=Severity.ERROR,
                place=stretch.at(rate.start),
                quote=stretch.quote(match.start(), match.end()),
                stated=rate.text,
                expected=expected,
                message=f"{match['a']}÷{match['b']}＝{expected}，算式写 {rate.text}",
                advice="请重新计算",
            )


_RATE_FIRST = re.compile(
    r"(?P<c>\d{1,4}(?:\.\d{1,6})?)%（(?P<a>\d[\d,]{0,20}(?:\.\d{1,9})?)(?P<unit>万元|元|人次|人|份|户)?[/÷]"
    r"(?P<b>\d[\d,]{0,20}(?:\.\d{1,9})?)(?P=unit)?）"
)


def check_rates_with_quotient(material: Material) -> Iterator[Remark]:
    """Rates with their quotient in brackets: ``执行率 c%（a/b）``."""
    for stretch in material.stretches:
        for match in _RATE_FIRST.finditer(stretch.text):
            rate = next((each for each in stretch.figures if each.start == match.start("c")), None)
            unit = match["unit"] or ""
            part, whole = figure_of(match["a"] + unit), figure_of(match["b"] + unit)
            if rate is None or part is None or whole is None or whole.value <= 0:
                continue
            value = part.value * 100 / whole.value
            if Span(value, value, value).allows(rate):
                continue
            label = stretch.text[max(0, rate.start - 8) : rate.start]
            expected = like(rate, value)
            yield Remark(
                rule="execution-rate-differs" if tells(label, "execution") else "share-differs",
                severity=Severity.ERROR,
                place=stretch.at(rate.start),
                quote=stretch.quote(rate.start, match.end()),
                stated=rate.text,
                expected=expected,
                message=f"{part.text}÷{whole.text}＝{expected}，文中写 {rate.text}",
                advice="请重新计算",
            )


_RATE_LABEL = re.compile(r"(?:率|满意度|认可度|占|占比|比例|比重)(?:为|达|达到|高达|仅为|约为|约|是)?$")
_CHANGE = re.compile(r"增长|增加|提高|下降|减少|上升|降低|同比|比上年|相比")


_SHARE_WORD = re.compile(r"(?:占|占比|比例|比重)(?:为|达|达到)?$")


def check_count_rates(material: Material) -> Iterator[Remark]:
    """A rate told behind exactly two counts: planned and done, all and those among them."""
    for stretch in material.stretches:
        for told in clauses(stretch):
            if told.figure.kind is not Kind.SHARE or told.figure.mark or not _RATE_LABEL.search(told.before):
                continue
            yield from _count_rate(told)


def _count_rate(told: Clause) -> Iterator[Remark]:
    stretch, rate = told.stretch, told.figure
    start, end = stretch.sentence_of(rate.start)
    semicolon = stretch.text.rfind("；", start, rate.start)
    start = max(start, semicolon + 1)
    text = stretch.text[start : rate.end]
    before = [each for each in stretch.figures if start <= each.start < rate.start and each.kind is not Kind.SCORE]
    counts = [each for each in before if each.kind is Kind.COUNT]
    if len(counts) != 2 or len(before) != 2 or min(each.value for each in counts) <= 0:
        return
    if _RULE.search(text) or _CHANGE.search(text) or tells(text, "policy") or "无效" in text:
        return
    one, other = counts
    readings = [Span(*(Fraction(a.value * 100, 1) / b.value,) * 3) for a, b in ((one, other), (other, one))]
    if any(reading.allows(rate) for reading in readings):
        return
    if {one.unit, other.unit} not in ({"人", "份"}, {one.unit}):
        return
    is_plan = tells(text, "completion") or "计划" in text
    part, whole = (other, one) if other.value <= one.value else (one, other)
    if is_plan:
        plan = next(
            (
                each
                for each in counts
                if "计划" in clause_before(stretch.text, each.start)
                or "目标" in clause_before(stretch.text, each.start)
            ),
            whole,
        )
        part, whole = (one if plan is other else other), plan
    elif _SHARE_WORD.search(told.before) and re.search(r"总|共|合计|全部", clause_before(stretch.text, one.start)):
        part, whole = other, one
    elif (
        "其中" not in text
        and "中" not in text
        and not re.search(r"合格|纳入|满意|了解|知晓|符合|享受|认可|回收|有效", text)
    ):
        return
    expected = like(rate, part.value * 100 / whole.value)
    yield Remark(
        rule="completion-rate-differs" if is_plan else "share-differs",
        severity=Severity.ERROR if is_plan or "满意" not in text else Severity.WARNING,
        place=told.place,
        quote=stretch.quote(one.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{part.text}÷{whole.text}＝{expected}，文中写 {rate.text}",
        advice="请核对两个数和比率",
    )
