"""The sheets people fill in -> facts, last year's totals, extra figures, reasons and projects, each with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tuodi.accounts.amounts import read_amount, read_count
from tuodi.accounts.disclosure import Cell, CellKey, Place, Project, Told
from tuodi.accounts.sheets import EXTRA_SHEET, FACTS, LAST_YEAR_SHEET, PROJECTS, REASONS, FilledSheet, accounts_layout
from tuodi.accounts.sources import RawSheet, bare
from tuodi.accounts.table_set import EXTRA, LAST_YEAR, VALUE, Item, RowKind, TableSet
from tuodi.intake.cells import Cell as RawCell
from tuodi.intake.cells import is_blank, shown
from tuodi.intake.exact_text import exact_text
from tuodi.intake.layouts import bind_columns, normal_heading
from tuodi.intake.tables import known_headings
from tuodi.kernel.finding import Fault, Finding
from tuodi.kernel.quantity import parse_number

_EMPTY = Fault("cell-empty", "必填，不能为空", "请补填")


@dataclass(slots=True)
class Filled:
    """What the filled sheets say so far."""

    facts: dict[str, list[Told]] = field(default_factory=dict)
    cells: dict[CellKey, Cell] = field(default_factory=dict)
    reasons: dict[str, Told] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: raw cells by column name and the place of each."""

    cells: dict[str, RawCell]
    places: dict[str, Place]

    def text(self, name: str, findings: list[Finding]) -> str:
        value = exact_text(self.cells.get(name), accounts_layout().longest_text)
        if isinstance(value, Fault):
            findings.append(self.places[name].finding(value, shown(self.cells[name])))
            return ""
        return value


def rows_of(sheet: FilledSheet, raw: RawSheet, findings: list[Finding]) -> Iterator[_Row]:
    """Yield the rows below the headings; a sheet without its required columns yields none and an error."""
    known = set(sheet.layout.by_heading())
    at = next((at for at, (_, cells) in enumerate(raw.rows[:20]) if known_headings(list(cells), known) >= 2), 0)
    number, header = raw.rows[at]
    names = [shown(cell) for cell in header]
    columns, told = bind_columns(sheet.layout, names, raw.file, raw.sheet, number)
    findings += told
    if any(finding.is_error for finding in told):
        return
    for row, cells in raw.rows[at + 1 :]:
        if sum(1 for cell in cells if isinstance(cell, str) and normal_heading(cell) in known) >= 2:
            continue  # the Chinese headings below those the program knows
        given = {name: cells[place] if place < len(cells) else None for name, place in columns.positions.items()}
        if all(map(is_blank, given.values())):
            continue
        places = {column.name: Place(raw.file, raw.sheet, row, column.labels[0]) for column in sheet.columns}
        yield _Row(given, places)


def read_facts(raw: RawSheet, filled: Filled) -> None:
    """Read 部门情况: one line for each item, an item may come several times; an empty value says nothing."""
    for row in rows_of(accounts_layout().sheet(FACTS), raw, filled.findings):
        item, value = row.text("item", filled.findings), row.text("value", filled.findings)
        if item and value:
            filled.facts.setdefault(item, []).append(Told(value, row.places["value"]))


def read_figures(sheet_id: str, tables: TableSet, raw: RawSheet, filled: Filled) -> None:
    """Read 上年数 or 补充数据: lines by the label or id of the set's items."""
    table = LAST_YEAR if sheet_id == LAST_YEAR_SHEET else EXTRA
    items = {bare(name): item for item in _items(sheet_id, tables) for name in (item.id, item.label)}
    for row in rows_of(accounts_layout().sheet(sheet_id), raw, filled.findings):
        name = row.text("item", filled.findings)
        item = items.get(bare(name))
        if item is None:
            fault = Fault(
                "item-unknown", "不是表样里的项目", f"可写：{'、'.join(each.label for each in items.values())}"[:200]
            )
            filled.findings.append(row.places["item"].finding(fault, name))
            continue
        key = (table, item.id, VALUE)
        if key in filled.cells:
            fault = Fault("item-twice", "同一项目写了两行", "请只保留正确的一行")
            filled.findings.append(row.places["item"].finding(fault, name))
            continue
        cell = row.cells.get("value")
        value = read_count(cell) if item.kind is RowKind.COUNT else read_amount(cell, in_wan=False)
        if isinstance(value, Fault):
            filled.findings.append(row.places["value"].finding(value, shown(cell)))
        else:
            filled.cells[key] = Cell(value, row.places["value"])


