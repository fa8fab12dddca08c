"""How lists decide how long an identity is held: by the set of lists that came, in whatever order they came.

``confirmed_on`` is the day of the newest list that names it, ``stated_end`` what that list says, ``absent_on`` the day
of the first full list of the same sender after that. No list after ``confirmed_on`` names it, so every full one after
it does without: only the days of the full lists are needed, not whom they named. A full list in which the person has a
refused row says nothing about that person, and one after the stated end says nothing new.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from tuodi.office.holding_end import end_of
from tuodi.office.models import Holding, ImportBatch, Sender, Withheld

ROSTER: Final = "roster"
WRITTEN: Final = ("confirmed_on", "stated_end", "absent_on", "end", "sender_id", "source")
"""The columns lists are written to."""


@dataclass(slots=True)
class FullLists:
    """The applied full lists of every sender, and whom each of them left undecided."""

    _days: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    _undecided: set[tuple[int, str]] = field(default_factory=set)

    @classmethod
    def applied(cls) -> "FullLists":
        """Look them up."""
        lists = cls()
        batches = ImportBatch.objects.filter(kind=ROSTER, is_full=True, state=ImportBatch.State.APPLIED)
        for pk, sender, as_of in batches.order_by("as_of", "pk").values_list("pk", "sender_id", "as_of"):
            lists._days.setdefault(sender, []).append((as_of, pk))
        kept = Withheld.objects.filter(kind=ROSTER, batch__kind=ROSTER, batch__is_full=True)
        lists._undecided = set(kept.values_list("batch_id", "psn_no"))
        return lists

    def first_absence(self, holding: Holding) -> date | None:
        """Return the day of the first full list of the holding's sender that would name it and does not."""
        for as_of, batch in self._days.get(holding.sender_id or 0, ()):
            if holding.confirmed_on is not None and as_of > holding.confirmed_on:
                if holding.stated_end is not None and as_of > holding.stated_end:
                    return None
                if (batch, holding.psn_no) not in self._undecided:
                    return as_of
        return None


def confirm(holding: Holding, end: date | None, batch: ImportBatch, lists: FullLists) -> bool:
    """Let a list name an identity (not saved); return whether the list counts for it.

    Of two lists of the same day the later end counts, so that their order does not.
    """
    if holding.confirmed_on is not None and _key(holding) >= (batch.as_of, batch.sender_id, end or date.max):
        return False
    holding.confirmed_on, holding.stated_end, holding.sender_id = batch.as_of, end, batch.sender_id
    holding.source = source_of(batch.sender, batch.as_of)
    holding.absent_on = lists.first_absence(holding)
    holding.end = end_of(holding, holding.person.died_on)
    return True


def miss(holding: Holding, as_of: date) -> None:
    """Let a full list do without an identity (not saved)."""
    holding.absent_on = as_of
    holding.end = end_of(holding, holding.person.died_on)


def missed_by(batch: ImportBatch) -> QuerySet[Holding]:
    """Return the identities a full list would have to name; the caller leaves out those it does."""
    found = Holding.objects.filter(sender=batch.sender, confirmed_on__lt=batch.as_of).select_related("person")
    found = found.exclude(absent_on__lte=batch.as_of).exclude(stated_end__lt=batch.as_of)
    return found.order_by("pk")


def may_end(batch: ImportBatch) -> QuerySet[Holding]:
    """Return the identities that end if a full list does not name them; one corrected by hand does not."""
    return missed_by(batch).filter(corrected=False)


def standing_at(batch: ImportBatch) -> QuerySet[Holding]:
    """Return the identities, whoever sent them, of which no list newer than this one speaks."""
    return Holding.objects.filter(withdrawn=False).exclude(confirmed_on__gt=batch.as_of)


def ended_by(batch: ImportBatch) -> QuerySet[Holding]:
    """Return the identities that end because a full list does not name them; a list of changes ends none."""
    found = Holding.objects.filter(sender=batch.sender, absent_on=batch.as_of)
    return found if batch.is_full else found.none()


def source_of(sender: Sender, as_of: date) -> str:
    """Return in words where an identity comes from."""
    return f"{sender.name} {as_of} 名册"


def written(holding: Holding) -> dict[str, Any]:
    """Return the values of the columns lists are written to."""
    return {name: getattr(holding, name) for name in WRITTEN}


def _key(holding: Holding) -> tuple[date, int, date]:
    return holding.confirmed_on or date.min, holding.sender_id or 0, holding.stated_end or date.max
