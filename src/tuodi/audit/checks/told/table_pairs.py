"""Tables held against each other and against the text: one item in two tables, a total and a number told beside it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from tuodi.audit.figures.amounts import Figure, Kind
from tuodi.audit.figures.arithmetic import agree, sum_of
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Place
from tuodi.audit.remark import Remark
from tuodi.audit.statements.grids import Grid, Row, bare, last_word
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.stretches import Stretch
from tuodi.audit.statements.values import Value, apart, projects, reports
from tuodi.kernel.finding import Severity

MOST_DIFFERING = 2
"""Tables that differ in more rows tell different things."""
CLOSE = Fraction(5, 100)
CLOSE_COUNTS = Fraction(10, 100)
MOST_TABLES = 30
"""Tables with one heading that are held against each other; a paper with more repeats a form."""
_HEADING = re.compile(r"到位|支出|预算|执行|下达|安排")
_ACCOUNTS = re.compile(r"行次|栏次|科目编码|功能分类|经济分类")
_PART_OF_YEAR = re.compile(r"季度|月|半年|第[一二三四五六七八九\d]+批|批次|抽查|[镇乡]")
_YEAR = re.compile(r"20\d\d")
_OUTLAY = re.compile(r"(?:全年|年度|20\d\d年|^)(?:实际|累计)?(?:救助)?支出(?:共计|合计|总计|总额|共|为)+$")
_COUNT_OF = re.compile(r"(?:人次数?|人数|户数)$")


class _Column(NamedTuple):
    """A column of amounts: its table, its number from 0, and its amounts by the names of their rows."""

    grid: Grid
    at: int
    amounts: dict[str, tuple[Row, Figure]]


def check_same_items(material: Material) -> Iterator[Remark]:
    """One item under one heading in two tables that otherwise agree."""
    if _holds_several(material):
        return
    columns: dict[str, list[_Column]] = defaultdict(list)
    for grid in material.grids:
        words = [last_word(heading) for heading in grid.headings]
        if not grid.header_rows or _ACCOUNTS.search("".join(words)) or _PART_OF_YEAR.search(_titled(grid)):
            continue
        for at, word in enumerate(words):
            if words.count(word) == 1 and _HEADING.search(word) and not _YEAR.search(grid.headings[at]):
                columns[word].append(_Column(grid, at, _amounts(grid, at)))
    for alike in columns.values():
        for one, other in combinations(alike[:MOST_TABLES], 2):
            if one.grid.table.place.block != other.grid.table.place.block and _same_years(one.grid, other.grid):
                yield from _compared(one, other)


def _holds_several(material: Material) -> bool:
    """Tell whether the paper holds several projects or reports, whose tables look alike."""
    several = len(material.self_tables) > 1 or bool(material.project_reports)
    return several or len(reports(material.paper)) > 1 or bool(projects(material.paper))


def _titled(grid: Grid) -> str:
    return grid.table.title + "".join(grid.headings)


def _same_years(one: Grid, other: Grid) -> bool:
    first, second = (set(_YEAR.findall(_titled(grid))) for grid in (one, other))
    return first == second or not (first and second)


def _amounts(grid: Grid, column: int) -> dict[str, tuple[Row, Figure]]:
    """Return the amounts of a column by the names of their rows; none where a name stands twice."""
    labels = [bare(row.label) for row in grid.body]
    found = {}
    for row, label in zip(grid.body, labels, strict=True):
        figure = grid.figure(row, column)
        if figure is not None and figure.kind is Kind.MONEY and label and labels.count(label) == 1 and not row.short:
            found[label] = row, figure
    return found


def _compared(one: _Column, other: _Column) -> Iterator[Remark]:
    first, second = one.amounts, other.amounts
    common = [label for label in second if label in first]
    wrong = [label for label in common if not first[label][1].agrees(second[label][1])]
    same = [label for label in common if label not in wrong and first[label][1].value]
    if not same or not 1 <= len(wrong) <= MOST_DIFFERING:
        return
    heading = last_word(one.grid.headings[one.at])
    for label in wrong:
        (row, right), (odd_row, odd) = first[label], second[label]
        place, also = odd_row.cells[other.at].place, row.cells[one.at].place
        message = f"“{label}”的{heading}此处写 {odd.text}，{also.words()}写 {right.text}"
        yield _remark("table-against-table", place, f"{label} {heading} {odd.text}", odd, right, message, also)


def _remark(rule: str, place: Place, quote: str, odd: Figure, right: Figure, message: str, also: Place) -> Remark:
    return Remark(
        rule=rule,
        severity=Severity.WARNING,
        place=place,
        quote=quote,
        stated=odd.text,
        expected=right.text,
        message=message,
        advice="请核对是哪一个数；如果口径不同，请分别写明",
        also=(also,),
    )


def check_told_outlay(material: Material) -> Iterator[Remark]:
    """The year's outlay told in a sentence against the total of the only table of outlays, which its rows make."""
    totals = [each for grid in material.grids for each in _proved_totals(grid)]
    if _holds_several(material) or len(totals) != 1:
        return
    place, total = totals[0]
    for stretch in material.stretches:
        for figure, clause in _money(stretch):
            if _OUTLAY.search(clause) and not figure.agrees(total) and apart(figure.value, total.value) <= CLOSE:
                message = f"全年支出此处写 {figure.text}，{place.words()}的合计是 {total.text}"
                quote = stretch.quote(figure.start, figure.end)
                yield _remark("text-against-table", stretch.at(figure.start), quote, figure, total, message, place)


