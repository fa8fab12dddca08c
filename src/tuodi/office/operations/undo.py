"""Undoing an import as a whole, until it is used: afterwards facts, lines and accumulators are as they were before.

Used is a batch once a later import changed one of its records or said the same again, once the settlement interface
named one, once somebody decided a case about one of its people or settlements, settled what contradicts one of its
records, or changed one of its people by hand. Then the way back is a correction, not an undoing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from tuodi.office import jobs
from tuodi.office.access import Actor
from tuodi.office.assessing import REMOVE, hold_registry, keys_of, lock_imports, lock_persons, reassess
from tuodi.office.bulk import chunks, write_over
from tuodi.office.facts import Numbers
from tuodi.office.imports.recorder import restored, table_of
from tuodi.office.imports.registry import KINDS
from tuodi.office.models import (
    Case,
    Contradiction,
    Decision,
    Enrolment,
    FormerPayment,
    Holding,
    Household,
    ImportBatch,
    ImportChange,
    Job,
    PayerAnswer,
    Person,
    PlatformMark,
    Proposal,
    Resolution,
    Settlement,
    Touch,
    Withheld,
)
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.imports import State, locked, subject_of
from tuodi.office.operations.withheld import hold_back
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action

_REASON_SHORTEST, _REASON_LONGEST = 2, 120


_SETTLED = ("office.settlement", "office.payeranswer", "office.formerpayment", "office.contradiction")


def _of_settlements(setl_ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for piece in chunks(sorted(set(setl_ids))):
        found.update(Settlement.objects.filter(setl_id__in=piece).values_list("psn_no", flat=True))
    return found


PERSONS_OF: Final[Mapping[str, Callable[[list[int]], Iterable[str]]]] = MappingProxyType(
    {
        "office.person": lambda keys: Person.objects.filter(pk__in=keys).values_list("psn_no", flat=True),
        "office.holding": lambda keys: Holding.objects.filter(pk__in=keys).values_list("person__psn_no", flat=True),
        "office.platformmark": lambda keys: PlatformMark.objects.filter(pk__in=keys).values_list(
            "person__psn_no", flat=True
        ),
        "office.enrolment": lambda keys: Enrolment.objects.filter(pk__in=keys).values_list("person__psn_no", flat=True),
        "office.settlement": lambda keys: Settlement.objects.filter(pk__in=keys).values_list("psn_no", flat=True),
        "office.withheld": lambda keys: (
            Withheld.objects.filter(pk__in=keys).exclude(psn_no="").values_list("psn_no", flat=True)
        ),
        "office.payeranswer": lambda keys: _of_settlements(
            PayerAnswer.objects.filter(pk__in=keys).values_list("setl_id", flat=True)
        ),
        "office.formerpayment": lambda keys: _of_settlements(
            FormerPayment.objects.filter(pk__in=keys).values_list("setl_id", flat=True)
        ),
        "office.contradiction": lambda keys: _of_settlements(
            Contradiction.objects.filter(pk__in=keys).values_list("setl_id", flat=True)
        ),
    }
)
"""Table -> whom some of its records concern, by ``psn_no``."""


def ask_undo(*, actor: Actor, at: datetime, batch_id: int, reason: str) -> Job:
    """Ask for an applied batch to be undone. Raises Refused (used, or not applied), Absent."""
    with writing(actor, Action.UNDO_IMPORT, at) as write:
        batch = locked(batch_id)
        write.allow(batch.region_id)
        why = line_of(reason, "撤销的原因", _REASON_LONGEST, _REASON_SHORTEST)
        _refuse_unless_undoable(batch)
        running = Job.objects.filter(kind="import.undo", subject=batch.pk, state__in=("queued", "running"))
        if running.exists():
            raise Refused("这批文件正在撤销，请稍候。")
        write.log("import.undo-asked", subject_of(batch), batch.region, reason=why)
        return jobs.ask(kind="import.undo", actor=actor, at=at, subject=batch.pk, region=batch.region)


def undo_batch(work: jobs.Work) -> str:
    """Undo an applied batch (a job), in one transaction."""
    with writing(work.actor, Action.UNDO_IMPORT, work.now()) as write:
        lock_imports()
        batch = locked(work.job.subject)
        write.allow(batch.region_id)
        if batch.state == State.UNDONE:
            write.log("import.undo-repeated", subject_of(batch), batch.region)
            return "这批文件已经撤销。"
        _refuse_unless_undoable(batch)
        changes = list(_written(batch))
        concerned = _persons_of(changes)
        # Nobody settles or changes them meanwhile.
        locked_persons = concerned | set(KINDS[batch.kind].set_right_by_undo(batch))
        lock_persons(keys_of(locked_persons), REMOVE)
        hold_registry()
        setl_ids = _settlements_of(changes)
        _take_back(batch, changes, work)
        # What the batch's settlements let hold back, other files' rows do no more, or do again.
        concerned |= set(hold_back(setl_ids, at=work.now(), why="导入已撤销"))
        batch.state, batch.undone_by, batch.undone_at = State.UNDONE, work.actor.user, work.now()
        batch.save(update_fields=["state", "undone_by", "undone_at"])
        concerned |= set(KINDS[batch.kind].after_undo(batch, locked_persons, work.tell))
        ImportChange.objects.filter(batch=batch).delete()
        cases = CaseRefresh(write)
        reassess(psn_nos=concerned, at=work.now(), tell=work.tell, judge=cases.judge)
        cases.finish(payments=True)
        write.log("import.undone", subject_of(batch), batch.region, records=len(changes), sha256=batch.sha256)
        return f"已撤销，恢复 {len(changes):,} 条记录。"


def why_used(batch: ImportBatch) -> str:
    """Return why an applied batch can no longer be undone, empty while it can."""
    own = ImportChange.objects.filter(batch=batch, table=OuterRef("table"), record=OuterRef("record"))
    later = ImportChange.objects.filter(batch__state=State.APPLIED, batch__applied_at__gte=batch.applied_at)
    found = later.exclude(batch=batch).filter(Exists(own)).select_related("batch").order_by("batch_id").first()
    if found is not None:
        other = found.batch
        did = "也含有" if bytes(found.before_sealed) == ImportChange.NAMED else "改动了"
        return (
            f"之后导入的第 {other.pk} 批（{KINDS[other.kind].title}，{other.applied_at:%Y-%m-%d %H:%M}）"
            f"{did}同样的记录；请先撤销那一批"
        )
    persons, settlements = _concerned_ids(batch)
    if (one := _touch_after(batch, persons)) is not None:
        who, when = one.user.name, f"{one.at:%Y-%m-%d %H:%M}"
        return f"之后 {who} 于 {when} 登记、更改了人员 {one.person.psn_no} 的信息，或放行了其记录"
    for piece in chunks(persons):
        decision = Decision.objects.filter(case__person_id__in=piece, at__gte=batch.applied_at).select_related("case")
        if (two := decision.first()) is not None:
            return f"疑点第 {two.case_id} 号涉及其中的人，已经有人办理"
    for piece in chunks(settlements):
        decided = Decision.objects.filter(case__settlement_id__in=piece).select_related("case").first()
        if decided is not None:
            return f"疑点第 {decided.case_id} 号涉及其中的结算，已经有人办理"
    return _settled_since(batch) or _named_since(batch) or _other_batches_facts(batch)


def _settled_since(batch: ImportBatch) -> str:
    """Return who has settled, or proposed to settle, what contradicts one of a batch's records."""
    for table in _SETTLED:
        keys = list(_written(batch).filter(table=table).values_list("record", flat=True))
        for piece in chunks(keys):
            setl_ids = table_of(table)._default_manager.filter(pk__in=piece).values("setl_id")
            done = Resolution.objects.filter(setl_id__in=setl_ids, at__gte=batch.applied_at)
            if (one := done.select_related("decided_by").order_by("pk").first()) is not None:
                return (
                    f"结算 {one.setl_id} 互相矛盾的记录已由 {one.decided_by.name} 于 {one.at:%Y-%m-%d %H:%M} 核对处理，"
                    "撤销会使现在采用的一条丢失"
                )
            asked = Proposal.objects.filter(contradiction__setl_id__in=setl_ids, proposed_at__gte=batch.applied_at)
            if (two := asked.select_related("proposed_by", "contradiction").order_by("pk").first()) is not None:
                return f"{two.proposed_by.name} 已就结算 {two.contradiction.setl_id} 互相矛盾的记录提出改用另一条"
    return ""


