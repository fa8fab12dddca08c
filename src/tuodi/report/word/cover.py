"""The front page: number, title, the mark of a draft, the lines of who and what, and its foot."""

import unicodedata

from tuodi.kernel.fragments import Text, Words
from tuodi.report.blocks import Cover
from tuodi.report.word.pages import PORTRAIT
from tuodi.report.word.text import paragraph, plain, run, runs

DRAFT_MARK = "（征求意见稿）"

_LABEL_WIDTH, _TEXT_WIDTH = 2268, 5670  # twips: 4 cm and 10 cm
_TITLE_SIZE, _TITLE_PITCH = 26, 40
_LINE_SIZE, _LINE_PITCH = 16, 24
_ROW_PADDING = 8
_FOOT_PITCH = 28
# What stays free at the bottom: room for one line more than was reckoned in a program that breaks lines otherwise.
_SPARE = 60


def cover_xml(cover: Cover, *, draft: bool) -> str:
    """Return the front page's paragraphs and table, spread over one page by reckoning the lines they take."""
    width = PORTRAIT.text_width // 20
    height = (PORTRAIT.height - PORTRAIT.top - PORTRAIT.bottom) // 20
    title = _title(cover, width)
    title_lines = _lines(plain(title), width, _TITLE_SIZE)
    rows = sum(_row_height(plain(text)) for _, text in cover.lines)
    used = _FOOT_PITCH + title_lines * _TITLE_PITCH + 36 * draft + rows + len(cover.foot) * _FOOT_PITCH
    free = max(0, height - used - _SPARE)
    above_title, above_lines = free * 3 // 10, free * 4 // 10
    above_foot = free - above_title - above_lines
    parts = [
        paragraph(runs(cover.number), "CoverNumber"),
        paragraph(runs(title), "Title", _above(above_title)),
    ]
    if draft:
        parts.append(paragraph(run(DRAFT_MARK), "DraftMark"))
    # The table has no space above of its own; the paragraph that carries it is part of the reckoning.
    parts.append(paragraph("", "CoverFoot", f'<w:spacing w:line="{max(1, above_lines) * 20}" w:lineRule="exact"/>'))
    if cover.lines:
        parts.append(_table(cover))
    parts.append(paragraph("", "CoverFoot", f'<w:spacing w:line="{max(1, above_foot) * 20}" w:lineRule="exact"/>'))
    parts += [paragraph(runs(text), "CoverFoot") for text in cover.foot]
    return "".join(parts)


def _title(cover: Cover, width: int) -> Text:
    """Return the whole title; one longer than a line is broken before its last words."""
    whole = (*cover.title, *cover.words)
    if not cover.words or not cover.title or _lines(plain(whole), width, _TITLE_SIZE) == 1:
        return whole
    return (*cover.title, Words("\n"), *cover.words)


def _above(points: int) -> str:
    return f'<w:spacing w:before="{points * 20}"/>'


def _table(cover: Cover) -> str:
    rule = '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>'
    rows = []
    for label, text in cover.lines:
        named = run(label if label.endswith("：") else f"{label}：")
        cells = ((_LABEL_WIDTH, "", named), (_TEXT_WIDTH, rule, runs(text)))
        rows.append("<w:tr>" + "".join(_cell(*cell) for cell in cells) + "</w:tr>")
    columns = f'<w:gridCol w:w="{_LABEL_WIDTH}"/><w:gridCol w:w="{_TEXT_WIDTH}"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_LABEL_WIDTH + _TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _cell(width: int, borders: str, inner: str) -> str:
    padding = f'<w:spacing w:before="{_ROW_PADDING * 20}"/>'
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>'
    return f"<w:tc>{properties}{paragraph(inner, 'CoverLine', padding)}</w:tc>"


def _row_height(text: str) -> int:
    return _lines(text, _TEXT_WIDTH // 20 - 11, _LINE_SIZE) * _LINE_PITCH + _ROW_PADDING


def _lines(text: str, width: int, size: int) -> int:
    """Return how many lines a text takes, by its full and half width characters."""
    lines = 0
    for part in text.split("\n"):
        halves = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in part)
        lines += max(1, -(-halves // (2 * (width // size))))
    return lines
