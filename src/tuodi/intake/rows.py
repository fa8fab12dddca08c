"""What the readers of all sorts of files share: open by layout, cells -> values, findings with their place."""

import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tuodi.intake.cells import Cell, Converter, Value, absent, not_to_be_kept, reader_of, shown, too_long
from tuodi.intake.foot_rows import FootRows
from tuodi.intake.layouts import (
    LAYOUT_IDS,
    OFFICE_LAYOUT_IDS,
    Columns,
    Kind,
    Layout,
    bind_columns,
    load_layout,
)
from tuodi.intake.sender_format import PLAIN, SenderFormat, cleaned_id, sender_faults
from tuodi.intake.sources import DEFAULT_LIMITS, Limits, Row, file_finding
from tuodi.intake.tables import Clock, Table, open_table
from tuodi.kernel.finding import Fault, Finding, Severity

WRONG_WIDTH = "列数与列名行不同"


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
    sender: SenderFormat = PLAIN,
) -> OpenFile | list[Finding]:
    """Open a file by its layout; findings, at least one of them an error, if it cannot be used.

    Among the rows an error is the last item: the file ended badly there. With a sender's format an info or a warning
    may come too, which only tells what was done.
    """
    layout = load_layout(layout_id)
    table = original_table(path, layout_id, limits, clock, sender)
    if isinstance(table, list):
        return table
    columns, findings = bind_columns(
        layout, table.header, table.file, table.sheet, table.header_row, needs, sender.headings()
    )
    findings = table.findings + findings
    if any(finding.is_error for finding in findings):
        return _told_by_its_kind(path, layout, findings, limits, clock, sender)
    if sender.foot_rows or sender.clean_ids:
        table = replace(table, rows=_rows_as_meant(table, columns, sender))
    return OpenFile(table, columns, findings)


def original_table(
    path: Path,
    layout_id: str,
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
    sender: SenderFormat = PLAIN,
) -> Table | list[Finding]:
    """Open a file as it was sent: nothing cleaned, foot rows among the others; findings if it cannot be opened."""
    layout = load_layout(layout_id)
    faults = sender_faults(sender, layout)
    if faults:
        return [file_finding(path, fault.rule, f"报送格式有误：{fault.message}", fault.advice) for fault in faults]
    headings = layout.by_heading().keys() | sender.headings().keys()
    table = open_table(path, headings, limits, clock, sender.header_row)
    return [table] if isinstance(table, Finding) else table


def _told_by_its_kind(
    path: Path, layout: Layout, findings: list[Finding], limits: Limits, clock: Clock, sender: SenderFormat
) -> list[Finding]:
    """Return the findings of a refused file; where it is a file of another layout, that instead of each column."""
    missing = [finding for finding in findings if finding.rule == "column-missing"]
    at_desk = sender is not PLAIN or layout.id in OFFICE_LAYOUT_IDS
    ids = (*LAYOUT_IDS, *OFFICE_LAYOUT_IDS) if at_desk else LAYOUT_IDS
    other = _likely_layout(path, ids, limits, clock) if missing else None
    if other is None or layout.id in (other.id, other.extends) or other.id == layout.extends:
        return findings
    if at_desk:
        meant = "请核对上传时选的文件种类"
    elif "enrolments" in (layout.id, other.id):
        meant = f"请核对 --{layout.id} 写的是不是{layout.title}"
    else:
        meant = f"是不是把 --{layout.id} 和 --{other.id} 写反了？"
    names = "、".join(field.both_names for field in layout.fields if field.required)
    message = f"不是{layout.title}（必需的列是 {names}）"
    return [replace(missing[0], message=message, advice=f"这像是{other.title}，{meant}")]


def _likely_layout(path: Path, layout_ids: Collection[str], limits: Limits, clock: Clock) -> Layout | None:
    """Return the layout of which a file has all required columns, the one with the most columns if several."""
    found: list[tuple[int, Layout]] = []
    for layout in map(load_layout, layout_ids):
        table = open_table(path, layout.by_heading(), limits, clock)
        if isinstance(table, Finding):
            continue
        columns, _ = bind_columns(layout, table.header, table.file, table.sheet, table.header_row)
        if all(field.name in columns.positions for field in layout.fields if field.required):
            found.append((len(columns.positions), layout))
    return max(found, key=lambda each: each[0])[1] if found else None


