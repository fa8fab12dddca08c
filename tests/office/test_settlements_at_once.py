"""Several at once: the cap holds, one settlement counts once, nothing is lost; and what goes wrong without the lock."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.office import made_up
from tests.office.settling import AT, accumulators, arrive, assert_equals_batch, clerk, enter, record, settle
from tests.office.together import meeting, together
from tests.oracle.benefit import Held
from tuodi.office import assessing
from tuodi.office.checking import differences
from tuodi.office.models import Accumulator, BenefitLine, Holding, OwnerYear, Person, Settlement, Withheld
from tuodi.office.operations import settlements
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action

pytestmark = pytest.mark.usefixtures("both_databases")


@pytest.fixture(autouse=True)
def county(both_databases: str) -> None:
    made_up.county()
    enter([Held("P1", "低保对象", "2024-01-01"), Held("P2", "低保对象", "2024-01-01")])


def test_同一人多笔同时到达_不超过限额() -> None:
    actor = clerk()
    rows = [record(f"S{n:02}", scope=1500000, setl_time=datetime(2024, 1 + n % 12, 1)) for n in range(24)]
    works = [lambda part=rows[n::6]: [settle(actor, [row]) for row in part] for n in range(6)]
    assert together(works) == []
    assert sum(Settlement.objects.values_list("due_fen", flat=True)) == 6000000
    assert accumulators()["person P1", 2024, "cap", "cap_year", ""] == (6000000, 6000000)
    assert_equals_batch()
    assert list(differences()) == []


def test_同一笔结算同时由几条路径到达_只计一次() -> None:
    actor = clerk()
    works = [lambda: settle(actor, [record("S1")]) for _ in range(5)]
    works += [lambda: arrive([record("S1"), record("S2", "P2")]) for _ in range(2)]
    assert together(works) == []
    assert Settlement.objects.count() == 2
    assert {each.due_fen for each in Settlement.objects.all()} == {630000}
    assert_equals_batch()


def test_同一编号同时记到两个人名下_两人都暂不计算(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = clerk()
    meeting(monkeypatch, settlements, "_values")
    assert together([lambda who=who: settle(actor, [record("S1", who)]) for who in ("P1", "P2")]) == []
    row = Settlement.objects.get()
    assert row.outcome is None
    assert set(Withheld.objects.values_list("psn_no", flat=True)) == {"P1", "P2"}
    assert OwnerYear.objects.get().is_withheld


def test_第一笔结算与补录身份同时发生_不会漏算(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = clerk()
    made_up.person("P3", "钱二", made_up.region("东镇"))
    meeting(monkeypatch, assessing, "scope_of")
    meeting(monkeypatch, settlements, "scope_of")

    def add_identity() -> None:
        with writing(actor, Action.CHANGE_PEOPLE, AT) as write:
            person = Person.objects.get(psn_no="P3")
            Holding.objects.create(person=person, identity="低保对象", begin=date(2024, 1, 1), source="测试")
            assessing.reassess(psn_nos={"P3"}, at=AT)
            write.log("test.entered", "test 1")

    assert together([add_identity, lambda: settle(actor, [record("S1", "P3")])]) == []
    assert Settlement.objects.get().due_fen == 630000
    assert_equals_batch()


def _two_at_the_cap(monkeypatch: pytest.MonkeyPatch, *, is_locking: bool = True) -> list[BaseException]:
    """Let two settlements of one person be computed at the same time, each worth the whole cap."""
    actor = clerk()
    arrive([record("S0", scope=100)])
    if not is_locking:
        monkeypatch.setattr(settlements, "lock", lambda keys: None)
        monkeypatch.setattr(assessing, "lock", lambda keys: None)
    meeting(monkeypatch, assessing, "_write")
    rows = [record(name, scope=9000000, setl_time=datetime(2024, 6, day)) for name, day in (("S1", 1), ("S2", 2))]
    return together([lambda row=row: settle(actor, [row]) for row in rows])


def test_两笔同时计算_有锁则第二笔等第一笔(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _two_at_the_cap(monkeypatch) == []
    assert sum(Settlement.objects.values_list("due_fen", flat=True)) == 6000000
    assert_equals_batch()


def test_反证_去掉锁就会算错(monkeypatch: pytest.MonkeyPatch, both_databases: str) -> None:
    raised = _two_at_the_cap(monkeypatch, is_locking=False)
    wrong = raised or list(differences()) or sum(Settlement.objects.values_list("due_fen", flat=True)) > 6000000
    # On SQLite the transaction itself is the lock: the same fault does not show.
    assert bool(wrong) == (both_databases == "postgresql")


def test_数据库拒绝超过限额的累计和超过应付的支付() -> None:
    arrive([record("S1")])
    year, row = OwnerYear.objects.get(), Settlement.objects.get()
    for wrong in (
        Accumulator(owner_year=year, kind="cap", name="other", used_fen=101, limit_fen=100),
        Accumulator(owner_year=year, kind="cap", name="other", used_fen=-1),
        BenefitLine(settlement=row, order=9, base_amt=0, deductible_used=0, raw_amt=5, paid_amt=6),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
    Accumulator.objects.create(owner_year=year, kind="cap", name="other", used_fen=100, limit_fen=100)
    with pytest.raises(DatabaseError), transaction.atomic():
        Accumulator.objects.filter(name="cap_year").update(used_fen=6000001)
