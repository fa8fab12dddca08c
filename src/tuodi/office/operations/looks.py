"""Looks at full numbers: one at a time, with a reason, counted by the day and kept in the trail."""

from datetime import datetime, time
from typing import Final

from django.conf import settings

from tuodi.office.access import Actor
from tuodi.office.models import Account, Person, TrailEntry, User
from tuodi.office.numbers import certno_of, number_of, phone_of
from tuodi.office.operations.changing import line_of, region_of
from tuodi.office.operations.writing import writing
from tuodi.office.queries.reach import county_region_id
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action

REASONS: Final = (
    "核对本人证件",
    "电话联系本人或家属",
    "核对打款账户",
    "答复来访来电",
    "与其他部门核对名单",
    "配合审计检查",
    "其他",
)
"""The reasons to choose from; a few words of one's own are added to each."""

FIELDS: Final = {"certno": "证件号码", "phone": "联系电话"}
REASON_SHORTEST, REASON_LONGEST = 4, 120
EVENT: Final = "person.looked_at"


def look(*, actor: Actor, person_id: int, field: str, reason: str, at: datetime) -> str:
    """Return a full number: ``field`` is certno, phone or ``account <key>``. Raises Refused, Absent.

    At most ``settings.LOOKS_PER_DAY`` a day: more is a list, and a list is an export with a reason of its own.
    """
    with writing(actor, Action.SEE_FULL_DATA, at) as write:
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise Absent
        write.allow(person.region_id or county_region_id())
        why = line_of(reason, "查看的事由", REASON_LONGEST, REASON_SHORTEST)
        # Two looks at once must not both be the last one allowed.
        User.objects.select_for_update().get(pk=actor.user.pk)
        done = looks_on(actor.user, at)
        if done >= settings.LOOKS_PER_DAY:
            raise Refused(
                f"您今天已查看完整号码 {done} 次，达到每天 {settings.LOOKS_PER_DAY} 次的上限，明天可以再查看；"
                "要核对整批名单的，请在“人员”页写明用途后导出。"
            )
        shown = _number(person, field)
        if not shown:
            raise Refused("没有登记这个号码。")
        write.log(EVENT, f"person {person.pk}", region_of(person), field=field, reason=why)
        return shown


def looks_on(user: User, at: datetime) -> int:
    """Return how many full numbers somebody has looked at on a day."""
    since = datetime.combine(at.date(), time.min)
    return TrailEntry.objects.filter(actor=user.username, action=EVENT, at__gte=since).count()


def _number(person: Person, field: str) -> str:
    if field == "certno":
        return certno_of(person)
    if field == "phone":
        return phone_of(person)
    kind, _, key = field.partition(" ")
    account = Account.objects.filter(pk=int(key), person=person).first() if kind == "account" else None
    if account is None:
        raise Absent
    return number_of(account)
