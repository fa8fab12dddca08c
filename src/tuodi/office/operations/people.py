"""A person's own facts by hand: name, birth, numbers, town and household; death and moves. Each can be taken back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet

from tuodi.intake.persons import certno_doubts
from tuodi.kernel.finding import Severity
from tuodi.kernel.idnumber import birth_date
from tuodi.office.access import Actor
from tuodi.office.initials import initials_of
from tuodi.office.models import Holding, Household, Person, Region, Settlement
from tuodi.office.numbers import (
    BETWEEN,
    certno_index,
    certno_of,
    masked_certno,
    masked_phone,
    phone_of,
    set_certno,
    set_phone,
)
from tuodi.office.operations.changing import (
    Changed,
    day_of,
    end_again,
    evidence_of,
    keep,
    line_of,
    open_person,
)
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.reach import persons_within
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action

NAME_LONGEST: Final = 60
_PHONE = re.compile(r"\+?[0-9]{7,15}")
_DOCUMENT = re.compile(r"[0-9A-Za-z()（）]{5,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a person's facts are to be; None leaves a field as it is, an empty text takes a number away."""

    psn_name: str | None = None
    brdy: date | None = None
    certno: str | None = None
    phone: str | None = None
    region_id: int | None = None


def correct_person(
    *, actor: Actor, person_id: int, version: int, facts: Facts, evidence: str, at: datetime
) -> Sequence[str]:
    """Correct a person's facts; return what should be looked at once more, in sentences. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        evidence = evidence_of(evidence)
        changes = [
            *_name(person, facts.psn_name),
            *_birth(person, facts.brdy, at.date()),
            *_certno(actor, person, facts.certno),
            *_phone(person, facts.phone),
            *_region(write, person, facts.region_id),
        ]
        if not changes:
            raise Refused("没有改动：填写的内容与现有信息相同。")
        person.facts_on = {**person.facts_on, **{change.field: _moment(at) for change in changes}}
        keep(write, person, "person.corrected", changes, evidence=evidence)
        return _doubts(person)


def change_household(
    *, actor: Actor, person_id: int, version: int, family_no: str, evidence: str, at: datetime
) -> Sequence[str]:
    """Put a person into another household, or into none (empty ``family_no``); both families are assessed anew.

    Returns what that changed, in sentences. Raises Refused, Absent.
    """
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        evidence = evidence_of(evidence)
        before = person.household
        after = None
        if family_no.strip():
            number = line_of(family_no, "家庭编号", 60, is_number=True)
            after, _ = Household.objects.get_or_create(family_no=number, defaults={"region_id": person.region_id})
        if before == after:
            raise Refused("没有改动：家庭编号与现有的相同。")
        person.household = after
        person.facts_on = {**person.facts_on, "household": _moment(at)}
        numbers = (before.family_no if before else "", after.family_no if after else "")
        change = Changed("household", *numbers)
        return keep(write, person, "person.household_changed", [change], evidence=evidence, reassessed=True)


def record_death(
    *, actor: Actor, person_id: int, version: int, died_on: date | None, evidence: str, at: datetime
) -> Sequence[str]:
    """Record a death: every identity ends with that day; return what should be looked at, in sentences."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        if person.died_on is not None:
            raise Refused(f"已登记于 {person.died_on} 死亡；日期有误的，请先撤销死亡登记再重新登记。")
        day = day_of(died_on, "死亡日期", today=at.date(), not_before=person.brdy)
        changes = [Changed("died_on", "", str(day)), *_set_death(person, day, at)]
        told = keep(write, person, "person.died", changes, evidence=evidence_of(evidence), reassessed=True)
        later = settlements_after_death(person).count()
        return [*told, f"死亡日期之后还有 {later} 笔结算，列在本页“死亡之后的结算”，请逐笔核查。"] if later else told


def settlements_after_death(person: Person) -> QuerySet[Settlement]:
    """Return the settlements of a day after somebody's death, reversed ones left out, the oldest first."""
    if person.died_on is None:
        return Settlement.objects.none()
    after = datetime.combine(person.died_on + timedelta(days=1), time.min)
    found = Settlement.objects.filter(person=person, setl_time__gte=after, refd_setl_flag=False)
    return found.order_by("setl_time", "setl_id")


def withdraw_death(*, actor: Actor, person_id: int, version: int, evidence: str, at: datetime) -> Sequence[str]:
    """Take back a death recorded by mistake; identities end again as lists and corrections say.

    Returns what that changed, in sentences. Raises Refused, Absent.
    """
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        if person.died_on is None:
            raise Refused("没有死亡登记，不需要撤销。")
        changes = [Changed("died_on", str(person.died_on), ""), *_set_death(person, None, at)]
        evidence = evidence_of(evidence)
        return keep(write, person, "person.death_withdrawn", changes, evidence=evidence, reassessed=True)


