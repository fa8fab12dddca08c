"""Settlements come in: one operation for every route, by ``setl_id``, the same result in whatever order they come.

    found = record_settlements(records, refusals, batch=batch, received_at=at, recorder=recorder)   # a file
    reassess(psn_nos=found.psn_nos, at=at)

    found = receive(records, write=write)         # one by one (the settlement interface): stored and assessed

Both inside an open ``writing``, before its ``log``. The same content again counts once. A reversal (``refd_setl_flag``
1) is never taken back: an older 0 coming after it changes nothing. Any other difference under one ``setl_id`` is a
contradiction: nothing is overwritten, what the row says is kept, and both rows' persons are withheld for their years
until somebody settles it (``operations.contradictions``). What was settled stays so, whatever comes again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from tuodi.assessment import payments
from tuodi.intake.facts import Refusal
from tuodi.intake.settlements import PARTS, Record
from tuodi.kernel.money import Fen
from tuodi.office.assessing import county_book, hold_registry, lock, recompute, share_registry
from tuodi.office.bulk import chunks
from tuodi.office.contents import (
    COMPARED,
    DESCRIPTIVE,
    Contents,
    contents_of,
    differing,
    digest_of,
    read,
    told,
    written,
)
from tuodi.office.facts import COLUMNS, scope_of
from tuodi.office.models import Contradiction, ImportBatch, Settlement, Withheld
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.recording import Plain, Recorder
from tuodi.office.operations.withheld import (
    hold_back,
    settle_refusals,
    told_without_contents,
    withhold_rows,
)
from tuodi.office.operations.writing import Writing
from tuodi.office.refusal import Refused

_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that contradicts the settlement recorded under its ``setl_id``; ``message`` says in what."""

    record: Record
    message: str


@dataclass(frozen=True, slots=True)
class Classified:
    """Good rows beside what is recorded. ``same`` change nothing; ``filled`` only name the institution.

    ``decided`` say what somebody decided not to use.
    """

    new: list[Record] = field(default_factory=list)
    same: list[Record] = field(default_factory=list)
    filled: list[Record] = field(default_factory=list)
    reversals: list[Record] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    decided: list[Record] = field(default_factory=list)


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
    if settlement.refd_setl_flag or settlement.outcome is None:
        return 0
    return payments.payable_fen(settlement.due_fen, settlement.maf_pay + settlement.former_fen)


def classify(records: Iterable[Record]) -> Classified:
    """Compare rows with what is recorded, and with each other in the order given."""
    return _sorted(list(records)).found


@dataclass(slots=True)
class _Sorting:
    """Rows sorted; ``values`` are those of new settlements by id, ``changes`` what changes in stored ones by key.

    ``named`` are the keys of all stored ones the rows are about. ``others`` is what is known to contradict them, by id;
    ``changed_others`` and ``named_others`` are keys of those.
    """

    found: Classified = field(default_factory=Classified)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    named: set[int] = field(default_factory=set)
    others: dict[str, list[Contradiction]] = field(default_factory=lambda: defaultdict(list))
    decided_before: set[tuple[str, str]] = field(default_factory=set)
    new_others: list[Contradiction] = field(default_factory=list)
    changed_others: dict[int, dict[str, Any]] = field(default_factory=dict)
    named_others: set[int] = field(default_factory=set)

    def sort(self, record: Record, before: dict[str, Any], values: dict[str, Any]) -> None:
        """Sort a row whose number is known: ``before`` is what stands under it, this file's own changes included."""
        if differing(Kind.SETTLEMENT, before, values):
            self._contradict(record, before, values)
            return
        change = _news(before, values)
        if "refd_setl_flag" in change:
            self.found.reversals.append(record)
        else:
            (self.found.filled if change else self.found.same).append(record)
        before.update(change)
        if change and "pk" in before:
            self.changes[before["pk"]].update(change)

    def _contradict(self, record: Record, before: dict[str, Any], values: dict[str, Any]) -> None:
        setl_id, said = values["setl_id"], contents_of(Kind.SETTLEMENT, values)
        message = told(Kind.SETTLEMENT, contents_of(Kind.SETTLEMENT, before), said)
        known = next((each for each in self.others[setl_id] if _agree(read(each.contents), said)), None)
        if known is None and (setl_id, message) in self.decided_before:
            self.found.decided.append(record)
            return
        if known is None:
            self.found.conflicts.append(Conflict(record, message))
            new = _contradiction(record, values, said)
            self.others[setl_id].append(new)
            self.new_others.append(new)
            return
        if known.pk is not None:
            self.named_others.add(known.pk)
        contents = read(known.contents)
        change = _news(contents, said)
        # What was decided was decided about a row that was not reversed: that it is, is news.
        if known.state != Contradiction.State.OPEN and "refd_setl_flag" not in change:
            self.found.decided.append(record)
            return
        self.found.conflicts.append(Conflict(record, message))
        if change:
            contents |= change
            fields = {"contents": written(contents), "digest": digest_of(contents), "state": Contradiction.State.OPEN}
            for name, value in fields.items():
                setattr(known, name, value)
            if known.pk is not None:
                self.changed_others[known.pk] = fields


def _sorted(records: Sequence[Record]) -> _Sorting:
    sorting = _Sorting()
    ids = {record.settlement.setl_id for record in records}
    known = _stored(ids)
    sorting.named.update(values["pk"] for values in known.values())
    _look_up_others(sorting, known)
    for record in records:
        values = _values(record)
        before = known.get(values["setl_id"])
        if before is None:
            sorting.found.new.append(record)
            known[values["setl_id"]] = sorting.values[values["setl_id"]] = values
        else:
            sorting.sort(record, before, values)
    return sorting


