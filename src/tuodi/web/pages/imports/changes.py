"""What is done with a batch: confirmed, discarded, undone; each after a page that says what will follow."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tuodi.office.imports.full_lists import full_list_of, full_list_warnings
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import ImportBatch, Person
from tuodi.office.operations import imports as operations
from tuodi.office.operations import undo as undoing
from tuodi.office.operations.import_changes import export_changes
from tuodi.office.operations.import_checks import totals_problems
from tuodi.office.operations.import_errors import write_error_rows
from tuodi.office.queries.imports import batch_within
from tuodi.office.queries.reach import persons_within
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.exports import XLSX, file_answer, workbook_answer
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page
from tuodi.web.pages.imports.views import batch_page


def _done(request: OfficeRequest, batch: int, template: str, do: Callable[[], object], told: str) -> HttpResponse:
    """Do what was confirmed and go back to the batch; a refusal is shown on the page that asked."""
    try:
        do()
    except Refused as refused:
        return _asked(request, batch_within(request.actor, batch), template, str(refused))
    messages.success(request, told)
    return redirect("import", batch)


def _asked(request: OfficeRequest, batch: ImportBatch, template: str, wrong: str = "") -> HttpResponse:
    context = {
        "title": f"第 {batch.pk} 批 {KINDS[batch.kind].title}",
        "batch": batch,
        "kind": KINDS[batch.kind],
        "in_words": operations.counts_in_words(batch.counts) if batch.samples else "",
        "problems": totals_problems(batch),
        "full": full_list_of(batch),
        "warnings": full_list_warnings(batch),
        "ended": request.POST.get("ended", ""),
        "seen": request.POST.get("seen", batch.plan_digest),
        "reason": request.POST.get("reason", ""),
        "wrong": wrong,
        "in_the_way": _in_the_way(request, batch) if wrong and template == "undo" else None,
    }
    return render(request, f"imports/{template}.html", context, status=REFUSED if wrong else 200)


def _in_the_way(request: OfficeRequest, batch: ImportBatch) -> Person | None:
    """Return the person whose later change keeps a batch from being undone, where this actor may see them."""
    person = undoing.person_in_the_way(batch)
    return person if person and persons_within(request.actor).filter(pk=person.pk).exists() else None


@page(get=Action.CONFIRM_IMPORT, post=Action.CONFIRM_IMPORT)
def confirm(request: OfficeRequest, batch: int) -> HttpResponse:
    """Let a batch be applied."""
    found = batch_within(request.actor, batch, Action.CONFIRM_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "confirm")

    def do() -> object:
        seen = request.POST.get("seen", "")
        ended = whole_number(request.POST.get("ended", "").strip().replace(",", ""))
        return operations.confirm(actor=request.actor, at=request.now, batch_id=batch, seen=seen, ended=ended)

    return _done(request, batch, "confirm", do, "已确认，正在后台导入。")


@page(post=Action.UPLOAD_IMPORT)
def read_again(request: OfficeRequest, batch: int) -> HttpResponse:
    """Let a file be read once more."""
    batch_within(request.actor, batch, Action.UPLOAD_IMPORT)
    try:
        operations.read_again(actor=request.actor, at=request.now, batch_id=batch)
    except Refused as refused:
        return batch_page(request, batch, str(refused), REFUSED)
    messages.success(request, "正在后台重新读取。")
    return redirect("import", batch)


@page(post=Action.EXPORT_PEOPLE)
def export(request: OfficeRequest, batch: int) -> HttpResponse:
    """Send all changes of a preview as a workbook."""
    batch_within(request.actor, batch)
    reason = request.POST.get("reason", "")
    try:
        found = export_changes(actor=request.actor, at=request.now, batch_id=batch, reason=reason)
    except Refused as refused:
        return batch_page(request, batch, str(refused), REFUSED)
    return workbook_answer("导入的变化", found, day=request.now.date(), about=[f"第{batch}批"])


@page(get=Action.UPLOAD_IMPORT, post=Action.UPLOAD_IMPORT)
def discard(request: OfficeRequest, batch: int) -> HttpResponse:
    """Give a batch up."""
    found = batch_within(request.actor, batch, Action.UPLOAD_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "discard")

    def do() -> None:
        operations.discard(actor=request.actor, at=request.now, batch_id=batch)

    return _done(request, batch, "discard", do, "已放弃，没有导入任何内容。")


@page(get=Action.UNDO_IMPORT, post=Action.UNDO_IMPORT)
def undo(request: OfficeRequest, batch: int) -> HttpResponse:
    """Undo an applied batch."""
    found = batch_within(request.actor, batch, Action.UNDO_IMPORT)
    if request.method != "POST":
        return _asked(request, found, "undo")

    def do() -> object:
        reason = request.POST.get("reason", "")
        return undoing.ask_undo(actor=request.actor, at=request.now, batch_id=batch, reason=reason)

    return _done(request, batch, "undo", do, "正在后台撤销。")


@page(post=Action.SEE_FULL_DATA)
def errors(request: OfficeRequest, batch: int) -> HttpResponse:
    """Send the batch's bad rows beside what is wrong with them; whole numbers, so it is logged."""
    batch_within(request.actor, batch)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        try:
            write_error_rows(actor=request.actor, at=request.now, batch_id=batch, path=path)
        except Refused as refused:
            return batch_page(request, batch, str(refused), REFUSED)
        content = path.read_bytes()
    return file_answer(f"第{batch}批需要改的行.xlsx", content, XLSX)
