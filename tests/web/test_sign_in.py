"""Signing in: right and wrong, locked and unlocked, limits of a session, the first password, the second factor."""

import re
import time
from base64 import b32decode
from binascii import unhexlify
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django_otp.oath import TOTP

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office import second_factor
from tuodi.office.models import SecondFactor, TrailEntry, User
from tuodi.office.roles import Role
from tuodi.office.secrets import seal
from tuodi.web import middleware, sessions

pytestmark = pytest.mark.usefixtures("sqlite")

RIGHT = {"username": "clerk", "password": made_up.PASSWORD}
WRONG = {"username": "clerk", "password": "not-this-one-1"}


@pytest.fixture
def clerk(sqlite: str) -> User:
    return made_up.user(Role.COUNTY_CLERK, made_up.county(), password=True)


def _trail(start: str = "sign_in") -> list[tuple[str, str]]:
    entries = TrailEntry.objects.filter(action__startswith=start).order_by("number")
    return [(entry.actor, entry.action) for entry in entries]


def test_登录成功后回到原来的页面并留痕(clerk: User) -> None:
    client = Client()
    answer = client.post("/login", {**RIGHT, "next": "/people/"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert client.get("/people/").status_code == 200
    assert _trail() == [("clerk", "sign_in.done")]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/people/?q=1", "/people/?q=1"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("people", "/"),
        ("", "/"),
    ],
)
def test_登录后只去本站的页面(clerk: User, wanted: str, leads_to: str) -> None:
    assert Client().post("/login", {**RIGHT, "next": wanted})["Location"] == leads_to


def _words(answer: object) -> str:
    """Return a page without what differs anyway: tokens and the typed name."""
    return re.sub(r'(value|hx-headers:inherited)=("[^"]*"|\'[^\']*\')', "", answer.content.decode())  # type: ignore[attr-defined]


def test_没有这个用户和密码不对的回答一样(clerk: User) -> None:
    off = made_up.user(Role.REVIEWER, clerk.assignments.get().region, password=True)
    User.objects.filter(pk=off.pk).update(is_active=False)
    answers = [
        Client().post("/login", {"username": name, "password": word})
        for name, word in (("clerk", "x"), ("nobody", "x"), ("reviewer", made_up.PASSWORD))
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({_words(answer) for answer in answers}) == 1
    assert "用户名或密码不对" in answers[0].content.decode()
    assert [action for _, action in _trail()] == ["sign_in.failed"] * 3


def test_登录失败的留痕不保存输入的内容(clerk: User) -> None:
    Client().post("/login", {"username": "990001199001011239", "password": "x"})
    entry = TrailEntry.objects.get()
    assert (entry.actor, entry.subject) == ("未登录", "")
    assert "9900011990" not in entry.detail


def test_锁定由安全管理员解除并留痕(clerk: User) -> None:
    admin = client_of(made_up.user(Role.SECURITY_ADMIN, made_up.region("示例县")))
    for _ in range(5):
        Client().post("/login", WRONG)
    page = admin.get(f"/users/{clerk.pk}").content.decode()
    assert "登录锁定" in page
    assert admin.post(f"/users/{clerk.pk}/unlock").status_code == 302
    assert Client().post("/login", RIGHT).status_code == 302
    assert ("secadmin", "user.unlocked") in _trail("user.")


def test_退出后不能再用(clerk: User) -> None:
    client = client_of(clerk)
    client.post("/logout")
    assert client.get("/people/").status_code == 302
    assert _trail() == [("clerk", "sign_in.ended")]


def test_在另一处登录后原来的登录结束并说明(clerk: User) -> None:
    first, second = Client(), Client()
    first.post("/login", RIGHT)
    second.post("/login", RIGHT)
    answer = first.get("/people/")
    assert answer["Location"] == "/login?next=/people/&why=elsewhere"
    assert "另一处登录" in first.get(answer["Location"]).content.decode()
    assert second.get("/people/").status_code == 200


@pytest.mark.parametrize(("minutes", "is_in"), [(29, True), (31, False)])
def test_三十分钟不操作就退出(clerk: User, monkeypatch: pytest.MonkeyPatch, minutes: int, is_in: bool) -> None:
    client = client_of(clerk)
    then = time.time() + minutes * 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: then)
    answer = client.get("/people/")
    assert (answer.status_code == 200) == is_in
    if not is_in:
        assert answer["Location"].endswith("why=idle")
        assert "没有操作" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("hours", "is_in"), [(9.9, True), (10.1, False)])
def test_登录满十小时就退出(clerk: User, monkeypatch: pytest.MonkeyPatch, hours: float, is_in: bool) -> None:
    client = client_of(clerk)
    then = sessions.now() + timedelta(hours=hours)
    monkeypatch.setattr(middleware, "now", lambda: then)
    answer = client.get("/people/")
    assert (answer.status_code == 200) == is_in
    if not is_in:
        assert answer["Location"].endswith("why=long")


def test_别人的最近操作记号不能借用(clerk: User) -> None:
    other = client_of(made_up.user(Role.REVIEWER, made_up.region("示例县")))
    client = client_of(clerk)
    client.cookies[sessions.SEEN] = other.cookies[sessions.SEEN].value
    assert client.get("/people/").status_code == 302


def test_页面脚本的请求在退出后整页跳转(clerk: User) -> None:
    answer = Client().get("/people/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/login?next=/")


