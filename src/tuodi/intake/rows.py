"""What the readers of all sorts of files share: open by layout, cells -> values, findings with their place."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tuodi.intake.cells import Cell, Converter, Value, absent, reader_of, shown
from tuodi.intake.foot_rows import FootRows
from tuodi.intake.layouts import LAYOUT_IDS, Columns, Layout, bind_columns, load_layout
from tuodi.intake.sources import DEFAULT_LIMITS, Limits
from tuodi.intake.tables import Clock, Table, open_table
from tuodi.kernel.finding import Fault, Finding, Severity


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A table whose columns are known; ``findings`` weigh nothing more than a warning."""

    table: Table
    columns: Columns
    findings: list[Finding]


def open_file(
    path: Path,
    layout_id: str,
    needs: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> OpenFile | list[Finding]:
    """Open a file by its layout; findings, at least one of them an error, if it cannot be used."""
    layout = load_layout(layout_id)
    table = open_table(path, layout.by_heading(), limits, clock)
    if isinstance(table, Finding):
        return [table]
    columns, findings = bind_columns(layout, table.header, table.file, table.sheet, table.header_row, needs)
    findings = table.findings + findings
    if any(finding.is_error for finding in findings):
        return _told_by_its_kind(path, layout, findings, limits, clock)
    return OpenFile(table, columns, findings)


def _told_by_its_kind(
    path: Path, layout: Layout, findings: list[Finding], limits: Limits, clock: Clock
) -> list[Finding]:
    """Return the findings of a refused file; where it is a file of another layout, that instead of each column."""
    missing = [finding for finding in findings if finding.rule == "column-missing"]
    other = _likely_layout(path, limits, clock) if missing else None
    if other is None or other.id == layout.id:
        return findings
    if "enrolments" in (layout.id, other.id):
        meant = f"请核对 --{layout.id} 写的是不是{layout.title}"
    else:
        meant = f"是不是把 --{layout.id} 和 --{other.id} 写反了？"
    names = "、".join(field.both_names for field in layout.fields if field.required)
    message = f"不是{layout.title}（必需的列是 {names}）"
    return [replace(missing[0], message=message, advice=f"这像是{other.title}，{meant}")]


def _likely_layout(path: Path, limits: Limits, clock: Clock) -> Layout | None:
    """Return the layout of which a file has all required columns, the one with the most columns if several."""
    found: list[tuple[int, Layout]] = []
    for layout in map(load_layout, LAYOUT_IDS):
        table = open_table(path, layout.by_heading(), limits, clock)
        if isinstance(table, Finding):
            continue
        columns, _ = bind_columns(layout, table.header, table.file, table.sheet, table.header_row)
        if all(field.name in columns.positions for field in layout.fields if field.required):
            found.append((len(columns.positions), layout))
    return max(found, key=lambda each: each[0])[1] if found else None


def refuses_the_file(finding: Finding) -> bool:
    """Tell whether an error refuses its whole file; one about a row names its column or is about the row's width."""
    if finding.rule in ("column-missing", "column-twice"):
        return True
    return finding.is_error and not finding.column and finding.rule != "row-width"


class RowReader:
    """Turns rows of one file into values, in the order of ``names``; columns are looked up once."""

    def __init__(self, file: str, sheet: str, columns: Columns, names: Sequence[str]) -> None:
        """Bind the columns; a field whose column the file lacks always has the value of an empty cell."""
        self.file, self.sheet, self.columns = file, sheet, columns
        self.names = tuple(names)
        self.width = len(columns.header)
        fields = {field.name: field for field in columns.layout.fields}
        self._plan: list[tuple[Converter, int, Value]] = []
        for name in self.names:
            read, if_empty = reader_of(fields[name].kind, fields[name].required)
            position = columns.positions.get(name)
            self._plan.append((absent, 0, if_empty) if position is None else (read, position, if_empty))

    def values(self, cells: Sequence[Cell]) -> list[Value]:
        """Return the row's values, a Fault in each place where the cell is bad; the row has the header's width."""
        return [read(cells[position], if_empty) for read, position, if_empty in self._plan]

    def finding(
        self,
        number: int,
        cells: Sequence[Cell],
        name: str,
        fault: Fault,
        severity: Severity = Severity.ERROR,
        consequence: str = "",
    ) -> Finding:
        """Return the finding for one cell; ``consequence`` is what the fault leads to, said after its message."""
        position = self.columns.positions.get(name)
        return Finding(
            rule=fault.rule,
            severity=severity,
            message=f"{fault.message}，{consequence}" if consequence else fault.message,
            advice=fault.advice,
            file=self.file,
            sheet=self.sheet,
            row=number,
            column=self.columns.heading(name) if name else "",
            value=shown(cells[position]) if position is not None and position < len(cells) else "",
        )

    def faults(self, values: Sequence[Value]) -> Iterator[tuple[str, Fault]]:
        """Yield the field and fault of each bad cell among a row's values."""
        for name, value in zip(self.names, values, strict=True):
            if isinstance(value, Fault):
                yield name, value

    def wrong_width(self, number: int, cells: Sequence[Cell], consequence: str) -> Finding:
        """Return the finding for a row with more or fewer cells than the header."""
        message = f"该行有 {len(cells)} 列，列名行有 {self.width} 列，{consequence}"
        advice = "请核对是否多了或少了逗号；内容里有逗号的，用双引号括起"
        fault = Fault("row-width", message, advice)
        return self.finding(number, cells, "", fault)

    def readable_text(self, cells: Sequence[Cell], name: str) -> str:
        """Return what a bad row shows in an ID column, as far as it can be told; empty if it cannot."""
        position = self.columns.positions.get(name)
        if position is None or position >= len(cells):
            return ""
        return shown(cells[position]).strip(" \t'")

    def texts_of_shifted_row(self, cells: Sequence[Cell], name: str) -> frozenset[str]:
        """Return what may stand in a column of a row with too many or too few cells.

        A lost or stray comma shifts what is behind it: the column is counted from the left and from the right.
        """
        position = self.columns.positions[name]
        places = {position, position + len(cells) - self.width}
        texts = {shown(cells[place]).strip(" \t'") for place in places if 0 <= place < len(cells)}
        return frozenset(texts - {""})


class GoodRows:
    """Walks a file once and yields its good rows; what refuses the others is kept here.

    ``count`` are all rows, ``bad`` the refused, ``feet`` the foot rows; ``refused`` are the ids in ``id_field`` of bad
    rows, as far as they can be told. ``usable`` is False once the file ended badly.
    """

    def __init__(
        self,
        opened: OpenFile,
        names: Sequence[str],
        id_field: str,
        consequence: Callable[[str], str],
        judged: Callable[[list[Value]], list[tuple[str, Fault]]],
    ) -> None:
        """Bind a file; ``consequence`` says what a bad row leads to, ``judged`` what is wrong with readable values."""
        self._rows = opened.table.rows
        self._reader = RowReader(opened.table.file, opened.table.sheet, opened.columns, names)
        self._foot_rows = FootRows(opened.table.file, opened.table.sheet, opened.columns)
        self._id_field, self._consequence, self._judged = id_field, consequence, judged
        self.findings = list(opened.findings)
        self.refused: set[str] = set()
        self.count = self.bad = self.feet = 0
        self.usable = True

    def __iter__(self) -> Iterator[tuple[int, list[Value]]]:
        """Yield number and values of each good row."""
        for item in self._rows:
            if isinstance(item, Finding):
                self.findings.append(item)
                self.usable = False
                return
            self.count += 1
            number, cells = item
            foot = self._foot_rows.finding(number, cells)
            if foot:
                self.feet += 1
                self.findings.append(foot)
            elif len(cells) != self._reader.width:
                ids = self._reader.texts_of_shifted_row(cells, self._id_field)
                consequence = self._consequence("、".join(sorted(ids)))
                self._refuse(ids, [self._reader.wrong_width(number, cells, consequence)])
            else:
                values = self._reader.values(cells)
                faults = list(self._reader.faults(values)) or self._judged(values)
                if not faults:
                    yield number, values
                    continue
                text = self._reader.readable_text(cells, self._id_field)
                said = self._consequence(text)
                found = [self._reader.finding(number, cells, name, fault, consequence=said) for name, fault in faults]
                self._refuse({text} - {""}, found)

    def _refuse(self, ids: Collection[str], findings: list[Finding]) -> None:
        self.bad += 1
        self.refused.update(ids)
        self.findings += findings
