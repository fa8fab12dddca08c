"""Accounts need two persons; full numbers need a reason and are counted; exports are masked and noted."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from tests.office import made_up
from tests.office.importing import certno
from tuodi.office.access import Actor, actor_of
from tuodi.office.models import Account, Delegation, Person, Touch, TrailEntry
from tuodi.office.numbers import number_of
from tuodi.office.operations import accounts, exporting, people
from tuodi.office.operations.accounts import Entry
from tuodi.office.operations.looks import look, looks_on
from tuodi.office.operations.people import Facts
from tuodi.office.operations.people_export import export_people
from tuodi.office.queries.people import Search
from tuodi.office.queries.person import person_sheet
from tuodi.office.queries.person_history import person_history
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")
CARD = "6200000000000000007"
OTHER_CARD = "6200000000000000015"
PHONE = "13900001111"


def _county() -> tuple[Actor, Person]:
    top = made_up.county()
    return made_up.actor(Role.COUNTY_CLERK, top), made_up.person("P1", "赵一", made_up.region("东镇"))


def _enter(clerk: Actor, who: Person, **other: str) -> Account:
    who.refresh_from_db()
    entry = Entry("赵一", "本人", "示例银行东镇支行", CARD, "存折复印件")._replace(**other)
    account, _ = accounts.enter_account(actor=clerk, person_id=who.pk, version=who.version, entry=entry, at=made_up.NOW)
    return account


def _confirm(who: Actor, account: Account, number: str = CARD) -> None:
    accounts.confirm_account(actor=who, account_id=account.pk, number=number, at=made_up.NOW)


def test_账户由第二人对照凭证确认后生效_原账户停用() -> None:
    clerk, who = _county()
    second = made_up.actor(Role.ACCOUNTANT, made_up.region("示例县"))
    first_account = _enter(clerk, who, number="6200 0000 0000 0000 007")
    assert number_of(first_account) == CARD
    with pytest.raises(Refused, match="与录入的不一致"):
        _confirm(second, first_account, OTHER_CARD)
    _confirm(second, first_account, f" {CARD[:4]} {CARD[4:]}")
    next_account = _enter(clerk, who, number=OTHER_CARD)
    first_account.refresh_from_db()
    assert (first_account.ended_at, first_account.confirmed_by) == (None, second.user)
    _confirm(second, next_account, OTHER_CARD)
    first_account.refresh_from_db()
    assert first_account.ended_at == made_up.NOW
    with pytest.raises(Refused, match="已经处理过"):
        _confirm(second, next_account, OTHER_CARD)
    rows = person_sheet(second, who.pk, made_up.TODAY).accounts
    assert [(row.state, row.number) for row in rows] == [
        ("live", "6200***********0015"),
        ("ended", "6200***********0007"),
    ]
    # Confirming is no touch: whoever confirms may still decide cases.
    assert set(Touch.objects.values_list("user__username", flat=True)) == {"clerk"}
    for entry in TrailEntry.objects.all():
        assert CARD not in entry.detail and OTHER_CARD not in entry.detail


def test_录入的人不能自己确认_数据库也拒绝() -> None:
    clerk, who = _county()
    account = _enter(clerk, who)
    with pytest.raises(Refused, match="须由另一人确认；可以确认的是：县级经办人、复核人、基金会计"):
        _confirm(clerk, account)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(confirmed_by=clerk.user, confirmed_at=made_up.NOW)
    account.refresh_from_db()
    assert account.confirmed_by is None


def test_替录入人代办的人也不能确认() -> None:
    clerk, who = _county()
    account = _enter(clerk, who)
    friend = made_up.user(Role.TOWN_CLERK, made_up.region("东镇"))
    Delegation.objects.create(
        assignment=clerk.user.assignments.get(),
        delegate=friend,
        begins=made_up.TODAY,
        ends=made_up.TODAY,
        reason="休假",
    )
    with pytest.raises(Refused, match="所代理的人"):
        _confirm(actor_of(friend, made_up.TODAY), account)


def test_没有确认权限的人和管辖外的人() -> None:
    clerk, who = _county()
    account = _enter(clerk, who)
    with pytest.raises(Refused, match="没有做这件事的权限"):
        _confirm(made_up.actor(Role.TOWN_CLERK, made_up.region("东镇")), account)
    with pytest.raises(Absent):
        _confirm(made_up.actor(Role.REVIEWER, made_up.region("西镇")), account)


def test_不对的账户被拒绝() -> None:
    clerk, who = _county()
    for other, why in (
        ({"number": "1234567"}, "8 至 30 位"),
        ({"number": "62000000000000000a7"}, "8 至 30 位"),
        ({"holder": "钱二"}, "同名"),
        ({"relation": "配偶"}, "同名"),
        ({"relation": "朋友"}, "从列表中选择"),
        ({"bank": " "}, "开户银行"),
        ({"evidence": ""}, "依据的材料"),
    ):
        with pytest.raises(Refused, match=why):
            _enter(clerk, who, **other)
    assert not Account.objects.exists()
    _enter(clerk, who)
    with pytest.raises(Refused, match="已经录入，正待第二人确认"):
        _enter(clerk, who)


def test_一个账号登记在几个人名下时提醒() -> None:
    clerk, who = _county()
    _enter(clerk, who)
    other = made_up.person("P2", "钱二", made_up.region("西镇"))
    entry = Entry("赵一", "其他家庭成员", "示例银行", CARD, "存折复印件")
    _, told = accounts.enter_account(actor=clerk, person_id=other.pk, version=1, entry=entry, at=made_up.NOW)
    assert any("另外 1 人名下" in sentence for sentence in told)


def test_停用账户() -> None:
    clerk, who = _county()
    account = _enter(clerk, who)
    who.refresh_from_db()
    told: dict[str, Any] = {"actor": clerk, "account_id": account.pk, "evidence": "本人申请", "at": made_up.NOW}
    with pytest.raises(Refused, match="重新打开"):
        accounts.end_account(version=who.version - 1, **told)
    accounts.end_account(version=who.version, **told)
    account.refresh_from_db()
    assert account.ended_at == made_up.NOW
    with pytest.raises(Refused, match="已经处理过"):
        _confirm(made_up.actor(Role.REVIEWER, made_up.region("示例县")), account)


def _with_numbers() -> tuple[Actor, Person]:
    clerk, who = _county()
    facts = Facts(certno=certno(1, date(1960, 1, 1)), phone=PHONE)
    people.correct_person(actor=clerk, person_id=who.pk, version=1, facts=facts, evidence="身份证", at=made_up.NOW)
    return clerk, who


def _look(
    who: Actor, person: Person, field: str, reason: str = "核对本人证件：换存折", at: datetime = made_up.NOW
) -> str:
    return look(actor=who, person_id=person.pk, field=field, reason=reason, at=at)


def test_查看完整号码须写事由并留痕() -> None:
    clerk, who = _with_numbers()
    account = _enter(clerk, who)
    assert _look(clerk, who, "certno") == certno(1, date(1960, 1, 1))
    assert _look(clerk, who, "phone") == PHONE
    assert _look(clerk, who, f"account {account.pk}") == CARD
    looks = TrailEntry.objects.filter(action="person.looked_at").order_by("number")
    assert [json.loads(entry.detail)["field"] for entry in looks] == ["certno", "phone", f"account {account.pk}"]
    for entry in looks:
        assert (entry.actor, entry.subject, entry.region) == ("clerk", f"person {who.pk}", "990001001")
        assert json.loads(entry.detail)["reason"] == "核对本人证件：换存折"
        assert not any(number in entry.detail for number in (certno(1, date(1960, 1, 1)), PHONE, CARD))
    assert looks_on(clerk.user, made_up.NOW) == 3
    # Who reads the trail sees the looks in the history, others only the changes.
    auditor = made_up.actor(Role.AUDITOR, made_up.region("示例县"))
    assert sum(line.what == "查看完整号码" for line in person_history(auditor, who.pk)) == 3
    assert sum(line.what == "查看完整号码" for line in person_history(clerk, who.pk)) == 0


def test_没有事由_没有号码_没有权限_不在管辖内都看不到() -> None:
    clerk, who = _with_numbers()
    bare = made_up.person("P2", "钱二", made_up.region("东镇"))
    for reason in ("", "看看", " 看 "):
        with pytest.raises(Refused, match="至少 4 个字"):
            _look(clerk, who, "certno", reason)
    with pytest.raises(Refused, match="没有登记"):
        _look(clerk, bare, "phone")
    with pytest.raises(Refused, match="没有做这件事的权限"):
        _look(made_up.actor(Role.AUDITOR, made_up.region("示例县")), who, "certno")
    with pytest.raises(Absent):
        _look(made_up.actor(Role.TOWN_CLERK, made_up.region("西镇")), who, "certno")
    account = _enter(clerk, who)
    with pytest.raises(Absent):
        _look(clerk, bare, f"account {account.pk}")
    assert not TrailEntry.objects.filter(action="person.looked_at").exists()


def test_每天查看的次数有上限(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk, who = _with_numbers()
    monkeypatch.setattr(settings, "LOOKS_PER_DAY", 2)
    for _ in range(2):
        _look(clerk, who, "certno")
    with pytest.raises(Refused, match="已查看完整号码 2 次，达到每天 2 次的上限"):
        _look(clerk, who, "certno")
    other = made_up.actor(Role.REVIEWER, made_up.region("示例县"))
    assert _look(other, who, "certno")
    assert _look(clerk, who, "certno", at=made_up.NOW + timedelta(days=1))


def test_导出默认遮盖_完整的须有权限_都留痕() -> None:
    clerk, who = _with_numbers()
    made_up.person("P2", "钱二", made_up.region("西镇"))
    search = Search(day=made_up.TODAY)
    told: dict[str, Any] = {"search": search, "reason": "与民政核对名单", "at": made_up.NOW}
    found = export_people(actor=clerk, full=False, **told)
    rows = list(found.rows)
    assert [row[0] for row in rows] == ["P1", "P2"]
    assert all(len(row) == len(found.columns) for row in rows)
    assert certno(1, date(1960, 1, 1)) not in str(rows) and PHONE not in str(rows)
    full = list(export_people(actor=clerk, full=True, **told).rows)
    assert (full[0][2], full[0][3]) == (certno(1, date(1960, 1, 1)), PHONE)
    auditor = made_up.actor(Role.AUDITOR, made_up.region("示例县"))
    with pytest.raises(Refused, match="只能导出遮盖后的名单"):
        export_people(actor=auditor, full=True, **told)
    assert len(list(export_people(actor=auditor, full=False, **told).rows)) == 2
    with pytest.raises(Refused, match="用途"):
        export_people(actor=clerk, full=False, **{**told, "reason": "无"})
    with pytest.raises(Refused, match="没有做这件事的权限"):
        export_people(actor=made_up.actor(Role.EVALUATOR, made_up.region("示例县")), full=False, **told)
    kept = [json.loads(one.detail) for one in TrailEntry.objects.filter(action="people.exported").order_by("number")]
    assert [(one["rows"], one["full"]) for one in kept] == [(2, False), (2, True), (2, False)]
    assert kept[0]["reason"] == "与民政核对名单"


def test_乡镇只导出本乡镇的(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_numbers()
    made_up.person("P2", "钱二", made_up.region("西镇"))
    town = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"), "east")
    told: dict[str, Any] = {"reason": "逐户动员参保", "at": made_up.NOW, "full": False, "actor": town}
    assert [row[0] for row in export_people(search=Search(day=made_up.TODAY), **told).rows] == ["P1"]
    made_up.person("P3", "孙三", made_up.region("东镇"))
    monkeypatch.setattr(exporting, "ROWS_MAX", 2)
    assert len(list(export_people(search=Search(day=made_up.TODAY), **told).rows)) == 2
    monkeypatch.setattr(exporting, "ROWS_MAX", 1)
    with pytest.raises(Refused, match="共 2 人，一次最多导出 1 人；请按乡镇或身份缩小范围"):
        export_people(search=Search(day=made_up.TODAY), **told)
