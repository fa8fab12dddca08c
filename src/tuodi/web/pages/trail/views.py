"""The trail: the list with its filters, one entry, the export."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.office.operations.trail import tell_exported
from tuodi.office.queries import trail as queries
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.office.trail_words import AREAS, EVENTS, SUBJECTS
from tuodi.report.tables import Column
from tuodi.web.exports import workbook_answer
from tuodi.web.form_values import day_of, whole_number
from tuodi.web.page import OfficeRequest, page

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
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    wrong, asked = "", queries.Asked()
    try:
        asked = _asked(request.GET)
    except Refused as refused:
        wrong = str(refused)
    rows, older = queries.page_of(request.actor, asked)
    context = {
        "title": "操作留痕",
        "tab": "list",
        "rows": rows,
        "older": urlencode({**kept, "before": older}) if older else "",
        "newest": urlencode(kept) if asked.before else None,
        "kept_fields": kept.items(),
        "wrong": wrong,
        "users": queries.users_named(),
        "areas": AREAS.items(),
        "events": sorted(EVENTS.items()),
        "tables": SUBJECTS.items(),
    }
    return render(request, "trail/home.html", context)


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
        asked = _asked(request.POST)
    except Refused:
        raise Http404 from None
    names = ("序号", "时间", "用户名", "姓名", "代谁办理", "事项", "对象", "地区", "详情", "上一条校验值", "校验值")
    rows = [
        (
            str(each.entry.number),
            each.entry.at.isoformat(sep=" ", timespec="seconds"),
            each.entry.actor,
            each.who,
            each.behalf,
            each.what,
            each.about,
            each.where,
            each.entry.detail,
            each.entry.previous,
            each.entry.hash,
        )
        for each in queries.export(request.actor, asked)
    ]
    tell_exported(actor=request.actor, at=request.now, rows=len(rows))
    return workbook_answer("操作留痕", [Column(name) for name in names], rows, day=request.now.date())
