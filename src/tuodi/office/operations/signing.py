"""Signing in and out, passwords, second factors: what everybody does for themselves; every try stands in the trail."""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tuodi.office import second_factor, trail
from tuodi.office.models import SecondFactor, User
from tuodi.office.refusal import Refused
from tuodi.office.secrets import WrongKey, seal

NOBODY: Final = "未登录"
"""The actor of the trail where nobody is signed in."""


def note_sign_in(*, user: User, session_key: str, address: str, at: datetime) -> None:
    """Remember the one session that counts from now on."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_key=session_key, last_login=at)
        user.session_key = session_key
        _log(user, "sign_in.done", at, address=address)


def note_failure(*, username: str, address: str, is_lock: bool, at: datetime) -> None:
    """Remember a failed try; a name nobody has is not kept, since it may be a password or a number typed there."""
    with transaction.atomic():
        user = User.objects.filter(username=username).first()
        trail.append(
            at=at,
            actor=NOBODY,
            action="sign_in.locked" if is_lock else "sign_in.failed",
            subject=f"user {user.pk}" if user else "",
            detail={"address": address},
        )


def note_wrong_password(*, user: User, address: str, is_lock: bool, at: datetime) -> None:
    """Remember that somebody signed in did not know the present password when changing it."""
    with transaction.atomic():
        _log(user, "sign_in.locked" if is_lock else "user.password_failed", at, address=address)


def note_session_end(*, user: User, why: str, at: datetime) -> None:
    """Remember the end of a session: ``why`` is signed-out, idle, long or elsewhere."""
    with transaction.atomic():
        _log(user, "sign_in.ended", at, why=why)


def change_password(*, user: User, old: str, new: str, again: str, at: datetime) -> None:
    """Change one's own password. Raises Refused with every rule the new one breaks."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.check_password(old):
            raise Refused("现在的密码不对。")
        if new != again:
            raise Refused("两次输入的新密码不一样，请重新输入。")
        if new == old:
            raise Refused("新密码不能与现在的密码相同。")
        try:
            validate_password(new, locked)
        except ValidationError as broken:
            raise Refused("".join(broken.messages)) from None
        locked.set_password(new)
        locked.must_change_password = False
        locked.save(update_fields=["password", "must_change_password"])
        user.password, user.must_change_password = locked.password, False
        _log(user, "user.password_changed", at)


def keep_session(*, user: User, session_key: str) -> None:
    """Name the session that goes on after a change of password; no change of anything else."""
    User.objects.filter(pk=user.pk).update(session_key=session_key)
    user.session_key = session_key


def second_factor_of(user: User) -> SecondFactor | None:
    """Return the telephone somebody has bound, if any."""
    return SecondFactor.objects.filter(user=user, confirmed=True).first()


def enrol_second_factor(*, user: User, key: str, code: str, at: datetime) -> SecondFactor:
    """Bind a telephone: its secret (hexadecimal, made for this page) and the code it shows now. Raises Refused."""
    factor = SecondFactor(user=user, name="动态口令")
    if not second_factor.taken(factor, key, code, at):
        raise Refused("验证码不对。请看手机上最新的 6 位数字；手机时间要设为自动。")
    factor.key_sealed = seal(key, second_factor.place(user.pk))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if second_factor_of(user):
            raise Refused("已经绑定了动态口令；设备遗失请安全管理员重置。")
        factor.save(force_insert=True)
        _log(user, "second_factor.enrolled", at)
    return factor


def check_second_factor(*, user: User, code: str, at: datetime) -> SecondFactor:
    """Check a code of the bound telephone; the same code counts once. Raises Refused, and the failure is kept."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(user=user, confirmed=True)
        may_try, _ = factor.verify_is_allowed()
        is_right = may_try and second_factor.taken(factor, _key_of(factor), code, at)
        if is_right:
            factor.throttle_reset()
        elif may_try:
            factor.throttle_increment()
        _log(user, "second_factor.done" if is_right else "second_factor.failed", at)
    if not is_right:
        raise Refused("验证码不对、已经用过，或试得太快。请等手机上出现下一组数字再输入。")
    return factor


def _key_of(factor: SecondFactor) -> str:
    try:
        return second_factor.key_of(factor)
    except WrongKey:
        raise Refused(
            "服务器上的密钥打不开您绑定的动态口令。请系统管理员把另存的密钥放回原处，或请安全管理员重置动态口令。"
        ) from None


def _log(user: User, event: str, at: datetime, **detail: Any) -> None:
    trail.append(at=at, actor=user.username, action=event, subject=f"user {user.pk}", detail=detail)
