"""Cases follow the facts and are decided step by step, on both databases."""

from datetime import date, datetime, timedelta

import pytest

from tests.office import made_up, made_up_cases
from tests.office.importing import Desk, csv_bytes, now, roster, settlements
from tests.office.importing import settlement as file_row
from tests.office.made_up_cases import decided, open_case, refresh, settlement
from tuodi.office.access import actor_of
from tuodi.office.models import (
    Case,
    Decision,
    FormerPayment,
    ImportBatch,
    Person,
    Sender,
    Settlement,
    Touch,
    TrailEntry,
)
from tuodi.office.operations.cases import refresh_unmarked
from tuodi.office.operations.decisions import decide, decide_many
from tuodi.office.operations.writing import writing
from tuodi.office.queries.cases import Filters, find, gap_of, listed, queue, queue_counts, seen_token, totals
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, Role

pytestmark = pytest.mark.usefixtures("both_databases")

STEPS = {"核实": Role.COUNTY_CLERK, "复核": Role.REVIEWER, "审批": Role.APPROVER}


class Office:
    """The county with one user for each step, and somebody on the roster."""

    def __init__(self) -> None:
        self.top = made_up.county()
        self.east = made_up.region("东镇")
        self.clerk = made_up.user(Role.COUNTY_CLERK, self.top)
        self.reviewer = made_up.user(Role.REVIEWER, self.top)
        self.approver = made_up.user(Role.APPROVER, self.top)
        self.person = made_up.person("P1", "赵一", self.east, "990001197001010015")
        made_up.holding(self.person, "低保对象", date(2020, 1, 1))

    @property
    def importer(self) -> object:
        return actor_of(self.clerk, made_up.TODAY)

    def former(self, setl_id: str, fen: int, reference: str = "R1", psn_no: str = "") -> FormerPayment:
        sender, _ = Sender.objects.get_or_create(kind="former", name="原系统", region=self.top)
        batch = ImportBatch.objects.create(
            token=made_up.Person().token, kind="former", sender=sender, region=self.top, as_of=made_up.TODAY,
            file_name="a.xlsx", file_bytes=1, sha256="0" * 64, uploaded_by=self.clerk, uploaded_at=made_up.NOW,
        )  # fmt: skip
        return FormerPayment.objects.create(
            setl_id=setl_id, reference=reference, paid_fen=fen, psn_no=psn_no, batch=batch
        )


# --- following the facts: scope 1000.00, others paid 400.00, 低保对象 is due 70 % of 600.00 = 420.00 ---

PAID = [
    # window paid, former systems paid -> kind or none
    (0, 0, "missed"),
    (1, 0, "under"),
    (419_99, 0, "under"),
    (420_00, 0, None),
    (420_01, 0, "over"),
    (0, 420_00, None),
    (200_00, 220_00, None),
    (200_00, 219_99, "under"),
    (420_00, 420_00, "over"),
]


@pytest.mark.parametrize(("window", "former", "kind"), PAID)
def test_应付与已付比对后立疑点(window: int, former: int, kind: str | None) -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00, window)
    if former:
        office.former("S1", former)
    counts = refresh(office.importer, [stored])
    found = list(Case.objects.all())
    assert [(case.kind, case.due_fen, case.paid_fen) for case in found] == (
        [(kind, 420_00, window + former)] if kind else []
    )
    assert counts.opened == len(found)
    for case in found:
        assert (case.settlement, case.person, case.state, case.next_step) == (stored, office.person, "open", 1)
        assert case.reason.startswith("应救助420元")
        # 2025-03-03 is a Monday: five working days later is the next Monday.
        assert case.due_on == date(2025, 3, 10)


def test_已冲销的结算_窗口支付不算_其他系统付过的算多付() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00, 420_00, refd_setl_flag=True)
    refresh(office.importer, [stored])
    assert not Case.objects.exists()
    office.former("S1", 100_00)
    refresh(office.importer, [stored])
    assert Case.objects.get().kind == "over"


