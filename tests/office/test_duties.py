"""Separated duties (T10): nobody is on two steps of one case, nor on one whose facts they touched, whoever asks how."""

from datetime import date, datetime, timedelta
from itertools import permutations
from threading import Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.office import made_up
from tests.office.made_up_cases import decided, open_case, refresh, settlement
from tuodi.office.access import Actor, actor_of, actors_on
from tuodi.office.case_deadlines import step_deadlines
from tuodi.office.models import (
    Assignment,
    Case,
    Decision,
    Delegation,
    ImportBatch,
    Person,
    Sender,
    Touch,
    TrailEntry,
    User,
)
from tuodi.office.models.cases import Step
from tuodi.office.operations import decisions
from tuodi.office.operations.decisions import decide, decide_many
from tuodi.office.operations.writing import writing
from tuodi.office.queries import duties
from tuodi.office.queries.cases import find, queue, seen_token
from tuodi.office.queries.duties import Bars, eligible, steps_without_person, why_not
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")

ROLE_OF = {1: Role.COUNTY_CLERK, 2: Role.REVIEWER, 3: Role.APPROVER}
LONG_AGO, FAR = date(2024, 1, 1), date(2030, 1, 1)


def all_steps(name: str) -> User:
    """Make a user who has the role of every step."""
    made = made_up.user(Role.COUNTY_CLERK, made_up.region("示例县"), name)
    User.objects.filter(pk=made.pk).update(name=name)
    for role in (Role.REVIEWER, Role.APPROVER):
        Assignment.objects.create(user=made, role=role, region=made_up.region("示例县"), begins=LONG_AGO)
    return User.objects.get(pk=made.pk)


def delegate(giver: User, taker: User, role: Role | None = None) -> None:
    """Let ``taker`` do ``giver``'s work."""
    for assignment in giver.assignments.filter(**({"role": role} if role else {})):
        Delegation.objects.create(assignment=assignment, delegate=taker, begins=LONG_AGO, ends=FAR, reason="休假")


def plain(name: str) -> User:
    """Make a user without a role."""
    return User.objects.create(username=name, name=name, created_at=made_up.NOW)


def case_at(step: int) -> Case:
    made_up.county()
    person = made_up.person("P1", "赵一", made_up.region("东镇"))
    return open_case(person, next_step=step)


def by(case: Case, step: int, user: User, behalf: User | None = None) -> None:
    """Write a decision past the program."""
    with transaction.atomic():
        Decision.objects.create(
            case=case, step=step, outcome="pass", decided_by=user, on_behalf_of=behalf, at=made_up.NOW
        )


# who did the first step (user, for whom), who tries the second one
WAYS = {
    "本人先后两步": (("甲", None), ("甲", None)),
    "本人一步_受托人代办另一步": (("甲", None), ("乙", "甲")),
    "受托人代办一步_委托人办另一步": (("乙", "甲"), ("甲", None)),
    "受托人代办一步_又以本人名义办": (("乙", "甲"), ("乙", None)),
    "受托人先后代办两步": (("乙", "甲"), ("乙", "甲")),
    "两个受托人代同一人办两步": (("乙", "甲"), ("丙", "甲")),
    "本人一步_又代别人办": (("乙", None), ("乙", "甲")),
    "代两个不同的人办两步": (("乙", "甲"), ("乙", "丙")),
}
PAIRS = list(permutations((1, 2, 3), 2))


@pytest.mark.parametrize("way", WAYS)
def test_任意两步由同一人办理_程序和数据库都拒绝(way: str) -> None:
    made_up.county()
    person = made_up.person("P1", "赵一", made_up.region("东镇"))
    (first, first_for), (second, second_for) = WAYS[way]
    allowed = []
    for number, (done, tried) in enumerate(PAIRS):
        case = open_case(person, f"S{number}", next_step=tried)
        users = {name: plain(f"{name}{number}") for name in "甲乙丙"}

        def give(name: str, step: int, behalf: str | None, users: dict[str, User] = users) -> None:
            holder = users[behalf or name]
            made, _ = Assignment.objects.get_or_create(
                user=holder, role=ROLE_OF[step], region=made_up.region("示例县"), begins=LONG_AGO
            )
            if behalf:
                Delegation.objects.get_or_create(
                    assignment=made, delegate=users[name], begins=LONG_AGO, ends=FAR, reason="休假"
                )

        give(second, tried, second_for)
        by(case, done, users[first], users.get(first_for or ""))
        with pytest.raises(Refused, match="各步骤须由不同的人办理"):
            decided(users[second], case)
        with pytest.raises(DatabaseError, match="duties-apart"):
            by(case, tried, users[second], users.get(second_for or ""))
        allowed += Decision.objects.filter(case=case, step=tried)
    assert allowed == []


