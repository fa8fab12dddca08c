"""Settlements by ``setl_id``: once, whatever the order; reversals, contradictions, refused rows, setting aside."""

from datetime import datetime

import pytest

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
    settle,
    snapshot,
)
from tests.oracle.benefit import Held
from tuodi.intake.settlements import ID_CONFLICT
from tuodi.office import trail
from tuodi.office.access import actor_of
from tuodi.office.checking import differences
from tuodi.office.models import (
    Case,
    FormerPayment,
    ImportBatch,
    PayerAnswer,
    Sender,
    Settlement,
    Touch,
    TrailEntry,
    Withheld,
)
from tuodi.office.operations.settlements import classify, payable_fen
from tuodi.office.operations.withheld import set_aside
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")


@pytest.fixture(autouse=True)
def county(both_databases: str) -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01"), Held("P2", "低保对象", "2024-01-01")])


def _open() -> set[tuple[str, int | None, str, str]]:
    rows = Withheld.objects.filter(ended_at__isnull=True)
    return set(rows.values_list("psn_no", "year", "setl_id", "rule"))


def test_同样的内容再来一次只计一次() -> None:
    first = arrive([record("S1")])
    again = arrive([record("S1")])
    assert (first.new, first.same, again.new, again.same) == (1, 0, 0, 1)
    assert again.psn_nos == set()
    assert Settlement.objects.get().due_fen == 630000


def test_一份文件里重复的内容也只计一次() -> None:
    found = arrive([record("S1"), record("S1")])
    assert (found.new, found.same) == (1, 1)


@pytest.mark.parametrize("order", ["正常在先", "冲正在先"])
def test_冲正不会被收回(order: str) -> None:
    normal, reversal = record("S1"), record("S1", reversed=True)
    for each in (normal, reversal) if order == "正常在先" else (reversal, normal):
        arrive([each])
    row = Settlement.objects.get()
    assert (row.refd_setl_flag, row.due_fen, row.outcome) == (True, 0, 1)
    assert row.note == "该笔结算已冲正，不参与计算。"
    assert _open() == set()
    assert_equals_batch()


def test_冲正以后各笔重新计算并列出差额() -> None:
    arrive([record("S1", scope=6000000), record("S2", scope=6000000, setl_time=datetime(2024, 6, 1))])
    arrive([record("S1", scope=6000000, reversed=True)])
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [0, 4200000]
    assert_equals_batch()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("hifp_pay", 100, "基本医保统筹原为 0.00、又报 1.00"),
        ("inscp_scp_amt", 900001, "符合政策范围金额原为 9,000.00、又报 9,000.01"),
        ("maf_pay", 1, "医疗救助基金原为 0.00、又报 0.01"),
        ("med_type", "11", "医疗类别原为 21、又报 11"),
        ("setl_time", datetime(2024, 5, 20, 10, 0, 1), "结算时间原为 2024-05-20 10:00:00、又报 2024-05-20 10:00:01"),
        ("insutype", "", "险种原为 390、又报 空"),
    ],
)
def test_同一编号内容不同_两条都不算_不覆盖(field: str, value: object, told: str) -> None:
    arrive([record("S1"), record("S2", setl_time=datetime(2024, 6, 1))])
    found = arrive([record("S1", **{field: value})])
    assert (found.conflicts, found.psn_nos) == (1, {"P1"})
    assert _open() == {("P1", 2024, "S1", ID_CONFLICT)}
    assert told in Withheld.objects.get().message
    assert getattr(Settlement.objects.get(setl_id="S1"), field) != value
    assert {each.outcome for each in Settlement.objects.all()} == {None}


def test_冲突涉及的两个人和两个年度都暂不计算() -> None:
    other = {"psn_no": "P2", "setl_time": datetime(2025, 5, 20, 10)}
    arrive([record("S1"), record("S2", "P2", setl_time=datetime(2025, 1, 1)), record("S3", "P2")])
    arrive([record("S1", **other)])
    assert _open() == {("P1", 2024, "S1", ID_CONFLICT), ("P2", 2025, "S1", ID_CONFLICT)}
    assert {e.setl_id: e.outcome for e in Settlement.objects.all()} == {"S1": None, "S2": None, "S3": 0}


