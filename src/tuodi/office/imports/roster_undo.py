"""What follows from the set of rosters that stay, once one of them is undone: ends of identities, refused rows."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from tuodi.office.bulk import chunks, write_over
from tuodi.office.holding_end import end_of
from tuodi.office.imports.roster_periods import ROSTER, FullLists, ended_by
from tuodi.office.imports.roster_refusals import ALREADY_SETTLED
from tuodi.office.models import Holding, ImportBatch, ImportChange, Person, Withheld


def concerned(batch: ImportBatch) -> set[str]:
    """Return the ``psn_no`` of whom undoing a roster may change besides its own records."""
    ended = set(ended_by(batch).values_list("person__psn_no", flat=True))
    return ended | {row.psn_no for row in _settled_by(batch)}


def set_right(batch: ImportBatch) -> set[str]:
    """Let the lists that stay decide anew, once the batch's records are as before; return whom that changes.

    A full list of an earlier day, which came while the batch's rows counted, ends now what the batch named; an end the
    batch gave goes; a refused row that the batch's good ones settled holds back again.
    """
    changed = _ends(batch)
    for row in _settled_by(batch):
        if not _is_settled(row):
            Withheld.objects.filter(pk=row.pk).update(ended_at=None, ended_why="")
            changed.add(row.psn_no)
    return changed


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


def _settled_by(batch: ImportBatch) -> QuerySet[Withheld]:
    """Return refused rows that counted as settled when they came, maybe because the batch names the person."""
    rows = Withheld.objects.filter(kind=ROSTER, ended_why=ALREADY_SETTLED, batch__as_of__lte=batch.as_of or date.max)
    person = Person.objects.filter(psn_no=OuterRef(OuterRef("psn_no"))).values("pk")[:1]
    named = ImportChange.objects.filter(batch=batch, table="office.person", record=person)
    return rows.filter(Exists(named)).select_related("batch").order_by("pk")


def _is_settled(row: Withheld) -> bool:
    """Tell whether a list that stays, as new as the row's, names the person and refuses no row of theirs."""
    person = Person.objects.filter(psn_no=row.psn_no).values("pk")
    naming = ImportChange.objects.filter(table="office.person", record__in=person).values("batch")
    lists = ImportBatch.objects.filter(pk__in=naming, kind=ROSTER, state=ImportBatch.State.APPLIED)
    as_new = lists.filter(as_of__gte=row.batch.as_of if row.batch else date.min).exclude(pk=row.batch_id)
    refusing = Withheld.objects.filter(kind=ROSTER, psn_no=row.psn_no).values("batch")
    return as_new.exclude(pk__in=refusing).exists()
