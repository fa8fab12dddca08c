"""The opinion table that goes back to whoever wrote a paper: one row per opinion, ready to print."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Severity
from tuodi.kernel.opinion import Opinion, Opinions
from tuodi.report.tables import CREATED, FONT
from tuodi.report.workbook.sheet_text import row_height

SHEET = "意见表"
HEADINGS = (("序号", 5), ("文件", 16), ("位置", 22), ("程度", 6), ("原文", 26), ("写的", 13), ("应为", 13),
            ("意见", 36), ("修改建议", 26), ("修改情况", 26), ("规则", 18))  # fmt: skip
FOR_PROGRAMS = ("规则",)
"""Columns that stand in the file and are not shown: what a program knows the opinion by."""
FOOT = "&L审核单位（盖章）：        审核人：      日期：&R答复单位（盖章）：        答复人：      电话：      第 &P 页"
SIZE = 10
STANDING = ("与上一稿相比", 14)
DEGREES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "说明"}
_A4 = 9


def write_opinion_table(path: Path, title: str, papers: Sequence[Opinions], standings: Sequence[str] = ()) -> None:
    """Write the table to an XLSX file, whole or not at all. Raises OSError where it cannot be written.

    ``standings`` tell of each opinion in order how it stands to the version before: a column more.
    """
    with written_whole(path) as temporary:
        try:
            _write(temporary, title, papers, standings)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def _write(path: Path, title: str, papers: Sequence[Opinions], standings: Sequence[str]) -> None:
    headings = (*HEADINGS, STANDING) if standings else HEADINGS
    # Texts are other people's: none of them may become a formula, a number or a link.
    with xlsxwriter.Workbook(path, {"default_format_properties": dict(FONT)}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "font_size": SIZE}
        )
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_size": SIZE})
        sheet.merge_range(0, 0, 0, len(headings) - 1, "", book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        hidden = {*FOR_PROGRAMS, *(("文件",) if len(papers) == 1 else ())}
        for at, (name, width) in enumerate(headings):
            sheet.set_column(at, at, width, None, {"hidden": name in hidden})
            sheet.write_string(1, at, name, heading)
        rows = [(paper.file, opinion) for paper in papers for opinion in paper.opinions]
        for number, (file, opinion) in enumerate(rows, 1):
            texts = ("", *_texts(file, opinion), *standings[number - 1 : number])
            shown = [(text, width) for text, (name, width) in zip(texts, headings, strict=True) if name not in hidden]
            sheet.set_row(number + 1, row_height(shown, SIZE))
            sheet.write_number(number + 1, 0, number, cell)
            for at, text in enumerate(texts[1:], 1):
                sheet.write_string(number + 1, at, text, cell)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.8)
        sheet.set_footer(FOOT)
        sheet.fit_to_pages(1, 0)


def _texts(file: str, opinion: Opinion) -> tuple[str, ...]:
    """Return the cells after the number; 修改情况 is left for the author."""
    return (
        file,
        opinion.location,
        DEGREES[opinion.severity],
        opinion.quote,
        opinion.stated,
        opinion.expected,
        opinion.message,
        opinion.advice,
        "",
        opinion.rule,
    )
