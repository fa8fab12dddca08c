"""Pages of the document: their sizes, which blocks stand on which, and on which page each heading came to stand.

Margins follow GB/T 9704: top 37 mm, left 28 mm, a text block of 156 x 225 mm; landscape pages are the same, turned.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tuodi.report.blocks import Block, Heading, Paragraph, ParagraphStyle, Report, Table
from tuodi.report.word.text import plain

TWIPS_PER_CM = 567
CONTENTS_LEVELS = 2
"""Headings down to this level stand in the contents."""

_FOOTER = re.compile(r"—(\d+)—")


class Page(NamedTuple):
    """A size of paper with its margins, in twips (1/1440 inch)."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    footer: int

    @property
    def text_width(self) -> int:
        """The width of the text block."""
        return self.width - self.left - self.right


PORTRAIT = Page(width=11906, height=16838, top=2098, right=1474, bottom=1984, left=1588, footer=1247)
LANDSCAPE = Page(width=16838, height=11906, top=1588, right=2098, bottom=1474, left=1984, footer=850)


class Entry(NamedTuple):
    """A heading that stands in the contents; ``key`` is also the name of its bookmark."""

    key: str
    heading: Heading


def entries(report: Report) -> tuple[Entry, ...]:
    """Return the headings of the contents in order."""
    return tuple(Entry(key, heading) for heading, key in _keyed(report) if key)


def heading_keys(report: Report) -> Iterator[str]:
    """Yield the key of every heading in order; empty where it is not in the contents."""
    return (key for _, key in _keyed(report))


def _keyed(report: Report) -> Iterator[tuple[Heading, str]]:
    number = 0
    for block in (*report.blocks, *report.annexes):
        if isinstance(block, Heading):
            listed = block.level <= CONTENTS_LEVELS
            number += listed
            yield block, f"_Toc{number:06d}" if listed else ""


def turned(blocks: Sequence[Block]) -> list[bool]:
    """Return for each block whether it stands on a landscape page.

    A wide table takes along its notes and what leads up to it: headings, and one paragraph between them and the table.
    """
    wide = [isinstance(block, Table) and block.landscape for block in blocks]
    for at in range(1, len(blocks)):
        block = blocks[at]
        if isinstance(block, Paragraph) and block.style in (ParagraphStyle.NOTE, ParagraphStyle.SOURCE):
            wide[at] = wide[at - 1]
    for at, block in enumerate(blocks):
        if not (isinstance(block, Table) and block.landscape):
            continue
        first = at
        if first > 1 and isinstance(blocks[first - 1], Paragraph) and isinstance(blocks[first - 2], Heading):
            first -= 1
        while first and isinstance(blocks[first - 1], Heading):
            first -= 1
            wide[first:at] = [True] * (at - first)
    return wide


def find_pages(pdf_pages: Sequence[str], report: Report) -> Mapping[str, int]:
    """Return the page number, as the footer shows it, of each heading that is found; by ``Entry.key``.

    ``pdf_pages`` is the text of each page of the document converted to PDF. Pages without an Arabic number at their
    foot (cover, contents) are passed over. A heading is looked for after the one before it.
    """
    lines = [(page, line) for page, line in _lines(pdf_pages)]
    found: dict[str, int] = {}
    start = 0
    for key, heading in entries(report):
        wanted = _compact(plain(heading.text))
        at = next((at for at in range(start, len(lines)) if _begins(lines, at, wanted)), None)
        if at is not None:
            found[key] = lines[at][0]
            start = at + 1
    return found


def _lines(pdf_pages: Sequence[str]) -> Iterator[tuple[int, str]]:
    for page in pdf_pages:
        lines = [line for line in map(_compact, page.splitlines()) if line]
        foot = _FOOTER.fullmatch(lines[-1]) if lines else None
        if foot:
            yield from ((int(foot[1]), line) for line in lines[:-1])


def _begins(lines: Sequence[tuple[int, str]], at: int, wanted: str) -> bool:
    """Tell whether the heading is this line, or this and the following ones of the page."""
    page, text = lines[at]
    for follower_page, line in lines[at + 1 : at + 6]:
        if text == wanted or not wanted.startswith(text) or follower_page != page:
            break
        text += line
    return bool(wanted) and text == wanted


def _compact(text: str) -> str:
    # A PDF may spell 一 as the radical of the same shape: compatibility forms are folded on both sides.
    return "".join(unicodedata.normalize("NFKC", text).split())
