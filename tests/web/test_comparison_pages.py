"""The pages of the comparison and of the enrolment ledger: what they show, whom they refuse, what they export."""

from datetime import date
from io import BytesIO
from threading import Event, Timer
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.office.test_comparison import CERTNO, LOW, someone
from tests.web.signed_in import client_of
from tuodi.office.models import Case, Settlement, TrailEntry
from tuodi.office.queries import comparison_members
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")

REASON = {"reason": "报送平台三月标识"}


@pytest.fixture
def clerk() -> Client:
    """The county's clerk; P0 agrees in all lists, P1 is not marked, P2 of 西镇 is not insured."""
    top = made_up.county()
    someone("P0", [LOW], [LOW])
    someone("P1", [LOW])
    someone("P2", [LOW], [LOW], state="none", where="西镇")
    return client_of(made_up.user(Role.COUNTY_CLERK, top))


def of(role: Role, where: str = "示例县") -> Client:
    return client_of(made_up.user(role, made_up.region(where)))


def text(answer: HttpResponse) -> str:
    assert answer.status_code in (200, 409, 422), answer.status_code
    return answer.content.decode()


def rows(answer: HttpResponse) -> list[list[object]]:
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()


def tile(page: str, name: str) -> str:
    """Return what the tile of a difference shows."""
    return page.split(f"<span>{name}</span>")[1].split("<strong")[1].split(">")[1].split("<")[0]


def test_首页按差异列出人数_未来月份按当月(clerk: Client) -> None:
    page = text(clerk.get("/comparison/", {"month": "2099-01"}))
    assert (tile(page, "在册未标识"), tile(page, "标识的身份不同")) == ("1", "0")
    assert tile(page, "在册未参保") == "—", "今年的参保名单没有导入"
    assert 'value="' + f"{date.today():%Y-%m}" in page


def test_按乡镇和月份筛选(clerk: Client) -> None:
    west = made_up.region("西镇").pk
    page = text(clerk.get("/comparison/", {"month": "2025-03", "region": west}))
    assert (tile(page, "在册未标识"), tile(page, "在册未参保")) == ("0", "1")
    assert "按 2025-03-31 的情况比对" in page
    assert clerk.get("/comparison/", {"region": 99999}).status_code == 404
    town = of(Role.TOWN_CLERK, "东镇")
    assert tile(text(town.get("/comparison/", {"month": "2025-03"})), "在册未参保") == "0"
    assert town.get("/comparison/", {"region": west}).status_code == 404


def test_不认识的身份写在变更名单前面(clerk: Client) -> None:
    assert "不认识的身份" not in text(clerk.get("/comparison/", {"month": "2025-03"}))
    for number in range(6):
        someone(f"P{number + 3}", [(f"写错的身份{number}", date(2024, 1, 1), None)])
    page = text(clerk.get("/comparison/", {"month": "2025-03"}))
    assert "名册里有 6 种不认识的身份：写错的身份0、写错的身份1" in page
    assert "写错的身份4等。" in page and "写错的身份5" not in page


def test_名单写明是谁_怎么办_号码遮盖(clerk: Client) -> None:
    page = text(clerk.get("/comparison/list", {"month": "2025-03", "list": "unmarked"}))
    assert "赵P1" in page and "赵P0" not in page  # the page's random token may hold "P0" by chance
    assert "平台新增低保对象，2024-01-01 起。" in page
    assert "9900**********0012" in page and CERTNO not in page
    assert clerk.get("/comparison/list", {"list": "whatever"}).status_code == 404
    assert "没有这一类差异" in text(clerk.get("/comparison/list", {"list": "gone"}))


def test_翻页时条件不变(clerk: Client) -> None:
    for number in range(60):
        someone(f"Q{number:02}", [LOW])
    first = text(clerk.get("/comparison/list", {"month": "2025-03", "list": "unmarked"}))
    assert "共 61 人" in first and "第 1 页，共 2 页" in first
    assert "month=2025-03&amp;region=&amp;list=unmarked&amp;page=2" in first
    second = text(clerk.get("/comparison/list", {"month": "2025-03", "list": "unmarked", "page": 2}))
    assert second.count('data-label="人员编号"') == 11


def test_导出名单要写用途(clerk: Client) -> None:
    form = {"month": "2025-03", "list": "unmarked"}
    refused = clerk.post("/comparison/list/export", form)
    assert "请填写导出的用途" in text(refused)
    table = rows(clerk.post("/comparison/list/export", {**form, **REASON}))
    assert table[0] == ["人员编号", "姓名", "证件号码", "所属乡镇", "名册", "平台标识", "参保", "怎么办"]
    assert table[1][:4] == ["P1", "赵P1", "9900**********0012", "东镇"]
    assert [entry.action for entry in TrailEntry.objects.all()] == ["comparison.exported"]


def test_导出平台批量变更名单_记住导出过(clerk: Client) -> None:
    form = {"month": "2025-03", **REASON}
    masked = rows(clerk.post("/comparison/platform-list", form))
    assert masked[0] == ["psn_no", "certno", "psn_name", "identity", "begntime", "endtime", "变更类型", "所属乡镇"]
    assert masked[1:] == [["P1", "9900**********0012", "赵P1", "低保对象", "2024-01-01", "", "新增", "东镇"]]
    full = clerk.post("/comparison/platform-list", {**form, "in_full": "1"})
    assert rows(full)[1][1] == CERTNO
    assert CERTNO not in full["Content-Disposition"]
    page = text(clerk.get("/comparison/", {"month": "2025-03"}))
    assert page.count("报送平台三月标识") == 2 and "县级经办人甲" in page
    assert CERTNO not in page


