"""Deciding: one case, or many clean ones at once after their sum was shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.models.cases import STEPS, Step
from tuodi.office.operations import decisions
from tuodi.office.queries import cases as queries
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.form_values import number_of, whole_number
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.cases.views import case_page, queue_page

_BATCH_MAX = 200


@page(post=Action.SEE_CASES)
def decide(request: OfficeRequest, pk: int) -> HttpResponse:
    """Decide one step; the operation knows who may."""
    given = request.POST
    try:
        outcome = given.get("outcome", "")
        if outcome not in decisions.OUTCOMES:
            raise Refused("请选择办理结果：通过、退回或不成立。")
        decisions.decide(
            actor=request.actor,
            case_id=pk,
            step=number_of(given, "step", "步骤"),
            outcome=outcome,
            reason=given.get("reason", ""),
            clause=given.get("clause", ""),
            remedy=given.get("remedy", ""),
            seen_digest=given.get("seen", ""),
            at=request.now,
        )
    except Refused as refused:
        return case_page(request, pk, str(refused))
    messages.success(request, f"疑点 {pk}：已办理，{decisions.OUTCOMES[outcome]}。")
    return redirect("case", pk=pk)


@page(post=Action.SEE_CASES)
def batch(request: OfficeRequest) -> HttpResponse:
    """Show the cases chosen in the queue with their sum; once confirmed, pass their step, each checked by itself."""
    given = request.POST
    try:
        step = number_of(given, "step", "步骤")
        chosen = {pk: whole_number(pk) for pk in given.getlist("case")}
        seen = {case: given.get(f"seen-{pk}", "") for pk, case in chosen.items() if case is not None}
        if not seen:
            raise Refused("没有选中疑点。请先在左边勾选要一起通过的疑点。")
        if len(seen) > _BATCH_MAX:
            raise Refused(f"一次最多办理 {_BATCH_MAX} 件，现在选中了 {len(seen)} 件；请分次办理。")
        if step not in STEPS:
            raise Refused("没有这个步骤，请从待办页面重新选择。")
        if given.get("confirmed"):
            return _done(
                request, step, decisions.decide_many(actor=request.actor, step=step, seen=seen, at=request.now)
            )
    except Refused as refused:
        return queue_page(request, str(refused))
    return _confirm(request, step, seen)


def _confirm(request: OfficeRequest, step: int, seen: dict[int, str]) -> HttpResponse:
    found = queries.visible(request.actor).filter(pk__in=seen)
    rows = [
        {"case": case, "gap": queries.gap_of(case), "seen": seen[case.pk]}
        for case in queries.with_shown(found).order_by("pk")
    ]
    label = Step(step).label
    context = {
        "title": f"成批{label}",
        "rows": rows,
        "totals": queries.totals(found),
        "step": step,
        "label": label,
        "missing": len(seen) - len(rows),
    }
    return render(request, "cases/batch.html", context)


def _done(request: OfficeRequest, step: int, result: decisions.BatchResult) -> HttpResponse:
    mine = queries.visible(request.actor)
    refused = {case.pk: case for case in mine.filter(pk__in=result.not_done).select_related("person")}
    context = {
        "title": f"成批{Step(step).label}：结果",
        "label": Step(step).label,
        "totals": queries.totals(mine.filter(pk__in=result.done)),
        "not_done": [(pk, refused.get(pk), why) for pk, why in result.not_done.items()],
    }
    return render(request, "cases/batch_done.html", context)
