"""Tables in plain text: cells parted by tabs, one cell a line behind a tab, or columns parted by blanks."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tuodi.audit.paper.clean import clean

LEAST_TABS = 3
"""Tabs around a single filled cell that make its line a row."""


class TextLine(Protocol):
    """A line as it stood and its clean text."""

    @property
    def raw(self) -> str:
        """The line as it stood."""

    @property
    def number(self) -> int:
        """Its number from 1."""

    @property
    def text(self) -> str:
        """Its clean text."""


class TextTable(NamedTuple):
    """Rows of clean cells, the line each row begins at, and the index after the last line."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    end: int


_NUMERIC = re.compile(r"^[≥≤<>=+-]?[\d,]+(?:\.\d+)?(?:%|分|元|万元|人次|人|份|次|项|个|户)?$|^[-—─]+$")
_CODED = re.compile(r"^\d{3,7}$")
_SENTENCE = re.compile(r"[。；，：]")


def table_lines(lines: Sequence[TextLine], at: int) -> TextTable | None:
    """Return the table that begins at a line, or None."""
    raw = lines[at].raw
    if raw.startswith("\t") and "\t" not in raw.strip() and not _lone_cell(raw):
        return _one_cell_a_line(lines, at)
    if "\t" in raw.strip() or raw.startswith("\t"):
        return _tabbed(lines, at)
    return _spaced(lines, at)


def _tabbed(lines: Sequence[TextLine], at: int) -> TextTable | None:
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    end = at
    while end < len(lines):
        raw = lines[end].raw
        if "\t" in raw.strip() or raw.startswith("\t") and raw.strip() or _lone_cell(raw):
            rows.append(tuple(clean(cell) for cell in raw.rstrip("\n").split("\t")))
            numbers.append(lines[end].number)
            end += 1
            continue
        goes_on = _table_goes_on(lines, end)
        if goes_on is None:
            break
        end = goes_on
    if len(rows) == 1 and _is_contents(rows[0]):
        return None
    if all(_is_contents(row) for row in rows):
        return None
    return TextTable(tuple(rows), tuple(numbers), end)


def _lone_cell(raw: str) -> bool:
    """Tell whether a line is a row of several cells of which one is filled."""
    return bool(raw.strip()) and "\t" not in raw.strip() and raw.rstrip("\n").count("\t") >= LEAST_TABS


def _is_contents(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return (
        len(filled) <= 2
        and bool(filled)
        and re.fullmatch(r"-?\d{1,3}-?", filled[-1]) is not None
        and (len(filled) == 1 or len(filled[0]) > 3 and not _NUMERIC.match(filled[0]))
    )


def _table_goes_on(lines: Sequence[TextLine], at: int) -> int | None:
    """Return where rows go on after blank lines inside a table, or None."""
    end = at
    while end < len(lines) and not lines[end].text:
        end += 1
    if end == at or end >= len(lines) or end - at > 2:
        return None
    raw = lines[end].raw
    return end if ("\t" in raw.strip() or _lone_cell(raw)) and not raw.startswith("\t\t\t\t\t\t\t\t\t\t\t\t") else None


def _one_cell_a_line(lines: Sequence[TextLine], at: int) -> TextTable | None:
    """Read rows whose cells stand one a line behind a tab; a blank line ends the row, other lines go on in the cell."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    cells: list[str] = []
    end, first = at, lines[at].number
    while end < len(lines):
        line = lines[end]
        if line.raw.startswith("\t"):
            if not cells:
                first = line.number
            cells.append(clean(line.raw.strip("\t")))
        elif line.raw.strip() and cells:
            cells[-1] = (cells[-1] + "\n" + line.text).strip()
        elif not line.raw.strip() and cells:
            rows.append(tuple(cells))
            numbers.append(first)
            cells = []
            if not _tab_ahead(lines, end):
                break
        elif line.raw.strip():
            break
        end += 1
    if cells:
        rows.append(tuple(cells))
        numbers.append(first)
    return TextTable(tuple(rows), tuple(numbers), min(end, len(lines)))


def _tab_ahead(lines: Sequence[TextLine], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.raw.strip() or line.raw.startswith("\t"):
            return line.raw.startswith("\t")
    return False


def _spaced(lines: Sequence[TextLine], at: int) -> TextTable | None:
    """Read columns parted by blanks: a header of three or more words, then rows as long with numbers in them."""
    header = lines[at].raw.split()
    if len(header) < 3 or _SENTENCE.search(lines[at].text) or any(_NUMERIC.match(clean(word)) for word in header):
        return None
    rows, numbers = [tuple(clean(word) for word in header)], [lines[at].number]
    end = at + 1
    while end < len(lines):
        words = [clean(word) for word in lines[end].raw.split()]
        figures = sum(1 for word in words if _NUMERIC.match(word))
        if not figures or len(words) > len(header) or len(words) < 2 or figures == len(words) and len(words) < 3:
            break
        if len(words) < len(header) and figures + 1 < len(words):
            break
        rows.append(tuple(words))
        numbers.append(lines[end].number)
        end += 1
    full = [row for row in rows[1:] if len(row) == len(header)]
    if not full:
        return None
    numeric = [2 * sum(_NUMERIC.match(row[at]) is not None for row in full) > len(full) for at in range(len(header))]
    return TextTable(tuple(_aligned(row, numeric) for row in rows), tuple(numbers), end)


def _aligned(row: tuple[str, ...], numeric: Sequence[bool]) -> tuple[str, ...]:
    """Return a short row with its blank cells put where they leave words below words and figures below figures.

    Blanks at the left go first (a group's cell merged downwards), then those after the first word (a total). A row that
    fits nowhere, or that is long enough, is returned as it is.
    """
    missing = len(numeric) - len(row)
    if missing <= 0:
        return row
    for at in range(len(row) + 1):
        filled = (*row[:at], *[""] * missing, *row[at:])
        if all(
            (_NUMERIC.match(cell) is not None) is is_figure
            for cell, is_figure in zip(filled, numeric, strict=True)
            if cell
        ):
            return filled
    return row
