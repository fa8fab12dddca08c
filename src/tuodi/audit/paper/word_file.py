"""Word files: paragraphs with their headings and automatic numbers, tables with merged cells, notes and text boxes.

What a reader does not see is passed over: deleted text, field codes, headers and footers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tuodi.audit.paper.assembly import Assembly, RawParagraph, RawTable
from tuodi.audit.paper.clean import clean
from tuodi.audit.paper.headings import LONGEST_HEADING, contents_line, heading_of
from tuodi.audit.paper.lines import Line, goes_on, paragraph_of
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.word_styles import Lists, Styles, value
from tuodi.intake.word_guard import OpenedDocument, opened
from tuodi.intake.word_text import paragraphs
from tuodi.kernel.finding import Finding

_STYLES, _NUMBERING = "word/styles.xml", "word/numbering.xml"
_NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_PARAGRAPH, _TABLE, _BOX = qn("w:p"), qn("w:tbl"), qn("w:txbxContent")
_UNSEEN = {qn("w:del"), qn("w:moveFrom"), qn("w:sectPr"), qn("w:tblPr"), qn("w:tcPr"), qn("w:trPr"), qn("w:sdtPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_COLUMNS = 200


def read_word(path: Path) -> Paper | Finding:
    """Return the paper in a .docx file, or why it cannot be read."""
    document = opened(path, (_STYLES, _NUMBERING, *_NOTES.values()))
    return document if isinstance(document, Finding) else _Reader(path.name, document).read()


@dataclass(slots=True)
class _Grid:
    """A table being read: rows of texts, where each began, and the tables that stood inside cells."""

    rows: list[list[str]] = field(default_factory=list)
    anchors: list[list[int]] = field(default_factory=list)
    covered: set[tuple[int, int]] = field(default_factory=set)
    inner: list[BaseOxmlElement] = field(default_factory=list)
    notes: list[BaseOxmlElement] = field(default_factory=list)


class _Reader:
    def __init__(self, name: str, document: OpenedDocument) -> None:
        self._assembly = Assembly(name)
        self._body = document.body
        self._styles = Styles(document.parts.get(_STYLES))
        self._lists = Lists(document.parts.get(_NUMBERING))
        self._notes = {kind: _by_id(document.parts, kind) for kind in _NOTES}
        self._anchors = {element: at for at, element in enumerate(document.body.iter(_PARAGRAPH))}
        self._fields: list[str] = []

    def read(self) -> Paper:
        self._read_blocks(self._body)
        return self._assembly.paper()

    def _read_blocks(self, holder: BaseOxmlElement) -> None:
        for element in blocks(holder):
            if element.tag == _PARAGRAPH:
                self._add_paragraph(element)
            else:
                self._add_table(element)

    def _add_paragraph(self, element: BaseOxmlElement, anchor: int | None = None) -> None:
        in_contents = self._passes_contents(element) or self._styles.is_contents(element)
        anchor = self._anchors.get(element) if anchor is None else anchor
        boxes = _boxes(element)
        text = self._text(element, boxes)
        for raw in self._split(element, text, in_contents):
            self._assembly.add_paragraph(
                RawParagraph(text=raw.text, contents=raw.contents, level=raw.level, anchor=anchor)
            )
        self._add_notes(element, anchor)
        for box in boxes:
            for inner in blocks(box):
                if inner.tag == _PARAGRAPH:
                    self._add_paragraph(inner, anchor)
                else:
                    self._add_table(inner, anchor)

    def _text(self, element: BaseOxmlElement, boxes: Sequence[BaseOxmlElement] = ()) -> str:
        """Return a paragraph's text with the number Word prints before it."""
        (text,) = paragraphs(element, without=frozenset(boxes)) or [""]
        numbering = self._styles.numbering(element)
        return self._lists.label(numbering) + text if numbering and text.strip() else text

    def _split(self, element: BaseOxmlElement, text: str, in_contents: bool) -> Iterator[RawParagraph]:
        """Yield the paragraphs that a paragraph with line breaks is to its reader; most have none."""
        lines = [Line(raw, at, clean(raw)) for at, raw in enumerate(text.split("\n"), 1)]
        lines = [line for line in lines if line.text]
        at = 0
        while at < len(lines):
            end = at + 1
            while end < len(lines) and goes_on(lines[end - 1], lines, end):
                end += 1
            raw = paragraph_of(lines[at:end])
            is_contents = in_contents or raw.contents or contents_line(text)
            level = None if is_contents or len(lines) > 1 else self._level(element, raw.text)
            yield RawParagraph(text=raw.text, contents=is_contents, level=level)
            at = end

    def _level(self, element: BaseOxmlElement, text: str) -> int | None:
        """Return the level of a heading by its own number, else by its style; a styled sentence is no heading."""
        outline = self._styles.outline(element)
        if outline is None or len(text) > LONGEST_HEADING or text.endswith(("。", "；")):
            return None
        numbered = heading_of(text)
        return numbered.level if numbered else outline + 1

    def _passes_contents(self, element: BaseOxmlElement) -> bool:
        """Follow the fields through a paragraph; tell whether it lies in a table of contents."""
        inside = any(code.strip().startswith("TOC") for code in self._fields)
        for mark in element.iter(qn("w:fldChar"), qn("w:instrText")):
            kind = mark.get(qn("w:fldCharType"))
            if kind == "begin":
                self._fields.append("")
            elif kind == "end" and self._fields:
                self._fields.pop()
            elif kind is None and self._fields:
                self._fields[-1] += mark.text or ""
            inside = inside or any(code.strip().startswith("TOC") for code in self._fields)
        return inside

    def _add_notes(self, element: BaseOxmlElement, anchor: int | None) -> None:
        for kind, notes in self._notes.items():
            for reference in element.iter(qn(f"w:{kind}Reference")):
                # Taken out: a note is read once, and a note that refers to itself ends.
                note = notes.pop(reference.get(qn("w:id")), None)
                for paragraph in () if note is None else note.iter(_PARAGRAPH):
                    self._add_paragraph(paragraph, anchor)

    def _add_table(self, element: BaseOxmlElement, anchor: int | None = None) -> None:
        cells = [cell for row in _rows(element) for cell in _parts(row, qn("w:tc"))]
        if len(cells) == 1:
            # A frame round a text, not a table.
            self._read_blocks(cells[0])
            return
        grid = _Grid()
        for row in _rows(element):
            self._add_row(grid, row, anchor)
        if grid.rows:
            rows = tuple(tuple(row) for row in grid.rows)
            self._assembly.add_table(RawTable(rows=rows, anchors=grid.anchors, covered=frozenset(grid.covered)))
        for paragraph in grid.notes:
            self._add_notes(paragraph, self._anchors.get(paragraph, anchor))
        for inner in grid.inner:
            self._add_table(inner, anchor)

    def _add_row(self, grid: _Grid, row: BaseOxmlElement, anchor: int | None) -> None:
        at, texts, anchors = len(grid.rows), [], []
        for _ in range(_count(value(row, "trPr/gridBefore"), least=0)):
            texts.append("")
            anchors.append(self._anchor_in(row, anchor))
        for cell in _parts(row, qn("w:tc")):
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            goes_on_above = merged is not None and merged.get(qn("w:val")) in (None, "continue")
            span = _count(value(cell, "tcPr/gridSpan"), least=1)
            start = len(texts)
            text = self._cell_text(grid, cell)
            texts += [text, *[""] * (span - 1)]
            anchors += [self._anchor_in(cell, anchor)] * span
            grid.covered |= {(at, column) for column in range(start + (not (goes_on_above and not text)), start + span)}
        grid.rows.append(texts[:_MOST_COLUMNS])
        grid.anchors.append(anchors[:_MOST_COLUMNS])

    def _anchor_in(self, holder: BaseOxmlElement, anchor: int | None) -> int:
        if anchor is not None:
            return anchor
        return next((self._anchors[each] for each in holder.iter(_PARAGRAPH) if each in self._anchors), 0)

    def _cell_text(self, grid: _Grid, cell: BaseOxmlElement) -> str:
        texts = []
        for element in blocks(cell):
            if element.tag == _TABLE:
                grid.inner.append(element)
                continue
            boxes = _boxes(element)
            texts += [clean(line) for line in self._text(element, boxes).split("\n")]
            texts += [clean(line) for box in boxes for each in box.iter(_PARAGRAPH) for line in paragraphs(each)]
            grid.notes.append(element)
        return "\n".join(text for text in texts if text)


