"""Rates told in sentences and tables against the numbers they come from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, sum_of
from tuodi.audit.figures.precision import percent_of, percent_span, sharpened
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
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


@dataclass(frozen=True)
class Clause:
    """A number with the text before it in its clause."""

    stretch: Stretch
    figure: Figure
    before: str

    @property
    def place(self) -> Place:
        """Where the number stands."""
        return self.stretch.at(self.figure.start)


def clauses(stretch: Stretch) -> Iterator[Clause]:
    """Yield the numbers of a text with their clauses."""
    for at, figure in enumerate(stretch.figures):
        floor = stretch.figures[at - 1].end if at else 0
        yield Clause(stretch, figure, clause_before(stretch.text, figure.start, floor))


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


_ARRIVED = re.compile(r"到位|拨入|收到|已下达")
_DUE = re.compile(r"预算|应|计划|下达|安排|总额")
_SPENT_LABEL = re.compile(r"支出|执行|支付|使用|拨付|发放|上缴|上解|决算")
_FUNDED_LABEL = re.compile(r"预算|到位|下达|投入|安排|收到|拨款|总额|资金|筹集|金额")
_OTHER_AMOUNT = re.compile(r"上年|结转|结余|年初结|其中|中央|省级|市级|县级|区级|镇级|每|标准|限额")


def _executed(before: Sequence[Stretch], told: Clause, kind: str) -> Iterator[Remark]:
    start, end = told.stretch.sentence_of(told.figure.start)
    here = [each for each in clauses(told.stretch) if each.figure.kind is Kind.MONEY and each.figure.end <= told.figure.start]
    sentence = [each for each in here if each.figure.start >= start]
    upper = _SPENT_LABEL if kind == "spent" else _ARRIVED
    lower = _FUNDED_LABEL if kind == "spent" else _DUE
    numerators = [each for each in sentence if upper.search(each.before) and not _other(each)]
    numerators = numerators or [each for each in here if upper.search(each.before) and not _other(each)][-1:]
    if not numerators:
        return
    wholes = [each for each in sentence if each not in numerators and _is_whole(each, lower, upper)]
    near = wholes or [each for each in here if each not in numerators and _is_whole(each, lower, upper)]
    earlier = [each for stretch in before for each in clauses(stretch) if each.figure.kind is Kind.MONEY]
    far = near or [each for each in reversed(earlier) if _is_whole(each, lower, upper) and _same_part(each, told)][:1]
    if not far:
        return
    told_beside = sentence if wholes and len(here) > MOST_BESIDE else [*here, *earlier]
    bases = [each.figure for each in told_beside]
    if any(_rate_fits(told.figure, each.figure, bases) for each in (*numerators, *told_beside)):
        return
    if not near and not any(_scaled_fits(told.figure, each.figure, far[0].figure) for each in numerators):
        if not _same_part(far[0], told):
            return
    yield _execution_remark(told, numerators[-1], far[-1] if near else far[0], firm=bool(wholes))


def _other(told: Clause) -> bool:
    return _OTHER_AMOUNT.search(told.before[-12:]) is not None


def _is_whole(told: Clause, lower: re.Pattern[str], upper: re.Pattern[str]) -> bool:
    return bool(lower.search(told.before)) and not _other(told) and not (
        upper.search(told.before) and not re.search(r"预算|应到位", told.before)
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
    expected = _as_rate(rate, part.figure.value * 100 / whole.figure.value) if whole.figure.value else ""
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


def _as_rate(rate: Figure, value: Fraction) -> str:
    return like(rate, value)


_EQUATION = re.compile(
    r"[（(]?(?P<a>\d[\d,]*(?:\.\d+)?)(?:万元|元|人次|人|份|户)?\s*[/÷]\s*(?P<b>\d[\d,]*(?:\.\d+)?)(?:万元|元|人次|人|份|户)?[）)]?"
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


_RATE_LABEL = re.compile(r"(?:率|满意度|认可度|占|占比|比例|比重)(?:为|达|达到|高达|仅为|约为|约|是)?$")
_CHANGE = re.compile(r"增长|增加|提高|下降|减少|上升|降低|同比|比上年|相比")


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
    before = [each for each in stretch.figures if start <= each.start < rate.start]
    counts = [each for each in before if each.kind is Kind.COUNT ]
    if len(counts) != 2 or len(before) != 2 or min(each.value for each in counts) <= 0:
        return
    if _RULE.search(text) or _CHANGE.search(text) or tells(text, "policy"):
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
        plan = next((each for each in counts if "计划" in clause_before(stretch.text, each.start) or "目标" in clause_before(stretch.text, each.start)), whole)
        part, whole = (one if plan is other else other), plan
    elif _SHARE_LABEL.search(told.before) and re.search(r"总|共|合计|全部", clause_before(stretch.text, one.start)):
        part, whole = other, one
    elif "其中" not in text and "中" not in text and not re.search(r"合格|纳入|满意|了解|知晓|符合|享受|认可|回收|有效", text):
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


_SHARE_LABEL = re.compile(r"(?:占比|占(?P<base>[^，。；占%]{2,24}?)(?:的|的比例|的比重|比例|比重)|占|比重|比例)(?:为|达|达到|约为|约)?\Z")


def check_money_shares(material: Material) -> Iterator[Remark]:
    """An amount told with its share: ``项目支出 a 元，占比 x%`` in a list under its whole."""
    for at, stretch in enumerate(material.stretches):
        before = material.stretches[max(0, at - 1) : at]
        for number, told in enumerate(clauses(stretch)):
            floor = stretch.figures[number - 1].end if number else 0
            match = _SHARE_LABEL.search(stretch.text, floor, told.figure.start)
            if told.figure.kind is Kind.SHARE and not told.figure.mark and match and not _CHANGE.search(told.before):
                yield from _money_share(material, before, told, match["base"])


def _money_share(material: Material, before: Sequence[Stretch], told: Clause, base: str | None) -> Iterator[Remark]:
    stretch, rate = told.stretch, told.figure
    start, _ = stretch.sentence_of(rate.start)
    earlier = [each for each in stretch.figures if each.end <= rate.start]
    amounts = [each for each in earlier if each.kind is Kind.MONEY]
    if not amounts or amounts[-1] is not earlier[-1] or amounts[-1].start < start:
        return
    part = amounts[-1]
    bases = [each for each in stretch.figures if each.kind is Kind.MONEY and each is not part]
    bases += [each for other in before for each in other.figures if each.kind is Kind.MONEY]
    if not base and any(_rate_fits(rate, part, [each]) for each in bases) or part.value == 0 == rate.value:
        return
    whole = _named_base(material, base) if base else _listed_whole(stretch, part)
    if whole is None or whole.value <= 0 or _rate_fits(rate, part, [whole]):
        return
    if not base and part.value > whole.value:
        return
    expected = like(rate, part.value * 100 / whole.value)
    yield Remark(
        rule="share-differs",
        severity=Severity.WARNING if base else Severity.ERROR,
        place=told.place,
        quote=stretch.quote(part.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{part.text}÷{whole.text}＝{expected}，文中写 {rate.text}",
        advice="请核对金额、总数和占比" + (f"；{base} 在别处写 {whole.text}" if base else ""),
    )


def _listed_whole(stretch: Stretch, part: Figure) -> Figure | None:
    """Return the whole of a list: the amount before 其中, or the first amount of the sentence if it says so."""
    whole = _summed_whole(stretch, part)
    if whole is not None:
        return whole
    opener = stretch.text.rfind("其中", 0, part.start)
    found = [each for each in stretch.figures if each.kind is Kind.MONEY and each.end <= opener]
    return found[-1] if opener >= 0 and found and not _CHANGE.search(clause_before(stretch.text, found[-1].start)) else None


def _summed_whole(stretch: Stretch, part: Figure) -> Figure | None:
    """Return the amount told before that the amounts with shares of the sentence make together."""
    start, end = stretch.sentence_of(part.start)
    figures = stretch.figures
    shared = [
        one
        for one, after in zip(figures, figures[1:], strict=False)
        if start <= one.start < end and one.kind is Kind.MONEY and after.kind is Kind.SHARE
    ]
    total = sum((each.value for each in shared), Fraction(0))
    slack = sum((each.step for each in shared), Fraction(0)) / 2
    wholes = [each for each in figures if each.kind is Kind.MONEY and each.end <= shared[0].start] if shared else []
    return next((each for each in reversed(wholes) if len(shared) > 1 and abs(each.value - total) <= slack), None)


_OF_AMOUNT = re.compile(r"(?:为|占|相当于|完成)(?P<name>[^，。；\d]{2,16})$")


def check_shares_of_amounts(material: Material) -> Iterator[Remark]:
    """Two amounts and their quotient: 支出 a 元，为年初预算 b 元的 c%."""
    for stretch in material.stretches:
        told = list(clauses(stretch))
        for one, other, rate in zip(told, told[1:], told[2:], strict=False):
            match = _OF_AMOUNT.search(other.before)
            if rate.figure.kind is not Kind.SHARE or rate.before.strip() != "的" or match is None:
                continue
            if one.figure.kind is not Kind.MONEY or other.figure.kind is not Kind.MONEY:
                continue
            span = percent_of(one.figure, other.figure)
            if span is None or span.allows(rate.figure):
                continue
            expected = like(rate.figure, span.value)
            yield Remark(
                rule="completion-rate-differs" if "预算" in match["name"] else "share-differs",
                severity=Severity.ERROR,
                place=rate.place,
                quote=stretch.quote(one.figure.start, rate.figure.end),
                stated=rate.figure.text,
                expected=expected,
                message=f"{one.figure.text}÷{other.figure.text}＝{expected}，文中写 {rate.figure.text}",
                advice="请核对两个金额和比率",
            )


def _named_base(material: Material, base: str) -> Figure | None:
    """Return the amount that all places of the paper tell for a named whole (项目支出总额), or None."""
    name = re.sub(r"（[^）]*）", "", base)
    name = re.sub(r"^(?:本|全)?(?:部门|单位|区|县|市|年度|年)*", "", name)
    name = re.sub(r"(?:总额|合计|总数)$", "", name)
    if len(name) < 4:
        return None
    found = [
        told.figure
        for stretch in material.stretches
        if not stretch.in_table
        for told in clauses(stretch)
        if told.figure.kind is Kind.MONEY and told.before.strip().endswith(name) and told.before.strip()[: -len(name)] in ("", "其中：")
    ]
    return found[0] if found and len({each.value for each in found}) == 1 else None


def check_growth(material: Material) -> Iterator[Remark]:
    """Growth rates: increase ÷ (this year − increase), or against last year's amount."""
    for stretch in material.stretches:
        for told in clauses(stretch):
            if told.figure.kind is Kind.SHARE and not told.figure.mark and re.search(r"(?:增长|下降|减少|增加|提高|降低|增幅|降幅|上升)(?:率)?(?:了|为|达|达到|约)?$", told.before):
                yield from _grown(told)


