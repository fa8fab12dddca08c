"""Identities by hand: entered with their paper, their end corrected, declared void; each can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from tuodi.kernel.terms import shipped_terms
from tuodi.office.access import Actor
from tuodi.office.holding_end import end_of
from tuodi.office.models import County, Holding, Person
from tuodi.office.operations.changing import (
    Changed,
    end_again,
    evidence_of,
    keep,
    open_person,
)
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.periods import period
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action
from tuodi.policy.library import NotFound, find

BY_HAND: Final = "人工补录"
"""The source of an identity that came in no file."""


def identity_groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the identities that can be entered: those of the county's policies, then the vocabulary's others."""
    county = County.objects.first()
    names: dict[str, None] = {}
    for policy_id in county.policies if county else ():
        found = find(policy_id)
        if not isinstance(found, NotFound) and found[0] is not None:
            names |= dict.fromkeys(found[0].identities)
    others = tuple(identity.name for identity in shipped_terms().identities if identity.name not in names)
    return (("本县政策", tuple(names)), ("其他", others)) if names else (("其他", others),)


def identity_names() -> tuple[str, ...]:
    """Return the same names in one row."""
    return tuple(name for _, names in identity_groups() for name in names)


def add_identity(
    *,
    actor: Actor,
    person_id: int,
    version: int,
    identity: str,
    begin: date | None,
    end: date | None,
    evidence: str,
    at: datetime,
) -> Sequence[str]:
    """Enter an identity that no list brought; return what that changed, in sentences. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person = open_person(write, person_id, version)
        evidence = evidence_of(evidence)
        if identity not in identity_names():
            raise Refused("请从列表中选择身份；没有的身份请先在政策文件中补上。")
        if begin is None:
            raise Refused("请填写开始日期。")
        _check_period(person, begin, end)
        _check_overlap(person, identity, begin, end)
        holding = Holding(
            person=person, identity=identity, begin=begin, stated_end=end, source=BY_HAND, evidence=evidence
        )
        holding.end = end_of(holding, person.died_on)
        holding.save()
        change = Changed("identity", "", _period(holding))
        detail = {"evidence": evidence, "holding": holding.pk}
        return keep(write, person, "person.identity_added", [change], reassessed=True, **detail)


def correct_identity(
    *, actor: Actor, holding_id: int, version: int, end: date | None, evidence: str, at: datetime
) -> Sequence[str]:
    """Say by hand when an identity ends, None that it goes on; lists no longer change it. Raises Refused, Absent."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person, holding = _open(write, holding_id, version)
        if holding.withdrawn:
            raise Refused("这条身份已作废；需要的话请先恢复。")
        _check_period(person, holding.begin, end)
        _check_overlap(person, holding.identity, holding.begin, end, besides=holding)
        before = _period(holding)
        holding.corrected, holding.corrected_end = True, end
        return _finish(write, person, holding, before, "person.identity_corrected", evidence)


def follow_lists_again(*, actor: Actor, holding_id: int, version: int, evidence: str, at: datetime) -> Sequence[str]:
    """Take a correction back: the identity ends as the lists say."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person, holding = _open(write, holding_id, version)
        if not holding.corrected:
            raise Refused("这条身份没有人工更正，不需要撤销。")
        before = _period(holding)
        holding.corrected, holding.corrected_end = False, None
        return _finish(write, person, holding, before, "person.identity_corrected", evidence)


def withdraw_identity(*, actor: Actor, holding_id: int, version: int, evidence: str, at: datetime) -> Sequence[str]:
    """Declare an identity void: it was never held."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person, holding = _open(write, holding_id, version)
        if holding.withdrawn:
            raise Refused("这条身份已经作废。")
        before = _period(holding)
        holding.withdrawn = True
        return _finish(write, person, holding, before, "person.identity_withdrawn", evidence)


def restore_identity(*, actor: Actor, holding_id: int, version: int, evidence: str, at: datetime) -> Sequence[str]:
    """Take a withdrawal back."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        person, holding = _open(write, holding_id, version)
        if not holding.withdrawn:
            raise Refused("这条身份没有作废，不需要恢复。")
        _check_overlap(person, holding.identity, holding.begin, holding.end, besides=holding)
        before = _period(holding)
        holding.withdrawn = False
        return _finish(write, person, holding, before, "person.identity_restored", evidence)


def _open(write: Writing, holding_id: int, version: int) -> tuple[Person, Holding]:
    """Lock the person, then the identity."""
    person_id = Holding.objects.filter(pk=holding_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise Absent
    person = open_person(write, person_id, version)
    return person, Holding.objects.select_for_update().get(pk=holding_id)


def _finish(write: Writing, person: Person, holding: Holding, before: str, event: str, evidence: str) -> list[str]:
    holding.evidence = evidence = evidence_of(evidence)
    holding.save()
    end_again(person, [holding])
    change = Changed("identity", before, _period(holding))
    return keep(write, person, event, [change], evidence=evidence, reassessed=True, holding=holding.pk)


def _period(holding: Holding) -> str:
    held = f"{holding.identity} {period(holding.begin, holding.end)}"
    return f"{held}（作废）" if holding.withdrawn else held


def _check_period(person: Person, begin: date, end: date | None) -> None:
    if person.brdy is not None and begin < person.brdy:
        raise Refused(f"开始日期 {begin} 早于出生日期 {person.brdy}，请核对。")
    if end is not None and end < begin:
        raise Refused(f"结束日期 {end} 早于开始日期 {begin}；本来就不该有的身份，请用“作废”。")
    if person.died_on is not None and begin > person.died_on:
        raise Refused(f"开始日期 {begin} 晚于死亡日期 {person.died_on}，不能登记。")


def _check_overlap(
    person: Person, identity: str, begin: date, end: date | None, *, besides: Holding | None = None
) -> None:
    """Refuse the same identity twice at the same time: one of the two would be corrected and the other forgotten."""
    same = Holding.objects.filter(person=person, identity=identity)
    if besides is not None:
        # What lists say of a merged duplicate goes on beside what they say of the person.
        same = same.filter(listed_as=besides.listed_as)
    if besides is None and same.filter(begin=begin).exists():
        raise Refused(f"已有从 {begin} 开始的“{identity}”；请更正那一条（作废的请恢复），不要再录一条。")
    for other in same.filter(withdrawn=False).exclude(pk=besides.pk if besides else None):
        if (end is None or other.begin <= end) and (other.end is None or begin <= other.end):
            raise Refused(f"与已有的“{_period(other)}”重叠；请更正那一条，不要再录一条。")
