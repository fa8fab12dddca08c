"""What follows from the set of rosters that stay, once one of them is undone: ends of identities, refused rows."""

from collections.abc import Collection, Sequence
from datetime import date

from tuodi.office.bulk import chunks, write_over
from tuodi.office.facts import Numbers
from tuodi.office.holding_end import end_of
from tuodi.office.imports.roster_periods import ROSTER, FullLists, ended_by
from tuodi.office.imports.roster_refusals import ALREADY_SETTLED, is_settled, newest_lists
from tuodi.office.models import Holding, ImportBatch, ImportChange, Person, Withheld


def concerned(batch: ImportBatch) -> set[str]:
    """Return the ``psn_no`` of those whose identities a roster ended without naming them."""
    return set(ended_by(batch).values_list("person__psn_no", flat=True))


def set_right(batch: ImportBatch, psn_nos: Collection[str]) -> set[str]:
    """Let the lists that stay decide anew, once the batch's records are as before; return whom that changes.

    A full list of an earlier day, which came while the batch's rows counted, ends now what the batch named; an end the
    batch gave goes; a refused row that the batch's good ones settled holds back again, one they left in doubt no more.
    ``psn_nos`` are whom the batch was about.
    """
    return _ends(batch) | _refusals(psn_nos)


def _ends(batch: ImportBatch) -> set[str]:
    written = ImportChange.objects.filter(batch=batch, table="office.holding").exclude(before_sealed=ImportChange.NAMED)
    keys = {*written.values_list("record", flat=True), *ended_by(batch).values_list("pk", flat=True)}
    lists, changed = FullLists.applied(), []
    for piece in chunks(sorted(keys)):
        found = Holding.objects.filter(pk__in=piece).select_related("person").order_by("pk")
        for holding in found.select_for_update(of=("self",)):
            absent_on = lists.first_absence(holding)
            if absent_on != holding.absent_on:
                holding.absent_on = absent_on
                holding.end = end_of(holding, holding.person.died_on)
                changed.append(holding)
    write_over(Holding, changed, ["absent_on", "end"])
    return {holding.person.psn_no for holding in changed}


def _refusals(psn_nos: Collection[str]) -> set[str]:
    numbers = Numbers()
    rows_of: dict[str, list[Withheld]] = {}
    rows = Withheld.objects.filter(kind=ROSTER, ended_why__in=("", ALREADY_SETTLED), batch__isnull=False)
    rows = rows.filter(ended_by__isnull=True)
    for row in rows.select_related("batch").order_by("-batch__as_of", "pk"):
        rows_of.setdefault(row.psn_no, []).append(row)
    changed: set[str] = set()
    every = numbers.all_of({numbers.survivor(psn_no) for psn_no in psn_nos})
    for piece in chunks([psn_no for psn_no in every if psn_no in rows_of]):
        survivors = {numbers.survivor(psn_no) for psn_no in piece}
        newest = newest_lists(Person.objects.filter(psn_no__in=survivors))
        changed |= {psn_no for psn_no in piece if _decide_anew(rows_of[psn_no], newest.get(psn_no))}
    return changed


def _decide_anew(rows: Sequence[Withheld], newest: date | None) -> bool:
    """Let somebody's refused rows, the newest first, hold back or not; return whether that changes."""
    live = [row for row in rows if row.ended_at is None]
    is_changed = False
    for row in rows:
        others = [each for each in live if each != row]
        as_of = row.batch.as_of if row.batch else date.max
        # The list of the same day that names them may be its own: what it leaves in doubt it does not settle.
        is_own_doubt = row in live and as_of == newest
        is_over = not is_own_doubt and is_settled(as_of, newest, others)
        if is_over == (row in live):
            row.ended_at, row.ended_why = (row.since, ALREADY_SETTLED) if is_over else (None, "")
            row.save(update_fields=["ended_at", "ended_why"])
            live = others if is_over else [*others, row]
            is_changed = True
    return is_changed
