"""A programme's funds in one finished year, as its document gives them: sources, uses, periods, budget, balance.

Rows are inputs. Sums and rates are worked out in ``tuodi.funds.reckoning``; what the document itself says about them
stands beside as statements.
"""

from dataclasses import dataclass
from typing import TypeAlias

from tuodi.funds.amount import Amount
from tuodi.kernel.money import Fen
from tuodi.policy.document import Clause, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Money that arrived from one source; ``spent`` None where the document does not split spending by source.

    ``remainder`` says what became of the rest (结转下年, 财政收回), empty where the document does not.
    """

    name: str
    amount: Amount
    spent: Amount | None
    remainder: str
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """Money spent for one use; ``person_times`` None where the document gives no number of people or visits."""

    name: str
    amount: Amount
    person_times: int | None
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterRow:
    """Money paid in one quarter."""

    name: str
    amount: Amount
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One payment run. ``month_inferred``: the document's table does not print the month beside this row."""

    month: int
    person_times: int
    amount: Amount
    returned: int
    month_inferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """One item of the initial budget: price × quantity."""

    name: str
    unit_price_fen: Fen
    quantity: int
    clause: Clause

    @property
    def amount(self) -> Amount:
        """What the item was budgeted at."""
        return Amount(self.unit_price_fen * self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """One budget line: the initial figure, the one after adjustment inside the year, what was spent."""

    name: str
    initial: Amount
    adjusted: Amount
    executed: Amount
    clause: Clause

    @property
    def change(self) -> Amount:
        """By how much the line was raised; negative where it was cut."""
        return self.adjusted - self.initial


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What was left at the end of the year, as the document says; ``opening`` None where it gives no carry-over."""

    opening: Amount | None
    closing: Amount
    clause: Clause


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as printed, so that it is compared at as many places as the document shows."""

    text: str

    @property
    def places(self) -> int:
        """Decimals printed."""
        return len(self.text.partition(".")[2])


Said: TypeAlias = Amount | int | Percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the document says about a sum or a rate; ``of`` names the computed figure it is compared with.

    ``note`` explains the difference where its reason is known.
    """

    of: str
    says: str
    value: Said
    clause: Clause
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme and year. ``plan`` is the money it was to receive; None: the adjusted budget, if there is one."""

    id: str
    title: str
    region: str
    year: int
    source: Source
    plan: Amount | None
    sources: tuple[SourceRow, ...]
    uses: tuple[UseRow, ...]
    quarters: tuple[QuarterRow, ...]
    batches: tuple[Batch, ...]
    planned_items: tuple[PlannedItem, ...]
    budget: tuple[BudgetLine, ...]
    balance: Balance | None
    statements: tuple[Statement, ...]