@pytest.mark.parametrize("way", ["bulk_create", "sql", "replace"])
def test_数据库拒绝其他写法(way: str) -> None:
    case = case_at(1)
    someone = plain("甲")
    by(case, 1, someone)
    first = Decision.objects.get()
    with pytest.raises(DatabaseError, match="duties-apart|insert-only"), transaction.atomic():
        if way == "bulk_create":
            Decision.objects.bulk_create(
                [Decision(case=case, step=2, outcome="pass", decided_by=someone, at=made_up.NOW)]
            )
        else:
            # Replacing the first decision would free its user: SQLite fires the delete trigger too.
            number, verb = (first.pk, "INSERT OR REPLACE") if way == "replace" else (99, "INSERT")
            if connection.vendor == "postgresql":
                verb = "INSERT"
            with connection.cursor() as cursor:
                cursor.execute(
                    f"{verb} INTO office_decision (id, case_id, step, outcome, decided_by_id, reason, seen_digest, at)"
                    " VALUES (%s, %s, 2, 'pass', %s, '', '', %s)",
                    [number, case.pk, someone.pk, made_up.NOW],
                )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("change", ["update", "delete"])
def test_办过的记录不能改不能删(change: str) -> None:
    case = case_at(1)
    by(case, 1, plain("甲"))
    other = plain("乙")
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        if change == "update":
            Decision.objects.update(decided_by=other)
        else:
            Decision.objects.all().delete()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_管理员和审计不办任何一步(role: Role, step: int) -> None:
    case = case_at(step)
    admin = made_up.user(role, made_up.region("示例县"))
    with pytest.raises(Refused, match="没有做这件事的权限"):
        decided(admin, case)


# --- touches --------------------

MERGES = {
    "本人": (),
    "改的是合并进来的记录": (("P2", "P1"),),
    "疑点挂在被合并的记录上": (("P1", "P2"),),
    "两条重复记录并到第三条": (("P1", "P3"), ("P2", "P3")),
}


@pytest.mark.parametrize("merge", MERGES)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_改过当事人信息的不办_合并的记录也算(merge: str, step: int) -> None:
    case = case_at(step)
    for number in ("P2", "P3"):
        made_up.person(number, "赵一", made_up.region("东镇"))
    for duplicate, survivor in MERGES[merge]:
        Person.objects.filter(psn_no=duplicate).update(merged_into=Person.objects.get(psn_no=survivor))
    someone = all_steps("甲")
    touched = "P2" if MERGES[merge] else "P1"
    Touch.objects.create(person=Person.objects.get(psn_no=touched), user=someone, what="identity", at=made_up.NOW)
    with pytest.raises(Refused, match="您于2025-03-03录入或更改过当事人的信息"):
        decided(someone, case)
    with pytest.raises(DatabaseError, match="duties-apart"):
        by(case, step, someone)
    assert not queue(actor_of(someone, made_up.TODAY)).exists()
    decided(all_steps("乙"), case)


def test_改过别人信息的可以办() -> None:
    case = case_at(1)
    someone = all_steps("甲")
    other = made_up.person("P2", "钱二", made_up.region("东镇"))
    Touch.objects.create(person=other, user=someone, what="identity", at=made_up.NOW)
    assert decided(someone, case).step == 1


def test_委托人改过的受托人不能代办_但可以以本人名义办() -> None:
    case = case_at(1)
    giver, taker = all_steps("甲"), plain("乙")
    delegate(giver, taker)
    Touch.objects.create(person=case.person, user=giver, what="identity", at=made_up.NOW)
    with pytest.raises(Refused, match="您所代理的甲于2025-03-03录入或更改过"):
        decided(taker, case)
    Assignment.objects.create(user=taker, role=Role.COUNTY_CLERK, region=made_up.region("示例县"), begins=LONG_AGO)
    decision = decided(taker, case)
    assert (decision.decided_by, decision.on_behalf_of) == (taker, None)


