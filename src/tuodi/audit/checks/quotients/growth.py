"""Growth told with this year's amount, last year's or the increase."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, sum_of
from tuodi.audit.figures.precision import percent_of, percent_span, sharpened
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.clauses import Clause, clauses
from tuodi.kernel.finding import Severity
from tuodi.kernel.money import decimal_text

_CHANGE = re.compile(r"增长|增加|提高|下降|减少|上升|降低|同比|比上年|相比")


def check_growth(material: Material) -> Iterator[Remark]:
    """Growth rates: increase ÷ (this year − increase), or against last year's amount."""
    for stretch in material.stretches:
        for told in clauses(stretch):
            if (
                told.figure.kind is Kind.SHARE
                and not told.figure.mark
                and re.search(
                    r"(?:增长|下降|减少|增加|提高|降低|增幅|降幅|上升)(?:率)?(?:了|为|达|达到|约)?$", told.before
                )
            ):
                yield from _grown(told)


_LAST_YEAR = re.compile(r"上年|去年|同期|与20\d\d年|20\d\d年(?:为|的)")
_THAN = re.compile(r"(?:比|较|与)(?P<year>20\d\d)年")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降|增|减|多|少)(?:了|额|为)?$")


def _grown(told: Clause) -> Iterator[Remark]:
    stretch, rate = told.stretch, told.figure
    start, _ = stretch.sentence_of(rate.start)
    earlier = [
        each
        for each in clauses(stretch)
        if each.figure.end <= rate.start and each.figure.kind in (Kind.MONEY, Kind.COUNT)
    ]
    if not earlier or earlier[-1].figure.start < start:
        return
    last = earlier[-1]
    changed = re.search(r"增加|减少|增长|下降|增|减|多|少", last.before) and not re.search(r"[到至]$", last.before)
    change = last if changed else None
    levels = [
        each
        for each in earlier
        if each.figure.kind is last.figure.kind and each is not change and not _CHANGED.search(each.before)
    ]
    falls = bool(re.search(r"下降|减少|降低|降幅", told.before))
    values = [each.figure for each in levels]
    last_years = [each.figure for each in levels if _is_last_years(each, last)]
    if change is not None and len(sentence := [each for each in levels if each.figure.start >= start]) == 2:
        yield from _difference(sentence, change, rate, falls=falls)
        return
    if not values or any(
        reading.allows(rate)
        for reading in _growth_readings(values, change.figure if change else None, last_years, falls=falls)
    ):
        return
    sentence = [each for each in levels if each.figure.start >= start]
    if change is None:
        if len(sentence) != 2 or len(levels) != 2:
            return
        now, was = values
        if any(reading.allows(rate) for reading in _growth_readings(values, None, (), falls=not falls)):
            return  # only the direction is wrong: check_directions tells it
        if not re.search(r"上年|20\d\d|去年", levels[0].before + levels[1].before):
            return
        now, was = (was, now) if re.search(r"上年|去年", levels[0].before) else (now, was)
        basis, formula = was.value, f"（{now.text}－{was.text}）÷{was.text}"
        top = abs(now.value - was.value)
    else:
        named = _same_name(change, levels)
        if named is None:
            return
        top, basis, formula = _of_change(change.figure, named, falls=falls, is_last=named in last_years)
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
        message=f"{formula}＝{_to_two_places(rate, top * 100 / basis)}，文中写 {rate.text}",
        advice="请核对本年数、上年数、增减额和增减幅度",
    )


def _to_two_places(rate: Figure, value: Fraction) -> str:
    """Write a quotient as the rate is printed, but with two decimals at least."""
    return like(rate, value) if rate.step <= Fraction(1, 100) else f"{decimal_text(value, 2)}%"


def _is_last_years(level: Clause, change: Clause) -> bool:
    """Tell whether an amount is last year's: by its own words, or as that of the year the change is measured from."""
    than = _THAN.search(change.before)
    if than is None:
        return _LAST_YEAR.search(level.before) is not None
    start, _ = level.stretch.sentence_of(level.figure.start)
    years = re.findall(r"20\d\d", level.stretch.text[start : level.figure.start])
    return bool(years) and years[-1] == than["year"] or _LAST_YEAR.search(level.before) is not None


