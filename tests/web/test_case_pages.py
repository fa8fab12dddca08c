"""The pages of cases: queue, batch, one case, list, workbook, posts."""

import io
import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.office.made_up_cases import decided, open_case
from tests.web.signed_in import client_of
from tuodi.office.models import Assignment, Case, Decision, Settlement, Touch, TrailEntry
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


class Pages:
    """The county with clients for the three steps, and somebody with a full ID number."""

    certno = "990001197001010015"

    def __init__(self) -> None:
        self.top = made_up.county()
        self.east = made_up.region("东镇")
        self.users = {
            role: made_up.user(role, self.top)
            for role in (Role.COUNTY_CLERK, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.EVALUATOR)
        }
        self.person = made_up.person("P1", "赵一", self.east, self.certno)

    def client(self, role: Role = Role.COUNTY_CLERK) -> Client:
        return client_of(self.users[role])


def text(answer: object) -> str:
    return unescape(answer.content.decode())


def seen(page: str, name: str = "seen") -> str:
    return re.search(f'name="{name}" value="([^"]+)"', page)[1]


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_待办列出我能办的_证件号码遮挡_有合计() -> None:
    pages = Pages()
    open_case(pages.person, "A", 1000_00, 400_00, due_on=made_up.TODAY)
    open_case(pages.person, "B", 100_00, 200_00, kind="over")
    decided(pages.users[Role.COUNTY_CLERK], open_case(pages.person, "C"))
    page = text(pages.client().get("/cases/"))
    assert "合计 2 件" in page
    assert "合计 2 件 1,100.00 600.00 600.00 100.00" in _words(page)
    assert "应补 600.00 元，应追 100.00 元；" in text(pages.client().get("/"))
    assert "赵一" in page
    assert pages.certno not in page
    assert "9900**********0015" in page or "*" in page
    assert "已逾期" in page
    reviewers = text(pages.client(Role.REVIEWER).get("/cases/"))
    assert "合计 1 件" in reviewers


def test_没有步骤的岗位看到说明_无关的人看不到() -> None:
    pages = Pages()
    open_case(pages.person)
    assert "您的岗位不办理疑点的步骤" in text(pages.client(Role.AUDITOR).get("/cases/"))
    for url in ("/cases/", "/cases/all", "/cases/duties", "/cases/export", "/cases/1"):
        assert pages.client(Role.EVALUATOR).get(url).status_code == 404
    assert pages.client(Role.EVALUATOR).post("/cases/1/decide").status_code == 404


def test_空的清单没有可导出的() -> None:
    client = Pages().client()
    assert "导出" not in _words(text(client.get("/cases/all")))
    refused = client.post("/cases/export", {"reason": "月底对账"})
    assert refused.status_code == 422 and "没有可导出的内容" in text(refused)


def test_没有待办时说明怎么来() -> None:
    assert "现在没有等您核实的疑点" in text(Pages().client().get("/cases/"))


def test_选中_核对合计_确认后办理_没有办成的列出原因() -> None:
    pages = Pages()
    good = open_case(pages.person, "A", 1000_00, 400_00)
    changing = open_case(pages.person, "B")
    client = pages.client()
    page = text(client.get("/cases/"))
    chosen = {"step": "1", "case": [good.pk, changing.pk]}
    chosen |= {f"seen-{case.pk}": seen(page, f"seen-{case.pk}") for case in (good, changing)}
    confirm = text(client.post("/cases/batch", chosen))
    assert "确认核实通过 2 件：应补 660.00 元" in confirm
    assert not Decision.objects.exists()
    Case.objects.filter(pk=changing.pk).update(paid_fen=0)
    shown = {name: seen(confirm, name) for name in chosen if name.startswith("seen-")}
    done = text(client.post("/cases/batch", {**chosen, **shown, "confirmed": "1"}))
    assert "核实通过 1 件" in done
    assert "有 1 件没有办" in done
    assert "已付金额（现为0.00）" in done
    assert [decision.case for decision in Decision.objects.all()] == [good]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"step": "1"}, "没有选中疑点"),
        ({"step": "x", "case": ["1"]}, "请选择步骤"),
        ({"step": "7", "case": ["1"]}, "没有这个步骤"),
        ({"step": "1", "case": ["x"]}, "没有选中疑点"),
        ({"step": "1", "case": [str(n) for n in range(201)]}, "一次最多办理 200 件"),
    ],
)
def test_成批办理填错的说明怎么改(chosen: dict[str, object], told: str) -> None:
    answer = Pages().client().post("/cases/batch", chosen)
    assert answer.status_code == 422
    assert told in text(answer)