def _rows_as_meant(table: Table, columns: Columns, sender: SenderFormat) -> Iterator[Row | Finding]:
    """Yield the rows with ID numbers and codes cleaned and without the last rows, and what was done at the end."""
    kinds = (Kind.ID, Kind.CODE) if sender.clean_ids else ()
    fields = {field.name for field in columns.layout.fields if field.kind in kinds}
    cleaned = [position for name, position in columns.positions.items() if name in fields]
    counts: Counter[int] = Counter()
    waiting: deque[Row] = deque()
    for item in table.rows:
        if isinstance(item, Finding):
            yield item
            if item.is_error:
                return
            continue
        cells = item[1]
        for position in cleaned:
            cell = cells[position] if position < len(cells) else None
            if type(cell) is str and not (cell.isascii() and cell.isalnum()):
                text = cleaned_id(cell)
                if text != cell:
                    cells[position] = text
                    counts[position] += 1
        waiting.append(item)
        if len(waiting) > sender.foot_rows:
            yield waiting.popleft()
    place = Finding(rule="", message="", advice="", severity=Severity.INFO, file=table.file, sheet=table.sheet)
    for position in sorted(counts):
        message = f"按报送格式，有 {counts[position]} 个单元格去掉了空格、单引号、不可见字符或改成了半角"
        advice = "只整理编号和代码，金额和日期不动"
        yield replace(
            place, rule="ids-cleaned", message=message, advice=advice, column=columns.header[position].strip()
        )
    if waiting:
        yield _told_of_foot_rows(list(waiting), place, columns)


def _told_of_foot_rows(rows: list[Row], place: Finding, columns: Columns) -> Finding:
    """Return the finding about the last rows left out: a warning if one of them could well be data."""
    reader = RowReader(place.file, place.sheet, columns, [each.name for each in columns.layout.fields if each.required])
    like_data = [
        number
        for number, cells in rows
        if len(cells) == reader.width and not any(isinstance(value, Fault) for value in reader.values(cells))
    ]
    numbers = "、".join(str(number) for number, _ in rows)
    message = f"按报送格式，最后 {len(rows)} 行不是数据，未读取：第 {numbers} 行"
    if not like_data:
        return replace(
            place, rule="sender-foot-rows", message=message, advice="如果其实是数据，请改报送格式里的表尾行数"
        )
    message += f"；其中第 {'、'.join(map(str, like_data))} 行看起来是数据"
    advice = "请核对；是数据的，请改报送格式里的表尾行数后重新上传"
    return replace(place, rule="sender-foot-rows", severity=Severity.WARNING, message=message, advice=advice)


def without_rows(table: Table) -> Finding:
    """Return the finding for a list that names nobody: most likely the wrong file, and a full list would end all."""
    message = "只有列名，没有数据"
    advice = "请核对是否导错了文件；确实没有人的，不必导入"
    return Finding(rule="file-no-rows", message=message, advice=advice, file=table.file, sheet=table.sheet)


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
        self._longest = columns.layout.longest_text

    def values(self, cells: Sequence[Cell]) -> list[Value]:
        """Return the row's values, a Fault in each place where the cell is bad; the row has the header's width."""
        values = [read(cells[position], if_empty) for read, position, if_empty in self._plan]
        if self._longest is not None:
            for place, value in enumerate(values):
                if type(value) is str:
                    fault = too_long(self._longest) if len(value) > self._longest else not_to_be_kept(value)
                    values[place] = fault or value
        return values

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
        return self._if_it_fits(shown(cells[position]).strip(" \t'"))

    def texts_of_shifted_row(self, cells: Sequence[Cell], name: str) -> frozenset[str]:
        """Return what may stand in a column of a row with too many or too few cells.

        A lost or stray comma shifts what is behind it: the column is counted from the left and from the right.
        """
        position = self.columns.positions[name]
        places = {position, position + len(cells) - self.width}
        texts = {self._if_it_fits(shown(cells[place]).strip(" \t'")) for place in places if 0 <= place < len(cells)}
        return frozenset(texts - {""})

    def _if_it_fits(self, text: str) -> str:
        # What no database keeps tells nobody there.
        return "" if self._longest is not None and (len(text) > self._longest or not_to_be_kept(text)) else text