def _money(stretch: Stretch) -> Iterator[tuple[Figure, str]]:
    for at, figure in enumerate(stretch.figures):
        if figure.kind is Kind.MONEY and not figure.mark and not stretch.in_table:
            yield figure, clause_before(stretch.text, figure.start, stretch.figures[at - 1].end if at else 0)


def _proved_totals(grid: Grid) -> Iterator[tuple[Place, Figure]]:
    """Yield the totals of outlays that the rows above them make."""
    if len(grid.totals) != 1 or _PART_OF_YEAR.search(grid.table.title) or _ACCOUNTS.search("".join(grid.headings)):
        return
    total = grid.totals[0]
    for column, heading in enumerate(grid.headings):
        stated = grid.figure(total, column)
        parts = [figure for row in grid.body if (figure := grid.figure(row, column)) is not None]
        outlay = "支出" in last_word(heading) or last_word(heading).startswith("金额") and "支出" in grid.table.title
        if (
            outlay
            and stated is not None
            and stated.kind is Kind.MONEY
            and len(parts) > 1
            and agree(stated, sum_of(parts))
        ):
            yield total.cells[column].place, stated


def check_told_counts(material: Material) -> Iterator[Remark]:
    """A number of cases told in a sentence against the table's row of the same words: 住院救助 and 住院救助人次."""
    if _holds_several(material):
        return
    counts = [each for each in material.values if each.figure.kind is Kind.COUNT and not each.aimed]
    rows = [each for each in counts if each.in_table]
    for value in counts:
        if value.in_table or _PART_OF_YEAR.search(value.quote) or value.figure.mark:
            continue
        named = [each for each in rows if _same_count(value, each)]
        if len({each.figure.value for each in named}) == 1 and _told_once(value, counts):
            told, row = value.figure, named[0]
            if not row.figure.agrees(told) and apart(row.figure.value, told.value) <= CLOSE_COUNTS:
                message = f"“{row.name}”此处写 {told.text}，{row.place.words()}写 {row.figure.text}"
                yield _remark("text-against-table", value.place, value.quote, told, row.figure, message, row.place)


def _same_count(value: Value, row: Value) -> bool:
    same = _COUNT_OF.sub("", value.name) == _COUNT_OF.sub("", row.name) and value.name != row.name
    return same and value.figure.unit == row.figure.unit and (value.year == row.year or not row.year)


def _told_once(value: Value, counts: Sequence[Value]) -> bool:
    """Tell whether the text gives the name one number alone."""
    told = [each for each in counts if each.name == value.name and each.figure.unit == value.figure.unit]
    return len({each.figure.value for each in told if not each.in_table}) == 1
