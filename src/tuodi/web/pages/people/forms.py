"""One page for every change by hand: what it is about, its fields, the papers; refused with a sentence, or done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tuodi.office.access import Actor
from tuodi.office.models import Account, Holding, Person
from tuodi.office.operations.writing import Absent, Refused
from tuodi.office.queries.reach import person_within
from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest
from tuodi.web.pages.sign_in import REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form; ``choices`` make it a list (value, label). ``kind`` is the type of the input.

    A ``secret`` one is somebody's number: what was typed does not come back with a refused form.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    is_required: bool = True
    choices: Sequence[tuple[str, str]] = ()
    longest: int = 200
    secret: bool = False


EVIDENCE = Field(name="evidence", label="依据的材料", hint="例如：派出所死亡证明、民政更正函；不要写证件号码或账号。")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """What a change's page says. ``intro`` tells what will follow from it."""

    title: str
    button: str
    intro: str = ""
    fields: Sequence[Field] = (EVIDENCE,)
    is_grave: bool = False


Do = Callable[[QueryDict, int], Iterable[str] | None]
"""``do(typed, version)`` performs the operation and may return sentences about what followed."""


def change_page(request: OfficeRequest, person: Person, form: ChangeForm, do: Do) -> HttpResponse:
    """Show the form, or do what was typed and go back to the person; what was typed stays when it is refused."""
    wrong = ""
    if request.method == "POST":
        try:
            told = do(request.POST, version_in(request.POST)) or ()
        except Refused as refused:
            wrong = str(refused)
        except Absent:
            raise Http404 from None
        else:
            messages.success(request, f"{form.title}：已办理。")
            for sentence in told:
                messages.warning(request, sentence)
            return redirect("person", person.pk)
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


def version_in(typed: QueryDict) -> int:
    """Return the version the page showed. Raises Refused where the page has none."""
    text = typed.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("页面不完整，请重新打开后再办。")
    return int(text)


def person_or_404(actor: Actor, person_id: int, action: Action = Action.SEE_PEOPLE) -> Person:
    """Return a person within reach for an action; everybody else is not there."""
    try:
        return person_within(actor, person_id, action)
    except Absent:
        raise Http404 from None


def holding_or_404(actor: Actor, holding_id: int) -> Holding:
    """Return an identity of somebody this actor may change."""
    holding = Holding.objects.select_related("person").filter(pk=holding_id).first()
    if holding is None:
        raise Http404
    person_or_404(actor, holding.person_id, Action.CHANGE_PEOPLE)
    return holding


def account_or_404(actor: Actor, account_id: int, action: Action) -> Account:
    """Return an account of somebody within reach for an action."""
    account = Account.objects.select_related("person", "entered_by").filter(pk=account_id).first()
    if account is None:
        raise Http404
    person_or_404(actor, account.person_id, action)
    return account
