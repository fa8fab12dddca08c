"""Sums told in sentences: a whole against its parts, and an amount whose unit was forgotten."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import Span, like, sum_of, written
from tuodi.audit.figures.precision import TELLING_DIGITS, one_digit_off, sharpened, significant
from tuodi.audit.material import Material
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import bare
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.part_lists import Group, forgotten_unit, groups
from tuodi.audit.statements.sentence_words import complete, levels_named, tells
from tuodi.audit.statements.stretches import Stretch
from tuodi.kernel.finding import Severity

NEAR = Fraction(5, 100)
"""Parts that miss their whole by no more than this share of it were meant to make it."""
_POWERS = tuple(Fraction(10**power) for power in range(1, 9))
LEAST_DIGITS = 3
"""Digits of a whole whose point may have moved: rounder numbers are ten times one another by chance."""
MOST_USES = 8
NEIGHBOURS = 2
"""Stretches before and behind in which the true sum may be told."""


def check_parts(material: Material) -> Iterator[Remark]:
    """A whole against its parts, told before or after it in the same sentence or list."""
    tables = tuple(_uses(material))
    for at, stretch in enumerate(material.stretches):
        seen: set[int] = set()
        for group in groups(stretch):
            if group.whole.start in seen and group.opener != "其中":
                continue
            beside = material.stretches[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
            remark = _judged(group, beside, tables)
            if remark is not None:
                seen.add(group.whole.start)
                yield remark


def _uses(material: Material) -> Iterator[frozenset[str]]:
    """Yield the names that each table with one total adds up."""
    for grid in material.grids:
        names = frozenset(_plain_use(bare(row.label)) for row in grid.body)
        if len(grid.totals) == 1 and 2 <= len(names) == len(grid.body) <= MOST_USES:
            yield names


def _plain_use(name: str) -> str:
    return re.sub(r"(?:支出|资金|费用|经费)+$", "", name)


def _told_beside(whole: Figure, value: Fraction, beside: Iterable[Stretch]) -> bool:
    """Tell whether a sum is told in the neighbourhood in the same unit: then the numbers are all its parts."""
    return any(
        each.value == value and each.unit == whole.unit and significant(each) >= TELLING_DIGITS - 1
        for stretch in beside
        for each in stretch.figures
    )


def _judged(group: Group, beside: Iterable[Stretch], tables: Collection[frozenset[str]]) -> Remark | None:
    whole, *parts = sharpened((group.whole, *group.parts))
    larger = next((part for part in parts if part.low > whole.high), None)
    if larger is not None and group.opener in ("其中", "包括", "主要包括"):
        between = {each.kind for each in group.stretch.figures if whole.end <= each.start < larger.start}
        # Money that stands behind numbers of people is not a part of the money before them.
        return None if larger.kind is Kind.MONEY and Kind.COUNT in between else _larger_part(group, larger)
    exhaustive = _exhaustive(group)
    readings = [parts] if exhaustive else list(_readings(parts))
    # A whole that is the sum rounded as it is printed itself is right, however exact its parts are.
    if len(parts) < 2 or any(_fits(each, reading) for each in (whole, group.whole) for reading in readings):
        return None
    slip = _unit_slip(group, (whole, *parts)) or _moved_point(group, parts)
    if slip is not None:
        return slip
    total = sum_of(parts)
    complete_list = _complete(group, total, tables)
    if not (exhaustive or complete_list or _near(whole, parts, total) or _told_beside(whole, total.value, beside)):
        return None
    expected = like(group.whole, total.value)
    difference = like(group.whole, abs(total.value - whole.value))
    return Remark(
        rule="parts-differ",
        severity=complete_list or (Severity.ERROR if exhaustive or group.opener == "合计" else Severity.WARNING),
        place=group.stretch.at(group.whole.start),
        quote=_quote(group),
        stated=group.whole.text,
        expected=expected,
        message=f"总数写 {group.whole.text}，各项相加 {written(group.parts)}＝{expected}，相差 {difference}",
        advice="请核对总数和各项，改正其中写错的一个；如果没有列全，请写明",
    )


_TOLD_WHOLE = re.compile(r"合计|共计|总计|一共")
_ALL_TOLD = re.compile(r"共|总")
_NUMBER_TOLD = re.compile(r"(?P<number>[两二三四五六七八九])(?:项|类|部分|个方面|块|笔|批|级)")
_JOINED = re.compile(r"[，、]?(?:以及|和|及|与)")
LEAST_TOLD = {Kind.MONEY: Fraction(1, 2), Kind.COUNT: Fraction(4, 5)}
"""Named parts that make less of their whole than this are a choice of them."""
_NUMBERS = "〇一二三四五六七八九"


def _complete(group: Group, total: Span, tables: Collection[frozenset[str]]) -> Severity | None:
    """Return how sure it is that a list names all parts, whatever the gap; None where it may well be a choice."""
    if not group.is_plain:
        return None
    told_before = clause_before(group.stretch.text, group.whole.start)
    number = _NUMBER_TOLD.search(told_before if group.opener == "合计" else told_before + group.named)
    if number and number["number"] != "两" and _NUMBERS.find(number["number"]) != len(group.parts):
        return None
    if _makes_gap(group, group.whole.value - total.value):
        return None
    if group.opener == "合计":
        return None if "以上" in told_before else Severity.ERROR
    if group.overlaps or group.opener not in ("其中", "包括", "主要包括", "（"):
        return None
    if total.low > group.whole.high:
        return Severity.ERROR
    if complete(group.labels) or frozenset(map(_plain_use, group.labels)) in tables:
        return Severity.WARNING
    if total.value < LEAST_TOLD[group.whole.kind] * group.whole.value:
        return None
    if _TOLD_WHOLE.search(told_before) or group.opener == "（" and _ALL_TOLD.search(told_before):
        return Severity.ERROR
    listed = group.stretch.text[group.parts[0].start - 16 : group.parts[0].start]
    opened = "其中：" in listed and _ALL_TOLD.search(told_before) and group.whole.kind is Kind.MONEY
    joined = _JOINED.match(group.stretch.text, group.parts[-2].end)
    return Severity.WARNING if joined or number or opened else None


def _makes_gap(group: Group, gap: Fraction) -> bool:
    """Tell whether numbers beside the list make what is missing: the total may count them as well."""
    first, last = group.parts[0].start, group.parts[-1].end
    same = [each for each in group.stretch.figures if each.kind is group.whole.kind and each is not group.whole]
    for beside in ([each for each in same if each.end <= first], [each for each in same if each.start >= last]):
        values = [each.value for each in beside if each.start != group.whole.start]
        if any(sum(values[at:end], Fraction(0)) == gap for at in range(len(values)) for end in range(at + 1, at + 6)):
            return True
    return False


def _moved_point(group: Group, parts: Sequence[Figure]) -> Remark | None:
    """Return the remark on a whole with the digits of the sum and its point at another place."""
    value, stated = sum_of(parts).value, group.whole
    ratio = max(value, stated.value) / min(value, stated.value) if min(value, stated.value) > 0 else Fraction(0)
    if stated.kind is not Kind.MONEY or ratio not in _POWERS or significant(stated) < LEAST_DIGITS:
        return None
    expected = like(stated, value)
    return Remark(
        rule="unit-slip",
        severity=Severity.ERROR,
        place=group.stretch.at(stated.start),
        quote=_quote(group),
        stated=stated.text,
        expected=expected,
        message=f"总数写 {stated.text}，各项相加 {written(group.parts)}＝{expected}，数字相同，小数点或单位错位",
        advice=f"请把 {stated.text} 改为 {expected}",
    )


def _larger_part(group: Group, part: Figure) -> Remark:
    return Remark(
        rule="parts-differ",
        severity=Severity.ERROR,
        place=group.stretch.at(part.start),
        quote=_quote(group),
        stated=part.text,
        expected=f"不大于 {group.whole.text}",
        message=f"其中一项 {part.text} 大于总数 {group.whole.text}，部分不能大于整体",
        advice="请核对总数和这一项",
    )


def _unit_slip(group: Group, figures: Sequence[Figure]) -> Remark | None:
    """Return the remark if everything agrees once one amount in 元 is taken in 万元."""
    if not any(figure.unit == "万元" for figure in figures):
        return None
    for at, figure in enumerate(figures):
        if figure.unit != "元":
            continue
        larger = replace(figure, value=figure.value * 10_000, step=figure.step * 10_000, unit="万元")
        whole, *parts = (larger if number == at else each for number, each in enumerate(figures))
        if _fits(whole, parts):
            right = figure.text.replace("元", "万元")
            return Remark(
                rule="unit-slip",
                severity=Severity.ERROR,
                place=group.stretch.at(figure.start),
                quote=_quote(group),
                stated=figure.text,
                expected=right,
                message=f"写 {figure.text}，按 {right} 各项相加才等于总数，少写了“万”",
                advice=f"请把 {figure.text} 改为 {right}",
            )
    return None


def _quote(group: Group) -> str:
    figures = (group.whole, *group.parts)
    start, end = min(each.start for each in figures), max(each.end for each in figures)
    return group.stretch.quote(start, min(end, start + 70))


def _readings(parts: Sequence[Figure]) -> Iterator[Sequence[Figure]]:
    """Yield the sets of numbers that may be the parts: all, all but one, the first or the last few."""
    yield parts
    yield parts[:1]
    for at in range(len(parts)):
        rest = [*parts[:at], *parts[at + 1 :]]
        if len(rest) >= 2:
            yield rest
    for at in range(2, len(parts)):
        yield parts[:at]
        yield parts[-at:]


def _fits(whole: Figure, parts: Sequence[Figure]) -> bool:
    return _with_rounding(parts).allows(whole)


def _with_rounding(parts: Sequence[Figure]) -> Span:
    span = sum_of(parts)
    return span if parts[0].kind is Kind.MONEY else Span(span.value, span.value, span.value)


def _near(whole: Figure, parts: Sequence[Figure], total: Span) -> bool:
    if whole.value <= 0:
        return False
    telling = 1 if any(significant(part) >= TELLING_DIGITS for part in parts) else TELLING_DIGITS
    if abs(total.value - whole.value) <= NEAR * whole.value or one_digit_off(whole, total.value, telling):
        return True
    return any(one_digit_off(part, whole.value - (total.value - part.value), telling) for part in parts)


def _exhaustive(group: Group) -> bool:
    """Tell whether the parts are named in full: every level of government, or the text says so."""
    start, end = group.stretch.sentence_of(group.whole.start)
    levels = levels_named("".join(group.labels))
    sexes = {label[:1] for label in group.labels}
    return (
        levels == 4
        or group.opener == "季度"
        or sexes == {"男", "女"}
        and len(group.parts) == len(sexes)
        or levels >= 3
        and len(group.parts) == levels
        and group.opener == "合计"
        or (tells(group.stretch.text[start:end], "exhaustive") and group.opener != "其中")
    )


def check_forgotten_units(material: Material) -> Iterator[Remark]:
    """An amount without its unit in a list of amounts."""
    for stretch in material.stretches:
        for figure in stretch.figures:
            if forgotten_unit(stretch, figure):
                yield Remark(
                    rule="unit-slip",
                    severity=Severity.WARNING,
                    place=stretch.at(figure.start),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=f"{figure.text}元",
                    message=f"金额 {figure.text} 没有单位，同一句其他金额都以元为单位",
                    advice="请补上单位",
                )
