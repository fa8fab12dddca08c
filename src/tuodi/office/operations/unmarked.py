"""Sends the settlements of unmarked persons to screening, and closes the cases of those that are marked by now."""

from datetime import date, datetime

from tuodi.office.access import Actor
from tuodi.office.models import Case
from tuodi.office.operations.cases import CaseCounts, refresh_unmarked
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.unmarked import sentence, sentences_when_over, settlements_in, unmarked_settlements
from tuodi.office.roles import Action


def screen_unmarked(*, actor: Actor, at: datetime, first: date, last: date, region_id: int | None = None) -> CaseCounts:
    """Open a case for each settlement of the period whose person was on the roster but not marked on that day.

    Cases of the period whose doubt is over are closed. Raises Refused, Absent.
    """
    with writing(actor, Action.CHECK_CASE, at) as write:
        write.allow(region_id)
        counts = refresh_unmarked_between(write, first, last, region_id)
        write.log("comparison.unmarked_screened", f"comparison {last:%Y-%m}", None, **counts._asdict())
        return counts


def refresh_unmarked_between(write: Writing, first: date, last: date, region_id: int | None = None) -> CaseCounts:
    """Do the same inside a write under way."""
    doubtful = unmarked_settlements(write.actor, first, last, region_id)
    found = {settlement.setl_id: sentence(settlement) for settlement in doubtful.only("setl_id", "setl_time")}
    standing = Case.objects.filter(kind=Case.Kind.UNMARKED, state=Case.State.OPEN)
    inside = settlements_in(write.actor, first, last, region_id).filter(setl_id__in=standing.values("setl_id"))
    return refresh_unmarked(write, found=found, checked=sentences_when_over(inside))
