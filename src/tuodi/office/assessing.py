"""Results kept in step with the facts: whoever changes a fact calls ``reassess`` before the transaction ends.

    book = county_book()                       # by which policies this county assesses
    done = reassess(psn_nos={"P1"}, at=at)     # inside an open ``writing``, before its ``log``

Locks, in this order: imports (one at a time), rows of persons by key (``lock_persons``, all of them in one call, before
anything that hangs on them), the registry (``hold_registry``: whoever changes
persons; ``share_registry``: whoever only adds settlements), the owners' years by key, cases, the trail's head. Persons
are locked without their key, so that whoever holds the registry may store what refers to a person somebody else is
changing; only who deletes persons (undoing an import) locks the key too. On SQLite the transaction is the lock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db import connection

from tuodi import __version__
from tuodi.assessment.accumulators import AccountOf, Used
from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.assessment.year import Assessed
from tuodi.assessment.year import Person as Assessable
from tuodi.kernel.money import Fen
from tuodi.kernel.terms import shipped_terms
from tuodi.office.bulk import chunks, insert_rows, write_columns
from tuodi.office.facts import OwnerYearKey, Scope, scope_of
from tuodi.office.models import Accumulator, BenefitLine, County, OwnerYear, Person, Settlement
from tuodi.office.progress import Tell, silent
from tuodi.office.refusal import Refused
from tuodi.office.results import Line, Result, Year, years_of
from tuodi.policy.library import NotFound, are_one_line, built_in_ids, find_together

ROWS_AT_ONCE: Final = 2000
PERSONS_AT_ONCE: Final = 20_000
_IMPORTS_LOCK: Final = 0x74756F6469

Judge = Callable[[Rulebook, Mapping[str, Assessable], Sequence[Assessed]], None]
"""Who is told the results, with the rules and the roster (by surviving number) they come from."""

DOING: Final = "重新计算待遇"
CHANGE, REMOVE, KEEP = "NO KEY UPDATE", "UPDATE", "SHARE"
"""How firmly a person's record is locked."""


@dataclass(frozen=True, slots=True)
class DueChange:
    """A settlement whose sum due became another one (应退应补); fen."""

    setl_id: str
    before_fen: Fen
    after_fen: Fen


@dataclass(slots=True)
class Reassessed:
    """What a reassessment did: how many settlements it looked at, how many results it wrote, which sums changed.

    ``changes`` are only of settlements that had a result before and have one now.
    """

    settlements: int = 0
    written: int = 0
    changes: list[DueChange] = field(default_factory=list)


def county_book() -> Rulebook:
    """Return the rules by which this county assesses. Raises Refused where none are set, or none that go together."""
    ids = County.objects.values_list("policies", flat=True).first()
    if not ids:
        raise Refused("本县还没有设定适用的政策文件，不能计算待遇；请系统管理员设定。")
    return rulebook_of(tuple(sorted(ids)))


@lru_cache(maxsize=16)
def rulebook_of(ids: tuple[str, ...]) -> Rulebook:
    """Return the rules of built-in policies; raises Refused as ``county_book`` does."""
    unknown = sorted(set(ids) - set(built_in_ids()))
    found = find_together(ids)
    if unknown or isinstance(found, NotFound):
        raise Refused(f"设定的政策 {'、'.join(unknown)} 不在程序所带的政策里；请系统管理员更正。")
    documents, errors = found
    if errors or not are_one_line(documents):
        raise Refused("设定的几份政策有错误，或不属于同一地区的同一个项目；请系统管理员更正。")
    return rulebook(documents, shipped_terms())


def rules_text(book: Rulebook) -> str:
    """Return what an owner's year records: each policy's id and the hash of its document."""
    return "；".join(f"{document.id} {document.digest}" for document in book.documents)


def lock_imports() -> None:
    """Let one import at a time write: what a full list ends depends on the lists applied before it.

    Who settles by hand what files contradict each other in takes it as well. On SQLite the transaction is that lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORTS_LOCK])


def lock_persons(keys: Iterable[int], strength: str = CHANGE) -> None:
    """Lock persons' records, by key: whoever locks several says so in one call, so that no two wait for each other.

    ``strength`` is CHANGE, REMOVE (the key as well) or KEEP (shared: nobody else may change them). Records that hang on
    a person are that person's: who changes them locks the person first. On SQLite the transaction is the lock.
    """
    wanted = sorted(set(keys))
    if wanted and connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM office_person WHERE id = ANY(%s) ORDER BY id FOR {strength}", [wanted])  # noqa: S608


def keys_of(psn_nos: Iterable[str]) -> list[int]:
    """Return the keys of the records with some numbers."""
    found: list[int] = []
    for piece in chunks(sorted(set(psn_nos))):
        found += Person.objects.filter(psn_no__in=piece).values_list("pk", flat=True)
    return found


def hold_registry() -> None:
    """Keep everybody else from changing persons or adding settlements until this transaction ends."""
    list(County.objects.select_for_update().values_list("pk"))


def share_registry(psn_nos: Iterable[str]) -> None:
    """Keep these persons, and who belongs together, as they are until this transaction ends; many may do so at once."""
    if not connection.features.has_select_for_update:
        return
    lock_persons(keys_of(psn_nos), KEEP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM office_county FOR SHARE")


def lock(keys: Iterable[OwnerYearKey]) -> None:
    """Lock owners' years, making those that are missing; everybody locks in the order of keys."""
    wanted = set(keys)
    while wanted:
        _make_missing(wanted)
        found = _rows_of(wanted)
        locked: set[OwnerYearKey] = set()
        for piece in chunks(sorted(found)):
            rows = OwnerYear.objects.filter(pk__in=piece).order_by("pk").select_for_update()
            locked.update(rows.values_list("owner", "year"))
        # Somebody else may have taken an empty one away while we waited for it.
        wanted -= locked


