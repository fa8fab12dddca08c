"""Bank accounts: entered by one person, confirmed by another, ended."""

from collections.abc import Iterable

from django.http import HttpResponse, QueryDict

from tuodi.office.numbers import masked_number
from tuodi.office.operations import accounts as operations
from tuodi.office.operations.accounts import RELATIONS, SELF, Entry
from tuodi.office.queries.person import account_within
from tuodi.office.queries.reach import person_within
from tuodi.office.roles import Action
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.people.forms import ByHand, ChangeForm, Field, change_page, evidence

_CHANGE, _CONFIRM = Action.CHANGE_PEOPLE, Action.CONFIRM_ACCOUNT


@page(get=_CHANGE, post=_CHANGE)
def enter(request: OfficeRequest, person: int) -> HttpResponse:
    """Enter an account."""
    who = person_within(request.actor, person, _CHANGE)
    fields = (
        Field(name="holder", label="开户人姓名", value=who.psn_name, longest=60),
        Field(name="relation", label="与救助对象的关系", value=SELF, choices=tuple((one, one) for one in RELATIONS)),
        Field(name="bank", label="开户银行", hint="写到网点，例如：示例农商行东镇支行。", longest=60),
        Field(name="number", label="银行账号", hint="对照存折或银行卡填写，可以带空格。", longest=40, secret=True),
        evidence("本人存折复印件、社保卡金融账户回执"),
    )
    form = ChangeForm(
        title="录入银行账户",
        button="录入",
        intro="录入后须由另一人对照凭证再输一遍账号确认，确认之前不会向它付款；确认后原来的账户停用。",
        fields=fields,
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        holder, relation, bank, number = (typed.get(name, "") for name in ("holder", "relation", "bank", "number"))
        entry = Entry(holder, relation, bank, number, by.pop("evidence"))
        return operations.enter_account(person_id=person, entry=entry, **by)[1]

    return change_page(request, who, form, do)


@page(get=_CONFIRM, post=_CONFIRM)
def confirm(request: OfficeRequest, account: int) -> HttpResponse:
    """Confirm an account as the second person."""
    found = account_within(request.actor, account, _CONFIRM)
    form = ChangeForm(
        title="确认银行账户",
        button="确认",
        intro=(
            f"{found.bank}，{masked_number(found)}，开户人 {found.holder}（{found.relation}），"
            f"由 {found.entered_by.name} 录入，凭证：{found.evidence}。请对照凭证把账号再输一遍。"
        ),
        fields=(Field(name="number", label="银行账号", longest=40, secret=True),),
    )

    def do(typed: QueryDict, _by: ByHand) -> None:
        number = typed.get("number", "")
        operations.confirm_account(actor=request.actor, account_id=account, number=number, at=request.now)

    return change_page(request, found.person, form, do)


@page(get=_CHANGE, post=_CHANGE)
def end(request: OfficeRequest, account: int) -> HttpResponse:
    """Stop the use of an account."""
    found = account_within(request.actor, account, _CHANGE)
    form = ChangeForm(
        title="停用银行账户",
        button="停用",
        intro=f"{found.bank}，{masked_number(found)}，开户人 {found.holder}。停用后不能恢复，需要时重新录入并确认。",
        fields=(evidence("银行销户回执、本人更换账户的申请"),),
        is_grave=True,
    )
    return change_page(request, found.person, form, lambda _, by: operations.end_account(account_id=account, **by))