def test_一件从头到尾_每步换人() -> None:
    pages = Pages()
    case = open_case(pages.person)
    for role, label in ((Role.COUNTY_CLERK, "核实"), (Role.REVIEWER, "复核"), (Role.APPROVER, "审批")):
        client = pages.client(role)
        page = text(client.get(f"/cases/{case.pk}"))
        assert f"{label}通过" in page
        form = {"step": seen(page, "step"), "seen": seen(page), "outcome": "pass", "reason": "已电话核实"}
        assert client.post(f"/cases/{case.pk}/decide", form).status_code == 302
    page = text(client.get(f"/cases/{case.pk}"))
    assert "已审批" in page
    assert page.count("已电话核实") == 3
    assert TrailEntry.objects.filter(action="case.pass").count() == 3


@pytest.mark.parametrize(
    ("kind", "due", "paid", "told"),
    [
        ("under", 100_00, 40_00, "已审批，待付款；付款功能尚未提供，付款在基金会计处办理。"),
        ("over", 40_00, 100_00, "已审批，待追回；追回功能尚未提供，在基金会计处办理。"),
        ("unmarked", 40_00, 0, "已审批。"),
    ],
)
def test_已审批的写明下一步_可印成审批表(kind: str, due: int, paid: int, told: str) -> None:
    pages = Pages()
    case = open_case(pages.person, "A", due, paid, kind=kind, state="approved", next_step=None)
    page = text(pages.client().get(f"/cases/{case.pk}"))
    for words in (told, "示例县医疗救助疑点审批表", "审批人（签字）"):
        assert words in page
    other = open_case(pages.person, "B", due, paid, kind=kind, state="gone", next_step=None)
    page = text(pages.client().get(f"/cases/{other.pk}"))
    assert "疑点已消除，不需要再办理" in page and "审批表" not in page and "待付款" not in page


def test_不能办的人看到原因和谁能办() -> None:
    pages = Pages()
    case = open_case(pages.person)
    Touch.objects.create(person=pages.person, user=pages.users[Role.COUNTY_CLERK], what="identity", at=made_up.NOW)
    page = text(pages.client().get(f"/cases/{case.pk}"))
    assert "您于2025-03-03录入或更改过当事人的信息，不能办理其疑点；目前没有其他人可以办理" in page
    assert "核实通过" not in page
    made_up.user(Role.TOWN_CLERK, pages.east)
    page = text(pages.client().get(f"/cases/{case.pk}"))
    assert "可以办理的有：乡镇经办人甲" in page
    answer = pages.client().post(f"/cases/{case.pk}/decide", {"step": "1", "outcome": "pass", "seen": "x"})
    assert answer.status_code == 422


def test_拒绝时保留已填的内容() -> None:
    pages = Pages()
    case = open_case(pages.person)
    form = {
        "step": "1",
        "seen": "旧",
        "outcome": "dismiss",
        "reason": "两次报销",
        "clause": "第十条",
        "remedy": "可复核",
    }
    answer = pages.client().post(f"/cases/{case.pk}/decide", form)
    assert answer.status_code == 422
    page = text(answer)
    assert "有变化" in page
    assert all(typed in page for typed in ("两次报销", "第十条", "可复核"))
    assert pages.client().post(f"/cases/{case.pk}/decide", {"step": "1", "outcome": "?"}).status_code == 422
    assert pages.client().post("/cases/999/decide", {**form}).status_code == 404


def test_没有结算没有人员的疑点也能打开() -> None:
    pages = Pages()
    case = open_case(None, "X1", 0, 80_00, kind="over")
    page = text(pages.client().get(f"/cases/{case.pk}"))
    assert "没有这笔结算明细" in page
    assert pages.client().get("/cases/").status_code == 200


