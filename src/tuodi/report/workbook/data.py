"""The workbook ``data.xlsx`` of an evaluation: empty for a scheme, or filled with data; read by ``data_tables``.

Every cell is text: a code keeps its zeros, a percentage its sign, and the reader gets what was typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from tuodi.evaluation.data import ElementRow, EvaluationData, FigureRow, IndicatorRow, ProjectItem
from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.scheme import Indicator, Measure, MeasureKind, Scheme
from tuodi.evaluation.sheets import DataLayout, Guide, Holds, Sheet, data_layout
from tuodi.evaluation.survey_figures import is_survey_figure
from tuodi.kernel.files import written_whole
from tuodi.kernel.quantity import plain
from tuodi.report.tables import CREATED, FONT

HEADER_ROWS = 2
HELPER_WIDTH, RULE_WIDTH = 20, 60
A4 = 9
WIDEST_ON_ONE_PAGE = 180
"""In characters; a wider sheet would be printed too small to read."""
ROWS_TO_TYPE_IN = 500
"""So many rows offer 是 and 否 for choice."""

_WIDE_HELPERS = frozenset({"需要填写", "评分规则", "要点内容", "填写提示"})
_GUIDE_WIDTHS = (14, 16, 18, 80)
# A merged cell does not grow by itself: its height in points, and how many Chinese characters fit in its width.
_GUIDE_LINE, _GUIDE_LINE_CHARS = 16, 55


@dataclass(frozen=True, slots=True)
class _Line:
    """One row to write: what is read back, and what only helps."""

    row: Any
    helpers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Formats:
    names: Any
    headings: Any
    helper_headings: Any
    cells: Any
    helpers: Any
    title: Any


def write_evaluation_workbook(path: Path, scheme: Scheme, filled: EvaluationData | None = None) -> None:
    """Write the workbook for a scheme: its codes, elements and named figures stand there, the rest is to be typed.

    With ``filled`` every row of the data is there too. Nothing is left behind on failure; raises OSError.
    """
    data = filled or EvaluationData()
    layout = data_layout()
    lines = _lines(scheme, data, layout)
    with written_whole(path) as temporary:
        try:
            with xlsxwriter.Workbook(temporary, {"default_format_properties": dict(FONT)}) as book:
                book.set_properties({"title": scheme.title, "created": CREATED})
                formats = _formats(book)
                for sheet in layout.sheets:
                    _write_sheet(book.add_worksheet(sheet.name), sheet, lines[sheet.id], layout, formats)
                _write_guide(book.add_worksheet(layout.guide.name), layout.guide, layout.sheets, formats)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def _lines(scheme: Scheme, data: EvaluationData, layout: DataLayout) -> dict[str, list[_Line]]:
    as_they_are = ("targets", "evidence", "problems", "compliance", "interviews", "comments", "surveys")
    lines = {sheet_id: [_Line(row, {}) for row in _rows_of(data, sheet_id)] for sheet_id in as_they_are}
    lines["project"] = _project(data, layout)
    lines["indicators"] = _indicators(scheme, data)
    lines["elements"] = _elements(scheme, data)
    names = dict.fromkeys((*figure_names(scheme), *data.figures))
    lines["figures"] = [_Line(data.figures.get(name, FigureRow(name=name, value="")), {}) for name in names]
    return lines


def _rows_of(data: EvaluationData, sheet_id: str) -> list[Any]:
    rows = getattr(data, sheet_id)
    return list(rows.values() if isinstance(rows, Mapping) else rows)


def _project(data: EvaluationData, layout: DataLayout) -> list[_Line]:
    """Give the items there are, then the usual ones that are not among them."""
    hints = {each.item: each.hint for each in layout.project_items}
    given = {each.item for each in data.project}
    usual = [ProjectItem(item=each.item, value="") for each in layout.project_items if each.item not in given]
    return [_Line(item, {"填写提示": hints.get(item.item, "")}) for item in (*data.project, *usual)]


def _indicators(scheme: Scheme, data: EvaluationData) -> list[_Line]:
    helpers = {leaf.code: _about(leaf) for leaf in scheme.leaves()}
    if scheme.fund_row:
        row = scheme.fund_row
        helpers[row.code] = {
            "指标名称": row.name,
            "权重": points_text(row.weight),
            "需要填写": _computed_from(Measure(kind=MeasureKind.RATE, of=(row.executed,), base=(row.annual,))),
            "评分规则": row.note,
        }
    codes = dict.fromkeys((*helpers, *data.indicators))
    return [_Line(data.indicators.get(code, IndicatorRow(code=code)), helpers.get(code, {})) for code in codes]


def _about(leaf: Indicator) -> dict[str, str]:
    return {
        "指标名称": leaf.name,
        "权重": points_text(leaf.weight),
        "方案目标值": str(leaf.target or ""),
        "需要填写": _wanted(leaf),
        "评分规则": leaf.rule_text,
    }


def _wanted(leaf: Indicator) -> str:
    """Say what is to be typed for a leaf: elements, a target the scheme leaves open, the value, or the award."""
    rule = leaf.rule
    if rule is None:
        return ""
    if rule.element_names:
        return "要点"
    needs = _computed_from(leaf.measure) if leaf.measure else rule.needs
    if not rule.needs_target or leaf.target is not None:
        return needs
    return f"目标值；{needs}" if leaf.measure else f"目标值、{needs}"


def _computed_from(spec: Measure) -> str:
    """Say how a value is computed, and that it is not to be typed."""
    names = (*spec.of, *spec.base)
    sheet = "问卷统计" if all(map(is_survey_figure, names)) else "基础数据"
    of, base = _sum(spec.of), _sum(spec.base)
    match spec.kind:
        case MeasureKind.RATE:
            how = f"{of} ÷ {base}"
        case MeasureKind.SAVED:
            how = f"（{' + '.join(spec.base)} − {of}）÷ {base}"
        case MeasureKind.CHANGED:
            how = f"（{' + '.join(spec.of)} − {base}）÷ {base}"
        case MeasureKind.INDEX:
            weighted = zip(spec.of, spec.weights, strict=True)
            how = f"（{' + '.join(f'{name} × {plain(weight)}' for name, weight in weighted)}）÷ 总人数"
        case MeasureKind.MEAN:
            how = f"{'、'.join(spec.of)}的平均"
        case MeasureKind.VALUE:
            how = " + ".join(spec.of)
    return f"由“{sheet}”算：{how}，不用填实际值"


def _sum(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"（{' + '.join(names)}）"


def _elements(scheme: Scheme, data: EvaluationData) -> list[_Line]:
    helpers = {
        f"{leaf.code}.{number}": {"指标名称": leaf.name, "要点内容": name}
        for leaf in scheme.leaves()
        if leaf.rule is not None
        for number, name in enumerate(leaf.rule.element_names, start=1)
    }
    codes = dict.fromkeys((*helpers, *data.elements))
    return [_Line(data.elements.get(code, ElementRow(code=code)), helpers.get(code, {})) for code in codes]


def figure_names(scheme: Scheme) -> tuple[str, ...]:
    """Return the names of the sheet 基础数据 that a scheme computes from, in the order of their first use."""
    names = [*scheme.funds.names()]
    if scheme.fund_row:
        names += [scheme.fund_row.initial, scheme.fund_row.annual, scheme.fund_row.executed]
    for leaf in scheme.leaves():
        if leaf.measure:
            names += [*leaf.measure.of, *leaf.measure.base]
    return tuple(dict.fromkeys(name for name in names if name and not is_survey_figure(name)))


def _formats(book: Any) -> _Formats:
    usual = {"num_format": "@", "text_wrap": True, "valign": "top"}
    heading = {"bold": True, "border": 1, "border_color": "#9FB2C4", "valign": "vcenter", "text_wrap": True}
    return _Formats(
        names=book.add_format({"num_format": "@", "font_color": "#7F7F7F", "font_size": 9}),
        headings=book.add_format({**heading, "bg_color": "#DCE6F1"}),
        helper_headings=book.add_format({**heading, "bg_color": "#EDEDED", "font_color": "#7F7F7F"}),
        cells=book.add_format(usual),
        helpers=book.add_format({**usual, "font_color": "#7F7F7F"}),
        title=book.add_format({"bold": True, "font_size": 14}),
    )


def _write_sheet(page: Any, sheet: Sheet, lines: Sequence[_Line], layout: DataLayout, formats: _Formats) -> None:
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width, formats.cells)
        page.write_string(0, at, column.name, formats.names)
        page.write_string(1, at, column.labels[0], formats.headings)
        page.write_comment(1, at, column.note, {"x_scale": 1.6})
        if column.holds is Holds.MET:
            yes, no = (_text(value, layout) for value in (True, False))
            last = HEADER_ROWS + max(len(lines), ROWS_TO_TYPE_IN)
            page.data_validation(HEADER_ROWS, at, last, at, _choice(yes, no))
    width = len(sheet.columns)
    for at, helper in enumerate(sheet.helpers, start=width):
        page.set_column(at, at, RULE_WIDTH if helper in _WIDE_HELPERS else HELPER_WIDTH, formats.helpers)
        page.write_string(0, at, helper, formats.names)
        page.write_string(1, at, helper, formats.helper_headings)
    for number, line in enumerate(lines, start=HEADER_ROWS):
        for at, text in _texts(sheet, line, layout):
            page.write_string(number, at, text)
        if sheet.key and any(line.helpers.values()):
            # The helping columns stand far to the right: whoever types sees them at the code.
            told = "\n".join(f"{helper}：{text}" for helper, text in line.helpers.items() if text)
            page.write_comment(number, 0, told, {"x_scale": 2.5, "y_scale": 1.5})
    page.freeze_panes(HEADER_ROWS, 1)
    page.ignore_errors({"number_stored_as_text": f"A1:Z{HEADER_ROWS + len(lines) + ROWS_TO_TYPE_IN}"})
    page.set_landscape()
    page.set_paper(A4)
    page.repeat_rows(1)
    if sum(column.width for column in sheet.columns) <= WIDEST_ON_ONE_PAGE:
        page.fit_to_pages(1, 0)
    else:
        page.repeat_columns(0)


def _choice(yes: str, no: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": [yes, no],
        "error_title": "填写有误",
        "error_message": f"请填 {yes} 或 {no}，还没有查的留空。",
    }


def _texts(sheet: Sheet, line: _Line, layout: DataLayout) -> Iterator[tuple[int, str]]:
    """Yield position and text of the cells that are not empty."""
    texts = [_text(getattr(line.row, column.name), layout) for column in sheet.columns]
    texts += [line.helpers.get(helper, "") for helper in sheet.helpers]
    return ((at, text) for at, text in enumerate(texts) if text)


def _text(value: str | tuple[str, ...] | bool | None, layout: DataLayout) -> str:
    if isinstance(value, bool):
        return next(word for word, met in layout.met.items() if met is value)
    return "、".join(value) if isinstance(value, tuple) else value or ""


def _write_guide(page: Any, guide: Guide, sheets: Sequence[Sheet], formats: _Formats) -> None:
    for at, width in enumerate(_GUIDE_WIDTHS):
        page.set_column(at, at, width, formats.cells)
    page.write_string(0, 0, guide.name, formats.title)
    row = 1
    last = len(_GUIDE_WIDTHS) - 1
    for number, text in enumerate(guide.lines, start=1):
        page.merge_range(row, 0, row, last, f"{number}. {text}", formats.cells)
        page.set_row(row, _GUIDE_LINE * (2 if len(text) > _GUIDE_LINE_CHARS else 1))
        row += 1
    row += 1
    for at, heading in enumerate(guide.headings):
        page.write_string(row, at, heading, formats.headings)
    for sheet in sheets:
        row += 1
        page.write_string(row, 0, sheet.name, formats.headings)
        page.merge_range(row, 1, row, last, sheet.about, formats.cells)
        for column in sheet.columns:
            row += 1
            for at, text in enumerate((column.name, column.labels[0], column.note), start=1):
                page.write_string(row, at, text, formats.cells)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