def test_没有结算的已付款立为多付_名册中有此人的归到本人() -> None:
    office = Office()
    office.former("X1", 80_00)
    office.former("X2", 90_00, psn_no="P1")
    refresh(office.importer, [], payments=True)
    found = {case.setl_id: case for case in Case.objects.all()}
    assert {key: (case.kind, case.due_fen, case.paid_fen) for key, case in found.items()} == {
        "X1": ("over", 0, 80_00),
        "X2": ("over", 0, 90_00),
    }
    assert (found["X1"].person, found["X2"].person) == (None, office.person)


def test_再次导入同样的数据_不重复立案() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    before = TrailEntry.objects.filter(action="cases.refreshed").count()
    assert not any(refresh(office.importer, [stored]))
    assert Case.objects.count() == 1
    assert TrailEntry.objects.filter(action="cases.refreshed").count() == before == 1


def test_没有办过的疑点随数据更新_差额消除后自动消除() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    stored.maf_pay = 100_00
    stored.save()
    assert refresh(office.importer, [stored]).changed == 1
    case = Case.objects.get()
    assert (case.kind, case.paid_fen, case.version) == ("under", 100_00, 2)
    stored.maf_pay = 420_00
    stored.save()
    assert refresh(office.importer, [stored]).gone == 1
    case.refresh_from_db()
    assert (case.state, case.next_step, case.due_on, case.closed_at) == ("gone", None, None, made_up.NOW)
    # Why it ended comes first; what it was in doubt about can still be read.
    assert case.reason.startswith("差额已消除：现在应救助420元，已付420元。原来的疑点：")
    assert case.reason.endswith("请核实后补发320元。")


def test_办理中的疑点数据变了_退回核实_差额消除也不自动消除() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    case = Case.objects.get()
    decided(office.clerk, case)
    stored.maf_pay = 420_00
    stored.save()
    assert refresh(office.importer, [stored]).sent_back == 1
    case.refresh_from_db()
    assert (case.state, case.next_step, case.due_fen, case.paid_fen) == ("open", 1, 420_00, 420_00)
    assert "差额已消除" in case.reason
    assert TrailEntry.objects.filter(action="case.sent_back", subject=f"case {case.pk}").exists()
    with pytest.raises(Refused, match="差额已经消除"):
        decided(office.clerk, case)
    decided(office.clerk, case, "dismiss")
    case.refresh_from_db()
    assert case.state == "dismissed"


@pytest.mark.parametrize("outcome", ["approved", "dismissed"])
def test_办结的差额不再立案_差额变了另立新案(outcome: str) -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    case = Case.objects.get()
    if outcome == "dismissed":
        decided(office.clerk, case, "dismiss")
    else:
        for user in (office.clerk, office.reviewer, office.approver):
            decided(user, case)
    refresh(office.importer, [stored])
    assert Case.objects.count() == 1
    stored.maf_pay = 100_00
    stored.save()
    assert refresh(office.importer, [stored]).opened == 1
    case.refresh_from_db()
    assert (case.state, case.paid_fen) == (outcome, 0)


def test_暂缓的人没有结果_原有疑点不动() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    refresh(office.importer, [])
    assert Case.objects.get().state == "open"


def test_待遇暂不计算的_金额是此前的_不能通过也不能办结() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]))
    desk.apply("settlements", settlements([file_row("S1", "P1")]))
    header = ("结算编号", "支付编号", "救助金额", "人员编号", "支付日期")
    paid = desk.apply("former_payments", csv_bytes(header, [("S1", "R1", "9000.00", "P1", "2025-02-20")]))
    bad = desk.apply("settlements", settlements([file_row("S2", "P1", medfee_sumamt="坏")]))
    desk.undo(paid)
    case = Case.objects.get()
    seen = seen_token(case)
    grounds = {"reason": "已核对", "clause": "第八条", "remedy": "十日内向医保局申请复核"}
    for outcome in ("pass", "dismiss"):
        with pytest.raises(Refused, match="待遇暂不计算"):
            decide(actor=desk.uploader, case_id=case.pk, step=1, outcome=outcome, seen_digest=seen, at=now(), **grounds)
    desk.undo(bad)
    case.refresh_from_db()
    assert (case.kind, case.paid_fen, case.due_fen) == ("missed", 0, Settlement.objects.get().due_fen)


