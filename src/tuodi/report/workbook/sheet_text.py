"""How much room text takes in a spreadsheet: heights of rows, names of sheets.

A spreadsheet program fits the height of a row to its text only where no cell is merged; tables of offices are merged
nearly everywhere, so the heights are reckoned here: a Chinese character is as wide as the font is high, others half.
"""

import re
import unicodedata
from collections.abc import Iterable
from math import ceil

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_NAME = 31
_PADDING_PIXELS = 8
_PIXELS_PER_POINT = 96 / 72
_LINE = 1.35
_TALLEST = 409


def width_units(pixels: int, size: float) -> int:
    """Return how many half-width characters of this size fit on a line."""
    return max(1, int((pixels - _PADDING_PIXELS) / (size * _PIXELS_PER_POINT / 2)))


def text_units(text: str) -> int:
    """Return the width of a text in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def row_height(texts: Iterable[tuple[str, int]], size: float) -> float:
    """Return the height in points of a row whose cells hold these texts, each on a line of so many characters."""
    lines = max((sum(_lines(line, room) for line in text.split("\n")) for text, room in texts), default=1)
    return min(_TALLEST, lines * size * _LINE + size * 0.5)


def row_heights(count: int, cells: Iterable[tuple[int, int, str, int]], size: float) -> list[float]:
    """Return the heights of so many rows; each cell: its first row, the rows it spans, its text, half-widths a line."""
    single: list[list[tuple[str, int]]] = [[] for _ in range(count)]
    tall: list[tuple[int, int, float]] = []
    for row, rows, text, room in cells:
        if rows == 1:
            single[row].append((text, room))
        else:
            tall.append((row, rows, row_height([(text, room)], size)))
    heights = [row_height(texts, size) for texts in single]
    for first, rows, needed in tall:
        # What a tall cell needs beyond its rows is shared out among them.
        lacking = needed - sum(heights[first : first + rows])
        for at in range(first, first + rows):
            heights[at] += max(0.0, lacking / rows)
    return heights


def _lines(line: str, room: int) -> int:
    # A full-width character that does not fit moves to the next line whole, so half a character may stay empty.
    return max(1, ceil(text_units(line) / max(2, room - room % 2)))


def sheet_name(wished: str, taken: set[str]) -> str:
    """Return a name a sheet may bear, none of those taken; it is then taken."""
    name = _FORBIDDEN.sub(" ", wished.split("\n")[0]).strip()[:_LONGEST_NAME] or "表"
    number = 1
    unique = name
    while unique.casefold() in taken:
        number += 1
        unique = f"{name[: _LONGEST_NAME - 3]}{number}"
    taken.add(unique.casefold())
    return unique
