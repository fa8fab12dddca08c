"""Signing in and out."""

from datetime import timedelta

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from tuodi.web.page import PUBLIC, SIGNED_IN, page


@page(get=PUBLIC, post=PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or take user name and password."""
    wrong = ""
    if request.method == "POST":
        user = authenticate(
            request, username=request.POST.get("username", ""), password=request.POST.get("password", "")
        )
        if user is not None:
            login(request, user)
            user.session_key = request.session.session_key
            user.save(update_fields=["session_key"])
            response = redirect(_next(request))
            response.set_signed_cookie("tuodi_seen", "1", salt=request.session.session_key, httponly=True)
            return response
        wrong = "用户名或密码不对。连续 5 次不对会锁定半小时。"
    return render(request, "sign_in.html", {"title": "登录", "wrong": wrong}, status=403 if wrong else 200)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


@page(post=SIGNED_IN)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


def locked(request: HttpRequest, _credentials: object, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer somebody whose sign-in is locked."""
    return render(
        request,
        "sign_in.html",
        {
            "title": "登录",
            "wrong": f"连续输错，已锁定 {timedelta(minutes=30).seconds // 60} 分钟；请稍后再试，或请安全管理员解锁。",
        },
        status=429,
    )
