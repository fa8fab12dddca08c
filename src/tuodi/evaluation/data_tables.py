"""Reading an evaluation's data: a workbook, a folder with one CSV file for each sheet, or a single file for 指标.

Only what one row says is judged here; what rows say of each other is for ``data_checks``, once the data are complete.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from tuodi.evaluation.data import (
    CommentRow,
    ComplianceRow,
    DeclaredTarget,
    ElementRow,
    EvaluationData,
    EvidenceRow,
    FigureRow,
    IndicatorRow,
    InterviewRow,
    Place,
    ProblemRow,
    ProjectItem,
    SurveyRow,
)
from tuodi.evaluation.sheets import Column, DataLayout, Holds, Sheet, data_layout, heading
from tuodi.intake.cells import Cell
from tuodi.intake.exact_text import exact_number_text, exact_text
from tuodi.intake.layouts import Columns, bind_columns, normal_heading
from tuodi.intake.rows import RowReader
from tuodi.intake.sources import Limits, Row, file_finding
from tuodi.intake.tables import Table, is_workbook, open_sheets, open_table
from tuodi.kernel.finding import Fault, Finding, Severity

DATA_LIMITS = Limits(
    file_bytes=64 * 2**20, unpacked_bytes=512 * 2**20, sheet_cells=2_000_000, rows=20_000, columns=200, seconds=60.0
)
"""Far more than an evaluation holds: people fill these sheets in by hand."""

WORKBOOK = "data.xlsx"
INDICATORS = "indicators"

ROWS: Mapping[str, Callable[..., Any]] = {
    "project": ProjectItem,
    "targets": DeclaredTarget,
    "indicators": IndicatorRow,
    "elements": ElementRow,
    "evidence": EvidenceRow,
    "figures": FigureRow,
    "problems": ProblemRow,
    "compliance": ComplianceRow,
    "interviews": InterviewRow,
    "comments": CommentRow,
    "surveys": SurveyRow,
}
"""The shape of a row by the sheet's id, which is the field of ``EvaluationData``."""

_Value: TypeAlias = str | tuple[str, ...] | bool | None

_SEPARATORS = re.compile(r"[、,，;；\s]+")
_EMPTY = Fault("cell-empty", "必填，不能为空", "请补填")
_NOT_ID = Fault("id-as-number", "编号写成了小数，末尾的 0 可能已丢失", "请把该列设为文本格式，重新填写编号")
_BLANKS = Fault("text-characters", "编号中有空格、换行或不可见字符", "请删去这些字符")
_UNUSED_ROW = "该行未采用"


@dataclass(slots=True)
class _Found:
    """Tables by sheet id, as far as the data have them, and what was found on the way."""

    tables: dict[str, Table] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_data(path: Path, limits: Limits = DATA_LIMITS) -> tuple[EvaluationData, list[Finding]]:
    """Read a workbook, a folder (with ``data.xlsx``, or CSV files named as the sheets) or a single file for 指标.

    A bad row is left out and told by an error; a sheet without its required columns is left out whole; a missing
    sheet is an empty one. Never raises for any file.
    """
    layout = data_layout()
    found = _found(path, layout, limits)
    findings = found.findings
    fields: dict[str, Any] = {}
    for sheet in layout.sheets:
        if sheet.id not in found.tables:
            continue
        rows, told = _rows(sheet, found.tables[sheet.id], layout)
        findings += told
        if sheet.key is None:
            fields[sheet.id] = tuple(rows)
        else:
            fields[sheet.id], twice = _by_key(rows, sheet.key)
            findings += twice
    return EvaluationData(**fields), findings


def _found(path: Path, layout: DataLayout, limits: Limits) -> _Found:
    try:
        names = sorted(each.name for each in path.iterdir()) if path.is_dir() else None
    except (OSError, ValueError):
        return _Found(findings=[file_finding(path, "file-missing", "文件夹无法读取", "请核对文件夹的读取权限")])
    if names is not None:
        return _in_folder(path, names, layout, limits)
    return _in_workbook(path, layout, limits) if is_workbook(path) else _single(path, layout, limits)


