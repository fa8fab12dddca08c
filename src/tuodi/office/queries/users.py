"""Users as the security administrator sees them, and delegations as both sides see them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import Assignment, Delegation, Region, SecondFactor, User
from tuodi.office.operations.users import manages
from tuodi.office.refusal import Absent
from tuodi.office.roles import KEPT_APART, STANDS_IN_FOR_NOBODY, Action, Role


@dataclass(frozen=True, slots=True)
class UserState:
    """One user with what the administrator decides on: live roles, second factor, whether the sign-in is locked."""

    user: User
    assignments: tuple[Assignment, ...]
    has_second_factor: bool
    is_locked: bool
    """Or was lately: failures stay until somebody's next one sweeps out what is over."""


def users(actor: Actor, words: str = "", role: str = "", is_active: bool | None = None) -> list[UserState]:
    """Return the users this administrator manages, by user name: ``words`` is part of a name."""
    held = Assignment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=actor.day), user=OuterRef("pk"))
    chosen = User.objects.filter(~Exists(held.exclude(region__in=actor.regions(Action.MANAGE_USERS))))
    if words:
        chosen = chosen.filter(Q(username__icontains=words) | Q(name__icontains=words))
    if role:
        chosen = chosen.filter(Q(assignments__role=role) & _on(actor.day, "assignments__"))
    if is_active is not None:
        chosen = chosen.filter(is_active=is_active)
    return _states(chosen.distinct().order_by("username"), actor.day)


def user(actor: Actor, user_id: int) -> UserState:
    """Return one user with all roles, past ones too. Raises Absent."""
    found = User.objects.filter(pk=user_id).first()
    if found is None or not manages(actor, found):
        raise Absent
    return _states(User.objects.filter(pk=user_id), None)[0]


def _states(chosen: QuerySet[User], day: date | None) -> list[UserState]:
    roles = Assignment.objects.select_related("region").order_by("begins", "pk")
    if day is not None:
        roles = roles.filter(_on(day))
    rows = list(chosen.prefetch_related(Prefetch("assignments", roles, to_attr="shown")))
    with_device = set(SecondFactor.objects.filter(user__in=rows, confirmed=True).values_list("user_id", flat=True))
    locked = locked_out(AccessAttempt.objects.filter(username__in=[row.username for row in rows]))
    return [UserState(row, tuple(row.shown), row.pk in with_device, row.username in locked) for row in rows]


def locked_out(tries: QuerySet[AccessAttempt]) -> set[str]:
    """Return the names that these failed sign-ins lock out, at one address or at every one."""
    failures: dict[str, Counter[str]] = {}
    for username, address, number in tries.values_list("username", "ip_address", "failures_since_start"):
        failures.setdefault(username, Counter())[address] += number
    return {
        username
        for username, by_address in failures.items()
        if max(by_address.values()) >= settings.AXES_FAILURE_LIMIT or by_address.total() >= settings.FAILURES_OF_NAME
    }


def _on(day: date, prefix: str = "") -> Q:
    begun = Q(**{f"{prefix}begins__lte": day})
    return begun & (Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gte": day}))


def regions(actor: Actor, action: Action) -> list[Region]:
    """Return the regions where an actor may do something, by code."""
    return list(Region.objects.filter(pk__in=actor.regions(action)))


def delegations(actor: Actor) -> list[Delegation]:
    """Return what this user gave or was given, the newest first."""
    mine = Q(assignment__user=actor.user) | Q(delegate=actor.user)
    chosen = Delegation.objects.filter(mine).select_related("assignment__user", "assignment__region", "delegate")
    return list(chosen.order_by("-begins", "-pk"))


def live_delegations(actor: Actor) -> list[Delegation]:
    """Return those of today, for the desk of both."""
    return [each for each in delegations(actor) if each.revoked_at is None and each.begins <= actor.day <= each.ends]


def own_roles(actor: Actor) -> list[Assignment]:
    """Return the actor's own roles that are not over."""
    lasting = Q(ends__isnull=True) | Q(ends__gte=actor.day)
    chosen = Assignment.objects.filter(lasting, user=actor.user).select_related("region")
    return [each for each in chosen.order_by("begins") if Role(each.role) not in KEPT_APART]


def colleagues(actor: Actor) -> list[User]:
    """Return who could stand in: active users with a role today and none that stands in for nobody, but not oneself."""
    chosen = User.objects.filter(_on(actor.day, "assignments__"), is_active=True).exclude(pk=actor.user.pk)
    apart = Assignment.objects.filter(_on(actor.day), role__in=[role.value for role in STANDS_IN_FOR_NOBODY])
    return list(chosen.exclude(pk__in=apart.values("user")).distinct().order_by("name", "username"))
