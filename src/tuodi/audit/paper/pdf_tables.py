"""Ruled lines of a page -> tables: which boxes they enclose, which of them are merged, where each begins."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

from tuodi.audit.paper.pdf_pages import UNIT, Box, Page

_NEAR = 3 * UNIT
"""Lines nearer than this are one line: double borders, borders drawn cell by cell."""
_MOST_BOXES = 20_000


class _Rule(NamedTuple):
    """A line ``at`` a distance from the page's edge, running from ``start`` to ``end``."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A ruled table: the edges of its columns and rows, and for each box the (row, column) its merged cell begins at.

    ``cells`` are what the cells cover, by the same beginnings.
    """

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    owners: dict[tuple[int, int], tuple[int, int]]
    cells: dict[tuple[int, int], Box]

    @property
    def box(self) -> Box:
        """What the table covers of its page."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the columns."""
        return tuple(right - left for left, right in pairwise(self.columns))

    def owner(self, x: int, y: int) -> tuple[int, int] | None:
        """Return the cell a point lies in, by its first row and column; None outside the table."""
        return self.owners.get((bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1))


def ruled_tables(page: Page) -> list[RuledTable]:
    """Return the ruled tables of a page from the top down."""
    level = _joined(_Rule(rule.top, rule.left, rule.right) for rule in page.rules if _is_level(rule))
    upright = _joined(_Rule(rule.left, rule.top, rule.bottom) for rule in page.rules if not _is_level(rule))
    tables = [_table(rows, columns) for rows, columns in _connected(level, upright)]
    found = sorted((table for table in tables if table is not None), key=lambda table: table.rows[0])
    # A table drawn inside the cell of another is part of that cell.
    return [
        table
        for at, table in enumerate(found)
        if not any(_is_inside(table.box, other.box) for where, other in enumerate(found) if where != at)
    ]


def _is_level(rule: Box) -> bool:
    return rule.right - rule.left >= rule.bottom - rule.top


def _joined(rules: Iterable[_Rule]) -> list[_Rule]:
    """Return the lines with those that lie on one another, or go on in one another, made one."""
    ordered = sorted(rules)
    joined: list[_Rule] = []
    begin = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or ordered[at].at - ordered[at - 1].at > _NEAR:
            joined += _end_to_end(ordered[begin:at])
            begin = at
    return joined


def _end_to_end(rules: Sequence[_Rule]) -> Iterator[_Rule]:
    place = rules[len(rules) // 2].at
    start = end = None
    for rule in sorted(rules, key=lambda each: each.start):
        if start is None or end is None:
            start, end = rule.start, rule.end
        elif rule.start <= end + _NEAR:
            end = max(end, rule.end)
        else:
            yield _Rule(place, start, end)
            start, end = rule.start, rule.end
    if start is not None and end is not None:
        yield _Rule(place, start, end)


def _connected(level: list[_Rule], upright: list[_Rule]) -> Iterator[tuple[list[_Rule], list[_Rule]]]:
    """Yield the groups of lines that meet one another."""
    left_level, left_upright = set(level), set(upright)
    while left_level:
        rows, columns, fresh = [left_level.pop()], list[_Rule](), True
        waiting: list[tuple[_Rule, bool]] = [(rows[0], True)]
        while waiting:
            rule, fresh = waiting.pop()
            others, kept = (left_upright, columns) if fresh else (left_level, rows)
            met = [other for other in others if _meet(rule, other)]
            others.difference_update(met)
            kept += met
            waiting += [(other, not fresh) for other in met]
        if columns:
            yield sorted(rows), sorted(columns)


def _meet(one: _Rule, other: _Rule) -> bool:
    return other.start - _NEAR <= one.at <= other.end + _NEAR and one.start - _NEAR <= other.at <= one.end + _NEAR


def _table(level: list[_Rule], upright: list[_Rule]) -> RuledTable | None:
    """Return the table some lines make, or None where they enclose at most one box. Open sides count as closed."""
    rows = _edges([rule.at for rule in level], [end for rule in upright for end in (rule.start, rule.end)])
    columns = _edges([rule.at for rule in upright], [end for rule in level for end in (rule.start, rule.end)])
    if not 1 < (len(rows) - 1) * (len(columns) - 1) <= _MOST_BOXES:
        return None
    below = [[rule for rule in level if abs(rule.at - place) <= _NEAR] for place in rows]
    beside = [[rule for rule in upright if abs(rule.at - place) <= _NEAR] for place in columns]
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    cells: dict[tuple[int, int], Box] = {}
    for row, column in product(range(len(rows) - 1), range(len(columns) - 1)):
        if (row, column) in owners:
            continue
        # A merged cell is a rectangle: first to the right, then down as far as no line parts it.
        middle = (rows[row] + rows[row + 1]) // 2
        right = column + 1
        while right + 1 < len(columns) and (row, right) not in owners and not _drawn(beside[right], middle):
            right += 1
        middles = [(columns[each] + columns[each + 1]) // 2 for each in range(column, right)]
        low = row + 1
        while low + 1 < len(rows) and not any(_drawn(below[low], each) for each in middles):
            low += 1
        cells[row, column] = Box(columns[column], rows[row], columns[right], rows[low])
        for box in product(range(row, low), range(column, right)):
            owners.setdefault(box, (row, column))
    return RuledTable(tuple(columns), tuple(rows), owners, cells) if len(cells) > 1 else None


def _edges(lines: list[int], ends: list[int]) -> list[int]:
    """Return the places of the lines, with the farthest ends of those across where no line closes them."""
    places = sorted({*lines, min(ends), max(ends)})
    kept = [places[0]]
    for place in places[1:]:
        if place - kept[-1] > _NEAR:
            kept.append(place)
    return kept


def _drawn(rules: list[_Rule], across: int) -> bool:
    """Tell whether one of the lines at a place runs past the middle of a box."""
    return any(rule.start <= across <= rule.end for rule in rules)


def _is_inside(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left + _NEAR
        and outer.top <= inner.top + _NEAR
        and inner.right <= outer.right + _NEAR
        and inner.bottom <= outer.bottom + _NEAR
    )
