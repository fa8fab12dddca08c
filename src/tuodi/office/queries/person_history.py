"""What happened to one person's record, newest first: changes by hand from the trail, changes by files from imports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tuodi.kernel.idnumber import mask
from tuodi.office.access import Actor
from tuodi.office.imports.recorder import restored
from tuodi.office.models import Holding, Household, ImportBatch, ImportChange, Person, Region, TrailEntry, User
from tuodi.office.numbers import certno_of
from tuodi.office.operations.changing import EVENT_NAMES, Changed
from tuodi.office.operations.looks import EVENT as LOOK
from tuodi.office.operations.looks import FIELDS
from tuodi.office.periods import period
from tuodi.office.queries.reach import person_within
from tuodi.office.roles import Action

LINES: Final = 100
_PERSON, _HOLDING = "office.person", "office.holding"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One event: when, who, what, each change in words, the papers or the reason."""

    at: datetime
    who: str
    what: str
    changes: tuple[str, ...] = ()
    grounds: str = ""


def person_history(actor: Actor, person_id: int) -> list[HistoryLine]:
    """Return the newest events of a person; looks at full numbers for who reads the trail. Raises Absent."""
    person = person_within(actor, person_id)
    by_hand = list(TrailEntry.objects.filter(subject=f"person {person.pk}").order_by("-number")[:LINES])
    lines = [*_by_hand(by_hand, actor.may(Action.SEE_TRAIL)), *_by_file(person, by_hand)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:LINES]


def _by_hand(entries: list[TrailEntry], with_looks: bool) -> Iterator[HistoryLine]:
    users = User.objects.filter(username__in={entry.actor for entry in entries})
    names = dict(users.values_list("username", "name"))
    for entry in entries:
        if entry.action == LOOK and not with_looks:
            continue
        detail = json.loads(entry.detail)
        changes = [Changed(*change).words for change in detail.get("changes", [])]
        if "duplicate" in detail:
            changes.append(f"重复记录 {detail['duplicate']}")
        if "field" in detail:
            changes.append(FIELDS.get(detail["field"], "银行账号"))
        if "number" in detail:
            changes.append(f"{detail.get('bank', '')} {detail['number']}")
        yield HistoryLine(
            at=entry.at,
            who=names.get(entry.actor, entry.actor),
            what=EVENT_NAMES.get(entry.action, entry.action),
            changes=tuple(changes),
            grounds=detail.get("evidence") or detail.get("reason") or "",
        )


def _by_file(person: Person, by_hand: list[TrailEntry]) -> Iterator[HistoryLine]:
    """Yield one line for each import that touched the person or an identity of theirs."""
    told: dict[int, list[str]] = {}
    batches: dict[int, ImportBatch] = {}
    for change, words in [*_person_changes(person, by_hand), *_holding_changes(person)]:
        batches[change.batch_id] = change.batch
        told.setdefault(change.batch_id, []).extend(words)
    for key, batch in batches.items():
        undone = "（后来整批撤销）" if batch.state == ImportBatch.State.UNDONE else ""
        yield HistoryLine(
            at=batch.applied_at or batch.uploaded_at,
            who=batch.confirmed_by.name if batch.confirmed_by else batch.uploaded_by.name,
            what=f"文件导入{undone}",
            changes=tuple(told[key]),
            grounds=f"第 {key} 批《{batch.file_name}》",
        )


def _changes_of(table: str, record: int) -> list[ImportChange]:
    found = ImportChange.objects.filter(table=table, record=record).exclude(before_sealed=ImportChange.NAMED)
    return list(found.select_related("batch__uploaded_by", "batch__confirmed_by").order_by("batch__applied_at", "id"))


def _person_changes(person: Person, by_hand: list[TrailEntry]) -> Iterator[tuple[ImportChange, list[str]]]:
    changes = _changes_of(_PERSON, person.pk)
    images: list[Any] = [restored(one, one.batch) if one.before_sealed else None for one in changes]
    for number, (change, before) in enumerate(zip(changes, images, strict=True)):
        if before is None:
            yield change, ["新增这个人"]
            continue
        later = next((image for image in images[number + 1 :] if image is not None), person)
        after = {**_shown(later), **_before_hand(by_hand, change.batch.applied_at)}
        pairs = [(field, value, after[field]) for field, value in _shown(before).items()]
        yield change, [Changed(*pair).words for pair in pairs if pair[1] != pair[2]]


def _before_hand(by_hand: list[TrailEntry], since: datetime | None) -> dict[str, str]:
    """Return what stood in each field before the first change by hand after an import: what the import had left."""
    found: dict[str, str] = {}
    for entry in by_hand:
        if since is not None and entry.at >= since:
            found |= {change[0]: change[1] for change in json.loads(entry.detail).get("changes", [])}
    return {field: value for field, value in found.items() if field in _FIELDS}


_FIELDS: Final = ("psn_name", "brdy", "certno", "region", "household", "died_on")


def _shown(person: Person) -> dict[str, str]:
    """Return a record's fields as the history tells them; ``person`` may be one that stood there once."""
    region = Region.objects.filter(pk=person.region_id).values_list("name", flat=True).first()
    household = Household.objects.filter(pk=person.household_id).values_list("family_no", flat=True).first()
    values = (
        person.psn_name,
        person.brdy,
        mask(certno_of(person)),
        region,
        household,
        person.died_on,
    )
    return {field: str(value or "") for field, value in zip(_FIELDS, values, strict=True)}


def _holding_changes(person: Person) -> Iterator[tuple[ImportChange, list[str]]]:
    for holding in Holding.objects.filter(person=person).order_by("id"):
        changes = _changes_of(_HOLDING, holding.pk)
        images: list[Any] = [restored(one, one.batch) if one.before_sealed else None for one in changes]
        for number, (change, before) in enumerate(zip(changes, images, strict=True)):
            later = next((image for image in images[number + 1 :] if image is not None), holding)
            after = _period(later)
            if before is None:
                yield change, [f"新增身份：{after}"]
            elif _period(before) != after:
                yield change, [f"身份：{_period(before)} → {after}"]


def _period(holding: Holding) -> str:
    return f"{holding.identity} {period(holding.begin, holding.end)}"
