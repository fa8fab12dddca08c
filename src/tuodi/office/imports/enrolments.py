"""Who is insured in which year and where, and whose premium is subsidised: two kinds of lists, one record per year.

Of the states the newest list counts, of premium and subsidy the newest list that has any, whenever they arrive; of two
lists of one day the greater value, so that their order does not. A subsidised person of whom no list of states tells
anything counts as resident: only residents' premiums are subsidised.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tuodi.intake.office_lists import (
    EnrolmentState,
    ListFile,
    PremiumSubsidy,
    read_enrolment_states,
    read_premium_lists,
)
from tuodi.kernel.money import Fen, yuan_grouped
from tuodi.office.bulk import chunks
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.kinds import CHANGED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.listed_persons import ListedPersons, keyed, who
from tuodi.office.imports.recorder import Recorder
from tuodi.office.models import Enrolment, ImportBatch, Person
from tuodi.office.progress import Tell, silent
from tuodi.office.queries.enrolment_states import RESIDENT, state_words

_STATE = ("as_of", "state", "insutype", "enrol_date")
_PREMIUM = ("premium_as_of", "premium_fen", "subsidy_fen")


class Stated(NamedTuple):
    """What a row says of one person and year; an empty ``state`` says nothing of it, nor do two amounts of 0."""

    psn_no: str
    year: int
    state: str
    insutype: str
    enrol_date: date | None
    premium_fen: Fen
    subsidy_fen: Fen
    row: int


@dataclass(slots=True)
class EnrolmentsWork:
    """What applying a list writes. New records hang on their person, whose key may not exist yet."""

    new_persons: list[Person] = field(default_factory=list)
    new: list[Enrolment] = field(default_factory=list)
    changed: list[Enrolment] = field(default_factory=list)
    named: list[int] = field(default_factory=list)


class _Enrolments:
    """What both kinds have in common."""

    id: str
    title: str
    layout: str
    amount_title: str
    can_be_full = False
    refused_hold_back = False

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare the list with what is known."""
        return _Planning(read.rows, batch, lock, in_full).plan(tell)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write it; no result depends on it, but a new person's settlements find their person."""
        work: EnrolmentsWork = plan.work
        tell("写入参保", 0, len(work.new) + len(work.changed))
        recorder.create(work.new_persons)
        keyed(work.new)
        recorder.create(work.new)
        fields = (*_STATE, *_PREMIUM)
        recorder.update(Enrolment, {each.pk: {name: getattr(each, name) for name in fields} for each in work.changed})
        recorder.name(Enrolment, work.named)
        return [person.psn_no for person in work.new_persons]

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Nobody besides those of the file."""
        return ()

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Nothing else follows from the set of lists."""
        return ()


class EnrolmentStates(_Enrolments):
    """See the module and ``kinds.Kind``."""

    id = "enrolment_states"
    title = "参保情况"
    layout = "enrolment_states"
    amount_title = "资助金额合计"

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the list."""
        file: ListFile[EnrolmentState] = read_enrolment_states(path, sender_format(batch.sender))
        rows = [Stated._make(record) for record in file.records]
        return Read(
            rows=rows,
            findings=file.findings,
            totals=file.totals,
            usable=file.usable,
            amount_fen=file.totals.subsidy_fen,
        )


class PremiumLists(_Enrolments):
    """See the module and ``kinds.Kind``."""

    id = "premium_lists"
    title = "资助参保名单"
    layout = "premium_lists"
    amount_title = "资助金额合计"

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the list."""
        file: ListFile[PremiumSubsidy] = read_premium_lists(path, sender_format(batch.sender))
        rows = [Stated(r.psn_no, r.year, "", "", None, r.premium_fen, r.subsidy_fen, r.row) for r in file.records]
        return Read(
            rows=rows,
            findings=file.findings,
            totals=file.totals,
            usable=file.usable,
            amount_fen=file.totals.subsidy_fen,
        )


