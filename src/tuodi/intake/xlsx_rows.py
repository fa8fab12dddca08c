"""Rows of a workbook, read by python-calamine from a copy that ``xlsx_guard`` or ``xls_guard`` has looked through."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tuodi.intake.cells import Cell, PercentCell, UnreadCell, is_blank
from tuodi.intake.first_bytes import OLD_SUFFIX, refused_by_its_start
from tuodi.intake.layouts import normal_heading
from tuodi.intake.sources import Limits, Row, Source, damaged, file_finding
from tuodi.intake.xls_guard import checked_old_workbook
from tuodi.intake.xlsx_guard import CellPlace, CheckedWorkbook, checked_workbook
from tuodi.kernel.finding import Finding, Severity

_ROWS_SEARCHED = 20


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """A visible sheet that holds something, with the cells that are not what the library takes them for.

    ``unread``: the workbook does not hold their value. ``percents``: they are shown as percentages.
    """

    sheet: CalamineSheet
    unread: dict[CellPlace, UnreadCell]
    percents: frozenset[CellPlace]

    def source(self, path: Path, findings: tuple[Finding, ...] = ()) -> Source:
        """Return the sheet's rows with their numbers."""
        return Source(self.sheet.name, _rows(path, self.sheet, self.unread, self.percents), findings)


@dataclass(frozen=True, slots=True)
class XlsxSheets:
    """The sheets of a workbook in its order; ``hidden`` are the names of those that nobody sees."""

    visible: tuple[XlsxSheet, ...]
    hidden: tuple[str, ...]


def xlsx_sheets(path: Path, limits: Limits) -> XlsxSheets | Finding:
    """Open all visible sheets of a workbook that hold something."""
    refused = refused_by_its_start(path)
    if refused:
        return refused
    is_old = path.suffix.lower() == OLD_SUFFIX
    checked = checked_old_workbook(path, limits) if is_old else checked_workbook(path, limits)
    if isinstance(checked, Finding):
        return checked
    try:
        return _sheets(path, checked)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic inside the library arrives as a BaseException of its own
        return damaged(path, "工作簿")


def xlsx_source(path: Path, limits: Limits, headings: Collection[str]) -> Source | Finding:
    """Open the first visible sheet with a header; where others hold data too, an info says which is read."""
    sheets = xlsx_sheets(path, limits)
    if isinstance(sheets, Finding):
        return sheets
    try:
        return _chosen(path, sheets.visible, headings)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic inside the library arrives as a BaseException of its own
        return damaged(path, "工作簿")


def _sheets(path: Path, checked: CheckedWorkbook) -> XlsxSheets | Finding:
    workbook = CalamineWorkbook.from_filelike(checked.copy)
    visible: list[XlsxSheet] = []
    hidden: list[str] = []
    for index, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        if metadata.visible != SheetVisibleEnum.Visible:
            hidden.append(metadata.name)
            continue
        sheet = workbook.get_sheet_by_index(index)
        if sheet.start is not None:
            known = index < len(checked.unread)
            unread, percents = (checked.unread[index], checked.percents[index]) if known else ({}, frozenset())
            visible.append(XlsxSheet(sheet, unread, percents))
    if not visible:
        return file_finding(path, "file-empty", "工作簿里没有可见的数据", "请核对工作表是否被隐藏或清空")
    return XlsxSheets(tuple(visible), tuple(hidden))


def _chosen(path: Path, sheets: Sequence[XlsxSheet], headings: Collection[str]) -> Source:
    chosen = next((each for each in sheets if _has_header(each.sheet, headings)), sheets[0])
    findings: tuple[Finding, ...] = ()
    if len(sheets) > 1:
        name = chosen.sheet.name
        others = "、".join(each.sheet.name for each in sheets if each is not chosen)
        message = f"有多个工作表，只读取了“{name}”，未读取：{others[:200]}"
        advice = "需要其他工作表的，请另存为单独的文件"
        findings = (file_finding(path, "sheet-choice", message, advice, Severity.INFO, sheet=name),)
    return chosen.source(path, findings)


def _has_header(sheet: CalamineSheet, headings: Collection[str]) -> bool:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        known = sum(1 for cell in cells if isinstance(cell, str) and normal_heading(cell) in headings)
        if known >= 2 or (not headings and not all(map(is_blank, cells))):
            return True
        if number - (sheet.start or (0, 0))[0] >= _ROWS_SEARCHED:
            break
    return False


def _rows(
    path: Path, sheet: CalamineSheet, unread: dict[CellPlace, UnreadCell], percents: frozenset[CellPlace]
) -> Iterator[Row | Finding]:
    number = 0
    first_column = (sheet.start or (0, 0))[1]
    by_row: dict[int, dict[int, UnreadCell | None]] = {}
    for row, column in percents:
        by_row.setdefault(row + 1, {})[column - first_column] = None
    for (row, column), cell in unread.items():
        by_row.setdefault(row + 1, {})[column - first_column] = cell
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row_cells: list[Cell] = cells
            for position, unread_cell in by_row.get(number, {}).items():
                if 0 <= position < len(row_cells):
                    row_cells[position] = unread_cell or _as_percent(row_cells[position])
            yield number, row_cells
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # a panic inside the library arrives as a BaseException of its own
        yield damaged(path, "工作表", sheet.name, number + 1)


def _as_percent(cell: Cell) -> Cell:
    return PercentCell(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell
