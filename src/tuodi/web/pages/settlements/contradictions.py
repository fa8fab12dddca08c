"""Two rows that contradict each other, side by side; one is chosen, the other one by two persons."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.models import Proposal
from tuodi.office.operations import contradictions as operations
from tuodi.office.queries import contradictions as queries
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action
from tuodi.web.page import REFUSED, OfficeRequest, page

_SEE, _CHANGE, _CONFIRM = Action.SEE_SETTLEMENTS, Action.CHANGE_PEOPLE, Action.CONFIRM_IMPORT


@page(get=_SEE)
def one(request: OfficeRequest, contradiction: int) -> HttpResponse:
    """Show both rows and what can be done."""
    return _page(request, contradiction)


@page(post=_CHANGE)
def keep(request: OfficeRequest, contradiction: int) -> HttpResponse:
    """Keep the recorded row."""
    seen, reason = request.POST.get("seen", ""), request.POST.get("reason", "")

    def do() -> None:
        operations.keep_recorded(
            actor=request.actor, contradiction_id=contradiction, seen=seen, reason=reason, at=request.now
        )

    told = "已保留登记的一条，所涉人员的待遇已重新计算。"
    return _done(request, contradiction, do, told, asked="keep", reason=reason)


@page(post=_CHANGE)
def propose(request: OfficeRequest, contradiction: int) -> HttpResponse:
    """Propose to use the other row."""
    seen, reason = request.POST.get("seen", ""), request.POST.get("reason", "")

    def do() -> None:
        operations.propose_other(
            actor=request.actor, contradiction_id=contradiction, seen=seen, reason=reason, at=request.now
        )

    told = "已提出改用另一条，等待另一人确认；确认之前仍暂不计算。"
    return _done(request, contradiction, do, told, asked="propose", reason=reason)


@page(post=_CONFIRM)
def confirm(request: OfficeRequest, proposal: int) -> HttpResponse:
    """Use the other row, as the second person."""
    seen = request.POST.get("seen", "")

    def do() -> None:
        operations.confirm_other(actor=request.actor, proposal_id=proposal, seen=seen, at=request.now)

    told = "已改用另一条，原来的一条留在结算的更正记录里；所涉人员的待遇已重新计算。"
    return _done(request, _contradiction_of(proposal), do, told)


@page(post=_CONFIRM)
def reject(request: OfficeRequest, proposal: int) -> HttpResponse:
    """Reject a proposal."""
    reason = request.POST.get("reason", "")

    def do() -> None:
        operations.reject_other(actor=request.actor, proposal_id=proposal, reason=reason, at=request.now)

    return _done(request, _contradiction_of(proposal), do, "已驳回，两条记录仍待核对。", asked="reject", reason=reason)


@page(post=_CHANGE)
def withdraw(request: OfficeRequest, proposal: int) -> HttpResponse:
    """Withdraw one's own proposal."""

    def do() -> None:
        operations.withdraw_proposal(actor=request.actor, proposal_id=proposal, at=request.now)

    return _done(request, _contradiction_of(proposal), do, "已撤回，两条记录仍待核对。")


@page(get=_CONFIRM)
def waiting(request: OfficeRequest) -> HttpResponse:
    """List what others proposed and this user may confirm."""
    rows = queries.proposals_waiting(request.actor)
    return render(request, "settlements/proposals.html", {"title": "待确认的改用", "rows": rows})


def _contradiction_of(proposal_id: int) -> int:
    found = Proposal.objects.filter(pk=proposal_id).values_list("contradiction_id", flat=True).first()
    if found is None:
        raise Absent
    return int(found)


def _done(
    request: OfficeRequest, contradiction: int, do: Callable[[], None], told: str, asked: str = "", reason: str = ""
) -> HttpResponse:
    """Do it and lead back; refused, the page is shown again as things stand now, with what was typed."""
    try:
        do()
    except Refused as refused:
        return _page(request, contradiction, wrong=str(refused), asked=asked, reason=reason)
    messages.success(request, told)
    return redirect("contradiction", contradiction)


def _page(
    request: OfficeRequest, contradiction: int, wrong: str = "", asked: str = "", reason: str = ""
) -> HttpResponse:
    dispute = queries.dispute_within(request.actor, contradiction)
    context = {
        "title": f"核对两条记录：{dispute.subject}",
        "dispute": dispute,
        "contradiction": dispute.contradiction,
        "proposal": dispute.proposal,
        "history": [
            each
            for each in queries.history_of(request.actor, dispute.contradiction.setl_id)
            if each.resolution.contradiction_id == contradiction
        ],
        "may_change": dispute.is_within(request.actor, _CHANGE),
        "may_confirm": dispute.is_within(request.actor, _CONFIRM),
        "is_mine": dispute.proposal is not None and dispute.proposal.proposed_by_id == request.actor.user.pk,
        "wrong": wrong,
        "asked": asked,
        "reason": reason,
    }
    return render(request, "settlements/contradiction.html", context, status=REFUSED if wrong else 200)
