"""What waits for somebody today, counted: indexed rows only, since everybody opens the desk many times a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F, Q, QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import Account, ImportBatch, Job, TrailEntry, User
from tuodi.office.operations.withheld import holding_back
from tuodi.office.queries.reach import within
from tuodi.office.queries.users import locked_out
from tuodi.office.roles import Action

_LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Batches: for me to confirm; mine that somebody else must confirm; under way; mine not read these seven days."""

    to_confirm: int
    mine_waiting: int
    under_way: int
    mine_refused: int


def imports(actor: Actor, at: datetime) -> ImportCounts:
    """Return the counts of import batches within reach."""
    states = ImportBatch.State
    seen = ImportBatch.objects.filter(within(actor, Action.SEE_IMPORTS))
    mine = Q(uploaded_by=actor.user)
    confirmable = ImportBatch.objects.none()
    if actor.may(Action.CONFIRM_IMPORT):
        confirmable = ImportBatch.objects.filter(within(actor, Action.CONFIRM_IMPORT), state=states.PREVIEWED)
    return ImportCounts(
        to_confirm=confirmable.exclude(mine).count(),
        mine_waiting=seen.filter(mine, state=states.PREVIEWED).count(),
        under_way=seen.filter(state__in=(states.UPLOADED, states.CONFIRMED)).count(),
        mine_refused=seen.filter(mine, state=states.REFUSED, uploaded_at__gte=at - _LATELY).count(),
    )


def open_withheld(actor: Actor) -> int:
    """Return how many refused rows hold back results within reach."""
    reach = within(actor, Action.SEE_SETTLEMENTS, "batch__region")
    return holding_back().filter(reach).count()


def accounts_to_confirm(actor: Actor) -> QuerySet[Account]:
    """Return the accounts somebody else entered and this actor may confirm, the oldest first."""
    reach = within(actor, Action.CONFIRM_ACCOUNT, "person__region")
    waiting = Account.objects.filter(reach, confirmed_by__isnull=True, ended_at__isnull=True)
    return waiting.exclude(entered_by=actor.user).order_by("entered_at")


def failed_jobs(actor: Actor, at: datetime) -> int:
    """Return how many pieces of background work this user asked for were not done these seven days."""
    since = at - _LATELY
    return Job.objects.filter(state=Job.State.FAILED, asked_by=actor.user, finished_at__gte=since).count()


@dataclass(frozen=True, slots=True)
class UserCounts:
    """Active users: locked by failed sign-ins now, with no role at all, still with the first password."""

    locked: int
    without_role: int
    first_password: int


def users(actor: Actor, at: datetime) -> UserCounts:
    """Return what a security administrator has to see to."""
    mine = Q(assignments__isnull=True) | Q(assignments__region__in=sorted(actor.regions(Action.MANAGE_USERS)))
    active = User.objects.filter(mine, is_active=True).distinct()
    locked = locked_out(AccessAttempt.objects.filter(attempt_time__gte=at - settings.AXES_COOLOFF_TIME))
    return UserCounts(
        locked=active.filter(username__in=locked).count(),
        without_role=active.filter(assignments__isnull=True).count(),
        first_password=active.filter(must_change_password=True).count(),
    )


def last_entry(*actions: str) -> TrailEntry | None:
    """Return the newest trail entry of some kinds: when a backup was made, the trail verified or anchored."""
    return TrailEntry.objects.filter(action__in=actions).order_by(F("number").desc()).first()
