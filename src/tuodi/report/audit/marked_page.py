"""The text of an audited paper as one HTML page: marks in the text, the notes beside them; for screens and printers.

The page needs nothing but itself. Every text of the paper is escaped: it is somebody else's.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from tuodi.audit.paper.model import Cell, Paper, Paragraph, Place, Role, Table
from tuodi.audit.remark import Remark
from tuodi.kernel.files import written_whole
from tuodi.report.audit.remark_words import remark_lines
from tuodi.report.opinion_table import DEGREES

_STYLE = """
body { font: 16px/1.7 "Noto Serif CJK SC", "SimSun", serif; margin: 2em auto; max-width: 76em; padding: 0 1em; }
h1 { font-size: 1.4em; } h2, h3, h4 { font-size: 1.1em; margin: .4em 0; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) 22em; column-gap: 2em; }
.row > div { overflow-x: auto; } p { margin: .3em 0; text-indent: 2em; } .contents { color: #666; text-indent: 0; }
table { border-collapse: collapse; font-size: .85em; } td { border: 1px solid #888; padding: .15em .4em; }
mark { background: #ffe08a; } mark.error { background: #ffb3a7; } mark.info { background: #d6e8ff; }
aside { font: 13px/1.5 sans-serif; } aside div { border-left: 3px solid #c80; padding-left: .6em; margin: .4em 0; }
aside .error { border-color: #c22; } aside .info { border-color: #48c; } sup { color: #a00; text-indent: 0; }
@media print { body { font-size: 11pt; margin: 0; max-width: none; } .row { grid-template-columns: minmax(0, 1fr) 30%; }
  mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; } aside div { break-inside: avoid; } }
@media (max-width: 50em) { .row { display: block; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class _Note(NamedTuple):
    """A remark with the number printed at its mark and before its note."""

    number: int
    remark: Remark


def write_marked_page(path: Path, paper: Paper, remarks: Sequence[Remark]) -> None:
    """Write the page, whole or not at all. Raises OSError where it cannot be written."""
    text = "".join(_page(paper, remarks))
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _page(paper: Paper, remarks: Sequence[Remark]) -> Iterator[str]:
    title = escape(paper.title or paper.name)
    yield (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{title}（审核批注）</title><style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    )
    counts = [(word, sum(each.severity is degree for each in remarks)) for degree, word in DEGREES.items()]
    told = "，".join(f"{word} {count} 条" for word, count in counts if count) or "没有发现问题"
    yield f"<p>文件：{escape(paper.name)}。{told}。</p>\n"
    notes: dict[int, list[_Note]] = defaultdict(list)
    for number, remark in enumerate(remarks, 1):
        notes[remark.place.block].append(_Note(number, remark))
    for at, block in enumerate(paper.blocks):
        of_block = notes[at]
        shown = _table(block, of_block) if isinstance(block, Table) else _paragraph(block, of_block)
        aside = "".join(map(_aside, of_block))
        yield f'<div class="row"><div>{shown}</div><aside>{aside}</aside></div>\n'
    yield "</body></html>\n"


def _paragraph(block: Paragraph, notes: Sequence[_Note]) -> str:
    text = _marked(block.text, notes)
    if block.role is Role.HEADING:
        tag = f"h{min(4, 2 + (block.level or 0))}"
        return f"<{tag}>{text}</{tag}>"
    return f'<p class="contents">{text}</p>' if block.role is Role.CONTENTS else f"<p>{text}</p>"


def _table(table: Table, notes: Sequence[_Note]) -> str:
    at_cell: dict[tuple[int | None, int | None], list[_Note]] = defaultdict(list)
    for note in notes:
        at_cell[note.remark.place.row, note.remark.place.column].append(note)
    rows = []
    for number, row in enumerate(table.rows, 1):
        # A note on a whole row stands at its first cell.
        whole = at_cell[number, None]
        cells = [_cell(cell, at_cell[number, at] + (whole if at == 1 else [])) for at, cell in enumerate(row, 1)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"{_numbers(at_cell[None, None])}<table>{''.join(rows)}</table>"


def _cell(cell: Cell, notes: Sequence[_Note]) -> str:
    return f"<td>{_marked(cell.text, notes).replace(chr(10), '<br>')}</td>"


def _marked(text: str, notes: Sequence[_Note]) -> str:
    """Return the text escaped, with the words each note is about marked and numbered; marks do not overlap."""
    spans = sorted((*_span(text, note.remark), note) for note in notes)
    out, at = "", 0
    for start, end, note in spans:
        begin = max(start, at)
        out += escape(text[at:begin])
        if begin < end:
            out += f'<mark class="{note.remark.severity.value}">{escape(text[begin:end])}</mark>'
        out += _numbers([note])
        at = max(at, end)
    return out + escape(text[at:])


def _span(text: str, remark: Remark) -> tuple[int, int]:
    """Return where the figure a remark is about stands, else its quote; the end of the text where neither is found."""
    quote = remark.quote.strip("…")
    start = text.find(quote) if quote else -1
    inside = text.find(remark.stated, max(start, 0)) if remark.stated else -1
    if inside >= 0 and (start < 0 or inside < start + len(quote)):
        return inside, inside + len(remark.stated)
    return (start, start + len(quote)) if start >= 0 else (len(text), len(text))


def _numbers(notes: Sequence[_Note]) -> str:
    return "".join(f'<sup><a id="m{note.number}" href="#n{note.number}">[{note.number}]</a></sup>' for note in notes)


def _aside(note: _Note) -> str:
    lines = "<br>".join(map(escape, remark_lines(note.remark)))
    place = escape(_brief(note.remark.place))
    number = f'<a href="#m{note.number}">[{note.number}]</a>'
    return f'<div class="{note.remark.severity.value}" id="n{note.number}">{number} {place}<br>{lines}</div>'


def _brief(place: Place) -> str:
    words = [f"第 {place.page} 页" if place.page else "", f"文件第 {place.line} 行" if place.line else ""]
    if place.row is not None:
        words.append(f"表内第 {place.row} 行" + (f"第 {place.column} 列" if place.column else ""))
    return "，".join(word for word in words if word)
