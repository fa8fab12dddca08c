"""What the security administrator changes; each is one operation, refused with a sentence or done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.models import Assignment
from tuodi.office.operations import users
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, Role
from tuodi.web.form_values import day_of, number_of
from tuodi.web.page import REFUSED, OfficeRequest, page
from tuodi.web.pages.users.views import show

_MANAGE = Action.MANAGE_USERS


@page(get=_MANAGE, post=_MANAGE)
def new(request: OfficeRequest) -> HttpResponse:
    """Make a user; the first password is shown once, on the answer."""
    context: dict[str, Any] = {"title": "新建用户", "asked": request.POST}
    if request.method != "POST":
        return render(request, "users/new.html", context)
    try:
        made, password = users.create_user(
            actor=request.actor,
            username=request.POST.get("username", ""),
            name=request.POST.get("name", ""),
            at=request.now,
        )
    except Refused as refused:
        return render(request, "users/new.html", {**context, "wrong": str(refused)}, status=REFUSED)
    return show(request, made.pk, password=password)


def _changed(request: OfficeRequest, pk: int, change: Callable[[], Any], done: str) -> HttpResponse:
    """Do it and go back to the user, or show the user with the refusal."""
    try:
        change()
    except Refused as refused:
        return show(request, pk, str(refused))
    messages.success(request, done)
    return redirect("user", pk=pk)


@page(post=_MANAGE)
def switch(request: OfficeRequest, pk: int) -> HttpResponse:
    """Switch a user off or on."""
    is_active = request.POST.get("active") == "on"
    done = "账号已启用。" if is_active else "账号已停用，正在使用的登录已经结束。"
    return _changed(
        request,
        pk,
        lambda: users.switch_user(actor=request.actor, user_id=pk, is_active=is_active, at=request.now),
        done,
    )


@page(post=_MANAGE)
def new_password(request: OfficeRequest, pk: int) -> HttpResponse:
    """Make a new first password and show it once."""
    try:
        _, password = users.reset_password(actor=request.actor, user_id=pk, at=request.now)
    except Refused as refused:
        return show(request, pk, str(refused))
    return show(request, pk, password=password)


@page(post=_MANAGE)
def new_second_factor(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take off a lost device."""
    return _changed(
        request,
        pk,
        lambda: users.reset_second_factor(actor=request.actor, user_id=pk, at=request.now),
        "动态口令已重置，下次登录时重新绑定。",
    )


@page(post=_MANAGE)
def unlock(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a locked user sign in again."""
    return _changed(
        request, pk, lambda: users.unlock(actor=request.actor, user_id=pk, at=request.now), "已解锁，可以重新登录。"
    )


@page(post=_MANAGE)
def assign(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give a role."""
    given = request.POST

    def change() -> Assignment:
        if (role := given.get("role", "")) not in set(Role):
            raise Refused("请选择岗位。")
        return users.assign_role(
            actor=request.actor,
            user_id=pk,
            role=Role(role),
            region_id=number_of(given, "region", "地区"),
            begins=day_of(given, "begins", "开始日期"),
            ends=day_of(given, "ends", "结束日期", is_required=False),
            at=request.now,
        )

    return _changed(request, pk, change, "岗位已分配。")


@page(post=_MANAGE)
def end_role(request: OfficeRequest, assignment_id: int) -> HttpResponse:
    """Let a role end today, or at once."""
    held = Assignment.objects.filter(pk=assignment_id).first()
    if held is None:
        raise Http404
    today = request.now.date()
    ends = today - timedelta(days=1) if request.POST.get("when") == "now" else today
    return _changed(
        request,
        held.user_id,
        lambda: users.end_role(actor=request.actor, assignment_id=assignment_id, ends=ends, at=request.now),
        "岗位已结束。",
    )
