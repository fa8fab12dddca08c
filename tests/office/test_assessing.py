"""Results follow the facts: what is stored equals ``assess`` of the same facts, whenever and however they came."""

from datetime import date, datetime

import pytest

from tests.office import made_up
from tests.office.settling import (
    FAMILY,
    accumulators,
    allow_files,
    arrive,
    assert_equals_batch,
    enter,
    reassess,
    record,
    refusal,
    stored,
)
from tests.oracle.benefit import Held
from tuodi.office.models import Holding, Household, OwnerYear, Person, Settlement

pytestmark = pytest.mark.usefixtures("both_databases")


def test_名册后到_结算先到_结果相同() -> None:
    made_up.county()
    arrive([record("S1"), record("S2", scope=300000, setl_time=datetime(2024, 6, 1))])
    assert {each.outcome for each in Settlement.objects.all()} == {2}
    assert Settlement.objects.get(setl_id="S1").note == "人员名册中没有该人员，不享受救助。"
    assert Settlement.objects.get(setl_id="S1").person is None
    reassess(enter([Held("P1", "低保对象", "2024-01-01")]))
    # 9,000 × 70 % and 3,000 × 70 %, under the cap of 60,000.
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [630000, 210000]
    assert Settlement.objects.get(setl_id="S1").person == Person.objects.get(psn_no="P1")
    assert accumulators() == {
        ("person P1", 2024, "deductible", "deductible_year", ""): (0, 0),
        ("person P1", 2024, "cap", "cap_year", ""): (840000, 6000000),
    }
    assert_equals_batch()


def test_限额用完的那一笔按先后次序而不按到达次序() -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01")])
    arrive([record("S2", scope=6000000, setl_time=datetime(2024, 9, 1))])
    assert Settlement.objects.get().due_fen == 4200000
    arrive([record("S1", scope=6000000, setl_time=datetime(2024, 3, 1))])
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [4200000, 1800000]
    assert accumulators()["person P1", 2024, "cap", "cap_year", ""] == (6000000, 6000000)
    assert_equals_batch()


def test_先无限额后有限额_累计不受限额约束() -> None:
    made_up.county()
    enter([Held("P1", "特困人员", "2024-01-01", "2024-06-30"), Held("P1", "低保对象", "2024-07-01")])
    arrive([record("S1", scope=8000000), record("S2", setl_time=datetime(2024, 8, 1))])
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [8000000, 0]
    assert accumulators()["person P1", 2024, "cap", "cap_year", ""] == (8000000, None)
    assert_equals_batch()


def test_年度内换身份_限额记最高的一个() -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01", "2024-06-30"), Held("P1", "低保边缘家庭成员", "2024-07-01")])
    arrive([record("S1", scope=7000000), record("S2", setl_time=datetime(2024, 8, 1), scope=1000000)])
    found = accumulators()
    assert found["person P1", 2024, "cap", "cap_year", ""] == (4900000, 6000000)
    assert found["person P1", 2024, "deductible", "deductible_year", ""] == (309240, 309240)
    assert_equals_batch()


def test_跨年各自累计() -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01")])
    arrive([record("S1"), record("S2", setl_time=datetime(2025, 1, 1))])
    assert {key[1]: used for key, (used, _) in accumulators().items() if key[2] == "cap"} == {
        2024: 630000,
        2025: 630000,
    }
    assert_equals_batch()


def test_暂不计算的人员没有结果_解除后恢复() -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01"), Held("P2", "低保对象", "2024-01-01")])
    arrive([record("S1"), record("S2", "P2"), record("S3", setl_time=datetime(2025, 1, 1))], [refusal("S9")])
    assert {e.setl_id: e.outcome for e in Settlement.objects.all()} == {"S1": None, "S2": 0, "S3": 0}
    assert OwnerYear.objects.get(owner="person P1", year=2024).is_withheld
    assert not any(key[:2] == ("person P1", 2024) for key in accumulators())
    assert_equals_batch()
    arrive([record("S9", setl_time=datetime(2024, 7, 1))])
    assert {e.setl_id: e.due_fen for e in Settlement.objects.all()} == dict.fromkeys(("S1", "S2", "S3", "S9"), 630000)
    assert_equals_batch()


def test_看不出年度的错误行各年度都暂不计算() -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01")])
    arrive([record("S1"), record("S3", setl_time=datetime(2025, 1, 1))], [refusal("", year=None)])
    assert {each.outcome for each in Settlement.objects.all()} == {None}


def test_合并的重复记录归到保留的人() -> None:
    top = made_up.county()
    keep, double = made_up.person("P1", "赵一", top), made_up.person("P2", "赵一", top)
    made_up.holding(keep, "低保对象", date(2024, 1, 1))
    arrive([record("S1", scope=6000000), record("S2", "P2", scope=6000000, setl_time=datetime(2024, 6, 1))])
    assert set(OwnerYear.objects.values_list("owner", flat=True)) == {"person P1", "person P2"}
    assert Settlement.objects.get(setl_id="S2").outcome == 2
    Person.objects.filter(pk=double.pk).update(merged_into=keep)
    reassess({"P2"})
    assert OwnerYear.objects.get().owner == "person P1"
    second = Settlement.objects.get(setl_id="S2")
    assert (second.person, second.psn_no, second.due_fen) == (keep, "P2", 1800000)
    assert_equals_batch()
    Person.objects.filter(pk=double.pk).update(merged_into=None)
    reassess({"P1", "P2"})
    assert set(OwnerYear.objects.values_list("owner", flat=True)) == {"person P1", "person P2"}
    assert Settlement.objects.get(setl_id="S2").person == double
    assert_equals_batch()


