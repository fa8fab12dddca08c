"""The registry's pages: who sees whom, what never stands in a page or an address, and each form from end to end."""

import io
import re
from datetime import date, datetime
from time import sleep
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.office import made_up
from tests.office.importing import certno
from tests.office.settling import arrive, record
from tests.web.signed_in import client_of
from tuodi.office.models import Account, Holding, Household, Person, Settlement, TrailEntry
from tuodi.office.numbers import set_number, set_phone
from tuodi.office.queries import people
from tuodi.office.roles import Role
from tuodi.web.pages.people import views

pytestmark = pytest.mark.usefixtures("sqlite")
NUMBER, PHONE, CARD = certno(1, date(1960, 1, 1)), "13900001111", "6200000000000000007"
PAPER = "民政更正函"

OF_PERSON = (
    "person",
    "person-history",
    "person-correct",
    "person-household",
    "person-death",
    "person-death-withdraw",
    "person-move-out",
    "person-move-back",
    "person-merge",
    "person-unmerge",
    "person-certno",
    "person-phone",
    "identity-new",
    "account-new",
)
OF_HOLDING = ("identity-correct", "identity-follow-lists", "identity-withdraw", "identity-restore")
OF_ACCOUNT = ("account-confirm", "account-end", "account-number")
ONLY_READ = ("person", "person-history", "household")


class Desk:
    """The county with one person who has everything, in 东镇."""

    def __init__(self) -> None:
        self.top = made_up.county()
        self.clerk = made_up.user(Role.COUNTY_CLERK, self.top)
        household = Household.objects.create(family_no="F1", region=made_up.region("东镇"))
        self.who = made_up.person(
            "P1", "欧阳翠花", made_up.region("东镇"), NUMBER, brdy=date(1960, 1, 1), household=household
        )
        set_phone(self.who, PHONE)
        self.who.save()
        self.holding = made_up.holding(self.who, "低保对象", date(2024, 1, 1))
        self.account = Account(person=self.who, holder="欧阳翠花", bank="示例银行", evidence="存折")
        set_number(self.account, CARD)
        self.account.entered_by, self.account.entered_at = self.clerk, made_up.NOW
        self.account.save()

    def urls(self) -> dict[str, str]:
        found = {name: reverse(name, args=[self.who.pk]) for name in OF_PERSON}
        found |= {name: reverse(name, args=[self.holding.pk]) for name in OF_HOLDING}
        found |= {name: reverse(name, args=[self.account.pk]) for name in OF_ACCOUNT}
        return found | {"household": reverse("household", args=[self.who.household_id])}

    def do(self, client: Client, name: str, **typed: Any) -> Any:
        self.who.refresh_from_db()
        given = {"version": self.who.version, "evidence": PAPER, **typed}
        return client.post(self.urls()[name], given)


@pytest.fixture
def desk(sqlite: str) -> Desk:
    return Desk()


def _text(answer: Any) -> str:
    return answer.content.decode()


def test_东镇经办人打不开西镇的任何一页(desk: Desk) -> None:
    west = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("西镇")))
    for name, url in desk.urls().items():
        assert west.get(url).status_code == 404, name
        if name not in ONLY_READ:
            assert west.post(url, {"version": 1, "evidence": PAPER}).status_code == 404, name
    assert "欧阳" not in _text(west.get(reverse("people")))
    assert "欧阳" not in _text(west.get(reverse("people"), {"q": "oy"}))
    assert "欧阳" not in _text(west.post(reverse("people"), {"q": NUMBER}))
    assert west.get(reverse("people"), {"region": made_up.region("东镇").pk}).status_code == 404
    assert not TrailEntry.objects.exists()


def test_没有一页写着完整号码(desk: Desk) -> None:
    client = client_of(desk.clerk)
    pages = {**desk.urls(), "people": reverse("people"), "export": reverse("people-export")}
    for name, url in pages.items():
        answer = client.get(url)
        assert answer.status_code == 200, name
        assert not any(secret in _text(answer) for secret in (NUMBER, PHONE, CARD)), name
        assert _text(answer).count("<h1") == 1, name
    assert "9900**********" in _text(client.get(desk.urls()["person"]))


