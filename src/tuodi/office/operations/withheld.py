"""Refused rows and contradictions: whom they hold back, and how that ends.

A refused row holds back its person's results of its year, of every year where the row does not tell, until a good row
as new comes of the same ``setl_id``, for the roster of the same person, or somebody sets it aside with a reason. One of
what others paid holds back whom its settlement is of (``hold_back``): the amount may be missing there. A contradiction
holds back the persons of both rows (``hold_back``) until it is settled (``operations.contradictions``).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import models

from tuodi.intake.facts import Refusal
from tuodi.intake.settlements import ID_CONFLICT
from tuodi.office.access import Actor
from tuodi.office.assessing import keys_of, lock_imports, lock_persons, reassess
from tuodi.office.bulk import chunks
from tuodi.office.contents import RULES, read, recorded
from tuodi.office.contents import told as told_of
from tuodi.office.facts import Numbers
from tuodi.office.models import Contradiction, ImportBatch, ImportChange, Person, Settlement, User, Withheld
from tuodi.office.models.contradictions import Kind
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.recording import Plain, Recorder
from tuodi.office.operations.refused_payments import hold_back_refused
from tuodi.office.operations.refused_rows import said_again, withheld_of
from tuodi.office.operations.writing import writing
from tuodi.office.queries.reach import county_region_id
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action

SETTLEMENT: Final = "settlement"
ROSTER: Final = "roster"
"""Kinds of withheld rows."""

REASON_SHORTEST: Final = 2
WHY_LONGEST: Final = 200


def withhold_rows(
    refusals: Iterable[Refusal], *, batch: ImportBatch | None, at: datetime, recorder: Recorder | None = None
) -> list[str]:
    """Hold back whom refused rows of settlements are about; return their ``psn_no``, once for each row that does.

    A row nobody can be told from holds back nobody. One that says what is held back already does not count again, and
    neither does one of a settlement that was ended before: what was set aside by hand stays so. They go on to
    ``settle_refusals``.
    """
    recorder = recorder or Plain()
    rows = [refusal for refusal in dict.fromkeys(refusals) if refusal.psn_no]
    told_before = _told_before({row.psn_no for row in rows})
    said = [(row.psn_no, row.year, row.setl_id, row.rule, row.message) for row in rows]
    told_and_rows = list(zip(said, rows, strict=True))
    made = [
        withheld_of(row, kind=SETTLEMENT, batch=batch, at=at) for told, row in told_and_rows if told not in told_before
    ]
    if made:
        recorder.create(made)
    said_again({told_before[told]: row for told, row in told_and_rows if told in told_before}, batch, recorder)
    return [row.psn_no for row in made]


def _told_before(psn_nos: Collection[str]) -> dict[tuple[Any, ...], int]:
    """Return what holds back these persons, and of single settlements what ever did: the key of its row."""
    found: dict[tuple[Any, ...], int] = {}
    columns = ("psn_no", "year", "setl_id", "rule", "message", "ended_at", "pk")
    for piece in chunks(sorted(psn_nos)):
        for *told, ended_at, key in Withheld.objects.filter(kind=SETTLEMENT, psn_no__in=piece).values_list(*columns):
            if ended_at is None or told[2]:
                found[tuple(told)] = key
    return found


def settle_refusals(setl_ids: Collection[str], *, at: datetime, recorder: Recorder | None = None) -> list[str]:
    """Let unreadable rows hold back or not, by what else came under their ids; return the persons for whom it changes.

    A good record of the id settles them, in whichever order the two came, where it is as new as their list: an
    unreadable row of a newer one may reverse or correct it. Where the id has ever meant different rows nothing does but
    a hand: nobody can tell which of them the unreadable one was.
    """
    ending: dict[int, str] = {}
    again: dict[int, str] = {}
    for piece in chunks(sorted(setl_ids)):
        unreadable = _unreadable(piece).filter(ended_by__isnull=True, contradiction__isnull=True)
        rows = list(unreadable.values_list("pk", "psn_no", "setl_id", "ended_at", "batch__as_of"))
        sound = _newest_good({row[2] for row in rows}) if rows else {}
        for key, psn_no, setl_id, ended, as_of in rows:
            is_over = setl_id in sound and (as_of is None or sound[setl_id] >= as_of)
            if is_over == (ended is None):
                (ending if is_over else again)[key] = psn_no
    _end(ending, at, "已收到同一结算编号的正确记录", recorder or Plain())
    _end(again, None, "", recorder or Plain())
    return [*ending.values(), *again.values()]


def _unreadable(setl_ids: Collection[str]) -> models.QuerySet[Withheld]:
    return Withheld.objects.filter(kind=SETTLEMENT, setl_id__in=setl_ids).exclude(rule=ID_CONFLICT)


def _newest_good(setl_ids: Collection[str]) -> dict[str, date]:
    """Return the day of the newest list or message that gives a settlement, none where its id meant different rows."""
    contested = Withheld.objects.filter(kind=SETTLEMENT, setl_id__in=setl_ids, rule=ID_CONFLICT)
    found = Settlement.objects.filter(setl_id__in=setl_ids).exclude(setl_id__in=contested.values("setl_id"))
    newest: dict[str, date] = {}
    id_of: dict[int, str] = {}
    for key, setl_id, as_of, received_at, named_at in found.values_list(
        "pk", "setl_id", "batch__as_of", "received_at", "named_at"
    ):
        id_of[key] = setl_id
        newest[setl_id] = max(as_of or received_at.date(), named_at.date() if named_at else date.min)
    # Files that say the same again.
    naming = ImportChange.objects.filter(table=Settlement._meta.label_lower, record__in=id_of)
    naming = naming.exclude(batch__state=ImportBatch.State.UNDONE)
    for key, as_of in naming.values_list("record", "batch__as_of"):
        newest[id_of[key]] = max(newest[id_of[key]], as_of)
    return newest


def unreadable_beside(batch: ImportBatch) -> set[str]:
    """Return whom unreadable rows are about that a batch's good ones may have settled, by ``psn_no``."""
    persons_of: dict[str, set[str]] = defaultdict(set)
    for setl_id, psn_no in _left_to_files().values_list("setl_id", "psn_no"):
        persons_of[setl_id].add(psn_no)
    named = ImportChange.objects.filter(batch=batch, table=Settlement._meta.label_lower)
    found: set[str] = set()
    for piece in chunks(sorted(persons_of)):
        id_of = dict(Settlement.objects.filter(setl_id__in=piece).values_list("pk", "setl_id"))
        for key in named.filter(record__in=id_of).values_list("record", flat=True):
            found |= persons_of[id_of[key]]
    return found


