"""How long a session lasts: idle minutes, hours altogether, and one session for each user."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Signed and short-lived: the time of the last request, so that reading pages writes nothing to the database.
SEEN: Final = "tuodi_seen"
STARTED: Final = "signed_in_at"

ENDINGS: Final = MappingProxyType(
    {
        "idle": f"您已 {settings.IDLE_MINUTES} 分钟没有操作，为安全起见已退出，请重新登录。",
        "long": f"登录已满 {settings.SESSION_HOURS} 小时，请重新登录。",
        "elsewhere": "您的账号已在另一处登录，这里已退出。如果不是您本人，请立即联系安全管理员。",
    }
)
"""Why a session ended -> what the sign-in page says."""


def now() -> datetime:
    """Return the local time; pages ask here before ``request.now`` is set."""
    return datetime.now()


def start_session(request: HttpRequest, at: datetime) -> None:
    """Remember when a session began."""
    request.session[STARTED] = at.isoformat()


def why_ended(request: HttpRequest, at: datetime) -> str:
    """Return why a signed-in user's session may not go on (a key of ENDINGS), nothing if it may."""
    session = request.session
    if request.user.session_key != session.session_key:
        return "elsewhere"
    if at - datetime.fromisoformat(session.get(STARTED, "0001-01-01")) > timedelta(hours=settings.SESSION_HOURS):
        return "long"
    limit = settings.IDLE_MINUTES * 60
    seen = request.get_signed_cookie(SEEN, default=None, max_age=limit, salt=session.session_key)
    return "idle" if seen is None else ""


def mark_seen(request: HttpRequest, response: HttpResponse) -> None:
    """Start the idle minutes anew."""
    response.set_signed_cookie(
        SEEN,
        "1",
        salt=request.session.session_key,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
