"""Finding people: by name, pinyin initials, the platform's number or the number of a document; lists of a town.

A list is read page by page along (name, id) or (initials, id), never by counting from the top: as fast for the last
page as for the first. The number of all is counted up to ``COUNTED`` and then told as "more than".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from tuodi.kernel.terms import shipped_terms
from tuodi.office.access import Actor
from tuodi.office.initials import LONGEST
from tuodi.office.models import Account, Holding, Person
from tuodi.office.numbers import BETWEEN, certno_index, masked_certno
from tuodi.office.periods import held_on
from tuodi.office.queries.reach import no_duplicate
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action

PAGE_SIZE: Final = 50
COUNTED: Final = 1000
FEW: Final = 5000
_AT_ONCE: Final = 500
_DOCUMENT = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
_DIGITS = re.compile(r"[0-9]+[Xx]?")
_NEARLY_A_DOCUMENT: Final = 12
_LETTERS = re.compile(r"[A-Za-z]+")
_LAST_CHARACTER = "\U0010ffff"


class State(StrEnum):
    """Where a person's record stands."""

    ON = "on"
    DEAD = "dead"
    MOVED = "moved"
    DUPLICATE = "duplicate"


STATE_NAMES: Final = {
    State.ON: "在册",
    State.DEAD: "死亡",
    State.MOVED: "迁出",
    State.DUPLICATE: "重复",
}


class By(StrEnum):
    """What the text of a search is."""

    NOTHING = "nothing"
    DOCUMENT = "document"
    INITIALS = "initials"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; empty fields do not narrow. ``account``: with, without or empty."""

    text: str = ""
    region_id: int | None = None
    identity: str = ""
    day: date
    state: State | None = None
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One line of a list; ``identities`` are those held on the search's day, ``certno`` is masked."""

    person: Person
    certno: str
    identities: tuple[str, ...]
    state: State
    has_account: bool

    @property
    def state_name(self) -> str:
        """Return the state as a word."""
        return STATE_NAMES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list: ``before`` and ``after`` are the ids from which the pages beside it are asked for, or None.

    ``total`` counts to COUNTED at most; ``is_more``: there are more. ``contains``: nobody's name begins with the text,
    these contain it.
    """

    rows: tuple[PersonRow, ...]
    total: int
    is_more: bool
    before: int | None
    after: int | None
    contains: bool = False


def plain(text: str) -> str:
    """Return what was typed with digits and letters of full width as the usual ones, and no blanks around it.

    >>> plain(" Ｐ００１　")
    'P001'
    """
    return unicodedata.normalize("NFKC", text).strip()


def hint_of(text: str) -> str:
    """Say what may be wrong with a search that found nobody; empty where nothing is known."""
    bare = BETWEEN.sub("", plain(text))
    if not _DIGITS.fullmatch(bare) or kind_of(text) is By.DOCUMENT:
        return "人员编号按前几位查找，请核对有没有漏输的数字，例如中间的 0。" if kind_of(text) is By.NUMBER else ""
    if len(bare) < _NEARLY_A_DOCUMENT:
        return "证件号码是加密保存的，不能只输其中几位来找，要输全 18 位；人员编号可以只输前几位。"
    return f"证件号码要输全 18 位，这里是 {len(bare)} 位，请核对有没有漏输或多输。"


def kind_of(text: str) -> By:
    """Tell what somebody typed into the search box."""
    bare = BETWEEN.sub("", plain(text))
    if not bare:
        return By.NOTHING
    if _DOCUMENT.fullmatch(bare):
        return By.DOCUMENT
    if _LETTERS.fullmatch(bare):
        return By.INITIALS
    return By.NUMBER if bare.isascii() else By.NAME


def find_people(
    actor: Actor, search: Search, *, after: int | None = None, before: int | None = None, size: int = PAGE_SIZE
) -> Page:
    """Return one page of the persons found, those an actor may see; raises Absent for a region out of reach."""
    found, contains = people_found(actor, search)
    ids = list(found.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    if len(ids) <= COUNTED:
        # All are known by now: a search that has to read everybody does so once.
        found = Person.objects.filter(pk__in=ids)
    backwards = after is None and before is not None
    place = _place(before if backwards else after)
    column = "initials" if kind_of(search.text) is By.INITIALS else "psn_name"
    ordered = found.order_by(f"-{column}", "-id") if backwards else found.order_by(column, "id")
    beyond = _beyond(ordered, column, place, backwards).select_related("region", "merged_into")
    persons = list(beyond[: size + 1])
    is_cut = len(persons) > size
    persons = persons[:size]
    if backwards:
        persons.reverse()
    goes_back, goes_on = (is_cut, True) if backwards else (place is not None, is_cut)
    return Page(
        rows=tuple(rows_of(persons, search.day)),
        total=min(len(ids), COUNTED),
        is_more=len(ids) > COUNTED,
        before=persons[0].pk if persons and goes_back else None,
        after=persons[-1].pk if persons and goes_on else None,
        contains=contains,
    )


def count_people(actor: Actor, search: Search) -> int:
    """Return how many are found: of a whole county this takes its time."""
    return people_found(actor, search)[0].count()


def people_found(actor: Actor, search: Search) -> tuple[QuerySet[Person], bool]:
    """Return the persons found, in no order, and whether their names only contain the text."""
    within_reach = _narrowed(actor, search)
    by = kind_of(search.text)
    text = search.text.strip() if by is By.NAME else plain(search.text)
    bare = BETWEEN.sub("", text)
    if by is By.DOCUMENT:
        return within_reach.filter(Q(certno_index=certno_index(bare)) | Q(psn_no=bare)), False
    if by is By.NUMBER:
        numbers = _begins("psn_no", text) | _begins("psn_no", text.upper()) | Q(certno_index=certno_index(bare))
        return within_reach.filter(numbers), False
    if search.state is None:
        within_reach = within_reach.filter(no_duplicate())
    if by is By.INITIALS:
        return within_reach.filter(_initials(bare.lower())), False
    if by is By.NAME:
        starting = within_reach.filter(_begins("psn_name", text))
        if starting.exists():
            return starting, False
        return within_reach.filter(psn_name__contains=text), True
    return within_reach, False


def rows_of(persons: Iterable[Person], day: date) -> Iterator[PersonRow]:
    """Yield the lines of some persons, their identities and accounts asked for in pieces, not one by one."""
    persons = list(persons)
    for start in range(0, len(persons), _AT_ONCE):
        piece = persons[start : start + _AT_ONCE]
        held = _identities_on([person.pk for person in piece], day)
        with_account = set(_live_accounts().filter(person__in=piece).values_list("person_id", flat=True))
        for person in piece:
            yield PersonRow(
                person=person,
                certno=masked_certno(person),
                identities=tuple(held.get(person.pk, ())),
                state=state_of(person),
                has_account=person.pk in with_account,
            )


def state_of(person: Person) -> State:
    """Return where a person's record stands; a duplicate first, then death."""
    if person.merged_into_id is not None:
        return State.DUPLICATE
    if person.died_on is not None:
        return State.DEAD
    return State.ON if person.moved_out_on is None else State.MOVED


