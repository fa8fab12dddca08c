"""PDF files with a text layer: lines and ruled tables by their places, page numbers and running titles left out."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from tuodi.audit.paper.assembly import Assembly, RawTable, continues_row
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import contents_line, starts_paragraph
from tuodi.audit.paper.lines import PAGE_NUMBER, Line, goes_on, paragraph_of
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.pdf_lines import TextLine, lines_of, rows_by_columns
from tuodi.audit.paper.pdf_pages import UNIT, Box, Glyph, Page, pdf_pages
from tuodi.audit.paper.pdf_tables import RuledTable, ruled_tables
from tuodi.kernel.finding import Finding

_MARGIN_PART = 9
"""The head and foot of a page, where running titles and page numbers stand: a ninth of its height each."""
_RUNNING_TITLES = 3
_FEWEST_WIDE_LINES = 8
_PAGE_OF_PAGES = re.compile(r"第?\d{1,4}页?[/,，共]{1,2}\d{1,4}页?")
_ROMAN = re.compile(r"[-—]*[ivxIVX]{1,6}[-—]*")
_DIGITS = re.compile(r"\d+")


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
    contents = _without_margins([_content(page) for page in pages])
    return _Reader(path.name, _edges(contents)).read(contents)


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
    for cells in inside.values():
        if len(cells) == 1:
            outside += [glyph for glyphs in cells.values() for glyph in glyphs]
    items: list[TextLine | PageTable] = [*lines_of(outside), *read]
    return PageContent(page, tuple(sorted(items, key=lambda item: (item.box.top, item.box.left))))


def _table(table: RuledTable, cells: dict[tuple[int, int], list[Glyph]]) -> PageTable:
    texts = {place: _cell_text(lines_of(cells[place]), table.cells[place]) for place in cells}
    rows = tuple(
        tuple(texts.get((row, column), "") for column in range(len(table.columns) - 1))
        for row in range(len(table.rows) - 1)
    )
    covered = frozenset(box for box, owner in table.owners.items() if box != owner)
    return PageTable(rows, covered, table.widths, table.box)


def _cell_text(lines: Sequence[TextLine], cell: Box) -> str:
    """Return a cell's text; lines are joined where the next word would not have fitted on the line before."""
    text = ""
    for at, line in enumerate(lines):
        if at:
            before = lines[at - 1].box
            room = cell.right - cell.left - (before.right - before.left)
            text += "\n" if room > 2 * line.em + line.first_word else ""
        text += " ".join(part.text for part in line.parts)
    return "\n".join(filter(None, map(clean, text.split("\n"))))


