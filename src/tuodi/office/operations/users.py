"""Users and their roles, managed by the security administrator; nobody manages themselves."""

import secrets
from datetime import date, datetime, timedelta
from typing import Final

from axes.utils import reset as forget_failures
from django.db.models import Q

from tuodi.office.access import Actor
from tuodi.office.models import Assignment, Delegation, Region, SecondFactor, User
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import KEPT_APART, ROLE_NAMES, STANDS_IN_FOR_NOBODY, Action, Role

# Letters and digits nobody confuses when a password is read out.
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
_OWN = "不能管理自己的账号和岗位，请另一位安全管理员办理。"
_LONGEST_NAME = 40


def create_user(*, actor: Actor, username: str, name: str, at: datetime) -> tuple[User, str]:
    """Make a user without roles; return them and the first password, which is kept nowhere and must be changed."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        username, name = username.strip(), name.strip()
        if not (username.isascii() and username.isidentifier() and len(username) <= _LONGEST_NAME):
            raise Refused("用户名只能用字母、数字和下划线，以字母开头，不超过 40 个字符。")
        if not 0 < len(name) <= _LONGEST_NAME:
            raise Refused("请填写姓名，不超过 40 个字。")
        if User.objects.filter(username__iexact=username).exists():
            raise Refused(f"用户名 {username} 已经有人使用，请换一个。")
        user = User(username=username, name=name, must_change_password=True, created_at=at)
        password = _new_password(user)
        user.save(force_insert=True)
        write.log("user.created", f"user {user.pk}", username=username)
    return user, password


def switch_user(*, actor: Actor, user_id: int, is_active: bool, at: datetime) -> User:
    """Switch somebody off, which ends their session and what was delegated to or by them for the time, or on again."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        user = _managed(write, user_id)
        if user.is_active == is_active:
            raise Refused(f"{user.name}的账号已经是{'启用' if is_active else '停用'}状态。")
        user.is_active = is_active
        user.session_key = ""
        user.save(update_fields=["is_active", "session_key"])
        write.log("user.switched_on" if is_active else "user.switched_off", f"user {user.pk}")
    return user


def reset_password(*, actor: Actor, user_id: int, at: datetime) -> tuple[User, str]:
    """Give somebody a new first password; the session under way ends."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        user = _managed(write, user_id)
        user.must_change_password = True
        user.session_key = ""
        password = _new_password(user)
        user.save(update_fields=["password", "must_change_password", "session_key"])
        write.log("user.password_reset", f"user {user.pk}")
    return user, password


def reset_second_factor(*, actor: Actor, user_id: int, at: datetime) -> User:
    """Take off a lost device; the next sign-in binds a new one."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        user = _managed(write, user_id)
        if not SecondFactor.objects.filter(user=user).delete()[0]:
            raise Refused(f"{user.name}还没有绑定动态口令，不需要重置。")
        user.session_key = ""
        user.save(update_fields=["session_key"])
        write.log("second_factor.reset", f"user {user.pk}")
    return user


def unlock(*, actor: Actor, user_id: int, at: datetime) -> User:
    """Forget somebody's failed sign-ins."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        user = _managed(write, user_id)
        failures = forget_failures(username=user.username)
        if not failures:
            raise Refused(f"{user.name}的账号没有被锁定。")
        write.log("user.unlocked", f"user {user.pk}")
    return user


def assign_role(
    *, actor: Actor, user_id: int, role: Role, region_id: int, begins: date, ends: date | None, at: datetime
) -> Assignment:
    """Give a role in a region for some days. Administrators' roles go with no other role on the same day."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        user = _managed(write, user_id)
        write.allow(region_id)
        _check_period(begins, ends, at.date())
        region = Region.objects.get(pk=region_id)
        _check_apart(user, role, region, begins, ends)
        assignment = Assignment.objects.create(user=user, role=role.value, region=region, begins=begins, ends=ends)
        write.log(
            "role.assigned",
            f"user {user.pk}",
            region,
            role=role.value,
            begins=begins.isoformat(),
            ends=ends.isoformat() if ends else "",
            assignment=assignment.pk,
        )
    return assignment


