"""Users: the list, and one user with roles, state and what can be done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.operations.exporting import Exported
from tuodi.office.queries import users as queries
from tuodi.office.roles import ROLE_NAMES, Action, Role
from tuodi.report.tables import Column
from tuodi.web.exports import workbook_answer
from tuodi.web.page import REFUSED, OfficeRequest, page

_ON = {"on": True, "off": False}


def _chosen(request: OfficeRequest) -> tuple[list[queries.UserState], dict[str, str]]:
    asked = {name: request.GET.get(name, "").strip() for name in ("words", "role", "state")}
    found = queries.users(request.actor, asked["words"], asked["role"], _ON.get(asked["state"]))
    return found, asked


@page(get=Action.MANAGE_USERS)
def home(request: OfficeRequest) -> HttpResponse:
    """List the users."""
    found, asked = _chosen(request)
    context = {"title": "用户与权限", "users": found, "asked": asked, "roles": ROLE_NAMES.items()}
    return render(request, "users/home.html", context)


@page(get=Action.MANAGE_USERS)
def one(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one user."""
    return show(request, pk)


def show(request: OfficeRequest, pk: int, wrong: str = "", **more: Any) -> HttpResponse:
    """Show one user with what was refused just now, or a new password: that is shown this once only."""
    state = queries.user(request.actor, pk)
    context = {
        "title": state.user.name,
        "state": state,
        "wrong": wrong,
        "is_self": state.user.pk == request.actor.user.pk,
        "roles": ROLE_NAMES.items(),
        "regions": queries.regions(request.actor, Action.MANAGE_USERS),
        "asked": request.POST,
        "today": request.now.date(),
        **more,
    }
    return render(request, "users/one.html", context, status=REFUSED if wrong else 200)


@page(get=Action.MANAGE_USERS)
def export(request: OfficeRequest) -> HttpResponse:
    """Send the list as a workbook, one row for each role."""
    found, _ = _chosen(request)
    names = ("用户名", "姓名", "状态", "岗位", "地区", "开始", "结束", "动态口令")
    rows = [
        (
            state.user.username,
            state.user.name,
            "启用" if state.user.is_active else "停用",
            ROLE_NAMES[Role(each.role)] if each else "",
            each.region.name if each else "",
            each.begins.isoformat() if each else "",
            each.ends.isoformat() if each and each.ends else "",
            "已绑定" if state.has_second_factor else "未绑定",
        )
        for state in found
        for each in state.assignments or (None,)
    ]
    columns = [Column(name) for name in names]
    return workbook_answer("用户与岗位", Exported(columns, rows), day=request.now.date())
