"""Running text as it is meant: paragraphs that a list or a wrapped line cut are read as one."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tuodi.audit.figures.amounts import Figure, figure_of, figures
from tuodi.audit.paper.model import Cell, Paper, Paragraph, Place, Role, Table
from tuodi.audit.remark import quoted

LONGEST = 4000
"""Characters after which a stretch ends whatever stands there."""
SHORTEST_CELL = 12
MOST_FIGURES = 150
"""Numbers of a stretch of text; the published papers have at most thirty in one."""
_STOP = re.compile(r"[。！？\n]")
_WRAPPED = 20
"""A line of text without any stop at its end is taken for cut if it is at least so long."""


@dataclass(frozen=True)
class Stretch:
    """Text up to a full stop, with the place of every character. ``block`` is the first block it comes from."""

    text: str
    pieces: tuple[tuple[int, Paragraph | Cell], ...]
    in_table: bool = False

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.pieces[0][1].place

    def at(self, offset: int) -> Place:
        """Return the place of a character."""
        start, piece = max((each for each in self.pieces if each[0] <= offset), key=lambda each: each[0])
        return piece.at(offset - start) if isinstance(piece, Paragraph) else piece.place

    def at_piece(self, offset: int) -> int:
        """Return the number of the paragraph a character stands in, from 0."""
        return sum(start <= offset for start, _ in self.pieces) - 1

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The numbers in it, in order; none where there are so many that it is no running text."""
        found = figures(self.text)
        return found if len(found) <= MOST_FIGURES else ()

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The offsets of its sentences, parted by full stops."""
        cuts = [0, *(match.end() for match in _STOP.finditer(self.text)), len(self.text)]
        return tuple((start, end) for start, end in zip(cuts, cuts[1:], strict=False) if self.text[start:end].strip())

    def sentence_of(self, offset: int) -> tuple[int, int]:
        """Return the sentence a character stands in."""
        at = bisect_right(self.sentences, (offset, len(self.text))) - 1
        found = self.sentences[at] if at >= 0 else (0, 0)
        return found if found[0] <= offset < found[1] else (0, len(self.text))

    def quote(self, start: int, end: int) -> str:
        """Return a short piece of text around ``start:end``."""
        return quoted(self.text, start, end)


def stretches(paper: Paper) -> Iterator[Stretch]:
    """Yield the running text of a paper in order: joined paragraphs, and cells that hold sentences."""
    pending: list[Paragraph] = []
    for block in paper.blocks:
        if isinstance(block, Table):
            yield from _joined(pending)
            pending = []
            yield from _of_cells(block)
        elif block.role in (Role.TEXT, Role.HEADING):
            if pending and not _goes_on(pending, block):
                yield from _joined(pending)
                pending = []
            pending.append(block)
    yield from _joined(pending)


def _of_cells(table: Table) -> Iterator[Stretch]:
    for row in table.rows:
        for cell in row:
            if len(cell.text) >= SHORTEST_CELL and figure_of(cell.text) is None:
                yield Stretch(cell.text, ((0, cell),), in_table=True)


def _joined(parts: list[Paragraph]) -> Iterator[Stretch]:
    if not parts:
        return
    text, pieces = "", []
    for part in parts:
        pieces.append((len(text), part))
        text += part.text
    yield Stretch(text, tuple(pieces))


def _goes_on(pending: list[Paragraph], block: Paragraph) -> bool:
    """Tell whether a paragraph goes on with what stands before: a list after ：or ；, or a line cut in its middle."""
    last = pending[-1]
    if sum(len(each.text) for each in pending) + len(block.text) > LONGEST or last.text[-1] in "。！？":
        return False
    is_item = block.role is Role.TEXT or (block.level or 0) >= 4
    if last.role is Role.HEADING and not ("：" in last.text or "，" in last.text):
        return False
    if last.text[-1] in "；：，、":
        return is_item
    return block.role is Role.TEXT and len(last.text) >= _WRAPPED and "：" not in block.text[:8]
