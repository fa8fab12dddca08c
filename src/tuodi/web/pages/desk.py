"""The first page: what must I do today, and is anything wrong?"""

from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page


@page(get=Action.USE_DESK)
def desk(request: OfficeRequest) -> HttpResponse:
    """Show the desk."""
    return render(request, "desk.html", {"title": "今日"})
