"""Quotients told in plain words: ``a，占 b 的 x%``, ``x%（a÷b）``, the options of a question, averages."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, written
from tuodi.audit.figures.precision import percent_of
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.sentence_words import pattern
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

FEWEST_OPTIONS = 3
_OF = re.compile(r"^，?(?P<verb>占|为|是|相当于)(?:[^，。；\d%]{0,20}?)（?$")
_TO_RATE = re.compile(r"^[^，。；\d（]{0,6}）?(?:[^，。；\d（）]{0,6})(?:的|比重为|比例为|比重|比例)$")
_PLANNED = re.compile(r"完成(?:计划|任务|目标|年度计划|年度任务)(?:数)?的$")
_PLAN = re.compile(r"计划|任务|目标|下达|应")
_DONE = re.compile(r"实际|完成|已")
_AMONG = re.compile(r"^[^，。；\d]{0,8}中，")
_CHANGE = re.compile(r"增长|增加|提高|下降|减少|上升|降低|同比|比上年|相比")


def check_plain_shares(material: Material) -> Iterator[Remark]:
    """A part, its whole and its share told in one clause."""
    for stretch in material.stretches:
        for at, rate in enumerate(stretch.figures):
            if rate.kind is Kind.SHARE and not rate.mark and at >= 2:
                yield from _share(stretch, at)


def _share(stretch: Stretch, at: int) -> Iterator[Remark]:
    part, whole, rate = stretch.figures[at - 2 : at + 1]
    text = stretch.text
    start, end = stretch.sentence_of(rate.start)
    if part.start < start or part.kind is not whole.kind or part.kind not in (Kind.MONEY, Kind.COUNT):
        return
    between, behind = text[part.end : whole.start], text[whole.end : rate.start]
    of, planned = _OF.match(between), _PLANNED.search(text[: rate.start])
    named = of is not None and _TO_RATE.match(behind) and (of["verb"] == "占" or "预算" in of[0])
    among = _AMONG.match(between) and re.fullmatch(r"，(?:占比|占)(?:为|达)?", behind)
    done = planned and _PLAN.search(clause_before(text, part.start)) and _DONE.search(between)
    if not named and not among and not done:
        return
    if not named:
        part, whole = whole, part
    if part.kind is Kind.COUNT and part.unit != whole.unit or part.mark or whole.mark:
        return
    span = percent_of(part, whole)
    if span is None or span.allows(rate) or _CHANGE.search(text[part.end : rate.start]):
        return
    completion = planned is not None or of is not None and "预算" in of[0]
    yield _remark("completion-rate-differs" if completion else "share-differs", stretch, part, whole, rate)


def _remark(rule: str, stretch: Stretch, part: Figure, whole: Figure, rate: Figure) -> Remark:
    expected = like(rate, part.value * 100 / whole.value)
    figures = sorted((part, whole, rate), key=lambda figure: figure.start)
    return Remark(
        rule=rule,
        severity=Severity.ERROR,
        place=stretch.at(rate.start),
        quote=stretch.quote(figures[0].start, figures[-1].end),
        stated=rate.text,
        expected=expected,
        message=f"{part.text}÷{whole.text}＝{expected}，文中写 {rate.text}",
        advice="请核对这两个数和它们的比率",
    )


_QUOTIENT = re.compile(r"^[^，。；（）\d]{0,10}[/÷][^，。；（）\d]{0,10}$")


def check_bracketed_quotients(material: Material) -> Iterator[Remark]:
    """A rate with its two numbers in brackets behind it: 执行率 x%（支出 a／预算 b）."""
    for stretch in material.stretches:
        figures = stretch.figures
        for rate, part, whole in zip(figures, figures[1:], figures[2:], strict=False):
            if rate.kind is not Kind.SHARE or part.kind is not whole.kind or part.unit == "%" or whole.value <= 0:
                continue
            opened = re.fullmatch(r"（[^（）。；\d]{0,12}", stretch.text[rate.end : part.start])
            closed = stretch.text[whole.end : whole.end + 1] in ("）", "×", "*")
            if not (opened and closed and _QUOTIENT.match(stretch.text[part.end : whole.start])):
                continue
            span = percent_of(part, whole)
            if span is not None and not span.allows(rate):
                execution = pattern("execution").search(stretch.text[max(0, rate.start - 8) : rate.start])
                yield _remark("execution-rate-differs" if execution else "share-differs", stretch, part, whole, rate)


def check_told_options(material: Material) -> Iterator[Remark]:
    """The answers to a question told in one sentence: 196 人作答，“很及时”129 人（65.8%），“一般”33 人（16.8%）…."""
    for stretch in material.stretches:
        if stretch.in_table:
            continue
        for start, end in stretch.sentences:
            told = [each for each in stretch.figures if start <= each.start < end]
            pairs = _pairs(stretch, told)
            wholes = [each for each in told if pairs and each.end <= pairs[0][0].start and each.kind is Kind.COUNT]
            if len(pairs) >= FEWEST_OPTIONS and wholes and wholes[-1].unit == pairs[0][0].unit:
                yield from _options(stretch, wholes[-1], pairs)


def _pairs(stretch: Stretch, told: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Return the counts of one unit each with its share right behind it."""
    found = [
        (count, share)
        for count, share in zip(told, told[1:], strict=False)
        if count.kind is Kind.COUNT
        and share.kind is Kind.SHARE
        and re.fullmatch(r"（(?:占比?)?|，占比?(?:为)?", stretch.text[count.end : share.start])
    ]
    return found if len({count.unit for count, _ in found}) == 1 else []


