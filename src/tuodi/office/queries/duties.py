"""Who may decide which step of which case, and which steps nobody is left for.

Whoever entered or changed a person's facts, or decided another step of the case, decides nothing on it: themselves, for
somebody else, or somebody else for them. The database refuses the same (``office.triggers``).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from django.db.models import QuerySet

from tuodi.office.access import Actor, actors_on
from tuodi.office.case_deadlines import look_ahead, working_day_after
from tuodi.office.models import Assignment, Case, Decision, Delegation, Region, Touch, User
from tuodi.office.models.cases import STEPS, Step
from tuodi.office.queries.reach import county_region_id
from tuodi.office.roles import ROLES_OF, Action, who_may
from tuodi.office.same_person import records_of, survivors

STEP_ACTIONS: Final = MappingProxyType(
    {Step.CHECK: Action.CHECK_CASE, Step.REVIEW: Action.REVIEW_CASE, Step.APPROVE: Action.APPROVE_CASE}
)


class Doer(NamedTuple):
    """Somebody who would decide: ``behalf`` is whose work it would be, None for their own."""

    user: User
    behalf: User | None

    @property
    def people(self) -> frozenset[int]:
        """Return the ids of both: neither may stand in the way."""
        return frozenset({self.user.pk} if self.behalf is None else {self.user.pk, self.behalf.pk})

    @property
    def spoken(self) -> str:
        """Return how they are called in a sentence."""
        return self.user.name if self.behalf is None else f"{self.user.name}（代理{self.behalf.name}）"


class Bars(NamedTuple):
    """Who is kept from deciding on one case: those who touched its person's facts, and who decided which step."""

    touched: frozenset[int] = frozenset()
    decided: frozenset[tuple[int, int]] = frozenset()

    def at(self, step: int) -> frozenset[int]:
        """Return the ids of those who may not decide ``step``; one's own step may be done again after a return."""
        return self.touched | {user for other, user in self.decided if other != step}


class Missing(NamedTuple):
    """Steps that cannot all be done.

    ``barred`` where somebody has the right to each but is kept from it; ``too_few`` where each still has somebody, but
    not each somebody of its own.
    """

    steps: tuple[Step, ...] = ()
    barred: bool = False
    too_few: bool = False


@dataclass(frozen=True, slots=True)
class Doers:
    """Who has the right to each step in each region on one day."""

    actors: tuple[Actor, ...]
    county_region: int | None
    _found: dict[tuple[int | None, int], tuple[Doer, ...]] = field(default_factory=dict, compare=False)

    def of(self, region_id: int | None, step: int) -> tuple[Doer, ...]:
        """Return who has the right to a step there; what belongs to no region is the county's."""
        region = self.county_region if region_id is None else region_id
        if (region, step) not in self._found:
            doers = (doer for actor in self.actors for doer in doers_of(actor, region, step))
            self._found[region, step] = tuple(dict.fromkeys(doers))
        return self._found[region, step]

    def eligible(self, region_id: int | None, step: int, bars: Bars) -> list[Doer]:
        """Return who has the right and is not kept from it."""
        barred = bars.at(step)
        return [doer for doer in self.of(region_id, step) if doer.people.isdisjoint(barred)]

    def missing(self, region_id: int | None, first: int, bars: Bars) -> Missing:
        """Return the steps from ``first`` on that cannot all be done by different people; none if they can."""
        steps = [step for step in STEPS if step >= first]
        choices = [self.eligible(region_id, step, bars) for step in steps]
        if nobody := tuple(step for step, doers in zip(steps, choices, strict=True) if not doers):
            return Missing(nobody, barred=all(self.of(region_id, step) for step in nobody))
        return Missing() if _all_different(choices) else Missing(tuple(steps), too_few=True)


def doers_on(day: date) -> Doers:
    """Return who has which step where on a day."""
    return Doers(tuple(actors_on(day)), county_region_id())


def doers_of(actor: Actor, region_id: int | None, step: int) -> list[Doer]:
    """Return as whom an actor could decide a step in a region, their own right first."""
    roles = ROLES_OF[STEP_ACTIONS[Step(step)]]
    found = {Doer(actor.user, g.behalf) for g in actor.grants if g.role in roles and region_id in g.regions}
    return sorted(found, key=lambda doer: doer.behalf.pk if doer.behalf else 0)


def region_of(case: Case) -> Region | None:
    """Return where a case belongs: where its person does, else the county."""
    if case.person is not None and case.person.region is not None:
        return case.person.region
    return Region.objects.filter(pk=county_region_id()).first()


