"""The pages of this part."""

from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page


@page(get=Action.MANAGE_SYSTEM)
def home(request: OfficeRequest) -> HttpResponse:
    """Show the first page of this part."""
    return render(request, "system/home.html", {"title": "系统管理"})
