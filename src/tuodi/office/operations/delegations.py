"""Somebody's work done by another for some days: own work only, for a reason, taken back at any time."""

from datetime import date, datetime

from tuodi.office import trail
from tuodi.office.access import Actor
from tuodi.office.models import Assignment, Delegation, User
from tuodi.office.operations.users import overlapping
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import ROLE_NAMES, ROLES_OF, STANDS_IN_FOR_NOBODY, Action, Role

_LONGEST_REASON = 200


def delegate(
    *, actor: Actor, assignment_id: int, delegate_id: int, begins: date, ends: date, reason: str, at: datetime
) -> Delegation:
    """Let another user do one of one's own roles from ``begins`` to ``ends``. Raises Refused, Absent."""
    with writing(actor, Action.DELEGATE, at) as write:
        assignment = (
            Assignment.objects.select_for_update(of=("self",))
            .select_related("region")
            .filter(pk=assignment_id, user=actor.user)
            .first()
        )
        other = User.objects.select_for_update().filter(pk=delegate_id, is_active=True).first()
        if assignment is None or other is None:
            raise Absent
        reason = reason.strip()
        _check(assignment, other, begins, ends, reason, at.date())
        made = Delegation.objects.create(assignment=assignment, delegate=other, begins=begins, ends=ends, reason=reason)
        write.log(
            "delegation.made",
            f"delegation {made.pk}",
            assignment.region,
            role=assignment.role,
            to=other.username,
            begins=begins.isoformat(),
            ends=ends.isoformat(),
            assignment=assignment.pk,
            reason_sm3=trail.sm3(reason),
        )
    return made


def _check(assignment: Assignment, other: User, begins: date, ends: date, reason: str, today: date) -> None:
    if other.pk == assignment.user_id:
        raise Refused("不能委托给自己。")
    if Role(assignment.role) not in ROLES_OF[Action.DELEGATE]:
        raise Refused(f"{ROLE_NAMES[Role(assignment.role)]}的工作不能委托。")
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise Refused("请写明委托原因，例如“年休假”，不超过 200 字。")
    if begins < today:
        raise Refused(f"委托不能从过去的日期 {begins} 开始，最早从今天 {today} 开始。")
    if ends < begins:
        raise Refused(f"结束日期 {ends} 早于开始日期 {begins}，请更正。")
    if begins < assignment.begins or (assignment.ends is not None and ends > assignment.ends):
        until = assignment.ends or "长期"
        raise Refused(f"委托期限要在岗位任期（{assignment.begins} 至 {until}）之内，请更正日期。")
    held = {Role(each.role) for each in Assignment.objects.filter(overlapping(begins, ends), user=other)}
    if kept_out := held & STANDS_IN_FOR_NOBODY:
        names = "、".join(ROLE_NAMES[each] for each in Role if each in kept_out)
        raise Refused(f"{other.name}是{names}，不办业务，不能受委托。请委托给其他经办人员。")
    live = Delegation.objects.filter(overlapping(begins, ends), assignment=assignment, revoked_at__isnull=True)
    if (earlier := live.select_related("delegate").first()) is not None:
        raise Refused(
            f"这段时间已经委托给{earlier.delegate.name}（{earlier.begins} 至 {earlier.ends}）。"
            "请先撤回那一项，或改日期。"
        )


def revoke(*, actor: Actor, delegation_id: int, at: datetime) -> Delegation:
    """Take one's own delegation back at once."""
    with writing(actor, Action.DELEGATE, at) as write:
        found = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("assignment__region", "delegate")
            .filter(pk=delegation_id, assignment__user=actor.user)
            .first()
        )
        if found is None:
            raise Absent
        if found.revoked_at is not None or found.ends < at.date():
            raise Refused("这项委托已经撤回或到期，不需要再撤回。")
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        write.log("delegation.revoked", f"delegation {found.pk}", found.assignment.region, to=found.delegate.username)
    return found
