"""Reading a disclosure's data: which set of tables, which sheet is which table, and everything the sheets say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tuodi.accounts.amounts import last_digit
from tuodi.accounts.disclosure import Accounts, Cell, CellKey, Place, Told
from tuodi.accounts.filled_reading import Filled, read_facts, read_filled
from tuodi.accounts.library import Chosen, NotFound, choose, known_sets, set_path
from tuodi.accounts.set_loader import load_set
from tuodi.accounts.sheets import FACTS, accounts_layout
from tuodi.accounts.sources import RawSheet, bare, raw_sheets
from tuodi.accounts.table_reading import TableReader
from tuodi.accounts.table_set import RowKind, TableForm, TableSet
from tuodi.kernel.finding import Fault, Finding, Severity

_NUMBER_BEFORE = re.compile(r"^[A-Za-z0-9._\-—（）]*?(?=[\u4e00-\u9fff])")
_ROWS_WITH_TITLES = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read; ``accounts`` is None where an error leaves nothing to go on with."""

    accounts: Accounts | None
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Sorted:
    tables: dict[str, RawSheet] = field(default_factory=dict)
    filled: dict[str, RawSheet] = field(default_factory=dict)
    others: list[RawSheet] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_accounts(id_or_folder: str) -> Reading | NotFound:
    """Read a shipped disclosure by its id, or a folder or workbook. Never raises for any file.

    With an error among the findings the accounts are incomplete: nothing may be published from them.
    """
    chosen = choose(id_or_folder)
    if isinstance(chosen, NotFound):
        return chosen
    sheets, findings = raw_sheets(chosen.data)
    filled = Filled()
    facts = _facts_sheet(sheets)
    if facts is not None:
        read_facts(facts, filled)
    findings += filled.findings
    filled.findings = []
    if not sheets:
        return Reading(None, tuple(findings))
    tables, told = _set_for(chosen, filled, facts)
    findings += told
    if tables is None:
        return Reading(None, tuple(findings))
    accounts, told = _read(chosen.id, tables, sheets, filled)
    return Reading(accounts, tuple(findings + told))


def _facts_sheet(sheets: Sequence[RawSheet]) -> RawSheet | None:
    name = accounts_layout().sheet(FACTS).name
    return next((raw for raw in sheets if raw.name == name), None)


def _set_for(chosen: Chosen, filled: Filled, facts: RawSheet | None) -> tuple[TableSet | None, list[Finding]]:
    """Return the folder's own set, or the shipped one that 部门情况 names."""
    if chosen.own_set is not None:
        return load_set(chosen.own_set, chosen.own_set.name)
    name = accounts_layout().sheet(FACTS).name
    if facts is None:
        finding = Finding(
            rule="sheet-missing", message=f"缺少工作表“{name}”", advice="请补上，写明部门名称、年度和表样"
        )
        return None, [finding]
    told = next(iter(filled.facts.get("表样", ())), None)
    known = known_sets()
    advice = f"请在“{name}”写明表样，可选：{'、'.join(known)}"
    if told is None:
        place = Place(facts.file, facts.sheet)
        return None, [place.finding(Fault("accounts-set", "没有写明采用哪一套公开表（表样）", advice))]
    if told.text not in known:
        return None, [told.place.finding(Fault("accounts-set", "没有这套公开表", advice), told.text)]
    return load_set(set_path(told.text), f"accounts/sets/{told.text}.yaml")


def _read(
    accounts_id: str, tables: TableSet, sheets: Sequence[RawSheet], filled: Filled
) -> tuple[Accounts, list[Finding]]:
    found = _sorted(tables, sheets)
    findings = found.findings
    for sheet_id, raw in found.filled.items():
        if sheet_id != FACTS:
            read_filled(sheet_id, tables, raw, filled)
    findings += filled.findings
    facts = {item: tuple(told) for item, told in filled.facts.items()}
    empty = Accounts(id=accounts_id, tables=tables, cells={}, facts=facts)
    findings += _fact_findings(empty)
    cells: dict[CellKey, Cell] = dict(filled.cells)
    names: dict[str, dict[str, Told]] = {}
    in_wan: dict[str, list[int]] = {}
    for form in tables.tables:
        if form.id not in found.tables:
            findings.append(_table_missing(form, sheets))
            continue
        reader = TableReader(form, found.tables[form.id], empty.year, empty.entity)
        reader.read()
        cells.update(reader.cells)
        names[form.id] = reader.names
        findings += reader.findings
        if reader.in_wan:
            amounts = (each.value for key, each in reader.cells.items() if form.is_money(key[1]))
            in_wan[form.id] = [amount for amount in amounts if amount is not None]
    # One export has one number of decimals, though a table may happen to hold only rounder amounts.
    step = last_digit(amount for amounts_of in in_wan.values() for amount in amounts_of)
    accounts = Accounts(
        id=accounts_id,
        tables=tables,
        cells=cells,
        names=names,
        facts=facts,
        reasons=filled.reasons,
        projects=tuple(filled.projects),
        steps=dict.fromkeys(in_wan, step) if step > 1 else {},
    )
    return accounts, findings