def _in_folder(path: Path, names: Sequence[str], layout: DataLayout, limits: Limits) -> _Found:
    files = {Path(name).stem.strip(): path / name for name in names if name.lower().endswith(".csv")}
    known = {sheet.name: sheet for sheet in layout.sheets}
    if WORKBOOK in names:
        found = _in_workbook(path / WORKBOOK, layout, limits)
        unread = [file.name for name, file in files.items() if name in known]
        if unread:
            message = f"文件夹里有 {WORKBOOK}，只读取了它，未读取：{'、'.join(unread)}"
            found.findings.append(
                file_finding(path, "data-twice", message, "请只保留一种，以免两处不一致", Severity.WARNING)
            )
        return found
    found = _Found()
    if not any(name in known for name in files):
        message = f"文件夹里没有 {WORKBOOK}，也没有 指标.csv 等文件"
        found.findings.append(file_finding(path, "data-missing", message, "请核对文件夹，或用 evaluation new 新建一份"))
    for name, file in files.items():
        if name in known:
            _add(found, known[name], open_table(file, known[name].headings(), limits))
    _tell_others(found, path, [file.name for name, file in files.items() if name not in known])
    return found


def _in_workbook(path: Path, layout: DataLayout, limits: Limits) -> _Found:
    sheets = open_sheets(path, {sheet.name: sheet.headings() for sheet in layout.sheets}, limits)
    if isinstance(sheets, Finding):
        return _Found(findings=[sheets])
    if not sheets.opened:
        return _single(path, layout, limits)
    found = _Found()
    known = {sheet.name: sheet for sheet in layout.sheets}
    for name, table in sheets.opened:
        _add(found, known[name], table)
    _tell_others(found, path, [name for name in sheets.others if name != layout.guide.name])
    hidden = [name for name in map(str.strip, sheets.hidden) if name in known]
    if hidden:
        message = f"有隐藏的工作表，未读取：{'、'.join(hidden)}"
        found.findings.append(
            file_finding(path, "sheet-hidden", message, "需要读取的，请取消隐藏后保存", Severity.WARNING)
        )
    return found


def _single(path: Path, layout: DataLayout, limits: Limits) -> _Found:
    """Take a file for the sheet 指标, whatever its format and the name of its sheet."""
    found = _Found()
    sheet = layout.sheet(INDICATORS)
    _add(found, sheet, open_table(path, sheet.headings(), limits))
    return found


def _add(found: _Found, sheet: Sheet, table: Table | Finding) -> None:
    if isinstance(table, Table):
        if sheet.id in found.tables:
            message = f"有两个名为“{sheet.name}”的工作表，只读取了前一个"
            fault = file_finding(Path(table.file), "sheet-twice", message, "请合并为一个", sheet=table.sheet)
            found.findings.append(fault)
        else:
            found.tables[sheet.id] = table
    elif not (table.rule == "file-empty" and table.sheet):  # a sheet without content is as good as none
        found.findings.append(table)


def _tell_others(found: _Found, path: Path, others: Sequence[str]) -> None:
    if others:
        shown = "、".join(others[:20]) + (f" 等 {len(others)} 个" if len(others) > 20 else "")
        message = f"有不认识的工作表或文件，未读取：{shown[:500]}"
        advice = "如果其中有需要的内容，请把名称改为说明中的工作表名称"
        found.findings.append(file_finding(path, "sheet-unknown", message, advice, Severity.INFO))


def _rows(sheet: Sheet, table: Table, layout: DataLayout) -> tuple[list[Any], list[Finding]]:
    """Return the sheet's good rows; none where the sheet lacks a required column or its file ends badly."""
    helpers = set(map(normal_heading, sheet.helpers))
    header = ["" if normal_heading(heading) in helpers else heading for heading in table.header]
    columns, bound = bind_columns(sheet.layout, header, table.file, table.sheet, table.header_row)
    findings = table.findings + bound
    if any(finding.is_error for finding in findings):
        return [], findings
    reader = RowReader(table.file, table.sheet, columns, ())
    rows: list[Any] = []
    for item in _below_second_header(table, columns):
        if isinstance(item, Finding):
            return [], [*findings, item]
        number, cells = item
        if len(cells) != reader.width:
            findings.append(reader.wrong_width(number, cells, _UNUSED_ROW))
            continue
        values, told = _values(sheet, layout, reader, item)
        findings += told
        if values is not None:
            rows.append(ROWS[sheet.id](**values, place=Place(table.file, table.sheet, number)))
    return rows, findings