def test_冲突再来一次不再多记_放行之后也不再拦() -> None:
    arrive([record("S1")])
    for _ in range(2):
        arrive([record("S1", hifp_pay=100)])
    assert Withheld.objects.count() == 1
    keep_recorded(disputed())
    assert Settlement.objects.get().due_fen == 630000
    arrive([record("S1", hifp_pay=100)])
    assert Withheld.objects.count() == 1
    assert Settlement.objects.get().due_fen == 630000
    arrive([record("S1", hifp_pay=200)])
    assert Settlement.objects.get().outcome is None


def test_机构编号可以补_补的先后不影响结果() -> None:
    arrive([record("S1")])
    assert arrive([record("S1", code="H1")]).same == 1
    assert Settlement.objects.get().fixmedins_code == "H1"
    assert arrive([record("S1")]).same == 1
    assert arrive([record("S1", code="H2")]).conflicts == 1
    assert Settlement.objects.get().fixmedins_code == "H1"


@pytest.mark.parametrize("order", ["错误行在先", "正确行在先"])
def test_同一编号的正确行了结错误行_先后不论(order: str) -> None:
    good: tuple[list[object], list[object]] = ([record("S1")], [])
    bad: tuple[list[object], list[object]] = ([], [refusal("S1", "P2")])
    for each in (bad, good) if order == "错误行在先" else (good, bad):
        arrive(*each)  # type: ignore[arg-type]
    assert _open() == set()
    assert Settlement.objects.get().due_fen == 630000
    # Once the id has meant different rows nobody can tell which of them the unreadable one was.
    arrive([record("S1", hifp_pay=100)])
    assert _open() == {("P1", 2024, "S1", ID_CONFLICT), ("P2", 2024, "S1", "amount-bad")}


def test_文件内相互矛盾的两行_再来一行也要人工放行() -> None:
    arrive([], [refusal("S1", rule=ID_CONFLICT), refusal("S1")])
    arrive([record("S1")])
    assert _open() == {("P1", 2024, "S1", ID_CONFLICT), ("P1", 2024, "S1", "amount-bad")}
    assert Settlement.objects.get().outcome is None


def test_看不出是谁的错误行不拦任何人() -> None:
    arrive([record("S1")], [refusal("S9", psn_no="")])
    assert not Withheld.objects.exists()
    assert Settlement.objects.get().outcome == 0


def test_预览只比较不写入() -> None:
    arrive([record("S1"), record("S2"), record("S3", reversed=True)])
    rows = [record("S1"), record("S2", reversed=True), record("S3"), record("S4"), record("S1", hifp_pay=1)]
    found = classify([*rows, record("S2", code="H1", reversed=True)])
    assert [each.settlement.setl_id for each in found.new] == ["S4"]
    assert [each.settlement.setl_id for each in found.same] == ["S1", "S3"]
    assert [each.settlement.setl_id for each in found.reversals] == ["S2"]
    assert [each.settlement.setl_id for each in found.filled] == ["S2"]
    assert [each.record.settlement.setl_id for each in found.conflicts] == ["S1"]
    assert Settlement.objects.count() == 3
    assert not Settlement.objects.get(setl_id="S2").refd_setl_flag


def test_两条路径到达的同一笔结算只计一次() -> None:
    settle(clerk(), [record("S1")])
    arrive([record("S1")])
    settle(clerk(), [record("S1")])
    assert Settlement.objects.get().due_fen == 630000
    assert_equals_batch()


def test_逐笔受理与文件导入结果相同() -> None:
    rows = [record(f"S{n}", scope=2500000, setl_time=datetime(2024, n, 1)) for n in range(1, 6)]
    for each in reversed(rows):
        settle(clerk(), [each])
    one_by_one = snapshot()
    Case.objects.all().delete()
    Settlement.objects.all().delete()
    arrive(rows)
    assert snapshot() == one_by_one


@pytest.mark.parametrize("year", [None, 2024, 2025])
def test_逐笔受理的正确行_别的年度也不再拦(year: int | None) -> None:
    arrive([record("S1")], [refusal("S9", year=year)])
    settle(clerk(), [record("S9", setl_time=datetime(2025, 2, 1))])
    assert dict(Settlement.objects.values_list("setl_id", "due_fen")) == {"S1": 630000, "S9": 630000}
    assert (_open(), list(differences())) == (set(), [])
    assert_equals_batch()


# --- withheld rows set aside by hand ---


