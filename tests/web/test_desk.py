"""The desk: what each role finds to do, what is wrong, and nothing else; few queries however much there is."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.office import made_up
from tests.web.addresses import Place, furnish
from tests.web.signed_in import client_of
from tuodi.office import anchors
from tuodi.office.models import Account, Assignment, ImportBatch, Proposal, User, Withheld
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


@pytest.fixture
def east(sqlite: str, tmp_path: object) -> Iterator[Place]:
    made_up.county()
    with override_settings(ANCHORS_FILE=f"{tmp_path}/anchors.txt", UPLOADS=f"{tmp_path}/uploads"):
        yield furnish(made_up.region("东镇"), "1")


def _lines(user: User) -> list[tuple[str, str, str]]:
    """Return tone, what and how many of each line on somebody's desk."""
    page = client_of(user).get("/").content.decode()
    row = r'<span class="state \w+">(\S+?)</span>.*?<a href="[^"]+">([^<]+)</a>.*?class="num">(\d*)<'
    return re.findall(row, page, re.S)


TOWN = [
    ("待办", "疑点待我核实", "1"),
    ("待办", "导入待我确认", "1"),
    ("待办", "改用另一条记录待我确认", "1"),
    ("异常", "有误的行，所涉人员暂不计算", "1"),
]


@pytest.mark.parametrize(
    ("role", "lines"),
    [
        (Role.TOWN_CLERK, TOWN),
        (Role.COUNTY_CLERK, [*TOWN[:3], ("待办", "银行账户待我核对", "1"), TOWN[3]]),
        (Role.REVIEWER, [*TOWN[1:3], ("待办", "银行账户待我核对", "1"), TOWN[3]]),
        (Role.APPROVER, TOWN[3:]),
        (Role.ACCOUNTANT, [("待办", "银行账户待我核对", "1"), TOWN[3]]),
        (Role.EVALUATOR, []),
        (Role.AUDITOR, [TOWN[3], ("异常", "留痕最近一次校验", ""), ("异常", "留痕还没有锚点", "")]),
        (Role.AUDIT_ADMIN, [("异常", "留痕最近一次校验", ""), ("异常", "留痕还没有锚点", "")]),
        (Role.SYSTEM_ADMIN, [("异常", "最近一次备份", "")]),
        (Role.SECURITY_ADMIN, []),
    ],
)
def test_各岗位的待办(east: Place, role: Role, lines: list[tuple[str, str, str]]) -> None:
    where = east.region if role is Role.TOWN_CLERK else made_up.region("示例县")
    assert _lines(made_up.user(role, where)) == lines


def test_别的乡镇的事不在我的首页(east: Place) -> None:
    assert _lines(made_up.user(Role.TOWN_CLERK, made_up.region("西镇"))) == []


def test_自己上传的不能自己确认_只是知悉(east: Place) -> None:
    uploader = User.objects.get(pk=east.records["user"])
    lines = _lines(uploader)
    assert ("知悉", "我上传的导入待他人确认", "1") in lines
    assert "导入待我确认" not in {what for _, what, _ in lines}
    assert "改用另一条记录待我确认" not in {what for _, what, _ in lines}
    assert "银行账户待我核对" not in {what for _, what, _ in lines}


def test_办完就没有待办(east: Place) -> None:
    clerk = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    ImportBatch.objects.update(state=ImportBatch.State.APPLIED)
    Withheld.objects.update(ended_at=made_up.NOW)
    Account.objects.update(ended_at=made_up.NOW)
    Proposal.objects.update(outcome=Proposal.Outcome.WITHDRAWN)
    assert _lines(clerk) == []
    assert "今天没有待办" in client_of(clerk).get("/").content.decode()


@pytest.mark.usefixtures("east")
def test_绩效评价人看到页面以后才有_现在用哪些命令() -> None:
    page = client_of(made_up.user(Role.EVALUATOR, made_up.region("示例县"))).get("/").content.decode()
    assert "绩效评价的页面以后的版本才有" in page and "./tuodi evaluation new" in page


def test_存证以后只是知悉(east: Place) -> None:
    anchors.anchor(made_up.NOW)
    assert ("知悉", "留痕最近一次锚点", "") in _lines(made_up.user(Role.AUDIT_ADMIN, made_up.region("示例县")))


def test_没有岗位和待改密码的用户提醒安全管理员(east: Place) -> None:
    User.objects.create(username="fresh", name="新人", created_at=made_up.NOW, must_change_password=True)
    lines = _lines(made_up.user(Role.SECURITY_ADMIN, made_up.region("示例县")))
    assert lines == [("待办", "没有岗位的用户", "1"), ("知悉", "还没有改初始密码的用户", "1")]


def test_没有人能办的步骤提前显示(east: Place) -> None:
    clerk = made_up.user(Role.TOWN_CLERK, east.region)
    admin = made_up.user(Role.SECURITY_ADMIN, made_up.region("示例县"))
    for user in (clerk, admin):
        page = client_of(user).get("/checks").content.decode()
        assert "没有人可以办理的步骤" in page
        assert "东镇" in page
    made_up.user(Role.APPROVER, made_up.region("示例县"))
    Assignment.objects.filter(user__username="confirmer1").update(region=made_up.region("示例县"))
    assert "没有人可以办理的步骤" not in client_of(clerk).get("/checks").content.decode()


def test_首页片段供脚本取用_直接打开是整页(east: Place) -> None:
    client = client_of(made_up.user(Role.COUNTY_CLERK, made_up.region("示例县")))
    assert "<h1" in client.get("/checks").content.decode()
    part = client.get("/checks", headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part
    assert "月度比对" in part


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HOSPITAL])
def test_首页的查询次数有限(east: Place, role: Role) -> None:
    client = client_of(made_up.user(role, made_up.region("示例县")))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/")
    assert len(queries) <= 30
