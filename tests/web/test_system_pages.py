"""The system administrator's pages: facts, backups and drills as jobs, jobs, the change of year."""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office import backup, jobs
from tuodi.office.models import Job, Region, TrailEntry, User
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "backups")
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")
    return tmp_path


def _admin() -> Client:
    return client_of(made_up.user(Role.SYSTEM_ADMIN, made_up.county()))


def _page(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def test_安装的情况_没有人员的信息() -> None:
    client = _admin()
    made_up.person("P-canary", "赵金丝雀", made_up.region("东镇"))
    page = _page(client, "/system/")
    for words in ("程序版本", "jiaocheng-2024</dd>", "SQLite", "数据库大小", "还没有备份"):
        assert words in page
    assert "金丝雀" not in page


def test_备份和演练作为后台任务_结果列出() -> None:
    client = _admin()
    assert client.post("/system/backup").status_code == 302
    assert "备份：排队" in _page(client, "/system/")
    assert "已有备份或演练在进行" in client.post("/system/backup", follow=True).content.decode()
    job = jobs.work_once(datetime.now)
    assert job is not None
    assert job.state == "done", job.message
    (made,) = backup.listed()
    page = _page(client, "/system/")
    assert made.folder.name in page
    assert "没有做过" in page
    assert client.post("/system/drill", {"name": made.folder.name}).status_code == 302
    job = jobs.work_once(datetime.now)
    assert job is not None
    assert job.state == "done", job.message
    assert "全部相符" in _page(client, "/system/")
    assert "后台任务" in _page(client, "/system/jobs")


def test_没有的备份不能演练() -> None:
    client = _admin()
    for name in ("", "tuodi-none", "../../etc"):
        assert client.post("/system/drill", {"name": name}).status_code == 404


def test_备份过时提醒(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _admin()
    backup.make(datetime.now() - timedelta(days=2))
    assert "已超过一天" in _page(client, "/system/")
    backup.make(datetime.now())
    assert "已超过一天" not in _page(client, "/system/")


def _job(kind: str, state: str) -> Job:
    return Job.objects.create(
        kind=kind,
        state=state,
        asked_by=User.objects.get(username="sysadmin"),
        asked_at=made_up.NOW,
        message="赵金丝雀的行有误",
        attempts=3,
    )


def test_失败的任务可以重做_导入的不可以_说明不外露() -> None:
    client = _admin()
    own, read = _job("backup.make", "failed"), _job("import.read", "failed")
    page = _page(client, "/system/jobs")
    assert page.count("赵金丝雀") == 1, "导入任务的说明可能提到人，不给系统管理员看"
    client.post(f"/system/jobs/{own.pk}/retry")
    assert "不能原样重做" in client.post(f"/system/jobs/{read.pk}/retry", follow=True).content.decode()
    own.refresh_from_db()
    assert (own.state, own.attempts) == ("queued", 0)
    assert client.post("/system/jobs/999/retry").status_code == 404


def test_年度更替的检查单_人人看得到数_名单只给能导出的人() -> None:
    top = made_up.county()
    made_up.holding(made_up.person("P1", "赵一", top), "低保对象", date(2024, 1, 1), date(2024, 12, 31))
    clerk, evaluator = (client_of(made_up.user(role, top)) for role in (Role.COUNTY_CLERK, Role.EVALUATOR))
    assert "年度更替" in _page(clerk, "/") and "年度更替" not in _page(evaluator, "/")
    for client in (clerk, evaluator):
        page = _page(client, "/system/new-year?year=2025")
        assert "1 人次的身份到 2024-12-31 为止" in page
        assert "赵一" not in page
    refused = clerk.post("/system/new-year/ending", {"year": "2025", "reason": "无"})
    assert (refused.status_code, "2025 年度更替" in refused.content.decode()) == (422, True)
    answer = clerk.post("/system/new-year/ending", {"year": "2025", "reason": "通知续期"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["姓名", "赵一"]
    assert evaluator.post("/system/new-year/ending", {"year": "2025"}).status_code == 404


@pytest.mark.parametrize("year", ["", "x", "99999", "1", "二〇二五"])
def test_年度写错时显示将到的一年(year: str) -> None:
    client = _admin()
    answer = client.get("/system/new-year", {"year": year})
    assert answer.status_code == 200
    shown = re.search(r'<h1 class="h2">(\d+) 年度更替', answer.content.decode())
    assert shown is not None
    assert int(shown[1]) in (datetime.now().year, datetime.now().year + 1)


def _towns() -> list[tuple[str, str]]:
    return list(Region.objects.filter(parent__isnull=False).values_list("code", "name"))


def test_登记乡镇_经办人员就能设到那里() -> None:
    client = _admin()
    before = _towns()
    done = client.post("/system/towns", {"code": "109", "name": " 北镇 "}, follow=True).content.decode()
    assert "已登记 990001109 北镇" in done and ">990001109</td>" in done
    assert _towns() == [*before, ("990001109", "北镇")]
    assert "用户与权限" in done
    made_up.user(Role.TOWN_CLERK, made_up.region("北镇"), "north")
    entry = TrailEntry.objects.get(action="region.added")
    assert (entry.region, entry.detail) == ("990001", '{"name":"北镇","number":"990001109"}')


def test_同一代码再登记就是改名() -> None:
    client = _admin()
    client.post("/system/towns", {"code": "990001109", "name": "北镇"})
    client.post("/system/towns", {"code": "990001109", "name": "北关镇"})
    assert _towns()[-1] == ("990001109", "北关镇")
    assert '"after":"北关镇"' in TrailEntry.objects.get(action="region.renamed").detail


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("", "北镇", "9 位数字"),
        ("12", "北镇", "9 位数字"),
        ("990002109", "北镇", "前 6 位是本县的 990001"),
        ("99000110x", "北镇", "9 位数字"),
        ("１０９", "北镇", "9 位数字"),
        ("109", "北", "至少 2 个字"),
        ("109", "镇" * 31, "30 个字以内"),
        ("109", "东镇", "已经有叫“东镇”的"),
        ("109", "示例县", "已经有叫“示例县”的"),
        ("001", "东镇", "没有改变"),
    ],
)
def test_乡镇登记不成_说明原因_写的还在(code: str, name: str, said: str) -> None:
    client = _admin()
    before = _towns()
    answer = client.post("/system/towns", {"code": code, "name": name})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and f'value="{name}"' in page
    assert _towns() == before


def test_没有用过的乡镇可以删去_用过的不能() -> None:
    client = _admin()
    client.post("/system/towns", {"code": "109", "name": "北镇"})
    assert (
        "已删去北镇"
        in client.post("/system/towns", {"do": "remove", "code": "990001109"}, follow=True).content.decode()
    )
    made_up.person("P1", "赵一", made_up.region("东镇"))
    made_up.user(Role.TOWN_CLERK, made_up.region("西镇"))
    before = _towns()
    for code, said in (
        ("990001001", "不能删去"),
        ("990001002", "不能删去"),
        ("990001", "没有这个乡镇"),
        ("990001109", "没有这个乡镇"),
    ):
        answer = client.post("/system/towns", {"do": "remove", "code": code})
        assert answer.status_code == 422 and said in answer.content.decode(), code
    assert _towns() == before
    assert TrailEntry.objects.filter(action="region.removed").count() == 1


def test_没有乡镇的县_说明怎么办() -> None:
    client = _admin()
    Region.objects.filter(parent__isnull=False).delete()
    page = _page(client, "/system/towns")
    assert "还没有登记乡镇" in page and "示例县医疗救助</strong>" in page