def test_代办修改算两个人的() -> None:
    case = case_at(1)
    giver, taker = all_steps("甲"), plain("乙")
    delegate(giver, taker)
    with writing(actor_of(taker, made_up.TODAY), Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.touch(case.person, "identity")
        write.log("person.changed", "person 1", made_up.region("东镇"))
    assert set(Touch.objects.values_list("user__username", flat=True)) == {"甲", "乙"}
    with pytest.raises(Refused, match="您于2025-03-03录入或更改过"):
        decided(giver, case)


def test_两个委托人之一办过_以另一个的名义办_留痕写明() -> None:
    case = case_at(2)
    first, second, taker = all_steps("甲"), all_steps("乙"), plain("丙")
    delegate(first, taker)
    delegate(second, taker)
    by(case, 1, first)
    decision = decided(taker, case)
    assert (decision.decided_by, decision.on_behalf_of) == (taker, second)
    entry = TrailEntry.objects.filter(subject=f"case {case.pk}").latest("number")
    assert (entry.actor, entry.on_behalf_of) == ("丙", "乙")


def test_导入或确认文件不算改过信息() -> None:
    top = made_up.county()
    clerk, reviewer = made_up.user(Role.COUNTY_CLERK, top), made_up.user(Role.REVIEWER, top)
    person = made_up.person("P1", "赵一", made_up.region("东镇"))
    made_up.holding(person, "低保对象", date(2020, 1, 1))
    imported(clerk, reviewer)
    refresh(actor_of(clerk, made_up.TODAY), [settlement(person, "S1", 1000_00, 400_00)])
    assert not Touch.objects.exists()
    assert decided(clerk, Case.objects.get()).step == 1


def imported(clerk: User, reviewer: User) -> None:
    """Leave what an applied import leaves."""
    region = made_up.region("示例县")
    sender = Sender.objects.create(kind="settlements", name="医保平台", region=region)
    ImportBatch.objects.create(
        token="0" * 32, kind="settlements", sender=sender, region=region, as_of=made_up.TODAY, file_name="a.csv",
        file_bytes=1, sha256="0" * 64, uploaded_by=clerk, uploaded_at=made_up.NOW, confirmed_by=reviewer,
        confirmed_at=made_up.NOW,
    )  # fmt: skip


def test_数据库的拒绝也说成一句话(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_at(2)
    someone = all_steps("甲")
    by(case, 1, someone)
    # The program looks away; the database does not.
    monkeypatch.setattr(decisions, "bars_of", lambda _case: Bars())
    with pytest.raises(Refused, match="您已经办过这件疑点的核实，各步骤须由不同的人办理"):
        decided(someone, case)
    assert Decision.objects.count() == 1
    assert Case.objects.get().next_step == 2


# --- at the same time --------------------


def _together(*calls: object) -> list[str]:
    results: list[str] = []

    def run(call: object) -> None:
        try:
            call()  # type: ignore[operator]
            results.append("done")
        except Refused as refused:
            results.append(str(refused))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_两人同时办同一步_只成一个() -> None:
    case = case_at(1)
    users = [all_steps(name) for name in ("甲", "乙", "丙")]
    seen = seen_token(find(actor_of(users[0], made_up.TODAY), case.pk))

    def call(user: User) -> object:
        actor = actor_of(user, made_up.TODAY)
        return lambda: decide(actor=actor, case_id=case.pk, step=1, outcome="pass", seen_digest=seen, at=made_up.NOW)

    results = _together(*map(call, users))
    assert results.count("done") == 1
    assert all("现在等待复核" in result for result in results if result != "done")
    assert Decision.objects.count() == 1


def test_同一人同时办两件的不同步骤互不影响_同一件只成一步() -> None:
    case = case_at(1)
    other = open_case(case.person, "S2", next_step=2)
    someone = all_steps("甲")
    actor = actor_of(someone, made_up.TODAY)

    def call(which: Case, step: int) -> object:
        seen = seen_token(find(actor, which.pk))
        return lambda: decide(
            actor=actor, case_id=which.pk, step=step, outcome="pass", seen_digest=seen, at=made_up.NOW
        )

    assert _together(call(case, 1), call(other, 2)) == ["done", "done"]


# --- who is left --------------------


def test_按日期的权限_与单个用户一致() -> None:
    made_up.county()
    giver, taker = all_steps("甲"), plain("乙")
    delegate(giver, taker)
    ended = made_up.user(Role.REVIEWER, made_up.region("东镇"), "ended")
    Assignment.objects.filter(user=ended).update(ends=made_up.TODAY - timedelta(days=1))
    off = made_up.user(Role.REVIEWER, made_up.region("东镇"), "off")
    User.objects.filter(pk=off.pk).update(is_active=False)
    found = {actor.user: actor.grants for actor in actors_on(made_up.TODAY)}
    one_by_one = {user: actor_of(user, made_up.TODAY).grants for user in User.objects.all()}
    assert found == {user: grants for user, grants in one_by_one.items() if grants}
    assert set(found) == {giver, taker}


def test_谁可以办_说明原因和人选() -> None:
    case = case_at(1)
    first, second = made_up.user(Role.COUNTY_CLERK, made_up.region("示例县")), all_steps("乙")
    reviewer = made_up.user(Role.REVIEWER, made_up.region("西镇"))
    assert [doer.spoken for doer in eligible(case, 1, made_up.TODAY)] == ["县级经办人甲", "乙"]
    assert [doer.spoken for doer in eligible(case, 2, made_up.TODAY)] == ["乙"]
    assert why_not(actor_of(first, made_up.TODAY), case, 1) == ""
    decided(second, case)
    told = why_not(actor_of(second, made_up.TODAY), case, 2)
    assert told == (
        "您已经办过这件疑点的核实，各步骤须由不同的人办理；目前没有其他人可以办理，请联系安全管理员为东镇增加复核人。"
    )
    told = why_not(actor_of(reviewer, made_up.TODAY), case, 2)
    assert told.startswith("复核由复核人办理，您没有这项权限；目前没有其他人")


def gaps(actor: Actor) -> tuple[list[tuple[str, str, date]], list[tuple[str, str, int]]]:
    found = steps_without_person(actor)
    return (
        [(gap.region.name, gap.step_names, gap.since) for gap in found.regions],
        [(gap.region.name, gap.step_names, gap.cases) for gap in found.cases],
    )


class Town:
    """东镇 with people whose roles are there only."""

    def __init__(self, *roles: tuple[str, Role]) -> None:
        made_up.county()
        self.east = made_up.region("东镇")
        self.users: dict[str, User] = {}
        for name, role in roles:
            if name not in self.users:
                self.users[name] = plain(name)
            Assignment.objects.create(user=self.users[name], role=role, region=self.east, begins=LONG_AGO)

    def actor(self, name: str, day: date = made_up.TODAY) -> Actor:
        return actor_of(self.users[name], day)


THREE = (("经办", Role.TOWN_CLERK), ("复核", Role.REVIEWER), ("审批", Role.APPROVER), ("会计", Role.ACCOUNTANT))


def test_三个人加一名会计可以办完一个镇的一个月() -> None:
    town = Town(*THREE)
    clerk, reviewer = town.users["经办"], town.users["复核"]
    assert gaps(town.actor("经办")) == ([], [])
    imported(clerk, reviewer)
    people = [made_up.person(f"P{n}", "赵", town.east) for n in range(6)]
    stored = []
    for number, person in enumerate(people):
        made_up.holding(person, "低保对象", date(2020, 1, 1))
        # Every second one was paid as due: 70 % of 600.00.
        stored.append(settlement(person, f"S{number}", 1000_00, 400_00, 420_00 * (number % 2)))
    assert refresh(town.actor("经办"), stored).opened == 3
    assert gaps(town.actor("经办")) == ([], [])
    day = made_up.TODAY
    for name, step in (("经办", 1), ("复核", 2), ("审批", 3)):
        day += timedelta(days=1)
        actor = town.actor(name, day)
        seen = {case.pk: seen_token(find(actor, case.pk)) for case in queue(actor)}
        assert len(seen) == 3
        result = decide_many(actor=actor, step=step, seen=seen, at=datetime(day.year, day.month, day.day, 9, 0))
        assert (len(result.done), dict(result.not_done)) == (3, {})
    assert set(Case.objects.values_list("state", flat=True)) == {"approved"}
    assert gaps(town.actor("经办")) == ([], [])


TWO = [
    # who has which role -> steps shown as impossible
    ((("甲", 1), ("乙", 2)), "审批"),
    ((("甲", 1), ("甲", 2), ("乙", 3)), "核实、复核、审批"),
    ((("甲", 1), ("乙", 2), ("乙", 3)), "核实、复核、审批"),
    ((("甲", 1), ("甲", 2), ("甲", 3), ("乙", 1), ("乙", 2), ("乙", 3)), "核实、复核、审批"),
    ((("甲", 1), ("乙", 2), ("丙", 3)), ""),
    ((("甲", 1), ("甲", 2), ("乙", 2), ("乙", 3), ("丙", 1), ("丙", 3)), ""),
    ((("甲", 1),), "复核、审批"),
]


@pytest.mark.parametrize(("roles", "missing"), TWO)
def test_人不够的镇事先看得出来(roles: tuple[tuple[str, int], ...], missing: str) -> None:
    town = Town(*((name, {**ROLE_OF, 1: Role.TOWN_CLERK}[step]) for name, step in roles))
    expected = [("东镇", missing, made_up.TODAY)] if missing else []
    assert gaps(town.actor("甲"))[0] == expected
    open_case(made_up.person("P1", "赵一", town.east))
    assert gaps(town.actor("甲"))[1] == ([("东镇", missing, 1)] if missing else [])


def test_两个人加一个委托_委托人和受托人仍算两个人() -> None:
    town = Town(("甲", Role.TOWN_CLERK), ("乙", Role.REVIEWER), ("丙", Role.APPROVER))
    Assignment.objects.filter(user=town.users["丙"]).update(ends=FAR)
    delegate(town.users["丙"], town.users["甲"])
    User.objects.filter(pk=town.users["丙"].pk).update(is_active=False)
    assert gaps(town.actor("甲"))[0] == [("东镇", "审批", made_up.TODAY)]


# 2025-03-03 is a Monday; ten working days later is Monday 03-17.
ENDS = [
    (date(2025, 3, 2), made_up.TODAY),
    (date(2025, 3, 3), date(2025, 3, 4)),
    (date(2025, 3, 16), date(2025, 3, 17)),
    (date(2025, 3, 17), None),
]


@pytest.mark.parametrize(("ends", "since"), ENDS)
def test_快到期的岗位提前十个工作日提示(ends: date, since: date | None) -> None:
    town = Town(*THREE)
    Assignment.objects.filter(user=town.users["审批"]).update(ends=ends)
    expected = [("东镇", "审批", since)] if since else []
    assert gaps(town.actor("经办"))[0] == expected


def test_快到期的委托也提示_接上的不提示() -> None:
    town = Town(*THREE, ("代", Role.ACCOUNTANT))
    approver = town.users["审批"]
    delegate(approver, town.users["代"])
    Delegation.objects.update(ends=date(2025, 3, 6))
    Assignment.objects.filter(user=approver).update(ends=date(2025, 3, 10))
    assert gaps(town.actor("经办"))[0] == [("东镇", "审批", date(2025, 3, 11))]
    Assignment.objects.create(user=town.users["代"], role=Role.APPROVER, region=town.east, begins=date(2025, 3, 11))
    assert gaps(town.actor("经办"))[0] == []


def test_办过或改过之后没有人可办的疑点_期限之前就列出() -> None:
    town = Town(*THREE)
    touched, returned, fine = (
        open_case(made_up.person(f"P{n}", "赵", town.east), f"S{n}", due_on=date(2025, 3, 10 + n)) for n in range(3)
    )
    Touch.objects.create(person=touched.person, user=town.users["审批"], what="identity", at=made_up.NOW)
    by(returned, 3, town.users["经办"])
    found = steps_without_person(town.actor("复核"))
    assert found.regions == ()
    assert [(gap.step_names, gap.cases, gap.due_on, gap.first_case) for gap in found.cases] == [
        ("审批", 1, date(2025, 3, 10), touched.pk),
        ("核实", 1, date(2025, 3, 11), returned.pk),
    ]
    assert "有权办理的人都已办过其他步骤或改过当事人信息；请另行安排审批人" in found.cases[0].advice


def test_别的镇的缺口看不到() -> None:
    town = Town(*THREE)
    assert [gap.region.name for gap in steps_without_person(town.actor("经办")).regions] == []
    everywhere = actor_of(made_up.user(Role.AUDITOR, made_up.region("示例县")), made_up.TODAY)
    assert [gap.region.name for gap in steps_without_person(everywhere).regions] == ["示例县", "西镇"]


def test_每一步都有动作_期限和来源() -> None:
    assert set(duties.STEP_ACTIONS) == set(step_deadlines()) == set(Step)
    assert all(deadline.working_days > 0 and deadline.source for deadline in step_deadlines().values())