@pytest.mark.plants_numbers("网址")
def test_姓名和首字母走地址_号码只走表单(desk: Desk) -> None:
    client = client_of(desk.clerk)
    answer = client.post(reverse("people"), {"q": "欧阳", "state": "on"})
    assert answer.status_code == 302
    assert unquote(answer["Location"]) == "/people/?q=欧阳&state=on"
    assert "欧阳翠花" in _text(client.get(answer["Location"]))
    assert "欧阳翠花" in _text(client.get("/people/?q=oych"))
    found = client.post(reverse("people"), {"q": NUMBER})
    assert (found.status_code, found["Location"]) == (302, f"/people/{desk.who.pk}")
    old_form = client.post(reverse("people"), {"q": "990001600101001"})
    assert old_form["Location"] == f"/people/{desk.who.pk}"
    listed = client.post(reverse("people"), {"q": "P1"})
    assert listed.status_code == 200
    assert "欧阳翠花" in _text(listed)
    unknown = client.post(reverse("people"), {"q": certno(1, date(1960, 1, 2))})
    assert certno(1, date(1960, 1, 2)) not in _text(unknown)
    assert "没有找到" in _text(unknown)
    # Whoever writes a number into the address gets the list without it: the address is in logs already, the page not.
    assert NUMBER not in _text(client.get("/people/", {"q": NUMBER}))


@pytest.mark.parametrize(
    "query",
    ["region=abc", "after=99999999999999999999", "day=2025-13-40", "state=x", "account=x", "before=-1"],
)
def test_地址里乱写的条件不出错(desk: Desk, query: str) -> None:
    answer = client_of(desk.clerk).get(f"/people/?{query}")
    assert answer.status_code == 200


def test_空表单和坏表单都说明原因(desk: Desk) -> None:
    client = client_of(desk.clerk)
    confirmer = client_of(made_up.user(Role.REVIEWER, desk.top))
    for name, url in desk.urls().items():
        if name in ONLY_READ:
            continue
        who = confirmer if name == "account-confirm" else client
        for typed in ({}, {"version": "x"}, {"version": "1"}, {"version": "99999", "evidence": PAPER}):
            answer = who.post(url, typed)
            assert answer.status_code == 422, (name, typed)
            assert 'role="alert"' in _text(answer), (name, typed)
    assert not TrailEntry.objects.exists()


def test_被拒绝后保留已填内容(desk: Desk) -> None:
    client = client_of(desk.clerk)
    answer = desk.do(client, "person-move-out", day="2025-01-01", to="外省某县", evidence="")
    assert answer.status_code == 422
    assert 'value="外省某县"' in _text(answer)
    assert "请填写依据的材料" in _text(answer)


def test_从窗口办一圈_每一步都能撤回(desk: Desk) -> None:
    client = client_of(desk.clerk)
    kept = {"psn_name": "欧阳翠花", "brdy": "1960-01-01", "certno": "", "phone": "", "region": desk.who.region_id}
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("person-correct", {**kept, "psn_name": "欧阳花"}, "欧阳花"),
        ("person-correct", {**kept, "phone": "-"}, "没有登记"),
        ("person-household", {"family_no": "F2"}, "F2"),
        ("person-death", {"died_on": "2025-01-31"}, "2025-01-31 死亡"),
        ("person-death-withdraw", {}, "登记死亡"),
        ("person-move-out", {"day": "2025-01-31", "to": "外省某县"}, "迁往外省某县"),
        ("person-move-back", {}, "登记迁出"),
        ("identity-new", {"identity": "特困人员", "begin": "2025-01-01", "end": ""}, "特困人员"),
        ("identity-correct", {"end": "2025-02-28"}, "人工更正"),
        ("identity-follow-lists", {}, "2024-01-01 起"),
        ("identity-withdraw", {}, "已作废"),
        ("identity-restore", {}, "有效"),
    ]
    for name, typed, seen in steps:
        answer = desk.do(client, name, **typed)
        assert answer.status_code == 302, (name, _text(answer))
        assert seen in _text(client.get(answer["Location"])), name
    history = _text(client.get(desk.urls()["person-history"]))
    assert "姓名：欧阳翠花 → 欧阳花" in history
    assert "死亡日期：（空） → 2025-01-31" in history
    assert history.count(PAPER) == len(steps)
    assert TrailEntry.objects.count() == len(steps)


def test_死亡之后的结算列在人员页上(desk: Desk) -> None:
    arrive([record("S1", setl_time=datetime(2024, 5, 20)), record("S2", setl_time=datetime(2024, 5, 21))])
    arrive([record("S3", setl_time=datetime(2024, 6, 1), reversed=True)])
    client = client_of(desk.clerk)
    assert "死亡之后的结算" not in _text(client.get(desk.urls()["person"]))
    done = desk.do(client, "person-death", died_on="2024-05-20")
    page = _text(client.get(done["Location"]))
    assert "死亡日期之后还有 1 笔结算，列在本页“死亡之后的结算”" in page
    listed = page.split('id="after-death"', 1)[1].split("</table>", 1)[0]
    later = Settlement.objects.get(setl_id="S2")
    assert f'<a href="{reverse("settlement", args=[later.pk])}">S2</a>' in listed
    assert "S1" not in listed and "S3" not in listed


