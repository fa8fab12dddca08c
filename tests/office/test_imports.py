"""The whole way of a file on both databases: two persons, one transaction, the preview kept to, and undone exactly."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.office import made_up
from tests.office.importing import Desk, certno, dump, now, roster, settlement, settlements, work_all
from tuodi.office import jobs
from tuodi.office.access import Actor, actor_of
from tuodi.office.imports import files
from tuodi.office.imports.recorder import Recorder
from tuodi.office.models import (
    Case,
    Decision,
    Delegation,
    Holding,
    ImportBatch,
    ImportChange,
    Job,
    Person,
    Settlement,
    Touch,
    TrailEntry,
)
from tuodi.office.operations import imports, undo
from tuodi.office.queries.imports import choices
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("both_databases")

JAN, FEB = date(2025, 1, 1), date(2025, 2, 1)
PEOPLE = [{"psn_no": "P1", "psn_name": "赵一", "certno": certno(1)}, {"psn_no": "P2", "psn_name": "钱二"}]
BILLS = [settlement("S1", "P1"), settlement("S2", "P1", setl_time="2024-05-01"), settlement("S3", "P2")]


def test_名册和结算导入后算出待遇_逐批撤销后恢复原样() -> None:
    desk = Desk()
    empty = dump()
    first = desk.apply("roster", roster(PEOPLE), as_of=JAN, is_full=True)
    with_people = dump()
    second = desk.apply("settlements", settlements(BILLS))
    # 8000 − 5000 = 3000 left; 70 %, no deductible for 低保对象: 2100 each.
    assert dict(Settlement.objects.values_list("setl_id", "due_fen")) == {"S1": 210000, "S2": 210000, "S3": 210000}
    with_bills = dump()
    third = desk.apply("roster", roster(PEOPLE[:1]), as_of=FEB, is_full=True)
    assert Holding.objects.get(person__psn_no="P2").end == date(2025, 1, 31)
    for batch, before in ((third, with_bills), (second, with_people), (first, empty)):
        job = desk.undo(batch)
        assert batch.state == "undone", job.message
        assert dump() == before
    assert not ImportChange.objects.exists()
    actions = list(TrailEntry.objects.order_by("number").values_list("action", flat=True))
    assert [name for name in actions if name.startswith("import.")][:4] == [
        "import.uploaded",
        "import.previewed",
        "import.confirmed",
        "import.applied",
    ]


def test_先有结算后有名册_结果一样() -> None:
    desk = Desk()
    desk.apply("settlements", settlements(BILLS))
    assert set(Settlement.objects.values_list("due_fen", flat=True)) == {0}
    late = desk.apply("roster", roster(PEOPLE), as_of=JAN)
    assert set(Settlement.objects.values_list("due_fen", flat=True)) == {210000}
    desk.undo(late)
    assert set(Settlement.objects.values_list("due_fen", flat=True)) == {0}


def test_上传的人不能自己确认_数据库也不允许() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    with pytest.raises(
        Refused, match="这份文件是您上传的，须由另一人核对后确认；可以确认的是：乡镇经办人、县级经办人、复核人"
    ):
        imports.confirm(actor=desk.uploader, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(confirmed_by=desk.uploader.user)
    assert not Person.objects.exists()


def test_管辖外的批次视为不存在() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    town = made_up.actor(Role.TOWN_CLERK, made_up.region("东镇"))
    with pytest.raises(Absent):
        imports.confirm(actor=town, at=now(), batch_id=batch.pk, seen=batch.plan_digest)


def test_预览之后数据变了_不导入并显示新的预览() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE), as_of=JAN)
    made_up.person("P2", "旧名", desk.region)
    before = dump()
    job = desk.confirm(batch)
    assert (batch.state, batch.confirmed_by, job.state) == ("previewed", None, "done")
    assert "没有导入任何内容" in job.message
    assert dump() == before
    desk.confirm(batch)
    assert batch.state == "applied"


def test_打开页面后预览变了_不能按旧的确认() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    with pytest.raises(Refused, match="预览有了变化"):
        imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen="0" * 64)


def test_控制总数不一致的不能确认() -> None:
    desk = Desk()
    wrong = desk.upload("settlements", settlements(BILLS), typed_rows=4, typed_fen=3000000)
    with pytest.raises(Refused, match="行数：输入 4，文件 3"):
        desk.confirm(wrong)
    imports.discard(actor=desk.uploader, at=now(), batch_id=wrong.pk)
    wrong = desk.upload("settlements", settlements(BILLS), typed_rows=3, typed_fen=2999999)
    with pytest.raises(Refused, match="输入 29,999.99 元，文件 30,000.00 元"):
        desk.confirm(wrong)
    imports.discard(actor=desk.uploader, at=now(), batch_id=wrong.pk)
    desk.apply("settlements", settlements(BILLS), typed_rows=3, typed_fen=3000000)


def test_同样的文件不导入第二次() -> None:
    desk = Desk()
    first = desk.apply("settlements", settlements(BILLS))
    with pytest.raises(Refused, match=f"已经于 2025-03-03 导入（第 {first.pk} 批，名册.csv）"):
        desk.upload("settlements", settlements(BILLS))
    desk.undo(first)
    desk.apply("settlements", settlements(BILLS))


def test_读不了的文件没有导入任何内容() -> None:
    desk = Desk()
    batch = desk.upload("roster", b"\x00\x01\x02", file_name="名册.xlsx")
    assert (batch.state, batch.counts["findings"]["error"]) == ("refused", 1)
    with pytest.raises(Refused, match="现在是“未能读取”，不能确认"):
        imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen="")


def test_太大的文件不保存(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    monkeypatch.setattr("django.conf.settings.UPLOAD_BYTES_MAX", 100)
    with pytest.raises(Refused, match="没有保存"):
        desk.upload("roster", b"x" * 101)
    assert not ImportBatch.objects.exists()


def test_放弃之后文件不再保存() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    with files.opened(batch) as path:
        assert path.read_bytes() == roster(PEOPLE)
        assert path.stat().st_mode & 0o777 == 0o600
    imports.discard(actor=desk.uploader, at=now(), batch_id=batch.pk)
    with pytest.raises(FileNotFoundError), files.opened(batch):
        pass


def test_导入中途出错_什么都不留下(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    batch = desk.upload("settlements", settlements(BILLS))
    before = dump()
    real = Recorder.create

    def break_down(self: Recorder, objects: list[object]) -> None:
        real(self, objects)
        raise OSError("disk")

    monkeypatch.setattr(Recorder, "create", break_down)
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    done = work_all()
    batch.refresh_from_db()
    assert [job.state for job in done] == ["queued", "queued", "failed"]
    assert "试了 3 次都没有完成，数据没有改动" in done[-1].message
    assert (batch.state, batch.confirmed_by) == ("previewed", None)
    assert dump() == before
    monkeypatch.undo()
    desk.confirm(batch)
    assert batch.state == "applied"


def test_做到一半的进程死了_任务由别人从头再做(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    batch = desk.upload("settlements", settlements(BILLS))
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)

    def killed(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tuodi.office.operations.imports.reassess", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.work_once(now)
    monkeypatch.undo()
    assert not Settlement.objects.exists()
    assert jobs.work_once(now) is None
    later = jobs.work_once(lambda: now() + 2 * jobs.LEASE)
    batch.refresh_from_db()
    assert later is not None
    assert (later.state, later.attempts, batch.state) == ("done", 2, "applied")


def test_确认的人已没有权限_任务不执行() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    imports.confirm(actor=desk.confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    desk.confirmer.user.assignments.update(ends=date(2024, 12, 31))
    (job,) = work_all()
    batch.refresh_from_db()
    assert (job.state, batch.state) == ("failed", "previewed")
    assert "没有办理这件事的权限" in job.message
    assert not Person.objects.exists()


@pytest.mark.parametrize("used", ["后一批", "手工更改", "疑点办理"])
def test_用过的批次不能撤销_并说明原因(used: str) -> None:
    desk = Desk()
    batch = desk.apply("roster", roster(PEOPLE), as_of=JAN)
    person = Person.objects.get(psn_no="P1")
    if used == "后一批":
        later = desk.apply("roster", roster(PEOPLE[:1]), as_of=FEB)
        why = f"之后导入的第 {later.pk} 批（救助对象名册"
    elif used == "手工更改":
        Touch.objects.create(person=person, user=desk.uploader.user, what="facts", at=now())
        why = "登记、更改了人员 P1 的信息"
    else:
        case = Case.objects.create(kind="missed", person=person, reason="测试", opened_at=now())
        Decision.objects.create(case=case, step=1, outcome="pass", decided_by=desk.uploader.user, at=now())
        why = f"疑点第 {case.pk} 号涉及其中的人"
    before = dump()
    with pytest.raises(Refused) as refused:
        undo.ask_undo(actor=desk.confirmer, at=now(), batch_id=batch.pk, reason="测试")
    assert why in str(refused.value)
    assert dump() == before
    assert not Job.objects.filter(kind="import.undo").exists()


def test_结算上的疑点没有人办理_撤销时一并消除() -> None:
    desk = Desk()
    desk.apply("roster", roster(PEOPLE))
    batch = desk.apply("settlements", settlements(BILLS))
    Case.objects.create(kind="missed", settlement=Settlement.objects.get(setl_id="S1"), reason="测试", opened_at=now())
    desk.undo(batch)
    assert (batch.state, Case.objects.count(), Settlement.objects.count()) == ("undone", 0, 0)


def test_错行以外的结算照常导入_本人当年暂不计算() -> None:
    desk = Desk()
    desk.apply("roster", roster(PEOPLE))
    before = dump()
    rows = [*BILLS, settlement("S4", "P2", inscp_scp_amt="12.345")]
    batch = desk.apply("settlements", settlements(rows))
    assert (batch.counts["new"], batch.counts["refused"], batch.counts["rows"]) == (3, 1, 4)
    due = {each.setl_id: (each.due_fen, each.outcome is None) for each in Settlement.objects.all()}
    assert due == {"S1": (210000, False), "S2": (210000, False), "S3": (0, True)}
    repaired = desk.apply("settlements", settlements([settlement("S4", "P2")]))
    assert Settlement.objects.get(setl_id="S3").due_fen == 210000
    desk.undo(repaired)
    assert Settlement.objects.get(setl_id="S3").outcome is None
    desk.undo(batch)
    assert dump() == before


def test_没有完整号码写进批次() -> None:
    desk = Desk()
    number = certno(7)
    bad = number[:-1] + ("0" if number[-1] != "0" else "1")
    batch = desk.upload("roster", roster([{"psn_no": "P1", "certno": bad}, {"psn_no": "P2", "begntime": number}]))
    kept = f"{batch.findings}{batch.samples}{batch.counts}{batch.totals}"
    assert batch.counts["findings"]["error"] == 2
    assert number not in kept and bad not in kept
    assert "9900**********" in kept


def _delegated(giver: Actor, taker: Actor) -> Actor:
    """Let somebody do another's work from now on; return them as they act then."""
    Delegation.objects.create(
        assignment=giver.user.assignments.get(), delegate=taker.user, begins=JAN, ends=date(2025, 12, 31), reason="休假"
    )
    return actor_of(taker.user, made_up.TODAY)