def _grown(told: Clause) -> Iterator[Remark]:
    stretch, rate = told.stretch, told.figure
    start, _ = stretch.sentence_of(rate.start)
    earlier = [each for each in clauses(stretch) if each.figure.end <= rate.start and each.figure.kind in (Kind.MONEY, Kind.COUNT)]
    if not earlier or earlier[-1].figure.start < start:
        return
    last = earlier[-1]
    change = last if re.search(r"增加|减少|增长|下降|增|减|多|少", last.before) else None
    levels = [each for each in earlier if each.figure.kind is last.figure.kind and each is not change and not _CHANGE.search(each.before.partition("相比")[2] or each.before[-6:])]
    falls = bool(re.search(r"下降|减少|降低|降幅", told.before))
    values = [each.figure for each in levels]
    if change is not None and len(sentence := [each for each in levels if each.figure.start >= start]) == 2:
        yield from _difference(sentence, change, rate, falls=falls)
        return
    if not values or any(reading.allows(rate) for reading in _growth_readings(values, change and change.figure, falls=falls)):
        return
    sentence = [each for each in levels if each.figure.start >= start]
    if change is None:
        if len(sentence) != 2 or len(levels) != 2:
            return
        now, was = values
        if not re.search(r"上年|20\d\d|去年", levels[0].before + levels[1].before):
            return
        now, was = (was, now) if re.search(r"上年|去年", levels[0].before) else (now, was)
        basis, formula = was.value, f"（{now.text}－{was.text}）÷{was.text}"
        top = abs(now.value - was.value)
    else:
        now = _same_name(change, levels)
        if now is None:
            return
        basis = now.value + change.figure.value if falls else now.value - change.figure.value
        sign = "＋" if falls else "－"
        formula, top = f"{change.figure.text}÷（{now.text}{sign}{change.figure.text}）", change.figure.value
    if basis <= 0:
        return
    expected = like(rate, top * 100 / basis)
    yield Remark(
        rule="growth-differs",
        severity=Severity.ERROR,
        place=told.place,
        quote=stretch.quote((change or last).figure.start, rate.end),
        stated=rate.text,
        expected=expected,
        message=f"{formula}＝{expected}，文中写 {rate.text}",
        advice="请核对本年数、上年数、增减额和增减幅度",
    )


