"""Rows that hold somebody's results back: why, what to do, and setting one aside with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.operations import withheld as operations
from tuodi.office.queries.contradictions import seen_contradictions, without_settlement
from tuodi.office.queries.settlements import PAGE_SIZE, with_persons, withheld_rows
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.page import REFUSED, OfficeRequest, page


@page(get=Action.SEE_SETTLEMENTS)
def home(request: OfficeRequest) -> HttpResponse:
    """List what is withheld."""
    return _list(request)


@page(post=Action.CHANGE_PEOPLE)
def set_aside(request: OfficeRequest, withheld: int) -> HttpResponse:
    """Set one aside."""
    reason = request.POST.get("reason", "")
    try:
        psn_no = operations.set_aside(actor=request.actor, withheld_id=withheld, reason=reason, at=request.now)
    except Refused as refused:
        return _list(request, wrong=str(refused), about=withheld, reason=reason)
    messages.success(request, f"已放行，人员 {psn_no} 的待遇已重新计算。")
    return redirect("settlements-withheld")


def _list(request: OfficeRequest, wrong: str = "", about: int | None = None, reason: str = "") -> HttpResponse:
    shown = Paginator(withheld_rows(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = with_persons(shown.object_list)
    kept = [each.row.contradiction for each in rows if each.row.contradiction is not None]
    disputes = seen_contradictions(request.actor, kept)
    context = {
        "title": "暂不计算",
        "shown": shown,
        "rows": rows,
        "may_open": set(disputes),
        "proposed": {key for key, each in disputes.items() if each.proposal is not None},
        "loose": without_settlement(request.actor),
        "wrong": wrong,
        "about": about,
        "reason": reason,
        "may_set_aside": request.actor.may(Action.CHANGE_PEOPLE),
    }
    return render(request, "settlements/withheld.html", context, status=REFUSED if wrong else 200)
