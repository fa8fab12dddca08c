"""Cases as they are read: my queue, all of them by filters, one with everything said about it, counts for the desk."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs

from tuodi.kernel.money import yuan_grouped
from tuodi.office.access import Actor
from tuodi.office.models import Case, Decision, Settlement, Touch
from tuodi.office.models.cases import STEPS, Step
from tuodi.office.queries.duties import STEP_ACTIONS, Doer
from tuodi.office.queries.reach import county_region_id, within
from tuodi.office.queries.regions import narrowed
from tuodi.office.roles import ROLES_OF, Action
from tuodi.office.same_person import records_of, survivors
from tuodi.office.trail import canonical

_SHOWN_WITH = ("person__region", "settlement")
_COUNTING = (Case.State.OPEN, Case.State.APPROVED)
_ABOUT_AMOUNTS = ~Q(kind=Case.Kind.UNMARKED) & Q(state__in=_COUNTING)
_SUMS = {
    "due": Sum("due_fen", filter=_ABOUT_AMOUNTS),
    "paid": Sum("paid_fen", filter=_ABOUT_AMOUNTS),
    "missing": Sum(F("due_fen") - F("paid_fen"), filter=_ABOUT_AMOUNTS & Q(due_fen__gt=F("paid_fen"))),
    "excess": Sum(F("paid_fen") - F("due_fen"), filter=_ABOUT_AMOUNTS & Q(due_fen__lt=F("paid_fen"))),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """How many cases, and sums in fen of those about an amount: what is to be paid and what to be claimed, apart.

    ``left_out`` counts the others: about a mark in the platform, dismissed or gone. They are in none of the sums.
    """

    count: int
    due_fen: int
    paid_fen: int
    missing_fen: int
    excess_fen: int
    left_out: int

    @property
    def differences(self) -> str:
        """Say what is to be paid and what to be claimed."""
        return differences_told(self.missing_fen, self.excess_fen)

    @property
    def note(self) -> str:
        """Say what the sums leave out, in words; empty where it is nothing."""
        return f"其中未标识、不成立和已消除的 {self.left_out} 件不计入金额" if self.left_out else ""


class Gap(NamedTuple):
    """What a case is about, in fen: to be paid (应补), or to be claimed (应追); None for what it is not."""

    missing_fen: int | None
    excess_fen: int | None


def gap_of(case: Case) -> Gap:
    """Return what a case is about; one about a mark is about no amount, nor is one that was dismissed or is gone."""
    counts = case.kind != Case.Kind.UNMARKED and case.state in _COUNTING
    gap = case.due_fen - case.paid_fen if counts else 0
    return Gap(gap if gap > 0 else None, -gap if gap < 0 else None)


def is_on_hold(case: Case) -> bool:
    """Tell whether the settlement's benefits are withheld: the case shows the amounts of before, until they count."""
    return Settlement.objects.filter(setl_id=case.setl_id, outcome__isnull=True).exists()


def state_told(case: Case) -> str:
    """Return where a case stands, in the words of every list."""
    return f"待{case.get_next_step_display()}" if case.next_step else case.get_state_display()


def differences_told(missing_fen: int, excess_fen: int) -> str:
    """Say two sums that are never set off against each other.

    >>> differences_told(100_00, 0), differences_told(1_00, 2_00), differences_told(0, 0)
    ('应补 100.00 元', '应补 1.00 元，应追 2.00 元', '没有差额')
    """
    told = [f"{name} {yuan_grouped(fen)} 元" for name, fen in (("应补", missing_fen), ("应追", excess_fen)) if fen]
    return "，".join(told) or "没有差额"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; an empty value does not narrow. ``amount_fen``: the difference is at least that."""

    kind: str = ""
    state: str = ""
    step: int | None = None
    region: int | None = None
    amount_fen: int | None = None
    overdue: bool = False


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases this actor may see."""
    return Case.objects.filter(within(actor, Action.SEE_CASES, "person__region"))


def find(actor: Actor, case_id: int) -> Case | None:
    """Return one case with its person and settlement; None if there is none for this actor."""
    return visible(actor).select_related("person__region", "settlement").filter(pk=case_id).first()


def listed(actor: Actor, filters: Filters) -> QuerySet[Case]:
    """Return the cases by filters: those under way, the earliest due first, then the closed ones.

    Raises Absent for a region out of reach.
    """
    found = Case.objects.filter(narrowed(actor, Action.SEE_CASES, filters.region, "person__region"))
    exact = {"kind": filters.kind, "state": filters.state, "next_step": filters.step}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.amount_fen:
        found = found.annotate(difference=Abs(F("due_fen") - F("paid_fen"))).filter(difference__gte=filters.amount_fen)
    if filters.overdue:
        found = found.filter(state=Case.State.OPEN, due_on__lt=actor.day)
    # Only open cases are due some day, and "open" is the last of the states: an index has this order.
    return found.order_by("-state", "due_on", "-pk")


def totals(cases: QuerySet[Case]) -> Totals:
    """Return count and sums."""
    sums = cases.order_by().aggregate(count=Count("pk"), left_out=Count("pk", filter=~_ABOUT_AMOUNTS), **_SUMS)
    return Totals(*(sums[name] or 0 for name in ("count", *_SUMS, "left_out")))


