"""Cases: my queue, all of them, one of them, and whether every step has somebody to do it."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.kernel.money import parse_yuan, yuan
from tuodi.office.case_deadlines import look_ahead, step_deadlines
from tuodi.office.models import Case
from tuodi.office.models.cases import STEPS, Step
from tuodi.office.numbers import masked_certno
from tuodi.office.operations.case_lists import export_cases
from tuodi.office.operations.decisions import ON_HOLD, OUTCOMES
from tuodi.office.queries import cases as queries
from tuodi.office.queries.duties import eligible, region_of, steps_without_person, why_not
from tuodi.office.queries.regions import region_name, regions_to_choose
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import workbook_answer
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

ROWS_ON_A_PAGE = 50
_FILTERS = ("kind", "state", "step", "region", "amount", "overdue")


@page(get=Action.SEE_CASES)
def home(request: OfficeRequest) -> HttpResponse:
    """Show what waits for me, one step at a time."""
    return queue_page(request)


def queue_page(request: OfficeRequest, wrong: str = "", step: int | None = None) -> HttpResponse:
    """Show the queue, with what was refused just now."""
    counts = queries.queue_counts(request.actor, request.now.date())
    steps = [row.step for row in counts]
    asked = step or whole_number(request.GET.get("step", ""))
    waiting = [row.step for row in counts if row.count]
    chosen = Step(asked) if asked in steps else next(iter([*waiting, *steps]), None)
    found = queries.queue(request.actor).filter(next_step=chosen) if chosen else Case.objects.none()
    context = {
        "title": "疑点办理",
        "counts": counts,
        "step": chosen,
        "wrong": wrong,
        "today": request.now.date(),
        **_rows(request, found),
    }
    return render(request, "cases/home.html", context, status=REFUSED if wrong else 200)


@page(get=Action.SEE_CASES)
def all_cases(request: OfficeRequest) -> HttpResponse:
    """List the cases by filters."""
    return _list(request, request.GET)


@page(post=Action.SEE_CASES)
def export(request: OfficeRequest) -> HttpResponse:
    """Send the list as a workbook."""
    filters, _ = _filters(request.POST)
    try:
        reason = request.POST.get("reason", "")
        found = export_cases(actor=request.actor, filters=filters, reason=reason, at=request.now)
    except Refused as refused:
        return _list(request, request.POST, str(refused))
    about = (region_name(filters.region), *_labels(filters))
    return workbook_answer("疑点清单", found, day=request.now.date(), about=about)


def _labels(filters: queries.Filters) -> list[str]:
    """Return what a list is narrowed to, in words."""
    return [
        Case.Kind(filters.kind).label if filters.kind else "",
        Case.State(filters.state).label if filters.state else "",
        f"待{Step(filters.step).label}" if filters.step in STEPS else "",
        f"差额不少于{yuan(filters.amount_fen)}元" if filters.amount_fen else "",
        "已逾期" if filters.overdue else "",
    ]


@page(get=Action.SEE_CASES)
def duties(request: OfficeRequest) -> HttpResponse:
    """Show the steps nobody is left for, today and some days ahead."""
    context = {
        "title": "岗位检查",
        "gaps": steps_without_person(request.actor),
        "look_ahead": look_ahead(),
        "deadlines": [(Step(step).label, deadline) for step, deadline in step_deadlines().items()],
    }
    return render(request, "cases/duties.html", context)


@page(get=Action.SEE_CASES)
def one(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one case."""
    return case_page(request, pk)


def case_page(request: OfficeRequest, pk: int, wrong: str = "") -> HttpResponse:
    """Show one case with its steps and the form for the next; ``wrong`` is what was refused just now."""
    case = queries.find(request.actor, pk)
    if case is None:
        raise Http404
    is_open = case.state == Case.State.OPEN
    why = why_not(request.actor, case, case.next_step) if is_open else ""
    if is_open and queries.is_on_hold(case):
        why = ON_HOLD
    day = request.now.date()
    decisions = case.decisions.select_related("decided_by", "on_behalf_of").order_by("pk")
    context = {
        "title": f"疑点 {case.pk}",
        "case": case,
        "certno": masked_certno(case.person) if case.person else "",
        "region": region_of(case),
        "gap": queries.gap_of(case),
        "decisions": [(decision, OUTCOMES[decision.outcome]) for decision in decisions],
        "others": _others(request, case) if is_open and not why else [],
        "is_mine": is_open and not why,
        "why_not": why,
        "seen": queries.seen_token(case),
        "is_first": case.next_step == STEPS[0],
        "today": day,
        "asked": request.POST,
        "wrong": wrong,
    }
    return render(request, "cases/one.html", context, status=REFUSED if wrong else 200)


def _others(request: OfficeRequest, case: Case) -> list[str]:
    doers = eligible(case, case.next_step, request.now.date())
    return [doer.spoken for doer in doers if doer.user != request.actor.user]


def _list(request: OfficeRequest, given: QueryDict, wrong: str = "") -> HttpResponse:
    filters, told = _filters(given)
    found = queries.listed(request.actor, filters)
    rows = _rows(request, found)
    kept = {name: given[name] for name in _FILTERS if given.get(name)}
    context = {
        "title": "全部疑点",
        "kinds": Case.Kind.choices,
        "states": Case.State.choices,
        "steps": Step.choices,
        "regions": regions_to_choose(request.actor, Action.SEE_CASES),
        "filters": filters,
        "amount": given.get("amount", ""),
        "kept": urlencode(kept),
        "kept_fields": kept.items(),
        "reason": given.get("reason", ""),
        "wrong": wrong or told,
        "today": request.now.date(),
        **rows,
    }
    return render(request, "cases/all.html", context, status=REFUSED if wrong else 200)


def _filters(given: QueryDict) -> tuple[queries.Filters, str]:
    """Return the filters asked for, and a sentence about one that cannot be read."""
    amount, told = None, ""
    if typed := given.get("amount", "").strip():
        read = parse_yuan(typed)
        if isinstance(read, int):
            amount = read
        else:
            told = "“差额不少于”请填写金额（元），例如 100 或 100.50；这一项没有用来筛选。"
    kind, state = given.get("kind", ""), given.get("state", "")
    filters = queries.Filters(
        kind=kind if kind in Case.Kind.values else "",
        state=state if state in Case.State.values else "",
        step=whole_number(given.get("step", "")),
        region=whole_number(given.get("region", "")),
        amount_fen=amount,
        overdue=given.get("overdue") == "1",
    )
    return filters, told


def _rows(request: OfficeRequest, found: QuerySet[Case]) -> dict[str, Any]:
    """Return one page of a list, each row with what a decision rests on, and the sums of the whole list."""
    sums = queries.totals(found)
    paginator = Paginator(found.values_list("pk", flat=True), ROWS_ON_A_PAGE)
    paginator.count = sums.count
    shown = paginator.get_page(request.GET.get("page"))
    rows = [
        {
            "case": case,
            "gap": queries.gap_of(case),
            "seen": queries.seen_token(case),
            "certno": masked_certno(case.person) if case.person else "",
            "late": case.due_on is not None and case.state == Case.State.OPEN and case.due_on < request.now.date(),
        }
        for case in queries.shown(shown.object_list)
    ]
    return {"rows": rows, "shown": shown, "totals": sums}
