"""Putting blocks together in order: headings, captions to their tables, tables that a page break cut in two.

Readers of every file format hand their raw paragraphs and tables to an ``Assembly``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tuodi.audit.figures.amounts import figure_of
from tuodi.audit.paper.counting import numbered
from tuodi.audit.paper.headings import (
    CAPTION,
    Heading,
    Trail,
    heading_of,
    numbered_start,
    paper_title,
    role_of,
    unit_of,
    without_unit,
)
from tuodi.audit.paper.model import UNTITLED, Block, Cell, Paper, Paragraph, Place, Role, Table

LONGEST_RUNNING_TITLE = 40
MOST_BETWEEN = 4
"""Running titles and the like that may stand between the two halves of a table."""

LEAST_TORN_ROWS = 3
LONGEST_SCRAP = 4
"""Characters of the end of a cell that may stand alone on the next page."""
LONGEST_PARAGRAPH = 2000
"""Characters of a paragraph or cell read as one text; the longest of the published papers has a third of them."""
MOST_COLUMNS = 100
_PAIRS = (("《", "》"), ("（", "）"))
_STARTS_ROW = re.compile(r"[A-Z]\d|[\d.,%+-]+$|合\s*计|总\s*计|小\s*计|总\s*分")
_PAGE_AT_END = re.compile(r"\D\d{1,3}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawParagraph:
    """A paragraph of clean text before its place in the paper is known.

    ``level`` is told by the styles of a Word file, ``anchor`` numbers its paragraphs.
    """

    text: str
    line: int | None = None
    page: int | None = None
    starts: tuple[tuple[int, int], ...] = ()
    contents: bool = False
    level: int | None = None
    sheet: str = ""
    anchor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Rows of clean cells; ``covered`` holds the (row, column) of cells that only continue a merged one.

    ``lines`` has the line of each row, ``pages`` its page, ``anchors`` the anchors of each row's cells.
    """

    rows: Sequence[Sequence[str]]
    lines: Sequence[int] = ()
    page: int | None = None
    pages: Sequence[int] = ()
    sheet: str = ""
    covered: frozenset[tuple[int, int]] = frozenset()
    anchors: Sequence[Sequence[int]] = ()

    def marks(self, at: int) -> "RowMarks":
        """Return where a row stands in its file."""
        line = self.lines[at] if self.lines else None
        page = self.pages[at] if self.pages else self.page
        return RowMarks(line, page, tuple(self.anchors[at]) if self.anchors else ())


class RowMarks(NamedTuple):
    """Where a row of a table stands in its file; ``anchors`` has one for each cell, or none."""

    line: int | None
    page: int | None
    anchors: tuple[int, ...]

    def anchor(self, column: int) -> int | None:
        """Return the anchor of a cell."""
        return self.anchors[column] if column < len(self.anchors) else None


