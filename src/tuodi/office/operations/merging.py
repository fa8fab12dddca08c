"""Duplicates: one record stands for another from now on, and apart again if that was wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.assessing import lock_persons
from tuodi.office.models import Holding, Person
from tuodi.office.operations.changing import Changed, evidence_of, log, open_person, reassess_people, save
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.office.same_person import records_of

ITSELF: Final = "不能把一条记录并入它自己；请另选要保留的那一条。"


def merge(
    *,
    actor: Actor,
    duplicate_id: int,
    survivor_id: int,
    versions: tuple[int, int],
    evidence: str,
    is_one_person: bool = False,
    at: datetime,
) -> Sequence[str]:
    """Let ``survivor`` stand for ``duplicate``: its settlements and identities count there, and both are assessed anew.

    Identities move, and keep the number lists name them by. Nothing else does: the duplicate keeps its own facts,
    accounts and cases, and ``reassess`` sees to the settlements.
    ``versions`` are those the page showed, of the duplicate and of the survivor; ``is_one_person``: somebody says so
    although ``doubts_of`` them are shown. Returns what that changed, in
    sentences. Raises Refused, Absent.
    """
    if duplicate_id == survivor_id:
        raise Refused(ITSELF)
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        evidence = evidence_of(evidence)
        version_of = {duplicate_id: versions[0], survivor_id: versions[1]}
        lock_persons(records_of(version_of))
        opened = {key: open_person(write, key, version_of[key]) for key in version_of}
        duplicate, survivor = opened[duplicate_id], opened[survivor_id]
        _check(duplicate, survivor)
        if not is_one_person and (doubts := doubts_of(duplicate, survivor)):
            raise Refused(f"{''.join(doubts)}确是同一人的，请勾选确认；不是的，不要合并。")
        duplicate.merged_into = survivor
        Holding.objects.filter(person=duplicate).update(person=survivor, listed_as=duplicate.psn_no)
        change = Changed("merged_into", "", survivor.psn_no)
        return _keep(write, "person.merged", duplicate, survivor, change, evidence)


def unmerge(*, actor: Actor, duplicate_id: int, version: int, evidence: str, at: datetime) -> Sequence[str]:
    """Let a duplicate be a person of its own again, with the settlements and identities that carry its number."""
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        evidence = evidence_of(evidence)
        survivor_id = Person.objects.filter(pk=duplicate_id).values_list("merged_into_id", flat=True).first()
        both = {duplicate_id, survivor_id or duplicate_id}
        lock_persons(records_of(both))
        opened = {
            key: open_person(write, key, version if key == duplicate_id else None, duplicate=True) for key in both
        }
        duplicate = opened[duplicate_id]
        if survivor_id is None or duplicate.merged_into_id != survivor_id:
            raise Refused("这条记录没有并入别的记录，不需要撤销合并。")
        survivor = opened[survivor_id]
        duplicate.merged_into = None
        Holding.objects.filter(person=survivor, listed_as=duplicate.psn_no).update(person=duplicate, listed_as="")
        change = Changed("merged_into", survivor.psn_no, "")
        told = _keep(write, "person.unmerged", duplicate, survivor, change, evidence)
        if duplicate.died_on is None:
            return told
        dead = f"{duplicate.psn_no} 和 {survivor.psn_no} 都登记为 {duplicate.died_on} 死亡"
        return [*told, f"{dead}；只是其中一人死亡的，请在另一人的页面撤销死亡登记。"]


def doubts_of(duplicate: Person, survivor: Person) -> list[str]:
    """Return, in sentences, why two records may be those of two persons."""
    found = []
    if duplicate.certno_index and survivor.certno_index and duplicate.certno_index != survivor.certno_index:
        found.append("两条记录的证件号码不同，很可能是两个人。")
    if duplicate.brdy and survivor.brdy and duplicate.brdy != survivor.brdy:
        found.append(f"两条记录的出生日期不同（{duplicate.brdy} 与 {survivor.brdy}），很可能是两个人。")
    return found


def _keep(write: Writing, event: str, duplicate: Person, survivor: Person, change: Changed, evidence: str) -> list[str]:
    for person in (duplicate, survivor):
        save(write, person, event)
    told = reassess_people(write, [duplicate, survivor])
    log(write, duplicate, event, [change], evidence=evidence, survivor=survivor.pk)
    log(write, survivor, event, [], evidence=evidence, duplicate=duplicate.psn_no)
    return told


def _check(duplicate: Person, survivor: Person) -> None:
    if duplicate.duplicates.exists():
        raise Refused(f"{duplicate.psn_no} 下面还有并入的记录；请先撤销那些合并，再分别并入 {survivor.psn_no}。")
    if duplicate.died_on != survivor.died_on:
        raise Refused("两条记录的死亡登记不一致；请先核对，在其中一条上登记或撤销死亡，再合并。")