def _named_since(batch: ImportBatch) -> str:
    """Return that the settlement interface named one of a batch's records: undoing would lose what it said."""
    for table in (Settlement, Contradiction):
        keys = list(_written(batch).filter(table=table._meta.label_lower).values_list("record", flat=True))
        for piece in chunks(keys):
            named = table._default_manager.filter(pk__in=piece, named_at__gte=batch.applied_at).first()
            if named is not None:
                when = f"{named.named_at:%Y-%m-%d %H:%M}"
                return f"其中的结算 {named.setl_id} 之后又由接口逐笔报来（{when}），撤销会使它丢失"
    return ""


def person_in_the_way(batch: ImportBatch) -> Person | None:
    """Return somebody of the batch who was changed by hand since it was applied: a reason why it cannot be undone."""
    touch = _touch_after(batch, _concerned_ids(batch)[0]) if batch.applied_at else None
    return touch.person if touch else None


def _touch_after(batch: ImportBatch, persons: list[int]) -> Touch | None:
    for piece in chunks(persons):
        touch = Touch.objects.filter(person_id__in=piece, at__gte=batch.applied_at).select_related("person", "user")
        if (one := touch.first()) is not None:
            return one
    return None


def _refuse_unless_undoable(batch: ImportBatch) -> None:
    if batch.state != State.APPLIED:
        raise Refused(f"这批文件现在是“{batch.get_state_display()}”，不能撤销；只有“已导入”的可以。")
    why = why_used(batch)
    if why:
        raise Refused(f"不能整批撤销：{why}。个别记录有误的，请在人员页面更正，或导入更正后的文件。")


