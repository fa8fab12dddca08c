"""What lists say of merged duplicates: their numbers go on naming their identities, a death counts for both records."""

from datetime import date, datetime
from importlib import import_module

import pytest
from django.apps import apps

from tests.office import made_up
from tests.office.importing import Desk, now, roster, settlement, settlements
from tests.office.settling import arrive, assert_equals_batch, clerk, record
from tests.office.test_other_kinds import answers as given
from tests.office.test_other_kinds import mark, marks, paid
from tests.office.test_people_merging import _merge, _unmerge
from tests.office.test_roster_kind import FEB, JAN
from tuodi.kernel.money import Fen
from tuodi.office.models import Case, Decision, Holding, Person, Settlement
from tuodi.office.operations import identities, merging, people, undo
from tuodi.office.operations.withheld import holding_back, set_aside
from tuodi.office.queries.comparison import Difference, different
from tuodi.office.queries.enrolment_ledger import coverage
from tuodi.office.refusal import Refused

pytestmark = pytest.mark.usefixtures("both_databases")
LOW, WATCHED = "低保对象", "监测对象"
# 9,000.00 × 70 %.
DUE = 630000
JULY = datetime(2024, 7, 1)
BOTH_END = [("2024-06-30", "2024-05-31", 0), ("2024-06-30", "2024-07-01", DUE)]


def _merged(*listed: dict[str, str]) -> Desk:
    """Let a list name people, P2 be a duplicate of P1, and each number have a settlement of 1 July 2024."""
    desk = Desk()
    desk.apply("roster", roster(listed), as_of=date(2024, 1, 2), file_name="甲.csv", is_full=True)
    for psn_no in ("P1", "P2"):
        if not Person.objects.filter(psn_no=psn_no).exists():
            made_up.person(psn_no, "赵一", made_up.region("东镇"))
    arrive([record("S1", "P1", setl_time=JULY)])
    _merge(clerk(), _person("P2"), _person("P1"))
    return desk


def _person(psn_no: str) -> Person:
    return Person.objects.get(psn_no=psn_no)


def _due() -> dict[str, int]:
    return dict(Settlement.objects.order_by("setl_id").values_list("setl_id", "due_fen"))


def _ends() -> dict[str, str]:
    rows = Holding.objects.select_related("person").order_by("pk")
    return {f"{each.psn_no} {each.identity}": str(each.end or "") for each in rows}


def _held() -> list[str]:
    return sorted(holding_back().values_list("psn_no", flat=True))


def test_重复记录名下的身份算在保留的人名下_撤销合并后各归各() -> None:
    _merged({"psn_no": "P2"})
    assert (_due(), {each.person.psn_no for each in Holding.objects.all()}) == ({"S1": DUE}, {"P1"})
    _unmerge(clerk(), _person("P2"))
    assert (_due(), {each.person.psn_no for each in Holding.objects.all()}) == ({"S1": 0}, {"P2"})
    assert_equals_batch()


def test_名册用重复记录的编号写明终止的_照样终止() -> None:
    desk = _merged({"psn_no": "P2"})
    desk.apply("roster", roster([{"psn_no": "P2", "endtime": "2024-06-01"}]), as_of=date(2024, 6, 2))
    assert (_ends(), _due()) == ({"P2 低保对象": "2024-06-01"}, {"S1": 0})


def test_全量名册还写着重复记录的编号_不终止也不新增() -> None:
    desk = _merged({"psn_no": "P2"}, {"psn_no": "P3"})
    batch = desk.apply("roster", roster([{"psn_no": "P2"}, {"psn_no": "P3"}]), as_of=FEB, is_full=True)
    assert (batch.counts["same"], batch.counts["new"], _ends()) == (2, 0, {"P2 低保对象": "", "P3 低保对象": ""})
    _unmerge(clerk(), _person("P2"))
    arrive([record("S2", "P2", setl_time=JULY)])
    assert _due() == {"S1": 0, "S2": DUE}


def test_全量名册里重复记录的行有错_身份不终止_该人暂不计算() -> None:
    desk = _merged({"psn_no": "P1", "identity": WATCHED}, {"psn_no": "P2"}, {"psn_no": "P3"})
    rows = [{"psn_no": "P1", "identity": WATCHED}, {"psn_no": "P2", "begntime": "坏"}, {"psn_no": "P3"}]
    desk.apply("roster", roster(rows), as_of=FEB, is_full=True)
    assert (_ends()["P2 低保对象"], _held()) == ("", ["P2"])
    assert Settlement.objects.get().outcome is None
    assert_equals_batch()


