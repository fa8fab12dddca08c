"""A survey's statistics as a workbook: what was asked of whom, the counts with live shares, satisfaction, opinions."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tuodi.evaluation.sheets import data_layout
from tuodi.kernel.files import written_whole
from tuodi.kernel.quantity import plain
from tuodi.report.tables import CREATED, FONT
from tuodi.survey.cleaning import Reason
from tuodi.survey.definition import Kind
from tuodi.survey.result import QuestionResult, Satisfaction, Share, SurveyResult, fed_figures

SURVEY_SHEET, FIGURE_SHEET = "surveys", "figures"
KINDS = {Kind.SINGLE: "单选", Kind.MULTIPLE: "多选", Kind.MATRIX: "矩阵"}
INDEX_NOTE = "指数是各选项人数乘以权重之和除以答题人数，不是满意的人所占的比例。"
MULTIPLE_NOTE = "多选"

OPTION_HEADINGS = ("题号", "题目", "选项", "人数", "答题人数", "比例", "95%置信区间下限", "95%置信区间上限", "说明")
SATISFACTION_HEADINGS = (
    "题号",
    "题目",
    "范围",
    "答题人数",
    "名称",
    "数值（%）",
    "满意人数",
    "满意占比（%）",
    "满意的选项",
)
OPINION_HEADINGS = ("题号", "题目", "类别", "内容", "份数")


class _Formats(NamedTuple):
    heading: Format
    share: Format
    words: Format


def write_survey_book(path: Path, result: SurveyResult) -> None:
    """Write the workbook; nothing is left behind on failure. Shares are formulas over the counts beside them."""
    try:
        with (
            written_whole(path) as temporary,
            xlsxwriter.Workbook(temporary, {"default_format_properties": dict(FONT)}) as book,
        ):
            _write(book, result)
    except FileCreateError as problem:
        # The library wraps what the system said in a class of its own.
        raise problem.args[0] from problem


def _write(book: Workbook, result: SurveyResult) -> None:
    book.set_properties({"created": CREATED})
    formats = _Formats(
        book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True}),
        book.add_format({"num_format": "0.00%"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    _summary(book.add_worksheet("概况"), result, formats)
    _options(_sheet(book, "选项统计", OPTION_HEADINGS, formats), result, formats)
    _table(_sheet(book, "满意度", SATISFACTION_HEADINGS, formats), satisfaction_rows(result))
    _table(_sheet(book, "填空题", OPINION_HEADINGS, formats), opinion_rows(result))
    for sheet_id, rows in ((SURVEY_SHEET, count_rows(result)), (FIGURE_SHEET, figure_rows(result))):
        sheet = next(each for each in data_layout().sheets if each.id == sheet_id)
        _table(_sheet(book, sheet.name, [column.name for column in sheet.columns], formats), rows)


def _sheet(book: Workbook, name: str, headings: Sequence[str], formats: _Formats) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.set_column(
            at, at, {"题号": 8, "题目": 44, "选项": 22, "内容": 44, "名称": 16, "类别": 16}.get(heading, 12)
        )
        sheet.write_string(0, at, heading, formats.heading)
    return sheet


def _table(sheet: Worksheet, rows: Iterator[tuple[str | int, ...]]) -> None:
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, at, cell)
            else:
                sheet.write_string(number, at, cell)


def _summary(sheet: Worksheet, result: SurveyResult, formats: _Formats) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80, formats.words)
    for number, (name, told) in enumerate(summary_rows(result)):
        sheet.write_string(number, 0, name, formats.heading)
        if isinstance(told, int):
            sheet.write_number(number, 1, told, formats.words)
        else:
            sheet.write_string(number, 1, told, formats.words)


def summary_rows(result: SurveyResult) -> Iterator[tuple[str, str | int]]:
    """Yield what is to be said of the survey as a whole: name and content."""
    yield "调查", result.title
    for name, told in (
        ("时间", result.period),
        ("方式", result.method),
        ("出处", result.source),
        ("说明", result.note),
    ):
        if told:
            yield name, told
    yield "收回份数" if not result.published else "公布的份数", result.n
    if not result.published:
        yield "有效份数", result.valid
    for reason, count in result.removed.items():
        yield f"剔除：{Reason(reason).label}", count
    if result.recipients is not None:
        yield "其中受益者", result.recipients
    if result.overall is not None:
        parts = "、".join(f"{text} {value}%" for text, value in result.overall.parts)
        yield result.overall.name, f"{result.overall.text}%（{len(result.overall.parts)} 项的简单平均：{parts}）"
    if any(question.satisfaction and question.satisfaction.label.endswith("指数") for question in result.questions):
        yield "指数", INDEX_NOTE


def _options(sheet: Worksheet, result: SurveyResult, formats: _Formats) -> None:
    number = 0
    for question in result.questions:
        for option in question.options:
            number += 1
            note = MULTIPLE_NOTE if question.kind == "multiple" else ""
            for at, text in ((0, question.id), (1, question.text), (2, option.name), (8, note)):
                sheet.write_string(number, at, text)
            sheet.write_number(number, 3, option.count)
            sheet.write_number(number, 4, option.n)
            if option.interval is not None:
                row = number + 1
                sheet.write_formula(number, 5, f"=D{row}/E{row}", formats.share, option.count / option.n)
                # A percentage of two decimals, read back exactly enough for a cell.
                sheet.write_number(number, 6, float(option.interval.low_text) / 100, formats.share)
                sheet.write_number(number, 7, float(option.interval.high_text) / 100, formats.share)


def count_rows(result: SurveyResult) -> Iterator[tuple[str | int, ...]]:
    """Yield each option's count as an evaluation's sheet 问卷统计 has it, so that the file can be its ``--inputs``."""
    for question in result.questions:
        for option in question.options:
            kind = KINDS.get(question.kind, "")
            yield question.id, question.text, option.name, str(option.count), str(question.n), kind


def figure_rows(result: SurveyResult) -> Iterator[tuple[str | int, ...]]:
    """Yield what the definition feeds into indicators as rows of an evaluation's sheet 基础数据, both parts apart."""
    for fed in fed_figures(result):
        source = f"{result.title or '问卷'} 第{fed.question}题 {fed.label}"
        yield f"{fed.indicator}（分子）", plain(fed.numerator), "", source, ""
        yield f"{fed.indicator}（分母）", str(fed.denominator), "", source, ""


