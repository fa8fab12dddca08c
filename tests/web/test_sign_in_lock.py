"""Wrong passwords lock the sign-in: one name at one address, one name anywhere, one address, each for a short time."""

from datetime import datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client

from tests.office import made_up
from tests.web.signed_in import client_of
from tuodi.office.models import TrailEntry, User
from tuodi.office.queries import desk
from tuodi.office.queries.users import users
from tuodi.office.roles import Role

# Stated in docs/installation.md.
OF_BOTH, OF_NAME, OF_ADDRESS, MINUTES = 5, 20, 30, 10
WRONG = "not-this-one-1"
HERE = "192.0.2.1"


@pytest.fixture
def clerk(sqlite: str) -> User:
    return made_up.user(Role.COUNTY_CLERK, made_up.county(), password=True)


@pytest.fixture
def reviewer(clerk: User) -> User:
    return made_up.user(Role.REVIEWER, made_up.region("示例县"), password=True)


def _try(name: str = "clerk", address: str = HERE, password: str = WRONG) -> int:
    return Client(REMOTE_ADDR=address).post("/login", {"username": name, "password": password}).status_code


def _right(name: str = "clerk", address: str = HERE) -> int:
    return _try(name, address, made_up.PASSWORD)


def _later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    later = datetime.now() + timedelta(minutes=minutes)
    for module in ("axes.attempts", "axes.handlers.proxy"):
        monkeypatch.setattr(f"{module}.now", lambda: later)


def test_限度与文档一致() -> None:
    found = (settings.AXES_FAILURE_LIMIT, settings.FAILURES_OF_NAME, settings.FAILURES_OF_ADDRESS)
    assert found == (OF_BOTH, OF_NAME, OF_ADDRESS)
    assert timedelta(minutes=MINUTES) == settings.AXES_COOLOFF_TIME


def test_四次不锁_输对就清零(clerk: User) -> None:
    for _ in range(2):
        assert [_try() for _ in range(OF_BOTH - 1)] == [422] * (OF_BOTH - 1)
        assert _right() == 302
    assert not AccessAttempt.objects.exists()


