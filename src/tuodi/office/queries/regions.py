"""Which regions a page looks at: all within reach, or a chosen one and those below it."""

from django.db.models import Q

from tuodi.office.access import Actor
from tuodi.office.models import Region
from tuodi.office.queries.reach import county_region_id, within
from tuodi.office.refusal import Absent
from tuodi.office.roles import Action


def narrowed(actor: Actor, action: Action, region_id: int | None, path: str = "region") -> Q:
    """Return the condition that a record lies in the chosen region or below it, within reach.

    None, or the whole county, chooses everything within reach. Raises Absent if the region is out of reach.
    """
    if region_id is None:
        return within(actor, action, path)
    if region_id not in actor.regions(action):
        raise Absent
    if region_id == county_region_id():
        return within(actor, action, path)
    below = Region.objects.filter(parent=region_id).values_list("pk", flat=True)
    return Q(**{f"{path}__in": [region_id, *below]})


def region_name(region_id: int | None) -> str:
    """Return a region's name for a list narrowed to it; empty for none."""
    return Region.objects.filter(pk=region_id).values_list("name", flat=True).first() or ""


def regions_to_choose(actor: Actor, action: Action) -> list[Region]:
    """Return the regions an actor may narrow a page to, by code."""
    return list(Region.objects.filter(pk__in=actor.regions(action)))


def county_and_towns() -> tuple[Region, list[Region]]:
    """Return the county and the towns in it, by code."""
    county = Region.objects.get(pk=county_region_id())
    return county, list(Region.objects.filter(parent=county))
