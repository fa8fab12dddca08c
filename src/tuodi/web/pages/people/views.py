"""Reading the registry: search and lists, one person, their history, a household, the list as a workbook."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from tuodi.kernel.dates import parse_day
from tuodi.office.operations.exporting import ROWS_MAX
from tuodi.office.operations.identities import identity_groups, identity_names
from tuodi.office.operations.people_export import export_people
from tuodi.office.queries import people
from tuodi.office.queries.people import By, Search, State
from tuodi.office.queries.person import household_sheet, person_sheet
from tuodi.office.queries.person_history import person_history
from tuodi.office.queries.reach import county_region_id, person_within
from tuodi.office.queries.regions import region_name, regions_to_choose
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import workbook_answer
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

_DIGIT = re.compile(r"[0-9０-９]")
_FILTERS = ("region", "identity", "day", "state", "account")
_ACCOUNTS = {"with": "有账户", "without": "无账户"}


@page(get=Action.SEE_PEOPLE, post=Action.SEE_PEOPLE)
def home(request: OfficeRequest) -> HttpResponse:
    """List people. What may be a number of somebody is only taken from a POST and never written into an address."""
    asked = request.POST if request.method == "POST" else request.GET
    search = _search(asked, request.now.date())
    if request.method == "POST" and not _DIGIT.search(search.text):
        return redirect(f"{reverse('people')}?{_query(asked, search)}")
    if request.method == "GET" and _DIGIT.search(search.text):
        search = replace(search, text="")
    after, before = whole_number(asked.get("after")), whole_number(asked.get("before"))
    found = people.find_people(request.actor, search, after=after, before=before)
    if request.method == "POST" and people.kind_of(search.text) is By.DOCUMENT and len(found.rows) == 1:
        return redirect("person", found.rows[0].person.pk)
    context = {
        **_lists(request),
        "title": "人员",
        "search": search,
        "found": found,
        "query": _query(asked, search),
        "is_narrowed": any((search.region_id, search.identity, search.state, search.account)),
        "is_posted": request.method == "POST",
        "hint": "" if found.rows else people.hint_of(search.text),
        "whole": people.count_people(request.actor, search) if found.is_more and request.GET.get("totals") else None,
        "may_export": request.actor.may(Action.EXPORT_PEOPLE),
    }
    return render(request, "people/list.html", context)


@page(get=Action.SEE_PEOPLE)
def person(request: OfficeRequest, person: int) -> HttpResponse:
    """Show one person."""
    sheet = person_sheet(request.actor, person, request.now.date())
    region = sheet.person.region_id or county_region_id()
    context = {
        "title": sheet.person.psn_name or sheet.person.psn_no,
        "sheet": sheet,
        "person": sheet.person,
        "may_change": request.actor.may(Action.CHANGE_PEOPLE, region) and sheet.person.merged_into_id is None,
        "may_unmerge": request.actor.may(Action.CHANGE_PEOPLE, region) and sheet.person.merged_into_id is not None,
        "may_confirm": request.actor.may(Action.CONFIRM_ACCOUNT, region),
        "may_look": request.actor.may(Action.SEE_FULL_DATA, region),
        "today": request.now.date(),
    }
    return render(request, "people/person.html", context)


@page(get=Action.SEE_PEOPLE)
def history(request: OfficeRequest, person: int) -> HttpResponse:
    """Show what happened to a person's record."""
    lines, who = person_history(request.actor, person), person_within(request.actor, person)
    context = {"title": f"{who.psn_name}的变更记录", "person": who, "lines": lines}
    return render(request, "people/history.html", context)


@page(get=Action.SEE_PEOPLE)
def household(request: OfficeRequest, household: int) -> HttpResponse:
    """Show a household's members."""
    found, members = household_sheet(request.actor, household, request.now.date())
    context = {"title": f"家庭 {found.family_no}", "household": found, "members": members}
    return render(request, "people/household.html", context)


@page(get=Action.EXPORT_PEOPLE, post=Action.EXPORT_PEOPLE)
def export(request: OfficeRequest) -> HttpResponse:
    """Ask what the list is for, then send it."""
    asked = request.POST if request.method == "POST" else request.GET
    search = _search(asked, request.now.date())
    wrong = ""
    if request.method == "POST":
        try:
            found = export_people(
                actor=request.actor,
                search=search,
                full=asked.get("full") == "on",
                reason=asked.get("reason", ""),
                at=request.now,
            )
            return workbook_answer("人员名单", found, day=request.now.date(), about=_narrowed_to(search))
        except Refused as refused:
            wrong = str(refused)
    context = {
        **_lists(request),
        "title": "导出人员名单",
        "search": search,
        "wrong": wrong,
        "rows_most": ROWS_MAX,
        "reason": asked.get("reason", ""),
        "may_see_full": request.actor.may(Action.SEE_FULL_DATA),
    }
    return render(request, "people/export.html", context, status=REFUSED if wrong else 200)


def _narrowed_to(search: Search) -> list[str]:
    """Return what a list is narrowed to, in words: never the text, which may be somebody's name."""
    return [
        region_name(search.region_id),
        search.identity if search.identity in identity_names() else "",
        people.STATE_NAMES[search.state] if search.state else "",
        _ACCOUNTS.get(search.account, ""),
    ]


def _lists(request: OfficeRequest) -> dict[str, Any]:
    return {
        "regions": regions_to_choose(request.actor, Action.SEE_PEOPLE),
        "identities": identity_groups(),
        "states": people.STATE_NAMES.items(),
    }


def _search(asked: QueryDict, today: date) -> Search:
    """Return what is looked for; a value that cannot be one counts as empty."""
    day = parse_day(asked.get("day", ""))
    state = asked.get("state", "")
    account = asked.get("account", "")
    return Search(
        text=asked.get("q", "").strip()[:60],
        region_id=whole_number(asked.get("region")),
        identity=asked.get("identity", "")[:40],
        day=day if isinstance(day, date) else today,
        state=State(state) if state in set(State) else None,
        account=account if account in ("with", "without") else "",
    )


def _query(asked: QueryDict, search: Search) -> str:
    """Return the address's query for the same list: no text that may hold somebody's number."""
    kept = QueryDict(mutable=True)
    if search.text and not _DIGIT.search(search.text):
        kept["q"] = search.text
    for name in _FILTERS:
        # The day only matters where an identity is asked for: without one it would just make the address longer.
        if asked.get(name) and (name != "day" or search.identity):
            kept[name] = asked[name][:60]
    return kept.urlencode()