def satisfaction_rows(result: SurveyResult) -> Iterator[tuple[str | int, ...]]:
    """Yield each satisfaction under its own name beside the share of those satisfied, of all and of recipients only."""
    for question in result.questions:
        if question.satisfaction is None and question.share is None:
            continue
        yield _satisfaction(question, "全部", question.n or "", question.satisfaction, question.share)
        theirs = question.recipients
        if theirs is not None:
            yield _satisfaction(question, "受益者", theirs.n, theirs.satisfaction, theirs.share)


def _satisfaction(
    question: QuestionResult, whom: str, n: int | str, satisfaction: Satisfaction | None, share: Share | None
) -> tuple[str | int, ...]:
    value = ("", "") if satisfaction is None else (satisfaction.label, satisfaction.text)
    shared: tuple[str | int, ...] = ("", "", "") if share is None else (share.count, share.text or "", share.name)
    return (question.id, question.text, whom, n, *value, *shared)


def opinion_rows(result: SurveyResult) -> Iterator[tuple[str | int, ...]]:
    """Yield the open answers: how many had nothing to say, the groups, the most frequent opinions."""
    for question in result.questions:
        opinions = question.opinions
        if opinions is None:
            continue
        at = (question.id, question.text)
        yield (*at, "没有意见", "", opinions.nothing)
        for group, count in opinions.groups:
            yield (*at, "归类", group, count)
        if opinions.groups:
            yield (*at, "归类", "其他", opinions.ungrouped)
        for text, count in opinions.frequent:
            yield (*at, "原话", text, count)
