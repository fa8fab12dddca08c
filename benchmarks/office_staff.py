"""Who works in the made-up county, whom they delegate to, what they entered by hand and what they decided."""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.db import transaction
from office_ground import BEGIN, DAY, MOMENT, fill, stored, stored_day

from tuodi.office.access import Actor, actor_of
from tuodi.office.bulk import insert, write_columns
from tuodi.office.case_deadlines import due_after
from tuodi.office.models import Account, Assignment, Case, Job, Region, User
from tuodi.office.models.cases import STEPS
from tuodi.office.operations.decisions import decide
from tuodi.office.operations.delegations import delegate
from tuodi.office.queries import cases as queries
from tuodi.office.refusal import Refused
from tuodi.office.roles import Role
from tuodi.office.secrets import blind, seal

DECIDED = 4000
_GROUNDS = {"clause": "救助办法第十条", "remedy": "收到告知之日起可向县医疗保障局申请复核"}
ACCOUNTS = 50_000
_COUNTY = (
    ("clerk", Role.COUNTY_CLERK, 6),
    ("reviewer", Role.REVIEWER, 4),
    ("approver", Role.APPROVER, 3),
    ("accountant", Role.ACCOUNTANT, 2),
    ("auditor", Role.AUDITOR, 2),
    ("system", Role.SYSTEM_ADMIN, 1),
    ("security", Role.SECURITY_ADMIN, 1),
    ("audit", Role.AUDIT_ADMIN, 1),
)


def make_staff(top: Region, towns: list[Region]) -> None:
    """Make 60 users (clerk, clerk2, …, town1a, town1b, …), thirty delegations and a year's jobs."""
    for stem, role, count in _COUNTY:
        for number in range(1, count + 1):
            _user(stem if number == 1 else f"{stem}{number}", role, top)
    for number, town in enumerate(towns, start=1):
        for letter in "ab":
            _user(f"town{number}{letter}", Role.TOWN_CLERK, town)
    assignments = {a.user.username: a for a in Assignment.objects.select_related("user")}
    users = {username: a.user for username, a in assignments.items()}
    pairs = [(f"town{n}a", f"town{n}b") for n in range(1, 21)]
    pairs += [("clerk", "clerk2"), ("reviewer", "reviewer2")] * 5
    for at, (one, other) in enumerate(pairs):
        begins = BEGIN.date() + timedelta(days=at * 12)
        delegate(
            actor=actor_of(users[one], BEGIN.date()),
            assignment_id=assignments[one].pk,
            delegate_id=users[other].pk,
            begins=begins,
            ends=begins + timedelta(days=10),
            reason="外出培训",
            at=BEGIN,
        )
    jobs = (
        Job(kind="trail.verify", asked_by=users["auditor"], state="done", asked_at=MOMENT, message="全部相符。")
        for _ in range(500)
    )
    insert(Job, jobs)


def _user(username: str, role: Role, region: Region) -> None:
    user = User.objects.create(username=username, name=username, created_at=datetime(2024, 1, 1))
    Assignment.objects.create(user=user, role=role.value, region=region, begins=date(2024, 1, 1))


def make_accounts(people: int, chance: random.Random) -> None:
    """Give every tenth person a bank account, some hundreds of them waiting for a second person."""
    users = dict(User.objects.values_list("username", "pk"))
    fill(Account, _accounts(min(ACCOUNTS, people // 10), users["clerk2"], users["clerk3"], chance))


def _accounts(count: int, enters: int, confirms: int, chance: random.Random) -> Iterator[Account]:
    for number in range(1, count + 1):
        at = MOMENT - timedelta(days=chance.randint(1, 300))
        is_confirmed = bool(number % 100)
        digits = f"9900{number:015d}"
        one = Account(
            person_id=number * 10 - 1,
            holder="本人",
            bank="大样县农商银行",
            number_index=blind(digits),
            evidence="存折复印件",
            entered_by_id=enters,
            entered_at=at,
            confirmed_by_id=confirms if is_confirmed else None,
            confirmed_at=at if is_confirmed else None,
        )
        one.number_sealed = seal(digits, f"account.number {one.token}")
        yield one


def make_decisions(chance: random.Random) -> None:
    """Spread the cases over the autumn, and let some thousands be on their way, approved or dismissed."""
    days = {day: due_after(day, STEPS[0]) for day in (DAY - timedelta(days=back) for back in range(100))}
    keys = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    opened = []
    for key in keys:
        day = chance.choice(list(days))
        moment = datetime.combine(day, time(10))
        opened.append((stored(moment), stored_day(days[day]), key))
    actors = [actor_of(User.objects.get(username=name), DAY) for name in ("clerk2", "reviewer2", "approver2")]
    with transaction.atomic():
        write_columns(Case, ("opened_at", "due_on"), opened)
        for key in chance.sample(keys, min(DECIDED, len(keys) // 4)):
            steps = chance.choice((1, 1, 2, 3, 3))
            is_dismissed = steps < len(STEPS) and chance.random() < 0.2
            _decide(key, actors[:steps], is_dismissed)


def _decide(case_id: int, actors: Sequence[Actor], is_dismissed: bool) -> None:
    """Pass the first steps of a case, or dismiss it at the last of them; what is refused is left as it is."""
    for step, actor in zip(STEPS, actors, strict=False):
        case = queries.find(actor, case_id)
        asked = {"actor": actor, "case_id": case_id, "step": step, "at": MOMENT, "reason": "已电话核实"}
        with suppress(Refused):
            if is_dismissed and actor is actors[-1]:
                decide(outcome="dismiss", seen_digest=queries.seen_token(case), **_GROUNDS, **asked)
            else:
                decide(outcome="pass", seen_digest=queries.seen_token(case), **asked)