def unreadable_of(psn_nos: Collection[str]) -> set[str]:
    """Return the ``setl_id`` of unreadable rows about some persons, as far as nobody set them aside."""
    rows = _left_to_files().values_list("setl_id", "psn_no")
    return {setl_id for setl_id, psn_no in rows if psn_no in psn_nos}


def _left_to_files() -> models.QuerySet[Withheld]:
    """Return the unreadable rows of known settlements that nobody set aside: what else comes decides about them."""
    found = Withheld.objects.filter(kind=SETTLEMENT, ended_by__isnull=True).exclude(setl_id="")
    return found.exclude(rule=ID_CONFLICT).order_by("pk")


def hold_back(
    setl_ids: Collection[str],
    *,
    at: datetime,
    recorder: Recorder | None = None,
    why: str = "矛盾已经处理",
    by: User | None = None,
) -> list[str]:
    """Let what is in doubt about some settlements hold back whom it is about, and nobody else.

    In doubt is what contradicts itself, and what others paid where no row of it could be read. Of a contradiction that
    is the person and year of the recorded settlement, and of the other row of a settlement. An answer or a payment of a
    settlement that has not come holds back nobody yet. Returns the ``psn_no`` for whom it changes.
    """
    recorder, changed = recorder or Plain(), []
    for piece in chunks(sorted(setl_ids)):
        changed += hold_back_refused(piece, at=at, recorder=recorder)
        if not Contradiction.objects.filter(setl_id__in=piece).exists():
            continue
        standing = {
            (row.contradiction_id, row.psn_no, row.year): row
            for row in Withheld.objects.filter(contradiction__setl_id__in=piece, ended_at__isnull=True)
        }
        wanted = _held_back(Contradiction.objects.filter(setl_id__in=piece, state=Contradiction.State.OPEN))
        _adopt(standing, wanted, recorder)
        over = [row for key, row in standing.items() if key not in wanted]
        new = [row for key, row in wanted.items() if key not in standing]
        for row in new:
            row.since = at
        said_anew = {
            standing[key].pk: {"message": row.message}
            for key, row in wanted.items()
            if key in standing and standing[key].message != row.message
        }
        _end([row.pk for row in over], at, why, recorder, by)
        recorder.create(new)
        if said_anew:
            recorder.update(Withheld, said_anew)
        changed += [row.psn_no for row in (*over, *new)]
    return changed


_Holding = tuple[int | None, str, int | None]


