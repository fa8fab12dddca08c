"""The change of year: what is ready and what is not; counts for everybody, the list of persons for who may export."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.office.operations.new_year import export_ending
from tuodi.office.queries.new_year import YEARS, new_year
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import workbook_answer
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

# From this month on the next year is meant.
_AUTUMN = 9


def _year(request: OfficeRequest, asked: QueryDict) -> int:
    """Return the year asked for; without one, the one that begins next or began lately."""
    given = whole_number(asked.get("year"))
    coming = request.now.year + (1 if request.now.month >= _AUTUMN else 0)
    return given if given is not None and given in YEARS else coming


@page(get=Action.USE_DESK)
def checklist(request: OfficeRequest) -> HttpResponse:
    """Show the checks of the change of year."""
    return _checklist(request, request.GET)


def _checklist(request: OfficeRequest, asked: QueryDict, wrong: str = "") -> HttpResponse:
    year = _year(request, asked)
    context = {
        "title": f"{year} 年度更替",
        "tab": "year",
        "year": year,
        "checks": new_year(year),
        "is_admin": request.actor.may(Action.MANAGE_SYSTEM),
        "may_export": request.actor.may(Action.EXPORT_PEOPLE),
        "reason": asked.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, "system/new_year.html", context, status=REFUSED if wrong else 200)


@page(post=Action.EXPORT_PEOPLE)
def ending(request: OfficeRequest) -> HttpResponse:
    """Send the identities that end with the old year without renewal as a workbook."""
    asked = request.POST
    year = _year(request, asked)
    try:
        found = export_ending(actor=request.actor, at=request.now, year=year, reason=asked.get("reason", ""))
    except Refused as refused:
        return _checklist(request, asked, str(refused))
    return workbook_answer(f"{year - 1}年底到期的身份", found, day=request.now.date())
