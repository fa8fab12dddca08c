"""Who stands in which list of the comparison: found once over everybody, then followed person by person.

Looking through half a million persons takes a second or two, so what was found is kept in the process's memory, in the
order of the lists. A change by hand concerns few persons: they are looked at again and put in their places. Only after
an import or undoing, and for another day, everybody is looked at anew, in a thread: ``keep_ready`` has it done before
somebody asks, and who asks meanwhile is shown the lists of before, or told that it is being done.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from datetime import date, datetime
from threading import Thread
from typing import Any, Final, NamedTuple, overload

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Q, QuerySet

from tuodi.office.access import Actor
from tuodi.office.bulk import chunks
from tuodi.office.models import Enrolment, Holding, Person, PlatformMark, Touch, TrailHead
from tuodi.office.queries.comparison import (
    MARKS_SAY,
    NEEDS_ENROLMENTS,
    ROSTER_SAYS,
    Difference,
    Lists,
    kinds_of,
    lists_on,
    may_be_marked_wrong,
    may_be_uninsured,
    on_the_lists,
    with_marks,
)
from tuodi.office.queries.kept_counts import Imports, imports_done, key_of, lock_of, place_of
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action

# More changes than this since the last look are no longer followed one by one.
_FEW: Final = 500
# Transactions end in another order than their rows are numbered: so many before the newest are looked at again.
_MARGIN: Final = 100
_SECONDS: Final = 24 * 3600
# So long somebody waits, in seconds: where there are lists of before to be shown, and where there are none.
_PATIENCE: Final = 0.5
_PATIENCE_AT_FIRST: Final = 1.5
_WHOLE_COUNTY: Final = "all"
_SEE: Final = Action.SEE_COMPARISON
_ALL_SAY: Final = (*ROSTER_SAYS, *MARKS_SAY)
_OF_ENROLMENT: Final = tuple(kind for kind in Difference if kind in NEEDS_ENROLMENTS)
_OF_MARKS: Final = tuple(kind for kind in Difference if kind not in NEEDS_ENROLMENTS)

_Place = tuple[int, str, int]
"""Where a person stands in every list: region, name, key."""
Keys = Mapping[Difference, "array[int]"]


@dataclass(frozen=True, slots=True)
class Members(Sequence[Person]):
    """The persons of one list, by region and name, read as far as they are asked for; ``keys`` are all of them."""

    keys: "array[int]"

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Person: ...
    @overload
    def __getitem__(self, place: slice) -> list[Person]: ...
    def __getitem__(self, place: int | slice) -> Person | list[Person]:
        if isinstance(place, int):
            return Person.objects.select_related("region").get(pk=self.keys[place])
        keys = list(self.keys[place])
        found = Person.objects.select_related("region").in_bulk(keys)
        return [found[key] for key in keys if key in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """Every list, None where a list that is needed has not come.

    ``before``: they are those of before the import (or undoing) of that moment, while everybody is looked at anew.
    """

    lists: Mapping[Difference, Members | None]
    before: datetime | None = None

    @property
    def counts(self) -> Mapping[Difference, int | None]:
        """Return how many persons each list names."""
        return {kind: None if some is None else len(some) for kind, some in self.lists.items()}


def standing(actor: Actor, day: date, region_id: int | None = None, *, wait: bool = False) -> Standing | None:
    """Return the lists of a day, or those of before; None while everybody is looked at and there are none of before.

    Whoever asks waits for a moment at most, or with ``wait`` until there are some. ``region_id`` narrows them to that
    region and those below; Absent if it is out of the actor's reach.
    """
    reach = narrowed(actor, _SEE, region_id)
    where = _Where(reach, narrowed(actor, _SEE, region_id, "person__region"))
    place = (region_id, place_of(actor, _SEE)) if reach else _WHOLE_COUNTY
    lists, imports = lists_on(day), imports_done()
    found = _kept(where, place, day, lists, imports)
    if isinstance(found, _Look):
        earlier: _Found | None = cache.get(_last_name(day, place))
        try:
            found = found.outcome(_PATIENCE if earlier else None if wait else _PATIENCE_AT_FIRST)
        except TimeoutError:
            if earlier is None:
                return None
            found = earlier
    shown = {kind: Members(found.keys[kind]) if lists.tells(kind) else None for kind in Difference}
    return Standing(shown, None if found.imports == imports else max(filter(None, imports), default=None))


def keep_ready(day: date) -> None:
    """Find the whole county's lists of a day, so that whoever asks after an import or in the morning need not wait."""
    found = _kept(_Where(Q(), Q()), _WHOLE_COUNTY, day, lists_on(day), imports_done())
    if isinstance(found, _Look):
        found.outcome()


class _Where(NamedTuple):
    """Whose lists: the condition on persons, and the same on records of persons."""

    persons: Q
    records: Q


@dataclass(frozen=True, slots=True)
class _Found:
    """The lists as of one moment: the imports done by then, and the keys of the newest rows."""

    imports: Imports
    newest: tuple[int, ...]
    keys: Keys


def _last_name(day: date, place: object) -> str:
    return key_of("members", day, place)


