"""Characters of a page -> its lines, and lines whose parts stand in columns."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.pdf_pages import UNIT, Box, Glyph

_UNBROKEN = re.compile(r"[（〔《“(]*(?:[一二三四五六七八九十]{1,3}）)?(?:[!-~]+[、，。；：）〕》”]*)*")


class Part(NamedTuple):
    """A stretch of a line without a wide gap, and where it begins and ends."""

    text: str
    left: int
    right: int


class TextLine(NamedTuple):
    """A line of a page as printed, its parts from left to right; ``em`` is the height of its characters."""

    parts: tuple[Part, ...]
    box: Box
    em: int

    @property
    def raw(self) -> str:
        """The text, with tabs where the parts meet."""
        return "\t".join(part.text for part in self.parts)

    @property
    def text(self) -> str:
        """The clean text."""
        return clean(" ".join(part.text for part in self.parts))

    @property
    def first_word(self) -> int:
        """The width of the first word or number: it stands on this line because the one before had no room for it."""
        word = _UNBROKEN.match(self.parts[0].text)
        return max(sum(1 if sign.isascii() else 2 for sign in word[0]) if word else 0, 2) * self.em // 2


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Return the lines that characters make, from the top down; wide gaps become tabs, small ones blanks."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: (each.box.top + each.box.bottom, each.box.left)):
        middle = glyph.box.top + glyph.box.bottom
        if rows:
            last = rows[-1][-1].box
            if abs(middle - last.top - last.bottom) < max(last.bottom - last.top, glyph.box.bottom - glyph.box.top):
                rows[-1].append(glyph)
                continue
        rows.append([glyph])
    return [_line(sorted(row, key=lambda each: each.box.left)) for row in rows]


def _line(row: Sequence[Glyph]) -> TextLine:
    em = max(UNIT, sorted(glyph.box.bottom - glyph.box.top for glyph in row)[len(row) // 2])
    first = row[0].box
    parts, right = [Part("", first.left, first.left)], first.left
    for glyph in row:
        gap = glyph.box.left - right
        right = max(right, glyph.box.right)
        if gap > 2 * em:
            parts.append(Part(glyph.text, glyph.box.left, right))
        else:
            blank = " " if 4 * gap > em else ""
            parts[-1] = Part(parts[-1].text + blank + glyph.text, parts[-1].left, right)
    top, bottom = min(each.box.top for each in row), max(each.box.bottom for each in row)
    return TextLine(tuple(parts), Box(first.left, top, right, bottom), em)


def rows_by_columns(lines: Sequence[TextLine]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of lines whose parts stand in columns, a part in the column it overlaps; () where none do.

    Columns are filled in half of the rows at least: labels beside the bars of a chart are no table.
    """
    columns: list[tuple[int, int]] = []
    for part in sorted((part for line in lines for part in line.parts), key=lambda each: each.left):
        if columns and part.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], part.right))
        else:
            columns.append((part.left, part.right))
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for part in line.parts:
            at = next(at for at, (left, right) in enumerate(columns) if left <= part.left <= right)
            row[at] = clean(f"{row[at]} {part.text}")
        rows.append(tuple(row))
    is_table = (
        len(rows) > 2
        and len(columns) > 1
        and all(2 * sum(map(bool, each)) >= len(rows) for each in zip(*rows, strict=True))
    )
    return tuple(rows) if is_table else ()
