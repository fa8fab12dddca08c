"""Lines as they stood on a page, and how wrapped ones make a paragraph."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tuodi.audit.paper.assembly import RawParagraph
from tuodi.audit.paper.headings import contents_line, heading_of, starts_paragraph

WRAPPED_WIDTH = 40
"""A line narrower than this (a Chinese character counts two) was ended by its writer, not by the edge of the page."""
PAGE_NUMBER = re.compile(r"^\s*[-—–]*\s*(?:第\s*)?\d{1,3}(?:\s*页)?\s*[-—–]*\s*$")
_ENDS = "。；：！？"
_BLANKS_LOOKED_PAST = 6
_LABELLED = re.compile(r"[一-龥]{2,10}：")
"""How a line of a cover begins: 委托单位：, 评价机构：."""


LAST_TITLE_LINE = 5
_WHOLE_TITLE = re.compile(r"[^。，；：、]{8,60}(?:报告|总结|说明|方案|要点)")
"""A line at the head of a paper that ends as titles do; the paragraph below it is another."""


class Line(NamedTuple):
    """A line of the file as it stood (without bookmarks), its number from 1 and its clean text."""

    raw: str
    number: int
    text: str


def goes_on(before: Line, lines: Sequence[Line], at: int) -> bool:
    """Tell whether the paragraph of ``before`` goes on with line ``at``, past blank lines at a page's end."""
    line = lines[at]
    if before.number <= LAST_TITLE_LINE and _WHOLE_TITLE.fullmatch(before.text):
        return False
    if not line.text:
        return _next_goes_on(before, lines, at)
    if before.text[-1] in _ENDS or _width(before.text) < WRAPPED_WIDTH:
        return False
    if heading_of(before.text) and _width(before.text) < 2 * WRAPPED_WIDTH and not _is_wrapped_heading(line):
        return False
    return not starts_paragraph(line.text)


def _is_wrapped_heading(line: Line) -> bool:
    """Tell whether a numbered line is the first line of a paragraph: what follows ends as a sentence does."""
    return line.text[-1] in _ENDS or _width(line.text) >= WRAPPED_WIDTH


def _next_goes_on(before: Line, lines: Sequence[Line], at: int) -> bool:
    if before.text[-1] in _ENDS or _width(before.text) < WRAPPED_WIDTH or heading_of(before.text):
        return False
    for line in lines[at : at + _BLANKS_LOOKED_PAST]:
        if line.text:
            return not ("\t" in line.raw.strip() or starts_paragraph(line.text) or _LABELLED.match(line.text))
    return False


def paragraph_of(lines: Sequence[Line]) -> RawParagraph:
    """Return the paragraph that lines with text make."""
    text, starts = "", []
    for line in lines:
        starts.append((len(text), line.number))
        joint = " " if text and text[-1].isascii() and line.text[0].isascii() and text[-1].isalnum() else ""
        text += joint + line.text
    is_contents = len(lines) == 1 and contents_line(lines[0].raw)
    return RawParagraph(text=text, line=lines[0].number, starts=tuple(starts), contents=is_contents)


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