def _of_change(change: Figure, told: Figure, *, falls: bool, is_last: bool) -> tuple[Fraction, Fraction, str]:
    """Return a change, the amount it is a share of, and the quotient in words."""
    if is_last:
        return change.value, told.value, f"{change.text}÷{told.text}"
    sign = "＋" if falls else "－"
    basis = told.value + change.value if falls else told.value - change.value
    return change.value, basis, f"{change.text}÷（{told.text}{sign}{change.text}）"


def _difference(levels: Sequence[Clause], change: Clause, rate: Figure, *, falls: bool) -> Iterator[Remark]:
    """This year, last year, their difference and its share of last year, all told in one sentence."""
    low, high = sorted((each.figure for each in levels), key=lambda figure: figure.value)
    figures = sharpened((low, high, change.figure))
    named = [each.figure for each in levels if _LAST_YEAR.search(each.before)]
    value, was = high.value - low.value, named[0] if len(named) == 1 else high if falls else low
    slack = sum((each.step for each in figures), Fraction(0)) / 2
    spans = list(_growth_readings((low, high), None, (), falls=falls))
    fits = any(span.allows(rate) for span in spans)
    if abs(value - change.figure.value) <= slack:
        own = percent_of(change.figure, was)
        fits = fits or own is not None and own.allows(rate)
        stated, expected = rate, like(rate, value * 100 / was.value) if was.value else ""
        formula = f"{change.figure.text}÷{was.text}＝{expected}"
    elif fits:
        stated, expected, fits = change.figure, like(change.figure, value), False
        formula = f"{high.text}－{low.text}＝{expected}"
    elif (own := percent_of(change.figure, was)) is not None and own.allows(rate):
        now = low if was is high else high
        stated, fits = now, False
        expected = like(now, was.value - change.figure.value if falls else was.value + change.figure.value)
        formula = f"{was.text}{'－' if falls else '＋'}{change.figure.text}＝{expected}"
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


def _growth_readings(
    levels: Sequence[Figure], change: Figure | None, last_years: Sequence[Figure], *, falls: bool
) -> Iterator[Span]:
    """Yield what the growth may be: the change over an amount of last year, told or implied, or of two amounts."""
    for now in levels:
        if change is not None:
            figures = sharpened((change, now))
            part, base = sum_of(figures[:1]), sum_of(figures[1:])
            implied = (
                Span(base.low + part.low, base.value + part.value, base.high + part.high)
                if falls
                else Span(base.low - part.high, base.value - part.value, base.high - part.low)
            )
            for was in (implied, *([base] if now in last_years else [])):
                span = percent_span(part, was) if was.value > 0 else None
                if span is not None:
                    yield span
        for before in levels:
            if before is not now and before.value > 0 and (now.value < before.value) == falls:
                one, two = sharpened((now, before))
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
                if other.figure.kind is Kind.MONEY
                and other.figure.end <= each.figure.start
                and not _CHANGE.search(other.before)
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


_POINTS = re.compile(r"^[^，。；\d]{0,4}(?P<way>增加|增长|上升|提高|提升|减少|下降|降低)(?:到|至|为)[^，。；\d]{0,4}$")
_BY_POINTS = re.compile(r"^，[^，。；\d]{0,4}(?:增加|增长|上升|提高|提升|减少|下降|降低)了?$")


def check_points(material: Material) -> Iterator[Remark]:
    """``由 a% 提高到 b%，提高 c 个百分点``: c is the difference of the two."""
    for stretch in material.stretches:
        for one, other, points in zip(stretch.figures, stretch.figures[1:], stretch.figures[2:], strict=False):
            if [one.kind, other.kind, points.kind] != [Kind.SHARE, Kind.SHARE, Kind.POINTS]:
                continue
            told = _POINTS.match(stretch.text[one.end : other.start])
            if not told or not _BY_POINTS.match(stretch.text[other.end : points.start]) or points.mark:
                continue
            value, slack = abs(other.value - one.value), (one.step + other.step + points.step) / 2
            if abs(value - points.value) <= (slack if points.step < 1 or max(one.step, other.step) < 1 else 0):
                continue
            expected = like(points, value)
            yield Remark(
                rule="growth-differs",
                severity=Severity.ERROR,
                place=stretch.at(points.start),
                quote=stretch.quote(one.start, points.end),
                stated=points.text,
                expected=expected,
                message=f"{max(one, other, key=_value).text}－{min(one, other, key=_value).text}＝{expected}，"
                f"文中写 {points.text}",
                advice="请核对两个比率和相差的百分点",
            )


def _value(figure: Figure) -> Fraction:
    return figure.value