def _items(sheet_id: str, tables: TableSet) -> Sequence[Item]:
    return tables.last_year if sheet_id == LAST_YEAR_SHEET else tables.extra


def read_reasons(tables: TableSet, raw: RawSheet, filled: Filled) -> None:
    """Read 原因: lines by the name or id of what is compared with the year before."""
    growths = {bare(name): growth for growth in tables.growths for name in (growth.id, growth.name)}
    for row in rows_of(accounts_layout().sheet(REASONS), raw, filled.findings):
        name, reason = row.text("item", filled.findings), row.text("value", filled.findings)
        growth = growths.get(bare(name))
        if growth is None:
            fault = Fault(
                "item-unknown", "不是与上年对比的项目", f"可写：{'、'.join(each.name for each in tables.growths)}"
            )
            filled.findings.append(row.places["item"].finding(fault, name))
        elif growth.id in filled.reasons:
            fault = Fault("item-twice", "同一项目写了两行", "请合并为一行")
            filled.findings.append(row.places["item"].finding(fault, name))
        elif reason:
            filled.reasons[growth.id] = Told(reason, row.places["value"])


def read_projects(raw: RawSheet, filled: Filled) -> None:
    """Read 绩效项目: one project a row; its words must be among those the layout lists."""
    words = accounts_layout().words
    for row in rows_of(accounts_layout().sheet(PROJECTS), raw, filled.findings):
        found: list[Finding] = []
        texts = {
            name: row.text(name, found)
            for name in ("kind", "level", "name", "evaluation", "fund", "grade", "report", "above_budget")
        }
        for name in ("kind", "name"):
            if not texts[name]:
                found.append(row.places[name].finding(_EMPTY))
        for name, choices in (("kind", "kinds"), ("level", "levels"), ("fund", "funds"), ("grade", "grades")):
            if texts[name] and texts[name] not in words[choices]:
                fault = Fault("word-unknown", "不是可选的词", f"可写：{'、'.join(words[choices])}")
                found.append(row.places[name].finding(fault, texts[name]))
        amounts = {name: _amount(row, name, found) for name in ("budget", "executed")}
        score = _score(row, found)
        filled.findings += found
        if not found:
            project = Project(
                **texts, budget_fen=amounts["budget"], executed_fen=amounts["executed"], score=score,
                place=row.places["name"],
            )  # fmt: skip
            filled.projects.append(project)


def _amount(row: _Row, name: str, findings: list[Finding]) -> int | None:
    value = read_amount(row.cells.get(name), in_wan=False)
    if isinstance(value, Fault):
        findings.append(row.places[name].finding(value, shown(row.cells.get(name))))
        return None
    if value is not None and value < 0:
        fault = Fault("amount-negative", "金额不能为负", "请核对原始单据")
        findings.append(row.places[name].finding(fault, shown(row.cells.get(name))))
    return value


def _score(row: _Row, findings: list[Finding]) -> Fraction | None:
    text = row.text("score", findings)
    if not text:
        return None
    value = parse_number(text)
    if isinstance(value, Fault):
        findings.append(row.places["score"].finding(value, text))
        return None
    return value


def read_filled(sheet_id: str, tables: TableSet, raw: RawSheet, filled: Filled) -> None:
    """Read one of the filled sheets except 部门情况, which is read first since it names the table set."""
    if sheet_id in (LAST_YEAR_SHEET, EXTRA_SHEET):
        read_figures(sheet_id, tables, raw, filled)
    elif sheet_id == REASONS:
        read_reasons(tables, raw, filled)
    elif sheet_id == PROJECTS:
        read_projects(raw, filled)