def test_没有变更时说明原因(clerk: Client) -> None:
    answer = clerk.post("/comparison/platform-list", {"month": "2023-03", **REASON})
    assert "没有差异，不需要变更名单" in text(answer)


@pytest.mark.parametrize(
    "address", ["/comparison/list/export", "/comparison/platform-list", "/comparison/enrolment/export"]
)
def test_会计看不到比对_也不能导出(clerk: Client, address: str) -> None:
    assert of(Role.ACCOUNTANT, "示例县").post(address, {"list": "unmarked", **REASON}).status_code == 404


def test_未标识而有结算的转入疑点(clerk: Client) -> None:
    person = someone("P3", [LOW])
    Settlement.objects.create(
        setl_id="S1",
        psn_no="P3",
        person=person,
        setl_time=made_up.NOW,
        year=2025,
        med_type="21",
        inscp_scp_amt=1,
        hifp_pay=0,
        received_at=made_up.NOW,
    )
    assert "本月有 <strong>1</strong> 笔结算" in text(clerk.get("/comparison/", {"month": "2025-03"}))
    assert of(Role.REVIEWER).post("/comparison/screening", {"month": "2025-03"}).status_code == 404
    answer = clerk.post("/comparison/screening", {"month": "2025-03"}, follow=True)
    assert "新增 1 件" in text(answer)
    assert [case.kind for case in Case.objects.all()] == ["unmarked"]


def test_名单未导入时不显示人数() -> None:
    top = made_up.county()
    someone("P1", [LOW], state=None)
    client = client_of(made_up.user(Role.COUNTY_CLERK, top))
    page = text(client.get("/comparison/"))
    assert tile(page, "在册未标识") == "—" and "名单未导入" in page
    assert "还没有导入" in text(client.get("/comparison/list", {"list": "unmarked"}))
    assert "还没有导入平台标识名单" in text(client.post("/comparison/platform-list", REASON))


def test_参保台账(clerk: Client) -> None:
    page = text(clerk.get("/comparison/enrolment", {"year": "2025"}))
    assert "2/3＝66.66%" not in page and "2/3＝66.67%" in page
    assert "0/1＝0.00%" in page
    only = text(clerk.get("/comparison/enrolment", {"year": "2025", "state": "none"}))
    assert "赵P2" in only and "赵P1" not in only and "共 1 人" in only
    assert "没有这一状态的人" in text(clerk.get("/comparison/enrolment", {"year": "2025", "state": "elsewhere"}))
    table = rows(clerk.post("/comparison/enrolment/export", {"year": "2025", "state": "none", **REASON}))
    assert table[1][:6] == ["P2", "赵P2", "9900**********0012", "西镇", "低保对象", "未参保"]
    assert table[2][0] == "合计 1 人"
    unknown = text(clerk.get("/comparison/enrolment", {"year": "2024"}))
    assert "—（名单未导入）" in unknown and "0.00%" not in unknown
    table = rows(clerk.post("/comparison/enrolment/export", {"year": "2024", **REASON}))
    assert {row[5] for row in table[1:-1]} == {"名单未导入"}


def test_没有在册的人时说明做什么() -> None:
    top = made_up.county()
    page = text(client_of(made_up.user(Role.COUNTY_CLERK, top)).get("/comparison/enrolment"))
    assert "上传名册" in page


def test_第一次比对要久时_页面先说正在比对_查完自动列出(
    clerk: Client, visitors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = Event()
    look = comparison_members._of_everybody
    monkeypatch.setattr(comparison_members, "_PATIENCE_AT_FIRST", 0.01)
    monkeypatch.setattr(comparison_members, "_of_everybody", lambda *of: (may_end.wait(20), look(*of))[1])
    page = visitors.page_of(made_up.user(Role.COUNTY_CLERK, made_up.region("示例县"), "second", password=True))
    try:
        page.get_by_text("正在比对全部人员").wait_for()
        page.goto("/comparison/?month=2025-03")
        page.get_by_text("的情况比对全部人员").wait_for()
        assert "正在按 2025-03-31 的情况比对全部人员" in text(clerk.get("/comparison/list?list=unmarked&month=2025-03"))
    finally:
        may_end.set()
    page.get_by_text("在册未标识").wait_for()
    assert page.locator("main").count() == 1
    page.goto("/")
    page.get_by_text("在册未标识").wait_for()


@pytest.mark.parametrize(
    ("address", "shows"), [("/comparison/platform-list", "月度比对"), ("/comparison/list/export", "在册未标识")]
)
def test_正在查找时填错了_照样说出错在哪里(
    clerk: Client, monkeypatch: pytest.MonkeyPatch, address: str, shows: str
) -> None:
    may_end = Event()
    look = comparison_members._of_everybody
    monkeypatch.setattr(comparison_members, "_PATIENCE_AT_FIRST", 0.01)
    monkeypatch.setattr(comparison_members, "_of_everybody", lambda *of: (may_end.wait(20), look(*of))[1])
    form = {"month": "2025-03", "list": "unmarked", "reason": ""}
    assert "正在按 2025-03-31 的情况比对全部人员" in text(clerk.get("/comparison/", form))
    soon = Timer(0.3, may_end.set)
    soon.start()
    answer = clerk.post(address, form)
    soon.join()
    assert answer.status_code == 422
    page = text(answer)
    assert "请填写导出的用途" in page and f"{shows}</h1>" in page and "正在按" not in page
