"""The second factor: what lies in the database, which codes count, what a lost telephone or lost keys lead to."""

from base64 import b32encode, b64decode
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django_otp.oath import hotp

from tests.office import made_up
from tuodi.office import backup, restore, second_factor, secrets, trail
from tuodi.office.models import SecondFactor, TrailEntry, User
from tuodi.office.operations import signing, system, users
from tuodi.office.operations.console import console_actor, reset_factor
from tuodi.office.refusal import Refused
from tuodi.office.roles import Role
from tuodi.office.secrets import WrongKey
from tuodi.web import structure
from tuodi.web.launch import Stopped

# The key of RFC 6238, appendix B, and the last six digits of its codes.
KEY = b"12345678901234567890".hex()
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "backups")
    monkeypatch.setattr(settings, "UPLOADS", tmp_path / "uploads")
    monkeypatch.setattr(settings, "KEYS_FILE", tmp_path / "keys" / "fields.key")
    return tmp_path


def _clerk() -> User:
    return made_up.user(Role.COUNTY_CLERK, made_up.county())


def _code(at: datetime) -> str:
    """Return what the telephone shows, from the number of the step."""
    return f"{hotp(bytes.fromhex(KEY), int(at.timestamp()) // 30):06d}"


def _bound(user: User, at: datetime = made_up.NOW) -> SecondFactor:
    return signing.enrol_second_factor(user=user, key=KEY, code=_code(at), at=at)


def _rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM office_secondfactor")
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def test_库里没有可读的密钥(both_databases: str) -> None:
    factor = _bound(_clerk())
    (row,) = _rows()
    spelled = [bytes.fromhex(KEY), KEY.encode(), KEY.upper().encode(), b32encode(bytes.fromhex(KEY))]
    everything = b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert not [each for each in spelled if each in everything]
    assert second_factor.key_of(SecondFactor.objects.get()) == KEY
    assert secrets.unseal(factor.key_sealed, f"user.factor {factor.user_id}") == KEY
    told = "".join(f"{entry.action}{entry.subject}{entry.detail}" for entry in TrailEntry.objects.all())
    assert "second_factor.enrolled" in told
    assert KEY not in told


@pytest.mark.usefixtures("sqlite")
def test_挪到别人名下就打不开() -> None:
    factor = _bound(_clerk())
    other = made_up.user(Role.REVIEWER, made_up.region("示例县"))
    SecondFactor.objects.filter(pk=factor.pk).update(user=other)
    with pytest.raises(WrongKey):
        second_factor.key_of(SecondFactor.objects.get())
    later = made_up.NOW + 2 * STEP
    with pytest.raises(Refused, match="另存的密钥放回原处"):
        signing.check_second_factor(user=other, code=_code(later), at=later)


@pytest.mark.usefixtures("sqlite")
def test_绑定之前的密钥也是加密的_只能由本人打开() -> None:
    clerk = _clerk()
    waiting = second_factor.waiting_secret(clerk)
    key = second_factor.opened_waiting(clerk, waiting)
    assert len(bytes.fromhex(key)) == 20
    assert key != second_factor.opened_waiting(clerk, second_factor.waiting_secret(clerk)), "每次不同"
    sealed = b64decode(waiting)
    assert bytes.fromhex(key) not in sealed
    assert key.encode() not in sealed
    with pytest.raises(WrongKey):
        second_factor.opened_waiting(User(pk=clerk.pk + 1), waiting)
    with pytest.raises(WrongKey):
        secrets.unseal(sealed, second_factor.place(clerk.pk))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_国际标准里的例子(seconds: int, code: str) -> None:
    assert second_factor.taken(SecondFactor(), KEY, code, datetime.fromtimestamp(seconds))


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_前后一组也算_再远不算(steps: int, counts: bool) -> None:
    assert second_factor.taken(SecondFactor(), KEY, _code(made_up.NOW + steps * STEP), made_up.NOW) == counts


