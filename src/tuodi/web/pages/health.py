"""Whether the application is ready, for whoever watches it."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from tuodi.web.page import PUBLIC, page


@page(get=PUBLIC)
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
