"""What an empty workbook for a disclosure holds: the sheets to fill in and one sheet for each table of the set."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tuodi.accounts.disclosure import Accounts, Told
from tuodi.accounts.filled import GridCell, filled_table
from tuodi.accounts.library import DEFAULT_SET, set_path
from tuodi.accounts.set_loader import load_set
from tuodi.accounts.sheets import (
    EXTRA_SHEET,
    FACTS,
    LAST_YEAR_SHEET,
    PROJECTS,
    REASONS,
    FilledSheet,
    accounts_layout,
)
from tuodi.accounts.table_set import TableSet

_BLANK_PROJECT_ROWS = 12
_CODE_ROWS = 20
"""Empty rows a table by codes is given, for people who fill it in by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankSheet:
    """One sheet of the workbook: rows of cells from the top (spans as in a table), the first ``frozen`` stay in view.

    ``widths`` in characters. ``amounts`` are the columns (from 0) for numbers; all others are formatted as text.
    """

    name: str
    rows: tuple[tuple[GridCell, ...], ...]
    widths: tuple[int, ...]
    frozen: int
    amounts: tuple[int, ...] = ()
    comments: tuple[tuple[int, int, str], ...] = ()


def blank_set(set_id: str = DEFAULT_SET) -> TableSet:
    """Return a shipped set; ValueError if it is broken (a fault of the program)."""
    tables, findings = load_set(set_path(set_id), f"accounts/sets/{set_id}.yaml")
    if tables is None:
        raise ValueError("; ".join(finding.sentence() for finding in findings))
    return tables


def blank_sheets(tables: TableSet) -> tuple[BlankSheet, ...]:
    """Return the sheets of an empty workbook: how to fill it in, facts and figures, then the tables in order."""
    layout = accounts_layout()
    guide = tuple((GridCell(line),) for line in (f"{tables.title}：填报说明", *layout.guide_lines))
    sheets = [BlankSheet(name=layout.guide_name, rows=guide, widths=(110,), frozen=0)]
    sheets += [_filled_sheet(layout.sheet(sheet_id), tables) for sheet_id in
               (FACTS, LAST_YEAR_SHEET, EXTRA_SHEET, REASONS, PROJECTS)]  # fmt: skip
    return (*sheets, *_table_sheets(tables))


def _filled_sheet(sheet: FilledSheet, tables: TableSet) -> BlankSheet:
    header = tuple(GridCell(column.labels[0], bold=True) for column in sheet.columns)
    lines = list(_lines(sheet, tables))
    amounts = {"value"} if sheet.id in (LAST_YEAR_SHEET, EXTRA_SHEET) else {"budget", "executed"}
    return BlankSheet(
        name=sheet.name,
        rows=(header, *(tuple(map(GridCell, line)) for line in lines)),
        widths=tuple(column.width for column in sheet.columns),
        frozen=1,
        amounts=tuple(place for place, column in enumerate(sheet.columns) if column.name in amounts),
        comments=tuple((0, place, column.hint) for place, column in enumerate(sheet.columns) if column.hint),
    )


def _lines(sheet: FilledSheet, tables: TableSet) -> Iterator[tuple[str, ...]]:
    if sheet.id == FACTS:
        for item in tables.facts:
            yield item.id, tables.id if item.id == "表样" else "", item.hint
    elif sheet.id == LAST_YEAR_SHEET:
        yield from ((item.label, "", item.hint) for item in tables.last_year)
    elif sheet.id == EXTRA_SHEET:
        yield from ((item.label, "", item.hint) for item in tables.extra)
    elif sheet.id == REASONS:
        yield from ((growth.name, "", "有增减的填写，没有增减的不填") for growth in tables.growths)
    else:
        yield from (("",) * len(sheet.columns) for _ in range(_BLANK_PROJECT_ROWS))


def _table_sheets(tables: TableSet) -> Iterator[BlankSheet]:
    empty = Accounts(id="", tables=tables, cells={}, facts={"部门名称": (Told(""),)})
    # People give amounts in yuan whatever unit the set is published in.
    for form in tables.tables:
        table = replace(filled_table(empty, form), unit="金额单位：元")
        titles = tuple((GridCell(words),) for words in (table.title, table.number, f"{table.entity} {table.unit}"))
        rows = table.rows if form.rows or not form.blocks[0].keys else (*table.rows, *(table.rows[-1],) * _CODE_ROWS)
        yield BlankSheet(
            name=form.number,
            rows=(*titles, *table.heading_rows, *rows, (GridCell(f"注：{table.note}"),)),
            widths=tuple(width * 3 // 2 for width in table.widths),
            frozen=len(titles) + len(table.heading_rows),
            amounts=_amount_columns(table.rows),
        )


def _amount_columns(rows: tuple[tuple[GridCell, ...], ...]) -> tuple[int, ...]:
    """Return the columns that hold amounts."""
    places: set[int] = set()
    for row in rows:
        at = 0
        for cell in row:
            if cell.key:
                places.add(at)
            at += cell.columns
    return tuple(sorted(places))
