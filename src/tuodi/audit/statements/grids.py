"""A table understood: its header rows, what each column tells, its body rows, its totals.

Papers print headers over several rows with merged cells, repeat them at page breaks, and leave group cells blank below
their first row. A ``Grid`` undoes that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from tuodi.audit.figures.amounts import Figure, Kind, figure_of
from tuodi.audit.paper.model import Cell, Table
from tuodi.audit.statements.words import paper_words

_BLANK = re.compile(r"\s")
_NUMBERED_HEAD = re.compile(r"栏\s*次")
_OF_THIS_YEAR = ("target", "actual")
_LAST_YEAR = ("上年", "去年", "上一年")
MOST_HEADER_ROWS = 5
MOST_LOST = 3
"""Cells that a row may have lost at its left."""


@dataclass(frozen=True, slots=True)
class Row:
    """A body row. ``number`` counts the table's rows from 0; ``short``: its cells may stand in the wrong column."""

    number: int
    cells: tuple[Cell, ...]
    short: bool = False

    @property
    def label(self) -> str:
        """The first filled cell that is no number, without blanks; empty where all are numbers."""
        for cell in self.cells:
            text = bare(cell.text)
            if text and figure_of(text) is None:
                return text
        return ""

    @property
    def is_total(self) -> bool:
        """Whether the row is a 合计 or 总计."""
        return self._labelled(paper_words().total_rows)

    @property
    def is_subtotal(self) -> bool:
        """Whether the row is a 小计."""
        return self._labelled(paper_words().subtotal_rows)

    def _labelled(self, words: frozenset[str]) -> bool:
        labels = (bare(cell.text) for cell in self.cells if cell.text and figure_of(bare(cell.text)) is None)
        return any(label.rstrip("：") in words for label in islice(labels, 3))


