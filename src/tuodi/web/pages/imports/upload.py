"""The upload form: kind and sender first, whose manner is remembered; then the file and its control totals."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tuodi.intake.layouts import Layout, load_layout, normal_heading
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import parse_yuan
from tuodi.office.imports.files import SEGMENT, megabytes_max
from tuodi.office.imports.kinds import Kind
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import Sender
from tuodi.office.operations.imports import Manner, Upload, upload
from tuodi.office.queries import imports as queries
from tuodi.office.queries.regions import regions_to_choose
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of, number_of, whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page

_MAY = Action.UPLOAD_IMPORT
_COUNT_MOST = 99_999_999


@page(get=_MAY, post=_MAY)
def new(request: OfficeRequest) -> HttpResponse:
    """Choose kind and sender, then take the file."""
    kind = KINDS.get(request.POST.get("kind", "") or request.GET.get("kind", ""))
    if request.method != "POST" or kind is None:
        return _form(request, kind)
    try:
        batch = upload(actor=request.actor, at=request.now, form=_typed(request, kind), content=_content(request))
    except Refused as refused:
        return _form(request, kind, str(refused))
    messages.success(request, "文件已上传，正在后台读取。")
    return redirect("import", batch.pk)


def _form(request: OfficeRequest, kind: Kind | None, wrong: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "title": "上传文件",
        "kinds": [(each.id, each.title) for each in KINDS.values()],
        "kind": kind,
        "megabytes": megabytes_max(),
        "wrong": wrong,
    }
    if kind is not None:
        sender = _chosen(request, kind)
        layout = load_layout(kind.layout)
        context |= {
            "senders": queries.senders(request.actor, kind.id),
            "sender": sender,
            "regions": regions_to_choose(request.actor, _MAY),
            "typed": request.POST if wrong else _remembered(sender, layout),
            "fields": layout.fields,
        }
    return render(request, "imports/new.html", context, status=REFUSED if wrong else 200)


def _chosen(request: OfficeRequest, kind: Kind) -> Sender | None:
    sender = whole_number(request.GET.get("sender"))
    return queries.senders(request.actor, kind.id).filter(pk=sender).first() if sender else None


def _remembered(sender: Sender | None, layout: Layout) -> dict[str, Any]:
    """Return what the form shows at first: the sender's manner as it was the last time, and no day of the list.

    A day filled in would be left standing, and a list of December would be told of as today's.
    """
    if sender is None:
        return {"clean_ids": "1", "foot_rows": "0"}
    labels = {field.name: field.labels[0] for field in layout.fields}
    return {
        "sender": sender.name,
        "region": str(sender.region_id),
        "header_row": sender.header_row or "",
        "foot_rows": sender.foot_rows,
        "clean_ids": "1" if sender.clean_ids else "",
        "columns": "\n".join(f"{heading}={labels.get(name, name)}" for heading, name in sender.columns.items()),
        "is_full": "1" if sender.is_full else "",
    }


def _typed(request: OfficeRequest, kind: Kind) -> Upload:
    typed = request.POST
    file = request.FILES.get("file")
    if file is None:
        raise Refused(f"没有收到文件；请选择文件再提交（不超过 {megabytes_max()} MB）。")
    manner = Manner(
        header_row=_count(typed, "header_row", "列名所在的行"),
        foot_rows=_count(typed, "foot_rows", "表尾行数") or 0,
        clean_ids=typed.get("clean_ids") == "1",
        columns=_columns(typed.get("columns", ""), load_layout(kind.layout)),
        is_full=typed.get("is_full") == "1",
    )
    as_of = day_of(typed, "as_of", "名单截止日期")
    return Upload(
        kind=kind.id,
        sender=typed.get("sender", ""),
        region_id=number_of(typed, "region", "适用的区划"),
        as_of=as_of,
        manner=manner,
        file_name=file.name,
        typed_rows=_count(typed, "typed_rows", "控制总数的行数"),
        typed_fen=_amount(typed, kind),
    )


def _content(request: OfficeRequest) -> Iterator[bytes]:
    return iter(request.FILES["file"].chunks(SEGMENT))


def _count(typed: QueryDict, name: str, label: str) -> int | None:
    text = typed.get(name, "").strip().replace(",", "")
    if not text:
        return None
    count = whole_number(text)
    if count is None or count > _COUNT_MOST:
        raise Refused(f"{label}请填写整数，没有的留空。")
    return count


def _amount(typed: QueryDict, kind: Kind) -> int | None:
    text = typed.get("typed_amount", "").strip().replace(",", "")
    if not text or not kind.amount_title:
        return None
    fen = parse_yuan(text)
    if isinstance(fen, Fault):
        raise Refused(f"控制总数的金额：{fen.message}；{fen.advice}。")
    return fen


def _columns(text: str, layout: Layout) -> dict[str, str]:
    """Return the sender's headings with our field, one a line: 文件里的列名=标准列名."""
    known = layout.by_heading()
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        heading, sign, meant = line.replace("＝", "=").partition("=")
        field = known.get(normal_heading(meant))
        if not sign or not heading.strip() or field is None:
            raise Refused(f"列名对应“{line[:40]}”看不懂；请每行写一个，如：困难类型=身份。可以对应的列见下面的列表。")
        found[heading.strip()] = field.name
    return found
