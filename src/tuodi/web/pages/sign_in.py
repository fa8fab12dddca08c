"""Signing in and out, the second factor, one's own password."""

import segno
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django_otp import login as second_login

from tuodi.office import second_factor as factors
from tuodi.office.models import SecondFactor, User
from tuodi.office.operations import signing
from tuodi.office.refusal import Refused
from tuodi.office.trail import sm3
from tuodi.web.page import PUBLIC, REFUSED, SIGNED_IN, OfficeRequest, page
from tuodi.web.sessions import ENDINGS, now, start_session

_WRONG = "用户名或密码不对。连续 {limit} 次不对会锁定 {minutes} 分钟。"
_WRONG_PRESENT = "现在的密码不对。连续 {limit} 次不对会锁定 {minutes} 分钟。"
_LOCKED = "连续输错，已锁定 {minutes} 分钟。请稍后再试，或请安全管理员解锁。"
# The secret of a telephone about to be bound, sealed.
_WAITING = "second_factor_waiting"


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
    """Answer somebody whose sign-in is locked, or whose change of password is for the same reason."""
    wrong = _LOCKED.format(minutes=_minutes())
    if request.resolver_match.url_name == "change-password":
        return _password_form(request, wrong, status=429)
    return _form(request, wrong, status=429)


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
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


def _next(request: HttpRequest) -> str:
    """Return where to go on, only ever on this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_here and wanted.startswith("/") else "/"


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; behind our proxy ``tuodi.web.serving`` has put in the one it saw."""
    return str(request.META.get("REMOTE_ADDR", ""))


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
    """Change one's own password; the first one must be changed before anything else.

    The present one counts as at the sign-in: whoever finds a desk unlocked does not guess it here either.
    """
    if request.method != "POST":
        return _password_form(request)
    user: User = request.user
    given = request.POST
    old = given.get("old", "")
    if authenticate(request, username=user.username, password=old) is None:
        is_lock = getattr(request, "axes_locked_out", False)
        signing.note_wrong_password(user=user, address=address_of(request), is_lock=is_lock, at=request.now)
        wrong = _WRONG_PRESENT.format(limit=settings.AXES_FAILURE_LIMIT, minutes=_minutes())
        return _password_form(request, wrong, status=REFUSED)
    try:
        signing.change_password(
            user=user, old=old, new=given.get("new", ""), again=given.get("again", ""), at=request.now
        )
    except Refused as refused:
        return _password_form(request, str(refused), status=REFUSED)
    update_session_auth_hash(request, user)
    signing.keep_session(user=user, session_key=request.session.session_key)
    return redirect(_next(request))


def _password_form(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {
        "title": "修改密码",
        "next": _next(request),
        "is_first": request.user.must_change_password,
        "wrong": wrong,
    }
    return render(request, "sign_in/password.html", context, status=status)


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


def _checked(request: OfficeRequest, device: SecondFactor | None) -> SecondFactor:
    code = request.POST.get("code", "").strip().replace(" ", "")
    if device is not None:
        return signing.check_second_factor(user=request.user, code=code, at=request.now)
    waiting = request.session.get(_WAITING)
    if waiting is None:
        raise Refused("请先用手机扫描下面的二维码，再输入手机上的数字。")
    key = factors.opened_waiting(request.user, waiting)
    bound = signing.enrol_second_factor(user=request.user, key=key, code=code, at=request.now)
    del request.session[_WAITING]
    return bound


def _enrolment(request: OfficeRequest) -> dict[str, str]:
    """Return picture and text of a new secret; it waits in the session until a code of it was entered."""
    if _WAITING not in request.session:
        request.session[_WAITING] = factors.waiting_secret(request.user)
    key = factors.opened_waiting(request.user, request.session[_WAITING])
    picture = segno.make(factors.address_of(request.user, key), error="m").svg_inline(scale=4, border=4, light="#fff")
    typed = factors.typed_form(key)
    grouped = " ".join(typed[place : place + 4] for place in range(0, len(typed), 4))
    return {"picture": mark_safe(picture), "secret": grouped}  # noqa: S308 - drawn by segno from our own text
