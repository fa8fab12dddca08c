"""A department's final accounts as read: cells with their places, last year's totals, reasons, facts, projects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tuodi.accounts.amounts import FEN_OF_WAN, WAN, amount_text
from tuodi.accounts.table_set import EXTRA, LAST_YEAR, Shape, TableSet, Term, parse_term
from tuodi.kernel.finding import Fault, Finding, Severity
from tuodi.kernel.money import Fen, decimal_text, yuan_grouped

CellKey: TypeAlias = tuple[str, str, str]
"""Table, row, column: ids of the set; a row of a table by codes is its code, its 合计 is ``total``."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stood; ``column`` as the heading reads."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def finding(self, fault: Fault, value: str = "", severity: Severity = Severity.ERROR) -> Finding:
        """Return a fault found here as a finding."""
        return Finding(
            rule=fault.rule,
            message=fault.message,
            advice=fault.advice,
            severity=severity,
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            value=value,
        )


class Cell(NamedTuple):
    """An amount in fen, or a whole number; None is an empty cell, which is not 0."""

    value: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its place."""

    text: str
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One evaluated project. Where ``evaluation`` names one, its amounts, score and grade come from there.

    ``above_budget`` is why more was spent than the budget of the year, for example what last year left.
    """

    kind: str
    name: str
    level: str = ""
    evaluation: str = ""
    budget_fen: Fen | None = None
    executed_fen: Fen | None = None
    fund: str = ""
    score: Fraction | None = None
    grade: str = ""
    report: str = ""
    above_budget: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What an evaluation says of a project, given by whoever can score it; None where it says nothing."""

    id: str
    name: str
    budget_fen: Fen | None = None
    executed_fen: Fen | None = None
    score: Fraction | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Everything a disclosure is made from. ``names`` are the names of codes by table, in the order of the data.

    ``steps`` are the last digits in fen of tables that were read in 万元, by table; all others are exact to the fen.
    """

    id: str
    tables: TableSet
    cells: Mapping[CellKey, Cell]
    names: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)
    facts: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    reasons: Mapping[str, Told] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    steps: Mapping[str, Fen] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        """Return the name of the department."""
        return self.fact("部门名称")

    @property
    def year(self) -> int:
        """Return the year of the accounts; 0 where it is not known."""
        text = self.fact("年度").removesuffix("年度").removesuffix("年").removesuffix(".0")
        return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0

    @property
    def step_fen(self) -> Fen:
        """Return the last digit of what was read, in fen: that of the coarsest table, 1 where all are exact."""
        return max(self.steps.values(), default=1)

    @property
    def unit(self) -> str:
        """Return the unit of what is published: the set's, but 万元 where the yuan are not known."""
        return WAN if self.step_fen > 1 else self.tables.unit

    @property
    def digit_fen(self) -> Fen:
        """Return the last digit of what is published, in fen; in 万元 two decimals unless the data have more."""
        if self.unit != WAN or self.step_fen > 1:
            return self.step_fen
        return FEN_OF_WAN // 100

    def amount(self, fen: Fen, *, grouped: bool = True) -> str:
        """Write an amount as it is published, without its unit."""
        return amount_text(fen, self.unit, self.digit_fen, grouped=grouped)

    def exactly(self, fen: Fen) -> str:
        """Write an amount with all its digits for a finding: 元 without unit, 万元 where tables were read so."""
        if self.step_fen == 1:
            return yuan_grouped(fen)
        return f"{decimal_text(Fraction(fen, FEN_OF_WAN), 6, grouped=True, trimmed=True)} 万元"

    def fact(self, item: str) -> str:
        """Return the first text told about an item, empty where there is none."""
        return next((told.text for told in self.facts.get(item, ())), "")

    def cell(self, key: CellKey) -> Cell:
        """Return a cell; an empty one without a place where the data do not have it."""
        return self.cells.get(key, _NO_CELL)

    def value(self, table: str, row: str, column: str) -> int | None:
        """Return what a cell holds; None where it is empty or there is none."""
        return self.cell((table, row, column)).value

    def row_ids(self, table_id: str) -> tuple[str, ...]:
        """Return the ids of a table's rows with cells: as listed by the form, or as the data bring them."""
        table = self.tables.table(table_id)
        if table is None or table.shape is not Shape.LISTED:
            return tuple(dict.fromkeys(row for each, row, _ in self.cells if each == table_id))
        return tuple(row.id for row in table.rows if row.id)

    def has(self, *roles: str) -> bool:
        """Tell whether the set has these roles: what a set does not publish is not 0, nobody can say anything of it."""
        return all(role in self.tables.roles for role in roles)

    def role_terms(self, role: str) -> tuple[Term, ...]:
        """Return the cells a role names; none where the set has not got the role."""
        written = self.tables.roles.get(role, "")
        terms = (parse_term(each.strip()) for each in written.split("+") if each.strip())
        return tuple(term for term in terms if term is not None)

    def role(self, role: str) -> int | None:
        """Return the sum of the cells a role names; None where all of them are empty or the set lacks the role."""
        return self.summed(self.role_terms(role))

    def summed(self, terms: Iterable[Term]) -> int | None:
        """Return the sum of single cells; None where all are empty."""
        values = [self.value(term.table, term.row, term.column) for term in terms]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def has_data(self, table_id: str) -> bool:
        """Tell whether any cell of a table holds something; a table without is published as an empty one."""
        return any(cell.value is not None for (table, _, _), cell in self.cells.items() if table == table_id)

    def known(self, term: Term) -> bool:
        """Tell whether a figure that people fill in is there, or means 0 when it is left empty."""
        if term.table not in (LAST_YEAR, EXTRA):
            return True
        item = self.tables.item(term.table, term.row)
        return self.value(term.table, term.row, term.column) is not None or bool(item and item.blank_is_zero)


_NO_CELL = Cell(None, Place())
