"""Lists of the comparison and of the enrolment ledger as workbooks: masked, with a reason, remembered in the trail."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import Person, Region
from tuodi.office.operations.exporting import purpose_of
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.comparison import Difference, different, everybody
from tuodi.office.queries.comparison_lines import Line, lines
from tuodi.office.queries.enrolment_ledger import LedgerLine, enrolled, ledger_lines
from tuodi.office.queries.reach import within
from tuodi.office.roles import Action


def export_difference(
    *, actor: Actor, at: datetime, day: date, difference: Difference, reason: str, region_id: int | None = None
) -> Sequence[Line]:
    """Return one list of the comparison in full length. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        people = different(actor, day, difference, region_id)
        found = list(lines(_to_export(write, people), day, difference))
        _log(write, region_id, reason, list="comparison", difference=str(difference), day=str(day), rows=len(found))
        return found


def export_ledger(
    *, actor: Actor, at: datetime, year: int, day: date, state: str, reason: str, region_id: int | None = None
) -> Sequence[LedgerLine]:
    """Return the enrolment ledger, or those in one state, in full length. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        people = enrolled(actor, year, day, region_id=region_id, state=state)
        found = list(ledger_lines(_to_export(write, people), year, day))
        _log(write, region_id, reason, list="enrolment", year=year, state=state, day=str(day), rows=len(found))
        return found


def _to_export(write: Writing, people: QuerySet[Person]) -> Iterator[Person]:
    """Keep to where the actor may export, whatever they may see elsewhere."""
    return everybody(people.filter(within(write.actor, Action.EXPORT_PEOPLE)))


def _log(write: Writing, region_id: int | None, reason: str, **detail: Any) -> None:
    why = purpose_of(reason)
    region = Region.objects.filter(pk=region_id).first() if region_id else None
    write.log("comparison.exported", "comparison", region, reason=why, **detail)
