"""Looking at a full number: why, then the number, once, on this page only."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from tuodi.office.models import Person
from tuodi.office.operations.looks import FIELDS, REASONS, look, looks_on
from tuodi.office.queries.person import account_within
from tuodi.office.queries.reach import person_within
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.page import REFUSED, OfficeRequest, page

_LOOK = Action.SEE_FULL_DATA


@page(get=_LOOK, post=_LOOK)
def of_person(request: OfficeRequest, person: int, field: str) -> HttpResponse:
    """Show a document or telephone number in full."""
    who = person_within(request.actor, person, _LOOK)
    return _look(request, who, field, FIELDS[field])


@page(get=_LOOK, post=_LOOK)
def of_account(request: OfficeRequest, account: int) -> HttpResponse:
    """Show an account's number in full."""
    found = account_within(request.actor, account, _LOOK)
    return _look(request, found.person, f"account {found.pk}", "银行账号")


def _look(request: OfficeRequest, person: Person, field: str, label: str) -> HttpResponse:
    number = wrong = ""
    kind, words = request.POST.get("kind", ""), request.POST.get("words", "")
    if request.method == "POST":
        try:
            if kind not in REASONS:
                raise Refused("请选择查看的事由。")
            if not words.strip():
                raise Refused("请写明具体情况，例如来访人或事项。")
            reason = f"{kind}：{words.strip()}"
            number = look(actor=request.actor, person_id=person.pk, field=field, reason=reason, at=request.now)
        except Refused as refused:
            wrong = str(refused)
    context = {
        "title": f"查看完整{label}",
        "person": person,
        "label": label,
        "number": number,
        "wrong": wrong,
        "kinds": REASONS,
        "kind": kind,
        "words": words,
        "done": looks_on(request.actor.user, request.now),
        "limit": settings.LOOKS_PER_DAY,
    }
    return render(request, "people/look.html", context, status=REFUSED if wrong else 200)
