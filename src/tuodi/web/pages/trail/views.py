"""The trail: the list with its filters, one entry, the export."""

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.office.operations.trail import export_trail
from tuodi.office.queries import trail as queries
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.office.trail_words import AREAS, EVENTS, SUBJECTS
from tuodi.web.exports import workbook_answer
from tuodi.web.form_values import day_of, whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

_KEPT = ("actor", "action", "table", "record", "since", "until")


def _asked(given: QueryDict) -> queries.Asked:
    """Return the filters as asked. Raises Refused."""
    table, record = given.get("table", ""), given.get("record", "").strip()
    return queries.Asked(
        actor=given.get("actor", "").strip(),
        action=given.get("action", ""),
        subject=f"{table} {record}" if table and record else "",
        since=day_of(given, "since", "开始日期", is_required=False),
        until=day_of(given, "until", "结束日期", is_required=False),
        before=whole_number(given.get("before")),
    )


@page(get=Action.SEE_TRAIL)
def home(request: OfficeRequest) -> HttpResponse:
    """List the trail, the newest first."""
    return _list(request, request.GET)


def _list(request: OfficeRequest, given: QueryDict, wrong: str = "") -> HttpResponse:
    kept = {name: given[name] for name in _KEPT if given.get(name)}
    asked, status = queries.Asked(), REFUSED if wrong else 200
    try:
        asked = _asked(given)
    except Refused as refused:
        wrong = str(refused)
    rows, older = queries.page_of(request.actor, asked)
    context = {
        "title": "操作留痕",
        "tab": "list",
        "rows": rows,
        "older": urlencode({**kept, "before": older}) if older else "",
        "newest": urlencode(kept) if asked.before else None,
        "asked": kept,
        "kept_fields": kept.items(),
        "wrong": wrong,
        "users": queries.users_named(),
        "areas": AREAS.items(),
        "events": sorted(EVENTS.items()),
        "tables": SUBJECTS.items(),
    }
    return render(request, "trail/home.html", context, status=status)


@page(get=Action.SEE_TRAIL)
def one(request: OfficeRequest, number: int) -> HttpResponse:
    """Show one entry with its details and its place in the chain."""
    shown = queries.one(request.actor, number)
    context = {"title": f"留痕第 {number} 条", "tab": "list", "shown": shown, "entry": shown.entry}
    return render(request, "trail/one.html", context)


@page(post=Action.SEE_TRAIL)
def export(request: OfficeRequest) -> HttpResponse:
    """Send the entries of the filters as a workbook."""
    try:
        found = export_trail(actor=request.actor, at=request.now, asked=_asked(request.POST))
    except Refused as refused:
        return _list(request, request.POST, str(refused))
    return workbook_answer("操作留痕", found, day=request.now.date())
