"""Plain text as extraction tools leave it: wrapped lines, page numbers in mid sentence, cells parted by tabs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tuodi.audit.paper.assembly import Assembly, RawParagraph, RawTable
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import contents_line, heading_of, starts_paragraph
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.text_tables import table_lines

_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")
_PAGE_NUMBER = re.compile(r"^\s*[-—–]*\s*(?:第\s*)?\d{1,3}(?:\s*页)?\s*[-—–]*\s*$")
_LIST_DASH = re.compile(r"^\s*[-•]\s+(?=\S)")
_ENDS = "。；：！？"
WRAPPED_WIDTH = 40
"""A line narrower than this (a Chinese character counts two) was ended by its writer, not by the edge of the page."""
_RUNNING_TITLES = 3


class Line(NamedTuple):
    """A line of the file as it stood (without bookmarks), its number from 1 and its clean text."""

    raw: str
    number: int
    text: str


def read_text(name: str, text: str) -> Paper:
    """Return the paper a text holds."""
    raw_lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    lines = list(_lines(raw_lines))
    assembly = Assembly(name)
    pending: list[Line] = []
    at = 0
    while at < len(lines):
        table = None if contents_line(lines[at].raw) else table_lines(lines, at)
        if table is not None:
            _flush(pending, assembly)
            assembly.add_table(RawTable(rows=table.rows, lines=table.lines))
            at = table.end
            continue
        line = lines[at]
        if pending and not _goes_on(pending[-1], line, lines, at):
            _flush(pending, assembly)
        if line.text:
            pending.append(line)
            if contents_line(line.raw):
                _flush(pending, assembly)
        at += 1
    _flush(pending, assembly)
    return assembly.paper(tuple(raw_lines))


def _lines(raw_lines: Sequence[str]) -> Iterator[Line]:
    """Yield the lines that hold the paper: no page numbers, no running titles beside them."""
    numbers = {at for at, raw in enumerate(raw_lines) if raw.strip() and _PAGE_NUMBER.match(raw) and "\t" not in raw}
    titles = _running_titles(raw_lines, numbers)
    for at, raw in enumerate(raw_lines):
        if at in numbers and _alone(raw_lines, at) or at in titles:
            continue
        kept = _LIST_DASH.sub("", _BOOKMARK.sub("", raw))
        yield Line(kept, at + 1, clean(kept))


def _alone(raw_lines: Sequence[str], at: int) -> bool:
    """Tell whether a bare number is a page's: blank lines, the ends or a page's title around it, no column of cells."""
    raw = raw_lines[at].strip()
    if raw[0] in "-—–" or raw.endswith("页"):
        return True
    before = raw_lines[at - 1].strip() if at else ""
    after = raw_lines[at + 1].strip() if at + 1 < len(raw_lines) else ""
    return not before and not after


def _running_titles(raw_lines: Sequence[str], numbers: set[int]) -> set[int]:
    """Return the lines printed at the head or foot of many pages: the same words next to a page number."""
    near = {at + step for at in numbers for step in (-2, -1, 1, 2)}
    counts = Counter(raw_lines[at].strip() for at in near if 0 <= at < len(raw_lines) and raw_lines[at].strip())
    running = {text for text, count in counts.items() if count >= _RUNNING_TITLES and len(text) > 6 and "\t" not in text}
    return {at for at, raw in enumerate(raw_lines) if raw.strip() in running and not heading_of(clean(raw))}


def _goes_on(before: Line, line: Line, lines: Sequence[Line], at: int) -> bool:
    """Tell whether a paragraph goes on with the next line; a blank line decides nothing where a page ended."""
    if not line.text:
        return _next_goes_on(before, lines, at)
    if before.text[-1] in _ENDS or _width(before.text) < WRAPPED_WIDTH:
        return False
    if heading_of(before.text) and _width(before.text) < 2 * WRAPPED_WIDTH and not _is_wrapped_heading(before, line):
        return False
    return not starts_paragraph(line.text)


def _is_wrapped_heading(before: Line, line: Line) -> bool:
    """Tell whether a numbered line is the first line of a paragraph: what follows ends as a sentence does."""
    return line.text[-1] in _ENDS or _width(line.text) >= WRAPPED_WIDTH


def _next_goes_on(before: Line, lines: Sequence[Line], at: int) -> bool:
    if before.text[-1] in _ENDS or _width(before.text) < WRAPPED_WIDTH or heading_of(before.text):
        return False
    for line in lines[at : at + 6]:
        if line.text:
            return "\t" not in line.raw.strip() and not starts_paragraph(line.text)
    return False


def _flush(pending: list[Line], assembly: Assembly) -> None:
    if not pending:
        return
    text, starts = "", []
    for line in pending:
        starts.append((len(text), line.number))
        joint = " " if text and text[-1].isascii() and line.text[0].isascii() and text[-1].isalnum() else ""
        text += joint + line.text
    is_contents = len(pending) == 1 and contents_line(pending[0].raw)
    assembly.add_paragraph(RawParagraph(text=text, line=pending[0].number, starts=tuple(starts), contents=is_contents))
    pending.clear()


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