def test_受托上传的_委托人和受托人都不能确认() -> None:
    desk = Desk()
    giver = desk.uploader
    desk.uploader = _delegated(giver, made_up.actor(Role.ACCOUNTANT, desk.region))
    batch = desk.upload("roster", roster(PEOPLE))
    told = TrailEntry.objects.get(action="import.uploaded")
    assert (told.actor, told.on_behalf_of) == ("accountant", "clerk")
    seen = {"at": made_up.NOW, "batch_id": batch.pk, "seen": batch.plan_digest}
    with pytest.raises(Refused, match="这份文件是您上传的，须由另一人核对后确认"):
        imports.confirm(actor=desk.uploader, **seen)
    with pytest.raises(Refused, match="这份文件是别人受您委托上传的，须由另一人核对后确认；可以确认的是：乡镇经办人"):
        imports.confirm(actor=giver, **seen)
    third = _delegated(giver, made_up.actor(Role.APPROVER, desk.region))
    with pytest.raises(Refused, match="这份文件是别人受委托您的人的委托上传的"):
        imports.confirm(actor=third, **seen)
    for who in (giver, third, desk.uploader):
        assert not choices(who, batch, made_up.NOW).confirm
    assert choices(giver, batch, made_up.NOW).confirmers == ("复核人甲（复核人）",)
    desk.confirm(batch)
    assert batch.state == "applied"


def test_上传人委托别人_受托人不能代他确认() -> None:
    desk = Desk()
    batch = desk.upload("roster", roster(PEOPLE))
    taker = _delegated(desk.uploader, made_up.actor(Role.ACCOUNTANT, desk.region))
    with pytest.raises(Refused, match="这份文件是委托您的人上传的，须由另一人核对后确认"):
        imports.confirm(actor=taker, at=made_up.NOW, batch_id=batch.pk, seen=batch.plan_digest)
    assert not choices(taker, batch, made_up.NOW).confirm
    batch.refresh_from_db()
    assert batch.state == "previewed"
