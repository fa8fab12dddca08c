"""Plain text as extraction tools leave it: wrapped lines, page numbers in mid sentence, cells parted by tabs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tuodi.audit.paper.assembly import Assembly, RawTable
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import contents_line, heading_of
from tuodi.audit.paper.lines import PAGE_NUMBER, Line, goes_on, paragraph_of
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.text_tables import table_lines

_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")
_LIST_DASH = re.compile(r"^\s*[-•]\s+(?=\S)")
_RUNNING_TITLES = 3


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
        if pending and not goes_on(pending[-1], lines, at):
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
    numbers = {at for at, raw in enumerate(raw_lines) if raw.strip() and PAGE_NUMBER.match(raw) and "\t" not in raw}
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
    running = {
        text for text, count in counts.items() if count >= _RUNNING_TITLES and len(text) > 6 and "\t" not in text
    }
    return {at for at, raw in enumerate(raw_lines) if raw.strip() in running and not heading_of(clean(raw))}


def _flush(pending: list[Line], assembly: Assembly) -> None:
    if pending:
        assembly.add_paragraph(paragraph_of(pending))
        pending.clear()