def test_文件导入后立案_已付明细导入后消除_撤销后再立() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]))
    desk.apply("settlements", settlements([file_row("S1", "P1")]))

    def open_cases() -> list[tuple[object, ...]]:
        found = Case.objects.filter(state="open").order_by("setl_id")
        return list(found.values_list("setl_id", "kind", "paid_fen", "person__psn_no"))

    due = Settlement.objects.get().due_fen
    assert due > 0
    assert open_cases() == [("S1", "missed", 0, "P1")]
    header = ("结算编号", "支付编号", "救助金额", "人员编号", "支付日期")
    paid = [("S1", "R1", f"{due // 100}.{due % 100:02}", "P1", "2025-02-20"), ("S9", "R2", "5.00", "", "")]
    batch = desk.apply("former_payments", csv_bytes(header, paid))
    assert open_cases() == [("S9", "over", 500, None)]
    assert TrailEntry.objects.filter(action="cases.refreshed").count() == 2
    desk.undo(batch)
    assert open_cases() == [("S1", "missed", 0, "P1")]
    assert not Touch.objects.exists()


def test_没有结算的已付款_前序答复互相矛盾也立为多付() -> None:
    desk = Desk()
    for amount in ("500.00", "600.00"):
        header = ("结算编号", "支付方", "支付金额", "答复日期")
        desk.apply(
            "payer_answers", csv_bytes(header, [("S9", "大病", amount, "2025-02-10")]), file_name=amount + ".csv"
        )
    header = ("结算编号", "支付编号", "救助金额", "人员编号", "支付日期")
    desk.apply("former_payments", csv_bytes(header, [("S9", "R2", "5.00", "", "")]))
    assert list(Case.objects.values_list("setl_id", "kind", "paid_fen")) == [("S9", "over", 500)]


def test_合并后疑点归到保留的人() -> None:
    office = Office()
    stored = settlement(office.person, "S1", 1000_00, 400_00)
    refresh(office.importer, [stored])
    survivor = made_up.person("P0", "赵一", office.top)
    Person.objects.filter(pk=office.person.pk).update(merged_into=survivor)
    stored.person = survivor
    stored.save()
    refresh(office.importer, [stored])
    assert Case.objects.get().person == survivor


def test_未标识的疑点() -> None:
    office = Office()
    settlement(office.person, "S1", 1000_00, 400_00, 100_00, due_fen=420_00)
    with writing(office.importer, Action.UPLOAD_IMPORT, made_up.NOW) as write:
        refresh_unmarked(write, found={"S1": "平台未标识低保对象。"}, checked={"S1": "平台已补上标识。"})
    case = Case.objects.get()
    assert (case.kind, case.due_fen, case.paid_fen, case.person) == ("unmarked", 420_00, 100_00, office.person)
    with writing(office.importer, Action.UPLOAD_IMPORT, made_up.NOW) as write:
        assert refresh_unmarked(write, found={}, checked={"S1": "平台已补上标识。"}).gone == 1
    case.refresh_from_db()
    assert (case.state, case.reason) == ("gone", "平台已补上标识。原来的疑点：平台未标识低保对象。")


# --- deciding --------------------


def test_三步通过即已审批_每步留痕() -> None:
    office = Office()
    case = open_case(office.person)
    for user, step in ((office.clerk, 2), (office.reviewer, 3), (office.approver, None)):
        decided(user, case)
        case.refresh_from_db()
        assert case.next_step == step
    assert (case.state, case.closed_at) == ("approved", made_up.NOW)
    entries = TrailEntry.objects.filter(subject=f"case {case.pk}").order_by("number")
    assert [(entry.actor, entry.action, entry.region) for entry in entries] == [
        ("clerk", "case.pass", "990001001"),
        ("reviewer", "case.pass", "990001001"),
        ("approver", "case.pass", "990001001"),
    ]
    assert all(len(decision.seen_digest) == 64 for decision in Decision.objects.all())