def test_放行须有理由_留痕_记为经手() -> None:
    arrive([record("S1")], [refusal("S9")])
    held = Withheld.objects.get()
    with pytest.raises(Refused, match="理由"):
        set_aside(actor=clerk(), withheld_id=held.pk, reason="  ", at=AT)
    assert set_aside(actor=clerk(), withheld_id=held.pk, reason="医院说明该行作废", at=AT) == "P1"
    held.refresh_from_db()
    assert (held.ended_by, held.ended_why) == (clerk().user, "医院说明该行作废")
    assert Touch.objects.get().person.psn_no == "P1"
    entry = TrailEntry.objects.order_by("-number")[0]
    assert (entry.action, entry.subject) == ("withheld.set-aside", f"withheld {held.pk}")
    assert trail.hash_of(entry) == entry.hash
    assert Settlement.objects.get().due_fen == 630000
    with pytest.raises(Refused, match="已经处理过"):
        set_aside(actor=clerk(), withheld_id=held.pk, reason="再来一次", at=AT)


def test_放行限于本辖区的经办人() -> None:
    top = made_up.region("示例县")
    made_up.person("P3", "钱二", made_up.region("西镇"))
    arrive([], [refusal("S9", "P3"), refusal("S8", "没有登记的人")])
    held, unknown = (Withheld.objects.get(setl_id=setl_id) for setl_id in ("S9", "S8"))
    east = actor_of(made_up.user(Role.TOWN_CLERK, made_up.region("东镇")), AT.date())
    reviewer = actor_of(made_up.user(Role.REVIEWER, top), AT.date())
    for each in (held, unknown):
        with pytest.raises(Absent):
            set_aside(actor=east, withheld_id=each.pk, reason="理由", at=AT)
        with pytest.raises(Refused, match="县级经办人"):
            set_aside(actor=reviewer, withheld_id=each.pk, reason="理由", at=AT)
        set_aside(actor=clerk(), withheld_id=each.pk, reason="理由", at=AT)
    with pytest.raises(Absent):
        set_aside(actor=clerk(), withheld_id=10**9, reason="理由", at=AT)


# --- paid elsewhere, answered by earlier payers ---


def _batch() -> ImportBatch:
    top = made_up.region("示例县")
    sender = Sender.objects.create(kind="former", name="测试", region=top)
    fields = {"kind": "former", "sender": sender, "region": top, "as_of": AT.date(), "file_bytes": 1, "uploaded_at": AT}
    return ImportBatch.objects.create(token="t", uploaded_by=clerk().user, **fields)


@pytest.mark.parametrize(
    ("window", "former", "reversed_", "payable"),
    [(0, 0, False, 630000), (1, 0, False, 0), (630000, 0, False, 0), (0, 1, False, 0), (0, 630000, False, 0),
     (0, 0, True, 0), (700000, 100, False, 0)],
)  # fmt: skip
def test_别处已付的照样累计_不再支付(window: int, former: int, reversed_: bool, payable: int) -> None:
    batch = _batch()
    if former:
        for reference, part in (("a", former - former // 2), ("b", former // 2)):
            if part:
                FormerPayment.objects.create(setl_id="S1", reference=reference, paid_fen=part, batch=batch)
    arrive([record("S1", maf_pay=window, reversed=reversed_)])
    row = Settlement.objects.get()
    assert (row.due_fen, row.former_fen) == (0 if reversed_ else 630000, former)
    assert payable_fen(row) == payable
    assert_equals_batch()


def test_暂不计算的不支付() -> None:
    arrive([record("S1")], [refusal("S9")])
    assert payable_fen(Settlement.objects.get()) == 0


def test_先付方的答复填入空着的金额_不改已报的金额() -> None:
    batch = _batch()
    for setl_id in ("S1", "S2"):
        PayerAnswer.objects.create(setl_id=setl_id, payer="hifmi_pay", paid_fen=400000, batch=batch)
    arrive([record("S1"), record("S2", "P2", hifmi_pay=100000)])
    # (9,000 − 4,000) × 70 % and (9,000 − 1,000) × 70 %.
    assert [each.due_fen for each in Settlement.objects.order_by("setl_id")] == [350000, 560000]
    assert [each.hifmi_pay for each in Settlement.objects.order_by("setl_id")] == [0, 100000]
    assert_equals_batch()
