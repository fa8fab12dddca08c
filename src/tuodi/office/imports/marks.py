"""The identities marked in the national platform: what the hospital's window goes by; full picture or changes only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from tuodi.intake.office_lists import ListFile, Mark, read_marks
from tuodi.kernel.finding import Finding, Severity
from tuodi.office.bulk import chunks, write_over
from tuodi.office.holding_end import DAY
from tuodi.office.imports import mark_periods
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.full_lists import tell_full
from tuodi.office.imports.kinds import CHANGED, ENDED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.listed_persons import ListedPersons, keyed, who
from tuodi.office.imports.mark_periods import MARKS, FullMarkLists
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.unknown_identities import tell_unknown_identities
from tuodi.office.models import ImportBatch, Person, PlatformMark
from tuodi.office.numbers import certno_index, set_certno
from tuodi.office.periods import period
from tuodi.office.progress import Tell, silent

_WRITTEN = ("as_of", "stated_end", "end", "sender_id")


@dataclass(slots=True)
class MarksWork:
    """What applying a list of marks writes. New marks hang on their person, whose key may not exist yet."""

    new_persons: list[Person] = field(default_factory=list)
    new: list[PlatformMark] = field(default_factory=list)
    changed: list[PlatformMark] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    named: list[int] = field(default_factory=list)


class Marks:
    """See the module and ``kinds.Kind``."""

    id = MARKS
    title = "平台身份标识"
    layout = "marks"
    amount_title = ""
    can_be_full = True
    refused_hold_back = False

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the list."""
        file = read_marks(path, sender_format(batch.sender))
        return Read(rows=file, findings=file.findings, totals=file.totals, usable=file.usable)

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare the list with the marks known."""
        return _Planning(read.rows, batch, lock, in_full).plan(tell)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write the marks; no result depends on them, but a new person's settlements find their person."""
        work: MarksWork = plan.work
        tell("写入平台标识", 0, len(work.new) + len(work.changed))
        batch.undecided = work.undecided
        batch.save(update_fields=["undecided"])
        recorder.create(work.new_persons)
        keyed(work.new)
        recorder.create(work.new)
        recorder.update(
            PlatformMark, {mark.pk: {name: getattr(mark, name) for name in _WRITTEN} for mark in work.changed}
        )
        recorder.name(PlatformMark, work.named)
        return [person.psn_no for person in work.new_persons]

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Return whose marks a full list ended."""
        return _ended_by(batch).values_list("person__psn_no", flat=True)

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Take back the ends a full list gave to marks that came in later, by older lists."""
        if batch.is_full:
            lists = FullMarkLists.applied()
            found = _ended_by(batch).select_for_update(of=("self",)).select_related("person").order_by("pk")
            changed = list(found)
            for mark in changed:
                mark.end = lists.end_of(mark, mark.person.psn_no)
            write_over(PlatformMark, changed, ["end"])
        return ()


def _ended_by(batch: ImportBatch) -> QuerySet[PlatformMark]:
    """Return the marks that end because a full list does not name them; a list of changes ends none."""
    found = PlatformMark.objects.filter(sender=batch.sender, end=batch.as_of - DAY)
    return found if batch.is_full else found.none()