def bars_of(case: Case) -> Bars:
    """Return who is kept from one case."""
    touched = _touches(case).values_list("user_id", flat=True)
    return Bars(frozenset(touched), _decided(Decision.objects.filter(case=case)).get(case.pk, frozenset()))


def _touches(case: Case) -> QuerySet[Touch]:
    """Return the touches of a case's person, whichever record was touched."""
    return Touch.objects.filter(person__in=records_of({case.person_id} - {None}))


def eligible(case: Case, step: int, day: date) -> list[Doer]:
    """Return who may decide a step of a case on a day."""
    region = region_of(case)
    return doers_on(day).eligible(region.pk if region else None, step, bars_of(case))


def why_not(actor: Actor, case: Case, step: int) -> str:
    """Return the sentence why this actor may not decide a step of a case, and who can; empty if they may."""
    region = region_of(case)
    region_id = region.pk if region else None
    bars = bars_of(case)
    own = doers_of(actor, region_id, step)
    if any(doer.people.isdisjoint(bars.at(step)) for doer in own):
        return ""
    if own:
        why = _reason_barred(case, step, own[0], bars)
    else:
        why = f"{Step(step).label}由{who_may(STEP_ACTIONS[Step(step)])}办理，您没有这项权限"
    others = doers_on(actor.day).eligible(region_id, step, bars)
    if others:
        return f"{why}；可以办理的有：{'、'.join(doer.spoken for doer in others)}。"
    where = region.name if region else "本县"
    return f"{why}；目前没有其他人可以办理，请联系安全管理员为{where}增加{who_may(STEP_ACTIONS[Step(step)])}。"


def _reason_barred(case: Case, step: int, doer: Doer, bars: Bars) -> str:
    touching = doer.people & bars.touched
    who = _called(doer, touching or (doer.people & bars.at(step)))
    if touching:
        last = _touches(case).filter(user__in=touching).order_by("-at").first()
        when = f"于{last.at:%Y-%m-%d}" if last else ""
        return f"{who}{when}录入或更改过当事人的信息，不能办理其疑点"
    steps = sorted({other for other, user in bars.decided if user in doer.people and other != step})
    done = "、".join(Step(other).label for other in steps)
    return f"{who}已经办过这件疑点的{done}，各步骤须由不同的人办理"


def _called(doer: Doer, barred: frozenset[int]) -> str:
    if doer.user.pk in barred or doer.behalf is None:
        return "您"
    return f"您所代理的{doer.behalf.name}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Steps nobody is left for: structurally in a region (``cases`` 0), or of open cases there.

    ``since`` is the first day on which it is so; ``due_on`` the earliest due day and ``first_case`` one of the cases.
    """

    region: Region
    missing: Missing
    since: date
    cases: int = 0
    due_on: date | None = None
    first_case: int | None = None

    @property
    def step_names(self) -> str:
        """Return the steps in words."""
        return "、".join(step.label for step in self.missing.steps)

    @property
    def advice(self) -> str:
        """Return what to do about it."""
        roles = "、".join(dict.fromkeys(who_may(STEP_ACTIONS[step]) for step in self.missing.steps))
        if self.missing.too_few:
            return f"每一步须由不同的人办理，现有的人不够；请再安排一名没有办过其他步骤的人担任{roles}之一。"
        if self.missing.barred:
            return f"有权办理的人都已办过其他步骤或改过当事人信息；请另行安排{roles}，或委托没有参与过的人代理。"
        return f"没有人有这项权限；请安全管理员增加{roles}，或由在岗的人委托他人代理。"


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a check of the posts found, from ``day`` to ``until``: in the regions as staffed, and in the open cases."""

    day: date
    until: date
    regions: tuple[Gap, ...]
    cases: tuple[Gap, ...]


