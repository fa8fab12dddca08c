"""The system administrator's page of the county's towns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.operations.towns import NAME_LONGEST, remove_town, set_town
from tuodi.office.queries.regions import county_and_towns
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.page import REFUSED, OfficeRequest, page


@page(get=Action.MANAGE_SYSTEM, post=Action.MANAGE_SYSTEM)
def towns(request: OfficeRequest) -> HttpResponse:
    """List the towns; add one, give one another name, or remove one nothing hangs on."""
    wrong = ""
    if request.method == "POST":
        try:
            messages.success(request, _done(request))
            return redirect("system-towns")
        except Refused as refused:
            wrong = str(refused)
    top, below = county_and_towns()
    context = {
        "title": "乡镇",
        "tab": "towns",
        "top": top,
        "towns": below,
        "longest": NAME_LONGEST,
        "given": request.POST,
        "wrong": wrong,
    }
    return render(request, "system/towns.html", context, status=REFUSED if wrong else 200)


def _done(request: OfficeRequest) -> str:
    """Do what the form asks; return the sentence that says so."""
    code, keys = request.POST.get("code", ""), {"actor": request.actor, "at": request.now}
    if request.POST.get("do") == "remove":
        return f"已删去{remove_town(**keys, code=code).name}。"
    town = set_town(**keys, code=code, name=request.POST.get("name", ""))
    return f"已登记 {town.code} {town.name}。请安全管理员在“用户与权限”里给它设经办人员。"
