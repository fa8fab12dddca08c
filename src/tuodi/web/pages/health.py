"""Whether the application is ready, for whoever watches it."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from tuodi.web import structure
from tuodi.web.launch import Stopped
from tuodi.web.page import PUBLIC, page

_NOT_READY = 503


@page(get=PUBLIC)
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and has the structure this program needs, else 503."""
    try:
        structure.require()
    except (Stopped, DatabaseError):
        return HttpResponse("not ready", content_type="text/plain", status=_NOT_READY)
    return HttpResponse("ok", content_type="text/plain")
