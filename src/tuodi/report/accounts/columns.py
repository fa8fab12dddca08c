"""Widths of a published table's columns: amounts and codes on one line, labels share what is left."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from tuodi.accounts.filled import CellKind, FilledTable, GridCell

TIGHT_MARGINS, MARGINS = 5.0, 8.5
"""Points beside the text of a cell, left and right together, and a little room: of dense tables and of others."""
_HALF_WIDTH = 0.64
"""Of the size: the digits of the widest fonts that a machine may put in the place of the one asked for."""
_NARROWEST_LABEL, _NARROWEST_AMOUNT, _NARROWEST_NUMBER = 4, 3, 2
"""In characters: labels and headings may be broken over lines, but not into single characters."""
_LONGEST_LABEL = 16
"""In characters: more than this a label does not get where room is not short."""


class _Column(NamedTuple):
    is_label: bool
    need: float


def column_widths(
    table: FilledTable, size: float, room: float | None = None, margins: float = TIGHT_MARGINS
) -> tuple[float, ...]:
    """Return the width of each column in points for text of this size; with ``room`` they fill it.

    Amounts and codes keep what they need; labels are broken over lines where the room is short.
    """
    columns = [_column([row[at] for row in map(_single, table.rows)], size, margins) for at in range(table.width)]
    if room is None:
        longest = _LONGEST_LABEL * size + margins
        return tuple(min(each.need, longest) if each.is_label else each.need for each in columns)
    whole = sum(each.need for each in columns)
    labels = sum(each.need for each in columns if each.is_label)
    if whole <= room or not labels:
        return tuple(each.need * room / whole for each in columns)
    narrowest, left = _NARROWEST_LABEL * size + margins, room - (whole - labels)
    return tuple(max(narrowest, each.need * left / labels) if each.is_label else each.need for each in columns)


def _column(places: Sequence[GridCell | None], size: float, margins: float) -> _Column:
    cells = [cell for cell in places if cell is not None]
    words = [cell.text for cell in cells if cell.kind is CellKind.WORDS]
    is_label = any(not text.isascii() for text in words) and all(cell.kind is CellKind.WORDS for cell in cells)
    is_amount = any(cell.kind is CellKind.AMOUNT for cell in cells)
    least = _NARROWEST_LABEL if is_label else _NARROWEST_AMOUNT if is_amount else _NARROWEST_NUMBER
    return _Column(is_label, max([least * size, *(_length(cell.text, size) for cell in cells)]) + margins)


def _length(text: str, size: float) -> float:
    return sum(size if unicodedata.east_asian_width(char) in "WFA" else size * _HALF_WIDTH for char in text)


def _single(row: Sequence[GridCell]) -> list[GridCell | None]:
    """Return the cells of a row by column; None where a cell spans several columns."""
    places: list[GridCell | None] = []
    for cell in row:
        places += [cell] if cell.columns == 1 else [None] * cell.columns
    return places
