"""Settlements: the list, one settlement's receipt, a person's year, the list as a workbook, the receipt in Word."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tuodi import __version__
from tuodi.assessment.receipt_steps import PAID
from tuodi.kernel.codes import named
from tuodi.kernel.idnumber import birth_date
from tuodi.office.models import Settlement
from tuodi.office.operations.exporting import ROWS_MAX
from tuodi.office.operations.settlements_export import export_settlements
from tuodi.office.queries import settlements as queries
from tuodi.office.queries.contradictions import history_of, seen_contradictions
from tuodi.office.queries.receipts import ReceiptSheet, receipt_sheet, year_sheet
from tuodi.office.queries.regions import region_name, regions_to_choose
from tuodi.office.queries.settlements import STATES, Filters, HeldBack
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.policy.wording import source
from tuodi.report.receipt_docx import receipt_bytes
from tuodi.web.exports import file_answer, workbook_answer
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

_SEE = Action.SEE_SETTLEMENTS
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILTERS = ("year", "month", "state", "region")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\\/:*?"<>|\s]')
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@page(get=_SEE, post=_SEE)
def home(request: OfficeRequest) -> HttpResponse:
    """List settlements; a number typed in leads to its receipt and never stands in an address."""
    if request.method == "POST":
        found = queries.find_settlement(request.actor, request.POST.get("setl_id", "").replace("\0", "").strip()[:60])
        if found is not None:
            return redirect("settlement", found.pk)
        messages.warning(request, "没有找到这个结算编号；请核对编号，或确认该月的结算已经导入。")
        return redirect("settlements")
    filters = _filters(request.GET)
    shown = queries.page_of(request.actor, filters, whole_number(request.GET.get("after")))
    whole = queries.totals_of(queries.listed(request.actor, filters)) if request.GET.get("totals") else None
    context = {
        **_choices(request),
        "title": "结算",
        "filters": filters,
        "shown": shown,
        "whole": whole,
        "kept": _kept(request.GET),
        "withheld": queries.withheld_rows(request.actor).count(),
        "may_export": request.actor.may(Action.EXPORT_PEOPLE),
    }
    return render(request, "settlements/home.html", context)


@page(get=Action.EXPORT_PEOPLE, post=Action.EXPORT_PEOPLE)
def export(request: OfficeRequest) -> HttpResponse:
    """Ask what the list is for, then send it."""
    asked = request.POST if request.method == "POST" else request.GET
    filters = _filters(asked)
    wrong = ""
    if request.method == "POST":
        try:
            found = export_settlements(
                actor=request.actor, filters=filters, reason=asked.get("reason", ""), at=request.now
            )
            about, day = _narrowed_to(filters), request.now.date()
            return workbook_answer("结算清单", found, day=day, about=about)
        except Refused as refused:
            wrong = str(refused)
    context = {
        **_choices(request),
        "title": "导出结算清单",
        "filters": filters,
        "wrong": wrong,
        "rows_most": ROWS_MAX,
        "reason": asked.get("reason", ""),
    }
    return render(request, "settlements/export.html", context, status=REFUSED if wrong else 200)


@page(get=_SEE)
def receipt(request: OfficeRequest, pk: int) -> HttpResponse:
    """Explain one settlement."""
    try:
        sheet = receipt_sheet(request.actor, pk)
    except Refused as refused:
        return _refused(request, "待遇计算单", refused)
    settlement = sheet.settlement
    context = {
        "title": "待遇计算单",
        "sheet": sheet,
        "settlement": settlement,
        "receipt": sheet.receipt,
        "groups": sheet.receipt.groups if sheet.receipt else (),
        "paid_step": PAID,
        "med_type": named("med_type", settlement.med_type),
        "insutype": named("insutype", settlement.insutype),
        "sources": [source(each) for each in sheet.receipt.sources] if sheet.receipt else (),
        "may_set_aside": _may_set_aside(request, sheet),
        "may_open": _may_open(request, sheet.held_back),
        "history": history_of(request.actor, settlement.setl_id),
    }
    return render(request, "settlements/receipt.html", context)


def _may_open(request: OfficeRequest, held_back: Sequence[HeldBack]) -> set[int]:
    """Return the contradictions whose page this user may open."""
    rows = [each.row.contradiction for each in held_back if each.row.contradiction is not None]
    return set(seen_contradictions(request.actor, rows))


def _may_set_aside(request: OfficeRequest, sheet: ReceiptSheet) -> bool:
    person = sheet.settlement.person
    return request.actor.may(Action.CHANGE_PEOPLE, person.region_id if person else None)


@page(get=_SEE)
def receipt_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the receipt as a page of Word."""
    try:
        sheet = receipt_sheet(request.actor, pk)
    except Refused as refused:
        return _refused(request, "待遇计算单", refused)
    if sheet.receipt is None:
        return _refused(request, "待遇计算单", Refused("这笔结算暂不计算，还没有计算单；原因见结算页面。"))
    content = receipt_bytes(sheet.receipt, __version__, sheet.region)
    return file_answer(f"计算单-{_number_in_name(sheet.settlement)}.docx", content, _DOCX)


def _number_in_name(settlement: Settlement) -> str:
    """Return the settlement's number as part of a file's name; one that could be a person's is not written there."""
    setl_id = settlement.setl_id
    return str(settlement.pk) if isinstance(birth_date(setl_id), date) else _NOT_IN_NAMES.sub("_", setl_id)


@page(get=_SEE)
def person_year(request: OfficeRequest, person: int, year: int) -> HttpResponse:
    """Show a person's settlements of a year with running accumulators."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Http404
    try:
        sheet = year_sheet(request.actor, person, year)
    except Refused as refused:
        return _refused(request, "年度待遇", refused)
    title = f"{sheet.person.psn_name or sheet.person.psn_no} {year} 年待遇"
    context = {"title": title, "sheet": sheet, "may_open": _may_open(request, sheet.held_back)}
    return render(request, "settlements/year.html", context)


def _refused(request: OfficeRequest, title: str, refused: Refused) -> HttpResponse:
    return render(request, "settlements/refused.html", {"title": title, "wrong": str(refused)}, status=REFUSED)


def _narrowed_to(filters: Filters) -> list[str]:
    """Return what a list is narrowed to, in words."""
    period = f"{filters.year}年" if filters.year else ""
    if filters.year and filters.month:
        period += f"{filters.month}月"
    return [region_name(filters.region_id), period, STATES[filters.state] if filters.state else ""]


def _choices(request: OfficeRequest) -> dict[str, Any]:
    return {
        "regions": regions_to_choose(request.actor, _SEE),
        "years": queries.years_known(),
        "months": range(1, 13),
        "states": STATES.items(),
    }


def _filters(asked: QueryDict) -> Filters:
    """Return what is looked for; a value that cannot be one counts as empty."""
    year, month, state = whole_number(asked.get("year")), whole_number(asked.get("month")), asked.get("state", "")
    return Filters(
        year=year if year and _FIRST_YEAR <= year <= _LAST_YEAR else None,
        month=month if month and 1 <= month <= 12 else None,
        state=state if state in STATES else "",
        region_id=whole_number(asked.get("region")),
    )


def _kept(asked: QueryDict) -> str:
    """Return the address's query for the same list from its beginning."""
    kept = QueryDict(mutable=True)
    for name in _FILTERS:
        if asked.get(name):
            kept[name] = asked[name][:20]
    return kept.urlencode()
