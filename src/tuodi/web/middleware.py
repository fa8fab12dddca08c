"""What happens around every page: headers, size of a request, limits of a session, the access table."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from tuodi.office.access import actor_of
from tuodi.office.busy import is_busy
from tuodi.office.operations.signing import note_session_end
from tuodi.office.refusal import Absent
from tuodi.office.roles import Action
from tuodi.web.page import PUBLIC, SIGNED_IN
from tuodi.web.pages.errors import busy, not_found, too_large, unreadable
from tuodi.web.sessions import mark_seen, now, why_ended

Next = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Pages a signed-in user may see before the second factor is done or the first password is changed.
_BEFORE_READY = frozenset({"second-factor", "change-password", "sign-out"})


def security_headers(get_response: Next) -> Next:
    """Let pages load nothing from elsewhere, and keep pages with people out of caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def body_limit(get_response: Next) -> Next:
    """Refuse a request that says it is larger than any upload may be, before anything is read of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.UPLOAD_BYTES_MAX + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request)
        return get_response(request)

    return middleware


class ViewFaults:
    """Answers what views leave to it: 404 for what is absent, 503 where nothing could be written for others writing.

    Handled here, a busy database is no fault of the program and does not stand in the log as one; for the rest of the
    way see ``errors.failed``.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer; None leaves every other fault to Django."""
        if isinstance(exception, Absent):
            return not_found(request, exception)
        return busy(request) if is_busy(exception) else None


class SessionLimits:
    """Ends a session that was idle or lasted too long, and the earlier one where somebody signs in twice."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out what may not go on; the sign-in page says why."""
        user = request.user
        if user.is_authenticated and (why := why_ended(request, at := now())):
            note_session_end(user=user, why=why, at=at)
            logout(request)
            request.why_ended = why
        response = self.get_response(request)
        if request.user.is_authenticated and request.session.session_key:
            mark_seen(request, response)
        return response


class AccessTable:
    """Lets a request through to its view only where the access table says so; outsiders get 404."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Answer instead of the view where it may not be seen; None lets it through."""
        if _has_null(request):
            return unreadable(request)
        access = getattr(view, "access", None)
        if access is None:
            raise Http404
        method = "GET" if request.method == "HEAD" else request.method
        if any(needed == PUBLIC for needed in access.values()):
            return None if method in access else HttpResponseNotAllowed(list(access))
        user = request.user
        if not user.is_authenticated:
            return _to_sign_in(request)
        request.now = now()
        request.actor = actor_of(user, request.now.date())
        name = request.resolver_match.url_name if request.resolver_match else ""
        first = _to_do_first(request)
        request.is_ready = not first
        if first and name not in _BEFORE_READY:
            return _sent_to(request, redirect_to_login(_back_to(request), first))
        allowed = [m for m, needed in access.items() if needed == SIGNED_IN or request.actor.may(Action(needed))]
        if not allowed:
            raise Http404
        if method not in allowed:
            # Who may not do it is not told that it could be done.
            if method in access:
                raise Http404
            return HttpResponseNotAllowed(allowed)
        return None


def _has_null(request: HttpRequest) -> bool:
    """Tell whether somebody sent the character no form can hold and PostgreSQL does not take."""
    sent = (*request.GET.lists(), *request.POST.lists())
    return any("\0" in text for name, texts in sent for text in (name, *texts))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, which leads back here."""
    answer = redirect_to_login(_back_to(request), settings.LOGIN_URL)
    if why := getattr(request, "why_ended", ""):
        answer["Location"] += f"&why={why}"
    return _sent_to(request, answer)


def _back_to(request: HttpRequest) -> str:
    """Return where to go on afterwards: a page that is read, never a form's address."""
    return request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else "/"


def _sent_to(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Make the script of a page follow as a whole, or the sign-in form would land inside the page."""
    if "HX-Request" not in request.headers:
        return answer
    return HttpResponse(headers={"HX-Redirect": answer["Location"]})


def _to_do_first(request: HttpRequest) -> str:
    """Return where a signed-in user must go first, nothing if they may work."""
    if settings.SECOND_FACTOR and not request.user.is_verified():
        return "/second-factor"
    return "/password" if request.user.must_change_password else ""
