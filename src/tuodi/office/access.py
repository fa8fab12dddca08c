"""Who is asking, what they may do and where: the access table applied to one user on one day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from tuodi.office.models import Assignment, Delegation, Region, User
from tuodi.office.roles import ROLES_OF, STANDS_IN_FOR_NOBODY, Action, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in some regions (ids; a region and all below it); ``behalf`` is whose work it is, None for one's own."""

    role: Role
    regions: frozenset[int]
    behalf: User | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A user on a day with everything granted to them; operations and queries take one instead of a user."""

    user: User
    day: date
    grants: tuple[Grant, ...] = field(default=())

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles held or delegated today."""
        return frozenset(grant.role for grant in self.grants)

    def may(self, action: Action, region_id: int | None = None) -> bool:
        """Tell whether this actor may do something: in that region, or anywhere at all if none is named."""
        return any(region_id is None or region_id in grant.regions for grant in self._granting(action))

    def regions(self, action: Action) -> frozenset[int]:
        """Return the ids of the regions where this actor may do something."""
        return frozenset().union(*(grant.regions for grant in self._granting(action)))

    def behalf(self, action: Action, region_id: int | None = None) -> User | None:
        """Return for whom this actor would be acting; None where the right is their own."""
        granting = [g for g in self._granting(action) if region_id is None or region_id in g.regions]
        own = any(grant.behalf is None for grant in granting)
        return None if own or not granting else granting[0].behalf

    def _granting(self, action: Action) -> Iterable[Grant]:
        return [grant for grant in self.grants if grant.role in ROLES_OF[action]]


def actor_of(user: User, day: date) -> Actor:
    """Return the user with own and delegated roles of that day; a switched-off user has none."""
    if not user.is_active:
        return Actor(user, day)
    granted = _granted(day, Q(user=user), Q(delegate=user))
    return Actor(user, day, tuple(grant for _, grant in granted))


def actors_on(day: date) -> list[Actor]:
    """Return everybody who has a role on that day, own or delegated, as they would act then."""
    grants: dict[User, list[Grant]] = {}
    for holder, grant in _granted(day, Q(user__is_active=True), Q(delegate__is_active=True)):
        grants.setdefault(holder, []).append(grant)
    return [Actor(holder, day, tuple(found)) for holder, found in grants.items()]


def _granted(day: date, whose: Q, delegated_to: Q) -> list[tuple[User, Grant]]:
    """Return the roles in force on a day with who has them.

    One delegated is in force as long as its own assignment, and not while the delegate holds a role that stands in
    for nobody.
    """
    below = regions_below()
    today = Q(begins__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))
    own = Assignment.objects.filter(today, whose).select_related("user").order_by("pk")
    granted = [(a.user, Grant(Role(a.role), below[a.region_id])) for a in own]
    kept_out = {a.user_id for a in own if Role(a.role) in STANDS_IN_FOR_NOBODY}
    given = Delegation.objects.filter(today, delegated_to, revoked_at__isnull=True).order_by("pk")
    for delegation in given.select_related("assignment__user", "delegate"):
        assignment = delegation.assignment
        in_force = assignment.begins <= day and (assignment.ends is None or day <= assignment.ends)
        if in_force and assignment.user.is_active and delegation.delegate_id not in kept_out:
            grant = Grant(Role(assignment.role), below[assignment.region_id], assignment.user)
            granted.append((delegation.delegate, grant))
    return granted


def regions_below() -> dict[int, frozenset[int]]:
    """Return each region's id with its own and all ids below it."""
    parents = dict(Region.objects.values_list("id", "parent_id"))
    below: dict[int, set[int]] = {region: {region} for region in parents}
    for region in parents:
        above = parents[region]
        while above is not None:
            below[above].add(region)
            above = parents[above]
    return {region: frozenset(found) for region, found in below.items()}