@dataclass(frozen=True)
class Grid:
    """A table with its header understood. ``headings`` holds one text per column, its levels joined from the top."""

    table: Table
    header_rows: int
    headings: tuple[str, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The body rows: no header repeated, no row of column numbers, no empty row."""
        heads = {tuple(cell.text for cell in row) for row in self.table.rows[: self.header_rows]}
        rows = []
        for number, cells in enumerate(self.table.rows[self.header_rows :], self.header_rows):
            texts = tuple(cell.text for cell in cells)
            if any(texts) and texts not in heads and not _NUMBERED_HEAD.match(bare(texts[0])):
                short = number in self.table.short_rows
                settled = self._settled(cells) if short else None
                rows.append(Row(number, settled or cells, short and settled is None))
        return tuple(rows)

    def _settled(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...] | None:
        """Return a short row moved right until weight and score stand in their columns; None where they never do.

        Text tools leave out the cells of a group that a page break parted from its first row.
        """
        weights, scores, names = self.columns("weight"), self.columns("score"), self.columns("indicator")
        if not weights or len(scores) != 1 or not names or max(names) >= min(weights):
            return None
        missing = next((at for at, cell in enumerate(reversed(cells)) if cell.text), 0)
        for step in range(min(missing, MOST_LOST) + 1):
            moved = (*cells[len(cells) - step :], *cells[: len(cells) - step])
            texts = [bare(cell.text) for cell in moved]
            figures = [figure_of(texts[at]) for at in (weights[-1], scores[0])]
            fits = all(figure is not None and figure.unit == "" for figure in figures)
            if fits and figure_of(texts[max(names)]) is None:
                return moved if step and texts[max(names)] else None
        return None

    @property
    def body(self) -> tuple[Row, ...]:
        """The rows that are neither totals nor subtotals."""
        return tuple(row for row in self.rows if not row.is_total and not row.is_subtotal)

    @property
    def leaves(self) -> tuple[Row, ...]:
        """The body rows without those that only name a group, its members in the rows below."""
        return tuple(row for row in self.body if not self.is_parent(row))

    def is_parent(self, row: Row) -> bool:
        """Tell whether of several name columns a row fills but the first."""
        names = self.columns("indicator")
        return (
            len(names) > 1
            and bool(bare(row.cells[names[0]].text))
            and not any(bare(row.cells[at].text) for at in names[1:])
        )

    @property
    def totals(self) -> tuple[Row, ...]:
        """The 合计 rows."""
        return tuple(row for row in self.rows if row.is_total)

    def columns(self, meaning: str) -> tuple[int, ...]:
        """Return the columns (from 0) whose heading tells a meaning of terms/papers.yaml, e.g. ``weight``."""
        words = paper_words()
        return tuple(
            at
            for at, heading in enumerate(self.headings)
            if words.means(last_word(heading), meaning)
            and not (meaning in _OF_THIS_YEAR and last_word(heading).startswith(_LAST_YEAR))
        )

    def column(self, meaning: str) -> int | None:
        """Return the only column that tells a meaning; None where none or several do."""
        found = self.columns(meaning)
        return found[0] if len(found) == 1 else None

    def unit(self, column: int) -> str:
        """Return the unit the heading or the table tells for a column of numbers: ``万元``, ``元``, ``%`` or empty."""
        heading = self.headings[column]
        told = re.search(r"[（(](?:单位[：:])?(元|万元|亿元|千元|%|人次|人|分|户|份|次|项)[）)]", heading)
        if told:
            return told[1]
        return self.table.unit if self.table.unit in _MONEY_UNITS and _tells_money(heading) else ""

    def figure(self, row: Row, column: int) -> Figure | None:
        """Return a cell's figure with the column's unit, None where it holds none."""
        if column >= len(row.cells):
            return None
        return figure_of(bare(row.cells[column].text), self.unit(column))

    def numeric_columns(self) -> tuple[int, ...]:
        """Return the columns whose filled body cells are mostly figures (at least two, and two of three)."""
        return tuple(at for at in range(len(self.headings)) if self._is_numeric(at))

    def _is_numeric(self, column: int) -> bool:
        filled = [row.cells[column].text for row in self.body if column < len(row.cells) and row.cells[column].text]
        numbers = [text for text in filled if figure_of(bare(text)) is not None]
        return len(numbers) >= 2 and 3 * len(numbers) >= 2 * len(filled)

    def shares(self, column: int) -> bool:
        """Tell whether a column holds percentages."""
        figures = [self.figure(row, column) for row in self.body]
        found = [figure for figure in figures if figure is not None]
        return bool(found) and 2 * sum(figure.kind is Kind.SHARE for figure in found) > len(found)

    def groups(self, column: int) -> Iterator[tuple[Row, tuple[Row, ...]]]:
        """Yield the rows in runs: a row whose cell in ``column`` is filled, and the rows below with it blank."""
        run: list[Row] = []
        for row in self.body:
            if column < len(row.cells) and bare(row.cells[column].text):
                if run:
                    yield run[0], tuple(run)
                run = [row]
            elif run:
                run.append(row)
        if run:
            yield run[0], tuple(run)


_MONEY_UNITS = ("元", "万元", "亿元", "千元", "百万元")
_NOT_MONEY = ("率", "比", "%", "人", "次", "数量", "序号", "编", "码", "分", "行次", "户", "份", "满意")
_TIMES = ("年", "年度", "年份", "月", "月份")


def _tells_money(heading: str) -> bool:
    last = last_word(heading)
    return "金额" in heading or not any(word in last for word in _NOT_MONEY) and not last.endswith(_TIMES)


def bare(text: str) -> str:
    """Return a cell's text without any blank or line break."""
    return _BLANK.sub("", text)


def last_word(heading: str) -> str:
    """Return the lowest level of a column's heading."""
    return heading.rpartition("›")[2]


LEAST_HEADINGS = 3
"""Known column headings that make a row inside a table a header of its own."""


def grids_of(table: Table) -> tuple[Grid, ...]:
    """Return the tables understood that one frame holds: official forms put several under one another.

    A row without figures and with several known column headings begins the next one. Cells keep their places.
    """
    starts = [0]
    for at, row in enumerate(table.rows):
        if at - starts[-1] >= 2 and _is_inner_header(row) and not _is_inner_header(table.rows[at - 1]):
            texts = tuple(cell.text for cell in row)
            if all(texts != tuple(cell.text for cell in table.rows[start]) for start in starts):
                starts.append(at)
    ends = [*starts[1:], len(table.rows)]
    parts = [
        replace(
            table,
            rows=table.rows[start:end],
            short_rows=frozenset(number - start for number in table.short_rows if start <= number < end),
        )
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(grid_of(part) for part in parts)


def _is_inner_header(row: tuple[Cell, ...]) -> bool:
    texts = [bare(cell.text) for cell in row if bare(cell.text)]
    if any(figure_of(text) is not None for text in texts) or any(len(text) > 16 for text in texts):
        return False
    known = {word for words in paper_words().columns.values() for word in words}
    return sum(text in known or text.partition("（")[0] in known for text in texts) >= LEAST_HEADINGS


def grid_of(table: Table) -> Grid:
    """Return a table understood. A table without a header has empty headings and only body rows."""
    count = _header_rows(table)
    return Grid(table, count, _headings(table, count))


def _header_rows(table: Table) -> int:
    """Count the rows before the first one that holds a figure or, in a table of words, the first row only."""
    for at, row in enumerate(table.rows[: MOST_HEADER_ROWS + 1]):
        texts = [bare(cell.text) for cell in row]
        filled = [text for text in texts if text]
        if _NUMBERED_HEAD.match(texts[0]) or _all_column_numbers(filled):
            return at + 1
        figures = [text for text in filled if figure_of(text) is not None]
        if figures:
            return at
        if at and len(filled) < len(table.rows[0]) and _is_body(texts):
            return at
    return 1 if len(table.rows) > 1 else 0


def _all_column_numbers(texts: list[str]) -> bool:
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _is_body(texts: list[str]) -> bool:
    """Tell whether a row of words is a body row: a code or a long text stands in it."""
    return any(re.match(r"[A-D]\d", text) or len(text) > 24 for text in texts)


def _headings(table: Table, count: int) -> tuple[str, ...]:
    width = table.width
    parts: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(table.rows[:count]):
        if _all_column_numbers([bare(cell.text) for cell in row if cell.text]) or _NUMBERED_HEAD.match(
            bare(row[0].text)
        ):
            continue
        last = ""
        for at in range(width):
            text = bare(row[at].text) if at < len(row) else ""
            is_upper = level < count - 1
            if text:
                last = text
            elif is_upper and not _filled_above(parts[at], table, level, at):
                text = last
            if text and (not parts[at] or parts[at][-1] != text):
                parts[at].append(text)
    return tuple("›".join(levels) for levels in parts)


def _filled_above(levels: list[str], table: Table, level: int, column: int) -> bool:
    """Tell whether a blank header cell belongs to a cell merged downwards: its own cell above was filled."""
    return any(bare(table.rows[above][column].text) for above in range(level) if column < len(table.rows[above]))
