"""What the tables say, as the assessment takes it: whom a number means, identities held, settlements.

Nothing is decided here. An identity counts from its begin to its end as they stand in the registry: what death, a
correction or a later list does to the end is decided where it is entered (``office.holding_end``), so a day of death or
of moving out cuts nothing a second time. Withdrawn identities, and those that end before they begin, were never held.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db.models import F, Q, Sum

from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.year import FAMILY, PERSON, owner_of, people
from tuodi.assessment.year import Person as Assessable
from tuodi.intake import facts
from tuodi.kernel.money import Fen
from tuodi.office.bulk import chunks
from tuodi.office.models import FormerPayment, Holding, OwnerYear, PayerAnswer, Person, Settlement

COLUMNS: Final = tuple(
    "refd_setl_flag" if name == "reversed" else name for name in facts.Settlement._fields if name != "row"
)
"""The columns of ``Settlement`` that make an ``intake.facts.Settlement``, in its order."""

OwnerYearKey = tuple[str, int]
"""An owner (``assessment.year.owner_of``) and a benefit year."""


class Numbers:
    """Which numbers mean the same person: a merged duplicate's means the record it was merged into."""

    def __init__(self) -> None:
        """Look up every merged record: there are few, and none was merged into another (``office.same_person``)."""
        merged = Person.objects.filter(merged_into__isnull=False)
        self._into: dict[str, str] = dict(merged.values_list("psn_no", "merged_into__psn_no"))
        self._also: dict[str, list[str]] = defaultdict(list)
        for psn_no in sorted(self._into):
            self._also[self.survivor(psn_no)].append(psn_no)

    def survivor(self, psn_no: str) -> str:
        """Return the number of the record that counts; an unknown number means itself."""
        return self._into.get(psn_no, psn_no)

    def all_of(self, survivors: Iterable[str]) -> list[str]:
        """Return every number that means one of these persons, sorted."""
        return sorted(number for psn_no in survivors for number in (psn_no, *self._also.get(psn_no, ())))


@dataclass(frozen=True, slots=True)
class Registry:
    """Some persons as the assessment knows them, by the number of the record that counts.

    ``roster`` are those who hold or held an identity; ``record`` gives the key of the person's row. ``owner`` names the
    owner of anybody's accounts, also of an unknown number's. ``persons`` are all that were asked for, and the members
    of their households where families own accounts.
    """

    numbers: Numbers
    persons: frozenset[str]
    roster: dict[str, Assessable]
    record: Mapping[str, int]
    owner: Callable[[str], str]

    def members(self) -> dict[str, list[str]]:
        """Return who belongs to each owner."""
        found: dict[str, list[str]] = defaultdict(list)
        for psn_no in sorted(self.persons):
            found[self.owner(psn_no)].append(psn_no)
        return found


def registry_of(book: Rulebook, numbers: Numbers, survivors: Iterable[str]) -> Registry:
    """Look up persons; with a family that owns accounts come all its members."""
    persons = set(survivors)
    rows: dict[str, tuple[int, int | None, str | None]] = {}
    for piece in chunks(sorted(persons)):
        rows |= _rows(Q(psn_no__in=piece))
    if book.family_slots:
        for piece in chunks(sorted({household for _, household, _ in rows.values() if household is not None})):
            rows |= _rows(Q(household_id__in=piece, merged_into__isnull=True))
    families = {psn_no: family_no or "" for psn_no, (_, _, family_no) in rows.items()}
    roster = people(holdings_of(numbers, families))
    record = {psn_no: key for psn_no, (key, _, _) in rows.items()}
    return Registry(numbers, frozenset(persons | rows.keys()), roster, record, owner_of(book, roster))


def _rows(condition: Q) -> dict[str, tuple[int, int | None, str | None]]:
    found = Person.objects.filter(condition).values_list("psn_no", "pk", "household_id", "household__family_no")
    return {psn_no: (key, household, family_no) for psn_no, key, household, family_no in found}


def holdings_of(numbers: Numbers, families: Mapping[str, str]) -> Iterator[facts.Holding]:
    """Yield the identities of the persons who are the keys of ``families`` (``psn_no`` -> ``family_no``), in order.

    One that lists name under both numbers of a merged person, from the same day, lasts until the later end.
    """
    held = Holding.objects.filter(Q(end__isnull=True) | Q(end__gte=F("begin")), withdrawn=False)
    columns = ("person__psn_no", "identity", "begin", "end")
    for piece in chunks(numbers.all_of(families)):
        rows = held.filter(person__psn_no__in=piece).order_by("person__psn_no", "begin", "identity")
        for (number, identity, begin), same in groupby(rows.values_list(*columns).iterator(), itemgetter(0, 1, 2)):
            psn_no, ends = numbers.survivor(number), [end for *_, end in same]
            last = None if None in ends else max(ends)
            yield facts.Holding(psn_no, identity, begin, last, families[psn_no])