def test_身份先列本县政策的(desk: Desk) -> None:
    client = client_of(desk.clerk)
    for url in (desk.urls()["identity-new"], reverse("people")):
        ours, others = _text(client.get(url)).split('<optgroup label="本县政策">')[1].split('<optgroup label="其他">')
        others = others.split("</select>")[0]
        assert "低保对象" in ours and "低保对象" not in others
        assert "职工大额医疗参保人员" in others and "职工大额医疗参保人员" not in ours


def test_人数多时可以算出全部(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "COUNTED", 1)
    for number in range(2, 5):
        made_up.person(f"P{number}", f"欧阳{number}", made_up.region("东镇"))
    client = client_of(desk.clerk)
    page = _text(client.get(reverse("people")))
    assert "1 人以上" in page and "totals=1" in page
    page = _text(client.get(reverse("people"), {"totals": "1"}))
    assert "共 4 人" in page and "totals=1" not in page
    missing = _text(client.post(reverse("people"), {"q": NUMBER[:17]}))
    assert "证件号码要输全 18 位，这里是 17 位" in missing


def test_旧页面提交看到期间的改动(desk: Desk) -> None:
    client = client_of(desk.clerk)
    assert desk.do(client, "person-household", family_no="F2").status_code == 302
    answer = client.post(desk.urls()["person-death"], {"version": 1, "evidence": PAPER, "died_on": "2025-01-01"})
    assert answer.status_code == 422
    assert "家庭编号：F1 → F2" in _text(answer)


def test_合并与撤销(desk: Desk) -> None:
    client = client_of(desk.clerk)
    twin = made_up.person("P2", "欧阳翠花", made_up.region("东镇"), brdy=date(1960, 1, 1))
    assert "可能是同一人" in _text(client.get(desk.urls()["person"]))
    page = client.get(reverse("person-merge", args=[twin.pk]))
    assert 'value="P1"' in _text(page)
    wrong = client.post(reverse("person-merge", args=[twin.pk]), {"version": 1, "survivor": "P9", "evidence": PAPER})
    assert "在您的管辖范围内没有这个人员编号" in _text(wrong)
    address, typed = reverse("person-merge", args=[twin.pk]), {"version": 1, "survivor": "P1", "evidence": PAPER}
    assert "不能把一条记录并入它自己" in _text(client.post(address, {**typed, "survivor": "P2"}))
    both = client.post(address, typed)
    assert both.status_code == 200
    assert NUMBER not in _text(both) and "确认并入" in _text(both)
    assert Person.objects.get(pk=twin.pk).merged_into is None
    done = client.post(address, {**typed, "survivor_version": 1, "confirmed": "1"})
    assert done.status_code == 302
    assert "这是重复记录，已并入" in _text(client.get(done["Location"]))
    assert "P2" in _text(client.get(desk.urls()["person"]))
    undone = client.post(reverse("person-unmerge", args=[twin.pk]), {"version": 2, "evidence": PAPER})
    assert undone.status_code == 302
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_账户由另一人确认(desk: Desk) -> None:
    enterer, confirmer = client_of(desk.clerk), client_of(made_up.user(Role.ACCOUNTANT, desk.top))
    url = desk.urls()["account-confirm"]
    assert "须由另一人确认" in _text(enterer.get(desk.urls()["person"]))
    own = enterer.post(url, {"version": 1, "number": CARD})
    assert own.status_code == 422
    wrong = confirmer.post(url, {"version": 1, "number": CARD[:-1] + "8"})
    assert "与录入的不一致" in _text(wrong)
    # What was typed is a number as well: it does not come back.
    assert CARD[:-1] not in _text(wrong)
    assert confirmer.post(url, {"version": 1, "number": CARD}).status_code == 302
    assert "已确认，可付款" in _text(confirmer.get(desk.urls()["person"]))


