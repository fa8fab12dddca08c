"""One page for every change by hand: what it is about, its fields, the papers; refused with a sentence, or done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tuodi.office.models import Person
from tuodi.office.refusal import Refused
from tuodi.web.form_values import whole_number
from tuodi.web.page import REFUSED, OfficeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form; ``choices`` make it a list (value, label), ``groups`` such lists with headings.

    ``kind`` is the type of the input.

    A ``secret`` one is somebody's number: what was typed does not come back with a refused form.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    is_required: bool = True
    choices: Sequence[tuple[str, str]] = ()
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()
    longest: int = 200
    secret: bool = False


def evidence(example: str) -> Field:
    """Return the field for the papers a change rests on; ``example`` names one of its own matter."""
    return Field(name="evidence", label="依据的材料", hint=f"例如：{example}；不要写证件号码或账号。")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """What a change's page says. ``intro`` tells what will follow from it."""

    title: str
    button: str
    fields: Sequence[Field]
    intro: str = ""
    is_grave: bool = False


ByHand = dict[str, Any]
"""What every operation by hand is told: ``actor``, ``version`` (the page's), ``evidence``, ``at``."""

Do = Callable[[QueryDict, ByHand], Iterable[str] | None]
"""``do(typed, by)`` performs the operation and may return sentences about what followed."""


def change_page(request: OfficeRequest, person: Person, form: ChangeForm, do: Do) -> HttpResponse:
    """Show the form, or do what was typed and go back to the person; what was typed stays when it is refused."""
    wrong = ""
    if request.method == "POST":
        try:
            told = do(request.POST, by_hand(request)) or ()
        except Refused as refused:
            wrong = str(refused)
        else:
            return done(request, person, form.title, told)
    return form_page(request, person, form, wrong)


def done(request: OfficeRequest, person: Person, title: str, told: Iterable[str]) -> HttpResponse:
    """Go back to the person, with what followed from the change."""
    messages.success(request, f"{title}：已办理。")
    for sentence in told:
        messages.warning(request, sentence)
    return redirect("person", person.pk)


def form_page(request: OfficeRequest, person: Person, form: ChangeForm, wrong: str = "") -> HttpResponse:
    """Show the form, with what was typed and why it was refused."""
    fields = [(field, "" if field.secret else request.POST.get(field.name, field.value)) for field in form.fields]
    version = request.POST.get("version", person.version)
    context = {
        "title": form.title,
        "person": person,
        "form": form,
        "fields": fields,
        "version": version,
        "wrong": wrong,
    }
    return render(request, "people/change.html", context, status=REFUSED if wrong else 200)


def by_hand(request: OfficeRequest) -> ByHand:
    """Return what ``Do`` is told. Raises Refused where the page shows no version."""
    typed = request.POST
    version = whole_number(typed.get("version", ""))
    if version is None:
        raise Refused("页面不完整，请重新打开后再办。")
    evidence = typed.get("evidence", "")
    return {"actor": request.actor, "version": version, "evidence": evidence, "at": request.now}
