"""What a later file said again belongs to that file too: the earlier one is not undone from under it."""

from datetime import date

import pytest

from tests.office.importing import Desk, dump, now, roster, settlement, settlements
from tests.office.test_other_kinds import FILES
from tuodi.office.models import Holding, ImportBatch, ImportChange, Settlement
from tuodi.office.operations import undo
from tuodi.office.refusal import Refused

pytestmark = pytest.mark.usefixtures("both_databases")

JAN, FEB = date(2025, 1, 1), date(2025, 2, 1)


def _refused(desk: Desk, batch: ImportBatch) -> str:
    with pytest.raises(Refused) as refused:
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=batch.pk, reason="测试")
    return str(refused.value)


def test_后来的结算文件含有同样的行_先撤销后一批() -> None:
    desk = Desk()
    empty = dump()
    first = desk.apply("settlements", settlements([settlement("S1", "P1"), settlement("S2", "P1")]))
    before = dump()
    second = desk.apply("settlements", settlements([settlement("S2", "P1"), settlement("S3", "P1")]))
    assert (second.counts["new"], second.counts["same"]) == (1, 1)
    said = _refused(desk, first)
    assert f"第 {second.pk} 批（结算明细" in said and "也含有同样的记录" in said
    job = desk.undo(second)
    assert job.message == "已撤销，恢复 1 条记录。"
    assert dump() == before
    desk.undo(first)
    assert (dump() == empty, ImportChange.objects.count()) == (True, 0)


def test_后来的文件里同一结算的行矛盾_先撤销后一批() -> None:
    desk = Desk()
    first = desk.apply("settlements", settlements([settlement("S1", "P1")]))
    before = dump()
    rows = [settlement("S1", "P1", inscp_scp_amt="7000.00"), settlement("S9", "P9")]
    second = desk.apply("settlements", settlements(rows))
    assert f"第 {second.pk} 批" in _refused(desk, first)
    desk.undo(second)
    assert dump() == before
    desk.undo(first)
    assert not Settlement.objects.exists()


def test_没有同样的行_各批互不相干() -> None:
    desk = Desk()
    first = desk.apply("settlements", settlements([settlement("S1", "P1")]))
    desk.apply("settlements", settlements([settlement("S2", "P2")]))
    desk.undo(first)
    assert list(Settlement.objects.values_list("setl_id", flat=True)) == ["S2"]


@pytest.mark.parametrize("day", [JAN, FEB])
def test_同日或更旧的名册也写着同一身份_先撤销后一批(day: date) -> None:
    desk = Desk()
    first = desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=FEB)
    before = dump()
    # An otherwise unused heading keeps the two lists two files.
    second = desk.apply("roster", roster([{"psn_no": "P1", "note": ""}]), as_of=day)
    assert f"第 {second.pk} 批（救助对象名册" in _refused(desk, first)
    desk.undo(second)
    assert dump() == before
    desk.undo(first)
    assert not Holding.objects.exists()


@pytest.mark.parametrize("kind", FILES)
def test_其他名单再写同样的内容_先撤销后一批(kind: str) -> None:
    desk = Desk()
    empty = dump(without=("id",))
    first = desk.apply(kind, FILES[kind], as_of=FEB)
    before = dump()
    second = desk.apply(kind, FILES[kind] + b"\r\n", as_of=FEB, sender="另一单位")
    assert f"第 {second.pk} 批" in _refused(desk, first)
    desk.undo(second)
    assert dump() == before
    job = desk.undo(first)
    assert first.state == "undone", job.message
    assert {**dump(without=("id",)), "case": []} == empty
