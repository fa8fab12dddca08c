"""What follows from the facts, beside what is stored: the one computation behind ``assessing`` and ``checking``.

A year of an owner is computed by the reference engine (``assessment.year``), all of it, from nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from tuodi.assessment.accumulators import AccountOf, Used, accumulators
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import result_rows
from tuodi.assessment.year import Assessed, Outcome, assess_owner_year, in_order
from tuodi.kernel.money import Fen
from tuodi.office.bulk import chunks
from tuodi.office.facts import Filed, OwnerYearKey, Registry, Scope, former_payments, settlements_of
from tuodi.office.models import Accumulator, BenefitLine, OwnerYear, Withheld

OWNERS_AT_ONCE: Final = 400


class Line(NamedTuple):
    """A line as ``BenefitLine`` keeps it, and as ``assess`` writes it; amounts in fen."""

    order: int
    benefit: str
    identity: str
    base_amt: Fen
    deductible_used: Fen
    ratio: str
    raw_amt: Fen
    cap_left_before: Fen | None
    paid_amt: Fen
    clause: str
    note: str


class Result(NamedTuple):
    """The result columns of one settlement; ``outcome`` None: withheld."""

    person_id: int | None
    owner: str
    outcome: int | None
    identity: str
    due_fen: Fen
    former_fen: Fen
    note: str


class Comparison(NamedTuple):
    """One settlement: its row's key, its number, what is stored and what follows from the facts."""

    key: int
    setl_id: str
    stored: Result
    stored_lines: tuple[Line, ...]
    result: Result
    lines: tuple[Line, ...]

    @property
    def differs(self) -> bool:
        """Whether anything stored is not what follows."""
        return self.stored != self.result or self.stored_lines != self.lines


@dataclass(frozen=True, slots=True)
class Year:
    """An owner's year: stored and computed. ``key`` is that of its ``OwnerYear`` row, None where there is none.

    ``settlements`` empty: nothing of the sort should be stored. ``assessed`` are the results in full, for screening.
    """

    owner: str
    year: int
    key: int | None
    stored_paid_fen: Fen
    stored_is_withheld: bool
    stored_accumulators: Mapping[AccountOf, Used]
    is_withheld: bool
    settlements: tuple[Comparison, ...]
    accumulators: Mapping[AccountOf, Used]
    assessed: tuple[Assessed, ...] = ()

    @property
    def paid_fen(self) -> Fen:
        """The sum of what is due."""
        return sum(each.result.due_fen for each in self.settlements)


def years_of(book: Rulebook, scope: Scope) -> Iterator[list[Year]]:
    """Yield every owner's year of a scope, computed anew, some owners at a time."""
    members = scope.registry.members()
    by_owner: dict[str, set[int]] = defaultdict(set)
    for owner, year in scope.keys:
        by_owner[owner].add(year)
    owners = iter(sorted(by_owner))
    while piece := list(islice(owners, OWNERS_AT_ONCE)):
        yield _Piece(book, scope.registry, {owner: by_owner[owner] for owner in piece}, members).years()


