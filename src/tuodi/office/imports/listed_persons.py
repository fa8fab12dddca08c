"""Whom a list names by number: persons on the registry, and those who are there by their number alone from now on.

A person only a list of marks or of enrolments names is kept with the number and without an identity, so that a roster
arriving later finds what is known of them: the order of the files does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tuodi.kernel.finding import Finding, Severity
from tuodi.office.assessing import keys_of, lock_persons
from tuodi.office.bulk import chunks
from tuodi.office.facts import Numbers
from tuodi.office.imports.kinds import PlanWriter
from tuodi.office.imports.roster_rows import Towns, row_finding
from tuodi.office.models import ImportBatch, Person, Region


@dataclass(slots=True)
class ListedPersons:
    """Finds persons for one batch. ``new`` are those to be made, by number; ``lock`` keeps the others as they are."""

    batch: ImportBatch
    lock: bool
    new: dict[str, Person] = field(default_factory=dict)
    _numbers: Numbers = field(default_factory=Numbers)
    _towns: Towns = field(init=False)
    _regions: dict[int, Region] = field(init=False)

    def __post_init__(self) -> None:
        """Look the regions up once."""
        self._towns = Towns(self.batch)
        self._regions = Region.objects.in_bulk()

    def lock_all(self, psn_nos: Iterable[str], besides: Iterable[int] = ()) -> None:
        """Lock whom the list names, and some others by key, all at once, where this batch locks at all."""
        if self.lock:
            listed = set(psn_nos)
            lock_persons([*keys_of(listed | {self.survivor(psn_no) for psn_no in listed}), *besides])
            # Somebody may have been merged while we waited.
            self._numbers = Numbers()

    def survivor(self, psn_no: str) -> str:
        """Return the number of the record that counts."""
        return self._numbers.survivor(psn_no)

    def find(self, survivors: Sequence[str]) -> dict[str, Person]:
        """Return the persons with these numbers; who is on no record yet is one of ``new``."""
        found: dict[str, Person] = {}
        for piece in chunks(survivors):
            persons = Person.objects.filter(psn_no__in=piece).order_by("pk")
            found |= {p.psn_no: p for p in (persons.select_for_update(no_key=True) if self.lock else persons)}
        for psn_no in survivors:
            if psn_no not in found:
                found[psn_no] = self.new.setdefault(psn_no, Person(psn_no=psn_no, region_id=self._towns.default))
        return found

    def allows(self, person: Person) -> bool:
        """Tell whether this batch may write of a person: one of its region, or of none yet."""
        return person.region_id is None or self._towns.allows(person.region_id)

    def elsewhere(self, person: Person, psn_no: str, row: int) -> Finding:
        """Return why a row about somebody outside the batch's region is refused."""
        where = self._regions[person.region_id].name
        why = (
            "person-elsewhere",
            f"此人登记在{where}，不在{self.batch.region.name}",
            f"请由{where}或县级经办人导入这一行",
        )
        return row_finding(self.batch, row, "人员编号", psn_no, why)

    def tell_new(self, writer: PlanWriter) -> None:
        """Say how many persons are put on the registry by their number only."""
        if self.new:
            message = f"{len(self.new):,} 人不在人员登记里，按编号登记，没有身份"
            advice = "导入名册后会自动补上姓名和身份；编号有误的，请更正后重新上传"
            finding = Finding(rule="person-unknown", severity=Severity.INFO, message=message, advice=advice)
            writer.note(finding)


def who(person: Person) -> str:
    """Return a person as a preview shows them."""
    return f"{person.psn_no} {person.psn_name}".strip()


def keyed(records: Iterable[object]) -> None:
    """Give records the key of their person, who may have been made a moment ago."""
    for record in records:
        record.person_id = record.person.pk  # type: ignore[attr-defined]
