"""Contradictions settled by hand: the recorded row stays, or the other one takes its place.

    keep_recorded(actor=clerk, contradiction_id=1, seen=seen, reason="…", at=at)

    proposal = propose_other(actor=clerk, contradiction_id=1, seen=seen, reason="…", at=at)
    confirm_other(actor=reviewer, proposal_id=proposal.pk, seen=seen, at=at)      # or reject_other, withdraw_proposal

Using the other row changes facts and money, so that a second person confirms it. ``seen`` is the digest of what the
page showed (``queries.contradictions``); where anything changed since, nothing is done. Imports and the registry are
locked first: no file and no message is stored meanwhile. Whoever settles has changed both rows' persons' facts.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tuodi.office.access import Actor
from tuodi.office.assessing import hold_registry, lock_imports, lock_persons, reassess
from tuodi.office.contents import differing, digest_of, read, values_of, written
from tuodi.office.models import Contradiction, Proposal, Region, Resolution, User
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.withheld import REASON_SHORTEST, WHY_LONGEST, hold_back
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.contradictions import Dispute, disputes
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, who_may

State = Contradiction.State
Outcome = Proposal.Outcome
_CHANGED = "这一页打开之后记录有了变动，没有办理；请核对现在的内容再办。"


def keep_recorded(*, actor: Actor, contradiction_id: int, seen: str, reason: str, at: datetime) -> None:
    """Settle a contradiction: the recorded row counts, the other one never again. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        dispute, decided = _opened(write, contradiction_id)
        why = line_of(reason, "理由", WHY_LONGEST, REASON_SHORTEST)
        if not dispute.is_open:
            raise Refused("这两条记录已经处理过了；请刷新页面查看。")
        if dispute.proposal is not None:
            raise Refused(
                f"{dispute.proposal.proposed_by.name}已提出改用另一条；请先由另一人确认或驳回，或由提出人撤回。"
            )
        if seen != dispute.seen:
            raise Refused(_CHANGED)
        _set_state(dispute.contradiction, State.AGAINST)
        resolution = _resolution(dispute, Resolution.Outcome.KEEP, why, decided)
        for person in dispute.persons:
            write.touch(person, "contradiction.kept", _subject(dispute))
        _follow(write, dispute, why)
        _log(write, dispute, "contradiction.kept", reason=why, decision=resolution.pk)


def propose_other(*, actor: Actor, contradiction_id: int, seen: str, reason: str, at: datetime) -> Proposal:
    """Propose to use the other row; nothing changes until another person confirms. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        dispute, decided = _opened(write, contradiction_id)
        why = line_of(reason, "理由", WHY_LONGEST, REASON_SHORTEST)
        if not dispute.may_be_used:
            raise Refused("另一条已经采用，或已有较晚的答复；请刷新页面查看。")
        if seen != dispute.seen:
            raise Refused(_CHANGED)
        if dispute.proposal is not None:
            if not dispute.is_proposal_outdated:
                raise Refused(f"{dispute.proposal.proposed_by.name}已提出改用另一条，等待另一人确认；不需要重复提出。")
            _end_proposal(dispute.proposal, Outcome.OUTDATED, decided, "内容有变动，重新提出")
        proposal = Proposal.objects.create(
            contradiction=dispute.contradiction,
            reason=why,
            seen_digest=seen,
            proposed_by=decided.by,
            proposed_for=decided.behalf,
            proposed_at=at,
        )
        _log(write, dispute, "contradiction.proposed", reason=why, proposal=proposal.pk)
        return proposal


def confirm_other(*, actor: Actor, proposal_id: int, seen: str, at: datetime) -> None:
    """Put the other row in the recorded one's place, as the second person. Raises Refused, Absent."""
    with writing(actor, Action.CONFIRM_IMPORT, at) as write:
        dispute, decided, proposal = _proposed(write, proposal_id)
        proposers = [user for user in (proposal.proposed_by, proposal.proposed_for) if user is not None]
        if decided.by in proposers or decided.behalf in proposers:
            who = "您" if decided.by in proposers else "委托您的人"
            raise Refused(
                f"改用另一条是{who}提出（或委托提出）的，须由另一人核对后确认；可以确认的是：{who_may(write.action)}。"
            )
        if dispute.is_proposal_outdated:
            raise Refused("提出之后记录有了变动，这份提议不能再确认；请驳回，需要改用的重新提出。")
        if seen != dispute.seen or not dispute.may_be_used:
            raise Refused(_CHANGED)
        _end_proposal(proposal, Outcome.CONFIRMED, decided, "")
        resolution = _resolution(dispute, Resolution.Outcome.USE, proposal.reason, decided, proposal)
        _replace(dispute, at)
        for person in dispute.persons:
            write.touch(person, "contradiction.replaced", _subject(dispute), proposers)
        _follow(write, dispute, proposal.reason)
        digests = {"before": digest_of(dispute.before), "after": digest_of(dispute.other)}
        numbers = {"proposal": proposal.pk, "decision": resolution.pk}
        changes = [[line.label, line.recorded, line.other] for line in dispute.lines if line.differs]
        _log(write, dispute, "contradiction.replaced", reason=proposal.reason, changes=changes, **digests, **numbers)


