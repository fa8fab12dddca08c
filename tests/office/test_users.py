"""Users, roles and delegations: who may give what to whom, on both databases."""

from datetime import date, datetime

import pytest

from tests.office import made_up
from tuodi.office.access import Actor, actor_of, actors_on
from tuodi.office.models import Assignment, Delegation, TrailEntry, User
from tuodi.office.operations import delegations, users
from tuodi.office.queries import users as queries
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")

NOW, TODAY = made_up.NOW, made_up.TODAY


@pytest.fixture
def admin(both_databases: str) -> Actor:
    return made_up.actor(Role.SECURITY_ADMIN, made_up.county())


def _assign(admin: Actor, who: User, role: Role, begins: date = TODAY, ends: date | None = None) -> Assignment:
    region = made_up.region("示例县")
    return users.assign_role(
        actor=admin, user_id=who.pk, role=role, region_id=region.pk, begins=begins, ends=ends, at=NOW
    )


def test_新用户的初始密码能登录且必须修改(admin: Actor) -> None:
    made, password = users.create_user(actor=admin, username="zhangsan", name="张三", at=NOW)
    made.refresh_from_db()
    assert made.check_password(password)
    assert made.must_change_password
    assert len(password) == 19
    entry = TrailEntry.objects.get()
    assert entry.action == "user.created"
    assert password not in entry.detail