class _Planning:
    """One comparison under way."""

    def __init__(self, rows: Sequence[Stated], batch: ImportBatch, lock: bool, in_full: bool) -> None:
        self.rows, self.batch, self.lock = rows, batch, lock
        self.work = EnrolmentsWork()
        self.writer = PlanWriter(in_full)
        self.persons = ListedPersons(batch, lock)

    def plan(self, tell: Tell) -> Plan:
        self.persons.lock_all(row.psn_no for row in self.rows)
        of_person: dict[str, list[Stated]] = {}
        for row in self.rows:
            of_person.setdefault(self.persons.survivor(row.psn_no), []).append(row)
        numbers, done = sorted(of_person), 0
        for piece in chunks(numbers):
            persons = self.persons.find(piece)
            known = self._known(persons.values())
            for psn_no in piece:
                self._compare(persons[psn_no], of_person[psn_no], known)
            done += len(piece)
            tell("与已知的参保情况比较", done, len(numbers))
        self.work.new_persons = [person for _, person in sorted(self.persons.new.items())]
        self.persons.tell_new(self.writer)
        return self.writer.finish(self.work)

    def _known(self, persons: Iterable[Person]) -> dict[tuple[int, int], Enrolment]:
        of_key = {person.pk: person for person in persons if person.pk is not None}
        found = Enrolment.objects.filter(person_id__in=list(of_key)).order_by("pk")
        known = {}
        for each in found.select_for_update(of=("self",)) if self.lock else found:
            each.person = of_key[each.person_id]
            known[each.person_id, each.year] = each
        return known

    def _compare(self, person: Person, rows: list[Stated], known: dict[tuple[int, int], Enrolment]) -> None:
        of_year: dict[int, list[Stated]] = {}
        for row in rows:
            if self.persons.allows(person):
                of_year.setdefault(row.year, []).append(row)
            else:
                self.writer.note(self.persons.elsewhere(person, row.psn_no, row.row))
        for year, said in sorted(of_year.items()):
            enrolment = known.get((person.pk, year))
            is_new = enrolment is None
            enrolment = enrolment or Enrolment(person=person, year=year, state=RESIDENT)
            before = _in_words(enrolment)
            # Two numbers of a merged record may both be listed: every row takes its turn.
            is_taken = [_take(enrolment, row, self.batch.as_of) for row in said]
            self._told(enrolment, is_new, any(is_taken), before)

    def _told(self, enrolment: Enrolment, is_new: bool, is_taken: bool, before: str) -> None:
        after = _in_words(enrolment)
        change = [enrolment.person.psn_no, enrolment.year, before, after]
        about = who(enrolment.person)
        if is_new:
            self.work.new.append(enrolment)
            self.writer.add(NEW, change, Sample(f"{enrolment.year} 年参保", about, "", after))
            return
        if is_taken:
            self.work.changed.append(enrolment)
        else:
            self.work.named.append(enrolment.pk)
        if before == after:
            self.writer.add(SAME, change)
        else:
            self.writer.add(CHANGED, change, Sample(f"{enrolment.year} 年参保", about, before, after))


def _take(enrolment: Enrolment, said: Stated, as_of: date) -> bool:
    """Let a row say what it says (not saved); return whether it counts, an older or lesser one does not."""
    taken = False
    state = (as_of, said.state, said.insutype, said.enrol_date or date.min)
    known = (enrolment.as_of or date.min, enrolment.state, enrolment.insutype, enrolment.enrol_date or date.min)
    if said.state and (enrolment.as_of is None or state > known):
        enrolment.as_of, enrolment.state, enrolment.insutype, enrolment.enrol_date = (*state[:3], said.enrol_date)
        taken = True
    premium = (as_of, said.premium_fen, said.subsidy_fen)
    stood = (enrolment.premium_as_of or date.min, enrolment.premium_fen, enrolment.subsidy_fen)
    if (said.premium_fen or said.subsidy_fen) and premium > stood:
        enrolment.premium_as_of, enrolment.premium_fen, enrolment.subsidy_fen = premium
        taken = True
    return taken


def _in_words(enrolment: Enrolment) -> str:
    parts = [state_words(enrolment.state), enrolment.insutype, str(enrolment.enrol_date or "")]
    if enrolment.premium_fen or enrolment.subsidy_fen:
        premium, subsidy = yuan_grouped(enrolment.premium_fen), yuan_grouped(enrolment.subsidy_fen)
        parts.append(f"个人缴费标准 {premium} 元，资助 {subsidy} 元")
    return "，".join(part for part in parts if part)
