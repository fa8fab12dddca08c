"""The list of errors that goes back to whoever sent a file: one row per refused cell, the same for every command."""

from collections.abc import Iterable
from pathlib import Path

from tuodi.kernel.finding import Finding
from tuodi.report.tables import Cell, Column, Kind, write_table

COLUMNS = (
    Column("file"),
    Column("sheet"),
    Column("row", Kind.COUNT),
    Column("column"),
    Column("value"),
    Column("rule"),
    Column("message"),
    Column("advice"),
)

_STARTS_A_FORMULA = ("=", "@", "\t", "\r")


def write_errors(path: Path, findings: Iterable[Finding]) -> int:
    """Write the findings of severity error to a file whose suffix is one of ``tables.SUFFIXES``; return how many.

    The header stands even where there are none. What a sender wrote could be a formula: such a text gets a leading
    apostrophe, so that a spreadsheet shows it and does not run it.
    """
    rows = (_row(finding) for finding in findings if finding.is_error)
    return write_table(path, COLUMNS, rows, sheet="错误清单")


def _row(finding: Finding) -> tuple[Cell, ...]:
    texts = (finding.column, finding.value, finding.rule, finding.message, finding.advice)
    return _plain(finding.file), _plain(finding.sheet), finding.row, *map(_plain, texts)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