@pytest.mark.parametrize("told", ["P1", "P2"])
@pytest.mark.parametrize("holder", ["P1", "P2"])
def test_死亡写在哪个编号下_两条记录的身份都止于那天(holder: str, told: str) -> None:
    desk = _merged({"psn_no": holder})
    batch = desk.apply(
        "roster", roster([{"psn_no": told, "identity": WATCHED, "死亡日期": "2024-06-01"}]), as_of=date(2024, 8, 1)
    )
    assert {each.died_on for each in Person.objects.all()} == {date(2024, 6, 1)}
    assert (set(_ends().values()), _due()) == ({"2024-06-01"}, {"S1": 0})
    desk.undo(batch)
    assert ({each.died_on for each in Person.objects.all()}, _due()) == ({None}, {"S1": DUE})


@pytest.mark.parametrize("when", ["合并以前", "合并以后"])
def test_手工撤销的死亡登记_较早的名册用另一个编号再说也不算(when: str) -> None:
    desk = _merged({"psn_no": "P1"})
    if when == "合并以前":
        _unmerge(clerk(), _person("P2"))
    keys = {"actor": clerk(), "person_id": _person("P1").pk, "evidence": "死亡证明"}
    people.record_death(**keys, version=_person("P1").version, died_on=date(2024, 6, 1), at=made_up.NOW)
    people.withdraw_death(**keys, version=_person("P1").version, at=made_up.NOW)
    if when == "合并以前":
        _merge(clerk(), _person("P2"), _person("P1"))
    told = roster([{"psn_no": "P2", "identity": WATCHED, "死亡日期": "2024-06-01"}])
    desk.apply("roster", told, as_of=made_up.NOW.date().replace(day=1))
    assert ({each.died_on for each in Person.objects.all()}, _due()) == ({None}, {"S1": DUE})


def test_合并以后登记的死亡_撤销合并时提示另一条也登记着() -> None:
    _merged({"psn_no": "P1"})
    one = _person("P1")
    day = date(2024, 6, 1)
    keys = {"actor": clerk(), "evidence": "死亡证明", "at": made_up.NOW}
    people.record_death(**keys, person_id=one.pk, version=one.version, died_on=day)
    told = merging.unmerge(**keys, duplicate_id=_person("P2").pk, version=_person("P2").version)
    assert any("P2 和 P1 都登记为 2024-06-01 死亡" in sentence for sentence in told)


def test_合并以前有错的行_合并以后各自的行都好了就恢复() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}, {"psn_no": "P2"}]), as_of=JAN, file_name="甲.csv")
    desk.apply("roster", roster([{"psn_no": "P2", "begntime": "坏"}]), as_of=FEB, file_name="乙.csv")
    _merge(clerk(), _person("P2"), _person("P1"))
    assert _held() == ["P2"]
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=date(2025, 3, 1), file_name="丙.csv")
    assert _held() == ["P2"]
    desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=date(2025, 3, 1), file_name="丁.csv")
    assert _held() == []


def test_合并期间有错的行_撤销合并后只拦它写明的那个人() -> None:
    desk = _merged({"psn_no": "P1"}, {"psn_no": "P2"})
    desk.apply("roster", roster([{"psn_no": "P2", "begntime": "坏"}]), as_of=FEB)
    assert Settlement.objects.get(setl_id="S1").outcome is None
    _unmerge(clerk(), _person("P2"))
    arrive([record("S2", "P2", setl_time=JULY)])
    assert _due() == {"S1": DUE, "S2": 0}
    assert Settlement.objects.get(setl_id="S2").outcome is None


def test_重复记录带来的身份可以在保留的人名下手工更正() -> None:
    _merged({"psn_no": "P1"}, {"psn_no": "P2"})
    holding = Holding.objects.get(listed_as="P2")
    keys = {"actor": clerk(), "holding_id": holding.pk, "evidence": "批复文件", "at": made_up.NOW}
    identities.correct_identity(**keys, version=_person("P1").version, end=date(2024, 6, 1))
    assert _ends() == {"P1 低保对象": "", "P2 低保对象": "2024-06-01"}
    with pytest.raises(Refused, match="重叠|已有"):
        identities.add_identity(
            actor=clerk(),
            person_id=_person("P1").pk,
            version=_person("P1").version,
            identity=LOW,
            begin=date(2024, 3, 1),
            end=None,
            evidence="批复文件",
            at=made_up.NOW,
        )


def test_台账和比对把重复记录带来的身份算在保留的人名下() -> None:
    desk = _merged({"psn_no": "P2"})
    day = date(2025, 3, 1)
    assert {town.persons for town in coverage(clerk(), 2025, day)} == {1}
    desk.apply("marks", marks(mark("P9")), as_of=day)
    assert [one.psn_no for one in different(clerk(), day, Difference.UNMARKED)] == ["P1"]