def blocks(holder: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Yield the paragraphs and tables a body, cell, note or text box shows, also those inside other markup."""
    for child in holder:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag not in _UNSEEN and child.tag != _FALLBACK:
            yield from blocks(child)


def _parts(holder: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    """Yield the rows of a table or the cells of a row, also those inside content controls."""
    for child in holder:
        if child.tag == tag:
            yield child
        elif child.tag not in _UNSEEN and child.tag not in (_PARAGRAPH, _TABLE):
            yield from _parts(child, tag)


def _rows(table: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Yield the rows that nobody deleted."""
    deleted = f"{qn('w:trPr')}/{qn('w:del')}"
    return (row for row in _parts(table, qn("w:tr")) if row.find(deleted) is None)


def _boxes(paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
    """Return the outermost text boxes of a paragraph, each once: a second rendering for old programs is left out."""
    return [
        box
        for box in paragraph.iter(_BOX)
        if next(box.iterancestors(_FALLBACK), None) is None and next(box.iterancestors(_PARAGRAPH), None) is paragraph
    ]


def _by_id(parts: Mapping[str, BaseOxmlElement], kind: str) -> dict[str | None, BaseOxmlElement]:
    root = parts.get(_NOTES[kind])
    notes = () if root is None else root.iter(qn(f"w:{kind}"))
    return {note.get(qn("w:id")): note for note in notes if note.get(qn("w:type")) in (None, "normal")}


def _count(written: str | None, *, least: int) -> int:
    """Return how many columns a cell spans; nonsense counts as the least, and no row is wider than the widest table."""
    return min(max(int(written), least), _MOST_COLUMNS) if written and written.isdecimal() else least
