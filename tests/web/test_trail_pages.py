"""The auditor's pages: the list with its filters, one entry, export, verification as a job, anchors."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office import anchors, jobs, trail, triggers
from tuodi.office.models import Job, TrailEntry
from tuodi.office.operations import exporting
from tuodi.office.queries import trail as queries
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def anchors_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "ANCHORS_FILE", tmp_path / "anchors.txt")
    return tmp_path / "anchors.txt"


def _entries(*rows: tuple[str, str, str, datetime]) -> None:
    with transaction.atomic():
        for actor, action, subject, at in rows:
            trail.append(
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                region="990001",
                detail={"reason": "测试", "later": 1},
            )


def _auditor() -> Client:
    return client_of(made_up.user(Role.AUDITOR, made_up.county()))


def _numbers(answer: HttpResponse) -> list[int]:
    return [int(number) for number in re.findall(r'href="/trail/(\d+)"', answer.content.decode())]


FIVE = (
    ("clerk", "person.died", "person 1", made_up.NOW),
    ("clerk", "import.uploaded", "batch 1", made_up.NOW),
    ("reviewer", "import.confirmed", "batch 1", made_up.NOW + DAY),
    ("clerk", "people.exported", "person 1", made_up.NOW + 2 * DAY),
    ("later", "person.unknown", "thing 9", made_up.NOW + 3 * DAY),
)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("actor=clerk", [4, 2, 1]),
        ("action=import", [3, 2]),
        ("action=import.confirmed", [3]),
        ("action=person", [5, 1]),
        ("table=person&record=1", [4, 1]),
        ("table=person", [5, 4, 3, 2, 1]),
        ("since=2025-03-04", [5, 4, 3]),
        ("until=2025-03-04", [3, 2, 1]),
        ("since=2025-03-04&until=2025-03-05", [4, 3]),
        ("since=2025-03-07", []),
        ("until=2025-03-02", []),
        ("before=3", [2, 1]),
        ("before=x", [5, 4, 3, 2, 1]),
        ("actor=clerk&action=person&since=2025-03-03", [1]),
    ],
)
def test_筛选(query: str, numbers: list[int]) -> None:
    client = _auditor()
    _entries(*FIVE)
    answer = client.get(f"/trail/?{query}")
    assert _numbers(answer) == numbers
    assert ("没有符合条件的留痕" in answer.content.decode()) == (not numbers)


def test_事项和人写成中文_不认识的照原样() -> None:
    client = _auditor()
    made_up.user(Role.COUNTY_CLERK, made_up.region("示例县"))
    _entries(*FIVE)
    page = client.get("/trail/").content.decode()
    for words in ("登记死亡", "上传文件", "县级经办人甲", "人员 1", "示例县", "person.unknown", "thing 9"):
        assert words in page


def test_日期写错时说明_照样列出() -> None:
    client = _auditor()
    _entries(*FIVE)
    answer = client.get("/trail/?since=3月")
    assert "写成 2025-03-01 的样子" in answer.content.decode()
    assert len(_numbers(answer)) == 5


def test_翻页_从新到旧_不重不漏(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    client = _auditor()
    _entries(*FIVE)
    seen, query = [], ""
    while True:
        answer = client.get(f"/trail/?{query}")
        seen += _numbers(answer)
        older = re.search(r'href="[^"]*\?([^"]*)">更早', answer.content.decode())
        if older is None:
            break
        query = older[1]
    assert seen == [5, 4, 3, 2, 1]


def test_一条的详情和在链条里的位置() -> None:
    client = _auditor()
    _entries(*FIVE)
    page = client.get("/trail/3").content.decode()
    entry = TrailEntry.objects.get(number=3)
    for words in (
        "确认导入",
        "import.confirmed",
        "理由",
        "测试",
        "later",
        entry.hash,
        entry.previous,
        "/trail/2",
        "/trail/4",
    ):
        assert words in page
    assert client.get("/trail/99").status_code == 404


def test_对象是用户的写明是谁_代码写在括号里() -> None:
    client = _auditor()
    user = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    _entries(("auditor", "user.created", f"user {user.pk}", made_up.NOW))
    for url in ("/trail/", "/trail/1"):
        assert "用户 复核人甲（reviewer）" in client.get(url).content.decode()
    assert "（代码 user.created）" in client.get("/trail/1").content.decode()


def test_导出与筛选一致_并留痕() -> None:
    client = _auditor()
    _entries(*FIVE)
    answer = client.post("/trail/export", {"actor": "clerk"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["序号", "4", "2", "1"]
    assert (rows[0][8:10], rows[1][8:10]) == (
        ["详情", "详情原文"],
        ["later：1；理由：测试", '{"later":1,"reason":"测试"}'],
    )
    last = TrailEntry.objects.order_by("-number").first()
    assert last is not None
    assert (last.actor, last.action, last.detail) == ("auditor", "trail.exported", '{"rows":3}')


def test_太长的不导出一部分_说明怎样分次导出(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _auditor()
    _entries(*FIVE)
    monkeypatch.setattr(exporting, "ROWS_MAX", 4)
    answer = client.post("/trail/export", {"since": "2025-01-01"})
    assert answer.status_code == 422
    assert "共 5 条，一次最多导出 4 条；请按日期或人员缩小范围" in answer.content.decode()
    assert 'value="2025-01-01"' in answer.content.decode(), "筛选条件还在"
    assert TrailEntry.objects.count() == 5, "没有导出就没有留痕"


def test_乡镇的审计人员只看得到本乡镇的留痕() -> None:
    made_up.county()
    client = client_of(made_up.user(Role.AUDITOR, made_up.region("东镇")))
    with transaction.atomic():
        for code in ("990001", "990001001", "990001002", ""):
            trail.append(at=made_up.NOW, actor="clerk", action="person.died", subject="person 1", region=code)
    assert _numbers(client.get("/trail/")) == [2]
    assert (client.get("/trail/2").status_code, client.get("/trail/3").status_code) == (200, 404)


def _worked() -> Job:
    job = jobs.work_once(datetime.now)
    assert job is not None
    return job


def test_校验作为后台任务_结果留下() -> None:
    client = _auditor()
    _entries(*FIVE[1:])
    assert "还没有校验过" in client.get("/trail/verification").content.decode()
    assert client.post("/trail/verification").status_code == 302
    page = client.get("/trail/verification").content.decode()
    assert "排队" in page
    assert "hx-trigger" in page
    assert client.post("/trail/verification").status_code == 422, "一次还没完，不再提交"
    assert _worked().state == "done"
    page = client.get("/trail/verification").content.decode()
    assert "全部相符" in page
    assert "hx-trigger" not in page
    assert [e.action for e in TrailEntry.objects.order_by("-number")[:2]] == ["trail.verified", "trail.verify_asked"]


def test_校验指出被改动的一条() -> None:
    client = _auditor()
    _entries(*FIVE)
    with connection.cursor() as cursor:
        for statement in triggers.drop("sqlite"):
            cursor.execute(statement)
        cursor.execute("UPDATE office_trailentry SET actor = 'nobody' WHERE number = 3")
    client.post("/trail/verification")
    _worked()
    page = client.get("/trail/verification").content.decode()
    assert "发现不符" in page
    assert "第 3 条的内容与校验值不符" in page
    assert "触发器" in page
    others = client_of(made_up.user(Role.AUDIT_ADMIN, made_up.region("示例县")))
    page = others.get("/trail/verification").content.decode()
    assert "发现不符" in page, "审计管理员看得到结论"
    assert "第 3 条的内容与校验值不符" not in page, "逐条的内容涉及个人，不给看不到人员的岗位"


def test_填入或上传另存的锚点一并核对() -> None:
    client = _auditor()
    _entries(*FIVE[1:])
    kept = anchors.anchor(made_up.NOW)
    other = f"2025-03-03T09:00:00 2 {kept.hash}"
    client.post("/trail/verification", {"kept": other})
    _worked()
    assert "第 2 条与 2025-03-03 09:00 的锚点不符" in client.get("/trail/verification").content.decode()
    client.post("/trail/verification", {"file": SimpleUploadedFile("锚点.txt", kept.line().encode())})
    assert "全部相符" in _worked().message


@pytest.mark.parametrize("kept", ["这不是锚点", "2025-03-03T09:00:00 2 abc", "x\n" * 2001])
def test_不是锚点的内容被退回_填写的还在(kept: str) -> None:
    client = _auditor()
    answer = client.post("/trail/verification", {"kept": kept})
    assert answer.status_code == 422
    assert kept.splitlines()[0] in answer.content.decode()
    assert not Job.objects.exists()


def test_打锚点_打印页可以签字保管(anchors_file: Path) -> None:
    client = _auditor()
    _entries(*FIVE)
    assert "还没有锚点" in client.get("/trail/anchors").content.decode()
    answer = client.post("/trail/anchors", follow=True)
    assert "第 5 条的校验值" in answer.content.decode()
    line = " ".join(anchors_file.read_text(encoding="ascii").split()[:3])
    page = client.get("/trail/anchors/5").content.decode()
    assert line in page
    assert "<svg" in page
    assert client.get("/trail/anchors/4").status_code == 404


def test_锚点文件被改过时提示(anchors_file: Path) -> None:
    client = _auditor()
    _entries(*FIVE)
    anchors.anchor(made_up.NOW)
    anchors.anchor(made_up.NOW)
    text = anchors_file.read_text(encoding="ascii")
    anchors_file.write_text(text.replace(" 5 ", " 4 ", 1), encoding="ascii")
    assert "被改过" in client.get("/trail/anchors").content.decode()
