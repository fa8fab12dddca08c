"""Identities by hand: entered, their end corrected, declared void, and back."""

from collections.abc import Callable, Iterable

from django.http import HttpResponse, QueryDict

from tuodi.office.models import Holding
from tuodi.office.operations import identities as operations
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.people.changes import asked
from tuodi.web.pages.people.forms import EVIDENCE, ChangeForm, Field, change_page, holding_or_404, person_or_404

_CHANGE = Action.CHANGE_PEOPLE
_END_HINT = "最后一天；留空表示一直有效。"


@page(get=_CHANGE, post=_CHANGE)
def add(request: OfficeRequest, person: int) -> HttpResponse:
    """Enter an identity."""
    who = person_or_404(request.actor, person, _CHANGE)
    choices = tuple((name, name) for name in operations.identity_names())
    fields = (
        Field(name="identity", label="身份", choices=choices),
        Field(name="begin", label="开始日期", kind="date"),
        Field(name="end", label="结束日期", kind="date", hint=_END_HINT, is_required=False),
        EVIDENCE,
    )
    form = ChangeForm(
        title="补录身份",
        button="补录",
        intro="名册还没有送来、但有认定文件的身份在这里补录；以后的名册会与它核对。",
        fields=fields,
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        return operations.add_identity(
            person_id=person,
            identity=typed.get("identity", ""),
            begin=day_of(typed, "begin", "开始日期"),
            end=day_of(typed, "end", "结束日期", is_required=False),
            **asked(request, typed, version),
        )

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def correct(request: OfficeRequest, holding: int) -> HttpResponse:
    """Say when an identity ends."""
    held = holding_or_404(request.actor, holding)
    end = Field(name="end", label="结束日期", kind="date", value=str(held.end or ""), hint=_END_HINT, is_required=False)
    form = ChangeForm(
        title="更正身份的结束日期",
        button="更正",
        intro=f"{_told(held)}。更正以后以这里为准，名册不再改动它；可以恢复为按名册。",
        fields=(end, EVIDENCE),
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        to = day_of(typed, "end", "结束日期", is_required=False)
        return operations.correct_identity(holding_id=holding, end=to, **asked(request, typed, version))

    return change_page(request, held.person, form, do)


@page(get=_CHANGE, post=_CHANGE)
def follow_lists(request: OfficeRequest, holding: int) -> HttpResponse:
    """Take a correction back."""
    return _plain(request, holding, operations.follow_lists_again, "恢复为按名册", "撤销人工更正，结束日期按名册所说。")


@page(get=_CHANGE, post=_CHANGE)
def withdraw(request: OfficeRequest, holding: int) -> HttpResponse:
    """Declare an identity void."""
    intro = "从来不该有的身份才作废；到期停止的请填写结束日期。作废可以恢复。"
    return _plain(request, holding, operations.withdraw_identity, "作废身份", intro, is_grave=True)


@page(get=_CHANGE, post=_CHANGE)
def restore(request: OfficeRequest, holding: int) -> HttpResponse:
    """Take a withdrawal back."""
    return _plain(request, holding, operations.restore_identity, "恢复身份", "撤销作废，这条身份重新计入。")


def _plain(
    request: OfficeRequest,
    holding: int,
    operation: Callable[..., Iterable[str]],
    title: str,
    intro: str,
    *,
    is_grave: bool = False,
) -> HttpResponse:
    """Show or do a change that asks for nothing but the papers."""
    held = holding_or_404(request.actor, holding)
    form = ChangeForm(title=title, button=title, intro=f"{_told(held)}。{intro}", is_grave=is_grave)

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        return operation(holding_id=holding, **asked(request, typed, version))

    return change_page(request, held.person, form, do)


def _told(holding: Holding) -> str:
    return f"{holding.identity}，{holding.begin} 至 {holding.end or '今'}"
