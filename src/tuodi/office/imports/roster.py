"""The civil-affairs roster: persons, their households and the identities they hold; the full list or changes only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Max

from tuodi.intake.roster import read_roster
from tuodi.kernel.finding import Finding
from tuodi.office.assessing import keys_of, lock_persons
from tuodi.office.bulk import chunks, write_over
from tuodi.office.facts import Numbers
from tuodi.office.holding_end import end_of
from tuodi.office.imports import roster_facts, roster_periods
from tuodi.office.imports.files import sender_format
from tuodi.office.imports.full_lists import tell_full
from tuodi.office.imports.kinds import CHANGED, ENDED, NEW, SAME, Plan, PlanWriter, Read, Sample
from tuodi.office.imports.recorder import Recorder
from tuodi.office.imports.roster_periods import ROSTER, FullLists
from tuodi.office.imports.roster_rows import RosterRow, RosterRows, Towns, row_finding, row_of, tells_whom
from tuodi.office.imports.unknown_identities import tell_unknown_identities
from tuodi.office.models import Holding, Household, ImportBatch, Person, Region, Withheld
from tuodi.office.periods import period
from tuodi.office.progress import Tell, silent

_ENDED_WHY = "较新的名册里这个人的各行没有问题"
_ALREADY_SETTLED = "同日或更新的名册里这个人的各行没有问题"


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
        outside = 0
        for each in file.rows:
            town = towns.find(each.region)
            if isinstance(town, tuple):
                outside += 1
                findings.append(row_finding(batch, each.holding.row, "所属区划", each.region, town))
            else:
                good.setdefault(each.holding.psn_no, []).append(row_of(each, town))
        refused = {refusal.psn_no: refusal for refusal in reversed(file.refusals) if tells_whom(refusal)}
        totals = replace(file.totals, accepted=file.totals.accepted - outside, refused=file.totals.refused + outside)
        return Read(rows=RosterRows(good, refused), findings=tuple(findings), totals=totals, usable=file.usable)

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
        over = {"ended_at": batch.applied_at, "ended_why": _ENDED_WHY}
        recorder.update(Withheld, dict.fromkeys(work.settled, over))
        recorder.name(Person, work.named_persons)
        recorder.name(Holding, work.named_holdings)
        return work.concerned

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Return whose identities a full list ended."""
        return roster_periods.ended_by(batch).values_list("person__psn_no", flat=True)

    def after_undo(self, batch: ImportBatch, tell: Tell = silent) -> Iterable[str]:
        """Take back the ends a full list gave to identities that came in later, by older lists."""
        lists = FullLists.applied()
        changed = []
        found = roster_periods.ended_by(batch).select_related("person").order_by("pk")
        for holding in found.select_for_update(of=("self",)):
            absent_on = lists.first_absence(holding, holding.person.psn_no)
            if absent_on != holding.absent_on:
                holding.absent_on = absent_on
                holding.end = end_of(holding, holding.person.died_on)
                changed.append(holding)
        write_over(Holding, changed, ["absent_on", "end"])
        return {holding.person.psn_no for holding in changed}


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
        if lock:
            self._lock(rows)
        numbers = Numbers()
        self.rows_of: dict[str, list[RosterRow]] = {}
        for psn_no in sorted(rows.of_person):
            self.rows_of.setdefault(numbers.survivor(psn_no), []).extend(rows.of_person[psn_no])
        self.refused = {numbers.survivor(psn_no): refusal for psn_no, refusal in sorted(rows.refused.items())}

    def _lock(self, rows: RosterRows) -> None:
        """Lock whom the list names or, being full, leaves out: all at once, and what hangs on them with them."""
        numbers = Numbers()
        listed = {*rows.of_person, *rows.refused}
        keys = keys_of(listed | {numbers.survivor(psn_no) for psn_no in listed})
        if self.batch.is_full:
            keys += roster_periods.missed_by(self.batch).values_list("person_id", flat=True)
        lock_persons(keys)

    def plan(self, tell: Tell) -> Plan:
        numbers = sorted(self.rows_of.keys() | self.refused.keys())
        done = 0
        for piece in chunks(numbers):
            persons = self._persons(piece)
            holdings = self._holdings(persons.values())
            withheld = self._withheld(piece)
            newest = self._newest(persons.values())
            for psn_no in piece:
                person = persons.get(psn_no)
                rows = self.rows_of.get(psn_no, [])
                if rows and self._is_reachable(person, rows):
                    self._compare(psn_no, person, rows, holdings)
                if person is None or person.region_id is None or self.towns.allows(person.region_id):
                    self._withhold(psn_no, withheld.get(psn_no, []), newest.get(person.pk) if person else None)
            done += len(piece)
            tell("与登记的人员比较", done, len(numbers))
        if self.batch.is_full:
            self._end_unnamed()
        said = ((row.identity, row.row) for rows in self.rows_of.values() for row in rows)
        tell_unknown_identities(self.writer, self.batch, said, "身份")
        return self.writer.finish(self.work)

    def _persons(self, numbers: Any) -> dict[str, Person]:
        found = Person.objects.filter(psn_no__in=numbers).order_by("pk")
        return {person.psn_no: person for person in (found.select_for_update(no_key=True) if self.lock else found)}

    def _holdings(self, persons: Iterable[Person]) -> dict[tuple[int, str, date], Holding]:
        of_key = {person.pk: person for person in persons}
        found = Holding.objects.filter(person_id__in=list(of_key)).order_by("pk")
        holdings = {}
        for holding in found.select_for_update(of=("self",)) if self.lock else found:
            holding.person = of_key[holding.person_id]
            holdings[holding.person_id, holding.identity, holding.begin] = holding
        return holdings

    def _withheld(self, numbers: Any) -> dict[str, list[Withheld]]:
        found: dict[str, list[Withheld]] = {}
        live = Withheld.objects.filter(kind=ROSTER, psn_no__in=numbers, ended_at__isnull=True)
        for each in live.select_related("batch").order_by("pk"):
            found.setdefault(each.psn_no, []).append(each)
        return found

    def _newest(self, persons: Iterable[Person]) -> dict[int, date]:
        """Return the day of the newest list that names each person."""
        found = Holding.objects.filter(person_id__in=[person.pk for person in persons], confirmed_on__isnull=False)
        return dict(found.order_by().values_list("person_id").annotate(Max("confirmed_on")))

    def _is_reachable(self, person: Person | None, rows: list[RosterRow]) -> bool:
        """Refuse the rows of somebody who lives outside the batch's region: only their own town may take them on."""
        if person is None or person.region_id is None or self.towns.allows(person.region_id):
            return True
        where = self.regions[person.region_id].name
        why = (
            "person-elsewhere",
            f"此人登记在{where}，不在{self.batch.region.name}",
            "如已迁入，请由县级经办人先办理迁移，再导入",
        )
        for row in rows:
            self.writer.note(row_finding(self.batch, row.row, "人员编号", row.psn_no, why))
        return False

    def _compare(
        self,
        psn_no: str,
        person: Person | None,
        rows: list[RosterRow],
        holdings: dict[tuple[int, str, date], Holding],
    ) -> None:
        if person is None:
            person = Person(psn_no=psn_no)
            self.work.new_persons.append(person)
            self.work.concerned.add(psn_no)
        else:
            self.work.named_persons.append(person.pk)
        who = f"{psn_no} {max(row.psn_name for row in rows) or person.psn_name}"
        # Rows under a merged duplicate's number bring identities; the facts are those of the record that counts.
        own = [row for row in rows if row.psn_no == psn_no]
        if own:
            self._compare_facts(person, own, who)
        self._end_by_death(person, {(row.identity, row.begin) for row in rows}, holdings, who)
        ends: dict[tuple[str, date], date | None] = {}
        for row in rows:
            key = (row.identity, row.begin)
            ends[key] = _later(ends[key], row.end) if key in ends else row.end
        for (identity, begin), end in sorted(ends.items(), key=lambda item: item[0]):
            holding = holdings.get((person.pk, identity, begin))
            if holding is None:
                self._new_holding(person, identity, begin, end, who)
            else:
                self._named_holding(holding, end, who)

    def _compare_facts(self, person: Person, rows: list[RosterRow], who: str) -> None:
        said = roster_facts.stated(rows, self.towns.default)
        if person.region_id is None and "region" not in said and person.pk is None:
            # Of no town we know of: the whole county's, until a list says which.
            person.region_id = self.batch.region_id
        family_no = self.families.get(person.household_id, "")
        change = roster_facts.changes(person, said, self.batch.as_of, family_no)
        if change.values or change.facts_on != person.facts_on:
            self.work.facts.append((person, change))
        if not change.values:
            return
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
        self.writer.add(CHANGED, [person.psn_no, "facts", told], Sample("人员信息", who, before, after))

    def _end_by_death(
        self,
        person: Person,
        named: set[tuple[str, date]],
        holdings: dict[tuple[int, str, date], Holding],
        who: str,
    ) -> None:
        """Let a day of death the list tells count for the identities it does not name as well."""
        if not self.work.facts or self.work.facts[-1][0] is not person:
            return
        died_on = self.work.facts[-1][1].values.get("died_on")
        if died_on is None:
            return
        person.died_on = died_on
        for (key, identity, begin), holding in holdings.items():
            if key == person.pk and (identity, begin) not in named:
                before, holding.end = holding.end, end_of(holding, died_on)
                if holding.end != before:
                    self.work.holdings.append(holding)
                    self.named.add(holding.pk)
                    self._period_change(holding, before, who, ENDED)

    def _fact(self, name: str, value: Any) -> str:
        return f"{roster_facts.NAMES[name]} {roster_facts.shown(name, value, self.regions)}"

    def _new_holding(self, person: Person, identity: str, begin: date, end: date | None, who: str) -> None:
        holding = Holding(person=person, identity=identity, begin=begin)
        roster_periods.confirm(holding, end, self.batch, self.lists, person.psn_no)
        self.work.new_holdings.append(holding)
        self.work.concerned.add(person.psn_no)
        # A new person's facts are part of what is agreed to.
        facts = [row.psn_name + str(row.birth) + row.certno for row in self.rows_of.get(person.psn_no, [])]
        change = [person.psn_no, identity, str(begin), str(holding.end), sorted(facts) if person.pk is None else []]
        what = f"新增{'人员与' if person.pk is None else ''}身份"
        self.writer.add(NEW, change, Sample(what, who, "", f"{identity} {period(begin, holding.end)}"))

    def _named_holding(self, holding: Holding, end: date | None, who: str) -> None:
        self.named.add(holding.pk)
        before = holding.end
        counts = roster_periods.confirm(holding, end, self.batch, self.lists, holding.person.psn_no)
        # An older list changes no period by itself, but may be the one that tells of a death.
        holding.end = end_of(holding, holding.person.died_on)
        if counts or holding.end != before:
            self.work.holdings.append(holding)
        else:
            self.work.named_holdings.append(holding.pk)
        self._period_change(holding, before, who, CHANGED)

    def _period_change(self, holding: Holding, before: date | None, who: str, kind: str) -> None:
        psn_no = holding.person.psn_no
        change = [psn_no, holding.identity, str(holding.begin), str(before), str(holding.end)]
        if holding.end == before:
            self.writer.add(SAME, change)
            return
        self.work.concerned.add(psn_no)
        sample = Sample(holding.identity, who, period(holding.begin, before), period(holding.begin, holding.end))
        self.writer.add(kind, change, sample)

    def _end_unnamed(self) -> None:
        """End what a full list no longer names; whoever has a refused row in it stays as they are."""
        found, ended = roster_periods.missed_by(self.batch), 0
        for holding in found.select_for_update(of=("self",)) if self.lock else found:
            person = holding.person
            if holding.pk in self.named or person.psn_no in self.refused:
                continue
            before = holding.end
            roster_periods.miss(holding, self.batch.as_of)
            self.work.holdings.append(holding)
            if holding.end != before:
                who = f"{person.psn_no} {person.psn_name}"
                self._period_change(holding, before, who, ENDED)
                ended += 1
        tell_full(self.writer, self.batch, ended, named=self.named, spared=self.refused)

    def _withhold(self, psn_no: str, live: list[Withheld], newest: date | None) -> None:
        """Withhold whom the newest list has a refused row for; end it where a list as new has none."""
        as_of = self.batch.as_of
        refusal = self.refused.get(psn_no)
        if refusal is None:
            over = [each.pk for each in live if each.batch is None or each.batch.as_of <= as_of]
            if over and psn_no in self.rows_of:
                self.work.settled += over
                self.work.concerned.add(psn_no)
                self.writer.agree([psn_no, "settled", over])
            return
        is_doubtful = any(each.batch is not None and newest is not None and each.batch.as_of >= newest for each in live)
        is_settled = newest is not None and not is_doubtful and newest >= as_of
        self.work.new_withheld.append(
            Withheld(
                kind=ROSTER,
                psn_no=psn_no,
                rule=refusal.rule,
                message=refusal.message,
                row=refusal.row or None,
                batch=self.batch,
                ended_why=_ALREADY_SETTLED if is_settled else "",
            )
        )
        self.work.concerned.add(psn_no)
        self.writer.agree([psn_no, "withheld", is_settled])


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
