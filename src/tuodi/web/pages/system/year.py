"""The change of year: what is ready and what is not; counts for everybody, the list of persons for who may export."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.office.operations.new_year import export_ending
from tuodi.office.queries.new_year import YEARS, new_year
from tuodi.office.roles import Action
from tuodi.report.tables import Column
from tuodi.web.exports import workbook_answer
from tuodi.web.page import OfficeRequest, page

# From this month on the next year is meant.
_AUTUMN = 9


def _year(request: OfficeRequest, asked: QueryDict) -> int:
    """Return the year asked for; without one, the one that begins next or began lately."""
    text = asked.get("year", "")
    given = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    coming = request.now.year + (1 if request.now.month >= _AUTUMN else 0)
    return given if given in YEARS else coming


@page(get=Action.USE_DESK)
def checklist(request: OfficeRequest) -> HttpResponse:
    """Show the checks of the change of year."""
    year = _year(request, request.GET)
    context = {
        "title": f"{year} 年度更替",
        "tab": "year",
        "year": year,
        "checks": new_year(year),
        "is_admin": request.actor.may(Action.MANAGE_SYSTEM),
        "may_export": request.actor.may(Action.EXPORT_PEOPLE),
    }
    return render(request, "system/new_year.html", context)


@page(post=Action.EXPORT_PEOPLE)
def ending(request: OfficeRequest) -> HttpResponse:
    """Send the identities that end with the old year without renewal as a workbook."""
    year = _year(request, request.POST)
    rows = export_ending(actor=request.actor, at=request.now, year=year)
    names = ("人员编号", "姓名", "乡镇", "身份", "开始", "结束", "来源")
    return workbook_answer(f"{year - 1}年底到期的身份", [Column(name) for name in names], rows, day=request.now.date())
