"""Identities by hand: entered, their end corrected, declared void, and back."""

from collections.abc import Callable, Iterable

from django.http import HttpResponse, QueryDict

from tuodi.office.models import Holding
from tuodi.office.operations import identities as operations
from tuodi.office.periods import period
from tuodi.office.queries.person import holding_within
from tuodi.office.queries.reach import person_within
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.people.forms import ByHand, ChangeForm, Field, change_page, evidence

_CHANGE = Action.CHANGE_PEOPLE
_END_HINT = "最后一天；留空表示一直有效。"
_LISTED, _VOID, _VALID = "与新名册核对一致的记录", "民政撤销认定决定、更正函", "民政恢复认定文件、更正函"


@page(get=_CHANGE, post=_CHANGE)
def add(request: OfficeRequest, person: int) -> HttpResponse:
    """Enter an identity."""
    who = person_within(request.actor, person, _CHANGE)
    groups = tuple((label, tuple((name, name) for name in names)) for label, names in operations.identity_groups())
    fields = (
        Field(name="identity", label="身份", groups=groups),
        Field(name="begin", label="开始日期", kind="date"),
        Field(name="end", label="结束日期", kind="date", hint=_END_HINT, is_required=False),
        evidence("民政低保审批表、乡村振兴部门认定文件"),
    )
    form = ChangeForm(
        title="补录身份",
        button="补录",
        intro="名册还没有送来、但有认定文件的身份在这里补录；以后的名册会与它核对。",
        fields=fields,
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        return operations.add_identity(
            person_id=person,
            identity=typed.get("identity", ""),
            begin=day_of(typed, "begin", "开始日期"),
            end=day_of(typed, "end", "结束日期", is_required=False),
            **by,
        )

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def correct(request: OfficeRequest, holding: int) -> HttpResponse:
    """Say when an identity ends."""
    held = holding_within(request.actor, holding, _CHANGE)
    end = Field(name="end", label="结束日期", kind="date", value=str(held.end or ""), hint=_END_HINT, is_required=False)
    form = ChangeForm(
        title="更正身份的结束日期",
        button="更正",
        intro=f"{_told(held)}。更正以后以这里为准，名册不再改动它；可以恢复为按名册。",
        fields=(end, evidence("民政停保通知、动态调整名单")),
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        to = day_of(typed, "end", "结束日期", is_required=False)
        return operations.correct_identity(holding_id=holding, end=to, **by)

    return change_page(request, held.person, form, do)


@page(get=_CHANGE, post=_CHANGE)
def follow_lists(request: OfficeRequest, holding: int) -> HttpResponse:
    """Take a correction back."""
    return _plain(
        request, holding, operations.follow_lists_again, "恢复为按名册", "撤销人工更正，结束日期按名册所说。", _LISTED
    )


@page(get=_CHANGE, post=_CHANGE)
def withdraw(request: OfficeRequest, holding: int) -> HttpResponse:
    """Declare an identity void."""
    intro = "从来不该有的身份才作废；到期停止的请填写结束日期。作废可以恢复。"
    return _plain(request, holding, operations.withdraw_identity, "作废身份", intro, _VOID, is_grave=True)


@page(get=_CHANGE, post=_CHANGE)
def restore(request: OfficeRequest, holding: int) -> HttpResponse:
    """Take a withdrawal back."""
    return _plain(request, holding, operations.restore_identity, "恢复身份", "撤销作废，这条身份重新计入。", _VALID)


def _plain(
    request: OfficeRequest,
    holding: int,
    operation: Callable[..., Iterable[str]],
    title: str,
    intro: str,
    papers: str,
    *,
    is_grave: bool = False,
) -> HttpResponse:
    """Show or do a change that asks for nothing but the papers."""
    held = holding_within(request.actor, holding, _CHANGE)
    intro = f"{_told(held)}。{intro}"
    form = ChangeForm(title=title, button=title, intro=intro, fields=(evidence(papers),), is_grave=is_grave)
    return change_page(request, held.person, form, lambda _, by: operation(holding_id=holding, **by))


def _told(holding: Holding) -> str:
    return f"{holding.identity}，{period(holding.begin, holding.end)}"