def reject_other(*, actor: Actor, proposal_id: int, reason: str, at: datetime) -> None:
    """Reject a proposal: the contradiction is as before. Raises Refused, Absent."""
    with writing(actor, Action.CONFIRM_IMPORT, at) as write:
        dispute, decided, proposal = _proposed(write, proposal_id)
        if proposal.proposed_by_id == actor.user.pk:
            raise Refused("这是您自己提出的；不需要了请撤回，驳回由另一人办理。")
        why = line_of(reason, "驳回的理由", WHY_LONGEST, REASON_SHORTEST)
        _end_proposal(proposal, Outcome.REJECTED, decided, why)
        _log(write, dispute, "contradiction.rejected", reason=why, proposal=proposal.pk)


def withdraw_proposal(*, actor: Actor, proposal_id: int, at: datetime) -> None:
    """Withdraw one's own proposal. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        dispute, decided, proposal = _proposed(write, proposal_id)
        if proposal.proposed_by_id != actor.user.pk:
            raise Refused(f"这是{proposal.proposed_by.name}提出的，只能由本人撤回；不同意的请驳回。")
        _end_proposal(proposal, Outcome.WITHDRAWN, decided, "")
        _log(write, dispute, "contradiction.withdrawn", proposal=proposal.pk)


class _Decided(NamedTuple):
    """Who decided, for whom, when."""

    by: User
    behalf: User | None
    at: datetime


def _opened(write: Writing, contradiction_id: int) -> tuple[Dispute, _Decided]:
    """Lock imports, the persons, the registry and a contradiction; return it as it stands now, and who decides on it.

    Raises Absent where the actor may decide for nobody concerned, Refused where for some only.
    """
    lock_imports()
    before = disputes(Contradiction.objects.filter(pk=contradiction_id))
    lock_persons([person.pk for dispute in before for person in dispute.persons])
    hold_registry()
    rows = Contradiction.objects.select_for_update(of=("self",)).filter(pk=contradiction_id)
    found = disputes(rows, lock=True)
    if not found:
        raise Absent
    dispute = found[0]
    allowed = [write.actor.may(write.action, region) for region in dispute.regions if region is not None]
    if not any(allowed):
        raise Absent
    if not all(allowed):
        raise Refused("这两条记录涉及不同地方的人，请县级的经办人办理。")
    return dispute, _Decided(write.actor.user, _behalf(write, dispute), write.at)


def _proposed(write: Writing, proposal_id: int) -> tuple[Dispute, _Decided, Proposal]:
    contradiction_id = Proposal.objects.filter(pk=proposal_id).values_list("contradiction_id", flat=True).first()
    if contradiction_id is None:
        raise Absent
    dispute, decided = _opened(write, contradiction_id)
    proposal = dispute.proposal
    if proposal is None or proposal.pk != proposal_id:
        raise Refused("这份提议已经办理过了；请刷新页面查看。")
    return dispute, decided, proposal


def _behalf(write: Writing, dispute: Dispute) -> User | None:
    """Return for whom the actor does it; the right may be delegated for one region and their own for another."""
    found = {write.actor.behalf(write.action, region) for region in dispute.regions} - {None}
    if len(found) > 1:
        raise Refused("您受两个人委托，分别管着这两条记录的人；请其中一人或县级的经办人办理。")
    return next(iter(found), None)


def _set_state(contradiction: Contradiction, state: object) -> None:
    contradiction.state = state
    contradiction.save(update_fields=["state"])


def _end_proposal(proposal: Proposal, outcome: object, decided: _Decided, why: str) -> None:
    proposal.outcome, proposal.why = outcome, why
    proposal.decided_by, proposal.decided_for, proposal.decided_at = decided
    proposal.save(update_fields=["outcome", "why", "decided_by", "decided_for", "decided_at"])


def _resolution(
    dispute: Dispute, outcome: object, reason: str, decided: _Decided, proposal: Proposal | None = None
) -> Resolution:
    """Keep for good what was settled, before anything is changed."""
    return Resolution.objects.create(
        contradiction=dispute.contradiction,
        setl_id=dispute.contradiction.setl_id,
        outcome=outcome,
        before=written(dispute.before),
        before_batch_id=dispute.record.batch_id,
        before_row=dispute.record.row,
        other=written(dispute.other),
        other_batch_id=dispute.contradiction.batch_id,
        other_row=dispute.contradiction.row,
        proposal=proposal,
        reason=reason,
        decided_by=decided.by,
        decided_for=decided.behalf,
        at=decided.at,
    )


def _replace(dispute: Dispute, at: datetime) -> None:
    """Write the other row over the recorded one, and keep the one that stood there among what is decided against."""
    record, other = dispute.record, dispute.contradiction
    _keep_as_other(dispute, at)
    values = {**values_of(other.kind, dispute.other), "batch": other.batch, "row": other.row}
    if other.kind == Kind.SETTLEMENT:
        values["received_at"] = other.since
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))
    _set_state(other, State.IN_FORCE)


def _keep_as_other(dispute: Dispute, at: datetime) -> None:
    record, other = dispute.record, dispute.contradiction
    known = Contradiction.objects.filter(setl_id=other.setl_id, kind=other.kind, key=other.key).exclude(pk=other.pk)
    same = next((each for each in known if not differing(each.kind, read(each.contents), dispute.before)), None)
    kept = same or Contradiction(kind=other.kind, setl_id=other.setl_id, key=other.key, since=at)
    kept.contents, kept.digest, kept.state = written(dispute.before), digest_of(dispute.before), State.AGAINST
    kept.batch_id, kept.row = record.batch_id, record.row
    if other.kind == Kind.SETTLEMENT:
        kept.psn_no, kept.year = record.psn_no, record.year
    kept.save()


def _follow(write: Writing, dispute: Dispute, why: str) -> None:
    """Let results and cases of everybody concerned follow."""
    setl_id, by = dispute.contradiction.setl_id, write.actor.user
    changed = hold_back([setl_id], at=write.at, why=why, by=by)
    cases = CaseRefresh(write)
    reassess(psn_nos=dispute.psn_nos | set(changed), at=write.at, judge=cases.judge)
    cases.finish(payments=dispute.contradiction.kind == Kind.PAYMENT)


def _log(write: Writing, dispute: Dispute, event: str, **detail: object) -> None:
    """Write the trail, once for each region concerned: its auditors see it."""
    contradiction = dispute.contradiction
    for region in _regions(dispute):
        write.log(event, _subject(dispute), region, setl_id=contradiction.setl_id, **detail)


def _subject(dispute: Dispute) -> str:
    return f"contradiction {dispute.contradiction.pk}"


def _regions(dispute: Dispute) -> Iterable[Region]:
    return Region.objects.filter(pk__in=[each for each in dispute.regions if each is not None]).order_by("pk")