@pytest.mark.parametrize(
    ("username", "name", "why"),
    [
        ("zhang san", "张三", "用户名只能用"),
        ("张三", "张三", "用户名只能用"),
        ("1zhang", "张三", "用户名只能用"),
        ("a" * 41, "张三", "用户名只能用"),
        ("", "张三", "用户名只能用"),
        ("zhang", "", "请填写姓名"),
        ("zhang", "张" * 41, "请填写姓名"),
        ("SecAdmin", "张三", "已经有人使用"),
    ],
)
def test_不合规则的新用户被拒绝(admin: Actor, username: str, name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        users.create_user(actor=admin, username=username, name=name, at=NOW)
    assert User.objects.count() == 1


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
BUSINESS = (Role.TOWN_CLERK, Role.COUNTY_CLERK, Role.REVIEWER, Role.APPROVER, Role.ACCOUNTANT, Role.EVALUATOR)
APART = [(a, b) for a in ADMINISTRATORS for b in Role if a != b] + [(Role.HOSPITAL, b) for b in BUSINESS]


@pytest.mark.parametrize(("held", "wanted"), APART)
@pytest.mark.parametrize("turned", [False, True])
def test_管理员岗位不与任何别的岗位由同一人担任(admin: Actor, held: Role, wanted: Role, turned: bool) -> None:
    first, second = (wanted, held) if turned else (held, wanted)
    who, _ = users.create_user(actor=admin, username="zhangsan", name="张三", at=NOW)
    _assign(admin, who, first)
    with pytest.raises(Refused, match="不能与"):
        _assign(admin, who, second)
    assert [each.role for each in who.assignments.all()] == [first]


@pytest.mark.parametrize(
    ("begins", "ends", "is_apart"),
    [
        (date(2025, 4, 1), None, True),
        (date(2025, 3, 31), None, False),
        (date(2025, 3, 3), date(2025, 3, 9), True),
        (date(2025, 3, 3), date(2025, 3, 10), False),
    ],
)
def test_前后相接的任期不算兼任_重叠一天就算(admin: Actor, begins: date, ends: date | None, is_apart: bool) -> None:
    who, _ = users.create_user(actor=admin, username="zhangsan", name="张三", at=NOW)
    _assign(admin, who, Role.AUDIT_ADMIN, date(2025, 3, 10), date(2025, 3, 31))
    if is_apart:
        _assign(admin, who, Role.REVIEWER, begins, ends)
    else:
        with pytest.raises(Refused, match="三员分开"):
            _assign(admin, who, Role.REVIEWER, begins, ends)


def test_业务岗位可以兼任_同一岗位不重复(admin: Actor) -> None:
    who, _ = users.create_user(actor=admin, username="zhangsan", name="张三", at=NOW)
    _assign(admin, who, Role.REVIEWER)
    _assign(admin, who, Role.APPROVER)
    with pytest.raises(Refused, match="已经是示例县的复核人"):
        _assign(admin, who, Role.REVIEWER)


def test_岗位期限要合理(admin: Actor) -> None:
    who, _ = users.create_user(actor=admin, username="zhangsan", name="张三", at=NOW)
    with pytest.raises(Refused, match="早于开始日期"):
        _assign(admin, who, Role.REVIEWER, date(2025, 4, 2), date(2025, 4, 1))
    with pytest.raises(Refused, match="已经过去"):
        _assign(admin, who, Role.REVIEWER, date(2025, 1, 1), date(2025, 3, 2))


def test_没有人管理自己(admin: Actor) -> None:
    me = admin.user
    own = me.assignments.get()
    tries = (
        lambda: _assign(admin, me, Role.SECURITY_ADMIN, date(2026, 1, 1)),
        lambda: users.reset_password(actor=admin, user_id=me.pk, at=NOW),
        lambda: users.reset_second_factor(actor=admin, user_id=me.pk, at=NOW),
        lambda: users.switch_user(actor=admin, user_id=me.pk, is_active=False, at=NOW),
        lambda: users.unlock(actor=admin, user_id=me.pk, at=NOW),
        lambda: users.end_role(actor=admin, assignment_id=own.pk, ends=TODAY, at=NOW),
    )
    for attempt in tries:
        with pytest.raises(Refused, match="另一位安全管理员"):
            attempt()
    assert not TrailEntry.objects.exists()


def test_管辖外的用户视为不存在(admin: Actor) -> None:
    east = made_up.actor(Role.SECURITY_ADMIN, made_up.region("东镇"), "east_admin")
    western = made_up.user(Role.TOWN_CLERK, made_up.region("西镇"))
    nobody, _ = users.create_user(actor=admin, username="fresh", name="新人", at=NOW)
    with pytest.raises(Absent):
        users.reset_password(actor=east, user_id=western.pk, at=NOW)
    with pytest.raises(Absent):
        queries.user(east, western.pk)
    with pytest.raises(Absent):
        _assign(east, nobody, Role.TOWN_CLERK)
    assert {state.user.username for state in queries.users(east)} == {"east_admin", "fresh"}
    users.reset_password(actor=admin, user_id=western.pk, at=NOW)


def test_不是安全管理员不能管理用户(admin: Actor) -> None:
    clerk = made_up.actor(Role.COUNTY_CLERK, made_up.region("示例县"))
    with pytest.raises(Refused, match="安全管理员"):
        users.create_user(actor=clerk, username="zhangsan", name="张三", at=NOW)


def test_岗位最早从昨天起结束_不改过去(admin: Actor) -> None:
    who = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    held = who.assignments.get()
    with pytest.raises(Refused, match="不能在 2025-03-02 之前结束"):
        users.end_role(actor=admin, assignment_id=held.pk, ends=date(2025, 3, 1), at=NOW)
    users.end_role(actor=admin, assignment_id=held.pk, ends=date(2025, 3, 2), at=NOW)
    assert not actor_of(who, TODAY).roles
    assert actor_of(who, date(2025, 3, 2)).roles == {Role.REVIEWER}


def test_停用后没有权限也没有代办(admin: Actor) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    _delegate(giver, taker)
    assert actor_of(taker, TODAY).may(Action.REVIEW_CASE)
    users.switch_user(actor=admin, user_id=giver.pk, is_active=False, at=NOW)
    assert not actor_of(taker, TODAY).may(Action.REVIEW_CASE)
    giver.refresh_from_db()
    assert not actor_of(giver, TODAY).roles


def _delegate(giver: User, taker: User, begins: date = TODAY, ends: date = date(2025, 3, 14)) -> Delegation:
    return delegations.delegate(
        actor=actor_of(giver, TODAY),
        assignment_id=giver.assignments.get().pk,
        delegate_id=taker.pk,
        begins=begins,
        ends=ends,
        reason="年休假",
        at=NOW,
    )


def test_委托期间受托人代办_留痕写明代谁_撤回即止(admin: Actor) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    made = _delegate(giver, taker)
    assert actor_of(taker, TODAY).behalf(Action.REVIEW_CASE) == giver
    assert actor_of(taker, date(2025, 3, 14)).may(Action.REVIEW_CASE)
    assert not actor_of(taker, date(2025, 3, 15)).may(Action.REVIEW_CASE)
    assert len(queries.live_delegations(actor_of(giver, TODAY))) == 1
    assert len(queries.live_delegations(actor_of(taker, TODAY))) == 1
    with pytest.raises(Absent):
        delegations.revoke(actor=actor_of(taker, TODAY), delegation_id=made.pk, at=NOW)
    delegations.revoke(actor=actor_of(giver, TODAY), delegation_id=made.pk, at=datetime(2025, 3, 4, 9, 0))
    assert not actor_of(taker, TODAY).may(Action.REVIEW_CASE)
    assert [entry.action for entry in TrailEntry.objects.order_by("number")] == [
        "delegation.made",
        "delegation.revoked",
    ]
    with pytest.raises(Refused, match="不需要再撤回"):
        delegations.revoke(actor=actor_of(giver, TODAY), delegation_id=made.pk, at=NOW)


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        (date(2025, 3, 2), date(2025, 3, 9), "不能从过去"),
        (date(2025, 3, 9), date(2025, 3, 8), "早于开始日期"),
        (date(2025, 3, 3), date(2025, 7, 1), "任期"),
    ],
)
def test_不合理的委托期限被拒绝(admin: Actor, begins: date, ends: date, why: str) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    giver.assignments.update(ends=date(2025, 6, 30))
    with pytest.raises(Refused, match=why):
        _delegate(giver, taker, begins, ends)


