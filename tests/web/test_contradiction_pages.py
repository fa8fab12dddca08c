"""Pages of contradictions: both rows side by side, chosen either way by who may; nothing for who may not see both."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.office import made_up
from tests.office.importing import certno
from tests.office.settling import AT, arrive, disputed, record, use_other
from tests.web.signed_in import client_of
from tuodi.kernel.idnumber import mask
from tuodi.office.models import Contradiction, Person, Proposal, Settlement, Withheld
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")
CERTNO = certno(1)


@pytest.fixture
def clerk(sqlite: str) -> Client:
    top = made_up.county()
    east, west = made_up.region("东镇"), made_up.region("西镇")
    for psn_no, name, where, number in (("P1", "赵一", east, CERTNO), ("P2", "钱二", west, certno(2))):
        made_up.holding(made_up.person(psn_no, name, where, number), "低保对象", date(2024, 1, 1))
    return client_of(made_up.user(Role.COUNTY_CLERK, top, "desk"))


@pytest.fixture
def second(clerk: Client) -> Client:
    return client_of(made_up.user(Role.REVIEWER, made_up.region("示例县"), "second"))


def _html(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()
    html = answer.content.decode()
    assert CERTNO not in html and certno(2) not in html
    return html


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1]))


def _contradicting() -> str:
    arrive([record("S1", code="H1")])
    arrive([record("S1", "P2", code="H1", hifp_pay=123456)])
    return f"/settlements/contradictions/{Contradiction.objects.get().pk}"


def _form(html: str, action: str) -> dict[str, str]:
    """Return the hidden fields of a form as the page gives them."""
    form = re.search(rf'<form method="post" action="[^"]*{action}">(.*?)</form>', html, re.S)
    assert form, action
    return dict(re.findall(r'type="hidden" name="(seen)" value="([^"]*)"', form[1]))


def test_列表和计算单都通到核对页_并排列出不同之处(clerk: Client) -> None:
    page = _contradicting()
    assert f'href="{page}"' in _html(clerk, "/settlements/withheld")
    assert "放行</button>" not in _html(clerk, "/settlements/withheld")
    assert f'href="{page}"' in _html(clerk, f"/settlements/{Settlement.objects.get().pk}")
    assert f'href="{page}"' in _html(clerk, f"/settlements/person/{Person.objects.get(psn_no='P1').pk}/2024")
    text = _text(_html(clerk, page))
    assert "核对两条记录：结算记录" in text and "待核对" in text
    assert "人员编号 P1 P2 ≠ 不同" in text
    assert "基本医保统筹 （元） 0.00 1,234.56 ≠ 不同" in text
    assert "医疗类别 普通住院（21） 普通住院（21） 相同" in text or "（21） 相同" in text
    assert "赵一 ，" + mask(CERTNO) in text
    assert "钱二 ，" + mask(certno(2)) in text
    assert "医疗机构编号" not in text.split("不同")[0]


def test_保留登记的一条(clerk: Client) -> None:
    page = _contradicting()
    given = _form(_html(clerk, page), "keep")
    answer = clerk.post(f"{page}/keep", {**given, "reason": "错"})
    assert answer.status_code == 422
    assert 'value="错"' in answer.content.decode() and "<details open>" in answer.content.decode()
    answer = clerk.post(f"{page}/keep", {"seen": "0" * 64, "reason": "与结算单一致"})
    assert answer.status_code == 422 and "有了变动" in answer.content.decode()
    answer = clerk.post(f"{page}/keep", {**given, "reason": "与结算单一致"}, follow=True)
    assert "已保留登记的一条" in answer.content.decode()
    assert Settlement.objects.get().due_fen == 630000
    assert "没有暂不计算的记录" in _text(_html(clerk, "/settlements/withheld"))
    history = _text(_html(clerk, f"/settlements/{Settlement.objects.get().pk}"))
    assert "更正记录" in history and "保留已登记的一条" in history and "与结算单一致" in history


def test_改用另一条_由另一人在待办里确认(clerk: Client, second: Client) -> None:
    page = _contradicting()
    given = _form(_html(clerk, page), "propose")
    answer = clerk.post(f"{page}/propose", {**given, "reason": "医院来函更正"}, follow=True)
    assert "等待另一人确认" in answer.content.decode()
    asked = Proposal.objects.get()
    assert "待您确认的改用" in _text(_html(clerk, "/settlements/proposals"))
    assert "改用另一条记录待我确认" not in _html(clerk, "/")
    assert "已提出改用，待另一人确认" in _html(clerk, "/settlements/withheld")
    assert "撤回" in _html(clerk, page) and "确认改用另一条</button>" not in _html(clerk, page)
    assert clerk.post(f"/settlements/proposals/{asked.pk}/confirm", given).status_code == 422
    assert "改用另一条记录待我确认" in _html(second, "/")
    listed = _html(second, "/settlements/proposals")
    assert f'href="{page}"' in listed and "人员编号：P1 → P2" in _text(listed) and "医院来函更正" in listed
    given = _form(_html(second, page), "confirm")
    answer = second.post(f"/settlements/proposals/{asked.pk}/confirm", given, follow=True)
    assert "已改用另一条" in answer.content.decode()
    row = Settlement.objects.get()
    # (9,000 − 1,234.56) × 70 % = 5,435.808.
    assert (row.psn_no, row.due_fen) == ("P2", 543581)
    text = _text(_html(clerk, f"/settlements/{row.pk}"))
    assert "更正记录" in text and "复核人甲 确认" in text.replace("复核人甲确认", "复核人甲 确认")
    assert "没有待您确认的改用" in _text(_html(second, "/settlements/proposals"))
    assert "现在采用的" in _text(_html(clerk, page))


def test_驳回要写理由_撤回由本人(clerk: Client, second: Client) -> None:
    page = _contradicting()
    for way in ("reject", "withdraw"):
        given = _form(_html(clerk, page), "propose")
        clerk.post(f"{page}/propose", {**given, "reason": "医院来函更正"})
        asked = Proposal.objects.latest("pk")
        url = f"/settlements/proposals/{asked.pk}/{way}"
        if way == "reject":
            assert second.post(url, {"reason": ""}).status_code == 422
            assert second.post(url, {"reason": "与结算单不符"}).status_code == 302
        else:
            assert second.post(url).status_code == 404
            assert clerk.post(url).status_code == 302
    assert list(Proposal.objects.order_by("pk").values_list("outcome", flat=True)) == ["rejected", "withdrawn"]
    assert Withheld.objects.filter(ended_at__isnull=True).count() == 2


def test_只管其中一人的乡镇看不到对方的记录(clerk: Client) -> None:
    page = _contradicting()
    east = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("东镇")))
    assert east.get(page).status_code == 404
    listed = _html(east, "/settlements/withheld")
    assert page not in listed and "请县级的经办人核对处理" in listed
    assert page not in _html(east, f"/settlements/{Settlement.objects.get().pk}")
    assert east.post(f"{page}/keep", {"seen": "x", "reason": "理由"}).status_code == 404
    use_other(disputed(), at=AT)
    west = client_of(made_up.user(Role.TOWN_CLERK, made_up.region("西镇"), "west"))
    assert "更正记录" not in _html(west, f"/settlements/{Settlement.objects.get().pk}")


def test_审计人员能看不能办(clerk: Client) -> None:
    page = _contradicting()
    auditor = client_of(made_up.user(Role.AUDITOR, made_up.region("示例县")))
    assert "采用哪一条</h2>" not in _html(auditor, page)
    assert f'href="{page}"' in _html(auditor, "/settlements/withheld")
    assert auditor.get("/settlements/proposals").status_code == 404