class Assembly:
    """Collects the blocks of one paper."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks: list[Block] = []
        self._trail = Trail()
        self._unit = ""

    def add_paragraph(self, raw: RawParagraph) -> None:
        """Add a paragraph; empty ones are left out."""
        text = raw.text.strip()
        if not text:
            return
        if len(text) > LONGEST_PARAGRAPH:
            self._add_pieces(raw, text)
            return
        if self._closes_bracket(raw, text):
            return
        role = Role.CONTENTS if raw.contents else role_of(text)
        heading = heading_of(text) if role is not Role.CONTENTS else None
        if raw.level is not None:
            role = Role.HEADING
            heading = Heading(raw.level, text)
            self._trail.enter(heading)
        elif heading is not None and role is Role.HEADING:
            self._trail.enter(heading)
        elif role is Role.TEXT and (start := numbered_start(text)) is not None:
            self._trail.enter(start)
        unit = unit_of(text)
        if unit and len(text) < 60:
            self._unit = unit
        self._blocks.append(
            Paragraph(
                text=text,
                place=Place(
                    block=len(self._blocks),
                    section=self._trail.section,
                    line=raw.line,
                    page=raw.page,
                    sheet=raw.sheet,
                    anchor=raw.anchor,
                ),
                role=role,
                level=heading.level if heading and role is Role.HEADING else None,
                starts=raw.starts,
            )
        )

    def _add_pieces(self, raw: RawParagraph, text: str) -> None:
        """Add an endless paragraph in pieces, cut at a stop where there is one: no check shall read it as one text."""
        while text:
            cut = LONGEST_PARAGRAPH
            if len(text) > cut:
                cut = max((text.rfind(stop, cut // 2, cut) + 1 for stop in "。；，、"), default=0) or cut
            gone = len(raw.text.strip()) - len(text)
            starts = tuple((start - gone, line) for start, line in raw.starts if gone <= start < gone + cut)
            line = next((line for start, line in reversed(raw.starts) if start <= gone), raw.line)
            self.add_paragraph(replace(raw, text=text[:cut], starts=starts, line=line))
            text = text[cut:].strip()

    def _closes_bracket(self, raw: RawParagraph, text: str) -> bool:
        """Add a paragraph to the one before where a page break tore it inside 《》 or （）."""
        before = self._blocks[-1] if self._blocks else None
        if (
            not isinstance(before, Paragraph)
            or before.role is Role.CONTENTS
            or raw.contents
            or before.text[-1] in "。；"
            or len(before.text) + len(text) > LONGEST_PARAGRAPH
        ):
            return False
        if not any(_torn(before.text, text, opened, closed) for opened, closed in _PAIRS):
            return False
        length = len(before.text)
        starts = before.starts or ((0, before.place.line),) if before.place.line is not None else ()
        added = raw.starts or ((0, raw.line),) if raw.line is not None else ()
        joined = (*starts, *((length + start, line) for start, line in added))
        self._blocks[-1] = replace(before, text=before.text + text, starts=joined)
        return True

    def add_table(self, raw: RawTable) -> None:
        """Add a table, or its rows to the table before it where a page break cut it.

        A row of one cell that is a heading parts two tables; a table of headings and page numbers is the contents.
        """
        if any(len(row) > MOST_COLUMNS for row in raw.rows):
            for part in _slices(raw):
                self.add_table(part)
            return
        raw, rests = _shortened(raw)
        self._add_rows(raw)
        for rest in rests:
            self.add_paragraph(rest)

    def _add_rows(self, raw: RawTable) -> None:
        kept = [at for at, row in enumerate(raw.rows) if any(cell.strip(" -") for cell in row)]
        if _is_contents([raw.rows[at] for at in kept]):
            return
        part: list[int] = []
        for at in kept:
            heading = _lone_heading(raw.rows[at])
            if heading is None:
                part.append(at)
                continue
            self._add_part(raw, part)
            part = []
            marks = raw.marks(at)
            self.add_paragraph(
                RawParagraph(text=heading, line=marks.line, page=raw.page, sheet=raw.sheet, anchor=marks.anchor(0))
            )
        self._add_part(raw, part)

    def _add_part(self, raw: RawTable, kept: Sequence[int]) -> None:
        if not kept:
            return
        rows = [tuple(raw.rows[at]) for at in kept]
        marks = [raw.marks(at) for at in kept]
        moved = {was: at for at, was in enumerate(kept)}
        covered = frozenset((moved[row], column) for row, column in raw.covered if row in moved)
        for back in range(1, min(MOST_BETWEEN, len(self._blocks)) + 1):
            before = self._blocks[-back]
            if isinstance(before, Table):
                if not raw.sheet and _is_cut(before, rows):
                    self._blocks[-back] = _joined(before, rows, marks)
                    return
                if len(before.rows) > 1:
                    break
            elif not self._runs(before) and not (before.role is Role.CAPTION and _goes_on_torn(rows)):
                break
        again = next((at for at in range(2, len(rows)) if rows[at] == rows[0]), None)
        if again is not None:
            self._add_part(raw, kept[:again])
            self._add_part(raw, kept[again:])
            return
        self._blocks.append(self._table(rows, marks, raw, covered))

    def _runs(self, paragraph: Paragraph) -> bool:
        """Tell whether a paragraph is a running title: short, no heading, and printed before."""
        if len(paragraph.text) > LONGEST_RUNNING_TITLE or paragraph.level is not None:
            return False
        return sum(isinstance(block, Paragraph) and block.text == paragraph.text for block in self._blocks) > 1

    def _table(
        self,
        rows: Sequence[tuple[str, ...]],
        marks: Sequence[RowMarks],
        raw: RawTable,
        covered: frozenset[tuple[int, int]],
    ) -> Table:
        caption = self._caption()
        place = Place(
            block=len(self._blocks),
            section=self._trail.section,
            line=marks[0].line,
            page=raw.page,
            sheet=raw.sheet,
            table=caption,
        )
        unit = self._unit
        self._unit = ""
        width = max(len(row) for row in rows)
        return Table(
            title=caption,
            rows=tuple(_cells(row, place, at, width, marks[at], covered) for at, row in enumerate(rows)),
            place=place,
            unit=unit,
            short_rows=frozenset(at for at, row in enumerate(rows) if len(row) < width),
        )

    def _caption(self) -> str:
        """Return the caption that stands just above, past notes of the unit."""
        for block in reversed(self._blocks[-4:]):
            if not isinstance(block, Paragraph):
                return ""
            if block.role is Role.CAPTION:
                return without_unit(block.text)
            if block.text.endswith("表") and len(block.text) <= 40:
                return block.text
            if not unit_of(block.text) and len(block.text) > 40:
                return ""
        return ""

    def paper(self, lines: tuple[str, ...] = ()) -> Paper:
        """Return the paper; captions printed below their table are given to it."""
        blocks = list(self._blocks)
        for at, block in enumerate(blocks):
            if isinstance(block, Paragraph) and CAPTION.match(block.text) and at:
                before = blocks[at - 1]
                after = blocks[at + 1] if at + 1 < len(blocks) else None
                if isinstance(before, Table) and not before.title and not isinstance(after, Table):
                    blocks[at - 1] = _entitled(before, without_unit(block.text))
        return Paper(name=self._name, blocks=numbered(blocks), title=paper_title(blocks), lines=lines)


def _slices(raw: RawTable) -> Iterator[RawTable]:
    """Yield a table of more columns than anybody prints in parts that are narrow enough, from left to right."""
    width = max(len(row) for row in raw.rows)
    for left in range(0, width, MOST_COLUMNS):
        right = left + MOST_COLUMNS
        covered = frozenset((row, column - left) for row, column in raw.covered if left <= column < right)
        anchors = tuple(tuple(each[left:right]) for each in raw.anchors)
        yield replace(raw, rows=[row[left:right] for row in raw.rows], covered=covered, anchors=anchors)


def _shortened(raw: RawTable) -> tuple[RawTable, list[RawParagraph]]:
    """Return a table whose cells are no longer than a paragraph may be, and what was left over as paragraphs."""
    rests = [
        RawParagraph(text=cell[LONGEST_PARAGRAPH:], line=raw.marks(at).line, page=raw.page, sheet=raw.sheet)
        for at, row in enumerate(raw.rows)
        for cell in row
        if len(cell) > LONGEST_PARAGRAPH
    ]
    if not rests:
        return raw, []
    return replace(raw, rows=[[cell[:LONGEST_PARAGRAPH] for cell in row] for row in raw.rows]), rests


def _torn(before: str, text: str, opened: str, closed: str) -> bool:
    """Tell whether a bracket opened in ``before`` is closed at the beginning of the next paragraph."""
    if before.rfind(opened) <= before.rfind(closed):
        return False
    next_closed, next_opened = text.find(closed), text.find(opened)
    return next_closed >= 0 and (next_opened < 0 or next_closed < next_opened)


def _cells(
    row: Sequence[str], place: Place, at: int, width: int, marks: RowMarks, covered: frozenset[tuple[int, int]]
) -> tuple[Cell, ...]:
    filled = (*row, *[""] * (width - len(row)))
    of_row = replace(place, line=marks.line, page=marks.page, table=place.table or UNTITLED, row=at + 1)
    return tuple(
        Cell(
            text=text.strip(),
            place=replace(of_row, column=column + 1, anchor=marks.anchor(column)),
            covered=(at, column) in covered,
        )
        for column, text in enumerate(filled)
    )


def _is_cut(before: Table, rows: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether rows go on with the table before: they begin with the same header, or with a row full of figures."""
    first = [cell for cell in rows[0] if cell]
    figures = sum(figure_of(cell) is not None for cell in first)
    if len(rows[0]) == before.width > 4 and len(before.rows) > 1 and figures >= 2 and len(rows) > 1:
        return True
    header = (*rows[0], *[""] * (before.width - len(rows[0])))
    heads = before.rows[: 2 if _goes_on_torn(rows) else 1]
    return any(tuple(cell.text for cell in head) == header for head in heads)


