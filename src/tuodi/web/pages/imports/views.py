"""Batches of imports: the list, one batch with its preview, and how far its job is."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.imports.full_lists import full_list_warnings
from tuodi.office.imports.kinds import COUNT_NAMES
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch
from tuodi.office.operations.import_changes import LISTED
from tuodi.office.operations.import_checks import totals_problems
from tuodi.office.operations.imports import DUE_CHANGES
from tuodi.office.queries import imports as queries
from tuodi.office.queries.uploaders import why_not_confirmed_by
from tuodi.office.roles import Action, who_may
from tuodi.web.form_values import whole_number
from tuodi.web.page import OfficeRequest, page

ON_A_PAGE = 30
FINDINGS_ON_A_PAGE = 50
COUNTS_SHOWN = 3
"""Rows read, accepted and refused are shown also where they are nought."""
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
STATE_LOOKS = {"applied": "good", "previewed": "wait", "uploaded": "wait", "confirmed": "wait", "refused": "bad"}


@page(get=Action.SEE_IMPORTS)
def home(request: OfficeRequest) -> HttpResponse:
    """List the batches."""
    asked = request.GET
    found = queries.batches(
        request.actor,
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        sender_id=whole_number(asked.get("sender")),
    )
    shown = Paginator(found, ON_A_PAGE).get_page(asked.get("page"))
    kept = asked.copy()
    kept.pop("page", None)
    context = {
        "title": "导入",
        "rows": [_row(batch) for batch in shown],
        "shown": shown,
        "kept": kept.urlencode(),
        "filters": asked,
        "kinds": [(kind.id, kind.title) for kind in KINDS.values()],
        "states": ImportBatch.State.choices,
        "senders": queries.senders(request.actor, action=Action.SEE_IMPORTS),
        "may_upload": request.actor.may(Action.UPLOAD_IMPORT),
    }
    return render(request, "imports/home.html", context)


def _row(batch: ImportBatch) -> dict[str, Any]:
    return {
        "batch": batch,
        "kind": KINDS[batch.kind].title,
        "look": STATE_LOOKS.get(batch.state, "off"),
        "counts": [batch.counts.get(name) for name in COUNT_NAMES],
    }


@page(get=Action.SEE_IMPORTS)
def one(request: OfficeRequest, batch: int) -> HttpResponse:
    """Show one batch: what it would change, what is wrong with it, and what may be done."""
    return batch_page(request, batch)


def batch_page(request: OfficeRequest, batch_id: int, wrong: str = "", status: int = 200) -> HttpResponse:
    """Show one batch, with what was refused just now."""
    batch = queries.batch_within(request.actor, batch_id)
    job = queries.job_of(batch)
    tab = request.GET.get("tab", "")
    tab = tab if tab in COUNT_NAMES else _first_tab(batch)
    told = batch.counts.get("findings", {})
    severity = request.GET.get("severity", "")
    if severity not in ("all", *SEVERITIES):
        # Errors first: they are what somebody has to mend.
        severity = "error" if told.get("error") else "all"
    findings = [
        {**each, "label": SEVERITIES[each["severity"]]}
        for each in batch.findings
        if severity in ("all", each["severity"])
    ]
    context = {
        "title": f"第 {batch.pk} 批 {KINDS[batch.kind].title}",
        "batch": batch,
        "kind": KINDS[batch.kind],
        "look": STATE_LOOKS.get(batch.state, "off"),
        "job": job,
        "running": queries.is_running(job),
        "may": queries.choices(request.actor, batch, request.now),
        "confirm_roles": who_may(Action.CONFIRM_IMPORT),
        "why_not": why_not_confirmed_by(request.actor, batch),
        "tabs": [(name, label, batch.counts.get(name)) for name, label in COUNT_NAMES.items()],
        "tab": tab,
        "tab_name": COUNT_NAMES[tab],
        "samples": batch.samples.get(tab, []),
        "tab_count": batch.counts.get(tab, 0),
        "totals": [line for at, line in enumerate(batch.totals) if at < COUNTS_SHOWN or line[1] != "0"],
        "rows_in_file": batch.counts.get("rows"),
        "amount_fen": batch.counts.get("amount_fen"),
        "is_typed": batch.typed_rows is not None or batch.typed_fen is not None,
        "problems": totals_problems(batch),
        "warnings": full_list_warnings(batch) if batch.state == batch.State.PREVIEWED else [],
        "due_changes": batch.counts.get(DUE_CHANGES) if batch.state == batch.State.APPLIED else None,
        "may_export": request.actor.may(Action.EXPORT_PEOPLE, batch.region_id) and any(map(batch.counts.get, LISTED)),
        "reason": request.POST.get("reason", ""),
        "severities": [("all", "全部", sum(told.values())), *_severities(told)],
        "has_row_findings": any(each["row"] and each["severity"] != "info" for each in batch.findings),
        "severity": severity,
        "kept": urlencode({"tab": tab, "severity": severity}),
        "findings_told": sum(told.values()),
        "findings": Paginator(findings, FINDINGS_ON_A_PAGE).get_page(request.GET.get("page")),
        "may_see_in_full": request.actor.may(Action.SEE_FULL_DATA, batch.region_id),
        "wrong": wrong,
    }
    return render(request, "imports/one.html", context, status=status)


def _severities(told: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(name, label, told[name]) for name, label in SEVERITIES.items() if told.get(name)]


def _first_tab(batch: ImportBatch) -> str:
    """Return the tab that is open at first: the first that has something to show."""
    return next((name for name in COUNT_NAMES if batch.samples.get(name)), next(iter(COUNT_NAMES)))


@page(get=Action.SEE_IMPORTS)
def progress(request: OfficeRequest, batch: int) -> HttpResponse:
    """Show how far the batch's job is; once it has ended the page around it is loaded again."""
    found = queries.batch_within(request.actor, batch)
    job = queries.job_of(found)
    running = queries.is_running(job)
    context = {"batch": found, "job": job, "running": running}
    answer = render(request, "imports/progress.html", context)
    if not running and request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer
