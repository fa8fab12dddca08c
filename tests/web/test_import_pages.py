"""The pages of imports: uploaded, watched, previewed, confirmed by another, undone; what is refused says why."""

import io
import re
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.office.importing import certno, roster, settlement, settlements
from tests.web.signed_in import client_of
from tuodi.office import jobs
from tuodi.office.models import ImportBatch, Person, Sender, TrailEntry
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


class Pages:
    """A clerk who uploads and a reviewer who confirms, in browsers."""

    def __init__(self) -> None:
        self.top = made_up.county()
        self.clerk = client_of(made_up.user(Role.COUNTY_CLERK, self.top))
        self.reviewer = client_of(made_up.user(Role.REVIEWER, self.top))

    def form(self, kind: str, content: bytes, **more: object) -> dict[str, object]:
        file = SimpleUploadedFile(str(more.pop("name", "名册.csv")), content)
        usual = {"sender": "民政局", "region": self.top.pk, "as_of": "2025-01-31", "clean_ids": "1", "foot_rows": "0"}
        return {"kind": kind, "file": file, **usual, **more}

    def upload(self, kind: str, content: bytes, **more: object) -> ImportBatch:
        answer = self.clerk.post("/imports/new", self.form(kind, content, **more))
        assert answer.status_code == 302, answer.content.decode()
        return ImportBatch.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))


@pytest.fixture
def pages() -> Pages:
    return Pages()


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def work() -> None:
    while jobs.work_once(datetime.now):
        pass


PEOPLE = [{"psn_no": "P1", "psn_name": "赵一", "certno": certno(1)}, {"psn_no": "P2", "psn_name": "钱二"}]


def test_从上传到导入再到撤销(pages: Pages) -> None:
    assert "没有符合条件的批次" in text(pages.clerk, "/imports/")
    assert "救助对象名册" in text(pages.clerk, "/imports/new")
    assert "这是全量名单" in text(pages.clerk, "/imports/new?kind=roster")
    batch = pages.upload("roster", roster(PEOPLE), is_full="1")
    url = f"/imports/{batch.pk}"
    assert "排队等待后台处理" in text(pages.clerk, url)
    waiting = pages.clerk.get(f"{url}/progress", headers={"HX-Request": "true"})
    assert "every 1s" in waiting.content.decode()
    assert not waiting.has_header("HX-Refresh")
    work()
    assert pages.clerk.get(f"{url}/progress", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    mine = text(pages.clerk, url)
    assert "须由另一人核对后确认" in mine and "复核人甲（复核人）" in mine
    assert "确认导入…" not in mine
    seen = text(pages.reviewer, f"{url}/confirm")
    assert "新增 2、变更 0" in seen
    digest = re.search(r'name="seen" value="([0-9a-f]{64})"', seen)
    assert digest
    assert pages.reviewer.post(f"{url}/confirm", {"seen": digest[1]}).status_code == 302
    work()
    done = text(pages.reviewer, url)
    assert "已导入：新增 2" in done and "整批撤销…" in done
    assert Person.objects.count() == 2
    refused = pages.reviewer.post(f"{url}/undo", {"reason": ""})
    assert refused.status_code == 422 and "请填写撤销的原因" in refused.content.decode()
    assert pages.reviewer.post(f"{url}/undo", {"reason": "发错了月份"}).status_code == 302
    work()
    assert "已撤销" in text(pages.clerk, url)
    assert not Person.objects.exists()
    assert "第 1 批" in text(pages.clerk, "/imports/?kind=roster&state=undone")
    assert "没有符合条件的批次" in text(pages.clerk, "/imports/?kind=settlements")


def test_上传的人确认被拒绝_说明谁可以(pages: Pages) -> None:
    batch = pages.upload("roster", roster(PEOPLE))
    work()
    batch.refresh_from_db()
    answer = pages.clerk.post(f"/imports/{batch.pk}/confirm", {"seen": batch.plan_digest})
    assert answer.status_code == 422
    assert "须由另一人核对后确认" in answer.content.decode()


def test_放弃(pages: Pages) -> None:
    batch = pages.upload("roster", roster(PEOPLE))
    work()
    assert "保存的原文件随即删除" in text(pages.clerk, f"/imports/{batch.pk}/discard")
    pages.clerk.post(f"/imports/{batch.pk}/discard")
    assert "已放弃" in text(pages.clerk, f"/imports/{batch.pk}")


def test_报送单位的格式被记住(pages: Pages) -> None:
    rows = roster([{"psn_no": "P1"}]).decode("utf-8-sig").replace("identity", "困难类型").encode()
    pages.upload("roster", rows, columns="困难类型=身份\r\n", is_full="1", header_row="1")
    sender = Sender.objects.get()
    assert (sender.columns, sender.is_full, sender.header_row) == ({"困难类型": "identity"}, True, 1)
    work()
    assert ImportBatch.objects.get().state == "previewed"
    again = text(pages.clerk, f"/imports/new?kind=roster&sender={sender.pk}")
    assert "困难类型=身份" in again and 'value="民政局"' in again


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"sender": " "}, "请填写报送单位"),
        ({"as_of": "2090-01-01"}, "还没有到"),
        ({"as_of": "昨天"}, "请填写名单截止日期"),
        ({"region": ""}, "请选择适用的区划"),
        ({"columns": "困难类型"}, "列名对应“困难类型”看不懂"),
        ({"header_row": "21"}, "列名行不在第 1 至 20 行"),
        ({"typed_rows": "两"}, "控制总数的行数请填写整数"),
        ({"file": ""}, "没有收到文件"),
        ({"file": SimpleUploadedFile("空.csv", b"")}, "文件是空的"),
    ],
)
def test_填错了留在表单上_说明怎样改(pages: Pages, typed: dict[str, object], told: str) -> None:
    answer = pages.clerk.post("/imports/new", {**pages.form("roster", roster(PEOPLE)), **typed})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert told in shown
    assert 'name="as_of"' in shown
    assert not ImportBatch.objects.exists()


def test_乡镇只能为自己的区划上传_看不到别处的批次(pages: Pages) -> None:
    batch = pages.upload("roster", roster(PEOPLE))
    town = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("东镇")))
    form = pages.form("roster", roster(PEOPLE))
    assert town.post("/imports/new", form).status_code == 404
    for rest in ("", "/progress", "/confirm", "/discard", "/undo"):
        assert town.get(f"/imports/{batch.pk}{rest}").status_code == 404, rest
    assert "没有符合条件的批次" in text(town, "/imports/")


def test_控制总数不一致_页面写明并且没有确认按钮(pages: Pages) -> None:
    batch = pages.upload("settlements", settlements([settlement("S1", "P1")]), typed_rows="2", typed_amount="10,000.00")
    work()
    shown = text(pages.reviewer, f"/imports/{batch.pk}")
    assert "行数：输入 2，文件 1" in shown and "确认导入…" not in shown
    assert "10,000.00" in shown


def test_错行可以下载_原始行在旁_并且留痕(pages: Pages) -> None:
    number = certno(3)
    rows = [{"psn_no": "P1"}, {"psn_no": "P2", "certno": number, "begntime": "2024-13-01"}]
    batch = pages.upload("roster", roster(rows))
    work()
    shown = text(pages.clerk, f"/imports/{batch.pk}?severity=error")
    assert "2024-13-01" in shown and number not in shown
    answer = pages.clerk.post(f"/imports/{batch.pk}/errors")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert book[0][:3] == ["第几行", "问题", "怎样改"]
    assert book[1][0] == "3" and number in book[1]
    assert TrailEntry.objects.filter(action="import.errors-seen", subject=f"import {batch.pk}").exists()
    assert number not in "".join(TrailEntry.objects.values_list("detail", flat=True))
    assert client_of(made_up.user(Role.AUDITOR, pages.top)).post(f"/imports/{batch.pk}/errors").status_code == 404


def test_读不了的文件说明原因(pages: Pages) -> None:
    batch = pages.upload("roster", b"<html><table></table></html>", name="名册.xls")
    work()
    shown = text(pages.clerk, f"/imports/{batch.pk}")
    assert "没有通过读取，没有导入任何内容" in shown
    assert "检查结果" in shown


def test_样例太多时只举例_检查结果分页(pages: Pages) -> None:
    good = [{"psn_no": f"P{n:03}"} for n in range(60)]
    bad = [{"psn_no": f"B{n:03}", "begntime": "错"} for n in range(60)]
    batch = pages.upload("roster", roster([*good, *bad]))
    work()
    first = text(pages.clerk, f"/imports/{batch.pk}?tab=new")
    assert "共 60 条，举例 40 条" in first and "第 1 页，共 2 页" in first
    assert "B059" in text(pages.clerk, f"/imports/{batch.pk}?tab=new&severity=error&page=2")
    assert date.fromisoformat("2025-01-31") == batch.as_of


def test_撤销不了时指出是哪个人_可以点开(pages: Pages) -> None:
    batch = pages.upload("roster", roster(PEOPLE))
    work()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text(pages.reviewer, f"/imports/{batch.pk}/confirm"))
    assert seen
    pages.reviewer.post(f"/imports/{batch.pk}/confirm", {"seen": seen[1]})
    work()
    person = Person.objects.get(psn_no="P2")
    changed = {"psn_name": "钱二", "brdy": "1960-01-01", "evidence": "户口簿", "version": str(person.version)}
    assert pages.clerk.post(f"/people/{person.pk}/correct", changed).status_code == 302
    refused = pages.reviewer.post(f"/imports/{batch.pk}/undo", {"reason": "发错了月份"})
    page = refused.content.decode()
    assert (refused.status_code, "更改了人员 P2 的信息" in page) == (422, True)
    assert f'<a href="/people/{person.pk}">查看人员 P2</a>' in page
