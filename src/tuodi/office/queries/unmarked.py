"""Settlements of persons whom the roster named on that day and the platform did not mark: the window could not know."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from tuodi.office.access import Actor
from tuodi.office.models import PlatformMark, Settlement
from tuodi.office.queries.comparison import held, marked
from tuodi.office.queries.kept_counts import kept
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import Action


def unmarked_settlements(actor: Actor, first: date, last: date, region_id: int | None = None) -> QuerySet[Settlement]:
    """Return the settlements of a period (both days included) of persons on the roster but not marked, oldest first.

    A reversed one does not count. Nothing, where no list of marks has ever come: then nobody would be marked.
    """
    if not PlatformMark.objects.exists():
        return Settlement.objects.none()
    day, mine = OuterRef("day"), {"person": OuterRef("person")}
    return (
        settlements_in(actor, first, last, region_id)
        .filter(refd_setl_flag=False)
        .annotate(day=TruncDate("setl_time"))
        .filter(Exists(held(day).filter(**mine)), ~Exists(marked(day).filter(**mine)))
        .order_by("setl_time", "setl_id")
    )


def unmarked_count(actor: Actor, first: date, last: date, region_id: int | None = None) -> int:
    """Return how many such settlements there are."""
    found = unmarked_settlements(actor, first, last, region_id)
    return kept(found.count, actor, Action.SEE_COMPARISON, "unmarked", first, last, region_id)


def settlements_in(actor: Actor, first: date, last: date, region_id: int | None = None) -> QuerySet[Settlement]:
    """Return the settlements of a period (both days included) within reach whose person is known."""
    reach = narrowed(actor, Action.SEE_COMPARISON, region_id, "person__region")
    begin, end = datetime.combine(first, time.min), datetime.combine(last + timedelta(days=1), time.min)
    return Settlement.objects.filter(reach, person__isnull=False, setl_time__gte=begin, setl_time__lt=end)


def sentence(settlement: Settlement) -> str:
    """Return why such a settlement is in doubt, for its case."""
    day = settlement.setl_time.date()
    return f"{day} 结算时在册有身份，而平台当日没有标识，医院窗口可能没有救助；请核对已付金额并在平台补标识。"