def test_完整号码只在写明事由之后的这一页(desk: Desk) -> None:
    client = client_of(desk.clerk)
    for name, secret in (("person-certno", NUMBER), ("person-phone", PHONE), ("account-number", CARD)):
        url = desk.urls()[name]
        bare = client.post(url, {"kind": "核对本人证件", "words": " "})
        assert (bare.status_code, secret in _text(bare)) == (422, False)
        shown = client.post(url, {"kind": "核对本人证件", "words": "本人到窗口"})
        assert (shown.status_code, secret in _text(shown)) == (200, True)
        assert shown["Cache-Control"] == "no-store"
        assert secret not in _text(client.get(url))
    assert TrailEntry.objects.filter(action="person.looked_at").count() == 3
    assert client_of(made_up.user(Role.AUDITOR, desk.top)).get(desk.urls()["person-certno"]).status_code == 404


def test_审计人员只看不改(desk: Desk) -> None:
    client = client_of(made_up.user(Role.AUDITOR, desk.top))
    page = _text(client.get(desk.urls()["person"]))
    for word in ("更正基本信息", "登记死亡", "补录身份", "录入账户", "查看完整"):
        assert word not in page
    for name in (*OF_HOLDING, "person-correct", "account-confirm", "account-end"):
        assert client.get(desk.urls()[name]).status_code == 404, name


def test_导出名单(desk: Desk) -> None:
    client = client_of(desk.clerk)
    assert "用途" in _text(client.post(reverse("people-export"), {"reason": ""}))
    answer = client.post(reverse("people-export"), {"reason": "与民政核对名单", "q": "欧阳"})
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["人员编号", "姓名", "证件号码"]
    assert rows[1][:2] == ["P1", "欧阳翠花"]
    assert not any(secret in str(rows) for secret in (NUMBER, PHONE, CARD))
    full = client.post(reverse("people-export"), {"reason": "与民政核对名单", "full": "on"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(full.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[1][2:4] == [NUMBER, PHONE]
    assert NUMBER not in full["Content-Disposition"]
    made_up.holding(desk.who, "=1+1", date(2020, 1, 1))
    Holding.objects.filter(identity="=1+1").update(end=None)
    again = client.post(reverse("people-export"), {"reason": "与民政核对名单"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(again.getvalue())).get_sheet_by_index(0).to_python()
    assert "=1+1" in rows[1][7]


PAPERS = {
    "person-correct": "户口簿",
    "person-household": "分户",
    "person-death": "死亡证明",
    "person-death-withdraw": "健在",
    "person-move-out": "迁出",
    "person-move-back": "接收",
    "person-merge": "重复登记",
    "person-unmerge": "确为两人",
    "identity-new": "审批表",
    "identity-correct": "停保通知",
    "identity-follow-lists": "新名册",
    "identity-withdraw": "撤销认定",
    "identity-restore": "恢复认定",
    "account-new": "存折",
    "account-end": "销户",
}


@pytest.mark.parametrize("name", PAPERS)
def test_依据的材料各举各的例(desk: Desk, name: str) -> None:
    html = _text(client_of(desk.clerk).get(desk.urls()[name]))
    hint = re.search(r'id="evidence-hint">([^<]*)<', html)
    assert hint is not None
    assert hint[1].startswith("例如：") and PAPERS[name] in hint[1] and hint[1].endswith("；不要写证件号码或账号。")
    assert ("死亡证明" in hint[1]) == (name == "person-death")


def test_导出要久时_页面说已等多少秒_文件到了就不说(visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    top = made_up.county()
    made_up.person("P1", "赵一", made_up.region("东镇"))
    made = views.workbook_answer
    monkeypatch.setattr(views, "workbook_answer", lambda *of, **more: (sleep(1.5), made(*of, **more))[1])
    page = visitors.page_of(made_up.user(Role.COUNTY_CLERK, top, "second", password=True))
    page.goto("/people/export")
    page.fill("#reason", "与民政核对名单")
    # While an answer is awaited nothing can be asked of the page: it notes itself what it says.
    page.evaluate(
        """() => {
            const form = document.querySelector("form[data-file]");
            const [told, button] = [() => form.querySelector("output").textContent, form.querySelector("button")];
            const note = () => window.said.push([told(), button.disabled]);
            window.said = [];
            new MutationObserver(note).observe(form, {subtree: true, childList: true});
        }"""
    )
    with page.expect_download() as download:
        page.click("main button:text-is('导出')")
    assert download.value.suggested_filename.startswith("人员名单_")
    page.locator("form[data-file] output:empty").wait_for(state="attached")
    said = page.evaluate("window.said")
    assert [" 正在生成文件，已等 0 秒；几十万行的要等一两分钟。", True] in said
    assert page.is_enabled("main button:text-is('导出')")
