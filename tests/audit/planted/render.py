"""Rendering a model as a Word file or as the text that extraction tools give."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from tests.audit.planted.model import LEFT, ORDINAL, UP, Heading, Look, Model, Paragraph, chinese

FORMS = ("tabs", "wrapped", "cells")
"""Tables tab-separated with page breaks inside paragraphs; short wrapped lines; one cell per line."""

LINE = 40
PAGE = 24
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_HALF_BRACKETS = str.maketrans("（）", "()")
_HALF_COMMAS = str.maketrans("，；：", ",;:")
_BOUNDARY = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9])|(?<=[0-9%])(?=[\u4e00-\u9fff])")


def _listed(number: int, style: str) -> str:
    """Write the number of an item of a list in one of the documents' styles."""
    return {
        "（一）": f"（{chinese(number)}）",
        "1.": f"{number}.",
        "一是": f"{chinese(number)}是",
        "（1）": f"（{number}）",
    }[style]


def _typed(text: str, look: Look, *, wide: bool = False) -> str:
    if look.spaced:
        text = _BOUNDARY.sub(" ", text)
    if look.half_brackets:
        text = text.translate(_HALF_BRACKETS)
    if look.half_commas:
        text = text.translate(_HALF_COMMAS)
    return text.translate(_FULL_WIDTH) if wide and look.full_width_digits else text


def _texts(model: Model) -> list[tuple[str, object]]:
    """Return each block as kind and plain content: heading (level, text), paragraph (centred, text), table rows."""
    counts: dict[str, int] = defaultdict(int)
    found: list[tuple[str, object]] = []
    for number, block in enumerate(model.blocks):
        if isinstance(block, Heading):
            found.append(("heading", (block.level, _typed(model.text(block.text), model.look))))
        elif isinstance(block, Paragraph):
            text = model.text(block.text)
            if block.group:
                counts[block.group] += 1
                text = text.replace(ORDINAL, _listed(counts[block.group], block.numbering))
            found.append(("paragraph", (block.centred, _typed(text, model.look, wide=number % 2 == 0))))
        else:
            rows = [
                [cell if cell in (UP, LEFT) else _typed(model.text(cell), model.look) for cell in row]
                for row in block.rows
            ]
            found.append(("table", rows))
    return found


def render_docx(model: Model, path: Path) -> None:
    """Write a Word file with real headings and tables whose merged cells are merged."""
    document = docx.Document()
    _set_page(document)
    for kind, content in _texts(model):
        if kind == "heading":
            level, text = content  # type: ignore[misc]
            document.add_heading(text, level)
        elif kind == "paragraph":
            centred, text = content  # type: ignore[misc]
            paragraph = document.add_paragraph(text)
            if centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            _docx_table(document, content)  # type: ignore[arg-type]
    document.save(str(path))


def _set_page(document: docx.document.Document) -> None:
    """A4 with a small type, so that a whole report stays within five pages."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.size = Pt(9)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


def _docx_table(document: docx.document.Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    grid = [list(row.cells) for row in table.rows]
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            if text not in (UP, LEFT):
                grid[down][across].text = text
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            if text in (UP, LEFT):
                continue
            bottom = down
            while bottom + 1 < len(rows) and rows[bottom + 1][across] == UP:
                bottom += 1
            right = across
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            if (bottom, right) != (down, across):
                grid[down][across].merge(grid[bottom][right])
                table.cell(down, across).text = text


def render_text(model: Model, path: Path, form: str) -> None:
    """Write the text in one of ``FORMS``."""
    texts = _texts(model)
    lines = {"tabs": _tabs, "wrapped": _wrapped, "cells": _cells}[form](texts, model)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cell(text: str) -> str:
    return "" if text in (UP, LEFT) else text


def _breakable(text: str, place: int) -> int:
    """Return the next place at which an extraction tool breaks a line: never inside a figure."""
    while 0 < place < len(text) and re.match(r"[0-9０-９.,，%][0-9０-９.,，%]", text[place - 1 : place + 1]):
        place += 1
    return place


def _tabs(texts: list[tuple[str, object]], model: Model) -> list[str]:
    lines: list[str] = []
    page, since = 1, 0
    for kind, content in texts:
        if kind == "table":
            rows = ["\t".join(_cell(each) for each in row) for row in content]  # type: ignore[attr-defined]
            lines += ["", *rows, ""]
            since += len(rows)
            continue
        text = str(content[1])  # type: ignore[index]
        since += 1
        if since > PAGE and kind == "paragraph" and len(text) > 50:
            cut = _breakable(text, len(text) // 2)
            number = ["", f"— {page} —"] if model.look.page_numbers else []
            lines += [text[:cut], *number, "", text[cut:], ""]
            page, since = page + 1, 0
        else:
            lines += [text, ""]
    return lines


def _broken(text: str) -> list[str]:
    found = []
    while text:
        cut = _breakable(text, LINE) if len(text) > LINE else len(text)
        found.append(text[:cut])
        text = text[cut:]
    return found


def _wrapped(texts: list[tuple[str, object]], model: Model) -> list[str]:
    lines: list[str] = []
    apart = [""] if model.seed % 2 == 0 else []
    for kind, content in texts:
        if kind == "table":
            for row in content:  # type: ignore[attr-defined]
                cells = [_cell(each) for each in row if _cell(each)]
                lines += _broken(" ".join(cells)) if sum(map(len, cells)) > 2 * LINE else [" ".join(cells)]
            lines.append("")
        else:
            lines += [*_broken(str(content[1])), *(apart or ([""] if kind == "heading" else []))]  # type: ignore[index]
    return lines


def _cells(texts: list[tuple[str, object]], model: Model) -> list[str]:
    lines: list[str] = []
    for kind, content in texts:
        if kind == "table":
            for row in content:  # type: ignore[attr-defined]
                lines += [*("\t" + _cell(each) for each in row if each != LEFT), ""]
        else:
            lines.append(str(content[1]))  # type: ignore[index]
            if kind == "heading":
                lines.append("")
    return lines