class _Planning:
    """One comparison under way."""

    def __init__(self, file: ListFile[Mark], batch: ImportBatch, lock: bool, in_full: bool) -> None:
        self.file, self.batch, self.lock = file, batch, lock
        self.work = MarksWork()
        self.writer = PlanWriter(in_full)
        self.lists = FullMarkLists.applied()
        self.persons = ListedPersons(batch, lock)
        missed = mark_periods.missed_by(batch).values_list("person_id", flat=True) if batch.is_full else ()
        self.persons.lock_all((mark.psn_no for mark in file.records), missed)
        self.undecided = {self.persons.survivor(refusal.psn_no) for refusal in file.refusals if refusal.psn_no}
        self.named: set[int] = set()

    def plan(self, tell: Tell) -> Plan:
        rows: dict[str, list[Mark]] = {}
        for mark in self.file.records:
            rows.setdefault(self.persons.survivor(mark.psn_no), []).append(mark)
        numbers, done = sorted(rows), 0
        for piece in chunks(numbers):
            persons = self.persons.find(piece)
            known = self._known(persons.values())
            for psn_no in piece:
                self._compare(persons[psn_no], rows[psn_no], known)
            done += len(piece)
            tell("与已知的平台标识比较", done, len(numbers))
        if self.batch.is_full:
            self._end_unnamed()
        said = ((mark.identity, mark.row) for mark in self.file.records)
        tell_unknown_identities(self.writer, self.batch, said, "身份标识")
        named = {mark.person.psn_no for mark in self.work.new}
        self.work.new_persons = [person for psn_no, person in sorted(self.persons.new.items()) if psn_no in named]
        self.work.undecided = sorted(self.undecided)
        self.writer.agree(self.work.undecided)
        self.persons.tell_new(self.writer)
        return self.writer.finish(self.work)

    def _known(self, persons: Iterable[Person]) -> dict[tuple[int, str, date], PlatformMark]:
        of_key = {person.pk: person for person in persons if person.pk is not None}
        marks = PlatformMark.objects.filter(person_id__in=list(of_key)).order_by("pk")
        known = {}
        for mark in marks.select_for_update(of=("self",)) if self.lock else marks:
            mark.person = of_key[mark.person_id]
            known[mark.person_id, mark.identity, mark.begin] = mark
        return known

    def _compare(self, person: Person, rows: list[Mark], known: dict[tuple[int, str, date], PlatformMark]) -> None:
        if not self.persons.allows(person):
            self.undecided.add(person.psn_no)
            for row in rows:
                self.writer.note(self.persons.elsewhere(person, row.psn_no, row.row))
            return
        self._check_certno(person, rows)
        ends: dict[tuple[str, date], date | None] = {}
        for row in rows:
            # Two numbers of a merged record may both be marked.
            same = ends.get((row.identity, row.begin), row.end)
            ends[row.identity, row.begin] = None if same is None or row.end is None else max(same, row.end)
        for (identity, begin), end in sorted(ends.items(), key=lambda item: item[0]):
            mark = known.get((person.pk, identity, begin))
            if mark is None:
                self._new(person, identity, begin, end)
            else:
                self._named(mark, end)

    def _check_certno(self, person: Person, rows: list[Mark]) -> None:
        certno = max(row.certno for row in rows)
        if not certno or "*" in certno:
            return
        if person.pk is None:
            set_certno(person, certno)
        elif person.certno_index and person.certno_index != certno_index(certno):
            message = f"人员 {person.psn_no} 在平台的证件号码与登记的不同"
            advice = "请核对是不是同一个人；登记有误的，在人员页面更正"
            self.writer.note(
                Finding(
                    rule="certno-differs",
                    severity=Severity.WARNING,
                    message=message,
                    advice=advice,
                    file=self.batch.file_name,
                    row=rows[0].row,
                    column="证件号码",
                )
            )

    def _new(self, person: Person, identity: str, begin: date, end: date | None) -> None:
        mark = PlatformMark(person=person, identity=identity, begin=begin)
        mark_periods.confirm(mark, end, self.batch, self.lists, person.psn_no)
        self.work.new.append(mark)
        change = [person.psn_no, identity, str(begin), str(mark.end), person.certno_index if person.pk is None else ""]
        self.writer.add(NEW, change, Sample("新增标识", who(person), "", f"{identity} {period(begin, mark.end)}"))

    def _named(self, mark: PlatformMark, end: date | None) -> None:
        self.named.add(mark.pk)
        before = mark.end
        if mark_periods.confirm(mark, end, self.batch, self.lists, mark.person.psn_no):
            self.work.changed.append(mark)
        else:
            self.work.named.append(mark.pk)
        self._told(mark, before, CHANGED)

    def _told(self, mark: PlatformMark, before: date | None, kind: str) -> None:
        change = [mark.person.psn_no, mark.identity, str(mark.begin), str(before), str(mark.end)]
        if mark.end == before:
            self.writer.add(SAME, change)
            return
        was, now = period(mark.begin, before), period(mark.begin, mark.end)
        self.writer.add(kind, change, Sample(mark.identity, who(mark.person), was, now))

    def _end_unnamed(self) -> None:
        """End what a full list no longer names; whoever has a refused row in it stays as they are."""
        found, ended = mark_periods.missed_by(self.batch), 0
        for mark in found.select_for_update(of=("self",)) if self.lock else found:
            if mark.pk in self.named or mark.person.psn_no in self.undecided:
                continue
            before, mark.end = mark.end, self.batch.as_of - DAY
            self.work.changed.append(mark)
            self._told(mark, before, ENDED)
            ended += mark.end != before
        tell_full(self.writer, self.batch, ended, named=self.named, spared=self.undecided)
