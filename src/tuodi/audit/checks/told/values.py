"""The same thing told twice with two values, in sentences and in tables."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.precision import one_digit_off
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.sentence_words import tells
from tuodi.audit.statements.values import Value, apart, clusters, projects, reports, spots, support
from tuodi.kernel.finding import Severity

MOST_VALUES = 3
"""A name with more different values than this names a series, not one number."""
CLOSE = Fraction(5, 1000)
"""Two amounts of one name no further apart than this are one amount, misprinted once."""
SPECIFIC = 6
"""Characters of a name that can hardly mean two things."""
WHOLES = ("资金总额", "支出总额")
TEN_THOUSAND = 10_000


def check_told_twice(material: Material) -> Iterator[Remark]:
    """Each name's values against each other."""
    groups: dict[tuple[str, Kind, str, bool, str], list[Value]] = defaultdict(list)
    starts, tables = reports(material.paper), projects(material.paper)
    for value in material.values:
        unit = value.figure.unit if value.figure.kind is Kind.COUNT else ""
        report = _scope(value, starts, tables)
        groups[value.key, value.figure.kind, unit, value.aimed, report].append(value)
    for (key, kind, unit, aimed, report), told in groups.items():
        aims = [] if aimed else groups.get((key, kind, unit, True, report), [])
        misprints = {id(value): target for value in told if (target := _misprinted_target(value, aims)) is not None}
        yield from (_remark(value, misprints[id(value)]) for value in told if id(value) in misprints)
        for same_year in _by_year([value for value in told if id(value) not in misprints]):
            yield from _compared(key, same_year, _has_adjustment(material))


def _scope(value: Value, starts: Sequence[int], tables: Sequence[int]) -> str:
    """Return the report a value belongs to; in a paper on several projects its table or its section."""
    report = str(sum(start <= value.place.block for start in starts))
    if not tables:
        return report
    return f"{report} {value.place.block if value.in_table else value.place.section}"


def _misprinted_target(value: Value, aims: Sequence[Value]) -> Value | None:
    """Return the target that a number of the text is but for one digit."""
    if value.in_table or value.figure.kind is not Kind.COUNT:
        return None
    found = clusters(aims)
    if not found or support(found[0]) < 2 or not one_digit_off(value.figure, found[0][0].figure.value):
        return None
    return next((aim for aim in found[0] if not aim.in_table), found[0][0])


def _by_year(told: Sequence[Value]) -> Iterator[list[Value]]:
    """Yield the values of each year; those without a year belong to the year told most."""
    years: dict[str, list[Value]] = defaultdict(list)
    for value in told:
        years[value.year].append(value)
    named = sorted((year for year in years if year), key=lambda year: -len(years[year]))
    if not named:
        yield list(told)
        return
    years[named[0]] += years.pop("", [])
    yield from years.values()


def _has_adjustment(material: Material) -> bool:
    """Tell whether the budget changed within the year, so that two totals may both be right."""
    return any("调整后" in stretch.text or "年初预算" in stretch.text for stretch in material.stretches)


def _compared(key: str, told: Sequence[Value], adjusted: bool) -> Iterator[Remark]:
    found = clusters(told)
    if not 2 <= len(found) <= MOST_VALUES:
        return
    main = found[0]
    for odd in found[1:]:
        if _is_slip(main, odd):
            right, wrong = (odd, main) if support(odd) == support(main) and main[0].figure.unit == "元" else (main, odd)
            yield from (_slip_remark(value, right[0]) for value in wrong)
        elif _contradicts(key, main, odd, adjusted):
            yield from _told_once(_remark(value, _best(main, value)) for value in _one_a_block(odd))


