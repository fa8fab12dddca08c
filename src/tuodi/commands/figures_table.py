"""Tables as offices know them: numbers to the right, never broken over lines, a total at the foot."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

# What stays in one piece: a number with its marks, a word, a code. Chinese may be broken between any two characters.
_PIECE = re.compile(r"[0-9A-Za-z_.,:%+\-−]+|.", re.DOTALL)

# A heading is broken only beyond four characters.
_HEADING = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """A text that is broken over lines where it must, but not inside a number or a word unless that fills a line.

    The text is shown as it is: a bracket in a document must not be read as colour.
    """

    text: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        for line in self.text.splitlines() or [""]:
            for part in _folded(line, options.max_width):
                yield Text(part, style=self.style, overflow="fold")


@dataclass(frozen=True, slots=True)
class _FittedTable:
    """A table whose columns share the width there is; the columns of figures and every number keep what they need."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[str]
    total: Sequence[str] | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        # Two cells of padding and a bar between columns, and the box on both sides.
        room = options.max_width - (3 * len(self.headings) - 1)
        for heading, width in zip(self.headings, self._widths(room), strict=True):
            is_figures = heading in self.figures
            table.add_column(
                Folded(heading, "bold"),
                justify="right" if is_figures else "left",
                no_wrap=is_figures,
                width=width,
                vertical="top",
            )
        for row in self.rows:
            table.add_row(*map(Folded, row))
        if self.total is not None:
            table.add_section()
            table.add_row(*(Folded(cell, "bold") for cell in self.total))
        yield table

    def _widths(self, room: int) -> list[int]:
        """Return each column's width: what it would like, the widest cut first, none below what it needs."""
        columns = list(zip(self.headings, *self.rows, *([self.total] if self.total is not None else []), strict=True))
        liked = [max(map(_longest_line, cells)) for cells in columns]
        needed = [
            like if cells[0] in self.figures else max(*map(_longest_piece, cells), min(_HEADING, cell_len(cells[0])))
            for cells, like in zip(columns, liked, strict=True)
        ]
        for widest in range(max(liked), 0, -1):
            widths = [max(need, min(like, widest)) for need, like in zip(needed, liked, strict=True)]
            if sum(widths) <= room:
                return widths
        return needed


def figures_table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[str] = (),
    total: Sequence[str] | None = None,
) -> RenderableType:
    """Return a table; ``numbers`` names the headings of the columns of figures, ``total`` is the row under the line."""
    return Group(Text(title, style="bold"), _FittedTable(headings, list(rows), frozenset(numbers), total))


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line) + cell_len(piece) > width:
            yield line.rstrip()
            line = piece.lstrip(" ")
        else:
            line += piece
    yield line


def _longest_line(text: str) -> int:
    return max((cell_len(line) for line in text.splitlines()), default=0)


def _longest_piece(text: str) -> int:
    return max((cell_len(piece) for piece in _PIECE.findall(text)), default=0)
