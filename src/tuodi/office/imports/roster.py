"""The civil-affairs roster: persons, their households and the identities they hold; the full list or changes only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tuodi.intake.facts import Refusal
from tuodi.intake.roster import read_roster
from tuodi.kernel.finding import Finding
from tuodi.office.assessing import keys_of, lock_persons
from tuodi.office.bulk import chunks
from tuodi.office.facts import Numbers
from tuodi.office.holding_end import end_of
from tuodi.office.imports import roster_facts, roster_periods, roster_undo
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.full_lists import tell_full
from tuodi.office.imports.kinds import CHANGED, ENDED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.roster_periods import ROSTER, FullLists
from tuodi.office.imports.roster_refusals import SETTLED, RosterRefusals
from tuodi.office.imports.roster_rows import (
    RosterRow,
    RosterRows,
    Towns,
    row_finding,
    row_of,
    tells_whom,
)
from tuodi.office.imports.unknown_identities import tell_unknown_identities
from tuodi.office.models import Holding, Household, ImportBatch, Person, Region, Withheld
from tuodi.office.periods import period
from tuodi.office.progress import Tell, silent

_Holdings = dict[tuple[str, str, date], Holding]
"""Identities by the number lists name them by, name and first day."""


@dataclass(slots=True)
class RosterWork:
    """What applying a roster writes. New holdings hang on their person, whose key may not exist yet."""

    new_households: dict[str, int | None] = field(default_factory=dict)
    new_persons: list[Person] = field(default_factory=list)
    facts: list[tuple[Person, roster_facts.FactsChange]] = field(default_factory=list)
    new_holdings: list[Holding] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    new_withheld: list[Withheld] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    named_persons: list[int] = field(default_factory=list)
    named_holdings: list[int] = field(default_factory=list)
    concerned: set[str] = field(default_factory=set)


class Roster:
    """See the module and ``kinds.Kind``."""

    id = ROSTER
    title = "救助对象名册"
    layout = "roster"
    amount_title = ""
    can_be_full = True
    refused_hold_back = True

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the list; a row of a town this batch may not bring is refused."""
        file = read_roster(path, sender_format(batch.sender))
        towns = Towns(batch)
        good: dict[str, list[RosterRow]] = {}
        findings: list[Finding] = list(file.findings)
        refused = {refusal.psn_no: refusal for refusal in reversed(file.refusals) if tells_whom(refusal)}
        elsewhere: dict[str, Refusal] = {}
        outside = 0
        for each in file.rows:
            town, held = towns.find(each.region), each.holding
            if isinstance(town, tuple):
                outside += 1
                findings.append(row_finding(batch, held.row, "所属区划", each.region, town))
                kept = elsewhere if towns.is_elsewhere(each.region) else refused
                kept.setdefault(held.psn_no, Refusal(held.psn_no, None, "", town[0], town[1], held.row))
            else:
                good.setdefault(held.psn_no, []).append(row_of(each, town))
        totals = replace(file.totals, accepted=file.totals.accepted - outside, refused=file.totals.refused + outside)
        return Read(
            rows=RosterRows(good, refused, elsewhere), findings=tuple(findings), totals=totals, usable=file.usable
        )

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare the list with the registry."""
        return _Planning(read.rows, batch, lock, in_full).plan(tell)

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write persons, then what hangs on them."""
        work: RosterWork = plan.work
        tell("写入人员", 0, len(work.new_persons) + len(work.facts))
        recorder.create([Household(family_no=no, region_id=where) for no, where in sorted(work.new_households.items())])
        named = {change.values["household"] for _, change in work.facts if "household" in change.values}
        households: dict[str, int] = {}
        for piece in chunks(sorted(named)):
            households.update(Household.objects.filter(family_no__in=piece).values_list("family_no", "pk"))
        known = {}
        for person, change in work.facts:
            roster_facts.set_facts(person, change, households)
            if person.pk:
                known[person.pk] = {name: getattr(person, name) for name in roster_facts.WRITTEN}
        recorder.create(work.new_persons)
        recorder.update(Person, known)
        tell("写入身份", 0, len(work.new_holdings) + len(work.holdings))
        for holding in work.new_holdings:
            # A person made a moment ago has a key only now.
            holding.person_id = holding.person.pk
        recorder.create(work.new_holdings)
        recorder.update(Holding, {each.pk: roster_periods.written(each) for each in work.holdings})
        for each in work.new_withheld:
            each.since = batch.applied_at
            each.ended_at = batch.applied_at if each.ended_why else None
        recorder.create(work.new_withheld)
        over = {"ended_at": batch.applied_at, "ended_why": SETTLED}
        recorder.update(Withheld, dict.fromkeys(work.settled, over))
        recorder.name(Person, work.named_persons)
        recorder.name(Holding, work.named_holdings)
        return work.concerned

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Return whose identities a full list ended."""
        return roster_undo.concerned(batch)

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Let the lists that stay decide anew."""
        return roster_undo.set_right(batch, psn_nos)