@dataclass(slots=True)
class _Piece:
    """Some owners at once: as few questions to the database as for one."""

    book: Rulebook
    registry: Registry
    wanted: Mapping[str, set[int]]
    members: Mapping[str, list[str]]
    stored_years: dict[OwnerYearKey, tuple[int, Fen, bool]] = field(default_factory=dict)

    def years(self) -> list[Year]:
        persons = sorted(psn_no for owner in self.wanted for psn_no in self.members.get(owner, ()))
        years = {year for wanted in self.wanted.values() for year in wanted}
        groups: dict[OwnerYearKey, list[Filed]] = defaultdict(list)
        for filed in settlements_of(self.registry.numbers, persons, years, Result._fields):
            key = self.registry.owner(filed.settlement.psn_no), filed.settlement.setl_time.year
            groups[key].append(filed)
        wanted = [(owner, year) for owner in sorted(self.wanted) for year in sorted(self.wanted[owner])]
        filed_ones = [filed for key in wanted for filed in groups[key]]
        stored_lines = lines_of([filed.key for filed in filed_ones])
        former = former_payments(filed.settlement.setl_id for filed in filed_ones)
        stored_years = self._stored_years()
        stored_accumulators = accumulators_of([key for key, _, _ in stored_years.values()])
        withheld = self._withheld(persons)
        found = []
        for owner, year in wanted:
            row, paid, was_withheld = stored_years.get((owner, year), (None, 0, False))
            is_withheld = bool(withheld.get(owner, set()) & {year, None}) and bool(groups[owner, year])
            assessed = [] if is_withheld else self._assessed(groups[owner, year])
            by_id = {each.settlement.setl_id: each for each in assessed}
            settlements = tuple(
                Comparison(
                    filed.key,
                    filed.settlement.setl_id,
                    Result._make(filed.also),
                    tuple(stored_lines.get(filed.key, ())),
                    *self._result(owner, filed, by_id.get(filed.settlement.setl_id), former),
                )
                for filed in groups[owner, year]
            )
            used = accumulators(self.book, owner, assessed)
            stored = stored_accumulators.get(row, {}) if row is not None else {}
            stored_and_computed = (stored, is_withheld, settlements, used, tuple(assessed))
            found.append(Year(owner, year, row, paid, was_withheld, *stored_and_computed))
        return found

    def _assessed(self, group: list[Filed]) -> list[Assessed]:
        group.sort(key=lambda filed: in_order(filed.settlement))
        return list(assess_owner_year(self.book, self.registry.roster, [filed.settlement for filed in group]))

    def _result(
        self, owner: str, filed: Filed, assessed: Assessed | None, former: Mapping[str, Fen]
    ) -> tuple[Result, tuple[Line, ...]]:
        settlement = filed.settlement
        person = self.registry.record.get(settlement.psn_no)
        paid_before = former.get(settlement.setl_id, 0)
        if assessed is None:
            return Result(person, owner, None, "", 0, paid_before, ""), ()
        identity, note, lines = told(self.book, assessed)
        return Result(person, owner, int(assessed.outcome), identity, assessed.paid_fen, paid_before, note), lines

    def _stored_years(self) -> dict[OwnerYearKey, tuple[int, Fen, bool]]:
        found = {}
        for piece in chunks(sorted(self.wanted)):
            rows = OwnerYear.objects.filter(owner__in=piece).values_list(
                "owner", "year", "pk", "paid_fen", "is_withheld"
            )
            for owner, year, key, paid, is_withheld in rows:
                if year in self.wanted[owner]:
                    found[owner, year] = (key, paid, is_withheld)
        return found

    def _withheld(self, persons: Sequence[str]) -> dict[str, set[int | None]]:
        """Return the years (None: every one) that are held back, by owner."""
        numbers, found = self.registry.numbers, defaultdict(set)
        for piece in chunks(numbers.all_of(persons)):
            rows = Withheld.objects.filter(psn_no__in=piece, ended_at__isnull=True)
            for psn_no, year in rows.values_list("psn_no", "year"):
                found[self.registry.owner(numbers.survivor(psn_no))].add(year)
        return found


def told(book: Rulebook, assessed: Assessed) -> tuple[str, str, tuple[Line, ...]]:
    """Return identity, why there is no line (empty where there is one), and the lines, as ``assess`` writes them."""
    rows = result_rows(book, assessed)
    identity = rows[0].identity
    if assessed.outcome is not Outcome.ASSESSED:
        return identity, rows[0].note, ()
    lines = tuple(
        Line(
            order,
            row.benefit,
            row.identity,
            row.base_amt or 0,
            row.deductible_used or 0,
            row.ratio,
            row.raw_amt or 0,
            row.cap_left_before,
            row.paid_amt,
            row.clause,
            row.note,
        )
        for order, row in enumerate(rows)
    )
    return identity, "", lines


def lines_of(settlements: Sequence[int]) -> dict[int, list[Line]]:
    """Return the stored lines of settlements, by their keys, in order."""
    found: dict[int, list[Line]] = defaultdict(list)
    for piece in chunks(sorted(settlements)):
        rows = BenefitLine.objects.filter(settlement_id__in=piece).order_by("settlement_id", "order")
        for key, *cells in rows.values_list("settlement_id", *Line._fields):
            found[key].append(Line._make(cells))
    return found


def accumulators_of(owner_years: Iterable[int]) -> dict[int, dict[AccountOf, Used]]:
    """Return the stored accumulators of owners' years, by their keys."""
    found: dict[int, dict[AccountOf, Used]] = defaultdict(dict)
    columns = ("owner_year_id", "kind", "name", "member", "used_fen", "limit_fen")
    for piece in chunks(sorted(owner_years)):
        for key, kind, name, member, used, limit in Accumulator.objects.filter(owner_year_id__in=piece).values_list(
            *columns
        ):
            found[key][AccountOf(kind, name, member)] = Used(used, limit)
    return found