def persons_named(numbers: Numbers, owners: Iterable[str]) -> set[str]:
    """Return who belongs, by their names, to some owners: a family's members of today, a person."""
    owners = set(owners)
    found = {numbers.survivor(owner.removeprefix(PERSON)) for owner in owners if owner.startswith(PERSON)}
    families = sorted(owner.removeprefix(FAMILY) for owner in owners if owner.startswith(FAMILY))
    for piece in chunks(families):
        members = Person.objects.filter(household__family_no__in=piece, merged_into__isnull=True)
        found.update(members.values_list("psn_no", flat=True))
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose results hang together: some persons, everybody they share accounts with, or shared them until now.

    ``years`` are the owners' years that have or had results; None as ``only`` means every year.
    """

    registry: Registry
    keys: frozenset[OwnerYearKey]
    only: frozenset[int] | None


def scope_of(book: Rulebook, psn_nos: Iterable[str], only: frozenset[int] | None = None) -> Scope:
    """Return what must be looked at when facts of these persons (any of their numbers) change."""
    numbers = Numbers()
    survivors = {numbers.survivor(psn_no) for psn_no in psn_nos}
    asked: set[str] = set()
    while True:
        registry = registry_of(book, numbers, survivors)
        keys = _keys(registry, only)
        owners = {owner for owner, _ in keys} - asked
        survivors = set(registry.persons) | persons_named(numbers, owners)
        asked |= owners
        if survivors <= registry.persons:
            return Scope(registry, frozenset(keys), only)


def _keys(registry: Registry, only: frozenset[int] | None) -> set[OwnerYearKey]:
    """Return the owners' years of these persons: as they are today, and as they were when last assessed."""
    years = Q() if only is None else Q(year__in=only)
    numbers = registry.numbers
    keys: set[OwnerYearKey] = set()
    for piece in chunks(numbers.all_of(registry.persons)):
        rows = Settlement.objects.filter(years, psn_no__in=piece)
        for psn_no, year, stored in rows.values_list("psn_no", "year", "owner").distinct():
            keys.add((registry.owner(numbers.survivor(psn_no)), year))
            if stored:
                keys.add((stored, year))
    owners = {registry.owner(psn_no) for psn_no in registry.persons}
    owners |= {PERSON + number for number in numbers.all_of(registry.persons)}
    for piece in chunks(sorted(owners)):
        keys.update(OwnerYear.objects.filter(years, owner__in=piece).values_list("owner", "year"))
    return keys


class Filed(NamedTuple):
    """A settlement's row: its key, what it says, and what the columns in ``also`` hold."""

    key: int
    settlement: facts.Settlement
    also: tuple[object, ...]


def settlements_of(
    numbers: Numbers, psn_nos: Iterable[str], years: Iterable[int] | None, also: tuple[str, ...] = ()
) -> Iterator[Filed]:
    """Yield the settlements of persons, ``psn_no`` being that of the record that counts.

    An answer of an earlier payer fills the amount the record leaves at 0; where the record states one, that counts.
    """
    when = Q() if years is None else Q(year__in=sorted(years))
    for piece in chunks(numbers.all_of(psn_nos)):
        rows = list(Settlement.objects.filter(when, psn_no__in=piece).values_list("pk", *COLUMNS, *also))
        answers = answers_to(row[1] for row in rows)
        for key, *cells in rows:
            settlement = facts.Settlement._make((*cells[: len(COLUMNS)], 0))
            settlement = settlement._replace(psn_no=numbers.survivor(settlement.psn_no))
            open_amounts: dict[str, Any] = {
                payer: paid
                for payer, paid in answers.get(settlement.setl_id, {}).items()
                if getattr(settlement, payer) == 0 and not settlement.reversed
            }
            yield Filed(key, settlement._replace(**open_amounts), tuple(cells[len(COLUMNS) :]))


def answers_to(setl_ids: Iterable[str]) -> dict[str, dict[str, Fen]]:
    """Return what earlier payers answered, by settlement and the field it fills."""
    found: dict[str, dict[str, Fen]] = defaultdict(dict)
    for piece in chunks(sorted(setl_ids)):
        answers = PayerAnswer.objects.filter(setl_id__in=piece, payer__in=facts.INSURED_FIELDS)
        for setl_id, payer, paid in answers.values_list("setl_id", "payer", "paid_fen"):
            found[setl_id][payer] = paid
    return found


def former_payments(setl_ids: Iterable[str]) -> dict[str, Fen]:
    """Return what other systems say they paid for settlements, summed."""
    found: dict[str, Fen] = {}
    for piece in chunks(sorted(setl_ids)):
        sums = FormerPayment.objects.filter(setl_id__in=piece).values("setl_id").annotate(paid=Sum("paid_fen"))
        found |= {setl_id: int(paid) for setl_id, paid in sums.values_list("setl_id", "paid")}
    return found