def test_作废的身份和没有持有过的身份不算() -> None:
    top = made_up.county()
    someone = made_up.person("P1", "赵一", top)
    wrong = made_up.holding(someone, "特困人员", date(2024, 1, 1))
    Holding.objects.filter(pk=wrong.pk).update(withdrawn=True)
    made_up.holding(someone, "低保对象", date(2024, 6, 1), date(2024, 5, 31))
    arrive([record("S1")])
    assert Settlement.objects.get().outcome == 2
    assert_equals_batch()


# --- families: the deductible is the family's (5,000), the cap the person's (15,000), ratio 60 % ---


@pytest.fixture
def family(both_databases: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.county((FAMILY,))
    allow_files(monkeypatch)


EDGE = "低保边缘家庭成员"
DAY = datetime(2025, 3, 1)


@pytest.mark.usefixtures("family")
def test_一家人共用起付线_限额按人() -> None:
    enter([Held("P1", EDGE, "2025-01-01", "", "F1"), Held("P2", EDGE, "2025-01-01", "", "F1")])
    arrive(
        [record("S1", scope=300000, setl_time=DAY), record("S2", "P2", scope=900000, setl_time=datetime(2025, 4, 1))]
    )
    # 5,000 − 3,000 are left to deduct from the second: (9,000 − 2,000) × 60 % = 4,200.
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [0, 420000]
    assert accumulators() == {
        ("family F1", 2025, "deductible", "deductible_family", ""): (500000, 500000),
        ("family F1", 2025, "cap", "cap_year", "P1"): (0, 1500000),
        ("family F1", 2025, "cap", "cap_year", "P2"): (420000, 1500000),
    }
    assert_equals_batch()


@pytest.mark.usefixtures("family")
def test_家庭编号后到_两个人的年度并成一家的() -> None:
    enter([Held("P1", EDGE, "2025-01-01"), Held("P2", EDGE, "2025-01-01")])
    arrive(
        [record("S1", scope=600000, setl_time=DAY), record("S2", "P2", scope=600000, setl_time=datetime(2025, 4, 1))]
    )
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [60000, 60000]
    reassess(enter([Held("P1", EDGE, "2025-01-01", "", "F1"), Held("P2", EDGE, "2025-01-01", "", "F1")]))
    assert [row.owner for row in OwnerYear.objects.all()] == ["family F1"]
    assert {key[0] for key in accumulators()} == {"family F1"}
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [60000, 360000]
    assert_equals_batch()


@pytest.mark.usefixtures("family")
def test_一人迁到另一家_两家都重新计算_没有遗留() -> None:
    enter([Held(p, EDGE, "2025-01-01", "", f) for p, f in (("P1", "F1"), ("P2", "F1"), ("P3", "F2"))])
    arrive(
        [
            record("S1", "P1", scope=400000, setl_time=datetime(2025, 3, 1)),
            record("S2", "P2", scope=400000, setl_time=datetime(2025, 3, 2)),
            record("S3", "P3", scope=400000, setl_time=datetime(2025, 3, 3)),
        ]
    )
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [0, 180000, 0]
    Person.objects.filter(psn_no="P1").update(household=Household.objects.get(family_no="F2"))
    reassess({"P1"})
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [0, 0, 180000]
    assert {key[0]: used for key, (used, _) in accumulators().items() if key[2] == "deductible"} == {
        "family F1": 400000,
        "family F2": 500000,
    }
    assert_equals_batch()
    Person.objects.filter(psn_no="P2").update(household=None)
    reassess({"P2"})
    assert set(OwnerYear.objects.values_list("owner", flat=True)) == {"family F2", "person P2"}
    assert_equals_batch()


@pytest.mark.usefixtures("family")
def test_家人有错误行_全家暂不计算() -> None:
    enter([Held("P1", EDGE, "2025-01-01", "", "F1"), Held("P2", EDGE, "2025-01-01", "", "F1")])
    arrive([record("S1", setl_time=DAY)])
    arrive([], [refusal("S9", "P2", 2025)])
    assert Settlement.objects.get().outcome is None
    arrive([record("S9", "P2", setl_time=DAY)])
    assert Settlement.objects.get(setl_id="S1").outcome == 0
    assert_equals_batch()


@pytest.mark.usefixtures("family")
def test_没有身份的家人不算在家庭里() -> None:
    enter([Held("P1", EDGE, "2025-01-01", "", "F1")])
    Person.objects.create(psn_no="P2", household=Household.objects.get())
    arrive([record("S1", scope=400000, setl_time=DAY), record("S2", "P2", setl_time=datetime(2025, 4, 1))])
    assert set(OwnerYear.objects.values_list("owner", flat=True)) == {"family F1", "person P2"}
    assert stored()["S2"][0]["note"] == "人员名册中没有该人员，不享受救助。"
    assert_equals_batch()
