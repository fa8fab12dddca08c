"""The sheets of a folder, a workbook or a single file as raw rows: titles, headings, data and notes together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tuodi.intake.cells import Cell, shown
from tuodi.intake.sources import Limits, Row, file_finding
from tuodi.intake.tables import Table, is_workbook, open_sheets, open_table
from tuodi.kernel.finding import Finding, Severity

LIMITS = Limits(
    file_bytes=64 * 2**20, unpacked_bytes=512 * 2**20, sheet_cells=500_000, rows=5_000, columns=200, seconds=60
)
"""Far more than a disclosure holds: its largest table has some dozens of rows."""
MOST_FILES = 100
WORKBOOK = "accounts.xlsx"
_KINDS = (".csv", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet, or a CSV file under its stem, with all rows that hold something."""

    file: str
    name: str
    rows: tuple[Row, ...]

    @property
    def sheet(self) -> str:
        """Return the name findings give the sheet: none for a CSV file."""
        return "" if self.file.lower().endswith(".csv") else self.name


def raw_sheets(path: Path, limits: Limits = LIMITS) -> tuple[list[RawSheet], list[Finding]]:
    """Read every sheet of a workbook, or of all workbooks and CSV files in a folder. Never raises for any file."""
    try:
        names = sorted(each.name for each in path.iterdir()) if path.is_dir() else None
    except (OSError, ValueError):
        return [], [file_finding(path, "file-missing", "文件夹无法读取", "请核对文件夹的读取权限")]
    if names is None:
        return _sheets_of(path, limits)
    if WORKBOOK in names:
        return _workbook_of(path, names, limits)
    # Names beginning with ~$ or a dot are what office programs leave beside an open file.
    files = [path / name for name in names if name.lower().endswith(_KINDS) and not name.startswith(("~$", "."))]
    if not files:
        message = f"文件夹里没有 {WORKBOOK}，也没有 CSV 或 XLSX 文件"
        return [], [file_finding(path, "data-missing", message, "请核对文件夹，或用 accounts new 新建一份")]
    if len(files) > MOST_FILES:
        return [], [limits.exceeded(path, f"文件夹里的文件超过 {MOST_FILES} 个")]
    sheets: list[RawSheet] = []
    findings: list[Finding] = []
    for file in files:
        found, told = _sheets_of(file, limits)
        sheets += found
        findings += told
    return sheets, findings


def _workbook_of(folder: Path, names: Sequence[str], limits: Limits) -> tuple[list[RawSheet], list[Finding]]:
    """Read the workbook of a folder; what else lies there may be what was published from it."""
    sheets, findings = _sheets_of(folder / WORKBOOK, limits)
    others = [name for name in names if name.lower().endswith(_KINDS) and name != WORKBOOK]
    others = [name for name in others if not name.startswith(("~$", "."))]
    if others:
        message = f"文件夹里有 {WORKBOOK}，只读取了它，未读取：{'、'.join(others)[:200]}"
        advice = "需要读取的，请把工作表粘贴到工作簿里"
        findings.append(file_finding(folder, "data-twice", message, advice, Severity.INFO))
    return sheets, findings


def _sheets_of(path: Path, limits: Limits) -> tuple[list[RawSheet], list[Finding]]:
    if not is_workbook(path):
        return _collected(path, [(path.stem.strip(), open_table(path, (), limits))])
    first = open_sheets(path, {}, limits)
    if isinstance(first, Finding):
        return [], [first]
    opened = open_sheets(path, dict.fromkeys(first.others, ()), limits)
    if isinstance(opened, Finding):
        return [], [opened]
    sheets, findings = _collected(path, opened.opened)
    if first.hidden:
        message = f"有隐藏的工作表，未读取：{'、'.join(first.hidden)[:200]}"
        advice = "需要读取的，请取消隐藏后保存"
        findings.append(file_finding(path, "sheet-hidden", message, advice, Severity.WARNING))
    return sheets, findings


def _collected(path: Path, tables: Sequence[tuple[str, Table | Finding]]) -> tuple[list[RawSheet], list[Finding]]:
    sheets: list[RawSheet] = []
    findings: list[Finding] = []
    for name, table in tables:
        if isinstance(table, Finding):
            if not (table.rule == "file-empty" and table.sheet):  # a sheet without content is as good as none
                findings.append(table)
            continue
        first: list[Cell] = list(table.header)
        rows: list[Row] = [(table.header_row, first)]
        findings += table.findings
        for item in table.rows:
            if isinstance(item, Finding):
                findings.append(item)
                break
            rows.append(item)
        sheets.append(RawSheet(path.name, name, tuple(rows)))
    return sheets, findings


_MARKS = str.maketrans(
    {"(": "（", ")": "）", ":": "：", "“": "", "”": "", '"': "", "'": "", "\u200b": "", "\ufeff": ""}
)


def bare(cell: Cell) -> str:
    """Return a cell's words in the form in which headings and labels are compared: no blanks, no quotation marks."""
    return re.sub(r"\s+", "", shown(cell)).translate(_MARKS)
