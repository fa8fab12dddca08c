"""The receipt as one A4 page in Word (医疗救助待遇计算单), for the person and for the file.

The same receipt always gives the same bytes: no clock, no path and no name of a computer goes into the file.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from docx import Document
from docx.document import Document as Page
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tuodi.assessment.receipt import Receipt
from tuodi.assessment.receipt_steps import BY_RATIO, CAP_LEFT, DEDUCTIBLE, OUTSIDE_SCOPE, PAID, TOP_UP, Step
from tuodi.kernel.codes import named
from tuodi.kernel.files import written_whole
from tuodi.kernel.idnumber import mask
from tuodi.kernel.money import yuan_grouped
from tuodi.policy.wording import source, verified
from tuodi.report.word.package import packed
from tuodi.report.word.styles import BODY_FONT, HEADING_FONT, set_fonts, set_language

TITLE = "医疗救助待遇计算单"
UNVERIFIED = verified(False)

# The page: A4, and the widths of its two tables. Word takes a width from every cell, LibreOffice from the columns too.
PAGE_WIDTH, PAGE_HEIGHT = Cm(21), Cm(29.7)
SIDE, TOP, BOTTOM = Cm(1.8), Cm(1.5), Cm(1.3)
WHO_WIDTHS = (Cm(2.2), Cm(6.5), Cm(2.2), Cm(6.5))
STEP_WIDTHS = (Cm(3.9), Cm(6.5), Cm(2.5), Cm(4.5))
CELL_MARGIN = Cm(0.15)

SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Sizes of the text in points; the largest that keeps everything on one page is taken."""
LINE_HEIGHT, RULE_HEIGHT = 1.3, 0.75
TITLE_SIZE, SUM_SIZE = 18.0, 15.0
LONGEST_LABEL = 8

TERMS = {
    OUTSIDE_SCOPE: "政策范围外费用：医保目录和支付标准以外的费用，由个人承担，不在救助范围。",
    DEDUCTIBLE: "起付线：一年内先由个人承担的数额，扣足以后不再扣。",
    BY_RATIO: "救助比例：扣除起付线以后，由医疗救助承担的份额。",
    TOP_UP: "补足：各方支付合计仍低于规定比例的，由医疗救助补到该比例。",
    CAP_LEFT: "年度限额：一年内医疗救助最多支付的数额，次年重新计算。",
}
"""Words of the page explained, each shown where a step's name begins with it."""

ASK = "疑问和异议：对身份、费用或计算有疑问或不同意见的，可持本单向经办机构咨询，或申请复核。"
ASK_FIELDS = (("经办机构", "由经办机构填写名称"), ("电话", "由经办机构填写号码"))
SIGN_FIELDS = ("经办机构（{}，盖章）", "经办人", "电话", "日期")
SIGN_STOPS = (Cm(7.4), Cm(10.7), Cm(14), Cm(17.3))


class _Row(NamedTuple):
    """One row of the table; ``is_heading`` spans all columns."""

    cells: tuple[str, ...]
    is_heading: bool = False
    is_strong: bool = False


def write_receipt(path: Path, receipt: Receipt, version: str) -> None:
    """Write the page; ``version`` is the program's, printed at the foot. Nothing is left behind on failure."""
    content = receipt_bytes(receipt, version)
    with written_whole(path) as temporary:
        temporary.write_bytes(content)


def receipt_bytes(receipt: Receipt, version: str, region: str = "") -> bytes:
    """Return the page as the bytes of a .docx file.

    ``region`` is whose office hands it out: the line to be stamped and signed names it. Without one, the fields are
    left for the office to fill in.
    """
    page = Document()
    rows = list(_rows(receipt))
    below = [*_below(receipt), ASK, *_foot(receipt, version)]
    size = _size_that_fits(rows, below)
    _set_up(page, receipt, size)
    _line(page, TITLE, TITLE_SIZE, font=HEADING_FONT, align=WD_ALIGN_PARAGRAPH.CENTER, after=4)
    _who_table(page, receipt, size)
    _line(page, "", 4)
    if rows:
        _step_table(page, rows, size)
    _payments(page, receipt, size)
    for text in (*_below(receipt), ASK):
        _labelled(page, text, size)
    _sign_line(page, region, size) if region else _ask_fields(page, size)
    for text in _foot(receipt, version):
        _line(page, text, size - 1)
    return packed(page)


def _payments(page: Page, receipt: Receipt, size: float) -> None:
    """Add what is due, what was paid already and, largest, what is payable now."""
    told = [f"{line.name}：{yuan_grouped(line.amount_fen)} 元" for line in receipt.payments]
    *before, last = told or ["已冲正，不支付"]
    _line(page, "　　".join(before), size, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(page, last, SUM_SIZE, font=HEADING_FONT, align=WD_ALIGN_PARAGRAPH.RIGHT, before=2, after=4)


def _rows(receipt: Receipt) -> Iterator[_Row]:
    for group in receipt.groups:
        yield _Row((group.heading,), is_heading=True)
        yield from map(_row, group.steps)


def _row(step: Step) -> _Row:
    cells = (step.step, step.formula, yuan_grouped(step.amount_fen), step.clause)
    return _Row(cells, is_strong=step.step == PAID)


def _below(receipt: Receipt) -> list[str]:
    """Return what stands under the sum: the reason, further remarks, the words explained."""
    names = [step.step for step in receipt.steps]
    terms = [text for word, text in TERMS.items() if any(name.startswith(word) for name in names)]
    return [f"说明：{receipt.sentence}", *receipt.remarks, *terms]


def _foot(receipt: Receipt, version: str) -> list[str]:
    lines = []
    if receipt.sources:
        lines.append(f"依据文件：{'；'.join(source(text) for text in receipt.sources)}。")
    document = receipt.document
    policy = f"政策 {document.id}《{document.title}》，校验码 {document.digest[:12]}" if document else "没有适用的政策"
    lines.append(f"{policy}；程序 托底 {version}。")
    if any(UNVERIFIED in text for text in (*lines, *receipt.remarks)):
        lines.append(f"标“{UNVERIFIED}”的数据和文件，尚未与公布的原文核对。")
    return lines


def _who(receipt: Receipt) -> Sequence[tuple[str, str]]:
    settlement = receipt.settlement
    return (
        ("姓名", receipt.psn_name or "—"),
        ("证件号码", mask(receipt.certno) or "—"),
        ("人员编号", settlement.psn_no),
        ("救助身份", receipt.identity_told),
        ("结算编号", settlement.setl_id),
        ("结算时间", receipt.moment),
        ("医疗类别", named("med_type", settlement.med_type)),
        ("险种", named("insutype", settlement.insutype) or "—"),
    )


def _size_that_fits(rows: Sequence[_Row], below: Sequence[str]) -> float:
    """Return the largest size at which the page holds everything, by counting lines of full-width characters."""
    free = (PAGE_HEIGHT - TOP - BOTTOM) / Pt(1) - (TITLE_SIZE + SUM_SIZE) * LINE_HEIGHT - 36
    width = (PAGE_WIDTH - 2 * SIDE) / Pt(1)
    for size in SIZES:
        # The heading row, five rows of who (one may take two lines), what was paid, the office's line, one in reserve.
        lines = 9 + sum(_block_lines(block, size) for block in _blocks(rows))
        lines += sum(_lines(text, width, size) for text in below)
        if lines * size * LINE_HEIGHT + (len(rows) + 5) * (2 * _padding(size) + RULE_HEIGHT) + len(below) <= free:
            return size
    return SIZES[-1]


def _padding(size: float) -> float:
    """Return the points above and below a cell's text: none where the page is full."""
    return max(0.0, (size - 7) / 2)


def _blocks(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Yield neighbouring rows of one clause together: it stands once beside them."""
    for _, block in groupby(rows, key=lambda row: "" if row.is_heading else row.cells[3]):
        yield list(block)


def _block_lines(block: Sequence[_Row], size: float) -> int:
    if block[0].is_heading:
        return len(block)
    *room, beside = ((width - 2 * CELL_MARGIN) / Pt(1) for width in STEP_WIDTHS)
    in_rows = sum(max(map(_lines, row.cells, room, [size] * len(room))) for row in block)
    return max(in_rows, _lines(block[0].cells[3], beside, size))


def _lines(text: str, width: float, size: float) -> int:
    full = sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)
    per_line = max(1, int(width / size))
    return max(1, -int(-full // per_line))


def _set_up(page: Page, receipt: Receipt, size: float) -> None:
    section = page.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = SIDE
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.header_distance = section.footer_distance = Cm(0.8)
    defaults = page.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for properties in (defaults, page.styles["Normal"].element.get_or_add_rPr()):
        set_fonts(properties, BODY_FONT)
        set_language(properties)
    page.styles["Normal"].font.size = Pt(size)
    core = page.core_properties
    core.title, core.subject, core.language = TITLE, receipt.settlement.setl_id, "zh-CN"
    core.author = core.last_modified_by = "托底"
    core.comments = core.keywords = ""
    core.revision = 1
    # The page is of the settlement's day, whenever it is printed: the same receipt always gives the same file.
    core.created = core.modified = core.last_printed = receipt.settlement.setl_time.replace(tzinfo=UTC)


def _line(
    page: Page,
    text: str,
    size: float,
    *,
    font: str = BODY_FONT,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    before: float = 1,
    after: float = 0,
) -> Paragraph:
    paragraph = page.add_paragraph()
    _fill(paragraph, text, size, font)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _fill(paragraph: Paragraph, text: str, size: float, font: str = BODY_FONT) -> None:
    _runs(paragraph, text, size, font)
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    # An exact height looks alike whichever font stands in for one that is missing.
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * LINE_HEIGHT)


def _runs(paragraph: Paragraph, text: str, size: float, font: str) -> None:
    """Add a text; the mark of an unverified figure stands out in it."""
    for part in re.split(f"({UNVERIFIED})", text):
        if part:
            run = paragraph.add_run(part)
            run.font.size = Pt(size)
            chosen = HEADING_FONT if part == UNVERIFIED else font
            if chosen != BODY_FONT:
                set_fonts(run._r.get_or_add_rPr(), chosen)


def _who_table(page: Page, receipt: Receipt, size: float) -> None:
    facts = _who(receipt)
    table = _table(page, (len(facts) + 1) // 2, WHO_WIDTHS, size)
    for at, (label, text) in enumerate(facts):
        row, column = divmod(at, 2)
        _fill(table.cell(row, 2 * column).paragraphs[0], label, size, HEADING_FONT)
        _fill(table.cell(row, 2 * column + 1).paragraphs[0], text, size)
    _fix_widths(table, WHO_WIDTHS)


def _step_table(page: Page, rows: Sequence[_Row], size: float) -> None:
    table = _table(page, len(rows) + 1, STEP_WIDTHS, size)
    grid = [list(row.cells) for row in table.rows]
    for cell, heading in zip(grid[0], ("项目", "计算", "金额（元）", "依据"), strict=True):
        _fill(cell.paragraphs[0], heading, size, HEADING_FONT)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    repeat = table.rows[0]._tr.get_or_add_trPr()
    repeat.append(OxmlElement("w:tblHeader"))
    for cells, row in zip(grid[1:], rows, strict=True):
        if row.is_heading:
            whole = cells[0].merge(cells[-1])
            _fill(whole.paragraphs[0], row.cells[0], size, HEADING_FONT)
            _shade(whole)
            continue
        font = HEADING_FONT if row.is_strong else BODY_FONT
        for column, cell in enumerate(cells[:3]):
            _fill(cell.paragraphs[0], row.cells[column], size, font)
        cells[2].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _fill_clauses(grid[1:], rows, size)
    _fix_widths(table, STEP_WIDTHS)


def _fill_clauses(grid: Sequence[list[_Cell]], rows: Sequence[_Row], size: float) -> None:
    """Write each clause once beside all neighbouring rows it belongs to."""
    first = 0
    for block in _blocks(rows):
        last = first + len(block) - 1
        if not block[0].is_heading:
            cell = grid[first][3].merge(grid[last][3]) if last > first else grid[first][3]
            _fill(cell.paragraphs[0], block[0].cells[3], size)
        first = last + 1


def _table(page: Page, rows: int, widths: Sequence[Cm], size: float) -> Table:
    table = page.add_table(rows, len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margin = round(CELL_MARGIN.twips)
    padding = round(Pt(_padding(size)).twips)
    margins = (("top", padding), ("left", margin), ("bottom", padding), ("right", margin))
    sides = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins)
    table._tbl.tblPr.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _fix_widths(table: Table, widths: Sequence[Cm]) -> None:
    """Set the width of every column and of every physical cell, spanned ones to the sum of what they span."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table._tbl.tr_lst:
        at = 0
        for cell in row.tc_lst:
            span = cell.grid_span
            cell.width = Cm(sum(width.cm for width in widths[at : at + span]))
            at += span


def _shade(cell: _Cell) -> None:
    shading = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="EDEDED"/>')
    cell._tc.get_or_add_tcPr().append(shading)


def _labelled(page: Page, text: str, size: float) -> None:
    """Add a paragraph; what stands before its colon is set as a heading."""
    label, colon, rest = text.partition("：")
    if not colon or len(label) > LONGEST_LABEL:
        _line(page, text, size)
        return
    paragraph = _line(page, label + colon, size, font=HEADING_FONT)
    _runs(paragraph, rest, size, BODY_FONT)


def _ask_fields(page: Page, size: float) -> None:
    """Add the fields in which the office writes whom to ask: nothing is invented."""
    paragraph = _line(page, "", size, after=3)
    for at, (name, hint) in enumerate(ASK_FIELDS):
        _runs(paragraph, f"{'　　' if at else ''}{name}：", size, BODY_FONT)
        look = f'<w:rPr><w:color w:val="7F7F7F"/><w:sz w:val="{round(size * 2)}"/></w:rPr>'
        field = (
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="{name}"/><w:tag w:val="{name}"/><w:id w:val="{at + 1}"/>'
            f"<w:showingPlcHdr/><w:text/></w:sdtPr>"
            f"<w:sdtContent><w:r>{look}<w:t>〔{hint}〕</w:t></w:r></w:sdtContent></w:sdt>"
        )
        paragraph._p.append(parse_xml(field))


def _sign_line(page: Page, region: str, size: float) -> None:
    """Add the line on which the office of this region stamps and signs."""
    text = "　".join(f"{name.format(region)}：\t" for name in SIGN_FIELDS)
    line = _line(page, text, size, before=6, after=3)
    for stop in SIGN_STOPS:
        line.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
