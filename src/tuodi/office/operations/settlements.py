"""Settlements come in: one operation for every route, by ``setl_id``, the same result in whatever order they come.

    found = record_settlements(records, refusals, batch=batch, received_at=at, recorder=recorder)   # a file
    reassess(psn_nos=found.psn_nos, at=at)

    found = receive(records, received_at=at)      # one by one (the settlement interface): stored and assessed

Both inside an open ``writing``, before its ``log``. The same content again counts once. A reversal (``refd_setl_flag``
1) is never taken back: an older 0 coming after it changes nothing. Any other difference under one ``setl_id`` is a
conflict: nothing is overwritten, and both rows' persons are withheld for their years until somebody sets it aside.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from tuodi.intake.facts import Refusal
from tuodi.intake.layouts import load_layout
from tuodi.intake.settlements import ID_CONFLICT, PARTS, Record
from tuodi.kernel.money import Fen, yuan_grouped
from tuodi.office.assessing import Judge, county_book, hold_registry, lock, recompute, share_registry
from tuodi.office.facts import COLUMNS, scope_of
from tuodi.office.imports.kinds import chunks
from tuodi.office.models import ImportBatch, Settlement
from tuodi.office.operations.withheld import SETTLEMENT, Plain, Recorder, settle_refusals, withhold_rows
from tuodi.office.operations.writing import Refused

_STORED_PARTS: Final = PARTS[:3]
_COMPARED: Final = (*(name for name in COLUMNS if name not in ("setl_id", "refd_setl_flag")), *_STORED_PARTS)
# They change no result: who does not give them contradicts nobody.
_DESCRIPTIVE: Final = ("fixmedins_code", "medins_setl_id")
_DIFFERENCES_TOLD: Final = 3
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that contradicts the settlement recorded under its ``setl_id``; ``message`` says in what."""

    record: Record
    stored_psn_no: str
    stored_year: int
    message: str

    def refusals(self) -> set[Refusal]:
        """Return whose results it holds back: the person and year of both rows."""
        settlement = self.record.settlement
        persons = {(settlement.psn_no, settlement.setl_time.year), (self.stored_psn_no, self.stored_year)}
        return {
            Refusal(psn_no, year, settlement.setl_id, ID_CONFLICT, self.message, settlement.row)
            for psn_no, year in persons
        }


@dataclass(frozen=True, slots=True)
class Classified:
    """Good rows beside what is recorded. ``same`` change nothing; ``filled`` only name the institution."""

    new: list[Record] = field(default_factory=list)
    same: list[Record] = field(default_factory=list)
    filled: list[Record] = field(default_factory=list)
    reversals: list[Record] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(slots=True)
class Recorded:
    """What was done with some rows: how many were what, and whose results follow anew (``psn_nos``)."""

    new: int = 0
    same: int = 0
    reversed: int = 0
    conflicts: int = 0
    psn_nos: set[str] = field(default_factory=set)


def payable_fen(settlement: Settlement) -> Fen:
    """Return what may still be paid for a settlement: what is due, and only where nobody has paid anything yet.

    Assistance the window paid (``maf_pay``) or another system (``former_fen``) counts in the accumulators like any
    other, since they are of what is due; where it is not the sum due, the difference goes to screening and a case, and
    never becomes payable by itself. Reversed and withheld settlements have nothing payable.
    """
    if settlement.refd_setl_flag or settlement.outcome is None or settlement.maf_pay or settlement.former_fen:
        return 0
    return settlement.due_fen


def classify(records: Iterable[Record]) -> Classified:
    """Compare rows with what is recorded, and with each other in the order given."""
    return _sorted(list(records)).found


@dataclass(slots=True)
class _Sorting:
    """Rows sorted; ``values`` are those of new settlements by id, ``changes`` what changes in stored ones by key.

    ``named`` are the keys of all stored ones the rows are about.
    """

    found: Classified = field(default_factory=Classified)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    named: set[int] = field(default_factory=set)


def _sorted(records: Sequence[Record]) -> _Sorting:
    sorting = _Sorting()
    known = _stored(record.settlement.setl_id for record in records)
    sorting.named.update(values["pk"] for values in known.values())
    for record in records:
        values = _values(record)
        before = known.get(values["setl_id"])
        if before is None:
            sorting.found.new.append(record)
            known[values["setl_id"]] = sorting.values[values["setl_id"]] = values
            continue
        differing = [name for name in _COMPARED if before[name] != values[name]]
        differing += [name for name in _DESCRIPTIVE if before[name] and values[name] and before[name] != values[name]]
        if differing:
            sorting.found.conflicts.append(_conflict(record, before, values, differing))
            continue
        change = {name: values[name] for name in _DESCRIPTIVE if values[name] and not before[name]}
        if values["refd_setl_flag"] and not before["refd_setl_flag"]:
            change["refd_setl_flag"] = True
            sorting.found.reversals.append(record)
        else:
            (sorting.found.filled if change else sorting.found.same).append(record)
        before.update(change)
        if change and "pk" in before:
            sorting.changes[before["pk"]].update(change)
    return sorting


