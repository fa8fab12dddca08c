"""The enrolment ledger (参保台账): coverage by town, and who is in which state."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from tuodi.office.operations.comparison_exports import export_ledger
from tuodi.office.queries.comparison import lists_on
from tuodi.office.queries.enrolment_ledger import Coverage, Enrolled, coverage, ledger_day, ledger_lines
from tuodi.office.queries.enrolment_states import STATES, state_words
from tuodi.office.queries.regions import region_name, regions_to_choose
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import workbook_answer
from tuodi.web.page import REFUSED, OfficeRequest, page
from tuodi.web.pages.comparison.asked import page_of, region_of, year_of

_YEARS_BACK = 5


@page(get=Action.SEE_COMPARISON)
def ledger(request: OfficeRequest) -> HttpResponse:
    """Show the coverage by town, and the persons in one state."""
    return _ledger(request, request.GET)


def _ledger(request: OfficeRequest, given: QueryDict, wrong: str = "") -> HttpResponse:
    actor, today = request.actor, request.now.date()
    year, region_id, state = year_of(given, today), region_of(given), _state_of(given)
    day = ledger_day(year, today)
    towns = coverage(actor, year, day, region_id)
    total: Coverage = towns[-1]
    shown = page_of(Enrolled(towns[:-1], year, day, state), request.GET)
    context = {
        "title": "参保台账",
        "year": year,
        "day": day,
        "years": _years(today, year),
        "region_id": region_id,
        "state": state,
        "states": [(each, state_words(each)) for each in STATES],
        "regions": regions_to_choose(actor, Action.SEE_COMPARISON),
        "towns": [_town_row(town, year) for town in towns[:-1]],
        "total": total,
        "behind": lists_on(day).roster_behind(day.replace(day=1)),
        "total_cells": [(each, state_words(each), total.by_state[each]) for each in STATES],
        "shown": shown,
        "kept": urlencode({"year": year, "region": region_id or "", "state": state}),
        "lines": list(ledger_lines(shown, year, day)),
        "may_export": actor.may(Action.EXPORT_PEOPLE),
        "wrong": wrong,
    }
    return render(request, "comparison/enrolment.html", context, status=REFUSED if wrong else 200)


def _town_row(town: Coverage, year: int) -> dict[str, object]:
    address = f"{reverse('enrolment-ledger')}?year={year}&region={town.region_id or ''}"
    cells = [(f"{address}&state={each}", state_words(each), town.by_state[each]) for each in STATES]
    return {"town": town, "address": address, "cells": cells}


def _years(today: date, year: int) -> list[int]:
    return sorted({year, *range(today.year + 1, today.year - _YEARS_BACK, -1)}, reverse=True)


def _state_of(given: QueryDict) -> str:
    state = given.get("state", "")
    return state if state in STATES else ""


@page(post=Action.SEE_COMPARISON)
def export(request: OfficeRequest) -> HttpResponse:
    """Send the ledger as a workbook."""
    given, today = request.POST, request.now.date()
    year, state = year_of(given, today), _state_of(given)
    try:
        found = export_ledger(
            actor=request.actor,
            at=request.now,
            year=year,
            day=ledger_day(year, today),
            state=state,
            reason=given.get("reason", ""),
            region_id=region_of(given),
        )
    except Refused as refused:
        return _ledger(request, given, str(refused))
    about = [f"{year}年", region_name(region_of(given)), state_words(state) if state else ""]
    return workbook_answer("参保台账", found, day=today, about=about)
