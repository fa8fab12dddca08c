"""Running text ready for reading: paragraphs that a page break tore apart are one stretch again."""

from collections.abc import Iterator
from dataclasses import dataclass

from tuodi.audit.paper.model import Paper, Paragraph, Place, Role, Table

_PAIRS = (("《", "》"), ("（", "）"))
MOST_PARTS = 3
"""A stretch is put together of at most so many paragraphs."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Clean text with the paragraphs it is made of; ``parts`` pairs the offset each begins at with the paragraph."""

    text: str
    parts: tuple[tuple[int, Paragraph], ...]

    @property
    def place(self) -> Place:
        """The place of its first character."""
        return self.parts[0][1].place

    @property
    def first(self) -> Paragraph:
        """The paragraph it begins with."""
        return self.parts[0][1]

    def at(self, offset: int) -> Place:
        """Return the place of a character."""
        start, paragraph = next(part for part in reversed(self.parts) if part[0] <= offset)
        return paragraph.at(offset - start)


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell without line breaks, which papers put anywhere in a cell."""

    text: str
    place: Place

    def at(self, offset: int) -> Place:
        """Return the place of a character: the cell's."""
        del offset
        return self.place


Reading = Prose | CellText


def prose(paper: Paper) -> Iterator[Prose]:
    """Yield the running text in order, contents left out."""
    pending: list[Paragraph] = []
    for block in paper.blocks:
        if isinstance(block, Table):
            continue
        if block.role is Role.CONTENTS:
            continue
        if pending and not _goes_on("".join(part.text for part in pending), block, pending):
            yield _joined(pending)
            pending = []
        pending.append(block)
    if pending:
        yield _joined(pending)


def readings(paper: Paper) -> Iterator[Reading]:
    """Yield the running text and then the cells that hold text."""
    yield from prose(paper)
    for table in paper.tables:
        for row in table.rows:
            yield from (CellText(cell.text.replace("\n", ""), cell.place) for cell in row if cell.text)


def _goes_on(text: str, block: Paragraph, pending: list[Paragraph]) -> bool:
    """Tell whether a bracket opened in ``text`` is closed at the beginning of the next paragraph."""
    if len(pending) >= MOST_PARTS or pending[-1].place.block + 1 != block.place.block:
        return False
    for opened, closed in _PAIRS:
        if text.rfind(opened) > text.rfind(closed) and text[-1] not in "。；":
            next_closed, next_opened = block.text.find(closed), block.text.find(opened)
            if next_closed >= 0 and (next_opened < 0 or next_closed < next_opened):
                return True
    return False


def _joined(pending: list[Paragraph]) -> Prose:
    text, parts = "", []
    for paragraph in pending:
        parts.append((len(text), paragraph))
        text += paragraph.text
    return Prose(text, tuple(parts))