class _Planning:
    """One comparison under way."""

    def __init__(self, rows: RosterRows, batch: ImportBatch, lock: bool, in_full: bool) -> None:
        self.batch, self.lock = batch, lock
        self.work = RosterWork()
        self.writer = PlanWriter(in_full)
        self.lists = FullLists.applied()
        self.towns = Towns(batch)
        self.regions = {region.pk: region for region in Region.objects.all()}
        self.families = dict(Household.objects.values_list("pk", "family_no"))
        self.known_families = set(self.families.values())
        self.named: set[int] = set()
        self.ended_by_death: dict[int, Holding] = {}
        self.died: set[str] = set()
        self.numbers = Numbers()
        if lock:
            self._lock(rows)
            # Who was merged while we waited.
            self.numbers = Numbers()
        self.rows_of = dict(rows.of_person)
        self.refusals = RosterRefusals(batch, rows)

    def _lock(self, rows: RosterRows) -> None:
        """Lock whom the list names or, being full, leaves out: all at once, and what hangs on them with them."""
        listed = {self.numbers.survivor(psn_no) for psn_no in (*rows.of_person, *rows.refused)}
        keys = keys_of(self.numbers.all_of(listed))
        if self.batch.is_full:
            keys += roster_periods.missed_by(self.batch).values_list("person_id", flat=True)
        lock_persons(keys)

    def plan(self, tell: Tell) -> Plan:
        # A list speaks of the record whose number it gives; of a death, of all records of the same person.
        numbers = sorted({self.numbers.survivor(psn_no) for psn_no in (*self.rows_of, *self.refusals.refused)})
        done = 0
        for piece in chunks(numbers):
            every = self.numbers.all_of(piece)
            persons = self._persons(every)
            holdings = self._holdings(persons.values())
            self.refusals.look_up(every, persons.values())
            for psn_no in every:
                self._compare_person(psn_no, persons)
            for psn_no in every:
                self._compare_identities(psn_no, persons, holdings)
            done += len(piece)
            tell("与登记的人员比较", done, len(numbers))
        if self.batch.is_full:
            self.work.new_withheld += self.refusals.of_other_towns()
            self._end_unnamed()
        said = ((row.identity, row.row) for rows in self.rows_of.values() for row in rows)
        tell_unknown_identities(self.writer, self.batch, said, "身份")
        return self.writer.finish(self.work)

    def _persons(self, numbers: Any) -> dict[str, Person]:
        found = Person.objects.filter(psn_no__in=numbers).order_by("pk")
        return {person.psn_no: person for person in (found.select_for_update(no_key=True) if self.lock else found)}

    def _holdings(self, persons: Iterable[Person]) -> _Holdings:
        of_key = {person.pk: person for person in persons}
        found = Holding.objects.filter(person_id__in=list(of_key)).order_by("pk")
        holdings = {}
        for holding in found.select_for_update(of=("self",)) if self.lock else found:
            holding.person = of_key[holding.person_id]
            holdings[holding.psn_no, holding.identity, holding.begin] = holding
        return holdings

    def _is_reachable(self, person: Person | None) -> bool:
        return person is None or person.region_id is None or self.towns.allows(person.region_id)

    def _leave(self, person: Person) -> None:
        """Refuse the rows of somebody who lives outside the batch's region: only their own town may take them on."""
        where, psn_no = self.regions[person.region_id].name, person.psn_no
        rule, message = "person-elsewhere", f"此人登记在{where}，不在{self.batch.region.name}"
        why = (rule, message, "如已迁入，请由县级经办人先办理迁移，再导入")
        for row in self.rows_of.pop(psn_no, ()):
            self.writer.note(row_finding(self.batch, row.row, "人员编号", psn_no, why))
            self.refusals.leave(Refusal(psn_no, None, "", rule, message, row.row))
        if psn_no in self.refusals.refused:
            self.refusals.leave(self.refusals.refused[psn_no])

    def _death(self, psn_no: str, persons: dict[str, Person]) -> date | None:
        """Return the day of death the list tells of a person under any of their numbers, None where it is old news."""
        numbers = self.numbers.all_of([self.numbers.survivor(psn_no)])
        reachable = [number for number in numbers if self._is_reachable(persons.get(number))]
        told = [row.died_on for number in reachable for row in self.rows_of.get(number, ()) if row.died_on]
        records = [persons[number] for number in numbers if number in persons]
        since = max((person.facts_on.get("died_on", "") for person in records), default="")
        return max(told, default=None) if self.batch.as_of.isoformat() >= since else None

    def _withhold(self, psn_no: str) -> None:
        """Withhold whom the newest list has a refused row for; end it where a list as new has none."""
        over = self.refusals.settled(psn_no) if psn_no in self.rows_of else []
        refused = self.refusals.withheld(psn_no)
        if over:
            self.work.settled += over
            self.writer.agree([psn_no, "settled", over])
        if refused is not None:
            self.work.new_withheld.append(refused)
            self.writer.agree([psn_no, "withheld", refused.ended_why])
        if over or refused is not None:
            self.work.concerned.add(psn_no)

    def _compare_person(self, psn_no: str, persons: dict[str, Person]) -> None:
        """Compare what the list says of a person besides identities; a new one is put among ``persons``."""
        person, died_on = persons.get(psn_no), self._death(psn_no, persons)
        if person is not None and not self._is_reachable(person):
            self._leave(person)
        else:
            self._withhold(psn_no)
        rows = self.rows_of.get(psn_no, [])
        if person is None and rows:
            person = persons[psn_no] = Person(psn_no=psn_no)
            self.work.new_persons.append(person)
            self.work.concerned.add(psn_no)
        elif person is not None and rows:
            self.work.named_persons.append(person.pk)
        said = roster_facts.stated(rows, self.towns.default) if rows else {}
        said = {name: value for name, value in {**said, "died_on": died_on}.items() if value}
        if person is not None and said:
            self._compare_facts(person, said)

    def _compare_identities(self, psn_no: str, persons: dict[str, Person], holdings: _Holdings) -> None:
        rows = self.rows_of.get(psn_no, [])
        if psn_no in self.died:
            self._end_by_death(psn_no, {(row.identity, row.begin) for row in rows}, holdings)
        ends: dict[tuple[str, date], date | None] = {}
        for row in rows:
            key = (row.identity, row.begin)
            ends[key] = _later(ends[key], row.end) if key in ends else row.end
        for (identity, begin), end in sorted(ends.items(), key=lambda item: item[0]):
            holding = holdings.get((psn_no, identity, begin))
            if holding is not None:
                self._named_holding(holding, end)
                continue
            # A duplicate's identities stand with the record that counts.
            counting = self.numbers.survivor(psn_no)
            holding = Holding(person=persons[counting], identity=identity, begin=begin)
            holding.listed_as = "" if counting == psn_no else psn_no
            self._new_holding(holding, end)

    def _who(self, psn_no: str, person: Person) -> str:
        said = max((row.psn_name for row in self.rows_of.get(psn_no, ())), default="")
        return f"{psn_no} {said or person.psn_name}"

    def _compare_facts(self, person: Person, said: dict[str, Any]) -> None:
        if person.region_id is None and "region" not in said and person.pk is None:
            # Of no town we know of: the whole county's, until a list says which.
            person.region_id = self.batch.region_id
        family_no = self.families.get(person.household_id, "")
        change = roster_facts.changes(person, said, self.batch.as_of, family_no)
        if change.values or change.facts_on != person.facts_on:
            self.work.facts.append((person, change))
        if not change.values:
            return
        if died_on := change.values.get("died_on"):
            person.died_on = died_on
            self.died.add(person.psn_no)
        household = change.values.get("household")
        if household:
            self.work.concerned.add(person.psn_no)
            if household not in self.known_families:
                self.known_families.add(household)
                self.work.new_households[household] = change.values.get("region") or person.region_id
        if person.pk is None:
            return
        before = "，".join(self._fact(name, change.before[name]) for name in change.values)
        after = "，".join(self._fact(name, value) for name, value in change.values.items())
        told = {name: str(value) for name, value in change.values.items()}
        self.writer.add(
            CHANGED, [person.psn_no, "facts", told], Sample("人员信息", self._who(person.psn_no, person), before, after)
        )

    def _end_by_death(self, psn_no: str, named: set[tuple[str, date]], holdings: _Holdings) -> None:
        """Let a day of death the list tells count for the identities it does not name as well."""
        for (number, identity, begin), holding in holdings.items():
            if number == psn_no and (identity, begin) not in named:
                before, holding.end = holding.end, end_of(holding, holding.person.died_on)
                if holding.end != before:
                    self.work.holdings.append(holding)
                    self.ended_by_death[holding.pk] = holding
                    self._period_change(holding, before, ENDED)

    def _fact(self, name: str, value: Any) -> str:
        return f"{roster_facts.NAMES[name]} {roster_facts.shown(name, value, self.regions)}"

    def _new_holding(self, holding: Holding, end: date | None) -> None:
        person, psn_no, identity = holding.person, holding.psn_no, holding.identity
        roster_periods.confirm(holding, end, self.batch, self.lists)
        self.work.new_holdings.append(holding)
        self.work.concerned.add(psn_no)
        # A new person's facts are part of what is agreed to.
        facts = [row.psn_name + str(row.birth) + row.certno for row in self.rows_of.get(psn_no, [])]
        change = [psn_no, identity, str(holding.begin), str(holding.end), sorted(facts) if person.pk is None else []]
        what = f"新增{'人员与' if person.pk is None else ''}身份"
        after = f"{identity} {period(holding.begin, holding.end)}"
        self.writer.add(NEW, change, Sample(what, self._who(psn_no, person), "", after))

    def _named_holding(self, holding: Holding, end: date | None) -> None:
        self.named.add(holding.pk)
        before = holding.end
        counts = roster_periods.confirm(holding, end, self.batch, self.lists)
        # An older list changes no period by itself, but may be the one that tells of a death.
        holding.end = end_of(holding, holding.person.died_on)
        if counts or holding.end != before:
            self.work.holdings.append(holding)
        else:
            self.work.named_holdings.append(holding.pk)
        self._period_change(holding, before, CHANGED)

    def _period_change(self, holding: Holding, before: date | None, kind: str) -> None:
        psn_no, who = holding.psn_no, self._who(holding.psn_no, holding.person)
        change = [psn_no, holding.identity, str(holding.begin), str(before), str(holding.end)]
        if holding.end == before:
            self.writer.add(SAME, change)
            return
        self.work.concerned.add(psn_no)
        sample = Sample(holding.identity, who, period(holding.begin, before), period(holding.begin, holding.end))
        self.writer.add(kind, change, sample)

    def _end_unnamed(self) -> None:
        """End what a full list no longer names; whoever has a refused row in it stays as they are."""
        found, ended, spared = roster_periods.missed_by(self.batch), 0, self.refusals.spared
        for holding in found.select_for_update(of=("self",)) if self.lock else found:
            if holding.pk in self.named or holding.psn_no in spared:
                continue
            if (dead := self.ended_by_death.get(holding.pk)) is not None:
                # Without it the list would not count any more once the day of death is corrected.
                holding = dead
            else:
                self.work.holdings.append(holding)
            before = holding.end
            roster_periods.miss(holding, self.batch.as_of)
            if holding.end != before:
                self._period_change(holding, before, ENDED)
                ended += 1
        tell_full(self.writer, self.batch, ended, named=self.named | self.ended_by_death.keys(), spared=spared)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