def _other_batches_facts(batch: ImportBatch) -> str:
    """Return which facts of other imports hang on persons this batch brought in."""
    for piece in chunks(_new_ids(batch, "office.person")):
        for table, name in ((PlatformMark, "平台标识"), (Enrolment, "参保登记")):
            own = _new_ids(batch, table._meta.label_lower)
            if table.objects.filter(person_id__in=piece).exclude(pk__in=own).exists():
                return f"之后导入的{name}属于这批名册新增的人员；请先撤销那一批"
    return ""


def _written(batch: ImportBatch) -> QuerySet[ImportChange]:
    """Return what a batch made or changed, the last written first, without the images."""
    written = ImportChange.objects.filter(batch=batch).exclude(before_sealed=ImportChange.NAMED)
    return written.order_by("-pk").defer("before_sealed")


def _new_ids(batch: ImportBatch, table: str) -> list[int]:
    new = ImportChange.objects.filter(batch=batch, table=table, before_sealed=b"")
    return list(new.order_by("record").values_list("record", flat=True))


def _concerned_ids(batch: ImportBatch) -> tuple[list[int], list[int]]:
    """Return the persons and the settlements a batch's records belong to."""
    changes, numbers = _written(batch), Numbers()
    persons: set[int] = set()
    # What somebody decided about a duplicate's settlement stands with the record that counts.
    every = numbers.all_of({numbers.survivor(psn_no) for psn_no in _persons_of(changes)})
    for piece in chunks(every):
        persons.update(Person.objects.filter(psn_no__in=piece).values_list("pk", flat=True))
    settlements = changes.filter(table="office.settlement").values_list("record", flat=True)
    return sorted(persons), sorted(settlements)