TEXTS = [
    # step before, outcome, reason, clause, remedy -> refused with
    (1, "return", "补材料", "", "", "核实是第一步"),
    (2, "return", " ", "", "", "退回必须写明原因"),
    (2, "return", "补材料", "", "", None),
    (1, "dismiss", "", "第十条", "可申请复核", "必须写明理由"),
    (1, "dismiss", "重复", "", "可申请复核", "必须写明理由"),
    (1, "dismiss", "重复", "第十条", "", "必须写明理由"),
    (1, "dismiss", "重复", "第十条", "可申请复核", None),
    # 依据：and 救济途径： with their separators take 10 characters, clause and remedy one each.
    (1, "dismiss", "长" * 388, "条", "径", None),
    (1, "dismiss", "长" * 389, "条", "径", "最多 400 字"),
    (1, "pass", "", "", "", None),
]


@pytest.mark.parametrize(("step", "outcome", "reason", "clause", "remedy", "refused"), TEXTS)
def test_退回和不成立必须写明理由(
    step: int, outcome: str, reason: str, clause: str, remedy: str, refused: str | None
) -> None:
    office = Office()
    case = open_case(office.person)
    if step == 2:
        decided(office.clerk, case)
    user = office.clerk if step == 1 else office.reviewer
    texts = {"reason": reason, "clause": clause, "remedy": remedy}
    if refused:
        with pytest.raises(Refused, match=refused):
            decided(user, case, outcome, **texts)
        assert Decision.objects.count() == step - 1
    else:
        decided(user, case, outcome, **texts)
        assert Decision.objects.count() == step


def test_退回后同一人可以重办自己的步骤() -> None:
    office = Office()
    case = open_case(office.person)
    for user, outcome in (
        (office.clerk, "pass"),
        (office.reviewer, "return"),
        (office.clerk, "pass"),
        (office.reviewer, "pass"),
        (office.approver, "pass"),
    ):
        decided(user, case, outcome)
    case.refresh_from_db()
    assert case.state == "approved"


