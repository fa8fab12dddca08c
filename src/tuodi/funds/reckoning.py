"""The sums and rates of a programme, all worked out from its rows.

A rate keeps its numerator and denominator: a percentage alone cannot be checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tuodi.funds.amount import Amount, total
from tuodi.funds.programme import Programme
from tuodi.kernel.money import percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One share of an amount in another; ``key`` is its name in JSON answers and statements."""

    key: str
    name: str
    numerator: Amount
    denominator: Amount

    def at(self, places: int) -> str:
        """Return the percentage at so many decimals, ``—`` without denominator."""
        return percent(self.numerator.fen, self.denominator.fen, places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The payment batches of one month, or of all, together."""

    batches: int
    person_times: int
    amount: Amount
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBalance:
    """The balance rolled forward: opening + received − spent, beside what the document says."""

    opening: Amount | None
    received: Amount
    spent: Amount
    stated: Amount

    @property
    def computed(self) -> Amount:
        """What must be left at the end of the year."""
        left = self.received - self.spent
        return left if self.opening is None else self.opening + left

    @property
    def difference(self) -> Amount:
        """Stated less computed."""
        return self.stated - self.computed


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A programme with everything computed from it."""

    programme: Programme

    @property
    def sources_total(self) -> Amount:
        """Money that arrived from all sources."""
        return total(row.amount for row in self.programme.sources)

    @property
    def spent_by_source(self) -> Amount:
        """Money spent of all sources, as far as the document splits spending by source."""
        return total(row.spent for row in self.programme.sources if row.spent is not None)

    @property
    def source_rates(self) -> Mapping[str, Rate]:
        """What part of each source was spent, by its name, where the document says so."""
        return {
            row.name: Rate(key="source_rate", name="执行率", numerator=row.spent, denominator=row.amount)
            for row in self.programme.sources
            if row.spent is not None
        }

    @property
    def uses_total(self) -> Amount:
        """Money spent for all uses: the numerator of every execution rate."""
        return total(row.amount for row in self.programme.uses)

    @property
    def person_times(self) -> int | None:
        """People or visits of all uses, None where no use gives a number."""
        given = [row.person_times for row in self.programme.uses if row.person_times is not None]
        return sum(given) if given else None

    @property
    def quarters_total(self) -> Amount:
        """Money paid in all quarters."""
        return total(row.amount for row in self.programme.quarters)

    @property
    def months(self) -> Mapping[int, Month]:
        """The batches by month, in the order of the year."""
        return {month: self._together(month) for month in sorted({row.month for row in self.programme.batches})}

    @property
    def all_months(self) -> Month:
        """The batches of the whole year together."""
        return self._together(None)

    @property
    def planned_total(self) -> Amount:
        """The initial budget from its items, price × quantity."""
        return total(item.amount for item in self.programme.planned_items)

    @property
    def planned_quantity(self) -> int:
        """People and visits the initial budget was made for."""
        return sum(item.quantity for item in self.programme.planned_items)

    @property
    def budget_initial(self) -> Amount:
        """The initial budget of all lines."""
        return total(line.initial for line in self.programme.budget)

    @property
    def budget_adjusted(self) -> Amount:
        """The adjusted budget of all lines."""
        return total(line.adjusted for line in self.programme.budget)

    @property
    def budget_executed(self) -> Amount:
        """What was spent of all lines."""
        return total(line.executed for line in self.programme.budget)

    @property
    def plan(self) -> Amount | None:
        """The money the programme was to receive: as planned, else the adjusted budget, else not known."""
        return self.programme.plan or (self.budget_adjusted if self.programme.budget else None)

    @property
    def balance(self) -> RolledBalance | None:
        """The balance rolled forward, None where the document gives none."""
        given = self.programme.balance
        if given is None:
            return None
        return RolledBalance(
            opening=given.opening, received=self.sources_total, spent=self.uses_total, stated=given.closing
        )

    @property
    def rates(self) -> Mapping[str, Rate]:
        """Every rate the document gives figures for, by key."""
        rates = [
            Rate(key="execution_rate", name="预算执行率", numerator=self.uses_total, denominator=self.sources_total)
        ]
        if self.plan is not None:
            arrival = Rate(key="arrival_rate", name="资金到位率", numerator=self.sources_total, denominator=self.plan)
            rates.insert(0, arrival)
        rates += self._budget_rates() + self._balance_rates()
        return {rate.key: rate for rate in rates}

    def _budget_rates(self) -> list[Rate]:
        if not self.programme.budget:
            return []
        change = self.budget_adjusted - self.budget_initial
        return [
            Rate(
                key="execution_of_initial",
                name="占年初预算的执行率",
                numerator=self.uses_total,
                denominator=self.budget_initial,
            ),
            Rate(key="adjustment_rate", name="预算调整率", numerator=change, denominator=self.budget_initial),
        ]

    def _balance_rates(self) -> list[Rate]:
        balance = self.balance
        if balance is None:
            return []
        rates = [
            Rate(
                key="balance_share",
                name="累计结余占当年到位资金的比重",
                numerator=balance.computed,
                denominator=balance.received,
            )
        ]
        if balance.opening is not None:
            available = balance.opening + balance.received
            rates.insert(
                0,
                Rate(
                    key="execution_of_available",
                    name="占全部可用资金（上年结转＋当年到位）的执行率",
                    numerator=balance.spent,
                    denominator=available,
                ),
            )
        return rates

    def _together(self, month: int | None) -> Month:
        rows = [row for row in self.programme.batches if month in (None, row.month)]
        return Month(
            batches=len(rows),
            person_times=sum(row.person_times for row in rows),
            amount=total(row.amount for row in rows),
            returned=sum(row.returned for row in rows),
        )


Figure: TypeAlias = Amount | int | Rate


def figures(reckoning: Reckoning) -> Mapping[str, Figure]:
    """Return every computed figure that a statement (``of``) may be about, by name."""
    programme = reckoning.programme
    found: dict[str, Figure] = {
        "sources_total": reckoning.sources_total,
        "uses_total": reckoning.uses_total,
        "quarters_total": reckoning.quarters_total,
        "months_total": reckoning.all_months.amount,
        "months_person_times": reckoning.all_months.person_times,
        "months_returned": reckoning.all_months.returned,
        "planned_total": reckoning.planned_total,
        "planned_quantity": reckoning.planned_quantity,
        "budget_initial": reckoning.budget_initial,
        "budget_change": reckoning.budget_adjusted - reckoning.budget_initial,
        "budget_adjusted": reckoning.budget_adjusted,
        "budget_executed": reckoning.budget_executed,
        **reckoning.rates,
    }
    if reckoning.person_times is not None:
        found["person_times"] = reckoning.person_times
    for row in programme.sources:
        found[f"source {row.name}"] = row.amount
    for name, rate in reckoning.source_rates.items():
        found[f"source rate {name}"] = rate
    for use in programme.uses:
        found[f"use {use.name}"] = use.amount
    return found
