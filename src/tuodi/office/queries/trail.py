"""The trail as the auditor looks at it: by who, what, about whom and when; newest first, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import Region, TrailEntry, User
from tuodi.office.queries.reach import sees_all
from tuodi.office.queries.trail_details import details_of
from tuodi.office.refusal import Absent
from tuodi.office.roles import Action
from tuodi.office.trail_words import event_words, subject_words

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters: user name, event, subject (``person 17``), first and last day; ``before`` is where a page begins."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry in words."""

    entry: TrailEntry
    who: str
    behalf: str
    what: str
    about: str
    where: str

    @property
    def details(self) -> list[tuple[str, str]]:
        """Return the details as name and value."""
        return details_of(self.entry)


def page_of(actor: Actor, asked: Asked) -> tuple[list[Shown], int | None]:
    """Return a page of entries, the newest first, and where the next, older page begins (None: this is the last)."""
    found = list(chosen(actor, asked)[: PAGE + 1])
    return shown(found[:PAGE]), found[PAGE - 1].number if len(found) > PAGE else None


def one(actor: Actor, number: int) -> Shown:
    """Return one entry; raises Absent where there is none for this actor."""
    found = _within(actor).filter(number=number)[:1]
    entries = shown(list(found))
    if not entries:
        raise Absent
    return entries[0]


def users_named() -> list[User]:
    """Return everybody who may stand in the trail, by user name."""
    return list(User.objects.order_by("username"))


def _within(actor: Actor) -> QuerySet[TrailEntry]:
    entries = TrailEntry.objects.order_by("-number")
    if sees_all(actor, Action.SEE_TRAIL):
        return entries
    codes = Region.objects.filter(pk__in=actor.regions(Action.SEE_TRAIL)).values("code")
    return entries.filter(region__in=codes)


def chosen(actor: Actor, asked: Asked) -> QuerySet[TrailEntry]:
    """Return the entries of the filters within reach, the newest first."""
    entries = _within(actor)
    if asked.actor:
        entries = entries.filter(actor=asked.actor)
    if asked.action:
        whole = "action" if "." in asked.action else "action__startswith"
        entries = entries.filter(**{whole: asked.action if "." in asked.action else f"{asked.action}."})
    if asked.subject:
        entries = entries.filter(subject=asked.subject)
    if asked.since:
        entries = entries.filter(number__gte=_first_since(asked.since))
    if asked.until:
        entries = entries.filter(number__lt=_first_since(asked.until + timedelta(days=1)))
    return entries.filter(number__lt=asked.before) if asked.before else entries


def _first_since(day: date) -> int:
    """Return the number of the first entry of a day or later, found by halving: times follow numbers."""
    moment = datetime.combine(day, time.min)
    low, high = 1, (TrailEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = TrailEntry.objects.filter(number__gte=middle).order_by("number").values_list("at", flat=True).first()
        if at is not None and at < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _users_of(entries: list[TrailEntry]) -> Iterable[tuple[int, str, str]]:
    keys = {each.subject.removeprefix("user ") for each in entries if each.subject.startswith("user ")}
    found = User.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return found.values_list("pk", "name", "username")


def shown(entries: list[TrailEntry]) -> list[Shown]:
    """Return entries in words."""
    names = dict(User.objects.values_list("username", "name"))
    regions = dict(Region.objects.filter(code__in={each.region for each in entries}).values_list("code", "name"))
    users = {f"user {key}": f"{name}（{username}）" for key, name, username in _users_of(entries)}
    return [
        Shown(
            each,
            names.get(each.actor, each.actor),
            names.get(each.on_behalf_of, each.on_behalf_of),
            event_words(each.action),
            f"用户 {users[each.subject]}" if each.subject in users else subject_words(each.subject),
            regions.get(each.region, each.region),
        )
        for each in entries
    ]