def _without_margins(pages: Sequence[PageContent]) -> list[PageContent]:
    """Return the pages without their numbers and the titles that run at the head or foot of several."""
    seen = Counter(
        (at_head, _DIGITS.sub("#", line.text)) for content in pages for line, at_head in _margin_lines(content)
    )
    running = {key for key, count in seen.items() if count >= _RUNNING_TITLES}
    kept = []
    for content in pages:
        dropped = {
            line
            for line, at_head in _margin_lines(content)
            if _is_page_number(line) or (at_head, _DIGITS.sub("#", line.text)) in running
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


def _is_page_number(line: TextLine) -> bool:
    return (
        PAGE_NUMBER.match(line.text) is not None
        or _ROMAN.fullmatch(line.text) is not None
        or _PAGE_OF_PAGES.fullmatch(line.text) is not None
    )


class _Edges(NamedTuple):
    """Where the lines of running text begin and end, as most of a paper's do; ``indented``: its paragraphs are."""

    left: int
    right: int
    indented: bool = False

    def is_indent(self, line: TextLine) -> bool:
        """Tell whether a line begins as the first of a paragraph does."""
        return 2 * (line.box.left - self.left) > 3 * line.em


def _edges(pages: Sequence[PageContent]) -> _Edges | None:
    """Return the edges of a paper's running text; None where it has too few lines of it."""
    wide = [
        item
        for content in pages
        for item in content.items
        if isinstance(item, TextLine) and 2 * (item.box.right - item.box.left) > content.page.width
    ]
    if len(wide) < _FEWEST_WIDE_LINES:
        return None
    lefts = Counter(line.box.left // UNIT for line in wide)
    left = min(place for place, count in lefts.items() if 10 * count >= len(wide))
    rights = sorted(line.box.right for line in wide)
    edges = _Edges(left * UNIT, rights[len(rights) * 9 // 10])
    return edges._replace(indented=10 * sum(map(edges.is_indent, wide)) > len(wide))


class _Reader:
    """Puts the lines and tables of all pages together: paragraphs and tables go on over page breaks."""

    def __init__(self, name: str, edges: _Edges | None) -> None:
        self._assembly = Assembly(name)
        self._edges = edges
        self._lines: list[Line] = []
        self._last: TextLine | None = None
        self._rows: list[TextLine] = []
        self._row_page = 0
        self._tables: list[tuple[int, PageTable]] = []

    def read(self, pages: Sequence[PageContent]) -> Paper:
        for content in pages:
            for item in content.items:
                if isinstance(item, PageTable):
                    self._end_lines()
                    if self._tables and not _is_continued(*self._tables[-1], content.page.number, item):
                        self._end_table()
                    self._tables.append((content.page.number, item))
                else:
                    self._end_table()
                    self._take_line(content.page.number, item)
            self._end_rows()
        self._end_lines()
        self._end_table()
        return self._assembly.paper()

    def _take_line(self, page: int, line: TextLine) -> None:
        if len(line.parts) > 1 and not contents_line(line.raw):
            self._rows.append(line)
            self._row_page = page
            return
        self._end_rows()
        self._take_text(page, line)

    def _take_text(self, page: int, line: TextLine) -> None:
        printed = Line(line.raw, page, line.text)
        if not printed.text:
            return
        if self._lines and not self._is_wrapped(line, printed):
            self._end_paragraph()
        self._lines.append(printed)
        self._last = line
        if contents_line(line.raw):
            self._end_paragraph()

    def _is_wrapped(self, line: TextLine, printed: Line) -> bool:
        """Tell whether a line goes on from the one before.

        By its place: that one must have been full and this one not be indented. Where the paper does not indent its
        paragraphs, or both are, the words must allow it too.
        """
        before, edges = self._last, self._edges
        if before is None or edges is None:
            return goes_on(self._lines[-1], [printed], 0)
        room = edges.right - before.box.right
        if room > 3 * before.em + line.first_word:
            return False
        if not edges.is_indent(line) and edges.indented:
            return not (starts_paragraph(printed.text) and self._lines[-1].text.endswith(("。", "：")))
        if edges.is_indent(line) and (not edges.is_indent(before) or room > before.em + line.first_word):
            return False
        return goes_on(self._lines[-1], [printed], 0)

    def _end_paragraph(self) -> None:
        if self._lines:
            raw = paragraph_of(self._lines)
            self._assembly.add_paragraph(replace(raw, page=self._lines[0].number, line=None, starts=()))
            self._lines.clear()

    def _end_rows(self) -> None:
        """End a run of lines with columns: two and more are a table without ruled lines, one is text."""
        rows, self._rows = self._rows, []
        table = rows_by_columns(rows)
        if table:
            self._end_paragraph()
            self._assembly.add_table(RawTable(rows=table, page=self._row_page))
        else:
            for line in rows:
                self._take_text(self._row_page, line)

    def _end_lines(self) -> None:
        self._end_rows()
        self._end_paragraph()

    def _end_table(self) -> None:
        rows: list[tuple[str, ...]] = []
        pages: list[int] = []
        covered: set[tuple[int, int]] = set()
        for page, table in self._tables:
            repeated = next((at for at, row in enumerate(table.rows) if rows[at : at + 1] != [row]), len(table.rows))
            start = repeated
            if rows and start < len(table.rows) and not table.rows[start][0] and continues_row(table.rows[start]):
                more = table.rows[start]
                rows[-1] = tuple(cell + rest for cell, rest in zip(rows[-1], more, strict=True))
                start += 1
            covered |= {(row - start + len(rows), column) for row, column in table.covered if row >= start}
            rows += table.rows[start:]
            pages += [page] * (len(table.rows) - start)
        if rows:
            self._assembly.add_table(RawTable(rows=rows, page=pages[0], pages=pages, covered=frozenset(covered)))
        self._tables.clear()


def _is_continued(page: int, table: PageTable, next_page: int, following: PageTable) -> bool:
    """Tell whether a table goes on at the head of the next page: the same columns, nothing between."""
    if next_page != page + 1 or len(table.widths) != len(following.widths):
        return False
    return all(abs(one - other) <= 3 * UNIT for one, other in zip(table.widths, following.widths, strict=True))
