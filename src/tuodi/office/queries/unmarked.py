"""Settlements of persons whom the roster named on that day and the platform did not mark: the window could not know."""

from datetime import date, datetime, time, timedelta

from django.db.models import DateField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

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
        .annotate(day=Cast("setl_time", DateField()))
        # Whether somebody is marked is asked first: nearly everybody is, and then the roster need not be asked.
        .filter(~Exists(marked(day).filter(**mine)), Exists(held(day).filter(**mine)))
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


def sentences_when_over(settlements: QuerySet[Settlement]) -> dict[str, str]:
    """Return, by ``setl_id``, why such settlements are in doubt no more, for the cases about them."""
    day, mine = OuterRef("day"), {"person": OuterRef("person")}
    asked = settlements.annotate(day=Cast("setl_time", DateField())).annotate(
        is_marked=Exists(marked(day).filter(**mine))
    )
    return {
        setl_id: _over(moment.date(), is_reversed, is_marked)
        for setl_id, moment, is_reversed, is_marked in asked.values_list(
            "setl_id", "setl_time", "refd_setl_flag", "is_marked"
        )
    }


def _over(day: date, is_reversed: bool, is_marked: bool) -> str:
    if is_reversed:
        return "疑点已消除：这笔结算已经冲正。"
    if is_marked:
        return f"疑点已消除：平台已补上 {day} 的标识。"
    return f"疑点已消除：按现在的名册，{day} 不在册。"
