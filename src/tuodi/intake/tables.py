"""A file -> its header and rows, whatever its format. Bad files and broken rows are findings; nothing raises.

The three formats share one shape: a ``Source`` gives numbered raw rows, and this module finds the header among them,
drops blank rows and keeps the limits that all formats have in common.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tuodi.intake.cells import Cell, is_blank, shown
from tuodi.intake.csv_rows import csv_source
from tuodi.intake.layouts import normal_heading
from tuodi.intake.parquet_rows import parquet_source
from tuodi.intake.sources import DEFAULT_LIMITS, Limits, Row, Source, file_finding
from tuodi.intake.xlsx_rows import xlsx_sheets, xlsx_source
from tuodi.kernel.finding import Finding, Severity

Clock = Callable[[], float]

HEADER_ROWS_SEARCHED = 20
_ROWS_PER_CLOCK_LOOK = 1024

_READERS: dict[str, Callable[[Path, Limits, Collection[str]], Source | Finding]] = {
    ".csv": csv_source,
    ".xlsx": xlsx_source,
    ".xlsm": xlsx_source,
    ".xls": xlsx_source,
    ".parquet": parquet_source,
}
_SAVE_AS = "请用表格软件打开，另存为 XLSX 工作簿或“CSV UTF-8（逗号分隔）”后再导入"
_OTHER_FORMATS = {
    ".et": "WPS 表格",
    ".ett": "WPS 表格模板",
    ".wps": "WPS 文字",
    ".xlsb": "二进制 Excel 工作簿",
    ".ods": "ODS 表格",
    ".doc": "Word 文档",
    ".docx": "Word 文档",
    ".pdf": "PDF 文件",
    ".html": "网页",
    ".htm": "网页",
    ".zip": "压缩包",
    ".rar": "压缩包",
    ".7z": "压缩包",
}


@dataclass(slots=True)
class Table:
    """An open table. ``rows`` can be walked once; a Finding among them is the last item: the file ended badly there.

    Row numbers count as a spreadsheet shows them. A row may have another number of cells than the header only in
    CSV files, where the reader of the rows must refuse it.
    """

    file: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    findings: list[Finding]
    rows: Iterator[Row | Finding]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook that were asked for, by name in its order; ``others`` and ``hidden`` are only names."""

    opened: tuple[tuple[str, Table | Finding], ...]
    others: tuple[str, ...]
    hidden: tuple[str, ...]


def open_table(
    path: Path,
    headings: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
    header_row: int | None = None,
) -> Table | Finding:
    """Open a CSV file, a workbook or a parquet file; a Finding tells why it cannot be read.

    ``headings`` (in their compared form) help to find the header row below a title and the right sheet; without them
    the first row that is not blank is the header. With ``header_row`` (1 to HEADER_ROWS_SEARCHED) that row is the
    header and no other.
    """
    refused = _refused_unopened(path, limits)
    if refused:
        return refused
    started = clock()
    source = _READERS[path.suffix.lower()](path, limits, headings)
    if isinstance(source, Finding):
        return source
    if header_row is not None:
        return _with_header_at(path, source, headings, limits, clock, started, header_row)
    return _with_header(path, source, headings, limits, clock, started)