def test_第五次锁定_输对也进不去_过后可再试(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [_try() for _ in range(OF_BOTH)] == [422] * (OF_BOTH - 1) + [429]
    locked = Client(REMOTE_ADDR=HERE).post("/login", {"username": "clerk", "password": made_up.PASSWORD})
    assert locked.status_code == 429
    assert "已锁定 10 分钟" in locked.content.decode()
    actions = list(TrailEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["sign_in.failed"] * 4 + ["sign_in.locked"] * 2
    _later(monkeypatch, MINUTES - 0.5)
    assert _right() == 429
    _later(monkeypatch, MINUTES + 0.5)
    assert _right() == 302


def test_锁定期间再输错不延长(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(OF_BOTH):
        _try()
    _later(monkeypatch, MINUTES - 0.5)
    assert _try() == 429
    _later(monkeypatch, MINUTES + 0.5)
    assert _right() == 302


def test_一个地址锁定_别的地址和别的用户名不受影响(clerk: User, reviewer: User) -> None:
    for _ in range(OF_BOTH):
        _try()
    assert _right(address="192.0.2.2") == 302
    assert _right("reviewer") == 302


@pytest.mark.parametrize(("failures", "status"), [(OF_NAME - 1, 302), (OF_NAME, 429), (OF_NAME + 1, 429)])
def test_从许多地址试一个用户名(clerk: User, failures: int, status: int) -> None:
    """Four at each address: no single one locks."""
    answers = [_try(address=f"198.51.100.{number // 4}") for number in range(failures)]
    assert answers[: OF_NAME - 1] == [422] * (OF_NAME - 1)
    assert answers[OF_NAME - 1 :] == [429] * (failures - OF_NAME + 1)
    assert _right(address="203.0.113.7") == status


@pytest.mark.parametrize(("failures", "status"), [(OF_ADDRESS - 1, 302), (OF_ADDRESS, 429), (OF_ADDRESS + 1, 429)])
def test_从一个地址试许多用户名_不存在的也算(clerk: User, reviewer: User, failures: int, status: int) -> None:
    answers = [_try("reviewer" if number == 3 else f"nobody{number}") for number in range(failures)]
    assert answers[: OF_ADDRESS - 1] == [422] * (OF_ADDRESS - 1)
    assert answers[OF_ADDRESS - 1 :] == [429] * (failures - OF_ADDRESS + 1)
    assert _right() == status
    assert _right(address="192.0.2.2") == 302


@pytest.mark.parametrize("kind", ["name", "address"])
@pytest.mark.parametrize(("minutes", "status"), [(MINUTES - 0.5, 429), (MINUTES + 0.5, 302)])
def test_按用户名和按地址的锁定过后也自己解开(
    clerk: User, monkeypatch: pytest.MonkeyPatch, kind: str, minutes: float, status: int
) -> None:
    for number in range(OF_NAME if kind == "name" else OF_ADDRESS):
        _try(address=f"198.51.100.{number // 4}") if kind == "name" else _try(f"nobody{number}")
    _later(monkeypatch, minutes)
    assert _right() == status


def test_自己登录成功_不清掉试别人密码的次数(clerk: User, reviewer: User) -> None:
    """Somebody with a user of their own signs in between guesses."""
    for number in range(OF_ADDRESS):
        assert _try(f"nobody{number}") == (422 if number < OF_ADDRESS - 1 else 429)
        if number % 4 == 3 and number < OF_ADDRESS - 1:
            assert _right("reviewer") == 302
    assert _right("reviewer") == 429


@pytest.mark.usefixtures("both_databases")
def test_三种限度在两种数据库都数得对() -> None:
    made_up.user(Role.COUNTY_CLERK, made_up.county(), password=True)
    assert [_try() for _ in range(OF_BOTH)][-2:] == [422, 429]
    spread = [_try(address=f"198.51.100.{number // 4}") for number in range(OF_NAME - OF_BOTH)]
    assert spread[-2:] == [422, 429]
    many = [_try(f"nobody{number}") for number in range(OF_ADDRESS - OF_BOTH)]
    assert many[-2:] == [422, 429]
    assert _right(address="2001:db8::1") == 429
    assert _try("nobody", "2001:db8::1") == 422


@pytest.mark.parametrize("kind", ["one address", "every address"])
def test_安全管理员看得到锁定_也能解开(clerk: User, kind: str) -> None:
    admin_user = made_up.user(Role.SECURITY_ADMIN, made_up.region("示例县"))
    actor = made_up.actor_of(admin_user, made_up.TODAY)

    def is_locked() -> bool:
        found = next(state.is_locked for state in users(actor) if state.user == clerk)
        assert desk.users(actor, datetime.now()).locked == found
        return found

    limit = OF_BOTH if kind == "one address" else OF_NAME
    for number in range(limit):
        assert not is_locked()
        _try(address=HERE if kind == "one address" else f"198.51.100.{number // 4}")
    assert is_locked()
    assert _right() == 429
    assert client_of(admin_user).post(f"/users/{clerk.pk}/unlock").status_code == 302
    assert not is_locked()
    assert _right() == 302


NEW = "Changed-by-me-77"


def _change(client: Client, old: str, new: str = NEW) -> int:
    return client.post("/password", {"old": old, "new": new, "again": new}, REMOTE_ADDR=HERE).status_code


def test_改密码时猜现在的密码_四次不锁_第五次锁定_登录也锁(clerk: User) -> None:
    client = client_of(clerk)
    assert [_change(client, WRONG) for _ in range(OF_BOTH - 1)] == [422] * (OF_BOTH - 1)
    answer = client.post("/password", {"old": WRONG, "new": NEW, "again": NEW}, REMOTE_ADDR=HERE)
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "已锁定 10 分钟" in page
    assert 'name="again"' in page, "仍是修改密码的页面"
    assert _change(client, made_up.PASSWORD) == 429, "锁定时密码对了也不行"
    assert User.objects.get().check_password(made_up.PASSWORD)
    assert _right() == 429
    assert client.get("/people/").status_code == 200, "已经登录的照常使用"
    actions = list(TrailEntry.objects.order_by("number").values_list("actor", "action"))
    assert actions[:4] == [("clerk", "user.password_failed")] * 4
    assert actions[4:6] == [("clerk", "sign_in.locked")] * 2


def test_输错四次之后输对_可以改(clerk: User) -> None:
    client = client_of(clerk)
    for _ in range(OF_BOTH - 1):
        _change(client, WRONG)
    assert _change(client, made_up.PASSWORD) == 302
    assert User.objects.get().check_password(NEW)


def test_登录和改密码的次数合在一起(clerk: User) -> None:
    for _ in range(OF_BOTH - 1):
        _try()
    assert _change(client_of(clerk), WRONG) == 429


def test_新密码不合规则不算输错(clerk: User) -> None:
    client = client_of(clerk)
    assert {_change(client, made_up.PASSWORD, "short") for _ in range(OF_BOTH + 1)} == {422}
    assert not AccessAttempt.objects.exists()


def test_过后可以再改(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(clerk)
    for _ in range(OF_BOTH):
        _change(client, WRONG)
    _later(monkeypatch, MINUTES - 0.5)
    assert _change(client, made_up.PASSWORD) == 429
    _later(monkeypatch, MINUTES + 0.5)
    assert _change(client, made_up.PASSWORD) == 302


def test_输错时填的内容一样也不留下(clerk: User) -> None:
    """Neither beside the count nor in the trail: a wrong password is often another one of the same person's."""
    typed = {"old": "canary-old-1", "new": "canary-new-2", "again": "canary-new-3"}
    client_of(clerk).post("/password", typed, REMOTE_ADDR=HERE)
    Client(REMOTE_ADDR=HERE).post("/login", {"username": "canary-name-4", "password": "canary-word-5"})
    kept = [str(row) for row in AccessAttempt.objects.values_list()] + [str(row) for row in TrailEntry.objects.values()]
    assert len(kept) == 4
    assert "canary" not in "".join(kept)