def _make_missing(keys: set[OwnerYearKey]) -> None:
    stored = set(_rows_of(keys).values())
    missing = [OwnerYear(owner=owner, year=year) for owner, year in sorted(keys - stored)]
    OwnerYear.objects.bulk_create(missing, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)


def _rows_of(keys: set[OwnerYearKey]) -> dict[int, OwnerYearKey]:
    found = {}
    for piece in chunks(sorted({owner for owner, _ in keys})):
        for key, owner, year in OwnerYear.objects.filter(owner__in=piece).values_list("pk", "owner", "year"):
            if (owner, year) in keys:
                found[key] = (owner, year)
    return found


def reassess(*, psn_nos: Iterable[str], at: datetime, tell: Tell = silent, judge: Judge | None = None) -> Reassessed:
    """Compute every year of these persons anew (any of their numbers), and of whom they share accounts with.

    To be called inside the transaction that changed their identities, family, record or withheld rows, after the change
    and before its trail entry. A family they have left is computed anew as well; a year without settlements goes.
    ``judge`` is handed the results, some at a time (``operations.cases``).
    """
    hold_registry()
    book = county_book()
    return recompute(book, scope_of(book, psn_nos), at, tell, judge)


def reassess_everyone(*, at: datetime, tell: Tell = silent, judge: Judge | None = None) -> Reassessed:
    """Compute every year of everybody anew: after a change of policy or of the program."""
    hold_registry()
    book, done = county_book(), Reassessed()
    numbers = sorted(set(Settlement.objects.order_by().values_list("psn_no", flat=True).distinct()))
    for first in range(0, len(numbers), PERSONS_AT_ONCE):
        tell(DOING, first, len(numbers))
        _recompute(book, scope_of(book, numbers[first : first + PERSONS_AT_ONCE]), at, silent, done, judge)
    return done


def recompute(
    book: Rulebook, scope: Scope, at: datetime, tell: Tell = silent, judge: Judge | None = None
) -> Reassessed:
    """Lock a scope's years, compute them and write what differs; the registry is held or shared already."""
    done = Reassessed()
    _recompute(book, scope, at, tell, done, judge)
    return done


def _recompute(book: Rulebook, scope: Scope, at: datetime, tell: Tell, done: Reassessed, judge: Judge | None) -> None:
    lock(scope.keys)
    seen = 0
    for years in years_of(book, scope):
        _write(book, years, at, done)
        if judge is not None:
            judge(book, scope.registry.roster, [each for year in years for each in year.assessed])
        seen += len(years)
        tell(DOING, seen, len(scope.keys))


def _write(book: Rulebook, years: Sequence[Year], at: datetime, done: Reassessed) -> None:
    compared = [each for year in years for each in year.settlements]
    differing = [each for each in compared if each.differs]
    done.settlements += len(compared)
    done.written += len(differing)
    done.changes += (
        DueChange(each.setl_id, each.stored.due_fen, each.result.due_fen)
        for each in differing
        if None not in (each.stored.outcome, each.result.outcome) and each.stored.due_fen != each.result.due_fen
    )
    write_columns(Settlement, Result._fields, [(*each.result, each.key) for each in differing])
    rewritten = [each for each in differing if each.stored_lines != each.lines]
    for piece in chunks([each.key for each in rewritten if each.stored_lines]):
        BenefitLine.objects.filter(settlement_id__in=piece).delete()
    insert_rows(
        BenefitLine, ("settlement", *Line._fields), [(each.key, *line) for each in rewritten for line in each.lines]
    )
    _write_years(book, years, at)


def _write_years(book: Rulebook, years: Sequence[Year], at: datetime) -> None:
    kept = [(year.key, year) for year in years if year.settlements and year.key is not None]
    for piece in chunks([year.key for year in years if not year.settlements and year.key is not None]):
        OwnerYear.objects.filter(pk__in=piece).delete()
    changed = [(key, year) for key, year in kept if year.stored_accumulators != year.accumulators]
    for piece in chunks([key for key, year in changed if year.stored_accumulators]):
        Accumulator.objects.filter(owner_year_id__in=piece).delete()
    insert_rows(
        Accumulator,
        ("owner_year", *AccountOf._fields, *Used._fields),
        [(key, *account, *used) for key, year in changed for account, used in year.accumulators.items()],
    )
    rules = rules_text(book)
    moment = connection.ops.adapt_datetimefield_value(at)
    write_columns(
        OwnerYear,
        ("paid_fen", "is_withheld", "rules", "engine", "assessed_at"),
        [(year.paid_fen, year.is_withheld, rules, __version__, moment, key) for key, year in kept],
    )
