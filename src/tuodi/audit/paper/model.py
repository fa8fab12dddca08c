"""What a reader sees of a paper, whatever file it came from.

Texts are clean: half-width digits, Chinese punctuation, no blanks between Chinese characters, broken lines joined.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

UNTITLED = "表"
"""What a table without a caption is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands. ``block`` counts the paper's blocks from 0; rows and columns of a table count from 1.

    ``line`` is the line of a text file or the row of a sheet, ``page`` the page of a PDF, ``sheet`` the sheet of a
    workbook; ``anchor`` is the paragraph's number from 0 among all of a Word file's main part. A file without lines,
    pages and sheets has ``paragraph`` and ``table_number`` instead: numbers from 1 within the section, headings not
    counted.
    """

    block: int = 0
    section: str = ""
    line: int | None = None
    page: int | None = None
    sheet: str = ""
    table: str = ""
    row: int | None = None
    column: int | None = None
    anchor: int | None = None
    paragraph: int | None = None
    table_number: int | None = None

    def words(self) -> str:
        """Return the place in Chinese, e.g. ``四、绩效评价指标分析 表4-1 第 3 行（文件第 412 行）``."""
        if self.sheet:
            parts = [f"工作表“{self.sheet}”", "" if self.line is None else self._row_words(self.line)]
            return " ".join(part for part in parts if part)
        parts = [self.section, self._table_words()]
        if self.paragraph is not None:
            parts.append(f"第 {self.paragraph} 段")
        if self.row is not None:
            parts.append(self._row_words(self.row))
        where = " ".join(part for part in parts if part)
        if self.page is not None:
            where += f"（第 {self.page} 页）"
        if self.line is not None:
            where += f"（文件第 {self.line} 行）"
        return where or f"第 {self.block + 1} 段"

    def _table_words(self) -> str:
        """Return the table's title, else its number within the section."""
        untitled = self.table in ("", UNTITLED) and self.table_number is not None
        return f"第 {self.table_number} 个表" if untitled else self.table

    def _row_words(self, row: int) -> str:
        return f"第 {row} 行" + (f"第 {self.column} 列" if self.column is not None else "")


class Role(StrEnum):
    """What a paragraph is in its paper; ``CONTENTS`` is a line of the table of contents."""

    TEXT = "text"
    HEADING = "heading"
    CAPTION = "caption"
    CONTENTS = "contents"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph. ``starts`` pairs each offset of ``text`` where a line of the file begins with the line's number.

    ``level`` is the depth of a heading (0 for 第一部分 or 附件1, 1 for 一、, 2 for （一）…), None for other roles.
    """

    text: str
    place: Place
    role: Role = Role.TEXT
    level: int | None = None
    starts: tuple[tuple[int, int], ...] = ()

    def at(self, offset: int) -> Place:
        """Return the place of a character."""
        line = self.place.line
        for start, number in self.starts:
            if start <= offset:
                line = number
        return replace(self.place, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell; ``covered`` tells that it is the continuation of a merged cell (its text is then empty)."""

    text: str
    place: Place
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: all rows equally long, short ones filled with empty cells at the right.

    ``title`` is the caption without the unit, ``unit`` the unit it tells (元, 万元), ``short_rows`` the 0-based numbers
    of rows the file gave fewer cells than the others (their cells may stand in the wrong column).
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    unit: str = ""
    short_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(row) for row in self.rows), default=0)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A finished paper. ``title`` is the first line that names it; ``lines`` are a text file's lines as they stood."""

    name: str
    blocks: tuple[Block, ...]
    title: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def tables(self) -> Iterator[Table]:
        """The tables in order."""
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in order, headings and captions included, lines of the contents not."""
        return (block for block in self.blocks if isinstance(block, Paragraph) and block.role is not Role.CONTENTS)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of a cell without line breaks, which papers put anywhere in a cell."""

    text: str
    place: Place

    def at(self, offset: int) -> Place:
        """Return the place of a character: the cell's."""
        del offset
        return self.place


Reading = Paragraph | Passage
"""Text a check reads from left to right: a paragraph or a cell."""


def readings(paper: Paper) -> Iterator[Reading]:
    """Yield all running text: the paragraphs in order, contents left out, then the cells that hold text."""
    yield from (paragraph for paragraph in paper.paragraphs if paragraph.text)
    for table in paper.tables:
        for row in table.rows:
            yield from (Passage(cell.text.replace("\n", ""), cell.place) for cell in row if cell.text)
