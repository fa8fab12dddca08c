"""What every file format gives to ``intake.tables``, and the limits that keep a hostile file from harm."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tuodi.intake.cells import Cell
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.zip_parts import ZipLimits

Row: TypeAlias = tuple[int, list[Cell]]
"""The row's number as a spreadsheet shows it, and its cells."""


@dataclass(frozen=True, slots=True)
class Source:
    """Raw rows of one sheet, header and titles included; a Finding among them is the last item."""

    sheet: str
    rows: Iterator[Row | Finding]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(ZipLimits):
    """How much of a file is read at most. Generous for a prefecture's year, small enough for an office machine."""

    file_bytes: int = 2 * 2**30
    sheet_cells: int = 50_000_000
    rows: int = 50_000_000
    columns: int = 500
    cell_chars: int = 32_767
    seconds: float = 1800.0

    def exceeded(self, path: Path, message: str, sheet: str = "", row: int | None = None) -> Finding:
        """Return the finding for a file beyond one of the limits."""
        advice = "请核对文件是否正确；数据确实很多的，请拆成几个文件分别导入"
        return file_finding(path, "file-too-large", message, advice, sheet=sheet, row=row)


DEFAULT_LIMITS = Limits()


def file_finding(
    path: Path,
    rule: str,
    message: str,
    advice: str,
    severity: Severity = Severity.ERROR,
    *,
    sheet: str = "",
    row: int | None = None,
    value: str = "",
) -> Finding:
    """Return a finding about a whole file or the place where reading it ended."""
    return Finding(
        rule=rule, severity=severity, message=message, advice=advice, file=path.name, sheet=sheet, row=row, value=value
    )


def damaged(path: Path, what: str, sheet: str = "", row: int | None = None) -> Finding:
    """Return the finding for a file whose bytes are not what its name says or that was cut short."""
    return file_finding(
        path, "file-damaged", f"{what}已损坏或不完整", "请重新导出或重新拷贝该文件", sheet=sheet, row=row
    )
