"""Bank accounts: entered from the paper by one person, keyed again from the paper by a second who confirms them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from tuodi.office.access import Actor
from tuodi.office.models import Account, Person
from tuodi.office.numbers import BETWEEN, masked_number, set_number
from tuodi.office.operations.changing import Changed, evidence_of, keep, line_of, open_person, region_of
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, who_may
from tuodi.office.secrets import blind

SELF: Final = "本人"
RELATIONS: Final = (SELF, "配偶", "父母", "子女", "其他家庭成员", "监护人", "供养机构")
_NUMBER = re.compile(r"[0-9]{8,30}")


class Entry(NamedTuple):
    """What the form for an account asks: who holds it, how they belong together, the bank, the number, the paper."""

    holder: str
    relation: str
    bank: str
    number: str
    evidence: str


def enter_account(
    *, actor: Actor, person_id: int, version: int, entry: Entry, at: datetime
) -> tuple[Account, Sequence[str]]:
    """Enter an account; no money goes there until a second person has confirmed it.

    Returns it with what should be looked at, in sentences. Raises Refused, Absent.
    """
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        number = BETWEEN.sub("", entry.number)
        account = Account(
            person=person,
            holder=line_of(entry.holder, "开户人姓名", 60),
            relation=entry.relation,
            bank=line_of(entry.bank, "开户银行", 60),
            evidence=evidence_of(entry.evidence),
            entered_by=actor.user,
            entered_at=at,
        )
        _check(person, account, number)
        set_number(account, number)
        account.save()
        _keep(write, person, account, "person.account_entered")
        return account, _doubts(person, account, number)


def confirm_account(*, actor: Actor, account_id: int, number: str, at: datetime) -> None:
    """Confirm an account as the second person, who keys its number again from the paper; the one before ends.

    Raises Refused, Absent.
    """
    with writing(actor, Action.CONFIRM_ACCOUNT, at) as write:
        person, account = _open(write, account_id)
        if account.ended_at is not None or account.confirmed_at is not None:
            raise Refused("这个账户已经处理过了，请刷新页面查看。")
        acting = {actor.user, actor.behalf(Action.CONFIRM_ACCOUNT, person.region_id)}
        if account.entered_by in acting:
            raise Refused(
                f"这个账户是您（或您所代理的人）录入的，须由另一人确认；可以确认的是：{who_may(Action.CONFIRM_ACCOUNT)}。"
            )
        if blind(BETWEEN.sub("", number)) != account.number_index:
            raise Refused("您输入的账号与录入的不一致；请对照存折或银行卡重新输入，确实录错的请停用后重新录入。")
        before = Account.objects.filter(person=person, confirmed_by__isnull=False, ended_at__isnull=True)
        before.update(ended_at=at)
        account.confirmed_by, account.confirmed_at = actor.user, at
        account.save()
        _log(write, person, account, "person.account_confirmed")


def end_account(*, actor: Actor, account_id: int, version: int, evidence: str, at: datetime) -> None:
    """Stop the use of an account, or drop one that waits. A new one is entered, never an old one revived."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person, account = _open(write, account_id, version)
        if account.ended_at is not None:
            raise Refused("这个账户已经停用。")
        account.ended_at = at
        account.save()
        change = Changed("account", masked_number(account), "停用")
        detail = {"account": account.pk, "bank": account.bank}
        keep(write, person, "person.account_ended", [change], evidence=evidence_of(evidence), **detail)


def _open(write: Writing, account_id: int, version: int | None = None) -> tuple[Person, Account]:
    """Lock the person, then the account."""
    person_id = Account.objects.filter(pk=account_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise Absent
    person = open_person(write, person_id, version)
    return person, Account.objects.select_for_update().select_related(None).get(pk=account_id)


def _check(person: Person, account: Account, number: str) -> None:
    if account.relation not in RELATIONS:
        raise Refused("请从列表中选择开户人与救助对象的关系。")
    if (account.relation == SELF) != (account.holder == person.psn_name):
        raise Refused("关系为“本人”时，开户人须与救助对象同名；用别人的账户时，请选择与救助对象的关系。")
    if not _NUMBER.fullmatch(number):
        raise Refused("银行账号应为 8 至 30 位数字，请对照存折或银行卡填写。")
    same = Account.objects.filter(person=person, number_index=blind(number), ended_at__isnull=True).first()
    if same is not None:
        state = "已确认" if same.confirmed_at else "正待第二人确认"
        raise Refused(f"这个账号已经录入，{state}，不需要重复录入。")


def _doubts(person: Person, account: Account, number: str) -> list[str]:
    found = []
    others = Account.objects.filter(number_index=account.number_index, ended_at__isnull=True).exclude(person=person)
    count = others.values("person").distinct().count()
    if count:
        found.append(f"同一账号已登记在另外 {count} 人名下，请确认人在核对时留意是否一家人或供养机构。")
    if len(number) in (16, 19) and not _luhn(number):
        found.append("账号不符合银行卡号的校验规则；存折账号可以不符，是银行卡的请核对是否录错。")
    return found


def _luhn(number: str) -> bool:
    """Tell whether a card's number ends in its check digit (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _keep(write: Writing, person: Person, account: Account, event: str) -> None:
    change = Changed("account", "", f"{account.bank} {masked_number(account)}（{account.holder}，{account.relation}）")
    keep(write, person, event, [change], evidence=account.evidence, account=account.pk)


def _log(write: Writing, person: Person, account: Account, event: str) -> None:
    # Confirming enters nothing: no touch, and pages that are open stay good.
    detail = {"account": account.pk, "number": masked_number(account), "bank": account.bank}
    write.log(event, f"person {person.pk}", region_of(person), **detail)
