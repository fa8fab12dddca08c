"""Whose records an actor may see: those of their regions; who works for the whole county also sees those of no town."""

from django.db.models import Q, QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import County, Person
from tuodi.office.refusal import Absent
from tuodi.office.roles import Action


def county_region_id() -> int | None:
    """Return the region of the county this installation serves, None before it is set up."""
    return County.objects.values_list("region_id", flat=True).first()


def sees_all(actor: Actor, action: Action) -> bool:
    """Tell whether an actor may do something in the whole county."""
    return county_region_id() in actor.regions(action)


def within(actor: Actor, action: Action, path: str = "region") -> Q:
    """Return the condition that a record lies within reach; ``path`` leads to its region."""
    return Q() if sees_all(actor, action) else Q(**{f"{path}__in": sorted(actor.regions(action))})


def no_duplicate() -> Q:
    """Return the condition that a record stands for itself.

    Asked as "none of the few that do not": asked whether ``merged_into`` is empty, SQLite reads everybody by the index
    on it and sorts them, however few a page shows.
    """
    return ~Q(pk__in=Person.objects.filter(merged_into__isnull=False).values("pk"))


def persons_within(actor: Actor, action: Action = Action.SEE_PEOPLE) -> QuerySet[Person]:
    """Return the persons an actor may see, duplicates among them."""
    return Person.objects.filter(within(actor, action))


def person_within(actor: Actor, person_id: int, action: Action = Action.SEE_PEOPLE) -> Person:
    """Return one person with their region; raises Absent where there is none, or none for this actor."""
    found = persons_within(actor, action).select_related("region", "household", "merged_into").filter(pk=person_id)
    person = found.first()
    if person is None:
        raise Absent
    return person