def steps_without_person(actor: Actor, action: Action = Action.SEE_CASES) -> Gaps:
    """Return the steps without anybody to do them: today, and looking some days ahead.

    Looked at are the regions where this actor sees cases, or may do another ``action`` (managing users).
    """
    regions = {region.pk: region for region in Region.objects.filter(pk__in=actor.regions(action))}
    until = working_day_after(actor.day, look_ahead().working_days) or actor.day
    found_regions: dict[int, Gap] = {}
    found_cases: dict[_Group, tuple[Missing, date]] = {}
    groups = _open_groups(regions)
    for day in _turning_days(actor.day, until):
        doers = doers_on(day)
        for region in regions.values():
            missing = doers.missing(region.pk, STEPS[0], Bars())
            if missing.steps:
                found_regions.setdefault(region.pk, Gap(region, missing, day))
        for group in groups.keys() - found_cases.keys():
            missing = doers.missing(group.region_id, group.step, group.bars)
            if missing.steps:
                found_cases[group] = missing, day
    cases: dict[tuple[int | None, Missing, date], Gap] = {}
    for group, (missing, day) in found_cases.items():
        place = (group.region_id, missing, day)
        before = cases.get(place, Gap(regions[group.region_id], missing, day))
        cases[place] = _added(before, groups[group])
    urgent = sorted(cases.values(), key=lambda gap: (gap.due_on or date.max, gap.since, gap.region.code))
    by_region = sorted(found_regions.values(), key=lambda gap: (gap.since, gap.region.code))
    return Gaps(actor.day, until, tuple(by_region), tuple(urgent))


def _turning_days(day: date, until: date) -> list[date]:
    """Return ``day`` and the days up to ``until`` on which somebody's role or delegation begins or has just ended."""
    found = {day}
    for table in (Assignment, Delegation):
        found.update(table.objects.filter(begins__gt=day, begins__lte=until).values_list("begins", flat=True))
        ended = table.objects.filter(ends__gte=day, ends__lt=until).values_list("ends", flat=True)
        found.update(last + timedelta(days=1) for last in ended)
    return sorted(found)


class _Group(NamedTuple):
    region_id: int | None
    step: int
    bars: Bars


class _Members(NamedTuple):
    cases: int
    due_on: date | None
    first_case: int


def _added(gap: Gap, members: _Members) -> Gap:
    dues = [day for day in (gap.due_on, members.due_on) if day is not None]
    first = members.first_case if gap.first_case is None else min(gap.first_case, members.first_case)
    return replace(gap, cases=gap.cases + members.cases, due_on=min(dues, default=None), first_case=first)


def _open_groups(regions: Container[int]) -> dict[_Group, _Members]:
    """Return the open cases by what matters here: region, next step and who is kept from them."""
    county_region = county_region_id()
    decided = _decided(Decision.objects.filter(case__state=Case.State.OPEN))
    touched = _touched()
    nobody, counts = Bars(), dict[_Group, _Members]()
    rows = Case.objects.filter(state=Case.State.OPEN).order_by("pk")
    columns = rows.values_list("pk", "person_id", "person__region_id", "next_step", "due_on")
    for pk, person_id, where, step, due_on in columns.iterator(chunk_size=5000):
        region_id = where or county_region
        if region_id not in regions:
            continue
        by_touch, by_decision = touched.get(person_id), decided.get(pk)
        # Tens of thousands may be open, and nearly all are kept from nobody.
        is_free = by_touch is None and by_decision is None
        bars = nobody if is_free else Bars(by_touch or frozenset(), by_decision or frozenset())
        key = _Group(region_id, step, bars)
        before = counts.get(key)
        if before is None:
            counts[key] = _Members(1, due_on, pk)
        else:
            due = due_on if before.due_on is None or (due_on is not None and due_on < before.due_on) else before.due_on
            counts[key] = _Members(before.cases + 1, due, before.first_case)
    return counts


def _decided(decisions: QuerySet[Decision]) -> dict[int, frozenset[tuple[int, int]]]:
    """Return step and user of each case's decisions; for whom it was done counts like who did it."""
    found: dict[int, set[tuple[int, int]]] = {}
    rows = decisions.values_list("case_id", "step", "decided_by_id", "on_behalf_of_id")
    for case_id, step, user_id, behalf_id in rows:
        found.setdefault(case_id, set()).update((step, one) for one in (user_id, behalf_id) if one is not None)
    return {case_id: frozenset(steps) for case_id, steps in found.items()}


def _touched() -> dict[int, frozenset[int]]:
    """Return who touched whom; a touch of a merged duplicate is one of the survivor."""
    touching: dict[int, set[int]] = {}
    for person_id, user_id in Touch.objects.values_list("person_id", "user_id").distinct():
        touching.setdefault(person_id, set()).add(user_id)
    merged = survivors()
    for duplicate in merged.keys() & touching.keys():
        touching.setdefault(merged[duplicate], set()).update(touching[duplicate])
    return {person_id: frozenset(users) for person_id, users in touching.items()}


def _all_different(choices: Sequence[Sequence[Doer]], used: frozenset[int] = frozenset()) -> bool:
    """Tell whether each step can have somebody of its own."""
    if not choices:
        return True
    return any(_all_different(choices[1:], used | doer.people) for doer in choices[0] if doer.people.isdisjoint(used))
