"""The reference engine: facts in any order, one owner and one year after the other, in plain Python.

The work is split by owner (the person, or the family where an account belongs to it): what happens to one owner never
depends on another. Whoever runs this elsewhere, in parallel or on a cluster, splits by ``owner_of`` and nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final, NamedTuple

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.step import TRACE_WIDTH, UNBOUNDED, effective, in_force, step
from tuodi.intake.facts import Holding, Settlement

FAMILY: Final = "family "
PERSON: Final = "person "
"""What an owner's name begins with (``owner_of``); a number follows."""


class Outcome(IntEnum):
    """Why a settlement has lines, or has none."""

    ASSESSED = 0
    REVERSED = 1
    NOT_ON_ROSTER = 2
    NO_IDENTITY = 3
    NOT_COVERED = 4
    NO_POLICY = 5


class Assessed(NamedTuple):
    """One settlement's result: the integers; ``words`` turns them into sentences.

    ``document`` and ``rank`` are -1 where none applies. ``trace`` is flat, TRACE_WIDTH places for each component.
    """

    settlement: Settlement
    outcome: Outcome
    document: int = -1
    rank: int = -1
    trace: tuple[int, ...] = ()
    paid_fen: int = 0


class Withheld(NamedTuple):
    """Whose results are held back because a row of theirs was refused: persons for ever, persons for one year."""

    persons: frozenset[str] = frozenset()
    years: frozenset[tuple[str, int | None]] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """A person's holdings as the step's ``effective`` wants them; days are ordinals."""

    family_no: str
    names: tuple[str, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def rank_on(self, book: Rulebook, document: int, day: int) -> int:
        """Return the rank of the identity that counts on a day, -1 if none."""
        ranks = [book.names[document].get(name, -1) for name in self.names]
        return effective(ranks, 0, range(len(ranks)), self.begins, self.ends, 0, len(ranks), day)

    def held_on(self, day: int) -> tuple[str, ...]:
        """Return the identities held on a day as the roster names them."""
        held = zip(self.names, self.begins, self.ends, strict=True)
        return tuple(name for name, begin, end in held if begin <= day <= end)


def people(holdings: Iterable[Holding]) -> dict[str, Person]:
    """Gather holdings by person; the first family number given counts."""
    rows: dict[str, list[Holding]] = defaultdict(list)
    for holding in holdings:
        rows[holding.psn_no].append(holding)
    return {
        psn_no: Person(
            next((h.family_no for h in held if h.family_no), ""),
            tuple(h.identity for h in held),
            tuple(h.begin.toordinal() for h in held),
            tuple(h.end.toordinal() if h.end else UNBOUNDED for h in held),
        )
        for psn_no, held in rows.items()
    }


def owner_of(book: Rulebook, roster: dict[str, Person]) -> Callable[[str], str]:
    """Return what names the owner of a person's accounts; splitting facts by it changes no result."""
    if not book.family_slots:
        return lambda psn_no: PERSON + psn_no

    def owner(psn_no: str) -> str:
        person = roster.get(psn_no)
        # A family number could equal some person's number: the prefixes keep the two apart.
        return FAMILY + person.family_no if person and person.family_no else PERSON + psn_no

    return owner


def assess_years(
    book: Rulebook, roster: dict[str, Person], settlements: Iterable[Settlement], withheld: Withheld | None = None
) -> Iterator[Assessed]:
    """Assess settlements in any order; yield one result each, except for owners and years that are withheld.

    Results come owner by owner and in each owner's order of time; sort by ``setl_id`` for the output.
    """
    withheld = withheld or Withheld()
    owner = owner_of(book, roster)
    held_owners = {owner(psn_no) for psn_no in withheld.persons}
    held_owners |= {owner(psn_no) for psn_no, year in withheld.years if year is None}
    held_years = {(owner(psn_no), year) for psn_no, year in withheld.years}
    groups: dict[tuple[str, int], list[Settlement]] = defaultdict(list)
    for settlement in settlements:
        key = (owner(settlement.psn_no), settlement.setl_time.year)
        if key[0] not in held_owners and key not in held_years:
            groups[key].append(settlement)
    for group in groups.values():
        group.sort(key=in_order)
        yield from assess_owner_year(book, roster, group)


def in_order(settlement: Settlement) -> tuple[datetime, str]:
    """Return the key of the order in which an owner's settlements are taken: time, then id.

    Ids compare by code point, which is byte by byte in UTF-8.
    """
    return settlement.setl_time, settlement.setl_id


def assess_owner_year(book: Rulebook, roster: dict[str, Person], ordered: Sequence[Settlement]) -> Iterator[Assessed]:
    """Assess one owner's settlements of one year, already in order; accumulators start at 0."""
    accounts = Accounts(book)
    for settlement in ordered:
        yield assess_one(book, roster.get(settlement.psn_no), settlement, accounts)


class Accounts:
    """One owner's accumulators of one year: the family's first, then each member's as they are met."""

    def __init__(self, book: Rulebook) -> None:
        """Start the year: every accumulator at 0."""
        self._person_slots = book.person_slots
        self.state = [0] * book.family_slots
        self._places: dict[str, int] = {}

    def place_of(self, psn_no: str) -> int:
        """Return where a member's accumulators begin."""
        place = self._places.get(psn_no)
        if place is None:
            place = self._places[psn_no] = len(self.state)
            self.state += [0] * self._person_slots
        return place

    def copy(self) -> "Accounts":
        """Return an independent copy: what a what-if may change freely."""
        other = object.__new__(Accounts)
        other._person_slots = self._person_slots
        other.state = self.state.copy()
        other._places = self._places.copy()
        return other


def assess_one(book: Rulebook, person: Person | None, settlement: Settlement, accounts: Accounts) -> Assessed:
    """Assess one settlement on its owner's accumulators, raised in place; a reversed one leaves them alone."""
    if settlement.reversed:
        return Assessed(settlement, Outcome.REVERSED)
    day = settlement.setl_time.toordinal()
    document = in_force(book.begins, book.ends, day)
    if document < 0:
        return Assessed(settlement, Outcome.NO_POLICY)
    if person is None:
        return Assessed(settlement, Outcome.NOT_ON_ROSTER, document)
    rank = person.rank_on(book, document, day)
    if rank < 0:
        return Assessed(settlement, Outcome.NO_IDENTITY, document)
    kind = book.kinds.get(settlement.med_type, 0)
    plan = book.plan_at(document, rank, kind, book.insurances.get(settlement.insutype, 0))
    first, last = book.plan_first[plan], book.plan_last[plan]
    if first == last:
        return Assessed(settlement, Outcome.NOT_COVERED, document, rank)
    trace = [0] * ((last - first) * TRACE_WIDTH)
    bill = book.bill(settlement)
    paid = step(book.book, first, last, bill, accounts.state, accounts.place_of(settlement.psn_no), 0, trace)
    return Assessed(settlement, Outcome.ASSESSED, document, rank, tuple(trace), paid)