def end_role(*, actor: Actor, assignment_id: int, ends: date, at: datetime) -> Assignment:
    """Let a role end with a day, yesterday at the earliest: what was held stays known. A future role goes at once."""
    with writing(actor, Action.MANAGE_USERS, at) as write:
        found = Assignment.objects.select_related("user", "region").filter(pk=assignment_id).first()
        if found is None:
            raise Absent
        user = _managed(write, found.user_id)
        write.allow(found.region_id)
        yesterday = at.date() - timedelta(days=1)
        if ends < yesterday:
            raise Refused(f"岗位不能在 {yesterday} 之前结束：那些日子里办过的事要查得到当时的权限。")
        if found.ends is not None and found.ends <= ends:
            raise Refused(f"这个岗位到 {found.ends} 就结束，不能改得更晚；需要延长时请另外分配一段。")
        period = {"begins": found.begins.isoformat(), "ends": ends.isoformat()}
        detail = {"role": found.role, **period, "assignment": found.pk}
        if ends < found.begins:
            if found.delegations.exists():
                raise Refused("这个岗位还没开始，但已经委托给别人；请先由本人撤回委托。")
            found.delete()
        else:
            found.ends = ends
            found.save(update_fields=["ends"])
        write.log("role.ended", f"user {user.pk}", found.region, **detail)
    return found


def _managed(write: Writing, user_id: int) -> User:
    """Return the user, locked; absent unless all their roles are where the actor manages users."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not manages(write.actor, user):
        raise Absent
    if user.pk == write.actor.user.pk:
        raise Refused(_OWN)
    return user


def manages(actor: Actor, user: User) -> bool:
    """Tell whether a user is this security administrator's: all their roles, now and later, are in the regions managed.

    Who has one elsewhere is not: a new password would open that one too.
    """
    held = Assignment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=actor.day), user=user)
    return set(held.values_list("region_id", flat=True)) <= actor.regions(Action.MANAGE_USERS)


def _new_password(user: User) -> str:
    groups = ("".join(secrets.choice(_READABLE) for _ in range(_GROUP)) for _ in range(_GROUPS))
    password = "-".join(groups)
    user.set_password(password)
    return password


def _check_period(begins: date, ends: date | None, today: date) -> None:
    if ends is not None and ends < begins:
        raise Refused(f"结束日期 {ends} 早于开始日期 {begins}，请更正。")
    if ends is not None and ends < today:
        raise Refused(f"结束日期 {ends} 已经过去，分配了也不生效，请更正。")


def overlapping(begins: date, ends: date | None) -> Q:
    """Return what finds periods that share a day with this one."""
    until_then = Q(ends__isnull=True) | Q(ends__gte=begins)
    return until_then & Q(begins__lte=ends) if ends else until_then


def _check_apart(user: User, role: Role, region: Region, begins: date, ends: date | None) -> None:
    held = list(Assignment.objects.filter(overlapping(begins, ends), user=user))
    if any(each.role == role and each.region_id == region.pk for each in held):
        raise Refused(f"{user.name}在这段时间已经是{region.name}的{ROLE_NAMES[role]}。")
    others = {Role(each.role) for each in held} - {role}
    if role not in KEPT_APART:
        others &= KEPT_APART
    if others:
        names = "、".join(ROLE_NAMES[each] for each in Role if each in others)
        raise Refused(
            f"{ROLE_NAMES[role]}不能与{names}由同一人担任（系统、安全、审计三员分开，且不办业务）。请分配给另一人。"
        )
    stands_in = Delegation.objects.filter(overlapping(begins, ends), delegate=user, revoked_at__isnull=True)
    if role in STANDS_IN_FOR_NOBODY and stands_in.exists():
        raise Refused(f"{user.name}在这段时间受委托代办业务，不能担任{ROLE_NAMES[role]}。请先撤回委托。")