def _held_back(contradictions: Iterable[Contradiction]) -> dict[_Holding, Withheld]:
    """Return the rows there must be: by contradiction, person and year."""
    found: dict[_Holding, Withheld] = {}
    every = list(contradictions)
    in_force = recorded(every)
    settlements = {row.setl_id: row for row in Settlement.objects.filter(setl_id__in={each.setl_id for each in every})}
    for each in every:
        record, settlement = in_force.get(each.pk), settlements.get(each.setl_id)
        persons = {(each.psn_no, each.year)} if each.kind == Kind.SETTLEMENT else set()
        persons |= {(settlement.psn_no, settlement.year)} if settlement else set()
        message = told_of(each.kind, record.contents, read(each.contents)) if record else ""
        for psn_no, year in persons:
            found[each.pk, psn_no, year] = Withheld(
                kind=SETTLEMENT,
                psn_no=psn_no,
                year=year,
                setl_id=each.setl_id,
                rule=RULES[Kind(each.kind)],
                message=message,
                batch=each.batch,
                row=each.row,
                contradiction=each,
            )
    return found


def _adopt(standing: dict[_Holding, Withheld], wanted: Mapping[_Holding, Withheld], recorder: Recorder) -> None:
    """Let rows that were withheld before contents were kept belong to the contradiction they tell of."""
    new = [row for key, row in wanted.items() if key not in standing]
    missing = {(row.psn_no, row.year, row.setl_id, row.message): row for row in new}
    if not missing:
        return
    ids = {setl_id for _, _, setl_id, _ in missing}
    before = {}
    for row in told_without_contents(ids).filter(ended_at__isnull=True):
        if (told := missing.get((row.psn_no, row.year, row.setl_id, row.message))) is not None:
            before[row.pk] = {"contradiction": told.contradiction}
            standing[told.contradiction_id, row.psn_no, row.year] = row
    if before:
        recorder.update(Withheld, before)


def told_without_contents(setl_ids: Collection[str]) -> models.QuerySet[Withheld]:
    """Return the contradictions told before contents were kept, or within one file: open ones and ended ones."""
    found = Withheld.objects.filter(kind=SETTLEMENT, setl_id__in=setl_ids, rule=ID_CONFLICT)
    return found.filter(contradiction__isnull=True).order_by("pk")


def _end(keys: Iterable[int], at: datetime | None, why: str, recorder: Recorder, by: User | None = None) -> None:
    values: dict[int, dict[str, Any]] = {key: {"ended_at": at, "ended_why": why} for key in keys}
    if by is not None:
        values = {key: {**fields, "ended_by": by} for key, fields in values.items()}
    if values:
        recorder.update(Withheld, values)


def holding_back() -> models.QuerySet[Withheld]:
    """Return the rows that hold back somebody now."""
    return Withheld.objects.filter(ended_at__isnull=True).exclude(psn_no="")


def set_aside(*, actor: Actor, withheld_id: int, reason: str, at: datetime) -> str:
    """End a withheld row by hand: it counts no more, the person's results are computed anew. Return the ``psn_no``.

    Whoever does so has changed the person's facts (separation of duties). Of rows that contradict each other and are
    kept, one is chosen in ``operations.contradictions``. Raises Refused, Absent.
    """
    with writing(actor, Action.CHANGE_PEOPLE, at) as write:
        lock_imports()
        psn_no = Withheld.objects.filter(pk=withheld_id).values_list("psn_no", flat=True).first()
        # One that holds back nobody yet is nobody's to let go.
        if not psn_no:
            raise Absent
        # The person first, as everybody: who decides on them waits until the touch is noted.
        survivor = Numbers().survivor(psn_no)
        lock_persons(keys_of({survivor}))
        person = Person.objects.select_related("region").filter(psn_no=survivor).first()
        row = Withheld.objects.select_for_update(of=("self",)).select_related("ended_by").filter(pk=withheld_id).first()
        if row is None:
            raise Absent
        write.allow(person.region_id if person and person.region_id else county_region_id())
        if row.ended_at is not None:
            raise Refused("这一条已经处理过了；请刷新页面查看。")
        if row.contradiction_id is not None:
            raise Refused("两条互相矛盾的内容都保存着，不能直接放行；请打开“核对两条记录”，选定采用哪一条。")
        why = line_of(reason, "理由", WHY_LONGEST, REASON_SHORTEST)
        row.ended_at, row.ended_by, row.ended_why = at, actor.user, why
        row.save(update_fields=["ended_at", "ended_by", "ended_why"])
        if person is not None:
            write.touch(person, "withheld.set-aside", told_at=f"withheld {row.pk}")
        cases = CaseRefresh(write)
        reassess(psn_nos={row.psn_no}, at=at, judge=cases.judge)
        cases.finish()
        region = person.region if person else None
        write.log("withheld.set-aside", f"withheld {row.pk}", region, setl_id=row.setl_id, rule=row.rule, reason=why)
    return row.psn_no
