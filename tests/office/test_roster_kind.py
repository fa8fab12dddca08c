"""The roster: what a list changes, ends and refuses; the same lists in any order come to the same."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.office import made_up
from tests.office.importing import Desk, certno, dump, roster
from tuodi.office.models import Holding, Person, Sender, Withheld
from tuodi.office.numbers import certno_of

pytestmark = pytest.mark.usefixtures("sqlite")

JAN, FEB, MAR = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)


def periods() -> dict[str, tuple[str, str | None]]:
    """Return by person from when to when each identity is held."""
    found = Holding.objects.select_related("person").order_by("person__psn_no", "identity", "begin")
    return {
        f"{each.person.psn_no} {each.identity}": (str(each.begin), str(each.end) if each.end else None)
        for each in found
    }


def test_新人员和身份写入名册() -> None:
    desk = Desk()
    row = {"psn_no": "P1", "psn_name": "单小明", "certno": certno(1), "brdy": "1960-05-01", "family_no": "F1"}
    batch = desk.apply("roster", roster([row, {**row, "identity": "监测对象", "endtime": "2025-12-31"}]))
    assert {name: batch.counts[name] for name in ("new", "changed", "ended", "same", "refused")} == {
        "new": 2,
        "changed": 0,
        "ended": 0,
        "same": 0,
        "refused": 0,
    }
    person = Person.objects.get(psn_no="P1")
    assert (person.psn_name, person.initials, str(person.brdy)) == ("单小明", "sxm", "1960-05-01")
    assert (certno_of(person), person.household.family_no, person.region.name) == (certno(1), "F1", "示例县")
    assert periods() == {"P1 低保对象": ("2024-01-01", None), "P1 监测对象": ("2024-01-01", "2025-12-31")}
    assert certno(1) not in str(batch.samples) + str(batch.findings)


def test_全量名单没有的人_身份止于名单前一日() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=JAN, is_full=True)
    batch = desk.upload("roster", roster([{"psn_no": "P1"}]), as_of=FEB, is_full=True)
    assert (batch.counts["same"], batch.counts["ended"]) == (1, 1)
    assert batch.samples["ended"] == [["低保对象", "P2 ", "2024-01-01 起", "2024-01-01 至 2025-01-31"]]
    desk.confirm(batch)
    assert periods() == {"P1 低保对象": ("2024-01-01", None), "P2 低保对象": ("2024-01-01", "2025-01-31")}


def test_变动名单不影响没有列出的人() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=JAN, is_full=True)
    desk.apply("roster", roster([{"psn_no": "P1", "endtime": "2025-01-20"}]), as_of=FEB)
    assert periods() == {"P1 低保对象": ("2024-01-01", "2025-01-20"), "P2 低保对象": ("2024-01-01", None)}


def test_别的单位的全量名单不终止身份() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, is_full=True)
    desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=FEB, is_full=True, sender="示例县乡村振兴局")
    assert periods()["P1 低保对象"] == ("2024-01-01", None)


def test_手工更正过的结束日期不被名单改动() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, is_full=True)
    Holding.objects.update(corrected=True, corrected_end=date(2025, 6, 30), end=date(2025, 6, 30))
    desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=FEB, is_full=True)
    assert periods()["P1 低保对象"] == ("2024-01-01", "2025-06-30")


def test_错行只拒绝该行_人员暂不计算_其余照常() -> None:
    desk = Desk()
    rows = [{"psn_no": "P1", "begntime": "2024-13-01"}, {"psn_no": "P2"}]
    batch = desk.apply("roster", roster(rows), as_of=JAN)
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
    assert list(Person.objects.values_list("psn_no", flat=True)) == ["P2"]
    assert list(Withheld.objects.filter(ended_at=None).values_list("psn_no", "kind")) == [("P1", "roster")]
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=FEB)
    assert not Withheld.objects.filter(ended_at=None).exists()


def test_有错行的人不因全量名单而终止() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, is_full=True)
    desk.apply("roster", roster([{"psn_no": "P1", "begntime": "错"}, {"psn_no": "P2"}]), as_of=FEB, is_full=True)
    assert periods()["P1 低保对象"] == ("2024-01-01", None)


def test_乡镇的名册不能改别的乡镇的人() -> None:
    desk = Desk()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    made_up.person("P1", "赵一", west)
    batch = desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), region_id=east.pk)
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
    assert [f["rule"] for f in batch.findings if f["severity"] == "error"] == ["person-elsewhere"]
    assert Person.objects.get(psn_no="P2").region == east
    assert not Holding.objects.filter(person__psn_no="P1").exists()


LISTS: dict[str, dict[str, Any]] = {
    "一月全量": {"as_of": JAN, "is_full": True, "rows": [{"psn_no": "P1", "psn_name": "甲"}, {"psn_no": "P2"}]},
    "二月全量": {"as_of": FEB, "is_full": True, "rows": [{"psn_no": "P1", "psn_name": "甲改"}, {"psn_no": "P3"}]},
    "三月全量": {"as_of": MAR, "is_full": True, "rows": [{"psn_no": "P2", "endtime": "2025-12-31"}]},
    "二月变动": {"as_of": FEB, "rows": [{"psn_no": "P4", "psn_name": "丁"}, {"psn_no": "P1", "family_no": "F9"}]},
    "二月错行": {"as_of": FEB, "rows": [{"psn_no": "P2", "begntime": "坏"}, {"psn_no": "P5"}]},
    "另一单位": {"as_of": FEB, "is_full": True, "sender": "乙单位", "rows": [{"psn_no": "P1"}, {"psn_no": "P2"}]},
}


def outcome() -> Any:
    """Return the end state without keys, which depend on the order."""
    people = Person.objects.select_related("household").order_by("psn_no")
    facts = [(p.psn_no, p.psn_name, p.facts_on, p.household and p.household.family_no) for p in people]
    held = Holding.objects.order_by("person__psn_no", "identity", "begin").values_list(
        "person__psn_no",
        "identity",
        "begin",
        "end",
        "stated_end",
        "confirmed_on",
        "absent_on",
        "sender__name",
        "source",
    )
    live = sorted(set(Withheld.objects.filter(ended_at=None).values_list("psn_no", flat=True)))
    return facts, list(held), live


@pytest.mark.parametrize(
    "order",
    [
        ("一月全量", "二月全量", "三月全量", "二月变动", "二月错行", "另一单位"),
        ("三月全量", "二月全量", "一月全量", "另一单位", "二月错行", "二月变动"),
        ("二月变动", "另一单位", "三月全量", "一月全量", "二月错行", "二月全量"),
        ("二月错行", "三月全量", "二月变动", "一月全量", "另一单位", "二月全量"),
        ("另一单位", "二月全量", "二月错行", "三月全量", "二月变动", "一月全量"),
    ],
)
def test_先后次序不影响结果(order: Sequence[str]) -> None:
    desk = Desk()
    for sender in ("示例县民政局", "乙单位"):
        # The senders' keys break ties of one day: known from the start here.
        desk.upload("roster", roster([{"psn_no": sender}]), sender=sender)
    for name in order:
        form = {**LISTS[name]}
        desk.apply("roster", roster(form.pop("rows")), **form)
    facts, held, live = outcome()
    assert [(psn_no, name, family) for psn_no, name, _, family in facts] == [
        ("P1", "甲改", "F9"),
        ("P2", "", None),
        ("P3", "", None),
        ("P4", "丁", None),
        ("P5", "", None),
    ]
    assert [(row[0], str(row[3]), str(row[6])) for row in held] == [
        ("P1", "None", "None"),
        ("P2", "2025-12-31", "None"),
        ("P3", "2025-02-28", "2025-03-01"),
        ("P4", "2025-02-28", "2025-03-01"),
        ("P5", "2025-02-28", "2025-03-01"),
    ]
    assert live == []


@pytest.mark.parametrize("order", [("F1", "F2"), ("F2", "F1")])
def test_同一天的两份名单说法不同_取大的_与先后无关(order: Sequence[str]) -> None:
    desk = Desk()
    for family in order:
        desk.apply("roster", roster([{"psn_no": "P1", "family_no": family}]), as_of=JAN)
    assert Person.objects.get().household.family_no == "F2"


@pytest.mark.parametrize("order", [("", "2025-01-10"), ("2025-01-10", "")])
def test_同一天的名单有一份报了死亡_身份止于死亡之日(order: Sequence[str]) -> None:
    desk = Desk()
    for died_on in order:
        desk.apply("roster", roster([{"psn_no": "P1", "died_on": died_on}]), as_of=FEB)
    assert periods() == {"P1 低保对象": ("2024-01-01", "2025-01-10")}


DEATHS: dict[str, tuple[date, list[dict[str, Any]]]] = {
    "一月": (JAN, [{"psn_no": "P1"}, {"psn_no": "P1", "identity": "监测对象"}]),
    "二月": (FEB, [{"psn_no": "P1", "identity": "监测对象", "died_on": "2025-01-20"}]),
    "三月": (MAR, [{"psn_no": "P1", "identity": "监测对象", "died_on": "2025-02-20"}]),
}


@pytest.mark.parametrize("order", list(permutations(DEATHS)))
def test_全量名单更正了死亡日期_没有写到的身份仍止于最早那份名单前一日(order: Sequence[str]) -> None:
    desk = Desk()
    for name in order:
        as_of, rows = DEATHS[name]
        desk.apply("roster", roster(rows), as_of=as_of, is_full=True)
    begin = "2024-01-01"
    assert periods() == {"P1 低保对象": (begin, "2025-01-31"), "P1 监测对象": (begin, "2025-02-20")}


SMALL_LIST = st.fixed_dictionaries(
    {
        "as_of": st.sampled_from([JAN, FEB, MAR]),
        "is_full": st.booleans(),
        "sender": st.sampled_from(["示例县民政局", "乙单位"]),
        "people": st.dictionaries(
            st.sampled_from(["P1", "P2", "P3"]),
            st.tuples(
                st.sampled_from(["", "甲", "乙"]),
                st.sampled_from(["", "F1", "F2"]),
                st.sampled_from(["", "2025-01-20", "2025-06-30"]),
                st.sampled_from(["", "2025-02-10"]),
            ),
            min_size=1,
        ),
    }
)


@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lists=st.lists(SMALL_LIST, min_size=2, max_size=4), randomness=st.randoms(use_true_random=False))
def test_任意几份名单任意次序_结果相同(lists: list[dict[str, Any]], randomness: Random) -> None:
    orders = [lists, randomness.sample(lists, len(lists))]
    found = []
    for order in orders:
        with transaction.atomic():
            desk = Desk()
            for sender in ("示例县民政局", "乙单位"):
                Sender.objects.create(kind="roster", name=sender, region=desk.region)
            for number, each in enumerate(lists):
                each["number"] = number
            for each in order:
                rows = [
                    {"psn_no": who, "psn_name": name, "family_no": family, "endtime": end, "died_on": died}
                    for who, (name, family, end, died) in sorted(each["people"].items())
                ]
                # An otherwise unused heading keeps two equal lists two files.
                content = roster([{**row, f"note{each['number']}": ""} for row in rows])
                form = {name: each[name] for name in ("as_of", "is_full", "sender")}
                desk.apply("roster", content, **form)
            found.append(outcome())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_撤销迟到的旧名单_与撤销全量名单() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN, is_full=True)
    before = dump()
    march = desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=MAR, is_full=True)
    late = desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=FEB)
    assert periods()["P2 低保对象"] == ("2024-01-01", "2025-02-28")
    desk.undo(march)
    assert periods()["P2 低保对象"] == ("2024-01-01", None)
    desk.undo(late)
    assert dump() == before
