"""PDF files with a text layer: lines and ruled tables by their places, page numbers and running titles left out."""

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from tuodi.audit.paper.assembly import Assembly, RawTable, goes_on_with_row
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import contents_line
from tuodi.audit.paper.lines import PAGE_NUMBER, Line, goes_on, paragraph_of
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.pdf_pages import UNIT, Box, Glyph, Page, pdf_pages
from tuodi.audit.paper.pdf_tables import RuledTable, ruled_tables
from tuodi.kernel.finding import Finding

_MARGIN_PART = 9
"""The head and foot of a page, where running titles and page numbers stand: a ninth of its height each."""
_RUNNING_TITLES = 3
_PAGE_OF_PAGES = re.compile(r"第?\d{1,4}页?[/,，共]{1,2}\d{1,4}页?")
_DIGITS = re.compile(r"\d+")
_ASCII_WORD = re.compile(r"[!-~]*")


class TextLine(NamedTuple):
    """A line of a page as printed: its text, with tabs where columns part, and its place."""

    raw: str
    box: Box
    em: int


@dataclass(frozen=True, slots=True)
class PageTable:
    """A ruled table of one page, read: rows of clean cells, the boxes that only continue a merged cell."""

    rows: tuple[tuple[str, ...], ...]
    covered: frozenset[tuple[int, int]]
    widths: tuple[int, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page shows from the top down."""

    page: Page
    items: tuple[TextLine | PageTable, ...]


def read_pdf(path: Path) -> Paper | Finding:
    """Return the paper in a PDF, or why it cannot be read."""
    pages = pdf_pages(path)
    if isinstance(pages, Finding):
        return pages
    return _Reader(path.name).read(_without_margins([_content(page) for page in pages]))


def _content(page: Page) -> PageContent:
    tables = ruled_tables(page)
    inside: dict[int, dict[tuple[int, int], list[Glyph]]] = defaultdict(lambda: defaultdict(list))
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        x, y = (glyph.box.left + glyph.box.right) // 2, (glyph.box.top + glyph.box.bottom) // 2
        for at, table in enumerate(tables):
            owner = table.owner(x, y)
            if owner is not None:
                inside[at][owner].append(glyph)
                break
        else:
            outside.append(glyph)
    read = [_table(table, inside[at]) for at, table in enumerate(tables) if len(inside[at]) > 1]
    # The few characters of a frame or a drawing are read as lines.
    for at, cells in inside.items():
        if len(cells) == 1:
            outside += [glyph for glyphs in cells.values() for glyph in glyphs]
    items: list[TextLine | PageTable] = [*_columns_marked(lines_of(outside)), *read]
    return PageContent(page, tuple(sorted(items, key=lambda item: (item.box.top, item.box.left))))


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
    text, right = "", row[0].box.left
    for glyph in row:
        gap = glyph.box.left - right
        text += "\t" if gap > 2 * em else " " if 4 * gap > em else ""
        text += glyph.text
        right = max(right, glyph.box.right)
    box = Box(
        row[0].box.left, min(each.box.top for each in row), right, max(each.box.bottom for each in row)
    )
    return TextLine(text, box, em)


def _columns_marked(lines: list[TextLine]) -> Iterator[TextLine]:
    """Yield the lines; a gap is only one between columns where a line next to it has one too."""
    for at, line in enumerate(lines):
        near = [lines[each].raw for each in (at - 1, at + 1) if 0 <= each < len(lines)]
        is_column = any("\t" in raw for raw in near) or contents_line(line.raw)
        yield line if is_column else line._replace(raw=line.raw.replace("\t", " "))


def _table(table: RuledTable, cells: dict[tuple[int, int], list[Glyph]]) -> PageTable:
    rows = tuple(
        tuple(
            _cell_text(lines_of(cells.get((row, column), ())), table.cells[row, column]) if (row, column) in table.cells else ""
            for column in range(len(table.columns) - 1)
        )
        for row in range(len(table.rows) - 1)
    )
    covered = frozenset(box for box, owner in table.owners.items() if box != owner)
    return PageTable(rows, covered, table.widths, table.box)


def _cell_text(lines: Sequence[TextLine], cell: Box) -> str:
    """Return a cell's text; lines are joined where the next word would not have fitted on the line before."""
    text = ""
    for at, line in enumerate(lines):
        if at:
            before = lines[at - 1]
            word = _ASCII_WORD.match(line.raw.lstrip())
            needed = (len(word[0]) if word and word[0] else 2) * line.em // 2 + line.em
            text += "\n" if cell.right - cell.left - (before.box.right - before.box.left) > needed + line.em else ""
        text += line.raw.replace("\t", " ")
    return "\n".join(filter(None, map(clean, text.split("\n"))))


def _without_margins(pages: Sequence[PageContent]) -> list[PageContent]:
    """Return the pages without their numbers and the titles that run at the head or foot of several."""
    seen = Counter(
        (at_head, _DIGITS.sub("#", clean(line.raw)))
        for content in pages
        for line, at_head in _margin_lines(content)
    )
    running = {key for key, count in seen.items() if count >= _RUNNING_TITLES}
    kept = []
    for content in pages:
        dropped = {
            line
            for line, at_head in _margin_lines(content)
            if _is_page_number(line.raw) or (at_head, _DIGITS.sub("#", clean(line.raw))) in running
        }
        kept.append(replace(content, items=tuple(item for item in content.items if item not in dropped)))
    return kept


def _margin_lines(content: PageContent) -> Iterator[tuple[TextLine, bool]]:
    """Yield the lines that stand in the margins, outermost two of each, and whether at the head."""
    lines = [item for item in content.items if isinstance(item, TextLine)]
    head = content.page.height // _MARGIN_PART
    foot = content.page.height - head
    yield from ((line, True) for line in lines[:2] if line.box.bottom <= head)
    yield from ((line, False) for line in lines[-2:] if line.box.top >= foot)


def _is_page_number(raw: str) -> bool:
    return PAGE_NUMBER.match(raw) is not None or _PAGE_OF_PAGES.fullmatch(raw.replace(" ", "")) is not None


class _Reader:
    """Puts the lines and tables of all pages together: paragraphs and tables go on over page breaks."""

    def __init__(self, name: str) -> None:
        self._assembly = Assembly(name)
        self._lines: list[Line] = []
        self._boxes: list[TextLine] = []
        self._pages: list[int] = []
        self._table: list[tuple[int, PageTable]] = []

    def read(self, pages: Sequence[PageContent]) -> Paper:
        number = 0
        for content in pages:
            edges = _text_edges(content)
            for item in content.items:
                if isinstance(item, PageTable):
                    self._end_paragraph()
                    self._take_table(content.page.number, item)
                    continue
                number += 1
                self._end_table()
                self._take_line(content.page.number, item, number, edges)
        self._end_paragraph()
        self._end_table()
        return self._assembly.paper()
