"""The trail's proof: verification as a job, and anchors to sign and keep."""

from dataclasses import replace
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from tuodi.office import anchors, jobs
from tuodi.office.anchors import Anchor
from tuodi.office.models import Job
from tuodi.office.operations.trail import anchor_trail, ask_for_verification
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.page import REFUSED, OfficeRequest, page

_UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING)
_ANCHORS_FILE_MAX = 2**20


@page(get=Action.SEE_TRAIL, post=Action.SEE_TRAIL)
def verification(request: OfficeRequest) -> HttpResponse:
    """Show how the last verification went or goes; POST asks for one."""
    wrong, kept = "", ""
    if request.method == "POST":
        try:
            kept = _kept(request)
            ask_for_verification(actor=request.actor, at=request.now, kept=kept)
            return redirect("trail-verification")
        except Refused as refused:
            wrong = str(refused)
    job = jobs.latest("trail.verify", 0)
    lines = job.message.splitlines() if job else []
    context: dict[str, Any] = {
        "title": "校验",
        "tab": "verification",
        "job": job,
        "is_under_way": job is not None and job.state in _UNDER_WAY,
        "is_done": job is not None and job.state == Job.State.DONE,
        "summary": lines[0] if lines else "",
        "is_clean": not lines[1:],
        # Lines name settlements and sums, which the audit administrator does not see.
        "found": lines[1:] if request.actor.may(Action.SEE_SETTLEMENTS) else [],
        "wrong": wrong,
        "kept": kept,
    }
    return render(request, "trail/verification.html", context, status=REFUSED if wrong else 200)


def _kept(request: OfficeRequest) -> str:
    """Return the anchors typed into the form or in the file sent with it. Raises Refused."""
    sent = request.FILES.get("file")
    if sent is None:
        return str(request.POST.get("kept", "")).strip()
    if sent.size > _ANCHORS_FILE_MAX:
        raise Refused("锚点文件超过 1 MB，不像是锚点文件；请确认选对了文件。")
    return str(sent.read().decode("utf-8", errors="replace"))


@page(get=Action.SEE_TRAIL, post=Action.ANCHOR_TRAIL)
def anchor_list(request: OfficeRequest) -> HttpResponse:
    """List the anchors kept outside the database, the newest first; POST makes one."""
    if request.method == "POST":
        try:
            made = anchor_trail(actor=request.actor, at=request.now)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"已在数据库以外记下第 {made.number} 条的校验值。请打印锚点页，签字后另行保管。")
        return redirect("trail-anchors")
    kept = anchors.kept()
    rows = [each for each in kept if isinstance(each, Anchor)]
    context = {
        "title": "锚点",
        "tab": "anchors",
        "rows": rows[::-1],
        "is_broken": len(rows) < len(kept),
        "may_anchor": request.actor.may(Action.ANCHOR_TRAIL),
    }
    return render(request, "trail/anchors.html", context)


@page(get=Action.SEE_TRAIL)
def anchor_sheet(request: OfficeRequest, number: int) -> HttpResponse:
    """Show the newest anchor of an entry as a sheet to print, sign and keep."""
    found = next(
        (each for each in reversed(anchors.kept()) if isinstance(each, Anchor) and each.number == number), None
    )
    if found is None:
        raise Http404
    # The link belongs to the file; what is kept elsewhere stands alone.
    line = replace(found, link="").line()
    code = mark_safe(segno.make(line, error="m").svg_inline(scale=4))  # noqa: S308 - drawn here, from digits and letters
    context = {"title": "锚点", "tab": "anchors", "anchor": found, "line": line, "code": code}
    return render(request, "trail/sheet.html", context)
