"""How lists decide how long a platform mark stands: by the set of lists that came, in whatever order they came.

The rule is that of the roster (``roster_periods``): the newest list that names a mark counts; the first full list of
the same sender after it ends the mark on the day before. A full list with a refused row of somebody says nothing about
that person.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import QuerySet

from tuodi.office.holding_end import DAY
from tuodi.office.models import ImportBatch, PlatformMark

MARKS: Final = "marks"


@dataclass(slots=True)
class FullMarkLists:
    """The applied full lists of every sender: day, and whom each of them left undecided."""

    _lists: dict[int, list[tuple[date, frozenset[str]]]] = field(default_factory=dict)

    @classmethod
    def applied(cls) -> "FullMarkLists":
        """Look them up."""
        found = cls()
        batches = ImportBatch.objects.filter(kind=MARKS, is_full=True, state=ImportBatch.State.APPLIED)
        columns = ("sender_id", "as_of", "undecided")
        for sender, as_of, undecided in batches.order_by("as_of", "pk").values_list(*columns):
            found._lists.setdefault(sender, []).append((as_of, frozenset(undecided)))
        return found

    def end_of(self, mark: PlatformMark, psn_no: str) -> date | None:
        """Return the last day a mark stands, None while it is open."""
        for as_of, undecided in self._lists.get(mark.sender_id or 0, ()):
            if as_of > mark.as_of and psn_no not in undecided:
                return min(mark.stated_end or date.max, as_of - DAY)
        return mark.stated_end


def confirm(mark: PlatformMark, end: date | None, batch: ImportBatch, lists: FullMarkLists, psn_no: str) -> bool:
    """Let a list name a mark (not saved); return whether the list counts for it.

    Of two lists of the same day the later end counts, so that their order does not.
    """
    if mark.as_of is not None and _key(mark) >= (batch.as_of, batch.sender_id, end or date.max):
        return False
    mark.as_of, mark.stated_end, mark.sender_id = batch.as_of, end, batch.sender_id
    mark.end = lists.end_of(mark, psn_no)
    return True


def missed_by(batch: ImportBatch) -> QuerySet[PlatformMark]:
    """Return the marks a full list would have to name; the caller leaves out those it does."""
    found = PlatformMark.objects.filter(sender=batch.sender, as_of__lt=batch.as_of).exclude(end__lt=batch.as_of)
    return found.select_related("person").order_by("pk")


def may_end(batch: ImportBatch) -> QuerySet[PlatformMark]:
    """Return the marks that end if a full list does not name them."""
    return missed_by(batch)


def standing_at(batch: ImportBatch) -> QuerySet[PlatformMark]:
    """Return the marks, whoever sent them, of which no list newer than this one speaks."""
    return PlatformMark.objects.exclude(as_of__gt=batch.as_of)


def _key(mark: PlatformMark) -> tuple[date, int, date]:
    return mark.as_of, mark.sender_id or 0, mark.stated_end or date.max