def _below_second_header(table: Table, columns: Columns) -> Iterator[Row | Finding]:
    """Yield the rows; a first one that only repeats the headings (in Chinese under English ones) is left out."""
    first = next(table.rows, None)
    if first is None:
        return
    if isinstance(first, Finding) or not _is_header(first[1], columns):
        yield first
    yield from table.rows


def _is_header(cells: Sequence[Cell], columns: Columns) -> bool:
    named = columns.layout.by_heading()
    told = [(name, cells[at]) for name, at in columns.positions.items() if at < len(cells) and cells[at] is not None]
    meant = [(name, named.get(normal_heading(cell)) if isinstance(cell, str) else None) for name, cell in told]
    return bool(meant) and all(field is not None and field.name == name for name, field in meant)


def _values(
    sheet: Sheet, layout: DataLayout, reader: RowReader, row: Row
) -> tuple[dict[str, _Value] | None, list[Finding]]:
    """Return a row's values by column; None for a row that is bad or says nothing beyond what was prefilled."""
    number, cells = row
    values: dict[str, _Value] = {}
    faults: list[tuple[str, Fault]] = []
    filled = False
    for column in sheet.columns:
        position = reader.columns.positions.get(column.name)
        cell = None if position is None else cells[position]
        value = _value(cell, column.holds, layout)
        if isinstance(value, Fault):
            faults.append((column.name, value))
            continue
        values[column.name] = value
        filled = filled or not (column.prefilled or value in ("", (), None))
    if not (filled or faults):
        return None, []
    faults += [(column.name, _EMPTY) for column in sheet.columns if column.required and values.get(column.name) == ""]
    if faults:
        told = [reader.finding(number, cells, name, fault, consequence=_UNUSED_ROW) for name, fault in faults]
        named = [heading(sheet.id, name) for name, _ in faults]
        return None, [replace(finding, column=column) for finding, column in zip(told, named, strict=True)]
    return values, []


def _value(cell: Cell, holds: Holds, layout: DataLayout) -> _Value | Fault:
    as_number = holds in (Holds.NUMBER, Holds.ID, Holds.LIST)
    text = (exact_number_text if as_number else exact_text)(cell, layout.longest_text)
    if isinstance(text, Fault):
        return text
    if holds in (Holds.ID, Holds.LIST) and not isinstance(cell, str) and not (text.isdecimal() or not text):
        return _NOT_ID
    if holds is Holds.ID and (not text.isprintable() or any(map(str.isspace, text))):
        return _BLANKS
    if holds is Holds.LIST:
        return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))
    if holds is Holds.MET:
        words = "、".join(layout.met)
        unknown = Fault("met-value", "不能确定是符合还是不符合", f"请填 是 或 否（也认 {words}），还没有查的留空")
        return None if not text else layout.met.get(text.casefold(), unknown)
    return text


def _by_key(rows: Sequence[Any], key: Column) -> tuple[dict[str, Any], list[Finding]]:
    """Return rows by their key; where a key stands twice nobody knows which row counts, so none does."""
    found: dict[str, Any] = {}
    findings: list[Finding] = []
    twice: set[str] = set()
    for row in rows:
        value = getattr(row, key.name)
        if value in found:
            twice.add(value)
            message = f"与第 {found[value].place.row} 行重复，重复的各行都未采用"
            fault = Fault("key-twice", message, "请合并为一行，或改正其中一个")
            findings.append(row.place.finding(fault, f"{key.labels[0]}（{key.name}）", value))
        else:
            found[value] = row
    return {value: row for value, row in found.items() if value not in twice}, findings
