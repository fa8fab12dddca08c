"""Deciding a case, step by step: 核实, 复核, 审批; each by somebody else, on exactly what was shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from django.db import IntegrityError, transaction

from tuodi.office import trail
from tuodi.office.access import Actor
from tuodi.office.assessing import lock_persons
from tuodi.office.case_deadlines import due_after
from tuodi.office.models import Case, Decision
from tuodi.office.models.cases import STEPS, Step
from tuodi.office.operations.cases import DIFFERENCES
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries import cases as queries
from tuodi.office.queries.duties import STEP_ACTIONS, Doer, bars_of, doers_of, region_of, why_not
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import ROLES_OF

PASSED: Final = "pass"
RETURNED: Final = "return"
DISMISSED: Final = "dismiss"
OUTCOMES: Final = MappingProxyType({PASSED: "通过", RETURNED: "退回核实", DISMISSED: "不成立"})
"""What a step may decide, and what it is called."""

ON_HOLD: Final = (
    "这次结算的待遇暂不计算，这里的金额是此前的，还不能认定；请先在“结算—暂不计算”中处理，重新计算之后再办理。"
)
REASON_MAX: Final = Decision._meta.get_field("reason").max_length


class BatchResult(NamedTuple):
    """What came of a batch: the cases done, and for each of the others the sentence why not."""

    done: tuple[int, ...]
    not_done: Mapping[int, str]


def decide(
    *,
    actor: Actor,
    case_id: int,
    step: int,
    outcome: str,
    reason: str = "",
    clause: str = "",
    remedy: str = "",
    seen_digest: str,
    at: datetime,
) -> Decision:
    """Decide one step of one case; return the decision.

    ``seen_digest`` is ``queries.cases.seen_token`` of the case as it was shown; if it is another by now, that is
    refused with what changed. A return needs a reason, a dismissal also the clause and the remedy (救济途径). Raises
    Refused and Absent.
    """
    if step not in STEPS or outcome not in OUTCOMES:
        raise Absent
    with writing(actor, STEP_ACTIONS[Step(step)], at) as write:
        case = _locked(actor, case_id)
        _check_open(case, step)
        if changed := queries.changed_since(case, seen_digest):
            raise Refused(f"您打开之后这件疑点有变化：{'、'.join(changed)}。请重新查看后再办理。")
        if outcome != RETURNED and queries.is_on_hold(case):
            raise Refused(ON_HOLD)
        grounds = _grounds(case, step, outcome, reason, clause, remedy)
        doer = _doer(write, case, step)
        decision = Decision(
            case=case,
            step=step,
            outcome=outcome,
            decided_by=doer.user,
            on_behalf_of=doer.behalf,
            reason=grounds,
            seen_digest=seen_digest.partition("-")[0],
            at=at,
        )
        _insert(actor, case, decision)
        _move_on(case, outcome, at)
        write.log(
            f"case.{outcome}",
            f"case {case.pk}",
            region_of(case),
            step=step,
            decision=decision.pk,
            version=case.version,
            seen=decision.seen_digest,
            reason_sm3=trail.sm3(decision.reason),
        )
    return decision


def decide_many(*, actor: Actor, step: int, seen: Mapping[int, str], at: datetime) -> BatchResult:
    """Pass one step of many cases at once: ``seen`` is case id -> its ``seen_token`` as shown.

    Each case is checked and decided in a transaction of its own, so that one that cannot be done holds up no other and
    none is half done; whatever is returned or dismissed is decided one by one, with its reason.
    """
    done, not_done = [], {}
    for case_id, seen_digest in seen.items():
        try:
            decide(actor=actor, case_id=case_id, step=step, outcome=PASSED, seen_digest=seen_digest, at=at)
        except Refused as refused:
            not_done[case_id] = str(refused)
        except Absent:
            not_done[case_id] = "没有这件疑点，或不在您的管辖范围内。"
        else:
            done.append(case_id)
    return BatchResult(tuple(done), not_done)


def _locked(actor: Actor, case_id: int) -> Case:
    """Lock the person, whose facts must not be changed meanwhile, then the case; raise Absent if out of reach."""
    found = queries.find(actor, case_id)
    if found is None:
        raise Absent
    # Whoever changes facts by hand locks the person too, before noting the touch.
    lock_persons([found.person_id] if found.person_id else [])
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("person__region", "settlement")
        .filter(pk=case_id, person_id=found.person_id)
        .first()
    )
    if case is None:
        raise Refused("这件疑点刚刚改挂到另一人名下，请重新查看后再办理。")
    return case


def _check_open(case: Case, step: int) -> None:
    last = case.decisions.select_related("decided_by").order_by("-pk").first()
    told = f"（{last.decided_by.name}于{last.at:%Y-%m-%d %H:%M}{OUTCOMES[last.outcome]}）" if last else ""
    if case.state != Case.State.OPEN:
        raise Refused(f"这件疑点已经办结：{case.get_state_display()}{told}，不再办理。")
    if case.next_step != step:
        raise Refused(f"这件疑点现在等待{Step(case.next_step).label}，不是{Step(step).label}{told}。请重新查看。")


def _grounds(case: Case, step: int, outcome: str, reason: str, clause: str, remedy: str) -> str:
    """Return the written grounds of a decision, or refuse it for want of them."""
    reason, clause, remedy = reason.strip(), clause.strip(), remedy.strip()
    if outcome == PASSED and case.kind in DIFFERENCES and case.due_fen == case.paid_fen:
        raise Refused("差额已经消除，没有可以通过的金额；请以“不成立”结案，并写明情况。")
    if outcome == RETURNED and step == STEPS[0]:
        raise Refused("核实是第一步，没有可退回的步骤；资料有误的请先更正，疑点不成立的请选“不成立”。")
    if outcome == RETURNED and not reason:
        raise Refused("退回必须写明原因，让核实的人知道要补什么。")
    if outcome == DISMISSED and not (reason and clause and remedy):
        raise Refused("认定不成立必须写明理由、依据的条款和救济途径（例如向谁、在几日内申请复核）。")
    parts = [reason, clause and f"依据：{clause}", remedy and f"救济途径：{remedy}"]
    grounds = "；".join(part for part in parts if part)
    if len(grounds) > REASON_MAX:
        raise Refused(f"理由、依据和救济途径合计 {len(grounds)} 字，最多 {REASON_MAX} 字，请写得简短些。")
    return grounds


def _doer(write: Writing, case: Case, step: int) -> Doer:
    """Return as whom the actor decides, and let the trail say the same; raises Refused with who can, and Absent."""
    region = region_of(case)
    region_id = region.pk if region else None
    bars = bars_of(case)
    doers = doers_of(write.actor, region_id, step)
    if not doers:
        raise Refused(why_not(write.actor, case, step))
    free = [doer for doer in doers if doer.people.isdisjoint(bars.at(step))]
    if not free:
        raise Refused(why_not(write.actor, case, step))
    roles = ROLES_OF[write.action]
    grants = tuple(g for g in write.actor.grants if g.role not in roles or g.behalf == free[0].behalf)
    write.actor = replace(write.actor, grants=grants)
    return free[0]


def _insert(actor: Actor, case: Case, decision: Decision) -> None:
    """Store the decision; what the database refuses is told like what the program refuses."""
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError as error:
        if "duties-apart" not in str(error):
            raise
        why = why_not(actor, case, decision.step)
        raise Refused(why or "办过其他步骤或改过当事人信息的人不能办理这一步，请由他人办理。") from error


def _move_on(case: Case, outcome: str, at: datetime) -> None:
    """Bring the case to its next step, or close it."""
    if outcome == DISMISSED:
        case.state, case.next_step = Case.State.DISMISSED, None
    elif outcome == RETURNED:
        case.next_step = STEPS[0]
    elif case.next_step == STEPS[-1]:
        case.state, case.next_step = Case.State.APPROVED, None
    else:
        case.next_step += 1
    case.due_on = due_after(at.date(), case.next_step) if case.next_step else None
    case.closed_at = None if case.next_step else at
    case.version += 1
    case.save(update_fields=["state", "next_step", "due_on", "closed_at", "version"])