def _goes_on_torn(rows: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether the row below a repeated header holds but the end of a cell that a page break tore: 项目管 | 理."""
    if len(rows) < LEAST_TORN_ROWS:
        return False
    filled = [cell for cell in rows[1] if cell]
    return len(filled) == 1 and len(filled[0]) <= LONGEST_SCRAP and figure_of(filled[0]) is None


def _joined(before: Table, rows: Sequence[tuple[str, ...]], marks: Sequence[RowMarks]) -> Table:
    """Return the table with the rows added that do not repeat its header; a row cut in two is made whole."""
    heads = {tuple(cell.text for cell in row) for row in before.rows[:4]}
    kept = list(before.rows)
    width = max(before.width, *(len(row) for row in rows))
    in_head, short = True, set(before.short_rows)
    for at, row in enumerate(rows):
        filled = tuple(cell.strip() for cell in (*row, *[""] * (before.width - len(row))))
        was_in_head = in_head
        in_head = in_head and filled in heads
        if in_head:
            continue
        if was_in_head and continues_row(filled):
            kept[-1] = tuple(replace(cell, text=cell.text + more) for cell, more in zip(kept[-1], filled, strict=False))
            continue
        if len(row) < before.width:
            short.add(len(kept))
        kept.append(_cells(row, before.place, len(kept), width, marks[at], frozenset()))
    return replace(before, rows=tuple(kept), short_rows=frozenset(short))


def continues_row(row: Sequence[str]) -> bool:
    """Tell whether the first row after a page break only goes on with the texts of the row before it."""
    return not any(_STARTS_ROW.match(cell) for cell in row if cell)


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell for row in rows for part in row for cell in part.split("\n") if cell.strip()]
    ending = [cell for cell in cells if _PAGE_AT_END.search(cell)]
    headings = [cell for cell in cells if heading_of(cell)]
    return len(cells) >= 4 and 10 * len(ending) >= 7 * len(cells) and 10 * len(headings) >= 4 * len(cells)


def _lone_heading(row: Sequence[str]) -> str | None:
    filled = [cell for cell in row if cell.strip()]
    if len(filled) != 1 or row[0].strip() != filled[0].strip():
        return None
    heading = heading_of(filled[0].strip())
    return heading.text if heading and heading.level <= 1 else None


def _entitled(table: Table, title: str) -> Table:
    rows = tuple(tuple(replace(cell, place=replace(cell.place, table=title)) for cell in row) for row in table.rows)
    return replace(table, title=title, rows=rows, place=replace(table.place, table=title))
