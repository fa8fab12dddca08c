"""A cut of the sample county: the files with faults, and what those rows were before they were spoiled."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from tuodi.sample.county import sample_county

_COUNTY = sample_county()
SPOILED = {"roster": _COUNTY.roster_with_errors, "settlements": _COUNTY.settlements_with_errors}
_CLEAN = {"roster": _COUNTY.roster, "settlements": _COUNTY.settlements}
Rows = list[list[str]]


def rows_of(path: Path) -> Rows:
    """Read a CSV file, heading included."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def mended_rows(kind: str) -> Rows:
    """Return the spoiled file as it should be: for each row the one of the sample county that it was made from."""
    heading, *spoiled = rows_of(SPOILED[kind])
    who = heading.index("psn_no")
    concerned = {row[0] for row in rows_of(SPOILED["roster"])[1:]} | {row[who] for row in spoiled}
    unspoiled = {tuple(row) for row in spoiled}
    clean = {tuple(row): row for row in rows_of(_CLEAN[kind])[1:] if row[who] in concerned}
    lost = [row for key, row in clean.items() if key not in unspoiled]
    return [heading, *(row if tuple(row) in clean else _nearest(row, lost) for row in spoiled)]


def _nearest(spoiled: Sequence[str], candidates: Rows) -> list[str]:
    return max(candidates, key=lambda row: sum(map(str.__eq__, row, spoiled)))


def with_towns(rows: Rows) -> Rows:
    """Add the town to a roster, which stands in the family's number: T03-0017 is the third's."""
    towns = [int(row[-1].partition("-")[0].removeprefix("T")) for row in rows[1:]]
    return [
        [*rows[0], "乡镇"],
        *([*row, f"{_COUNTY.towns[at - 1]}镇"] for row, at in zip(rows[1:], towns, strict=True)),
    ]


def csv_file(path: Path, rows: Rows) -> Path:
    """Write rows as the insurance platform exports them."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    return path


def sheet_rows(path: Path) -> Rows:
    """Read the first sheet of a workbook as text."""
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.to_python()]


def mended_workbook(downloaded: Path, kind: str) -> Path:
    """Mend a workbook of bad rows as its receiver would: each row as it should be, the columns in front left alone."""
    heading, *rows = sheet_rows(downloaded)
    true = mended_rows(kind)
    first = heading.index(true[0][0])
    mended = downloaded.with_name(f"更正后的{kind}.xlsx")
    with xlsxwriter.Workbook(str(mended)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, heading)
        for at, row in enumerate(rows, start=1):
            right = true[int(row[0]) - 1]
            page.write_row(at, 0, [*row[:first], *right, *row[first + len(right) :]])
    return mended