def test_两条记录都在册的_平台按保留的人自己的起止标识就不算不同() -> None:
    desk = _merged({"psn_no": "P1"}, {"psn_no": "P2", "begntime": "2024-03-01"})
    day = date(2025, 3, 1)
    desk.apply("marks", marks(mark("P1")), as_of=day)
    found = {each: [one.psn_no for one in different(clerk(), day, each)] for each in Difference}
    assert not any(found[each] for each in (Difference.UNMARKED, Difference.OTHER_DATES))


@pytest.mark.parametrize(("own", "other", "due"), [("2024-06-30", "", DUE), ("", "2024-06-30", DUE), *BOTH_END])
def test_两条记录写着同一天开始的同一身份_到较晚的一天为止(own: str, other: str, due: int) -> None:
    _merged({"psn_no": "P1", "endtime": own}, {"psn_no": "P2", "endtime": other})
    assert _due() == {"S1": due}
    assert_equals_batch()


def test_升级时以前合并的身份归到保留的人名下_照样可以撤销合并() -> None:
    made_up.county()
    one, two = (made_up.person(psn_no, "赵一", made_up.region("东镇")) for psn_no in ("P1", "P2"))
    for each in (one, two):
        made_up.holding(each, LOW, date(2024, 1, 1))
    Person.objects.filter(pk=two.pk).update(merged_into=one)
    import_module("tuodi.office.migrations.0005_listed_numbers").bring_together(apps, None)
    rows = Holding.objects.order_by("pk").values_list("person__psn_no", "listed_as")
    assert list(rows) == [("P1", ""), ("P1", "P2")]
    _unmerge(clerk(), two)
    assert list(rows.all()) == [("P1", ""), ("P2", "")]


def test_升级之前导入的_撤销以后身份也在保留的人名下() -> None:
    desk = _merged({"psn_no": "P1", "identity": WATCHED}, {"psn_no": "P2"})
    # As 0.4.0 kept it.
    Holding.objects.filter(listed_as="P2").update(person=_person("P2"), listed_as="")
    later = desk.apply("roster", roster([{"psn_no": "P2", "endtime": "2024-06-30"}]), as_of=FEB, file_name="乙.csv")
    import_module("tuodi.office.migrations.0005_listed_numbers").bring_together(apps, None)
    desk.undo(later)
    rows = Holding.objects.order_by("pk").values_list("person__psn_no", "listed_as", "end")
    assert list(rows) == [("P1", "", None), ("P1", "P2", None)]


def test_保留的人的疑点有人办理了_重复记录的文件不能撤销() -> None:
    desk = _merged({"psn_no": "P1", "identity": WATCHED}, {"psn_no": "P2"})
    arrive([record("S2", "P2", setl_time=JULY, maf_pay=Fen(10000))])
    answers = desk.apply("payer_answers", given(["S2", "大病", "500.00", "2024-07-20"]))
    case = Case.objects.get(setl_id="S2")
    assert case.person is not None and case.person.psn_no == "P1"
    Decision.objects.create(case=case, step=1, outcome="pass", decided_by=desk.confirmer.user, at=now())
    with pytest.raises(Refused, match=f"疑点第 {case.pk} 号涉及其中的人"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=answers.pk, reason="测试撤销")


def test_放行登记在保留的人名下_重复记录的文件不能撤销() -> None:
    desk = _merged({"psn_no": "P1", "identity": WATCHED}, {"psn_no": "P2"})
    desk.apply("former_payments", paid(["S2", "R1", "二千一", "P2"]))
    batch = desk.apply("settlements", settlements([settlement("S2", "P2", setl_time="2024-07-01")]))
    set_aside(actor=clerk(), withheld_id=holding_back().get().pk, reason="对方说明没有付过", at=now())
    with pytest.raises(Refused, match="或放行了其记录"):
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=batch.pk, reason="测试撤销")


def test_撤销名册_重复记录的死亡不算写明了保留的人() -> None:
    desk = _merged({"psn_no": "P1"}, {"psn_no": "P2"})
    dead = {"psn_no": "P2", "identity": WATCHED, "died_on": "2025-02-20"}
    desk.apply("roster", roster([dead]), as_of=date(2025, 3, 2), file_name="死亡.csv")
    march = desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=date(2025, 3, 1), file_name="三月.csv")
    desk.apply("roster", roster([{"psn_no": "P1", "begntime": "坏"}]), as_of=FEB, file_name="二月.csv")
    assert _held() == []
    desk.undo(march)
    assert _held() == ["P1"]
