"""What is done with a batch: confirmed, discarded, undone; each after a page that says what will follow."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch
from tuodi.office.operations import imports as operations
from tuodi.office.operations import undo as undoing
from tuodi.office.operations.import_errors import write_error_rows
from tuodi.office.operations.writing import Absent, Refused
from tuodi.office.roles import Action
from tuodi.web.exports import XLSX
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.imports.views import batch_or_404, batch_page
from tuodi.web.pages.sign_in import REFUSED


def _done(request: OfficeRequest, batch: int, template: str, do: Callable[[], object], told: str) -> HttpResponse:
    """Do what was confirmed and go back to the batch; a refusal is shown on the page that asked."""
    try:
        do()
    except Refused as refused:
        return _asked(request, batch_or_404(request, batch), template, str(refused))
    except Absent:
        raise Http404 from None
    messages.success(request, told)
    return redirect("import", batch)


def _asked(request: OfficeRequest, batch: ImportBatch, template: str, wrong: str = "") -> HttpResponse:
    context = {
        "title": f"第 {batch.pk} 批 {KINDS[batch.kind].title}",
        "batch": batch,
        "kind": KINDS[batch.kind],
        "in_words": operations.counts_in_words(batch.counts) if batch.samples else "",
        "problems": operations.totals_problems(batch),
        "seen": request.POST.get("seen", batch.plan_digest),
        "reason": request.POST.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, f"imports/{template}.html", context, status=REFUSED if wrong else 200)


@page(get=Action.CONFIRM_IMPORT, post=Action.CONFIRM_IMPORT)
def confirm(request: OfficeRequest, batch: int) -> HttpResponse:
    """Let a batch be applied."""
    found = batch_or_404(request, batch, Action.CONFIRM_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "confirm")

    def do() -> object:
        seen = request.POST.get("seen", "")
        return operations.confirm(actor=request.actor, at=request.now, batch_id=batch, seen=seen)

    return _done(request, batch, "confirm", do, "已确认，正在后台导入。")


@page(get=Action.UPLOAD_IMPORT, post=Action.UPLOAD_IMPORT)
def discard(request: OfficeRequest, batch: int) -> HttpResponse:
    """Give a batch up."""
    found = batch_or_404(request, batch, Action.UPLOAD_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "discard")

    def do() -> None:
        operations.discard(actor=request.actor, at=request.now, batch_id=batch)

    return _done(request, batch, "discard", do, "已放弃，没有导入任何内容。")


@page(get=Action.UNDO_IMPORT, post=Action.UNDO_IMPORT)
def undo(request: OfficeRequest, batch: int) -> HttpResponse:
    """Undo an applied batch."""
    found = batch_or_404(request, batch, Action.UNDO_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "undo")

    def do() -> object:
        reason = request.POST.get("reason", "")
        return undoing.ask_undo(actor=request.actor, at=request.now, batch_id=batch, reason=reason)

    return _done(request, batch, "undo", do, "正在后台撤销。")


@page(post=Action.SEE_FULL_DATA)
def errors(request: OfficeRequest, batch: int) -> HttpResponse:
    """Send the batch's bad rows beside what is wrong with them; whole numbers, so it is logged."""
    batch_or_404(request, batch)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        try:
            write_error_rows(actor=request.actor, at=request.now, batch_id=batch, path=path)
        except Refused as refused:
            return batch_page(request, batch, str(refused), REFUSED)
        except Absent:
            raise Http404 from None
        content = path.read_bytes()
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'第{batch}批需要改的行')}.xlsx"
    return answer
