"""The pages of this part."""

from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page


@page(get=Action.SEE_CASES)
def home(request: OfficeRequest) -> HttpResponse:
    """Show the first page of this part."""
    return render(request, "cases/home.html", {"title": "疑点办理"})