class GoodRows:
    """Walks a file once and yields its good rows; what refuses the others is kept here.

    ``count`` are all rows, ``bad`` the refused, ``feet`` the foot rows; ``refused`` are the ids in ``id_field`` of bad
    rows, as far as they can be told; ``refusals`` are they row by row (``""`` where none can be told) with rule,
    message and row of the first fault, and what ``key_of`` makes of the text in ``key_field``. ``usable`` is False once
    the file ended badly.
    """

    def __init__(
        self,
        opened: OpenFile,
        names: Sequence[str],
        id_field: str,
        consequence: Callable[[str], str],
        judged: Callable[[list[Value]], list[tuple[str, Fault]]],
        key_field: str = "",
        key_of: Callable[[str], str] = str,
    ) -> None:
        """Bind a file; ``consequence`` says what a bad row leads to, ``judged`` what is wrong with readable values."""
        self._key_field, self._key_of = key_field, key_of
        self._rows = opened.table.rows
        self._reader = RowReader(opened.table.file, opened.table.sheet, opened.columns, names)
        self._foot_rows = FootRows(opened.table.file, opened.table.sheet, opened.columns)
        self._id_field, self._consequence, self._judged = id_field, consequence, judged
        self.findings = list(opened.findings)
        self.refused: set[str] = set()
        self.refusals: list[tuple[str, str, str, int, str]] = []
        self.count = self.bad = self.feet = 0
        self.usable = True

    def __iter__(self) -> Iterator[tuple[int, list[Value]]]:
        """Yield number and values of each good row."""
        for item in self._rows:
            if isinstance(item, Finding):
                self.findings.append(item)
                if item.is_error:
                    self.usable = False
                    return
                continue
            self.count += 1
            number, cells = item
            foot = self._foot_rows.finding(number, cells)
            if foot:
                self.feet += 1
                self.findings.append(foot)
            elif len(cells) != self._reader.width:
                ids = self._reader.texts_of_shifted_row(cells, self._id_field)
                consequence = self._consequence("、".join(sorted(ids)))
                self._refuse(ids, [self._reader.wrong_width(number, cells, consequence)], WRONG_WIDTH)
            else:
                values = self._reader.values(cells)
                faults = list(self._reader.faults(values)) or self._judged(values)
                if not faults:
                    yield number, values
                    continue
                text = self._reader.readable_text(cells, self._id_field)
                said = self._consequence(text)
                found = [self._reader.finding(number, cells, name, fault, consequence=said) for name, fault in faults]
                key = ""
                # What is wrong with it may be the very thing that tells which is meant.
                if self._key_field and self._key_field not in {name for name, _ in faults}:
                    key = self._key_of(self._reader.readable_text(cells, self._key_field))
                self._refuse({text} - {""}, found, faults[0][1].message, key)

    def refuse_read(self, number: int, text: str, fault: Fault, key: str = "") -> None:
        """Refuse a row that was yielded as good before; ``text`` is its id."""
        told = self.told(number, text, fault, Severity.ERROR, self._consequence(text))
        self._refuse({text}, [told], fault.message, key)

    def told(self, number: int, text: str, fault: Fault, severity: Severity, consequence: str = "") -> Finding:
        """Return a finding about the id of a row whose cells are gone."""
        found = self._reader.finding(number, (), self._id_field, fault, severity, consequence)
        return replace(found, value=text)

    def _refuse(self, ids: Collection[str], findings: list[Finding], why: str, key: str = "") -> None:
        self.bad += 1
        self.refused.update(ids)
        first = findings[0]
        self.refusals += [(text, first.rule, why, first.row or 0, key) for text in sorted(ids) or [""]]
        self.findings += findings