def _difference(levels: Sequence[Clause], change: Clause, rate: Figure, *, falls: bool) -> Iterator[Remark]:
    """This year, last year, their difference and its share of last year, all told in one sentence."""
    low, high = sorted((each.figure for each in levels), key=lambda figure: figure.value)
    figures = sharpened((low, high, change.figure))
    value, was = high.value - low.value, high if falls else low
    slack = sum((each.step for each in figures), Fraction(0)) / 2
    spans = list(_growth_readings((low, high), None, falls=falls))
    fits = any(span.allows(rate) for span in spans)
    if abs(value - change.figure.value) <= slack:
        own = percent_of(change.figure, was)
        fits = fits or own is not None and own.allows(rate)
        stated, expected = rate, like(rate, value * 100 / was.value) if was.value else ""
        formula = f"{change.figure.text}÷{was.text}＝{expected}"
    elif fits:
        stated, expected, fits = change.figure, like(change.figure, value), False
        formula = f"{high.text}－{low.text}＝{expected}"
    else:
        return
    if not fits and expected:
        yield Remark(
            rule="growth-differs",
            severity=Severity.ERROR,
            place=change.stretch.at(stated.start),
            quote=change.stretch.quote(change.figure.start, rate.end),
            stated=stated.text,
            expected=expected,
            message=f"{formula}，文中写 {stated.text}",
            advice="请核对本年数、上年数、增减额和增减幅度",
        )