def _kept(where: _Where, place: object, day: date, lists: Lists, imports: Imports) -> "_Found | _Look":
    """Return what is kept, followed up to now; what will be, where everybody has to be looked at."""
    people = on_the_lists(where.persons, day)
    name, last = key_of("members", day, place, lists, imports), _last_name(day, place)
    with lock_of(name):
        # Before the look: what changes meanwhile is looked at twice, and not missed.
        newest = _newest()
        found: _Found | None = cache.get(name)
        if found is not None and found.newest == newest:
            return found
        changed = None if found is None else _changed_since(found.newest)
        if found is not None and changed is not None:
            found = _Found(imports, newest, _followed(found.keys, people, day, changed))
            _keep(found, name, last)
            return found
        under_way = _under_way.get(name)
        if under_way is None:

            def look() -> _Found:
                made = _Found(imports, newest, _of_everybody(people, day, lists, where.records))
                _keep(made, name, last)
                return made

            under_way = _under_way[name] = _Look(name, look)
            under_way.begin()
        return under_way


def _keep(found: _Found, *names: str) -> None:
    for name in names:
        cache.set(name, found, _SECONDS)


class _Look:
    """Everybody looked at in a thread of its own, which goes on when whoever asked has stopped waiting."""

    def __init__(self, name: str, look: Callable[[], _Found]) -> None:
        self._name, self._look = name, look
        self._future: Future[_Found] = Future()

    def begin(self) -> None:
        """Start, once it stands among those under way."""
        Thread(target=self._run, name="comparison", daemon=True).start()

    def outcome(self, seconds: float | None = None) -> _Found:
        """Return what was found. Raises TimeoutError while it is under way, and once the fault it ended with."""
        if not wait_for([self._future], seconds).done:
            raise TimeoutError
        _under_way.pop(self._name, None)
        return self._future.result()

    def _run(self) -> None:
        try:
            self._future.set_result(self._look())
            _under_way.pop(self._name, None)
        except BaseException as fault:
            # It stays until somebody asks: who is waiting for the page must be told.
            self._future.set_exception(fault)
        finally:
            connection.close()


_under_way: Final[dict[str, _Look]] = {}
"""Who is being looked at just now, by name: who asks for the same waits for it and does not look as well."""


def _newest() -> tuple[int, ...]:
    """Return what differs after every change by hand: the trail's last number above all, and the newest facts."""
    head = TrailHead.objects.values_list("number", flat=True).first() or 0
    facts = (Touch.objects, Person.objects, Holding.objects, PlatformMark.objects, Enrolment.objects)
    return (head, *(records.aggregate(newest=Max("pk"))["newest"] or 0 for records in facts))


def _changed_since(newest: tuple[int, ...]) -> set[int] | None:
    """Return the persons something may have changed about, None where they are too many to be followed."""
    _, touch, person, *last_of = newest
    facts = (Holding.objects, PlatformMark.objects, Enrolment.objects)
    found = set(Touch.objects.filter(pk__gt=touch - _MARGIN).values_list("person_id", flat=True)[: _FEW + 1])
    found |= set(Person.objects.filter(pk__gt=person).values_list("pk", flat=True)[: _FEW + 1])
    for records, last in zip(facts, last_of, strict=True):
        found |= set(records.filter(pk__gt=last).values_list("person_id", flat=True)[: _FEW + 1])
    return found if len(found) <= _FEW else None


def _of_everybody(people: QuerySet[Person], day: date, lists: Lists, reach: Q) -> Keys:
    """Return the lists, looking closely only at those who may be in one: hardly anybody differs."""
    may_differ = Person.objects.filter(may_be_marked_wrong(lists, day, reach)).values_list("pk", flat=True)
    places: dict[Difference, list[_Place]] = {kind: [] for kind in Difference}
    # Asked of few at a time, by their keys: for many PostgreSQL would first read all that is said of everybody.
    for piece in chunks(list(may_differ)):
        for kind, some in _places(with_marks(people, day).filter(pk__in=piece), _ALL_SAY, _OF_MARKS).items():
            places[kind] += some
    if lists.enrolments is not None:
        places |= _places(people.filter(may_be_uninsured(day)), ROSTER_SAYS, _OF_ENROLMENT)
    return {kind: array("q", (place[-1] for place in sorted(places[kind]))) for kind in Difference}


def _places(
    people: QuerySet[Person], says: Sequence[str], kinds: Sequence[Difference]
) -> dict[Difference, list[_Place]]:
    """Return where persons stand in each list: region, name and key, by which lists are ordered."""
    found: dict[Difference, list[_Place]] = {kind: [] for kind in kinds}
    for said in people.order_by().values("region_id", "psn_name", "pk", *says):
        place = _place(said)
        for kind in kinds_of(said, kinds):
            found[kind].append(place)
    return found


def _place(said: Mapping[str, Any]) -> _Place:
    return said["region_id"] or 0, said["psn_name"], said["pk"]


def _followed(keys: Keys, people: QuerySet[Person], day: date, changed: Iterable[int]) -> Keys:
    """Return the lists with some persons looked at again."""
    looked_at = set(changed)
    again = with_marks(people, day).filter(pk__in=looked_at)
    now = _places(again, _ALL_SAY, tuple(Difference))
    followed = {}
    for kind, before in keys.items():
        kept = array("q", (key for key in before if key not in looked_at))
        for place in sorted(now[kind]):
            kept.insert(bisect_left(kept, place, key=_place_of), place[-1])
        followed[kind] = kept
    return followed


def _place_of(key: int) -> _Place:
    found = Person.objects.values("region_id", "psn_name", "pk").filter(pk=key).first()
    # Nobody takes a person away without an import or its undoing, after which everything is found anew.
    return _place(found) if found else (0, "", key)