def _look_up_others(sorting: _Sorting, setl_ids: Iterable[str]) -> None:
    """Look up what is known to contradict settlements, and what was decided before contents were kept."""
    for piece in chunks(sorted(setl_ids)):
        for each in Contradiction.objects.filter(kind=Kind.SETTLEMENT, setl_id__in=piece).order_by("pk"):
            sorting.others[each.setl_id].append(each)
        for row in told_without_contents(piece).filter(ended_by__isnull=False):
            sorting.decided_before.add((row.setl_id, row.message))


def _agree(one: Contents, other: Contents) -> bool:
    return not differing(Kind.SETTLEMENT, one, other)


def _news(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row that contradicts nothing adds: the institution's numbers, and that it was reversed."""
    change = {name: values[name] for name in DESCRIPTIVE if values[name] and not before[name]}
    if values["refd_setl_flag"] and not before["refd_setl_flag"]:
        change["refd_setl_flag"] = True
    return change


def _contradiction(record: Record, values: Mapping[str, Any], said: Contents) -> Contradiction:
    return Contradiction(
        kind=Kind.SETTLEMENT,
        setl_id=values["setl_id"],
        contents=written(said),
        digest=digest_of(said),
        psn_no=values["psn_no"],
        year=values["year"],
        row=record.settlement.row or None,
    )


def _stored(setl_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    columns = ("pk", "setl_id", "year", "refd_setl_flag", *COMPARED, *DESCRIPTIVE)
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
    values["row"] = facts.row or None
    return {name: value for name, value in values.items() if name not in PARTS[3:]}


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


def receive(records: Iterable[Record], *, write: Writing) -> Recorded:
    """Store and assess settlements that come one by one: their persons' years are locked, others go on.

    Whoever sends the same ``setl_id`` at the same moment waits for the lock, then finds it recorded. Cases follow. What
    was recorded already is marked as named by this route (``named_at``): undoing the file that brought it would lose
    what the interface said, and is refused.
    """
    rows = list(records)
    stored = _stored(row.settlement.setl_id for row in rows).values()
    held_back = _held_back(row.settlement.setl_id for row in rows)
    persons = {row.settlement.psn_no for row in rows} | {values["psn_no"] for values in stored}
    persons |= {psn_no for psn_no, _ in held_back}
    years = frozenset(row.settlement.setl_time.year for row in rows) | {values["year"] for values in stored}
    share_registry(persons)
    book = county_book()
    # A refused row may have held back other years than that of the good one, or every year.
    only = years if {year for _, year in held_back} <= years else None
    scope = scope_of(book, persons, only)
    owners = {scope.registry.owner(scope.registry.numbers.survivor(psn_no)) for psn_no in persons}
    lock(scope.keys | {(owner, year) for owner in owners for year in years})
    found = _store_in_turn(rows, write.at)
    only = only if found.psn_nos <= persons else None
    cases = CaseRefresh(write)
    recompute(book, scope_of(book, found.psn_nos | persons, only), write.at, judge=cases.judge)
    cases.finish()
    return found


def _held_back(setl_ids: Iterable[str]) -> set[tuple[str, int | None]]:
    """Return whom rows of these settlements hold or held back, and for which year; None is every year."""
    rows = Withheld.objects.filter(setl_id__in=set(setl_ids)).exclude(psn_no="")
    return set(rows.values_list("psn_no", "year"))


def _store_in_turn(rows: list[Record], received_at: datetime) -> Recorded:
    """Store rows; where the same id was recorded meanwhile under another person's lock, compare again."""
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _store(rows, [], None, received_at, _OneByOne(received_at))
        except IntegrityError:
            continue
    raise Refused("同一结算编号正在由别处登记；请稍后再试。")


class _OneByOne(Plain):
    """Writes what comes by the settlement interface: there is no batch, so what is named keeps it by itself."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def name(self, table: type[models.Model], keys: Iterable[int]) -> None:
        """Keep that records were named."""
        table._default_manager.filter(pk__in=set(keys)).update(named_at=self._at)


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
    for other in sorting.new_others:
        other.batch, other.since = batch, received_at
    recorder.create(sorting.new_others)
    recorder.update(Contradiction, sorting.changed_others)
    counts = (len(found.new), len(found.same) + len(found.filled), len(found.reversals), len(found.conflicts))
    done = Recorded(*counts)
    done.psn_nos |= {record.settlement.psn_no for record in (*found.new, *found.reversals)}
    done.psn_nos |= set(withhold_rows(refusals, batch=batch, at=received_at, recorder=recorder))
    ids = {record.settlement.setl_id for record in records} | {refusal.setl_id for refusal in refusals}
    done.psn_nos |= set(hold_back(ids - {""}, at=received_at, recorder=recorder))
    recorder.name(Settlement, sorting.named)
    recorder.name(Contradiction, sorting.named_others)
    done.psn_nos |= set(settle_refusals(ids - {""}, at=received_at, recorder=recorder))
    return done


def _by_fields(changes: Mapping[int, Mapping[str, Any]]) -> dict[tuple[str, ...], dict[int, tuple[Any, ...]]]:
    """Group changes by the fields they change."""
    found: dict[tuple[str, ...], dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for key, change in changes.items():
        names = tuple(sorted(change))
        found[names][key] = tuple(change[name] for name in names)
    return found