CHANGES = {
    "金额": (lambda case: Case.objects.filter(pk=case.pk).update(paid_fen=50_00), r"已付金额（现为50\.00）"),
    "说明": (lambda case: Case.objects.filter(pk=case.pk).update(reason="别的"), "说明"),
    "当事人": (lambda case: Person.objects.update(version=2), "当事人信息"),
    "种类": (lambda case: Case.objects.filter(pk=case.pk).update(kind="over"), "种类（现为多付）"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_看过之后有变化的不办_说明变了什么(change: str) -> None:
    office = Office()
    case = open_case(office.person)
    actor = actor_of(office.clerk, made_up.TODAY)
    seen = seen_token(find(actor, case.pk))
    make, told = CHANGES[change]
    make(case)
    with pytest.raises(Refused, match=f"有变化：{told}"):
        decide(actor=actor, case_id=case.pk, step=1, outcome="pass", seen_digest=seen, at=made_up.NOW)
    assert not Decision.objects.exists()


def test_伪造的摘要不算看过() -> None:
    office = Office()
    case = open_case(office.person)
    actor = actor_of(office.clerk, made_up.TODAY)
    seen = seen_token(find(actor, case.pk))
    for forged in ("", "0" * 64, "0" * 64 + seen[64:]):
        with pytest.raises(Refused, match="有变化"):
            decide(actor=actor, case_id=case.pk, step=1, outcome="pass", seen_digest=forged, at=made_up.NOW)


def test_已办结或不在这一步的不办() -> None:
    office = Office()
    case = open_case(office.person)
    decided(office.clerk, case)
    with pytest.raises(Refused, match="现在等待复核，不是核实（县级经办人甲于2025-03-03 09:00通过）"):
        decided(office.clerk, case, step=1)
    decided(office.reviewer, case, "dismiss")
    with pytest.raises(Refused, match="已经办结：不成立"):
        decided(office.approver, case, step=3)


def test_管辖外的疑点视为不存在_没有这一步权限的被拒绝() -> None:
    office = Office()
    case = open_case(office.person)
    west = made_up.user(Role.TOWN_CLERK, made_up.region("西镇"))
    with pytest.raises(Absent):
        decided(west, case)
    with pytest.raises(Refused, match="可以办理的是：乡镇经办人、县级经办人"):
        decided(office.reviewer, case)


def test_成批办理_逐件检查_没有办成的说明原因() -> None:
    office = Office()
    good, changed, touched, far = (open_case(office.person, f"S{n}") for n in range(4))
    other = made_up.person("P2", "钱二", office.east)
    made_up_cases.Case.objects.filter(pk=touched.pk).update(person=other)
    with writing(office.importer, Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.touch(other, "identity")
        write.log("person.changed", f"person {other.pk}", office.east)
    actor = actor_of(office.clerk, made_up.TODAY)
    seen = {case.pk: seen_token(find(actor, case.pk)) for case in (good, changed, touched, far)}
    Case.objects.filter(pk=changed.pk).update(due_fen=1)
    Case.objects.filter(pk=far.pk).update(state="gone", next_step=None)
    result = decide_many(actor=actor, step=1, seen={**seen, 999: "x"}, at=made_up.NOW)
    assert result.done == (good.pk,)
    assert list(result.not_done) == [changed.pk, touched.pk, far.pk, 999]
    for case_id, words in (
        (changed.pk, "有变化"),
        (touched.pk, "更改过当事人的信息"),
        (far.pk, "已经办结"),
        (999, "没有"),
    ):
        assert words in result.not_done[case_id]
    assert Decision.objects.count() == TrailEntry.objects.filter(action="case.pass").count() == 1


# --- reading --------------------


def test_我的待办只有我能办的() -> None:
    office = Office()
    mine, done, touched, later = (open_case(office.person, f"S{n}") for n in range(4))
    nobody = open_case(None, "S9")
    other = made_up.person("P2", "钱二", office.east)
    Case.objects.filter(pk=touched.pk).update(person=other)
    duplicate = made_up.person("P3", "钱二", office.east, merged_into=other)
    second = made_up.user(Role.COUNTY_CLERK, office.top, "clerk2")
    with writing(office.importer, Action.CHANGE_PEOPLE, made_up.NOW) as write:
        write.touch(duplicate, "identity")
        write.log("person.changed", f"person {duplicate.pk}", office.east)
    decided(second, done)
    decided(office.reviewer, done, "return")
    decided(second, later)
    Case.objects.filter(pk=mine.pk).update(due_on=made_up.TODAY - timedelta(days=1))
    actor = actor_of(office.clerk, made_up.TODAY)
    assert {case.pk for case in queue(actor)} == {mine.pk, done.pk, nobody.pk}
    assert [case.pk for case in queue(actor_of(second, made_up.TODAY))][0] == mine.pk
    assert {case.pk for case in queue(actor_of(second, made_up.TODAY))} == {mine.pk, done.pk, touched.pk, nobody.pk}
    assert [case.pk for case in queue(actor_of(office.reviewer, made_up.TODAY))] == [later.pk]
    assert [(row.step.label, row.count, row.overdue) for row in queue_counts(actor, made_up.TODAY)] == [("核实", 3, 1)]
    east = made_up.user(Role.TOWN_CLERK, office.east)
    assert {case.pk for case in queue(actor_of(east, made_up.TODAY))} == {mine.pk, done.pk, touched.pk}


FILTERS = [
    ({}, "ABCD"),
    ({"kind": "over"}, "B"),
    ({"state": "open"}, "ABC"),
    ({"step": 2}, "C"),
    ({"amount_fen": 60_00}, "ABCD"),
    ({"amount_fen": 60_01}, "B"),
    ({"amount_fen": 70_00}, "B"),
    ({"amount_fen": 70_01}, ""),
    ({"overdue": True}, "A"),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_按条件筛选(filters: dict[str, object], expected: str) -> None:
    office = Office()
    yesterday = made_up.TODAY - timedelta(days=1)
    open_case(office.person, "A", due_on=yesterday)
    open_case(office.person, "B", 30_00, 100_00, kind="over", due_on=made_up.TODAY)
    open_case(office.person, "C", next_step=2)
    open_case(office.person, "D", state="gone", next_step=None, due_on=yesterday)
    actor = actor_of(office.reviewer, made_up.TODAY)
    found = listed(actor, Filters(**filters))
    assert "".join(sorted(case.setl_id for case in found)) == expected
    sums = totals(found)
    assert sums.count == len(expected)
    # D is gone: it is listed, and none of its amounts count.
    assert sums.missing_fen == 60_00 * len(expected.replace("B", "").replace("D", ""))
    assert sums.excess_fen == 70_00 * expected.count("B")
    assert sums.left_out == expected.count("D")


@pytest.mark.parametrize(
    ("kind", "state", "due", "paid", "gap"),
    [
        ("under", "open", 100_00, 99_99, (1, None)),
        ("under", "approved", 100_00, 100_00, (None, None)),
        ("over", "open", 99_99, 100_00, (None, 1)),
        ("unmarked", "open", 100_00, 0, (None, None)),
        ("missed", "dismissed", 100_00, 0, (None, None)),
        ("missed", "gone", 100_00, 0, (None, None)),
    ],
)
def test_应补应追分开_库里的合计与逐件相同(
    kind: str, state: str, due: int, paid: int, gap: tuple[int | None, int | None]
) -> None:
    office = Office()
    open_case(office.person, "A", 500_00, 200_00)
    open_case(office.person, "B", 0, 30_00, kind="over")
    case = open_case(office.person, "C", due, paid, kind=kind, state=state, next_step=1 if state == "open" else None)
    assert gap_of(case) == gap
    sums = totals(Case.objects.all())
    assert (sums.missing_fen, sums.excess_fen) == (300_00 + (gap[0] or 0), 30_00 + (gap[1] or 0))
    counts = kind != "unmarked" and state in ("open", "approved")
    assert (sums.due_fen, sums.paid_fen) == (500_00 + due * counts, 230_00 + paid * counts)
    assert (sums.count, sums.left_out) == (3, 0 if counts else 1)


def test_按乡镇筛选_管辖外的乡镇视为不存在() -> None:
    office = Office()
    open_case(office.person, "A")
    open_case(made_up.person("P2", "钱二", made_up.region("西镇")), "B")
    open_case(None, "C")
    everywhere = actor_of(office.reviewer, made_up.TODAY)
    east = actor_of(made_up.user(Role.TOWN_CLERK, office.east), made_up.TODAY)

    def found(actor: object, region: object = None) -> str:
        return "".join(sorted(c.setl_id for c in listed(actor, Filters(region=region and region.pk))))

    assert (found(everywhere), found(everywhere, office.top)) == ("ABC", "ABC")
    assert (found(everywhere, office.east), found(east)) == ("A", "A")
    with pytest.raises(Absent):
        found(east, made_up.region("西镇"))


def test_期限跨节假日按工作日推算() -> None:
    office = Office()
    case = open_case(office.person)
    actor = actor_of(office.clerk, made_up.TODAY)
    # 国庆中秋 2025-10-01 to 10-08 are off, Sunday 09-28 and Saturday 10-11 are worked.
    decide(
        actor=actor,
        case_id=case.pk,
        step=1,
        outcome="pass",
        seen_digest=seen_token(find(actor, case.pk)),
        at=datetime(2025, 9, 29, 9, 0),
    )
    case.refresh_from_db()
    # Working days after Monday 09-29: 09-30, 10-09, 10-10, 10-11, 10-13.
    assert case.due_on == date(2025, 10, 13)