def _sorted(tables: TableSet, sheets: Sequence[RawSheet]) -> _Sorted:
    layout = accounts_layout()
    filled = {sheet.name: sheet.id for sheet in layout.sheets}
    found = _Sorted()
    for raw in sheets:
        if raw.name == layout.guide_name:
            continue
        if raw.name in filled:
            _take(found, found.filled, filled[raw.name], raw)
            continue
        form = _form_of(tables, raw)
        if form is None:
            found.others.append(raw)
        else:
            _take(found, found.tables, form.id, raw)
    if found.others:
        names = "、".join(raw.name for raw in found.others)[:200]
        fault = Fault(
            "sheet-unread", f"有不认识的工作表或文件，未读取：{names}", "如果其中有公开表，请把名称改成表号或表名"
        )
        found.findings.append(Place(found.others[0].file).finding(fault, severity=Severity.WARNING))
    return found


def _take(found: _Sorted, into: dict[str, RawSheet], key: str, raw: RawSheet) -> None:
    if key in into:
        other = into[key]
        fault = Fault("sheet-twice", f"与“{other.file} {other.sheet}”是同一张表", "请只保留正确的一张")
        found.findings.append(Place(raw.file, raw.sheet).finding(fault, raw.name))
    else:
        into[key] = raw


def _form_of(tables: TableSet, raw: RawSheet) -> TableForm | None:
    """Return which table a sheet is: by its name, else by the title or number in its first rows."""
    names = {bare(raw.name), _NUMBER_BEFORE.sub("", bare(raw.name))}
    titles = {bare(cell) for _, cells in raw.rows[:_ROWS_WITH_TITLES] for cell in cells if isinstance(cell, str)}
    for words in (names, titles):
        for form in tables.tables:
            if words & {bare(form.number), bare(form.title), bare(form.number + form.title)}:
                return form
    return None


def _fact_findings(accounts: Accounts) -> list[Finding]:
    findings: list[Finding] = []
    name = accounts_layout().sheet(FACTS).name
    known = {item.id: item for item in accounts.tables.facts}
    for item in accounts.tables.facts:
        if item.required and not accounts.fact(item.id) and item.id != "表样":
            fault = Fault("fact-missing", f"没有填写{item.label}", f"请在“{name}”补填")
            findings.append(Place(sheet=name).finding(fault))
    for item_id, told in accounts.facts.items():
        if item_id not in known:
            fault = Fault("item-unknown", "不是表样里的项目，未采用", f"可写：{'、'.join(known)}"[:200])
            findings.append(told[0].place.finding(fault, item_id, Severity.WARNING))
        elif known[item_id].kind is RowKind.COUNT:
            wrong = (each for each in told if not re.fullmatch(r"[0-9]{1,7}", each.text))
            fault = Fault("count-format", "不是有效的数量", "请填写 0 或正整数")
            findings += [each.place.finding(fault, each.text) for each in wrong]
    year = accounts.facts.get("年度", ())
    if year and not accounts.year:
        fault = Fault("accounts-year", "不是四位数的年度", "请写成四位数，例如 2024")
        findings.append(year[0].place.finding(fault, year[0].text))
    return findings


def _table_missing(form: TableForm, sheets: Sequence[RawSheet]) -> Finding:
    fault = Fault("table-missing", f"缺少{form.number}（{form.title}）", "没有数据的也要保留工作表和表头，按空表公开")
    return Place(sheets[0].file if len({raw.file for raw in sheets}) == 1 else "").finding(fault)
