"""Settlements: the list, one settlement's receipt, a person's year, the list as a workbook, the receipt in Word."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tuodi import __version__
from tuodi.assessment.receipt import Receipt
from tuodi.assessment.receipt_steps import PAID, Step
from tuodi.kernel.codes import named
from tuodi.office.operations.settlements_export import columns, export_settlements
from tuodi.office.operations.writing import Absent, Refused
from tuodi.office.queries import settlements as queries
from tuodi.office.queries.receipts import ReceiptSheet, receipt_sheet, year_sheet
from tuodi.office.queries.regions import regions_to_choose
from tuodi.office.queries.settlements import STATES, Filters
from tuodi.office.roles import Action
from tuodi.policy.wording import source
from tuodi.report.receipt_docx import receipt_bytes
from tuodi.web.exports import workbook_answer
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.sign_in import REFUSED

_SEE = Action.SEE_SETTLEMENTS
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILTERS = ("year", "month", "state", "region")
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
    try:
        shown = queries.page_of(request.actor, filters, _number(request.GET.get("after")))
        whole = queries.totals_of(queries.listed(request.actor, filters)) if request.GET.get("totals") else None
    except Absent:
        raise Http404 from None
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
            rows = export_settlements(
                actor=request.actor, filters=filters, reason=asked.get("reason", ""), at=request.now
            )
            return workbook_answer("结算清单", columns(), rows)
        except Refused as refused:
            wrong = str(refused)
        except Absent:
            raise Http404 from None
    context = {
        **_choices(request),
        "title": "导出结算清单",
        "filters": filters,
        "wrong": wrong,
        "reason": asked.get("reason", ""),
    }
    return render(request, "settlements/export.html", context, status=REFUSED if wrong else 200)


class StepGroup(NamedTuple):
    """The steps of one component under its heading."""

    heading: str
    steps: Sequence[Step]


@page(get=_SEE)
def receipt(request: OfficeRequest, pk: int) -> HttpResponse:
    """Explain one settlement."""
    try:
        sheet = receipt_sheet(request.actor, pk)
    except Absent:
        raise Http404 from None
    except Refused as refused:
        return _refused(request, "待遇计算单", refused)
    settlement = sheet.settlement
    context = {
        "title": "待遇计算单",
        "sheet": sheet,
        "settlement": settlement,
        "receipt": sheet.receipt,
        "groups": list(_groups(sheet.receipt)) if sheet.receipt else (),
        "paid_step": PAID,
        "med_type": named("med_type", settlement.med_type),
        "insutype": named("insutype", settlement.insutype),
        "sources": [source(each) for each in sheet.receipt.sources] if sheet.receipt else (),
        "may_set_aside": _may_set_aside(request, sheet),
    }
    return render(request, "settlements/receipt.html", context)


def _groups(found: Receipt) -> Iterator[StepGroup]:
    heading = "医疗费用和各方支付"
    for code, steps in groupby(found.steps, key=lambda step: step.component):
        yield StepGroup(f"{found.component_name(code)}（按{found.identity}）" if code else heading, list(steps))
        heading = "个人承担"


def _may_set_aside(request: OfficeRequest, sheet: ReceiptSheet) -> bool:
    person = sheet.settlement.person
    return request.actor.may(Action.CHANGE_PEOPLE, person.region_id if person else None)


@page(get=_SEE)
def receipt_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the receipt as a page of Word."""
    try:
        sheet = receipt_sheet(request.actor, pk)
    except Absent:
        raise Http404 from None
    except Refused as refused:
        return _refused(request, "待遇计算单", refused)
    if sheet.receipt is None:
        return _refused(request, "待遇计算单", Refused("这笔结算暂不计算，还没有计算单；原因见结算页面。"))
    answer = HttpResponse(receipt_bytes(sheet.receipt, __version__), content_type=_DOCX)
    answer["Content-Disposition"] = f"attachment; filename=receipt-{pk}.docx"
    return answer


@page(get=_SEE)
def person_year(request: OfficeRequest, person: int, year: int) -> HttpResponse:
    """Show a person's settlements of a year with running accumulators."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Http404
    try:
        sheet = year_sheet(request.actor, person, year)
    except Absent:
        raise Http404 from None
    except Refused as refused:
        return _refused(request, "年度待遇", refused)
    title = f"{sheet.person.psn_name or sheet.person.psn_no} {year} 年待遇"
    return render(request, "settlements/year.html", {"title": title, "sheet": sheet})


def _refused(request: OfficeRequest, title: str, refused: Refused) -> HttpResponse:
    return render(request, "settlements/refused.html", {"title": title, "wrong": str(refused)}, status=REFUSED)


def _choices(request: OfficeRequest) -> dict[str, Any]:
    return {
        "regions": regions_to_choose(request.actor, _SEE),
        "years": queries.years_known(),
        "months": range(1, 13),
        "states": STATES.items(),
    }


def _filters(asked: QueryDict) -> Filters:
    """Return what is looked for; a value that cannot be one counts as empty."""
    year, month, state = _number(asked.get("year")), _number(asked.get("month")), asked.get("state", "")
    return Filters(
        year=year if year and _FIRST_YEAR <= year <= _LAST_YEAR else None,
        month=month if month and 1 <= month <= 12 else None,
        state=state if state in STATES else "",
        region_id=_number(asked.get("region")),
    )


def _kept(asked: QueryDict) -> str:
    """Return the address's query for the same list from its beginning."""
    kept = QueryDict(mutable=True)
    for name in _FILTERS:
        if asked.get(name):
            kept[name] = asked[name][:20]
    return kept.urlencode()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