def queue(actor: Actor) -> QuerySet[Case]:
    """Return the cases at a step this actor may decide, the earliest due first.

    Left out is what they are kept from: cases of which they decided another step, or whose person's facts they
    touched. ``decide`` looks again, record by record.
    """
    mine, county = Q(pk__in=[]), county_region_id()
    for step in STEPS:
        for doer, regions in _rights(actor, step).items():
            where = Q() if county in regions else Q(person__region__in=sorted(regions))
            mine |= Q(next_step=step) & where & ~_barred(doer.people, step)
    return Case.objects.filter(mine, state=Case.State.OPEN).order_by(F("due_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many cases wait for the actor at a step, how many of them are overdue, and what they are about."""

    step: Step
    count: int
    overdue: int
    missing_fen: int
    excess_fen: int

    @property
    def differences(self) -> str:
        """Say what is to be paid and what to be claimed."""
        return differences_told(self.missing_fen, self.excess_fen)


def queue_counts(actor: Actor, day: date) -> list[QueueCount]:
    """Return what waits for this actor by step, for the desk; steps they may not decide are left out."""
    rows = queue(actor).order_by().values("next_step")
    counts = {
        row.pop("next_step"): row
        for row in rows.annotate(
            count=Count("pk"),
            overdue=Count("pk", filter=Q(due_on__lt=day)),
            missing=_SUMS["missing"],
            excess=_SUMS["excess"],
        )
    }
    names = ("count", "overdue", "missing", "excess")
    mine = [(step, counts.get(step, {})) for step in STEPS if actor.may(STEP_ACTIONS[step])]
    return [QueueCount(step, *(row.get(name) or 0 for name in names)) for step, row in mine]


def with_shown(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases with everything a row shows and ``seen_token`` needs."""
    said = Decision.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    return cases.select_related(*_SHOWN_WITH).annotate(decision_count=Subquery(said))


def shown(keys: Sequence[int]) -> list[Case]:
    """Return cases by their keys, in that order, as ``with_shown`` does: a page asks for its own, however far it is."""
    found = with_shown(Case.objects.all()).in_bulk(list(keys))
    return [found[key] for key in keys if key in found]


def facts_of(case: Case) -> dict[str, str]:
    """Return what a decision rests on, by its name on the page: what was shown is what is decided."""
    count = getattr(case, "decision_count", None)
    if count is None:
        count = case.decisions.count()
    facts = {
        "种类": case.get_kind_display(),
        "状态": case.get_state_display(),
        "步骤": case.get_next_step_display() if case.next_step else "",
        "应付金额": yuan_grouped(case.due_fen),
        "已付金额": yuan_grouped(case.paid_fen),
        "说明": case.reason,
        "当事人信息": f"{case.person.psn_no} {case.person.version}" if case.person else "",
        "办理记录": f"{count}",
    }
    if case.settlement:
        parts = ("inscp_scp_amt", "medfee_sumamt", "maf_pay", "former_fen", "due_fen", "refd_setl_flag")
        facts["结算"] = " ".join(str(getattr(case.settlement, name)) for name in parts)
    return facts


def seen_token(case: Case) -> str:
    """Return what a page hands back with a decision: the SHA-256 of the facts, then a hint of each one of them.

    The digest alone decides whether they are the same; the hints only tell which of them changed.
    """
    facts = facts_of(case)
    hints = (_sha256(name + value)[:6] for name, value in facts.items())
    return "-".join([_sha256(canonical(facts)), *hints])


def changed_since(case: Case, seen: str) -> list[str]:
    """Return what changed since ``seen`` was shown, each with how it is now; empty if nothing did."""
    now = seen_token(case)
    if seen.partition("-")[0] == now.partition("-")[0]:
        return []
    hints = set(seen.split("-")[1:])
    shown_as_is = {"种类", "步骤", "状态", "应付金额", "已付金额"}
    changed = [
        f"{name}（现为{value or '无'}）" if name in shown_as_is else name
        for (name, value), hint in zip(facts_of(case).items(), now.split("-")[1:], strict=True)
        if hint not in hints
    ]
    return changed or ["内容"]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rights(actor: Actor, step: Step) -> Mapping[Doer, frozenset[int]]:
    """Return as whom the actor may decide a step, and where."""
    rights: dict[Doer, frozenset[int]] = {}
    for grant in actor.grants:
        if grant.role in ROLES_OF[STEP_ACTIONS[step]]:
            doer = Doer(actor.user, grant.behalf)
            rights[doer] = rights.get(doer, frozenset()) | grant.regions
    return rights


def _barred(people: frozenset[int], step: Step) -> Q:
    """Return the condition that one of these is kept from deciding a step of a case."""
    by_them = Q(decided_by__in=people) | Q(on_behalf_of__in=people)
    decided = Decision.objects.filter(by_them, case=OuterRef("pk")).exclude(step=step)
    touched = Touch.objects.filter(user__in=people).values("person")
    return Exists(decided) | Q(person__in=touched) | Q(person__in=_merged_with_touched(people))


def _merged_with_touched(people: frozenset[int]) -> set[int]:
    """Return the records that are the same person as one these have touched, wherever records were merged."""
    into = survivors()
    touches = Touch.objects.filter(user__in=people, person__in={*into, *into.values()})
    return records_of(set(touches.values_list("person", flat=True)))
