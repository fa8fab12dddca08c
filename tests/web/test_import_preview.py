"""The preview of an import: what a full list ends stands in red, is typed before it is confirmed, and all is listed."""

import io
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.office.importing import roster, settlement, settlements
from tests.web.signed_in import client_of
from tests.web.test_import_pages import Pages, text, work
from tuodi.office import jobs
from tuodi.office.models import ImportBatch, Job, Person, TrailEntry
from tuodi.office.operations import imports
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")

WHY = {"reason": "确认前逐条核对"}
TEN = [{"psn_no": f"P{n}", "psn_name": f"赵小{n}"} for n in range(10)]


@pytest.fixture
def pages() -> Pages:
    return Pages()


def bring_in(pages: Pages, kind: str, content: bytes, **more: object) -> ImportBatch:
    batch = read(pages, kind, content, **more)
    assert pages.reviewer.post(f"/imports/{batch.pk}/confirm", {"seen": batch.plan_digest}).status_code == 302
    work()
    batch.refresh_from_db()
    assert batch.state == "applied"
    return batch


def read(pages: Pages, kind: str, content: bytes, **more: object) -> ImportBatch:
    batch = pages.upload(kind, content, **more)
    work()
    batch.refresh_from_db()
    return batch


def test_全量名单终止多少_红字写明_照填才能确认(pages: Pages) -> None:
    bring_in(pages, "roster", roster(TEN), is_full="1", as_of="2024-12-31")
    batch = read(pages, "roster", roster(TEN[:1]), is_full="1")
    warning = "这份全量名单没有写到的 9 人次身份将终止，占“民政局”截至 2025-01-31 在册 10 人次的 90.00%"
    preview = text(pages.reviewer, f"/imports/{batch.pk}")
    assert 0 < preview.index(warning) < preview.index("确认导入…")
    assert "检查没有发现问题" not in preview
    asked = text(pages.reviewer, f"/imports/{batch.pk}/confirm")
    assert warning in asked and 'name="ended"' in asked
    for typed in ("", "8", "九"):
        form = {"seen": batch.plan_digest, "ended": typed}
        answer = pages.reviewer.post(f"/imports/{batch.pk}/confirm", form)
        assert answer.status_code == 422 and "将终止 9 人次" in answer.content.decode(), typed
    assert pages.reviewer.post(f"/imports/{batch.pk}/confirm", {**form, "ended": " 9 "}).status_code == 302


def test_变动名单的确认页不用填人次(pages: Pages) -> None:
    batch = read(pages, "roster", roster(TEN))
    assert 'name="ended"' not in text(pages.reviewer, f"/imports/{batch.pk}/confirm")


def test_全部变化可以导出(pages: Pages) -> None:
    batch = read(pages, "roster", roster([{"psn_no": f"Q{n:02}", "psn_name": f"钱大{n}"} for n in range(50)]))
    page = text(pages.reviewer, f"/imports/{batch.pk}")
    assert "共 50 条，举例 40 条；其余的请用下面的“导出全部变化”查看" in page
    assert "钱大1" in page
    refused = pages.reviewer.post(f"/imports/{batch.pk}/changes", {"reason": "看"})
    assert refused.status_code == 422 and 'value="看"' in refused.content.decode()
    answer = pages.reviewer.post(f"/imports/{batch.pk}/changes", WHY)
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0] == ["变化", "事项", "对象", "原来", "改为"]
    assert [row[2] for row in rows[1:]] == [f"Q{n:02} 钱大{n}" for n in range(50)]
    assert TrailEntry.objects.filter(action="import.changes-exported").count() == 1
    evaluator = client_of(made_up.user(Role.EVALUATOR, pages.top))
    assert evaluator.post(f"/imports/{batch.pk}/changes", WHY).status_code == 404


def test_名单截止日期不预填(pages: Pages) -> None:
    sender = read(pages, "roster", roster(TEN)).sender_id
    for address in (
        "/imports/new?kind=roster",
        "/imports/new?kind=settlements",
        f"/imports/new?kind=roster&sender={sender}",
    ):
        form = text(pages.clerk, address)
        assert 'name="as_of" type="date" value="" required' in form, address
        assert date.today().isoformat() not in form
    assert "别的单位报送的不受影响" in form


def test_读取中断的有重新读取的按钮(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(_work: jobs.Work) -> str:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(imports, "read_batch", out_of_memory)
        batch = read(pages, "roster", roster(TEN))
    assert f"/imports/{batch.pk}/read-again" in text(pages.clerk, f"/imports/{batch.pk}")
    assert f"/imports/{batch.pk}/read-again" not in text(pages.reviewer, f"/imports/{batch.pk}")
    assert pages.clerk.post(f"/imports/{batch.pk}/read-again").status_code == 302
    work()
    batch.refresh_from_db()
    assert batch.state == "previewed"
    bad = read(pages, "roster", b"<html></html>", name="a.xls")
    assert f"/imports/{bad.pk}/read-again" not in text(pages.clerk, f"/imports/{bad.pk}")
    answer = pages.clerk.post(f"/imports/{bad.pk}/read-again")
    assert answer.status_code == 422 and "改正后重新上传" in answer.content.decode()


def test_放弃之后不再写等待确认(pages: Pages) -> None:
    batch = read(pages, "roster", roster(TEN))
    assert "请核对后由另一人确认" in text(pages.clerk, f"/imports/{batch.pk}")
    pages.clerk.post(f"/imports/{batch.pk}/discard")
    assert "请核对后由另一人确认" not in text(pages.clerk, f"/imports/{batch.pk}")


def test_导入之后写明应救助金额的变化_预览说明还不知道(pages: Pages) -> None:
    bring_in(pages, "roster", roster([{"psn_no": "P1"}]))
    first = bring_in(pages, "settlements", settlements([settlement("S1", "P1"), settlement("S2", "P2")]))
    assert "没有改变以前已经算过的结算的应救助金额" in text(pages.clerk, f"/imports/{first.pk}")
    late = read(pages, "roster", roster([{"psn_no": "P2"}]))
    assert "要到导入重新计算之后才知道" in text(pages.clerk, f"/imports/{late.pk}")
    pages.reviewer.post(f"/imports/{late.pk}/confirm", {"seen": late.plan_digest})
    work()
    # 低保对象 2024: (8,000.00 - 5,000.00) × 70 %.
    assert "应救助金额有变化 1 笔，合计由 0.00 元变为 2,100.00 元" in text(pages.clerk, f"/imports/{late.pk}")


def test_不认识的身份_人员页写明政策未列(pages: Pages) -> None:
    words = ["农村低保户", "低保对象", "农村低保"]
    bring_in(pages, "roster", roster([{"psn_no": f"P{n}", "identity": word} for n, word in enumerate(words)]))
    marked = ["政策未列" in text(pages.clerk, f"/people/{each.pk}") for each in Person.objects.order_by("psn_no")]
    assert marked == [True, False, False]


def test_完成的任务不写进度(pages: Pages) -> None:
    read(pages, "roster", roster(TEN))
    Job.objects.update(done=0, total=29151)
    admin = client_of(made_up.user(Role.SYSTEM_ADMIN, pages.top))
    assert "29,151" not in text(admin, "/system/jobs")
    Job.objects.update(state="running", finished_at=None, lease_until=datetime.now())
    assert "0 / 29,151" in text(admin, "/system/jobs")