def test_手机时间慢慢走偏_一组一组跟着() -> None:
    """Ahead by one, two, then three steps; three at once would be too much."""
    factor = SecondFactor()
    for ahead in (1, 2, 3):
        at = made_up.NOW + ahead * 10 * STEP
        assert second_factor.taken(factor, KEY, _code(at + ahead * STEP), at)
    assert factor.drift == 3


@pytest.mark.parametrize("code", ["", "abc", "12345678901234567890", "-1", "１２３４５６", "12 34"])
def test_不是数字的不算(code: str) -> None:
    assert not second_factor.taken(SecondFactor(), KEY, code, made_up.NOW)


@pytest.mark.usefixtures("sqlite")
def test_用过的数字和更早的数字不能再用() -> None:
    clerk = _clerk()
    _bound(clerk)
    for steps, counts in ((0, False), (-1, False), (2, True), (2, False), (1, False), (3, True)):
        SecondFactor.objects.update(throttling_failure_count=0)
        at = made_up.NOW + max(steps, 0) * STEP
        code = _code(made_up.NOW + steps * STEP)
        if counts:
            signing.check_second_factor(user=clerk, code=code, at=at)
        else:
            with pytest.raises(Refused, match="已经用过"):
                signing.check_second_factor(user=clerk, code=code, at=at)
    assert SecondFactor.objects.get().last_t == int((made_up.NOW + 3 * STEP).timestamp()) // 30


@pytest.mark.usefixtures("sqlite")
def test_绑定时用的数字不能接着登录用() -> None:
    clerk = _clerk()
    _bound(clerk)
    with pytest.raises(Refused):
        signing.check_second_factor(user=clerk, code=_code(made_up.NOW), at=made_up.NOW)


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize("failures", [1, 2, 4])
@pytest.mark.parametrize(("early_by", "counts"), [(0.5, False), (-0.5, True)])
def test_错几次就等几秒_每次加倍(failures: int, early_by: float, counts: bool) -> None:
    """After 1, 2, 4 wrong codes 1, 2, 8 seconds must pass."""
    clerk = _clerk()
    _bound(clerk)
    waited = timedelta(seconds=2 ** (failures - 1) - early_by)
    SecondFactor.objects.update(throttling_failure_count=failures, throttling_failure_timestamp=datetime.now() - waited)
    at = made_up.NOW + 5 * STEP
    if counts:
        signing.check_second_factor(user=clerk, code=_code(at), at=at)
        assert SecondFactor.objects.get().throttling_failure_count == 0
    else:
        with pytest.raises(Refused, match="试得太快"):
            signing.check_second_factor(user=clerk, code=_code(at), at=at)
        assert SecondFactor.objects.get().throttling_failure_count == failures, "没有看的不算错"


@pytest.mark.usefixtures("sqlite")
def test_错的数字会记数并留痕() -> None:
    clerk = _clerk()
    _bound(clerk)
    with pytest.raises(Refused):
        signing.check_second_factor(user=clerk, code="1", at=made_up.NOW + 5 * STEP)
    assert SecondFactor.objects.get().throttling_failure_count == 1
    assert TrailEntry.objects.order_by("number").last().action == "second_factor.failed"


@pytest.mark.usefixtures("sqlite")
def test_一人只绑一部() -> None:
    clerk = _clerk()
    _bound(clerk)
    with pytest.raises(Refused, match="已经绑定"):
        _bound(clerk, made_up.NOW + 5 * STEP)
    assert SecondFactor.objects.count() == 1