def possible_duplicates(person: Person) -> QuerySet[Person]:
    """Return those who may be the same person: the same document number, or the same name and birth date."""
    same = Q(pk__in=[])
    if person.certno_index:
        same |= Q(certno_index=person.certno_index)
    if person.psn_name and person.brdy:
        same |= Q(psn_name=person.psn_name, brdy=person.brdy)
    return Person.objects.filter(same, no_duplicate()).exclude(pk__in=[person.pk, person.merged_into_id or 0])


def _narrowed(actor: Actor, search: Search) -> QuerySet[Person]:
    found = Person.objects.filter(narrowed(actor, Action.SEE_PEOPLE, search.region_id))
    if search.state is not None:
        found = found.filter(_is_in(search.state))
    if search.identity:
        names = shipped_terms().names_counting_as(search.identity)
        found = found.filter(_among(Holding.objects.filter(held_on(search.day), identity__in=names)))
    if search.account == "with":
        found = found.filter(_among(_live_accounts()))
    elif search.account == "without":
        found = found.exclude(Exists(_live_accounts().filter(person=OuterRef("pk"))))
    return found


def _among(records: QuerySet[Any]) -> Q:
    """Return the condition that a person has one of these records.

    Of few records the database should start with them; of many it should read along the names and ask for each.
    """
    if records[: FEW + 1].count() <= FEW:
        return Q(pk__in=records.values("person"))
    return Q(Exists(records.filter(person=OuterRef("pk"))))


def _is_in(state: State) -> Q:
    if state is State.DUPLICATE:
        return Q(merged_into__isnull=False)
    return no_duplicate() & _OF_THEIR_OWN[state]


_OF_THEIR_OWN: Final = {
    State.ON: Q(died_on__isnull=True, moved_out_on__isnull=True),
    State.DEAD: Q(died_on__isnull=False),
    State.MOVED: Q(died_on__isnull=True, moved_out_on__isnull=False),
}


def _live_accounts() -> QuerySet[Account]:
    return Account.objects.filter(confirmed_by__isnull=False, ended_at__isnull=True)


def _begins(field: str, text: str) -> Q:
    """Return the condition that a field begins with a text, in the form for which the database uses its index.

    PostgreSQL's LIKE has an index of its own; SQLite's would read every row, but its texts are in the order of bytes.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST_CHARACTER})
    return Q(**{f"{field}__startswith": text})


def _initials(text: str) -> Q:
    """Return the condition that initials begin with a text: a range, which the index gives in order at once."""
    return Q(initials__gte=text, initials__lte=text + "z" * LONGEST)


def _place(person_id: int | None) -> Person | None:
    """Return the person from whom a page goes on; whoever is not there any more means the first page."""
    return None if person_id is None else Person.objects.only("id", "psn_name", "initials").filter(pk=person_id).first()


def _beyond(found: QuerySet[Person], column: str, place: Person | None, backwards: bool) -> QuerySet[Person]:
    if place is None:
        return found
    side, value = "lt" if backwards else "gt", getattr(place, column)
    # The first condition is where the index begins; the second says where among equal ones.
    further = Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"id__{side}": place.pk})
    return found.filter(Q(**{f"{column}__{side}e": value}), further)


def _identities_on(person_ids: list[int], day: date) -> dict[int, list[str]]:
    rows = Holding.objects.filter(held_on(day), person__in=person_ids).order_by("begin", "id")
    held: dict[int, list[str]] = {}
    for person_id, identity in rows.values_list("person_id", "identity"):
        of = held.setdefault(person_id, [])
        if identity not in of:
            of.append(identity)
    return held
