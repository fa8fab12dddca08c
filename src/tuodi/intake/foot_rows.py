"""Foot rows: totals that somebody put under or between the data. They are left out and told, and refuse nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tuodi.intake.cells import Cell, is_blank, shown
from tuodi.intake.layouts import Columns, Kind
from tuodi.kernel.finding import Finding, Severity

RULE = "foot-row"
WORDS = frozenset({"合计", "小计", "总计", "总合计", "共计", "累计", "本页合计", "本页小计"})

_ADVICE = "不影响计算；如果其实是数据，请补上编号"
_ROWS_NAMED = 10


class FootRows:
    """Tells the foot rows of one file from its data."""

    def __init__(self, file: str, sheet: str, columns: Columns) -> None:
        """Bind the columns of a file, as ``intake.layouts.bind_columns`` found them."""
        self._file, self._sheet = file, sheet
        self._read = sorted(columns.positions.values())
        ids = [field for field in columns.layout.fields if field.kind is Kind.ID and field.name in columns.positions]
        self._ids = [columns.positions[field.name] for field in ids]
        self._main_id = next(columns.positions[field.name] for field in ids if field.required)

    def finding(self, number: int, cells: Sequence[Cell]) -> Finding | None:
        """Return the info about a foot row; None if the row is data, good or bad.

        A foot row names nobody and no settlement, and a word such as 合计 stands in its first cell that is not blank
        or in the place of an id. Columns that nobody reads are not looked at, so that every engine sees the same.
        """
        main_id = cells[self._main_id] if self._main_id < len(cells) else None
        if type(main_id) is str and main_id.isascii() and main_id.isalnum():
            return None  # what nearly every row is
        ids = [cells[position] for position in self._ids if position < len(cells) and not is_blank(cells[position])]
        if not all(map(_is_word, ids)):
            return None
        read = (cells[position] for position in self._read if position < len(cells))
        first = next((cell for cell in read if not is_blank(cell)), None)
        found = first if _is_word(first) else next(iter(ids), None)
        if found is None:
            return None
        return Finding(
            rule=RULE,
            severity=Severity.INFO,
            message="是合计行，不是数据，未读取",
            advice=_ADVICE,
            file=self._file,
            sheet=self._sheet,
            row=number,
            value=shown(found),
        )


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with those about foot rows put together: one for each sheet, at the place of its first."""
    told: list[Finding] = []
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    first_at: dict[tuple[str, str], int] = {}
    for finding in findings:
        if finding.rule == RULE:
            place = finding.file, finding.sheet
            rows[place].append(finding.row or 0)
            if place in first_at:
                continue
            first_at[place] = len(told)
        told.append(finding)
    for place, at in first_at.items():
        if len(rows[place]) > 1:
            named = "、".join(map(str, sorted(rows[place])[:_ROWS_NAMED]))
            more = " 等" if len(rows[place]) > _ROWS_NAMED else ""
            message = f"有 {len(rows[place])} 行是合计行，不是数据，未读取：第 {named}{more} 行"
            told[at] = replace(told[at], row=None, value="", message=message)
    return told


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and "".join(cell.split()).strip("'：:") in WORDS