def test_筛选_合计_导出同一批() -> None:
    pages = Pages()
    open_case(pages.person, "A", 1000_00, 400_00, reason="=1+1")
    open_case(pages.person, "B", 100_00, 200_00, kind="over")
    client = pages.client()
    page = text(client.get("/cases/all?kind=under&state=open&step=1&amount=600"))
    assert "合计 1 件" in page
    assert 'name="kind" value="under"' in page
    refused = client.post("/cases/export", {"kind": "under", "reason": " "})
    assert refused.status_code == 422 and "请填写导出的用途" in text(refused)
    answer = client.post("/cases/export", {"kind": "under", "reason": "月底对账"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert rows[1][1:12] == ["P1", "赵一", "东镇", "A", "少付", 1000.0, 400.0, 600.0, "", "=1+1", "待核实"]
    assert rows[2][:1] + rows[2][6:10] == ["合计 1 件", 1000.0, 400.0, 600.0, 0.0]
    assert re.search(r"疑点清单_少付_20\d\d-\d\d-\d\d\.xlsx$", unquote(answer["Content-Disposition"]))
    # Both kinds: never set off against each other.
    assert "合计 2 件 1,100.00 600.00 600.00 100.00" in _words(text(client.get("/cases/all")))
    open_case(pages.person, "C", 50_00, 0, kind="unmarked")
    page = _words(text(client.get("/cases/all")))
    assert "合计 3 件（其中未标识、不成立和已消除的 1 件不计入金额） 1,100.00 600.00 600.00 100.00" in page
    assert pages.certno not in str(rows)
    assert TrailEntry.objects.get(action="cases.exported").detail == '{"count":1,"reason":"月底对账"}'


@pytest.mark.parametrize(
    "query", ["kind=nothing", "step=9", "page=99", "page=x", "overdue=1", "state=", "step=" + "9" * 30]
)
def test_地址里的筛选写错也不出错(query: str) -> None:
    pages = Pages()
    open_case(pages.person)
    assert pages.client().get(f"/cases/all?{query}").status_code == 200
    assert pages.client().get(f"/cases/?{query}").status_code == 200


def test_金额写错说明没有用来筛选() -> None:
    assert "请填写金额" in text(Pages().client().get("/cases/all?amount=abc"))


def test_管辖外的乡镇看不到() -> None:
    pages = Pages()
    case = open_case(pages.person)
    west = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("西镇")))
    assert west.get(f"/cases/{case.pk}").status_code == 404
    assert west.get(f"/cases/all?region={pages.east.pk}").status_code == 404
    assert west.post("/cases/export", {"region": pages.east.pk}).status_code == 404
    assert "赵一" not in text(west.get("/cases/all"))
    assert west.post(f"/cases/{case.pk}/decide", {"step": "1", "outcome": "pass"}).status_code == 404


def test_岗位检查说明缺谁和从哪天起() -> None:
    pages = Pages()
    case = open_case(pages.person)
    page = text(pages.client().get("/cases/duties"))
    assert "各步骤都有不同的人办理" in page
    ends = made_up.TODAY + timedelta(days=10_000)
    Assignment.objects.filter(role=Role.APPROVER).update(ends=date(2024, 12, 31))
    Assignment.objects.filter(role=Role.REVIEWER).update(ends=ends)
    page = text(pages.client().get("/cases/duties"))
    assert "没有人有这项权限；请安全管理员增加审批人" in page
    assert f"例如 {case.pk}" in page
    assert "有权办理的人都已办过" not in page
    assert "未核对" in page


def test_结算事实显示在疑点上() -> None:
    pages = Pages()
    stored = Settlement.objects.create(
        setl_id="A", psn_no="P1", person=pages.person, setl_time=made_up.NOW, year=2025, med_type="21",
        inscp_scp_amt=1000_00, hifp_pay=400_00, medfee_sumamt=1234_50, maf_pay=40_00, received_at=made_up.NOW,
    )  # fmt: skip
    case = open_case(pages.person, "A", settlement=stored)
    page = text(pages.client().get(f"/cases/{case.pk}"))
    assert "医疗费总额 1,234.50 元，窗口已付 40.00 元" in page
