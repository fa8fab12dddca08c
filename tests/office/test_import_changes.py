"""All changes of a preview as rows, a file read once more, and what an import did to the sums due."""

from datetime import date

import pytest

from tests.office import made_up
from tests.office.importing import Desk, certno, now, roster, settlement, settlements, work_all
from tuodi.office import jobs
from tuodi.office.models import ImportBatch, Job, TrailEntry
from tuodi.office.operations import imports
from tuodi.office.operations.import_changes import export_changes
from tuodi.office.queries.imports import may_be_read_again
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")

JAN, FEB = date(2025, 1, 31), date(2025, 2, 28)
WHY = "确认前逐条核对"


def export(desk: Desk, batch: ImportBatch, reason: str = WHY) -> list[tuple[str, ...]]:
    found = export_changes(actor=desk.confirmer, at=now(), batch_id=batch.pk, reason=reason)
    return [tuple(row) for row in found.rows]


def test_导出的是全部变化_有姓名没有号码_并且留痕() -> None:
    desk = Desk()
    people = [{"psn_no": f"P{n:03}", "psn_name": f"赵小{n}", "certno": certno(n)} for n in range(100)]
    desk.apply("roster", roster(people), as_of=JAN, is_full=True)
    more = [{"psn_no": f"Q{n:03}", "psn_name": f"钱小{n}", "certno": certno(n + 200)} for n in range(60)]
    batch = desk.upload("roster", roster([*people[:50], *more]), as_of=FEB, is_full=True)
    assert (len(batch.samples["new"]), len(batch.samples["ended"])) == (40, 40)
    rows = export(desk, batch)
    assert [row[0] for row in rows] == ["新增"] * 60 + ["终止"] * 50
    assert rows[0] == ("新增", "新增人员与身份", "Q000 钱小0", "", "低保对象 2024-01-01 起")
    assert rows[-1] == ("终止", "低保对象", "P099 赵小99", "2024-01-01 起", "2024-01-01 至 2025-02-27")
    assert not any(certno(n) in "".join(row) for row in rows for n in range(260))
    entry = TrailEntry.objects.get(action="import.changes-exported")
    assert entry.subject == f"import {batch.pk}" and WHY in entry.detail and "110" in entry.detail


def test_没有用途_不是待确认的_预览过时的都不导出() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster([{"psn_no": "P1"}]))
    with pytest.raises(Refused, match="导出的用途"):
        export(desk, batch, " ")
    desk.apply("roster", roster([{"psn_no": "P1", "psn_name": "赵一"}]), as_of=FEB)
    with pytest.raises(Refused, match="重新读取"):
        export(desk, batch)
    imports.read_again(actor=desk.uploader, at=now(), batch_id=batch.pk)
    work_all()
    batch.refresh_from_db()
    assert len(export(desk, batch)) == batch.counts["new"] + batch.counts["changed"]
    desk.confirm(batch)
    with pytest.raises(Refused, match="已导入"):
        export(desk, batch)
    assert TrailEntry.objects.filter(action="import.changes-exported").count() == 1


def test_看不到人员的和别的乡镇的_批次视为不存在() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster([{"psn_no": "P1"}]))
    for actor in (made_up.actor(Role.EVALUATOR, desk.region), made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))):
        with pytest.raises(Absent):
            export_changes(actor=actor, at=now(), batch_id=batch.pk, reason=WHY)


def test_读取中断的可以重新读取(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def out_of_memory(_work: jobs.Work) -> str:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(imports, "read_batch", out_of_memory)
        batch = desk.upload("roster", roster([{"psn_no": "P1"}]))
    assert (batch.state, may_be_read_again(batch)) == ("refused", True)
    imports.read_again(actor=desk.uploader, at=now(), batch_id=batch.pk)
    assert TrailEntry.objects.filter(action="import.read-again", subject=f"import {batch.pk}").exists()
    work_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"]) == ("previewed", 1)
    desk.confirm(batch)
    assert batch.state == "applied"


def test_文件本身读不了的_和已导入的_不能重新读取() -> None:
    desk = Desk()
    bad = desk.upload("roster", b"<html></html>", file_name="a.xls")
    applied = desk.apply("roster", roster([{"psn_no": "P1"}]))
    for batch in (bad, applied):
        assert not may_be_read_again(batch)
        with pytest.raises(Refused, match="不用重新读取"):
            imports.read_again(actor=desk.uploader, at=now(), batch_id=batch.pk)
    assert Job.objects.filter(kind="import.read").count() == 2


def test_同样的文件在等待时_中断的不能重新读取(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def out_of_memory(_work: jobs.Work) -> str:
        raise MemoryError

    content = roster([{"psn_no": "P1"}])
    with monkeypatch.context() as broken:
        broken.setattr(imports, "read_batch", out_of_memory)
        batch = desk.upload("roster", content)
    desk.upload("roster", content)
    with pytest.raises(Refused, match="正在等待处理"):
        imports.read_again(actor=desk.uploader, at=now(), batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == "refused"


def test_导入之后写明应救助金额的变化() -> None:
    desk = Desk()
    desk.apply("roster", roster([{"psn_no": "P1"}]), as_of=JAN)
    first = desk.apply("settlements", settlements([settlement("S1", "P1"), settlement("S2", "P2")]))
    # Nothing was computed before.
    assert first.counts["due_changes"] == {"settlements": 0, "before_fen": 0, "after_fen": 0}
    late = desk.apply("roster", roster([{"psn_no": "P2"}]), as_of=JAN)
    done = late.counts["due_changes"]
    assert (done["settlements"], done["before_fen"]) == (1, 0)
    # 低保对象 2024: (8,000.00 - 5,000.00) × 70 %.
    assert done["after_fen"] == 210_000