def _growth_readings(levels: Sequence[Figure], change: Figure | None, *, falls: bool) -> Iterator[Span]:
    for now in levels:
        if change is not None:
            figures = sharpened((change, now))
            part, base = sum_of(figures[:1]), sum_of(figures[1:])
            for was in (base, Span(base.low - part.high, base.value - part.value, base.high - part.low),
                        Span(base.low + part.low, base.value + part.value, base.high + part.high)):  # fmt: skip
                span = percent_span(part, was) if was.value > 0 else None
                if span is not None:
                    yield span
        for was in levels:
            if was is not now and was.value > 0 and (now.value < was.value) == falls:
                one, two = sharpened((now, was))
                top = Span(*sorted((abs(one.low - two.high), abs(one.value - two.value), abs(one.high - two.low))))
                span = percent_span(top, sum_of((two,)))
                if span is not None:
                    yield span


def _same_name(change: Clause, levels: Sequence[Clause]) -> Figure | None:
    """Return this year's amount for a change: of the same name, or the only one there is."""
    if len({each.figure.value for each in levels}) == 1:
        return levels[-1].figure
    name = re.sub(r"(?:增加|减少|增长|下降|多|少|比.*)+$", "", change.before.strip())
    same = [each for each in levels if len(name) >= 4 and name in each.before]
    return same[-1].figure if same else None


_NEVER_ABOVE = re.compile(r"(?:覆盖率|到位率|知晓率|满意度|占比|合格率|准确率|参保率|及时率|回收率|有效率|知晓度|达标率|比重)(?:为|达|达到|高达)?$")


def check_above_hundred(material: Material) -> Iterator[Remark]:
    """Percentages over 100 that cannot be."""
    for stretch in material.stretches:
        for told in clauses(stretch):
            if told.figure.kind is Kind.SHARE and told.figure.value > 100 and _NEVER_ABOVE.search(told.before):
                yield Remark(
                    rule="share-differs",
                    severity=Severity.ERROR,
                    place=told.place,
                    quote=stretch.quote(told.figure.start, told.figure.end),
                    stated=told.figure.text,
                    expected="不大于 100%",
                    message=f"{told.before.strip()} {told.figure.text}，这个比率不会超过 100%",
                    advice="请核对分子和分母",
                )


def check_implied_last_year(material: Material) -> Iterator[Remark]:
    """Two increases of one name to the same amount give two amounts for last year, which cannot be."""
    told: dict[tuple[str, Fraction], Clause] = {}
    for stretch in material.stretches:
        for each in clauses(stretch):
            match = re.search(r"(?P<name>[一-龥]{4,14}?)(?:总计|合计|总额)?(?:增加|减少)$", each.before)
            if each.figure.kind is not Kind.MONEY or match is None:
                continue
            levels = [
                other
                for other in clauses(stretch)
                if other.figure.kind is Kind.MONEY and other.figure.end <= each.figure.start and not _CHANGE.search(other.before)
            ]
            now = _same_name(each, levels)
            if now is None:
                continue
            first = told.setdefault((match["name"], now.value), each)
            if first.figure.agrees(each.figure):
                continue
            was = [like(now, now.value - change.figure.value) for change in (each, first)]
            yield Remark(
                rule="value-told-twice",
                severity=Severity.WARNING,
                place=each.place,
                quote=stretch.quote(each.figure.start - len(each.before), each.figure.end),
                stated=each.figure.text,
                expected=first.figure.text,
                message=f"{match['name']}同为 {now.text}，此处比上年增减 {each.figure.text}（上年 {was[0]}），"
                f"{first.place.words()}增减 {first.figure.text}（上年 {was[1]}）",
                advice="请核对上年数；如果口径不同，请写明",
                also=(first.place,),
            )
