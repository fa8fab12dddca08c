"""Who acts for whom: give one's own work to a colleague for some days, take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.operations import delegations
from tuodi.office.queries import users as queries
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of, number_of
from tuodi.web.page import REFUSED, OfficeRequest, page


@page(get=Action.DELEGATE, post=Action.DELEGATE)
def home(request: OfficeRequest) -> HttpResponse:
    """Show what was given and received, and take a new delegation."""
    wrong = ""
    if request.method == "POST":
        try:
            _delegate(request)
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(request, "委托已登记，对方登录后即可代办；职责分离的规则对双方都适用。")
            return redirect("delegations")
    context = {
        "title": "工作委托",
        "wrong": wrong,
        "asked": request.POST,
        "own_roles": queries.own_roles(request.actor),
        "colleagues": queries.colleagues(request.actor),
        "delegations": queries.delegations(request.actor),
        "today": request.now.date(),
    }
    return render(request, "delegations/home.html", context, status=REFUSED if wrong else 200)


def _delegate(request: OfficeRequest) -> None:
    given = request.POST
    delegations.delegate(
        actor=request.actor,
        assignment_id=number_of(given, "assignment", "要委托的岗位"),
        delegate_id=number_of(given, "delegate", "受委托人"),
        begins=day_of(given, "begins", "委托的开始日期"),
        ends=day_of(given, "ends", "委托的结束日期"),
        reason=given.get("reason", ""),
        at=request.now,
    )


@page(post=Action.DELEGATE)
def revoke(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a delegation back."""
    try:
        delegations.revoke(actor=request.actor, delegation_id=pk, at=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "委托已撤回，对方不能再代办。")
    return redirect("delegations")
