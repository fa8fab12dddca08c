"""The pages of users, roles and delegations."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office.models import Assignment, Delegation, TrailEntry, User
from tuodi.office.roles import Role

pytestmark = pytest.mark.usefixtures("sqlite")


@pytest.fixture
def admin(sqlite: str) -> Client:
    return client_of(made_up.user(Role.SECURITY_ADMIN, made_up.county()))


def test_新建用户_分配岗位_第一次登录改密码(admin: Client) -> None:
    page = admin.post("/users/new", {"username": "zhangsan", "name": "张三"})
    password = re.search(r'class="secret">([^<]+)<', page.content.decode())[1]  # type: ignore[index]
    made = User.objects.get(username="zhangsan")
    assert password not in admin.get(f"/users/{made.pk}").content.decode(), "初始密码只显示一次"
    region = made_up.region("东镇")
    form = {"role": "town_clerk", "region": region.pk, "begins": "2025-01-01", "ends": ""}
    assert admin.post(f"/users/{made.pk}/roles", form).status_code == 302
    held = Assignment.objects.get(user=made)
    assert (held.role, held.region, held.begins, held.ends) == ("town_clerk", region, date(2025, 1, 1), None)
    theirs = Client()
    theirs.post("/login", {"username": "zhangsan", "password": password})
    assert theirs.get("/people/")["Location"].startswith("/password")
    assert not [entry for entry in TrailEntry.objects.all() if password in entry.detail]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"role": "", "region": "1", "begins": "2025-01-01"}, "请选择岗位"),
        ({"role": "town_clerk", "region": "", "begins": "2025-01-01"}, "请选择地区"),
        ({"role": "town_clerk", "region": "1", "begins": "2025-13-01"}, "请填写开始日期"),
        ({"role": "town_clerk", "region": "1", "begins": "2025-01-01", "ends": "下周"}, "请填写结束日期"),
    ],
)
def test_填错的岗位表单说明原因并保留所填(admin: Client, form: dict[str, str], said: str) -> None:
    made = User.objects.create(username="zhangsan", name="张三", created_at=made_up.NOW)
    answer = admin.post(f"/users/{made.pk}/roles", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not made.assignments.exists()
    assert 'value="2025-01-01"' in answer.content.decode() or "13" in form["begins"]


def test_筛选和导出同一批人(admin: Client) -> None:
    top = made_up.region("示例县")
    made_up.user(Role.REVIEWER, top)
    off = made_up.user(Role.APPROVER, top)
    User.objects.filter(pk=off.pk).update(is_active=False)
    for query, names in (
        ("", {"secadmin", "reviewer", "approver"}),
        ("words=review", {"reviewer"}),
        ("role=approver", {"approver"}),
        ("state=off", {"approver"}),
        ("words=nobody", set()),
    ):
        page = admin.get(f"/users/?{query}")
        assert set(re.findall(r'data-label="用户名">([^<]+)<', page.content.decode())) == names
        assert admin.get(f"/users/export?{query}")["Content-Disposition"].startswith("attachment")
    assert "没有符合条件的用户" in admin.get("/users/?words=nobody").content.decode()


def test_自己的账号页没有可办的事(admin: Client) -> None:
    me = User.objects.get(username="secadmin")
    page = admin.get(f"/users/{me.pk}").content.decode()
    assert "另一位安全管理员" in page
    assert "重置密码" not in page
    assert admin.post(f"/users/{me.pk}/password").status_code == 422


def test_委托在双方的首页上都看得到_可以撤回(admin: Client) -> None:
    top = made_up.region("示例县")
    giver, taker = made_up.user(Role.REVIEWER, top), made_up.user(Role.APPROVER, top)
    today = date.today()
    form = {
        "assignment": giver.assignments.get().pk,
        "delegate": taker.pk,
        "begins": today.isoformat(),
        "ends": (today + timedelta(days=7)).isoformat(),
        "reason": "年休假",
    }
    page = client_of(giver)
    assert page.post("/delegations/", {**form, "reason": " "}).status_code == 422
    assert page.post("/delegations/", form).status_code == 302
    for who in (giver, taker):
        assert "复核人甲" in client_of(who).get("/").content.decode()
        assert "审批人甲" in client_of(who).get("/").content.decode()
    made = Delegation.objects.get()
    assert client_of(taker).post(f"/delegations/{made.pk}/revoke").status_code == 404
    assert client_of(giver).post(f"/delegations/{made.pk}/revoke").status_code == 302
    made.refresh_from_db()
    assert made.revoked_at is not None