@pytest.mark.usefixtures("both_databases")
def test_同一个数字同时用两次_只算一次(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two could look at once, both meet before either remembers the code."""
    clerk = _clerk()
    _bound(clerk)
    at = made_up.NOW + 5 * STEP
    both_look, answers, looked_at = Barrier(2), [], second_factor.taken

    def taken(*words: Any) -> bool:
        with suppress(BrokenBarrierError):
            both_look.wait(0.5)
        return looked_at(*words)

    monkeypatch.setattr(second_factor, "taken", taken)

    def check() -> None:
        try:
            signing.check_second_factor(user=clerk, code=_code(at), at=at)
            answers.append("in")
        except Refused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["in", "refused"]


@pytest.mark.usefixtures("both_databases")
def test_换密钥后照样能用() -> None:
    clerk = _clerk()
    _bound(clerk)
    admin = console_actor(Role.SYSTEM_ADMIN, made_up.NOW)
    assert system.rotate_key(actor=admin, at=made_up.NOW) == 1
    assert bytes(SecondFactor.objects.get().key_sealed)[0] == 2
    at = made_up.NOW + 5 * STEP
    signing.check_second_factor(user=clerk, code=_code(at), at=at)


@pytest.mark.usefixtures("sqlite")
def test_只有动态口令时_密钥不见了也不另造_不启动() -> None:
    _bound(_clerk())
    Path(settings.KEYS_FILE).unlink()
    with pytest.raises(WrongKey):
        secrets.keys()
    with pytest.raises(Stopped, match="动态口令也不能用"):
        structure.check_database()
    assert not Path(settings.KEYS_FILE).exists()


@pytest.mark.usefixtures("sqlite")
def test_密钥换成别处的_登录时说明怎么办() -> None:
    clerk = _clerk()
    _bound(clerk)
    Path(settings.KEYS_FILE).write_text(secrets.new_key().line() + "\n", encoding="ascii")
    at = made_up.NOW + 5 * STEP
    with pytest.raises(Refused, match="另存的密钥放回原处"):
        signing.check_second_factor(user=clerk, code=_code(at), at=at)


@pytest.mark.usefixtures("sqlite")
def test_备份里的动态口令_密钥不对演练指出_没有密钥不恢复() -> None:
    _bound(_clerk())
    made = backup.make(made_up.NOW)
    assert restore.drill(made, made_up.NOW).faults == ()
    Path(settings.KEYS_FILE).write_text(secrets.new_key().line() + "\n", encoding="ascii")
    (fault,) = restore.drill(made, made_up.NOW).faults
    assert "动态口令" in fault
    Path(settings.KEYS_FILE).unlink()
    with pytest.raises(backup.NotDone, match="没有密钥"):
        restore.restore(made)


@pytest.mark.usefixtures("sqlite")
def test_唯一的安全管理员丢了手机_在服务器上重置_留痕记为命令行() -> None:
    admin = made_up.user(Role.SECURITY_ADMIN, made_up.county())
    User.objects.update(session_key="under-way")
    _bound(admin)
    with pytest.raises(Refused, match="不能管理自己"):
        users.reset_second_factor(actor=made_up.actor_of(admin, made_up.TODAY), user_id=admin.pk, at=made_up.NOW)
    assert reset_factor(username="secadmin", at=made_up.NOW) == admin
    assert not SecondFactor.objects.exists()
    assert User.objects.get().session_key == "", "登录中的马上退出"
    entry = TrailEntry.objects.order_by("number").last()
    assert (entry.actor, entry.action, entry.subject) == (trail.CONSOLE, "second_factor.reset", f"user {admin.pk}")
    _bound(admin, made_up.NOW + STEP)


@pytest.mark.usefixtures("sqlite")
def test_命令行重置(capsys: pytest.CaptureFixture[str]) -> None:
    _bound(made_up.user(Role.SECURITY_ADMIN, made_up.county()))
    call_command("office", task="reset-factor", user="secadmin")
    assert "安全管理员甲（secadmin）的动态口令已经重置" in capsys.readouterr().out
    assert not SecondFactor.objects.exists()
    with pytest.raises(Stopped, match="还没有绑定动态口令") as stopped:
        call_command("office", task="reset-factor", user="secadmin")
    assert stopped.value.returncode == 1


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(("username", "said"), [("nobody", "没有用户 nobody"), ("clerk", "还没有绑定动态口令")])
def test_重置不了的说明原因(username: str, said: str) -> None:
    _clerk()
    with pytest.raises(Refused, match=said):
        reset_factor(username=username, at=made_up.NOW)
    assert not TrailEntry.objects.exists()
