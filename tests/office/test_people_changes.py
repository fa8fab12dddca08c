"""Changes by hand: versions, papers, touch and trail; death, moves, identities and back; no numbers in the trail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from tests.office import made_up
from tests.office.importing import certno
from tuodi.office.access import Actor
from tuodi.office.holding_end import end_of
from tuodi.office.models import Holding, Person, Touch, TrailEntry
from tuodi.office.numbers import certno_of, phone_of
from tuodi.office.operations import identities, people
from tuodi.office.operations.people import Facts
from tuodi.office.queries.person_history import person_history
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

both = pytest.mark.usefixtures("both_databases")
PAPER = "派出所证明"


def _clerk() -> Actor:
    return made_up.actor(Role.COUNTY_CLERK, made_up.county())


def _asked(clerk: Actor, who: Person) -> dict[str, Any]:
    who.refresh_from_db()
    return {"actor": clerk, "person_id": who.pk, "version": who.version, "evidence": PAPER, "at": made_up.NOW}


def _on(holding: Holding) -> date | None:
    holding.refresh_from_db()
    return holding.end


@pytest.mark.parametrize(
    ("stated", "absent", "corrected", "died", "end"),
    [
        (None, None, None, None, None),
        ("2025-06-30", None, None, None, "2025-06-30"),
        (None, "2025-03-01", None, None, "2025-02-28"),
        ("2025-01-31", "2025-03-01", None, None, "2025-01-31"),
        ("2025-06-30", "2025-03-01", "2025-05-31", None, "2025-05-31"),
        ("2025-06-30", "2025-03-01", "open", None, None),
        ("2025-06-30", None, None, "2025-03-15", "2025-03-15"),
        (None, None, "2025-05-31", "2025-03-15", "2025-03-15"),
        (None, None, "2025-03-14", "2025-03-15", "2025-03-14"),
        (None, "2025-03-01", None, "2025-03-15", "2025-02-28"),
    ],
)
def test_身份的结束日期由名册更正和死亡决定(
    stated: str | None, absent: str | None, corrected: str | None, died: str | None, end: str | None
) -> None:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text and text != "open" else None

    holding = Holding(
        begin=date(2024, 1, 1),
        stated_end=day(stated),
        absent_on=day(absent),
        corrected=corrected is not None,
        corrected_end=day(corrected),
    )
    assert end_of(holding, day(died)) == day(end)


@both
def test_更正基本信息留下前后但不留完整号码() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"), certno(1, date(1960, 1, 1)))
    number = certno(1, date(1960, 1, 2))
    facts = Facts(
        psn_name="单一",
        brdy=date(1960, 1, 2),
        certno=f" {number[:6]} {number[6:].lower()}",
        phone="13900001111",
        region_id=made_up.region("西镇").pk,
    )
    people.correct_person(facts=facts, **_asked(clerk, who))
    who.refresh_from_db()
    assert (who.psn_name, who.initials, who.brdy, who.region) == (
        "单一",
        "sy",
        date(1960, 1, 2),
        made_up.region("西镇"),
    )
    assert (certno_of(who), phone_of(who), who.version) == (number, "13900001111", 2)
    assert set(who.facts_on) == {"psn_name", "brdy", "certno", "phone", "region"}
    assert who.facts_on["psn_name"] == "2025-03-03T09:00"
    (entry,) = TrailEntry.objects.all()
    assert (entry.action, entry.subject, entry.region) == ("person.corrected", f"person {who.pk}", "990001002")
    assert '"赵一","单一"' in entry.detail
    assert PAPER in entry.detail
    for secret in (number, certno(1, date(1960, 1, 1)), "13900001111"):
        assert secret not in entry.detail
    assert Touch.objects.get().user == clerk.user
    (line,) = person_history(clerk, who.pk)
    assert "姓名：赵一 → 单一" in line.changes
    assert "所属乡镇：东镇 → 西镇" in line.changes
    assert line.grounds == PAPER
    with pytest.raises(Refused, match="没有改动"):
        people.correct_person(facts=facts, **_asked(clerk, who))


@both
def test_证件与出生日期不符的提醒而不拒绝() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"), brdy=date(1960, 1, 1))
    told = people.correct_person(facts=Facts(certno=certno(1, date(1960, 1, 2))), **_asked(clerk, who))
    assert any("1960-01-01 与证件号码中的 1960-01-02 不一致" in sentence for sentence in told)


def _refused_facts() -> list[tuple[str, Facts, str]]:
    good = certno(1, date(1960, 1, 1))
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    return [
        ("校验码不符", Facts(certno=wrong), "校验码不符"),
        ("位数不对", Facts(certno=good[:-1]), "17 位"),
        ("已遮盖", Facts(certno="9900**********0011"), "只能由字母、数字"),
        ("别人的号码", Facts(certno=certno(1, date(1970, 12, 31))), "钱二"),
        ("别镇人的旧证", Facts(certno="990001800101001"), "别的乡镇"),
        ("姓名为空", Facts(psn_name=" "), "请填写姓名"),
        ("姓名太长", Facts(psn_name="赵" * 61), "60 个字"),
        ("姓名里有换行", Facts(psn_name="赵\n一"), "换行"),
        ("姓名里有零字符", Facts(psn_name="赵\0一"), "看不见的字符"),
        ("明天出生", Facts(brdy=made_up.TODAY + timedelta(days=1)), "晚于今天"),
        ("电话太短", Facts(phone="139000"), "7 至 15 位"),
        ("没有改动", Facts(psn_name="赵一"), "没有改动"),
    ]


@both
def test_不对的更正被拒绝_什么都不变() -> None:
    made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    clerk = made_up.actor(Role.TOWN_CLERK, east)
    who = made_up.person("P1", "赵一", east)
    made_up.person("P2", "钱二", east, certno(1, date(1970, 12, 31)))
    made_up.person("P3", "孙三", west, certno(1, date(1980, 1, 1)))
    for case, facts, why in [*_refused_facts(), ("别的乡镇", Facts(region_id=west.pk), "您管辖的乡镇")]:
        with pytest.raises(Refused, match=why):
            people.correct_person(facts=facts, **_asked(clerk, who))
        who.refresh_from_db()
        assert (who.version, who.psn_name, who.certno_index) == (1, "赵一", ""), case
    for evidence, why in (("", "依据的材料"), ("证", "至少 2 个字"), ("身份证990001196001010013", "不要写证件号码")):
        with pytest.raises(Refused, match=why):
            people.correct_person(facts=Facts(psn_name="赵大"), **{**_asked(clerk, who), "evidence": evidence})
    assert not TrailEntry.objects.exists()
    assert not Touch.objects.exists()


@both
def test_旧页面提交被拒绝并说出期间的改动() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    old = _asked(clerk, who)
    people.correct_person(facts=Facts(psn_name="赵大"), **old)
    with pytest.raises(Refused, match="县级经办人甲于 2025-03-03 09:00 更正基本信息（姓名：赵一 → 赵大）"):
        people.correct_person(facts=Facts(psn_name="赵二"), **old)
    with pytest.raises(Refused, match="重新打开"):
        people.record_death(died_on=made_up.TODAY, **old)
    who.refresh_from_db()
    assert (who.psn_name, who.died_on) == ("赵大", None)


@both
def test_管辖外的人和不存在的人都视为不存在() -> None:
    made_up.county()
    east = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    west = made_up.person("P1", "赵一", made_up.region("西镇"))
    nowhere = made_up.person("P2", "钱二", None)  # type: ignore[arg-type]
    held = made_up.holding(west, "低保对象", date(2024, 1, 1))
    for who in (west, nowhere):
        with pytest.raises(Absent):
            people.correct_person(facts=Facts(psn_name="赵大"), **_asked(east, who))
    with pytest.raises(Absent):
        people.record_death(died_on=made_up.TODAY, **{**_asked(east, west), "person_id": 10**9})
    told = _asked(east, west)
    del told["person_id"]
    with pytest.raises(Absent):
        identities.withdraw_identity(holding_id=held.pk, **told)


@both
def test_死亡次日起身份终止_撤销后恢复() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"), brdy=date(1950, 1, 1))
    open_end = made_up.holding(who, "低保对象", date(2024, 1, 1))
    ended = made_up.holding(who, "特困人员", date(2023, 1, 1), date(2023, 12, 31))
    later = made_up.holding(who, "孤儿", date(2025, 3, 1))
    people.record_death(died_on=date(2025, 2, 10), **_asked(clerk, who))
    assert (_on(open_end), _on(ended)) == (date(2025, 2, 10), date(2023, 12, 31))
    # It would have begun after the death: never held.
    assert _on(later) == date(2025, 2, 10)
    with pytest.raises(Refused, match="已登记于 2025-02-10 死亡"):
        people.record_death(died_on=date(2025, 2, 11), **_asked(clerk, who))
    people.withdraw_death(**_asked(clerk, who))
    assert (_on(open_end), _on(ended), _on(later)) == (None, date(2023, 12, 31), None)
    who.refresh_from_db()
    assert (who.died_on, who.version) == (None, 3)
    assert [entry.action for entry in TrailEntry.objects.order_by("number")] == [
        "person.died",
        "person.death_withdrawn",
    ]


@both
@pytest.mark.parametrize(
    ("day", "why"),
    [(None, "请填写死亡日期"), (date(2025, 3, 4), "晚于今天"), (date(1949, 12, 31), "早于出生日期")],
)
def test_不可能的死亡日期被拒绝(day: date | None, why: str) -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"), brdy=date(1950, 1, 1))
    with pytest.raises(Refused, match=why):
        people.record_death(died_on=day, **_asked(clerk, who))


@both
def test_迁出与迁回() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    held = made_up.holding(who, "低保对象", date(2024, 1, 1))
    people.move_out(day=date(2025, 2, 1), to="外省某县", **_asked(clerk, who))
    who.refresh_from_db()
    assert (who.moved_out_on, who.moved_out_to, _on(held)) == (date(2025, 2, 1), "外省某县", None)
    with pytest.raises(Refused, match="已登记于 2025-02-01 迁出"):
        people.move_out(day=date(2025, 2, 2), to="别处", **_asked(clerk, who))
    people.move_back(**_asked(clerk, who))
    who.refresh_from_db()
    assert (who.moved_out_on, who.moved_out_to) == (None, "")
    with pytest.raises(Refused, match="没有迁出登记"):
        people.move_back(**_asked(clerk, who))


@both
def test_补录更正作废和恢复身份() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    identities.add_identity(identity="低保对象", begin=date(2025, 1, 1), end=None, **_asked(clerk, who))
    held = Holding.objects.get()
    assert (held.source, held.evidence, held.end) == ("人工补录", PAPER, None)

    def change(operation: Callable[..., Any], **more: Any) -> None:
        told = _asked(clerk, who)
        del told["person_id"]
        operation(holding_id=held.pk, **told, **more)
        held.refresh_from_db()

    change(identities.correct_identity, end=date(2025, 2, 28))
    assert (held.corrected, held.end) == (True, date(2025, 2, 28))
    change(identities.follow_lists_again)
    assert (held.corrected, held.end) == (False, None)
    change(identities.withdraw_identity)
    assert held.withdrawn
    with pytest.raises(Refused, match="已作废"):
        change(identities.correct_identity, end=None)
    change(identities.restore_identity)
    assert not held.withdrawn
    with pytest.raises(Refused, match="早于开始日期"):
        change(identities.correct_identity, end=date(2024, 12, 31))
    assert TrailEntry.objects.count() == Touch.objects.count() == 5


@both
@pytest.mark.parametrize(
    ("identity", "begin", "end", "why"),
    [
        ("没有的身份", date(2025, 1, 1), None, "从列表中选择"),
        ("低保对象", None, None, "开始日期"),
        ("低保对象", date(1949, 1, 1), None, "早于出生日期"),
        ("低保对象", date(2025, 1, 2), date(2025, 1, 1), "早于开始日期"),
        ("特困人员", date(2024, 1, 1), None, "已有从 2024-01-01 开始"),
        ("特困人员", date(2024, 12, 31), None, "重叠"),
        ("特困人员", date(2023, 1, 1), date(2024, 1, 1), "重叠"),
        ("特困人员", date(2023, 1, 1), None, "重叠"),
    ],
)
def test_不对的身份不能补录(identity: str, begin: date | None, end: date | None, why: str) -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"), brdy=date(1950, 1, 1))
    made_up.holding(who, "特困人员", date(2024, 1, 1), date(2024, 12, 31))
    with pytest.raises(Refused, match=why):
        identities.add_identity(identity=identity, begin=begin, end=end, **_asked(clerk, who))
    assert Holding.objects.count() == 1


@both
def test_紧接着的同一身份可以补录() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    made_up.holding(who, "特困人员", date(2024, 1, 1), date(2024, 12, 31))
    identities.add_identity(identity="特困人员", begin=date(2025, 1, 1), end=None, **_asked(clerk, who))
    assert Holding.objects.count() == 2


@both
def test_家庭编号的更正与取消() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    people.change_household(family_no="F1", **_asked(clerk, who))
    who.refresh_from_db()
    assert who.household is not None and who.household.family_no == "F1"
    with pytest.raises(Refused, match="没有改动"):
        people.change_household(family_no=" F1 ", **_asked(clerk, who))
    people.change_household(family_no="", **_asked(clerk, who))
    who.refresh_from_db()
    assert who.household is None


@both
def test_两人同时提交同一版本只有一人成功() -> None:
    clerk = _clerk()
    who = made_up.person("P1", "赵一", made_up.region("东镇"))
    told = _asked(clerk, who)
    start = Barrier(2)

    def correct(name: str) -> str:
        start.wait()
        try:
            people.correct_person(facts=Facts(psn_name=name), **told)
        except Refused:
            return ""
        finally:
            connections.close_all()
        return name

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(correct, ["赵甲", "赵乙"]))
    who.refresh_from_db()
    assert sorted(done)[0] == "" and sorted(done)[1] == who.psn_name
    assert (who.version, TrailEntry.objects.count()) == (2, 1)