def move_out(
    *, actor: Actor, person_id: int, version: int, day: date | None, to: str, evidence: str, at: datetime
) -> None:
    """Record that a person moved away; their identities go on until a list or a correction ends them."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        if person.moved_out_on is not None:
            raise Refused(f"已登记于 {person.moved_out_on} 迁出；有误的，请先登记迁回。")
        person.moved_out_on = day_of(day, "迁出日期", today=at.date(), not_before=person.brdy)
        person.moved_out_to = line_of(to, "迁往何处", 120)
        changes = [
            Changed("moved_out_on", "", str(person.moved_out_on)),
            Changed("moved_out_to", "", person.moved_out_to),
        ]
        keep(write, person, "person.moved_out", changes, evidence=evidence_of(evidence))


def move_back(*, actor: Actor, person_id: int, version: int, evidence: str, at: datetime) -> None:
    """Record that a person moved back, or that the move was entered by mistake."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        if person.moved_out_on is None:
            raise Refused("没有迁出登记，不需要登记迁回。")
        changes = [
            Changed("moved_out_on", str(person.moved_out_on), ""),
            Changed("moved_out_to", person.moved_out_to, ""),
        ]
        person.moved_out_on, person.moved_out_to = None, ""
        keep(write, person, "person.moved_back", changes, evidence=evidence_of(evidence))


def _moment(at: datetime) -> str:
    """Return when a fact was said by hand, as ``Person.facts_on`` keeps it: later than any list of the same day."""
    return at.isoformat(timespec="minutes")


def _set_death(person: Person, day: date | None, at: datetime) -> list[Changed]:
    """Write the day of death into the record and its duplicates; return how identities end then."""
    for record in (person, *person.duplicates.all()):
        record.died_on = day
        record.facts_on = {**record.facts_on, "died_on": _moment(at)}
        record.save(update_fields=["died_on", "facts_on"])
    holdings = Holding.objects.select_for_update().filter(person__in=[person, *person.duplicates.all()])
    return end_again(person, holdings.order_by("id"))


def _name(person: Person, name: str | None) -> list[Changed]:
    if name is None or name.strip() == person.psn_name:
        return []
    before, person.psn_name = person.psn_name, line_of(name, "姓名", NAME_LONGEST)
    person.initials = initials_of(person.psn_name)
    return [Changed("psn_name", before, person.psn_name)]


def _birth(person: Person, birth: date | None, today: date) -> list[Changed]:
    if birth is None or birth == person.brdy:
        return []
    before, person.brdy = person.brdy, day_of(birth, "出生日期", today=today)
    return [Changed("brdy", str(before or ""), str(birth))]


def _certno(actor: Actor, person: Person, certno: str | None) -> list[Changed]:
    if certno is None:
        return []
    certno = BETWEEN.sub("", certno).upper()
    if certno == certno_of(person):
        return []
    if certno:
        _check_certno(actor, person, certno)
    before = masked_certno(person)
    set_certno(person, certno)
    return [Changed("certno", before, masked_certno(person))]


def _check_certno(actor: Actor, person: Person, certno: str) -> None:
    """Refuse a document number that cannot be one, or is somebody else's."""
    faults = [fault for severity, fault in certno_doubts(certno) if severity is Severity.ERROR]
    if faults:
        raise Refused(f"{faults[0].message}；{faults[0].advice}。")
    if not _DOCUMENT.fullmatch(certno):
        raise Refused("证件号码只能由字母、数字和括号组成，请与证件核对。")
    others = Person.objects.filter(certno_index=certno_index(certno)).exclude(pk=person.pk)
    if others.exclude(merged_into=person).exists():
        seen = persons_within(actor).filter(pk__in=others).first()
        if seen is None:
            raise Refused("这个证件号码已登记在别的乡镇的一个人名下，请联系县级经办人核对。")
        raise Refused(
            f"这个证件号码已登记在 {seen.psn_name}（人员编号 {seen.psn_no}）名下；"
            "是同一人的，请合并两条记录，不是的请核对证件。"
        )


def _phone(person: Person, phone: str | None) -> list[Changed]:
    if phone is None:
        return []
    phone = BETWEEN.sub("", phone)
    if phone == phone_of(person):
        return []
    if phone and not _PHONE.fullmatch(phone):
        raise Refused("联系电话应为 7 至 15 位数字，请核对。")
    before = masked_phone(person)
    set_phone(person, phone)
    after = masked_phone(person)
    return [Changed("phone", before, after)]


def _region(write: Writing, person: Person, region_id: int | None) -> list[Changed]:
    if region_id is None or region_id == person.region_id:
        return []
    if not write.actor.may(write.action, region_id):
        raise Refused("只能改为您管辖的乡镇；改到别的乡镇请县级经办人办理。")
    before, after = person.region, Region.objects.get(pk=region_id)
    person.region = after
    return [Changed("region", before.name if before else "", after.name)]


def _doubts(person: Person) -> list[str]:
    """Return what does not fit together in a person's facts but is no reason to refuse."""
    certno = certno_of(person)
    found = (
        [fault.message for severity, fault in certno_doubts(certno) if severity is Severity.WARNING] if certno else []
    )
    written = birth_date(certno) if len(certno) in (15, 18) else None
    if isinstance(written, date) and person.brdy and written != person.brdy:
        found.append(f"出生日期 {person.brdy} 与证件号码中的 {written} 不一致，请与证件核对。")
    return found