def test_停用的用户立即不能再用(clerk: User) -> None:
    client = client_of(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get("/people/").status_code == 302


NEW = "Changed-by-me-77"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"old": "x", "new": NEW, "again": NEW}, "现在的密码不对"),
        ({"old": made_up.PASSWORD, "new": NEW, "again": NEW + "x"}, "两次输入的新密码不一样"),
        ({"old": made_up.PASSWORD, "new": made_up.PASSWORD, "again": made_up.PASSWORD}, "不能与现在的密码相同"),
        ({"old": made_up.PASSWORD, "new": "short1234", "again": "short1234"}, "10"),
        ({"old": made_up.PASSWORD, "new": "8613572468", "again": "8613572468"}, "数字"),
        ({"old": made_up.PASSWORD, "new": "password1234", "again": "password1234"}, "常见"),
    ],
)
def test_不合规则的新密码被拒绝(clerk: User, form: dict[str, str], said: str) -> None:
    answer = client_of(clerk).post("/password", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get().check_password(made_up.PASSWORD)


def test_初始密码必须先改_改后继续原来的登录(clerk: User) -> None:
    User.objects.update(must_change_password=True)
    client = Client()
    client.post("/login", RIGHT)
    assert client.get("/people/")["Location"] == "/password?next=/people/"
    assert "主菜单" not in client.get("/password").content.decode()
    form = {"old": made_up.PASSWORD, "new": NEW, "again": NEW, "next": "/people/"}
    assert client.post("/password", form)["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    assert [action for _, action in _trail("user.")] == ["user.password_changed"]


KEY = "a1" * 20


def _bind(user: User) -> None:
    SecondFactor.objects.create(user=user, key_sealed=seal(KEY, second_factor.place(user.pk)))


def _code(key: str, steps: int = 0) -> str:
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + steps * 30
    return f"{totp.token():06d}"


@override_settings(SECOND_FACTOR=True)
def test_首次登录绑定动态口令_以后每次都要(clerk: User) -> None:
    client = Client()
    client.post("/login", RIGHT)
    assert client.get("/people/")["Location"] == "/second-factor?next=/people/"
    page = client.get("/second-factor?next=/people/").content.decode()
    assert "<svg" in page
    assert "主菜单" not in page
    key = second_factor.opened_waiting(clerk, client.session["second_factor_waiting"])
    assert key not in str(dict(client.session.items())), "登录记录里也是加密的"
    grouped = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)[0]  # type: ignore[index]
    assert b32decode(grouped.replace(" ", "")).hex() == key
    assert client.post("/second-factor", {"code": "abc"}).status_code == 422
    assert not SecondFactor.objects.exists()
    assert client.post("/second-factor", {"code": _code(key), "next": "/people/"})["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    assert "second_factor_waiting" not in client.session

    again = Client()
    again.post("/login", RIGHT)
    assert again.get("/people/").status_code == 302
    assert "<svg" not in again.get("/second-factor").content.decode()
    used = again.post("/second-factor", {"code": _code(key)})
    assert used.status_code == 422, "同一个数字只能用一次"
    SecondFactor.objects.update(throttling_failure_count=0, last_t=-1)
    assert again.post("/second-factor", {"code": _code(key)}).status_code == 302
    assert again.get("/people/").status_code == 200
    events = [action for _, action in _trail("second_factor")]
    assert events == ["second_factor.enrolled", "second_factor.failed", "second_factor.done"]


@override_settings(SECOND_FACTOR=True)
def test_连续乱试动态口令会被拖住(clerk: User) -> None:
    _bind(clerk)
    client = Client()
    client.post("/login", RIGHT)
    wrong = f"{(int(_code(KEY)) + 7) % 1_000_000:06d}"
    client.post("/second-factor", {"code": wrong})
    assert client.post("/second-factor", {"code": _code(KEY)}).status_code == 422


@override_settings(SECOND_FACTOR=True)
def test_设备遗失由安全管理员重置(clerk: User) -> None:
    _bind(clerk)
    admin_user = made_up.user(Role.SECURITY_ADMIN, made_up.region("示例县"))
    with override_settings(SECOND_FACTOR=False):
        assert client_of(admin_user).post(f"/users/{clerk.pk}/second-factor").status_code == 302
    assert not SecondFactor.objects.exists()
    client = Client()
    client.post("/login", RIGHT)
    assert "<svg" in client.get("/second-factor").content.decode()
    assert [action for _, action in _trail("second_factor")] == ["second_factor.reset"]


@override_settings(SECOND_FACTOR=True)
def test_升级前验过的登录要再输一次动态口令(clerk: User) -> None:
    _bind(clerk)
    client = Client()
    client.post("/login", RIGHT)
    session = client.session
    session["otp_device_id"] = "otp_totp.totpdevice/1"
    session.save()
    assert client.get("/people/")["Location"] == "/second-factor?next=/people/"
    assert client.post("/second-factor", {"code": _code(KEY), "next": "/people/"})["Location"] == "/people/"


@override_settings(SECOND_FACTOR=True)
def test_别人的手机验不了自己的登录(clerk: User) -> None:
    other = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    _bind(other)
    client = Client()
    client.post("/login", RIGHT)
    session = client.session
    session["otp_device_id"] = SecondFactor.objects.get().persistent_id
    session.save()
    assert client.get("/people/").status_code == 302
