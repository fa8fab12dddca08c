"""Contradictions between rows of one settlement: kept, decided either way, by two people; the order never matters."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.office import made_up
from tests.office.settling import (
    AT,
    arrive,
    assert_equals_batch,
    clerk,
    disputed,
    enter,
    keep_recorded,
    record,
    refusal,
    reviewer,
    settle,
    snapshot,
    use_other,
)
from tests.oracle.benefit import Held
from tuodi.intake.settlements import ID_CONFLICT, Record
from tuodi.office.access import actor_of
from tuodi.office.checking import differences
from tuodi.office.models import (
    Assignment,
    Case,
    Contradiction,
    Delegation,
    OwnerYear,
    Person,
    Proposal,
    Resolution,
    Settlement,
    Touch,
    TrailEntry,
    Withheld,
)
from tuodi.office.operations.contradictions import (
    confirm_other,
    propose_other,
    reject_other,
    withdraw_proposal,
)
from tuodi.office.operations.contradictions import keep_recorded as keep
from tuodi.office.operations.withheld import set_aside
from tuodi.office.queries.contradictions import disputes, history_of, proposals_waiting
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")

ROWS: dict[str, dict[str, Any]] = {
    "A": {},
    "B": {"hifp_pay": 100000},
    "另一人": {"psn_no": "P2"},
    "另一年度": {"setl_time": datetime(2025, 5, 20, 10)},
    "另一人另一年度": {"psn_no": "P2", "setl_time": datetime(2025, 5, 20, 10)},
    "已冲正": {"hifp_pay": 100000, "reversed": True},
    "没有登记的人": {"psn_no": "X9"},
}
# Due by hand: 9,000 × 70 %, (9,000 − 1,000) × 70 %; a reversed one and an unknown person have nothing.
DUE = {
    "A": 630000,
    "B": 560000,
    "另一人": 630000,
    "另一年度": 630000,
    "另一人另一年度": 630000,
    "已冲正": 0,
    "没有登记的人": 0,
}


@pytest.fixture(autouse=True)
def county(both_databases: str) -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01"), Held("P2", "低保对象", "2024-01-01")])


def _row(name: str, **more: Any) -> Record:
    return record("S1", **{**ROWS[name], **more})


def _said() -> tuple[str, int, int, bool]:
    """Return who and when the recorded row is of, what is due, and whether it counts."""
    row = Settlement.objects.get(setl_id="S1")
    return row.psn_no, row.year, row.due_fen, row.outcome is not None


def _of(name: str) -> tuple[str, int, int, bool]:
    fields = ROWS[name]
    year = fields["setl_time"].year if "setl_time" in fields else 2024
    return fields.get("psn_no", "P1"), year, DUE[name], True


def _in_order() -> None:
    assert_equals_batch()
    assert list(differences()) == []


@pytest.mark.parametrize("right", ["先到的", "后到的"])
@pytest.mark.parametrize("other", [name for name in ROWS if name != "A"])
@pytest.mark.parametrize("is_first", [True, False], ids=["A先到", "A后到"])
def test_两条不同_采用哪一条都可以_再来都不再拦(other: str, is_first: bool, right: str) -> None:
    names = ["A", other] if is_first else [other, "A"]
    for name in names:
        arrive([_row(name)])
    assert not _said()[3]
    chosen = names[0] if right == "先到的" else names[1]
    (keep_recorded if right == "先到的" else use_other)(disputed())
    assert _said() == _of(chosen)
    assert not Withheld.objects.filter(ended_at__isnull=True).exists()
    _in_order()
    after = snapshot()
    for name in (*names, *reversed(names)):
        arrive([_row(name)])
        settle(clerk(), [_row(name)])
    assert snapshot() == after
    assert Contradiction.objects.filter(state="open").count() == 0
    _in_order()


@pytest.mark.parametrize("order", list(permutations(["A", "B", "另一人"])))
@pytest.mark.parametrize("right", ["A", "B", "另一人"])
def test_三条互不相同_逐条核对_结果与到达次序无关(order: tuple[str, ...], right: str) -> None:
    for name in order:
        arrive([_row(name)])
    assert set(Withheld.objects.filter(ended_at__isnull=True).values_list("psn_no", flat=True)) == {"P1", "P2"}
    for _ in range(2):
        assert not _said()[3]
        found = next((each for each in _open() if _is(each.other, right)), disputed())
        (use_other if _is(found.other, right) else keep_recorded)(found)
    assert _said() == _of(right)
    _in_order()


def _open() -> list[Any]:
    return disputes(Contradiction.objects.filter(state="open").order_by("pk"))


def _is(contents: dict[str, Any], name: str) -> bool:
    row = _row(name).settlement
    return (contents["psn_no"], contents["hifp_pay"]) == (row.psn_no, row.hifp_pay)


def test_第三条仍然拦住_说明改按现在采用的一条() -> None:
    for name in ("A", "另一人", "B"):
        arrive([_row(name)])
    use_other(disputed(at=0))
    open_rows = Withheld.objects.filter(ended_at__isnull=True).order_by("psn_no")
    assert [(row.psn_no, row.rule) for row in open_rows] == [("P1", ID_CONFLICT), ("P2", ID_CONFLICT)]
    assert {row.message for row in open_rows} == {
        "结算编号已有记录而内容不同：人员编号原为 P2、又报 P1；基本医保统筹原为 0.00、又报 1,000.00"
    }
    ended = Withheld.objects.filter(ended_at__isnull=False)
    assert {row.ended_by_id for row in ended} == {reviewer().user.pk}
    keep_recorded(disputed())
    assert _said() == _of("另一人")
    _in_order()


def test_采用之后还可以按两人程序改回() -> None:
    arrive([_row("A")])
    arrive([_row("B")])
    use_other(disputed())
    (back,) = disputes(Contradiction.objects.filter(state="against"))
    use_other(back)
    assert _said() == _of("A")
    assert sorted(Contradiction.objects.values_list("state", flat=True)) == ["against", "in_force"]
    assert [each.resolution.outcome for each in history_of(clerk(), "S1")] == ["use", "use"]
    arrive([_row("B")])
    assert _said() == _of("A")
    _in_order()


# --- reversals


@pytest.mark.parametrize("order", list(permutations(["A", "B", "B冲正"])))
def test_对方的冲正先后不论_采用后就是冲正的(order: tuple[str, ...]) -> None:
    rows = {"A": _row("A"), "B": _row("B"), "B冲正": _row("B", reversed=True)}
    for name in order:
        arrive([rows[name]])
    found = disputed()
    (use_other if _is(found.other, "B") else keep_recorded)(found)
    row = Settlement.objects.get()
    assert (row.hifp_pay, row.refd_setl_flag, row.due_fen) == (100000, True, 0)
    _in_order()


def test_决定不采用的一条后来报了冲正_再核对一次() -> None:
    arrive([_row("A")])
    arrive([_row("B")])
    keep_recorded(disputed())
    arrive([_row("B", reversed=True)])
    assert not _said()[3]
    assert [line.label for line in disputed().lines if line.differs] == ["基本医保统筹", "冲正"]
    keep_recorded(disputed())
    for each in (_row("B", reversed=True), _row("B")):
        arrive([each])
    assert _said() == _of("A")


def test_待核对时已登记的一条报了冲正_提议作废() -> None:
    arrive([_row("A")])
    arrive([_row("B")])
    found = disputed()
    asked = _proposed()
    arrive([_row("A", reversed=True)])
    assert Settlement.objects.get().refd_setl_flag
    assert disputed().is_proposal_outdated
    with pytest.raises(Refused, match="有了变动"):
        confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=found.seen, at=AT)
    with pytest.raises(Refused, match="不能再确认"):
        confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=disputed().seen, at=AT)
    again = _proposed()
    assert list(Proposal.objects.order_by("pk").values_list("outcome", flat=True)) == ["outdated", ""]
    confirm_other(actor=reviewer(), proposal_id=again.pk, seen=disputed().seen, at=AT)
    assert _said() == _of("B")


# --- two persons, duties apart


def _proposed(reason: str = "医院更正") -> Proposal:
    found = disputed()
    return propose_other(actor=clerk(), contradiction_id=found.contradiction.pk, seen=found.seen, reason=reason, at=AT)


def _two_rows() -> None:
    arrive([_row("A")])
    arrive([_row("另一人")])


def test_提出不改变任何结果_确认后两个人都算经手() -> None:
    _two_rows()
    asked = _proposed()
    assert _said() == ("P1", 2024, 0, False)
    assert not Touch.objects.exists()
    assert [each.contradiction.pk for each in proposals_waiting(reviewer())] == [asked.contradiction_id]
    assert proposals_waiting(clerk()) == []
    confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=asked.seen_digest, at=AT)
    touched = set(Touch.objects.values_list("person__psn_no", "user__username", "what"))
    assert touched == {(p, u, "contradiction.replaced") for p in ("P1", "P2") for u in ("clerk", "reviewer")}
    assert proposals_waiting(reviewer()) == []


def test_提出的人不能确认_数据库也拒绝() -> None:
    _two_rows()
    asked = _proposed()
    with pytest.raises(Refused, match="您提出"):
        confirm_other(actor=clerk(), proposal_id=asked.pk, seen=asked.seen_digest, at=AT)
    other = reviewer().user.pk
    for wrong in (
        {"decided_by_id": asked.proposed_by_id},
        {"decided_by_id": other, "decided_for_id": asked.proposed_by_id},
        {"decided_by_id": other, "proposed_for_id": other},
        {"decided_by_id": clerk().user.pk, "decided_for_id": None},
        {"decided_by_id": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=asked.pk).update(outcome="confirmed", decided_at=AT, **wrong)
    assert _said()[3] is False


def _delegated(giver: str, delegate: str) -> None:
    assignment = Assignment.objects.get(user__username=giver)
    who = made_up.User.objects.get(username=delegate)
    begins, ends = AT.date(), AT.date() + timedelta(days=3)
    Delegation.objects.create(assignment=assignment, delegate=who, begins=begins, ends=ends, reason="休假")


@pytest.mark.parametrize("way", ["确认人受提出人委托", "提出人受确认人委托"])
def test_委托也绕不过两个人(way: str) -> None:
    _two_rows()
    top = made_up.region("示例县")
    helper = made_up.user(Role.APPROVER, top)
    clerk()
    reviewer()
    _delegated("clerk", helper.username)
    acting = actor_of(helper, AT.date())
    found = disputed()
    pk, seen = found.contradiction.pk, found.seen
    proposer, confirmer = (clerk(), acting) if way == "确认人受提出人委托" else (acting, clerk())
    asked = propose_other(actor=proposer, contradiction_id=pk, seen=seen, reason="医院更正", at=AT)
    assert (asked.proposed_for is None) == (proposer is not acting)
    with pytest.raises(Refused, match="须由另一人"):
        confirm_other(actor=confirmer, proposal_id=asked.pk, seen=seen, at=AT)
    confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=seen, at=AT)
    users = set(Touch.objects.values_list("user__username", flat=True))
    assert users == {"clerk", "reviewer"} | ({helper.username} if proposer is acting else set())


def test_驳回和撤回_矛盾照旧_之后可以保留原来的() -> None:
    _two_rows()
    found = disputed()
    asked = _proposed()
    with pytest.raises(Refused, match="先由另一人确认或驳回"):
        keep_recorded(found)
    with pytest.raises(Refused, match="不需要重复提出"):
        _proposed()
    with pytest.raises(Refused, match="撤回"):
        reject_other(actor=clerk(), proposal_id=asked.pk, reason="不对", at=AT)
    with pytest.raises(Refused, match="理由"):
        reject_other(actor=reviewer(), proposal_id=asked.pk, reason=" ", at=AT)
    reject_other(actor=reviewer(), proposal_id=asked.pk, reason="与结算单不符", at=AT)
    with pytest.raises(Refused, match="已经办理过"):
        confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=found.seen, at=AT)
    second = _proposed()
    withdraw_proposal(actor=clerk(), proposal_id=second.pk, at=AT)
    assert _said()[3] is False
    keep_recorded(found)
    assert _said() == _of("A")
    assert list(Proposal.objects.order_by("pk").values_list("outcome", flat=True)) == ["rejected", "withdrawn"]


def test_理由必填_不收号码_看过的内容变了不办() -> None:
    _two_rows()
    found = disputed()
    pk = found.contradiction.pk
    for reason in ("", "核", "身份证 990001196005010017"):
        with pytest.raises(Refused):
            keep(actor=clerk(), contradiction_id=pk, seen=found.seen, reason=reason, at=AT)
        with pytest.raises(Refused):
            propose_other(actor=clerk(), contradiction_id=pk, seen=found.seen, reason=reason, at=AT)
    Person.objects.filter(psn_no="P2").update(psn_name="改了名")
    with pytest.raises(Refused, match="有了变动"):
        keep(actor=clerk(), contradiction_id=pk, seen=found.seen, reason="已核对", at=AT)
    keep_recorded(disputed())
    with pytest.raises(Refused, match="已经处理过"):
        keep(actor=clerk(), contradiction_id=pk, seen=disputes([found.contradiction])[0].seen, reason="再来", at=AT)


def test_权限和辖区() -> None:
    arrive([_row("A")])
    Person.objects.filter(psn_no="P1").update(region=made_up.region("东镇"))
    Person.objects.filter(psn_no="P2").update(region=made_up.region("西镇"))
    arrive([_row("另一人")])
    east = actor_of(made_up.user(Role.TOWN_CLERK, made_up.region("东镇")), AT.date())
    auditor = actor_of(made_up.user(Role.AUDITOR, made_up.region("示例县")), AT.date())
    found = disputed()
    pk, seen = found.contradiction.pk, found.seen
    with pytest.raises(Refused, match="请县级的经办人"):
        keep(actor=east, contradiction_id=pk, seen=seen, reason="已核对", at=AT)
    with pytest.raises(Refused, match="县级经办人"):
        keep(actor=auditor, contradiction_id=pk, seen=seen, reason="已核对", at=AT)
    with pytest.raises(Absent):
        keep(actor=clerk(), contradiction_id=10**9, seen=seen, reason="已核对", at=AT)
    asked = _proposed()
    with pytest.raises(Refused, match="请县级的经办人"):
        confirm_other(actor=east, proposal_id=asked.pk, seen=seen, at=AT)
    assert proposals_waiting(east) == []
    Person.objects.filter(psn_no="P1").update(region=made_up.region("西镇"))
    with pytest.raises(Absent):
        reject_other(actor=east, proposal_id=asked.pk, reason="不对", at=AT)


# --- history, trail, cases


def test_被替换的一条留在历史里_不能改也不能删() -> None:
    _two_rows()
    use_other(disputed())
    (settled,) = history_of(clerk(), "S1")
    assert settled.resolution.decided_by == reviewer().user
    assert settled.resolution.proposal is not None and settled.resolution.proposal.proposed_by == clerk().user
    assert [(each.label, each.recorded, each.other) for each in settled.lines if each.differs] == [
        ("人员编号", "P1", "P2")
    ]
    for change in (lambda: Resolution.objects.update(reason="改"), lambda: Resolution.objects.all().delete()):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            change()
    entry = TrailEntry.objects.filter(action="contradiction.replaced").get()
    assert '["人员编号","P1","P2"]' in entry.detail


def test_改到另一人名下_疑点跟着走_两个人的累计都重算() -> None:
    arrive([_row("A"), record("S2", setl_time=datetime(2024, 6, 1))])
    settle(clerk(), [record("S3", setl_time=datetime(2024, 7, 1))])
    case = Case.objects.get(setl_id="S1")
    assert case.person is not None and case.person.psn_no == "P1"
    arrive([_row("另一人")])
    use_other(disputed())
    case.refresh_from_db()
    assert (case.person.psn_no, case.state) == ("P2", "open")
    years = {(row.owner, row.paid_fen) for row in OwnerYear.objects.all()}
    assert years == {("person P1", 2 * 630000), ("person P2", 630000)}
    _in_order()


def test_已审批的疑点不使另一人的同样差额漏掉() -> None:
    settle(clerk(), [_row("A")])
    Case.objects.update(state="approved", next_step=None)
    arrive([_row("另一人")])
    use_other(disputed())
    opened = Case.objects.get(state="open")
    assert opened.person is not None and opened.person.psn_no == "P2"


# --- withheld before contents were kept, unreadable rows


def _from_before(message: str, **ended: Any) -> None:
    Withheld.objects.create(
        kind="settlement", psn_no="P1", year=2024, setl_id="S1", rule=ID_CONFLICT, message=message, since=AT, **ended
    )


TOLD = "结算编号已有记录而内容不同：基本医保统筹原为 0.00、又报 1,000.00"


def test_旧版本拦住的只能放行_放行过的不再拦() -> None:
    arrive([_row("A")])
    _from_before(TOLD)
    arrive([_row("A")])
    set_aside(actor=clerk(), withheld_id=Withheld.objects.get().pk, reason="已核对", at=AT)
    arrive([_row("B")])
    assert not Contradiction.objects.exists()
    assert _said() == _of("A")


def test_旧版本拦住的_同样的内容再来就有了两条可选() -> None:
    arrive([_row("A")])
    _from_before(TOLD)
    arrive([_row("B")])
    row = Withheld.objects.get()
    assert row.contradiction is not None
    with pytest.raises(Refused, match="核对两条记录"):
        set_aside(actor=clerk(), withheld_id=row.pk, reason="已核对", at=AT)
    use_other(disputed())
    assert _said() == _of("B")


def test_读不出的行在矛盾解决之后仍须放行() -> None:
    arrive([_row("A")])
    arrive([_row("B")])
    use_other(disputed())
    arrive([], [refusal("S1")])
    assert not _said()[3]
    set_aside(actor=clerk(), withheld_id=Withheld.objects.get(ended_at=None).pk, reason="已核对", at=AT)
    assert _said() == _of("B")


def test_机构编号只有一方写明的不算矛盾_双方不同的算() -> None:
    arrive([_row("A", code="H1")])
    arrive([_row("A", code="H2")])
    arrive([_row("A")])
    use_other(disputed())
    assert (Settlement.objects.get().fixmedins_code, _said()) == ("H2", _of("A"))
    for code in ("H1", "H2", ""):
        arrive([_row("A", code=code)])
    assert _said() == _of("A")
