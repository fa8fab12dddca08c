"""What a document says, before any file format: headings, paragraphs of fragments, tables, charts, gaps.

Composers build these plain values; ``report.word`` alone knows Word. Sentences are made of ``kernel.fragments``.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from tuodi.kernel.fragments import Figure, Text


class ParagraphStyle(StrEnum):
    """How a paragraph looks."""

    BODY = "正文"
    LIST = "条目"
    NOTE = "表注"
    SOURCE = "出处"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; ``new_page``: it begins a page. Numbers such as 一、 are part of the text."""

    level: int
    text: Text
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: Text
    style: ParagraphStyle = ParagraphStyle.BODY


class Align(StrEnum):
    """How a column's cells stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; it spans ``columns`` to the right and ``rows`` downwards. A spanned place has no cell of its own."""

    text: Text = ()
    columns: int = 1
    rows: int = 1
    bold: bool = False
    align: Align | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. ``widths`` in centimetres; a wide table (``landscape``) stands in a landscape section of its own.

    The first ``header_rows`` rows repeat on every page. ``rows`` hold cells from left to right without the places that
    spans cover. ``total`` marks the last row as a sum (bold). ``dense``: small type and tight rows, for many rows.
    """

    key: str
    caption: Text
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1
    landscape: bool = False
    total: bool = False
    dense: bool = False
    empty: str = ""


class ChartKind(StrEnum):
    """Kinds of chart a report uses."""

    BARS = "bars"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One series by category; ``values`` are decimals as printed (bound like any figure), ``unit`` such as ``%``."""

    key: str
    caption: Text
    categories: tuple[str, ...]
    values: tuple[Figure, ...]
    unit: str
    kind: ChartKind = ChartKind.BARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A passage only a person can write: a named content control. ``prompt`` says what to write there.

    ``text`` holds what was written before (taken over from an edited document), one string a paragraph; empty: open.
    """

    name: str
    title: str
    prompt: str
    text: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nobody has written it yet."""
        return not any(part.strip() for part in self.text)


Block: TypeAlias = Heading | Paragraph | Table | Chart | Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The front page: title, lines such as 委托单位：…, and the day or month at its foot.

    ``words`` end the title and say what the document is (绩效评价报告); a long title puts them on a line of their own.
    """

    title: Text
    lines: tuple[tuple[str, Text], ...]
    foot: tuple[Text, ...]
    number: Text = ()
    words: Text = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole document. While a gap is open the cover says it is a draft for comment (征求意见稿)."""

    id: str
    cover: Cover | None
    blocks: tuple[Block, ...]
    contents: bool = True
    header: str = ""
    annexes: tuple[Block, ...] = field(default=())

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every gap, in order."""
        return tuple(block for block in (*self.blocks, *self.annexes) if isinstance(block, Gap))

    @property
    def draft(self) -> bool:
        """Whether a passage is still to be written."""
        return any(gap.open for gap in self.gaps)