def _stored(setl_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    columns = ("pk", "setl_id", "year", "refd_setl_flag", *_COMPARED, *_DESCRIPTIVE)
    found = {}
    for piece in chunks(sorted(set(setl_ids))):
        for values in Settlement.objects.filter(setl_id__in=piece).values(*columns):
            found[values["setl_id"]] = values
    return found


def _values(record: Record) -> dict[str, Any]:
    """Return a row as the columns of ``Settlement``."""
    facts = record.settlement
    values = dict(zip(COLUMNS, facts, strict=False))
    values |= dict(zip(PARTS, record.parts_fen, strict=True))
    values |= {"fixmedins_code": record.fixmedins_code, "medins_setl_id": record.medins_setl_id}
    values["year"] = facts.setl_time.year
    return {name: value for name, value in values.items() if name not in PARTS[3:]}


def _conflict(record: Record, before: dict[str, Any], values: dict[str, Any], differing: list[str]) -> Conflict:
    labels = {each.name: each.labels[0] for each in load_layout("settlements").fields}
    told = [
        f"{labels.get(name, name)}原为 {_told(before[name])}、又报 {_told(values[name])}"
        for name in differing[:_DIFFERENCES_TOLD]
    ]
    more = f"等 {len(differing)} 处" if len(differing) > _DIFFERENCES_TOLD else ""
    message = f"结算编号已有记录而内容不同：{'；'.join(told)}{more}"
    return Conflict(record, before["psn_no"], before["year"], message)


def _told(value: object) -> str:
    if isinstance(value, int):
        return yuan_grouped(value)
    return str(value) or "空"


def record_settlements(
    records: Iterable[Record],
    refusals: Iterable[Refusal] = (),
    *,
    batch: ImportBatch | None,
    received_at: datetime,
    recorder: Recorder | None = None,
) -> Recorded:
    """Store the rows of a file, nothing of whose persons is assessed yet: the caller does (``reassess``).

    The registry is held until the transaction ends: whoever settles one by one waits.
    """
    hold_registry()
    return _store(list(records), list(refusals), batch, received_at, recorder or Plain())


def receive(records: Iterable[Record], *, received_at: datetime, judge: Judge | None = None) -> Recorded:
    """Store and assess settlements that come one by one: their persons' years are locked, others go on.

    Whoever sends the same ``setl_id`` at the same moment waits for the lock, then finds it recorded. ``judge`` is told
    the results (``operations.cases``).
    """
    rows = list(records)
    stored = _stored(row.settlement.setl_id for row in rows).values()
    persons = {row.settlement.psn_no for row in rows} | {values["psn_no"] for values in stored}
    years = frozenset(row.settlement.setl_time.year for row in rows) | {values["year"] for values in stored}
    share_registry(persons)
    book = county_book()
    scope = scope_of(book, persons, years)
    owners = {scope.registry.owner(scope.registry.numbers.survivor(psn_no)) for psn_no in persons}
    lock(scope.keys | {(owner, year) for owner in owners for year in years})
    found = _store_in_turn(rows, received_at)
    # A refused row of another person or year may have been settled as well.
    only = years if found.psn_nos <= persons else None
    recompute(book, scope_of(book, found.psn_nos | persons, only), received_at, judge=judge)
    return found


def _store_in_turn(rows: list[Record], received_at: datetime) -> Recorded:
    """Store rows; where the same id was recorded meanwhile under another person's lock, compare again."""
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _store(rows, [], None, received_at, Plain())
        except IntegrityError:
            continue
    raise Refused("同一结算编号正在由别处登记；请稍后再试。")


def _store(
    records: Sequence[Record],
    refusals: Sequence[Refusal],
    batch: ImportBatch | None,
    received_at: datetime,
    recorder: Recorder,
) -> Recorded:
    sorting = _sorted(records)
    found = sorting.found
    recorder.create([Settlement(batch=batch, received_at=received_at, **values) for values in sorting.values.values()])
    for names, changes in _by_fields(sorting.changes).items():
        recorder.update(Settlement, {key: dict(zip(names, values, strict=True)) for key, values in changes.items()})
    conflicts = sorted({refusal for conflict in found.conflicts for refusal in conflict.refusals()})
    held_back = [*refusals, *conflicts]
    done = Recorded(len(found.new), len(found.same) + len(found.filled), len(found.reversals), len(found.conflicts))
    done.psn_nos |= {record.settlement.psn_no for record in (*found.new, *found.reversals)}
    done.psn_nos |= set(withhold_rows(held_back, kind=SETTLEMENT, batch=batch, at=received_at, recorder=recorder))
    ids = {record.settlement.setl_id for record in records} | {refusal.setl_id for refusal in held_back}
    done.psn_nos |= set(settle_refusals(ids - {""}, at=received_at, recorder=recorder))
    recorder.name(Settlement, sorting.named | _keys_of(refusal.setl_id for refusal in refusals))
    return done


def _keys_of(setl_ids: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for piece in chunks(sorted(set(setl_ids) - {""})):
        found.update(Settlement.objects.filter(setl_id__in=piece).values_list("pk", flat=True))
    return found


def _by_fields(changes: Mapping[int, Mapping[str, Any]]) -> dict[tuple[str, ...], dict[int, tuple[Any, ...]]]:
    """Group changes by the fields they change."""
    found: dict[tuple[str, ...], dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for key, change in changes.items():
        names = tuple(sorted(change))
        found[names][key] = tuple(change[name] for name in names)
    return found