def _told_once(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """Yield the remarks on one name, those with the same two figures as one: its other places go into ``also``."""
    found: dict[tuple[str, str, str], Remark] = {}
    for remark in remarks:
        key = (remark.rule, remark.stated, remark.expected)
        first = found.get(key)
        found[key] = remark if first is None else replace(first, also=(*first.also, remark.place))
    yield from found.values()


def _one_a_block(odd: Sequence[Value]) -> list[Value]:
    return list({value.place.block: value for value in reversed(odd)}.values())[::-1]


def _best(main: Sequence[Value], odd: Value) -> Value:
    """Return the value to hold against the odd one: a table's against the text's, and the other way round."""
    return next((value for value in main if value.in_table != odd.in_table), main[0])


def _is_slip(main: Sequence[Value], odd: Sequence[Value]) -> bool:
    one, other = main[0].figure.value, odd[0].figure.value
    return (
        main[0].figure.kind is Kind.MONEY and bool(other) and one / other in (TEN_THOUSAND, Fraction(1, TEN_THOUSAND))
    )


def _contradicts(key: str, main: Sequence[Value], odd: Sequence[Value], adjusted: bool) -> bool:
    """Tell whether two values of a name are a contradiction and not two things of one name."""
    first, second = main[0].figure, odd[0].figure
    misprint = (
        one_digit_off(second, first.value)
        and first.step == second.step
        or (first.kind is Kind.MONEY and apart(first.value, second.value) <= CLOSE)
    )
    if spots(main) & spots(odd) and not misprint:
        return False
    if key in WHOLES:
        return support(odd) == 1 and (misprint and support(main) >= 2 or support(main) >= 3 and not adjusted)
    if misprint:
        return True
    names = {value.name for value in main} & {value.name for value in odd}
    specific = any(len(name) >= SPECIFIC for name in names)
    if first.kind is Kind.SHARE:
        return specific or support(main) >= 2 and support(odd) == 1
    return specific and first.kind is Kind.COUNT or support(main) >= 2 and support(odd) == 1 and bool(names)


def _remark(odd: Value, main: Value) -> Remark:
    across = odd.in_table != main.in_table
    return Remark(
        rule="text-against-table" if across else "value-told-twice",
        severity=Severity.WARNING,
        place=odd.place,
        quote=odd.quote,
        stated=odd.figure.text,
        expected=_printed(main.figure, odd.figure),
        message=f"“{odd.name}”此处写 {odd.figure.text}，{main.place.words()}写 {_printed(main.figure, odd.figure)}",
        advice="请核对是哪一个数；如果口径不同，请分别写明",
        also=(main.place,),
    )


def _printed(figure: Figure, other: Figure) -> str:
    """Return a figure as printed, with its table's unit where the other figure has one."""
    told = other.unit and other.text.endswith(other.unit) and not figure.text.endswith(figure.unit)
    return figure.text + figure.unit if told else figure.text


def _slip_remark(odd: Value, main: Value) -> Remark:
    return Remark(
        rule="unit-slip",
        severity=Severity.ERROR,
        place=odd.place,
        quote=odd.quote,
        stated=odd.figure.text,
        expected=main.figure.text,
        message=f"“{odd.name}”此处写 {odd.figure.text}，{main.place.words()}写 {main.figure.text}，相差一万倍",
        advice="请核对金额单位是元还是万元",
        also=(main.place,),
    )


_REMARKED = re.compile(r"(?P<count>\d+)(?P<unit>人次|人|户|例|件|份)(?P<what>[一-龥]{4,12})")


def check_counted_remarks(material: Material) -> Iterator[Remark]:
    """A number the text tells against the sum of the remarks of a table: 1人发放失败退回, 66人发放失败退回…."""
    for grid in material.grids:
        for column in range(len(grid.headings)):
            found = [
                (match, row.cells[column].place)
                for row in grid.body
                if column < len(row.cells) and (match := _REMARKED.match(row.cells[column].text)) is not None
            ]
            wordings = {match["what"] for match, _ in found}
            if len(found) >= 3 and len(wordings) == 1:
                total = sum(int(match["count"]) for match, _ in found)
                yield from _against_remarks(material, wordings.pop(), total, len(found), found[0][1])


def _against_remarks(material: Material, what: str, total: int, count: int, place: Place) -> Iterator[Remark]:
    for stretch in material.stretches:
        for start, end in () if stretch.in_table else stretch.sentences:
            sentence = stretch.text[start:end]
            if not all(what[at : at + 2] in sentence for at in range(0, len(what) - 1, 2)):
                continue
            told = [
                each
                for each in stretch.figures
                if start <= each.start < end and each.unit in ("人次", "人") and each.value < 2 * total
            ]
            if len(told) == 1 and told[0].value != total:
                figure = told[0]
                yield Remark(
                    rule="text-against-table",
                    severity=Severity.WARNING,
                    place=stretch.at(figure.start),
                    quote=stretch.quote(figure.start, figure.end),
                    stated=figure.text,
                    expected=f"{total}{figure.unit}",
                    message=f"“{what}”此处写 {figure.text}，表中 {count} 处备注相加为 {total}{figure.unit}",
                    advice="请核对是文中还是表中写错",
                    also=(place,),
                )


LEAST_DIGITS = 5
LEAST_SUPPORT = 3


def check_misprinted_amounts(material: Material) -> Iterator[Remark]:
    """An amount told once that is, but for one digit, the total that the paper tells again and again."""
    told = [value for value in material.values if value.figure.kind is Kind.MONEY]
    places: dict[Fraction, set[tuple[int, int | None]]] = defaultdict(set)
    for stretch in material.stretches:
        for figure in stretch.figures:
            if figure.kind is Kind.MONEY:
                places[figure.value].add((stretch.place.block, stretch.place.row))
    for value in told:
        places[value.figure.value].add((value.place.block, value.place.row))
    for value in told:
        if value.in_table or len(places[value.figure.value]) > 1 or not _is_of_all(value):
            continue
        for main in told:
            if (
                _is_of_all(main)
                and len(places[main.figure.value]) >= LEAST_SUPPORT
                and value.key != main.key
                and value.figure.step == main.figure.step
                and value.figure.value >= 10**LEAST_DIGITS * value.figure.step
                and one_digit_off(value.figure, main.figure.value)
            ):
                yield _remark(value, main)
                break


def _is_of_all(value: Value) -> bool:
    return tells(value.name, "funded") and not tells(value.name, "not_whole")