def _options(stretch: Stretch, whole: Figure, pairs: Sequence[tuple[Figure, Figure]]) -> Iterator[Remark]:
    counts = [count for count, _ in pairs]
    total = sum((count.value for count in counts), Fraction(0))
    shares = sum((share.value for _, share in pairs), Fraction(0))
    right = sum(_allows(count, whole, share) for count, share in pairs)
    if right * 2 <= len(pairs):
        return  # the shares are of another whole
    if total != whole.value and 99 <= shares <= 101:
        expected = like(whole, total)
        yield Remark(
            rule="counts-differ",
            severity=Severity.ERROR,
            place=stretch.at(whole.start),
            quote=stretch.quote(whole.start, counts[-1].end),
            stated=whole.text,
            expected=expected,
            message=f"各选项 {written(counts)}＝{expected}，作答人数写 {whole.text}",
            advice="请核对各选项的人数和作答人数",
        )
    for count, share in pairs:
        if not _allows(count, whole, share):
            yield _remark("share-differs", stretch, count, whole, share)


def _allows(count: Figure, whole: Figure, share: Figure) -> bool:
    if whole.value <= 0:
        return True
    value = count.value * 100 / whole.value
    return Span(value, value, value).allows(share)


_MEAN = re.compile(r"(?P<of>次均|人均|户均|平均每人次|平均每人|平均每户|每人次平均|每人平均|每户平均)[^，。；\d]{0,8}$")
CASES_A_HEAD = Fraction(1, 10)
"""A mean of people this near to the mean of cases was worked out from the cases."""
_UNIT_OF = {"次": "人次", "人": "人", "户": "户"}
_PER_YEAR = re.compile(r"人均(?:可支配|纯|消费|GDP|预期|缴费|基本|年)")


def check_means(material: Material) -> Iterator[Remark]:
    """An amount, a number of people or cases and the mean told in one sentence."""
    for stretch in material.stretches:
        for start, end in stretch.sentences:
            told = [each for each in stretch.figures if start <= each.start < end]
            for mean in told:
                match = _MEAN.search(clause_before(stretch.text, mean.start))
                if mean.kind is Kind.MONEY and not mean.mark and match and not _PER_YEAR.search(match[0]):
                    unit = _UNIT_OF["次" if "次" in match["of"] else "户" if "户" in match["of"] else "人"]
                    yield from _mean(stretch, mean, [each for each in told if each is not mean], unit)


def _mean(stretch: Stretch, mean: Figure, others: Sequence[Figure], unit: str) -> Iterator[Remark]:
    amounts = [each for each in others if each.kind is Kind.MONEY]
    heads = [each for each in others if each.unit == unit]
    by_case = unit == "人" and not heads
    heads = [each for each in others if each.unit == "人次"] if by_case else heads
    if len(amounts) != 1 or len(heads) != 1 or heads[0].value <= 0 or mean.value <= 0:
        return
    amount, head = amounts[0], heads[0]
    value, slack = amount.value / head.value, amount.step / 2 / head.value
    if Span(value - slack, value, value + slack).allows(mean) or not 1 <= 3 * value / mean.value <= 9:
        return
    if by_case and abs(value - mean.value) > CASES_A_HEAD * value:
        return  # people come more than once: a mean of people is larger
    expected = like(mean, value)
    yield Remark(
        rule="average-differs",
        severity=Severity.WARNING if by_case else Severity.ERROR,
        place=stretch.at(mean.start),
        quote=stretch.quote(min(amount.start, head.start, mean.start), max(amount.end, head.end, mean.end)),
        stated=mean.text,
        expected=expected,
        message=f"{amount.text}÷{head.text}＝{expected}，文中写 {mean.text}",
        advice="请核对金额、人数（人次）和平均数；按人次平均的请写次均",
    )