def _by_table(changes: Iterable[ImportChange]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        keys[change.table].append(change.record)
    return keys


def _persons_of(changes: Iterable[ImportChange]) -> set[str]:
    found: set[str] = set()
    for table, records in _by_table(changes).items():
        if table in PERSONS_OF:
            for piece in chunks(sorted(records)):
                found.update(PERSONS_OF[table](list(piece)))
    return found


def _settlements_of(changes: Iterable[ImportChange]) -> set[str]:
    """Return the ``setl_id`` of what a batch says of settlements."""
    found: set[str] = set()
    for table, records in _by_table(changes).items():
        for piece in chunks(sorted(records) if table in _SETTLED else ()):
            found.update(table_of(table)._default_manager.filter(pk__in=piece).values_list("setl_id", flat=True))
    return found


def _take_back(batch: ImportBatch, changes: list[ImportChange], work: jobs.Work) -> None:
    """Bring every record back, the last written first."""
    done = 0
    for table, group in groupby(changes, key=lambda change: change.table):
        for piece in chunks(list(group), 500):
            full = list(ImportChange.objects.filter(pk__in=[change.pk for change in piece]))
            _restore(table, [change for change in full if change.before_sealed], batch)
            _remove(table, [change.record for change in full if not change.before_sealed])
            done += len(piece)
            work.tell("恢复导入前的记录", done, len(changes))


def _restore(table: str, changes: list[ImportChange], batch: ImportBatch) -> None:
    model = table_of(table)
    records = [restored(change, batch) for change in changes]
    if model is Holding:
        _bring_together(records)
    there = set(model._default_manager.filter(pk__in=[each.pk for each in records]).values_list("pk", flat=True))
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    write_over(model, [each for each in records if each.pk in there], names)
    model._default_manager.bulk_create([each for each in records if each.pk not in there])


def _bring_together(holdings: Iterable[Any]) -> None:
    """Put identities of merged duplicates to the record that counts: images made before 0.4.1 name the duplicate."""
    duplicates = Person.objects.filter(merged_into__isnull=False).in_bulk([each.person_id for each in holdings])
    for each in holdings:
        if (duplicate := duplicates.get(each.person_id)) is not None:
            each.person_id, each.listed_as = duplicate.merged_into_id, duplicate.psn_no


def _remove(table: str, keys: list[int]) -> None:
    """Delete new records; cases nobody has decided go with them, settlements forget a person who was never there."""
    if not keys:
        return
    if table == "office.person":
        Settlement.objects.filter(person_id__in=keys).update(person=None)
    if table in ("office.person", "office.settlement"):
        about = Q(person_id__in=keys) if table == "office.person" else Q(settlement_id__in=keys)
        Case.objects.filter(about, decisions__isnull=True).delete()
    if table == "office.formerpayment":
        _remove_cases_of_loose(keys)
    if table == "office.household":
        # Somebody else may have been put into the household since; then it stays.
        keys = list(Household.objects.filter(pk__in=keys, members__isnull=True).values_list("pk", flat=True))
    try:
        table_of(table)._default_manager.filter(pk__in=keys).delete()
    except ProtectedError:
        raise Refused("不能整批撤销：其中的记录已被后来的业务引用。请在人员页面更正，或导入更正后的文件。") from None


def _remove_cases_of_loose(keys: list[int]) -> None:
    """Delete the undecided cases about payments to be deleted, where no settlement and no other payment has the id."""
    setl_ids = set(FormerPayment.objects.filter(pk__in=keys).values_list("setl_id", flat=True))
    others = FormerPayment.objects.filter(setl_id__in=setl_ids).exclude(pk__in=keys)
    setl_ids -= set(others.values_list("setl_id", flat=True))
    Case.objects.filter(setl_id__in=setl_ids, settlement__isnull=True, decisions__isnull=True).delete()