def test_不能委托给自己_管理员_停用的人_也不能重复(admin: Actor) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    with pytest.raises(Refused, match="自己"):
        _delegate(giver, giver)
    with pytest.raises(Refused, match="管理员"):
        _delegate(giver, admin.user)
    _delegate(giver, taker)
    with pytest.raises(Refused, match="已经委托给"):
        _delegate(giver, taker)
    User.objects.filter(pk=taker.pk).update(is_active=False)
    with pytest.raises(Absent):
        _delegate(giver, taker)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR])
def test_审计人员和绩效评价人不受委托_立过的也不生效(admin: Actor, role: Role) -> None:
    top = made_up.region("示例县")
    giver = made_up.user(Role.COUNTY_CLERK, top)
    both = made_up.user(Role.REVIEWER, top, "both")
    other = made_up.user(role, top)
    made = _delegate(giver, both)
    assert actor_of(both, TODAY).may(Action.CHECK_CASE)
    with pytest.raises(Refused, match="不办业务，不能受委托"):
        _delegate(giver, other, date(2025, 3, 20), date(2025, 3, 21))
    with pytest.raises(Refused, match="受委托代办"):
        _assign(admin, both, role)
    assert both in queries.colleagues(actor_of(giver, TODAY))
    # As it stood before this version: the delegation is there, and not in force on days of such a role.
    Assignment.objects.create(user=both, role=role.value, region=top, begins=TODAY, ends=date(2025, 3, 5))
    assert not actor_of(both, TODAY).may(Action.CHECK_CASE)
    assert all(not each.behalf for one in actors_on(TODAY) for each in one.grants)
    assert actor_of(both, date(2025, 3, 6)).may(Action.CHECK_CASE)
    assert {each.username for each in queries.colleagues(actor_of(giver, TODAY))}.isdisjoint({"both", other.username})
    delegations.revoke(actor=actor_of(giver, TODAY), delegation_id=made.pk, at=NOW)


def test_受托的岗位不能再转委托(admin: Actor) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    _delegate(giver, taker)
    with pytest.raises(Absent):
        delegations.delegate(
            actor=actor_of(taker, TODAY),
            assignment_id=giver.assignments.get().pk,
            delegate_id=taker.pk,
            begins=TODAY,
            ends=TODAY,
            reason="转委托",
            at=NOW,
        )


def test_受托代办期间不能当管理员(admin: Actor) -> None:
    giver = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    taker = made_up.user(Role.APPROVER, made_up.region("示例县"))
    _delegate(giver, taker)
    users.end_role(actor=admin, assignment_id=taker.assignments.get().pk, ends=date(2025, 3, 2), at=NOW)
    with pytest.raises(Refused, match="受委托代办"):
        _assign(admin, taker, Role.AUDIT_ADMIN)