def open_sheets(
    path: Path,
    headings: Mapping[str, Collection[str]],
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> Sheets | Finding:
    """Open the sheets of a workbook by their names, each with its own headings; a Finding if it cannot be read."""
    refused = _refused_unopened(path, limits)
    if refused:
        return refused
    started = clock()
    found = xlsx_sheets(path, limits)
    if isinstance(found, Finding):
        return found
    opened: list[tuple[str, Table | Finding]] = []
    others: list[str] = []
    for each in found.visible:
        name = each.sheet.name.strip()
        if name in headings:
            opened.append((name, _with_header(path, each.source(path), headings[name], limits, clock, started)))
        else:
            others.append(name)
    return Sheets(tuple(opened), tuple(others), found.hidden)


def is_workbook(path: Path) -> bool:
    """Tell by its name whether a file is a workbook, which may have several sheets."""
    return _READERS.get(path.suffix.lower()) is xlsx_source


def _refused_unopened(path: Path, limits: Limits) -> Finding | None:
    """Return what refuses a file by its name and size alone."""
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        name = _OTHER_FORMATS.get(suffix)
        message = (
            f"是{name}，不能直接读取" if name else f"不认识的文件类型“{suffix}”，只能读取 CSV、XLSX、XLS 和 parquet"
        )
        return file_finding(path, "file-format", message, _SAVE_AS)
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        return file_finding(path, "file-missing", "文件不存在或没有权限读取", "请核对文件名和所在文件夹")
    if not path.is_file():
        return file_finding(path, "file-missing", "不是文件", "请核对文件名和所在文件夹")
    if size == 0:
        return file_finding(path, "file-empty", "文件是空的", "请重新导出")
    if size > limits.file_bytes:
        return limits.exceeded(path, f"文件大小超过 {limits.file_bytes // 2**20} MB")
    return None


def _with_header(
    path: Path, source: Source, headings: Collection[str], limits: Limits, clock: Clock, started: float
) -> Table | Finding:
    first: Row | None = None
    seen: list[Row] = []
    for item in source.rows:
        if isinstance(item, Finding):
            return item
        number, cells = item
        if len(cells) > limits.columns:
            return limits.exceeded(path, f"列数超过 {limits.columns}", source.sheet, number)
        if all(map(is_blank, cells)):
            continue
        seen.append(item)
        first = first or item
        if not headings or known_headings(cells, headings) >= 2:
            first = item
            break
        if len(seen) == HEADER_ROWS_SEARCHED:
            break
    if first is None:
        return file_finding(path, "file-empty", "文件里没有数据", "请重新导出", sheet=source.sheet)
    number, cells = first
    if len(cells) == 1 and any(known_headings(list(shown(cells[0]).split(mark)), headings) >= 2 for mark in ";\t|"):
        return file_finding(path, "csv-separator", "不是用逗号分隔的", "请改为半角逗号分隔，或另存为 XLSX", row=number)
    at = seen.index(first)
    rows = _kept_within(path, source, chain(seen[at + 1 :], source.rows), limits, clock, started)
    return _table(path, source, first, at, rows)


def _with_header_at(
    path: Path,
    source: Source,
    headings: Collection[str],
    limits: Limits,
    clock: Clock,
    started: float,
    header_row: int,
) -> Table | Finding:
    above = 0
    for item in source.rows:
        if isinstance(item, Finding):
            return item
        number, cells = item
        if len(cells) > limits.columns:
            return limits.exceeded(path, f"列数超过 {limits.columns}", source.sheet, number)
        if number < header_row:
            above += not all(map(is_blank, cells))
            continue
        if number > header_row or known_headings(cells, headings) < min(2, len(headings)):
            break
        return _table(path, source, item, above, _kept_within(path, source, source.rows, limits, clock, started))
    message = f"按报送格式，列名在第 {header_row} 行，这一行没有认识的列名"
    advice = "请核对文件；表样变了的，请改报送格式里的列名行，或留空由程序查找"
    return file_finding(path, "header-row-absent", message, advice, sheet=source.sheet, row=header_row)


def _table(path: Path, source: Source, first: Row, above: int, rows: Iterator[Row | Finding]) -> Table:
    number, cells = first
    findings = list(source.findings)
    if above:
        message = f"列名在第 {number} 行，它上面的 {above} 行未读取"
        advice = "标题和说明可以保留，不影响读取"
        findings.append(
            file_finding(path, "header-row", message, advice, Severity.INFO, sheet=source.sheet, row=number)
        )
    return Table(path.name, source.sheet, tuple(shown(cell) for cell in cells), number, findings, rows)


def known_headings(cells: list[Cell], headings: Collection[str]) -> int:
    """Count the cells of a row that are among the given headings."""
    return sum(1 for cell in cells if isinstance(cell, str) and normal_heading(cell) in headings)


def _kept_within(
    path: Path, source: Source, rows: Iterator[Row | Finding], limits: Limits, clock: Clock, started: float
) -> Iterator[Row | Finding]:
    for count, item in enumerate(rows, start=1):
        if isinstance(item, Finding):
            yield item
            return
        if count > limits.rows:
            yield limits.exceeded(path, f"行数超过 {limits.rows}", source.sheet, item[0])
            return
        if count % _ROWS_PER_CLOCK_LOOK == 0 and clock() - started > limits.seconds:
            yield limits.exceeded(path, f"读取时间超过 {limits.seconds:g} 秒", source.sheet, item[0])
            return
        cells = item[1]
        # Most rows begin with an id: only a row whose first cell is blank can be blank.
        if cells and not is_blank(cells[0]) or not all(map(is_blank, cells)):
            yield item
