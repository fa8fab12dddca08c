"""What happens around every page: headers, limits of a session, the access table."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from tuodi.office.access import actor_of
from tuodi.office.roles import Action
from tuodi.web.page import PUBLIC, SIGNED_IN

Next = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Signed and short-lived: the time of the last request, so that reading pages writes nothing to the database.
_SEEN = "tuodi_seen"
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


class SessionLimits:
    """Ends a session after some idle minutes, and the earlier one where somebody signs in twice."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out what has been idle too long or replaced."""
        user = request.user
        if user.is_authenticated:
            limit = settings.IDLE_MINUTES * 60
            idle = (
                request.get_signed_cookie(_SEEN, default=None, max_age=limit, salt=request.session.session_key) is None
            )
            if idle or user.session_key != request.session.session_key:
                request.session_ended = "idle" if idle else "replaced"
                logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated and request.session.session_key:
            response.set_signed_cookie(
                _SEEN,
                "1",
                salt=request.session.session_key,
                httponly=True,
                samesite="Lax",
                secure=settings.HTTPS,
            )
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
        access = getattr(view, "access", None)
        if access is None:
            raise Http404
        method = "GET" if request.method == "HEAD" else request.method
        if any(needed == PUBLIC for needed in access.values()):
            return None if method in access else HttpResponseNotAllowed(list(access))
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        request.now = datetime.now()
        request.actor = actor_of(user, request.now.date())
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name not in _BEFORE_READY and (ready := _not_ready(request)):
            return redirect_to_login(request.get_full_path(), ready)
        allowed = [m for m, needed in access.items() if needed == SIGNED_IN or request.actor.may(Action(needed))]
        if not allowed:
            raise Http404
        if method not in allowed:
            # Who may not do it is not told that it could be done.
            if method in access:
                raise Http404
            return HttpResponseNotAllowed(allowed)
        return None


def _not_ready(request: HttpRequest) -> str:
    """Return where a signed-in user must go first, nothing if they may work."""
    if settings.SECOND_FACTOR and not request.user.is_verified():
        return "/second-factor"
    return "/password" if request.user.must_change_password else ""
