"""Signing in and out, the second factor, one's own password."""

import segno
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django_otp import login as second_login
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from tuodi.office.models import User
from tuodi.office.operations import signing
from tuodi.office.operations.writing import Refused
from tuodi.office.trail import sm3
from tuodi.web.page import PUBLIC, SIGNED_IN, OfficeRequest, page
from tuodi.web.sessions import ENDINGS, now, start_session

_WRONG = "用户名或密码不对。连续 {limit} 次不对会锁定 {minutes} 分钟。"
_LOCKED = "连续输错，已锁定 {minutes} 分钟。请稍后再试，或请安全管理员解锁。"
_PENDING_KEY = "second_factor_key"
# A form that was refused: the status the browser and the pages' script both take for "show it again".
REFUSED = 422


@page(get=PUBLIC, post=PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or take user name and password; the answer is the same whether a user exists or not."""
    if request.method != "POST":
        return _form(request, notice=ENDINGS.get(request.GET.get("why", ""), ""))
    username = request.POST.get("username", "")
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if user is None:
        is_lock = getattr(request, "axes_locked_out", False)
        signing.note_failure(username=username, address=address_of(request), is_lock=is_lock, at=now())
        minutes = _minutes()
        return _form(request, _WRONG.format(limit=settings.AXES_FAILURE_LIMIT, minutes=minutes), status=REFUSED)
    login(request, user)
    at = now()
    start_session(request, at)
    signing.note_sign_in(user=user, session_key=request.session.session_key, address=address_of(request), at=at)
    return redirect(_next(request))


def locked(request: HttpRequest, _credentials: object, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer somebody whose sign-in is locked."""
    return _form(request, _LOCKED.format(minutes=_minutes()), status=429)


def _form(request: HttpRequest, wrong: str = "", notice: str = "", status: int = 200) -> HttpResponse:
    context = {
        "title": "登录",
        "wrong": wrong,
        "notice": notice,
        "next": _next(request),
        "username": request.POST.get("username", ""),
    }
    return render(request, "sign_in/sign_in.html", context, status=status)


def _minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME * 60)


def _next(request: HttpRequest) -> str:
    """Return where to go on, only ever on this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_here and wanted.startswith("/") else "/"


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; behind our own TLS server the one that server saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def counted_name(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Return under which name a failure is counted: what nobody is called may be a password or an ID number."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return name if User.objects.filter(username=name).exists() else f"unknown {sm3(name)[:16]}"


@page(post=SIGNED_IN)
def sign_out(request: OfficeRequest) -> HttpResponse:
    """End the session."""
    signing.note_session_end(user=request.user, why="signed-out", at=request.now)
    logout(request)
    return redirect("sign-in")


@page(get=SIGNED_IN, post=SIGNED_IN)
def change_password(request: OfficeRequest) -> HttpResponse:
    """Change one's own password; the first one must be changed before anything else."""
    user: User = request.user
    context = {"title": "修改密码", "next": _next(request), "is_first": user.must_change_password}
    if request.method == "POST":
        given = request.POST
        try:
            signing.change_password(
                user=user,
                old=given.get("old", ""),
                new=given.get("new", ""),
                again=given.get("again", ""),
                at=request.now,
            )
        except Refused as refused:
            return render(request, "sign_in/password.html", {**context, "wrong": str(refused)}, status=REFUSED)
        update_session_auth_hash(request, user)
        signing.keep_session(user=user, session_key=request.session.session_key)
        return redirect(_next(request))
    return render(request, "sign_in/password.html", context)


@page(get=SIGNED_IN, post=SIGNED_IN)
def second_factor(request: OfficeRequest) -> HttpResponse:
    """Bind a telephone the first time, ask for its code from then on."""
    if not settings.SECOND_FACTOR or request.user.is_verified():
        return redirect(_next(request))
    device = signing.second_factor_of(request.user)
    wrong = ""
    if request.method == "POST":
        try:
            second_login(request, _checked(request, device))
            return redirect(_next(request))
        except Refused as refused:
            wrong = str(refused)
    context = {"title": "动态口令", "next": _next(request), "wrong": wrong}
    if device is None:
        context |= _enrolment(request)
    return render(request, "sign_in/second_factor.html", context, status=REFUSED if wrong else 200)


def _checked(request: OfficeRequest, device: TOTPDevice | None) -> TOTPDevice:
    code = request.POST.get("code", "").strip().replace(" ", "")
    if device is not None:
        return signing.check_second_factor(user=request.user, code=code, at=request.now)
    key = request.session.get(_PENDING_KEY)
    if key is None:
        raise Refused("请先用手机扫描下面的二维码，再输入手机上的数字。")
    bound = signing.enrol_second_factor(user=request.user, key=key, code=code, at=request.now)
    del request.session[_PENDING_KEY]
    return bound


def _enrolment(request: OfficeRequest) -> dict[str, str]:
    """Return picture and text of a new key; it stays in the session until a code of it was entered."""
    key = request.session.setdefault(_PENDING_KEY, default_key())
    device = TOTPDevice(user=request.user, key=key)
    picture = segno.make(device.config_url, error="m").svg_inline(scale=4, border=4, light="#fff")
    secret = device.config_url.split("secret=")[1].split("&")[0]
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"picture": mark_safe(picture), "secret": grouped}  # noqa: S308 - drawn by segno from our own text
