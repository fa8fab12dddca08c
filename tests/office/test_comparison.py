"""The monthly comparison: each difference just inside and outside, by date; the batch list; who goes to screening."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from tests.office import made_up
from tuodi.office.access import Actor, actor_of
from tuodi.office.models import (
    Assignment,
    Case,
    Enrolment,
    Holding,
    Person,
    PlatformMark,
    Sender,
    Settlement,
    TrailEntry,
)
from tuodi.office.operations.comparison_exports import export_difference, export_ledger
from tuodi.office.operations.platform_list import export_platform_list
from tuodi.office.operations.unmarked import screen_unmarked
from tuodi.office.queries.comparison import Difference, Lists, different, differently_marked, lists_on
from tuodi.office.queries.comparison_lines import lines
from tuodi.office.queries.comparison_members import standing
from tuodi.office.queries.enrolment_ledger import coverage, enrolled, ledger_day, ledger_lines
from tuodi.office.queries.platform_changes import changes_of, unclear_on
from tuodi.office.queries.platform_exports import earlier_exports
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")

DAY = date(2025, 3, 31)
YESTERDAY, TOMORROW = date(2025, 3, 30), date(2025, 4, 1)
LONG_AGO = date(2024, 1, 1)
CERTNO = "990001196001010012"

Period = tuple[str, date, date | None]
LOW: Period = ("低保对象", LONG_AGO, None)


def someone(
    psn_no: str = "P1",
    held: Sequence[Period] = (),
    marks: Sequence[Period] = (),
    state: str | None = "resident",
    where: str = "东镇",
    **fields: object,
) -> Person:
    """Make a person of the county with identities, platform marks and the enrolment of 2025."""
    person = made_up.person(psn_no, f"赵{psn_no}", made_up.region(where), CERTNO, **fields)
    for identity, begin, end in held:
        made_up.holding(person, identity, begin, end)
    for identity, begin, end in marks:
        PlatformMark.objects.create(person=person, identity=identity, begin=begin, end=end, stated_end=end, as_of=DAY)
    if state is not None:
        Enrolment.objects.create(person=person, year=2025, state=state, as_of=DAY)
    return person


def clerk(role: Role = Role.COUNTY_CLERK, where: str = "示例县") -> Actor:
    return made_up.actor(role, made_up.region(where))


@pytest.fixture
def county() -> Actor:
    """The county with somebody whose lists all agree, so that all three lists have come; its clerk."""
    made_up.county()
    someone("P0", [LOW], [LOW])
    return clerk()


def found(actor: Actor, day: date = DAY) -> set[str]:
    """Return the lists that name anybody; counts and lists must agree."""
    counts = standing(actor, day).counts
    for kind, people in standing(actor, day).lists.items():
        listed = list(different(actor, day, kind))
        assert counts[kind] == len(listed), kind
        assert list(people or ()) == listed, kind
    return {kind.value for kind, count in counts.items() if count}


CASES: list[tuple[str, Sequence[Period], Sequence[Period], set[str]]] = [
    ("一致", [LOW], [LOW], set()),
    ("在册没有标识", [LOW], [], {"unmarked"}),
    ("当日开始即在册", [("低保对象", DAY, None)], [], {"unmarked"}),
    ("次日才开始", [("低保对象", TOMORROW, None)], [], set()),
    ("当日仍在册", [("低保对象", LONG_AGO, DAY)], [], {"unmarked"}),
    ("前一日已结束", [("低保对象", LONG_AGO, YESTERDAY)], [], set()),
    ("标识当日才结束", [LOW], [("低保对象", LONG_AGO, DAY)], {"other-dates"}),
    ("标识前一日已结束", [LOW], [("低保对象", LONG_AGO, YESTERDAY)], {"unmarked"}),
    ("标识次日才开始", [LOW], [("低保对象", TOMORROW, None)], {"unmarked"}),
    ("不在册有标识", [], [LOW], {"not-on-roster"}),
    ("前一日退出仍有标识", [("低保对象", LONG_AGO, YESTERDAY)], [LOW], {"not-on-roster"}),
    ("退出当日还算在册", [("低保对象", LONG_AGO, DAY)], [LOW], {"other-dates"}),
    ("标识也已结束", [("低保对象", LONG_AGO, YESTERDAY)], [("低保对象", LONG_AGO, YESTERDAY)], set()),
    ("身份不同", [LOW], [("特困人员", LONG_AGO, None)], {"other-identity"}),
    ("别称算同一身份", [("城乡低保家庭成员", LONG_AGO, None)], [LOW], set()),
    ("小类算大类", [("脱贫不稳定人口", LONG_AGO, None)], [("监测对象", LONG_AGO, None)], set()),
    ("两个身份只标一个", [LOW, ("特困人员", LONG_AGO, None)], [LOW], {"other-identity"}),
    ("一个身份标了两个", [LOW], [LOW, ("特困人员", LONG_AGO, None)], {"other-identity"}),
    ("开始差一天", [LOW], [("低保对象", date(2024, 1, 2), None)], {"other-dates"}),
    ("结束都写明且相同", [("低保对象", LONG_AGO, DAY)], [("低保对象", LONG_AGO, DAY)], set()),
    ("结束一个写明", [LOW], [("低保对象", LONG_AGO, date(2025, 12, 31))], {"other-dates"}),
]


@pytest.mark.parametrize(("held", "marks", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_名册与平台标识(county: Actor, held: Sequence[Period], marks: Sequence[Period], expected: set[str]) -> None:
    someone(held=held, marks=marks)
    assert found(county) == expected
    # Whoever stands in a list of marks has something to change in the platform, and nobody else has.
    wrong = list(differently_marked(county, DAY))
    assert bool(wrong) == bool(expected)
    everybody = list(Person.objects.all())
    assert {person.psn_no for person, _ in changes_of(everybody, DAY)} == {person.psn_no for person in wrong}


MISSPELT: Period = ("低保对像", LONG_AGO, None)
POOREST: Period = ("特困人员", LONG_AGO, None)


@pytest.mark.parametrize(
    ("held", "marks", "left", "changes"),
    [
        ([MISSPELT], [LOW], {}, []),
        ([MISSPELT], [], {}, []),
        ([MISSPELT, POOREST], [LOW], {}, ["新增特困人员，2024-01-01 起"]),
        ([MISSPELT], [LOW], {"died_on": YESTERDAY}, ["终止低保对象，止于 2025-03-30"]),
        ([LOW], [POOREST], {}, ["新增低保对象，2024-01-01 起", "终止特困人员，止于 2025-03-30"]),
    ],
    ids=["写错的不报也不终止", "写错而没有标识", "另一个身份照报", "死亡的照样终止", "都认识"],
)
def test_不认识的身份不报平台_核对前不终止标识(
    county: Actor, held: Sequence[Period], marks: Sequence[Period], left: dict[str, date], changes: list[str]
) -> None:
    person = someone(held=held, marks=marks, **left)
    assert [change.words for _, change in changes_of([person], DAY)] == changes
    told = "“低保对像”" in next(lines([person], DAY, Difference.OTHER_IDENTITY)).advice
    assert told == (MISSPELT in held and not left)
    assert unclear_on(DAY) == (("低保对像",) if MISSPELT in held else ())


def test_平台也用的身份名称照报(county: Actor) -> None:
    local: Period = ("本县自定对象", LONG_AGO, None)
    person = someone("P1", [local])
    assert unclear_on(DAY) == ("本县自定对象",)
    someone("P2", [local], [local])
    assert [change.words for _, change in changes_of([person], DAY)] == ["新增本县自定对象，2024-01-01 起"]
    assert unclear_on(DAY) == ()


def test_只剩不认识的身份_导出时说明(county: Actor) -> None:
    someone(held=[MISSPELT])
    with pytest.raises(Refused, match="有差异的 1 人，名册上的身份不认识"):
        export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason="报送平台三月")
    # The other town has no difference, whatever is misspelt elsewhere.
    west = made_up.region("西镇").pk
    with pytest.raises(Refused, match="没有差异"):
        export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason="报送平台三月", region_id=west)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("resident", set()),
        ("employee", set()),
        ("elsewhere", {"insured-elsewhere"}),
        ("none", {"not-insured"}),
        (None, {"not-insured"}),
    ],
)
def test_名册与参保(county: Actor, state: str | None, expected: set[str]) -> None:
    someone(held=[LOW], marks=[LOW], state=state)
    assert found(county) == expected


def test_不在册的人不问参保(county: Actor) -> None:
    someone(state="none")
    assert found(county) == set()


@pytest.mark.parametrize(
    ("left", "expected"),
    [({"died_on": DAY}, set()), ({"died_on": YESTERDAY}, {"gone"}), ({"moved_out_on": YESTERDAY}, {"gone"})],
    ids=["当日死亡当日还算", "前一日死亡", "前一日迁出"],
)
def test_死亡或迁出仍有标识(county: Actor, left: dict[str, date], expected: set[str]) -> None:
    end = left.get("died_on")
    someone(held=[("低保对象", LONG_AGO, end)], marks=[("低保对象", LONG_AGO, end if not expected else None)], **left)
    assert found(county) == expected


@pytest.mark.parametrize(("died", "expected"), [(DAY, {"unmarked"}), (YESTERDAY, set())])
def test_死亡当日仍应有标识(county: Actor, died: date, expected: set[str]) -> None:
    someone(held=[("低保对象", LONG_AGO, died)], died_on=died)
    assert found(county) == expected
    assert coverage(county, 2025, DAY)[-1].persons == 1 + len(expected)


@pytest.mark.parametrize(
    ("confirmed_on", "expected"),
    [(date(2025, 3, 10), set()), (date(2025, 3, 11), {"gone"})],
    ids=["当日名单", "次日名单"],
)
def test_死后的名册还列着此人(county: Actor, confirmed_on: date, expected: set[str]) -> None:
    died = date(2025, 3, 10)
    person = someone(held=[("低保对象", LONG_AGO, died)], died_on=died)
    Holding.objects.filter(person=person).update(stated_end=None, confirmed_on=confirmed_on)
    assert found(county) == expected


@pytest.mark.parametrize(("died", "expected"), [(date(2024, 12, 31), {"gone"}), (date(2025, 1, 1), set())])
def test_上年死亡今年还参保(county: Actor, died: date, expected: set[str]) -> None:
    someone(died_on=died, state="resident")
    assert found(county) == expected


def test_作废的身份和并入别人的记录不算(county: Actor) -> None:
    withdrawn = someone("P1", [LOW])
    Holding.objects.filter(person=withdrawn).update(withdrawn=True)
    someone("P2", [LOW], merged_into=withdrawn)
    assert found(county) == set()


def test_名单没有导入时不能说人人都有差异() -> None:
    made_up.county()
    someone(held=[LOW], state=None)
    actor = clerk()
    counts = standing(actor, DAY).counts
    assert counts[Difference.UNMARKED] is None
    assert counts[Difference.NOT_INSURED] is None
    assert counts[Difference.GONE] == 0
    assert not different(actor, DAY, Difference.UNMARKED).exists()
    with pytest.raises(Refused, match="还没有导入平台标识名单"):
        export_platform_list(actor=actor, at=made_up.NOW, day=DAY, reason="报送平台三月")


def test_各镇只看到本镇(county: Actor) -> None:
    someone("P1", [LOW], where="东镇")
    someone("P2", [LOW], where="西镇")
    east, west = made_up.region("东镇"), made_up.region("西镇")
    town = clerk(Role.TOWN_CLERK, "东镇")
    assert standing(county, DAY).counts[Difference.UNMARKED] == 2
    assert standing(county, DAY, west.pk).counts[Difference.UNMARKED] == 1
    assert standing(town, DAY).counts[Difference.UNMARKED] == 1
    assert [p.psn_no for p in different(town, DAY, Difference.UNMARKED, east.pk)] == ["P1"]
    for ask in (standing, differently_marked):
        with pytest.raises(Absent):
            ask(town, DAY, west.pk)


def test_数随事实改变(county: Actor) -> None:
    assert standing(county, DAY).counts[Difference.UNMARKED] == 0
    someone("P1", [LOW])
    assert standing(county, DAY).counts[Difference.UNMARKED] == 1


def test_每一行写明三份名单和怎么办(county: Actor) -> None:
    someone("P1", [LOW], [("特困人员", date(2023, 5, 1), None)], state="none")
    (line,) = lines(different(county, DAY, Difference.OTHER_IDENTITY), DAY, Difference.OTHER_IDENTITY)
    assert line.certno == "9900**********0012"
    assert (line.region, line.roster) == ("东镇", "低保对象 2024-01-01 起")
    assert (line.platform, line.enrolment) == ("特困人员 2023-05-01 起", "未参保")
    assert line.advice == "平台新增低保对象，2024-01-01 起；终止特困人员，止于 2025-03-30。"


@pytest.mark.parametrize(
    ("held", "marks", "left", "expected"),
    [
        ([("低保对象", LONG_AGO, date(2025, 6, 30))], [], {}, [("新增", "低保对象", LONG_AGO, date(2025, 6, 30))]),
        ([LOW], [("低保对象", date(2024, 5, 1), None)], {}, [("变更", "低保对象", LONG_AGO, None)]),
        ([("低保对象", LONG_AGO, date(2025, 2, 28))], [LOW], {}, [("终止", "低保对象", LONG_AGO, date(2025, 2, 28))]),
        ([], [LOW], {}, [("终止", "低保对象", LONG_AGO, YESTERDAY)]),
        ([], [("低保对象", DAY, None)], {}, [("终止", "低保对象", DAY, DAY)]),
        ([], [LOW], {"died_on": date(2025, 3, 5)}, [("终止", "低保对象", LONG_AGO, date(2025, 3, 5))]),
        ([LOW], [LOW], {"moved_out_on": date(2025, 3, 6)}, [("终止", "低保对象", LONG_AGO, date(2025, 3, 6))]),
    ],
    ids=["新增照名册起止", "变更照名册起止", "终止于名册结束日", "从未在册", "不早于开始日", "死亡", "迁出"],
)
def test_平台变更名单(
    county: Actor, held: Sequence[Period], marks: Sequence[Period], left: dict[str, date], expected: list[Any]
) -> None:
    someone("P1", held, marks, **left)
    found = export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason="报送平台三月")
    assert [(row[6], *row[3:6]) for row in found.rows] == [
        (change, identity, str(begin), str(end or "")) for change, identity, begin, end in expected
    ]
    assert {row[1] for row in found.rows} == {"9900**********0012"}


def test_导出要写用途并留痕_完整号码另有权限(county: Actor) -> None:
    someone("P1", [LOW])
    with pytest.raises(Refused, match="请填写导出的用途"):
        export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason=" ")
    auditor = clerk(Role.AUDITOR)
    with pytest.raises(Refused, match="不能查看完整证件号码"):
        export_platform_list(actor=auditor, at=made_up.NOW, day=DAY, reason="审计抽查三月", in_full=True)
    assert not TrailEntry.objects.exists()
    full = export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason="报送平台三月", in_full=True)
    assert [row[1] for row in full.rows] == [CERTNO]
    entry = TrailEntry.objects.get()
    detail = json.loads(entry.detail)
    assert (entry.action, entry.subject) == ("comparison.platform_list", "comparison 2025-03")
    assert (detail["rows"], detail["changes"], detail["in_full"]) == (1, {"新增": 1}, True)
    assert CERTNO not in entry.detail
    (export,) = earlier_exports(DAY)
    assert (export.by, export.rows, export.in_full, export.reason) == ("县级经办人甲", 1, True, "报送平台三月")
    assert earlier_exports(TOMORROW) == []


def test_完整号码只到有权的地区(county: Actor) -> None:
    someone("P1", [LOW], where="东镇")
    someone("P2", [LOW], where="西镇")
    both = made_up.user(Role.AUDITOR, made_up.region("示例县"))
    Assignment.objects.create(user=both, role="reviewer", region=made_up.region("东镇"), begins=LONG_AGO)
    actor = actor_of(both, made_up.TODAY)
    form = {"actor": actor, "at": made_up.NOW, "day": DAY, "reason": "审计抽查三月", "in_full": True}
    with pytest.raises(Refused, match="请选定您负责的地区"):
        export_platform_list(**form)
    found = export_platform_list(**form, region_id=made_up.region("东镇").pk)
    assert [row[:2] for row in found.rows] == [("P1", CERTNO)]


def test_没有差异就没有变更名单(county: Actor) -> None:
    with pytest.raises(Refused, match="没有差异"):
        export_platform_list(actor=county, at=made_up.NOW, day=DAY, reason="报送平台三月")


def test_镇经办人只导出本镇的_会计不能导出(county: Actor) -> None:
    someone("P1", [LOW])
    someone("P2", [LOW], where="西镇")
    asked: dict[str, Any] = {"at": made_up.NOW, "day": DAY, "difference": Difference.UNMARKED, "reason": "本镇核对名单"}
    assert [row[0] for row in export_difference(actor=clerk(Role.TOWN_CLERK, "东镇"), **asked).rows] == ["P1"]
    assert [row[0] for row in export_difference(actor=clerk(Role.ACCOUNTANT), **asked).rows] == []


@pytest.mark.parametrize(
    ("second", "told", "behind"),
    [
        (date(2025, 3, 31), "2025-03-31", []),
        (date(2025, 3, 1), "最早 2025-03-01，最新 2025-03-31", []),
        (
            date(2025, 2, 28),
            "最早 2025-02-28，最新 2025-03-31",
            ["名册有的单位只报到 2025-02-28（最新的 2025-03-31），比所看的月份早；请先导入新的名册。"],
        ),
    ],
)
def test_名册截至哪天_按各单位最近一份(county: Actor, second: date, told: str, behind: list[str]) -> None:
    for number, newest in enumerate((date(2025, 3, 31), second)):
        sender = Sender.objects.create(kind="roster", name=f"单位{number}", region=made_up.region("示例县"))
        for serial, as_of in enumerate((newest, date(2020, 1, 1))):
            person = someone(f"P{number}{serial}", [LOW])
            Holding.objects.filter(person=person).update(sender=sender, confirmed_on=as_of)
    gone = Sender.objects.create(kind="roster", name="已撤并的单位", region=made_up.region("示例县"))
    person = someone("P9", [("低保对象", LONG_AGO, date(2024, 12, 31))])
    Holding.objects.filter(person=person).update(sender=gone, confirmed_on=date(2019, 1, 1))
    lists = lists_on(DAY)
    assert (lists.roster_told, lists.roster_behind(DAY.replace(day=1))) == (told, behind)


def test_名册都没到所看的月份() -> None:
    day = date(2024, 12, 31)
    lists = Lists(day, day, None, day, day)
    assert lists.behind(date(2024, 12, 1)) == []
    assert lists.behind(date(2025, 1, 1)) == [
        "名册只到 2024-12-31，比所看的月份早；请先导入新的名册。",
        "平台标识只到 2024-12-31，比所看的月份早；请先导入新的平台标识。",
    ]
    assert Lists(None, None, None, None, None).roster_told == "还没有导入"


def _settlement(person: Person, when: datetime, setl_id: str = "S1", **fields: object) -> Settlement:
    return Settlement.objects.create(
        setl_id=setl_id,
        psn_no=person.psn_no,
        person=person,
        setl_time=when,
        year=when.year,
        med_type="21",
        inscp_scp_amt=1_000_00,
        hifp_pay=600_00,
        due_fen=280_00,
        received_at=made_up.NOW,
        **fields,
    )


MARCH = {"first": date(2025, 3, 1), "last": DAY}


@pytest.mark.parametrize(
    ("when", "held", "marks", "fields", "opened"),
    [
        (datetime(2025, 3, 15, 10), [LOW], [], {}, 1),
        (datetime(2025, 3, 31, 23, 59, 59), [LOW], [], {}, 1),
        (datetime(2025, 4, 1), [LOW], [], {}, 0),
        (datetime(2025, 3, 1), [LOW], [], {}, 1),
        (datetime(2025, 2, 28, 23, 59, 59), [LOW], [], {}, 0),
        (datetime(2025, 3, 15, 10), [("低保对象", date(2025, 3, 15), date(2025, 3, 15))], [], {}, 1),
        (datetime(2025, 3, 15, 10), [("低保对象", date(2025, 3, 16), None)], [], {}, 0),
        (datetime(2025, 3, 15, 10), [LOW], [("低保对象", date(2025, 3, 15), date(2025, 3, 15))], {}, 0),
        (datetime(2025, 3, 15, 10), [LOW], [("低保对象", date(2025, 3, 16), None)], {}, 1),
        (datetime(2025, 3, 15, 10), [LOW], [("特困人员", LONG_AGO, None)], {}, 0),
        (datetime(2025, 3, 15, 10), [LOW], [], {"refd_setl_flag": True}, 0),
    ],
    ids=[
        "在册未标识",
        "月末最后一秒",
        "下月",
        "月初",
        "上月",
        "只当日在册",
        "次日才在册",
        "只当日有标识",
        "次日才标识",
        "有别的标识",
        "已冲销",
    ],
)
def test_未标识而有结算的转入疑点(
    county: Actor,
    when: datetime,
    held: Sequence[Period],
    marks: Sequence[Period],
    fields: dict[str, object],
    opened: int,
) -> None:
    _settlement(someone("P1", held, marks), when, **fields)
    counts = screen_unmarked(actor=county, at=made_up.NOW, **MARCH)
    assert counts.opened == opened
    assert [(case.kind, case.due_fen) for case in Case.objects.all()] == [("unmarked", 280_00)] * opened


def test_补了标识疑点消除_再转不重复(county: Actor) -> None:
    person = someone("P1", [LOW])
    _settlement(person, datetime(2025, 3, 15))
    assert screen_unmarked(actor=county, at=made_up.NOW, **MARCH).opened == 1
    assert not any(screen_unmarked(actor=county, at=made_up.NOW, **MARCH))
    PlatformMark.objects.create(person=person, identity="低保对象", begin=LONG_AGO, as_of=DAY)
    assert screen_unmarked(actor=county, at=made_up.NOW, **MARCH).gone == 1
    case = Case.objects.get()
    assert case.state == Case.State.GONE
    assert case.reason.startswith("疑点已消除：平台已补上 2025-03-15 的标识。原来的疑点：2025-03-15 结算时在册有身份")


@pytest.mark.parametrize(
    ("change", "why"),
    [("冲正", "疑点已消除：这笔结算已经冲正。"), ("不在册", "疑点已消除：按现在的名册，2025-03-15 不在册。")],
)
def test_未标识的疑点消除时写明为什么(county: Actor, change: str, why: str) -> None:
    person = someone("P1", [LOW])
    someone("P2", marks=[LOW])
    _settlement(person, datetime(2025, 3, 15))
    assert screen_unmarked(actor=county, at=made_up.NOW, **MARCH).opened == 1
    if change == "冲正":
        Settlement.objects.update(refd_setl_flag=True)
    else:
        Holding.objects.filter(person=person).update(withdrawn=True)
    assert screen_unmarked(actor=county, at=made_up.NOW, **MARCH).gone == 1
    assert Case.objects.get().reason.startswith(f"{why}原来的疑点：")


def test_参保台账分子分母(county: Actor) -> None:
    for psn_no, state in (("P1", "employee"), ("P2", "elsewhere"), ("P3", "none"), ("P4", None)):
        someone(psn_no, [LOW], state=state)
    someone("P5", [LOW], state="none", where="西镇")
    someone("P6", [("低保对象", LONG_AGO, YESTERDAY)])
    someone("P7", [LOW], died_on=YESTERDAY)
    east, west, whole = coverage(county, 2025, DAY)
    assert (east.region, east.insured, east.persons, east.rate) == ("东镇", 3, 5, "60.00")
    assert (west.region, west.insured, west.persons, west.rate) == ("西镇", 0, 1, "0.00")
    assert (whole.insured, whole.persons, whole.rate) == (3, 6, "50.00")
    assert [p.psn_no for p in enrolled(county, 2025, DAY, state="unknown")] == ["P4"]
    assert [p.psn_no for p in enrolled(county, 2025, DAY, state="none", region_id=west.region_id)] == ["P5"]
    assert coverage(county, 2024, DAY)[-1].by_state["unknown"] == 6
    assert (whole.rate_told, coverage(county, 2024, DAY)[-1].rate_told) == ("3/6＝50.00%", "—（名单未导入）")


def test_参保台账逐人(county: Actor) -> None:
    person = someone("P1", [LOW, ("特困人员", LONG_AGO, None)], state=None)
    enrolment = Enrolment.objects.create(person=person, year=2025, state="resident", as_of=DAY)
    (line,) = ledger_lines(Person.objects.filter(pk=person.pk), 2025, DAY)
    assert (line.premium_fen, line.subsidy_fen) == (None, None)
    enrolment.premium_as_of, enrolment.premium_fen, enrolment.subsidy_fen = DAY, 400_00, 400_00
    enrolment.save()
    (line,) = ledger_lines(Person.objects.filter(pk=person.pk), 2025, DAY)
    assert (line.identities, line.state, line.certno) == ("低保对象、特困人员", "本地居民医保", "9900**********0012")
    assert (line.premium_fen, line.subsidy_fen) == (400_00, 400_00)
    args = {"actor": county, "at": made_up.NOW, "year": 2025, "day": DAY, "state": "", "reason": "报送参保率"}
    found = export_ledger(**args)
    assert {row[0]: row[5:] for row in found.rows} == {
        "P0": ("本地居民医保", "", None, None),
        "P1": ("本地居民医保", "", 400_00, 400_00),
    }
    assert (found.foot[0], *found.foot[7:]) == ("合计 2 人", 400_00, 400_00)
    assert json.loads(TrailEntry.objects.get().detail)["rows"] == 2


@pytest.mark.parametrize(
    ("year", "expected"), [(2024, date(2024, 12, 31)), (2025, date(2025, 3, 3)), (2026, date(2026, 1, 1))]
)
def test_台账看哪一天(year: int, expected: date) -> None:
    assert ledger_day(year, date(2025, 3, 3)) == expected
