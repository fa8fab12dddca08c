"""The monthly comparison: counts, lists, the batch list for the platform, screening of who is not marked."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tuodi.office.operations.comparison_exports import export_difference
from tuodi.office.operations.platform_list import export_platform_list
from tuodi.office.operations.unmarked import screen_unmarked
from tuodi.office.queries.comparison import DIFFERENCE_NAMES, Difference, lists_on
from tuodi.office.queries.comparison_lines import lines
from tuodi.office.queries.comparison_members import standing
from tuodi.office.queries.platform_changes import unclear_on
from tuodi.office.queries.platform_exports import earlier_exports
from tuodi.office.queries.regions import region_name, regions_to_choose
from tuodi.office.queries.unmarked import unmarked_count
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import workbook_answer
from tuodi.web.page import REFUSED, OfficeRequest, page
from tuodi.web.pages.comparison.asked import Asked, asked, difference_of, page_of


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of difference on the first page; ``count`` as written, None where a list it needs has not come."""

    difference: Difference
    name: str
    count: str | None


@page(get=Action.SEE_COMPARISON)
def home(request: OfficeRequest) -> HttpResponse:
    """Show how many differ in which way."""
    return _home(request, asked(request.GET, request.now.date()))


def _home(request: OfficeRequest, chosen: Asked, wrong: str = "") -> HttpResponse:
    actor = request.actor
    found = standing(actor, chosen.day, chosen.region_id, wait=bool(wrong))
    if found is None:
        return _looking(request, "月度比对", chosen)
    counts = found.counts
    unmarked = unmarked_count(actor, chosen.first, chosen.day, chosen.region_id)
    lists = lists_on(chosen.day)
    context = {
        "title": "月度比对",
        "asked": chosen,
        "regions": regions_to_choose(actor, Action.SEE_COMPARISON),
        "lists": lists,
        "behind": lists.behind(chosen.first),
        "before": found.before,
        "tiles": [
            Tile(kind, DIFFERENCE_NAMES[kind], None if (count := counts[kind]) is None else f"{count:,}")
            for kind in Difference
        ],
        "unmarked": f"{unmarked:,}",
        "unclear": unclear_on(chosen.day),
        "exports": earlier_exports(chosen.day),
        "may_export": actor.may(Action.EXPORT_PEOPLE),
        "may_see_in_full": actor.may(Action.SEE_FULL_DATA),
        "may_screen": actor.may(Action.CHECK_CASE),
        "wrong": wrong,
        "given": request.POST,
    }
    return render(request, "comparison/home.html", context, status=REFUSED if wrong else 200)


def _looking(request: OfficeRequest, title: str, chosen: Asked, **more: str) -> HttpResponse:
    """Show that the lists are being found; the page asks again by itself until they are."""
    address = reverse("comparison-list" if more else "comparison")
    context = {"title": title, "day": chosen.day, "address": f"{address}?{chosen.query(**more)}"}
    return render(request, "comparison/looking.html", context)


@page(get=Action.SEE_COMPARISON)
def difference(request: OfficeRequest) -> HttpResponse:
    """Show one list."""
    return _difference(request, asked(request.GET, request.now.date()), difference_of(request.GET))


def _difference(request: OfficeRequest, chosen: Asked, kind: Difference, wrong: str = "") -> HttpResponse:
    actor = request.actor
    found = standing(actor, chosen.day, chosen.region_id, wait=bool(wrong))
    if found is None:
        return _looking(request, DIFFERENCE_NAMES[kind], chosen, list=kind.value)
    people = found.lists[kind]
    shown = page_of(people or (), request.GET)
    context: dict[str, Any] = {
        "title": DIFFERENCE_NAMES[kind],
        "asked": chosen,
        "kind": kind.value,
        "kinds": DIFFERENCE_NAMES.items(),
        "regions": regions_to_choose(actor, Action.SEE_COMPARISON),
        "is_known": people is not None,
        "before": found.before,
        "shown": shown,
        "kept": chosen.query(list=kind.value),
        "lines": list(lines(shown, chosen.day, kind)),
        "may_export": actor.may(Action.EXPORT_PEOPLE),
        "wrong": wrong,
    }
    return render(request, "comparison/difference.html", context, status=REFUSED if wrong else 200)


@page(post=Action.SEE_COMPARISON)
def export(request: OfficeRequest) -> HttpResponse:
    """Send one list as a workbook."""
    chosen, kind = asked(request.POST, request.now.date()), difference_of(request.POST)
    try:
        found = export_difference(
            actor=request.actor,
            at=request.now,
            day=chosen.day,
            difference=kind,
            reason=request.POST.get("reason", ""),
            region_id=chosen.region_id,
        )
    except Refused as refused:
        return _difference(request, chosen, kind, str(refused))
    return workbook_answer(DIFFERENCE_NAMES[kind], found, day=chosen.day, about=[region_name(chosen.region_id)])


@page(post=Action.SEE_COMPARISON)
def platform_list(request: OfficeRequest) -> HttpResponse:
    """Send the batch list of changes for the platform as a workbook."""
    chosen = asked(request.POST, request.now.date())
    try:
        found = export_platform_list(
            actor=request.actor,
            at=request.now,
            day=chosen.day,
            reason=request.POST.get("reason", ""),
            region_id=chosen.region_id,
            in_full=request.POST.get("in_full") == "1",
        )
    except Refused as refused:
        return _home(request, chosen, str(refused))
    return workbook_answer("平台标识变更名单", found, day=chosen.day, about=[region_name(chosen.region_id)])


@page(post=Action.CHECK_CASE)
def screen(request: OfficeRequest) -> HttpResponse:
    """Send the month's settlements of unmarked persons to screening."""
    chosen = asked(request.POST, request.now.date())
    try:
        counts = screen_unmarked(
            actor=request.actor, at=request.now, first=chosen.first, last=chosen.day, region_id=chosen.region_id
        )
    except Refused as refused:
        return _home(request, chosen, str(refused))
    changed = counts.changed + counts.sent_back
    messages.success(request, f"已转入疑点：新增 {counts.opened} 件，更新 {changed} 件，已消除 {counts.gone} 件。")
    return redirect(f"{reverse('comparison')}?{chosen.query()}")
