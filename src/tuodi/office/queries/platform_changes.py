"""What has to change in the national platform so that it marks whom the roster names: one change per identity.

The window of a hospital follows the platform, so these changes are sent back to it as a batch list.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from tuodi.office.models import Holding, Person, PlatformMark
from tuodi.office.periods import period
from tuodi.office.queries.comparison import held, held_once, marked
from tuodi.office.queries.concepts import concept, names_in_use, names_marked
from tuodi.office.queries.known_identities import known_identities

Record = TypeVar("Record", Holding, PlatformMark)
_AT_ONCE = 800


class Change(StrEnum):
    """What happens to a mark, in the platform's words."""

    NEW = "新增"
    CHANGED = "变更"
    ENDED = "终止"


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One line of the batch list; both days are included, an open end is None."""

    change: Change
    identity: str
    begin: date
    end: date | None

    @property
    def words(self) -> str:
        """Return the change as advice: 新增低保对象，2024-01-01 起."""
        if self.change is Change.ENDED:
            return f"{self.change}{self.identity}，止于 {self.end}"
        return f"{self.change}{self.identity}，{period(self.begin, self.end)}"


@dataclass(frozen=True, slots=True)
class Identities:
    """What is known of one person's identities on a day: held and marked on it, and held before it (newest last).

    ``unclear`` are the names among those held that nobody knows (``unclear_names``).
    """

    held: tuple[Holding, ...]
    past: tuple[Holding, ...]
    marked: tuple[PlatformMark, ...]
    unclear: tuple[str, ...]


def identities_of(people: Sequence[Person], day: date) -> Mapping[int, Identities]:
    """Return the identities of persons on a day, by key."""
    keys = [person.pk for person in people]
    now = _by_person(held_once(day).filter(person__in=keys).order_by("begin", "identity"))
    past = Holding.objects.filter(person__in=keys, withdrawn=False, end__lt=day).order_by("end", "identity")
    ended = _by_person(past)
    marks = _by_person(marked(day).filter(person__in=keys).order_by("begin", "identity"))
    unclear = unclear_names(holding.identity for of_one in now.values() for holding in of_one)
    return {
        key: Identities(
            tuple(now[key]),
            tuple(ended[key]),
            tuple(marks[key]),
            tuple(dict.fromkeys(holding.identity for holding in now[key] if holding.identity in unclear)),
        )
        for key in keys
    }


def unclear_names(names: Iterable[str]) -> frozenset[str]:
    """Return those names of identities that neither a policy of the county, the vocabulary nor the platform uses."""
    strange = set(names) - known_identities()
    return frozenset(strange - names_marked() if strange else ())


def unclear_on(day: date) -> tuple[str, ...]:
    """Return such names the roster uses on a day, 800 at most: more are a column mistaken for another."""
    strange = sorted(unclear_names(names_in_use()))[:_AT_ONCE]
    now = held(day).filter(identity__in=strange) if strange else Holding.objects.none()
    return tuple(now.order_by("identity").values_list("identity", flat=True).distinct())


def mark_changes(person: Person, known: Identities, day: date) -> list[MarkChange]:
    """Return what has to change in the platform for one person; nothing if it marks what the roster says.

    A name nobody knows may be a known one misspelt: the platform is not told of it, and none of the person's marks is
    ended before the name is cleared up.
    """
    left_on = gone_on(person, day)
    wanted = () if left_on else tuple(holding for holding in known.held if holding.identity not in known.unclear)
    changes = []
    for holding in wanted:
        same = [mark for mark in known.marked if concept(mark.identity) == concept(holding.identity)]
        if not any((mark.begin, mark.end) == (holding.begin, holding.end) for mark in same):
            change = Change.CHANGED if same else Change.NEW
            changes.append(MarkChange(change, holding.identity, holding.begin, holding.end))
    if known.unclear and not left_on:
        return changes
    meant = {concept(holding.identity) for holding in wanted}
    for mark in known.marked:
        if concept(mark.identity) not in meant:
            last = max(mark.begin, left_on or _last_held(mark, known.past, day))
            changes.append(MarkChange(Change.ENDED, mark.identity, mark.begin, last))
    return changes


def changes_of(people: Iterable[Person], day: date) -> Iterator[tuple[Person, MarkChange]]:
    """Yield the batch list's lines for persons, in their order."""
    for some in in_portions(people):
        known = identities_of(some, day)
        for person in some:
            for change in mark_changes(person, known[person.pk], day):
                yield person, change


def in_portions(people: Iterable[Person]) -> Iterator[Sequence[Person]]:
    """Yield persons in lists short enough for one query."""
    rest = iter(people)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def gone_on(person: Person, day: date) -> date | None:
    """Return the day of death or of moving out if it lies before ``day``."""
    days = [left for left in (person.died_on, person.moved_out_on) if left is not None and left < day]
    return min(days, default=None)


def _last_held(mark: PlatformMark, past: Sequence[Holding], day: date) -> date:
    """Return the last day the marked identity was held; the day before ``day`` where the roster never had it."""
    ends = [
        h.end for h in past if h.end is not None and h.end >= h.begin and concept(h.identity) == concept(mark.identity)
    ]
    return max(ends, default=day - timedelta(days=1))


def _by_person(records: Iterable[Record]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record.person_id].append(record)
    return found
