"""The pages of this part."""

from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page


@page(get=Action.SEE_COMPARISON)
def home(request: OfficeRequest) -> HttpResponse:
    """Show the first page of this part."""
    return render(request, "comparison/home.html", {"title": "月度比对"})
