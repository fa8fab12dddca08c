"""What lists say about a person besides identities: of each field the newest day counts, whenever it arrives."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tuodi.kernel.idnumber import mask, normal_form
from tuodi.office.imports.roster_rows import RosterRow
from tuodi.office.initials import initials_of
from tuodi.office.models import Person, Region
from tuodi.office.numbers import certno_index, certno_of, phone_of, set_certno, set_phone

NAMES: Final = {
    "psn_name": "姓名",
    "certno": "证件号码",
    "brdy": "出生日期",
    "region": "所属区划",
    "household": "家庭编号",
    "phone": "联系电话",
    "died_on": "死亡日期",
}
"""Facts in the order in which they are shown; the keys stand in ``Person.facts_on``."""
WRITTEN: Final = (
    "psn_name",
    "initials",
    "certno_sealed",
    "certno_index",
    "phone_sealed",
    "brdy",
    "region_id",
    "household_id",
    "died_on",
    "facts_on",
)
"""The columns facts are written to."""


@dataclass(slots=True)
class FactsChange:
    """New values of a person by fact, with the day of each fact said; ``values`` only those that differ."""

    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    facts_on: dict[str, str] = field(default_factory=dict)


def stated(rows: Sequence[RosterRow], default_region: int | None) -> dict[str, Any]:
    """Return what a list says of one person; of differing rows the greatest value, so that order does not count."""
    region = max((row.region for row in rows if row.region), default=None)
    certnos = [row.certno for row in rows if row.certno and "*" not in row.certno]
    said = {
        "psn_name": max(row.psn_name for row in rows),
        "certno": max(map(normal_form, certnos), default=""),
        "brdy": max((row.birth for row in rows if row.birth), default=None),
        "region": region or default_region,
        "household": max(row.family_no for row in rows),
        "phone": max(row.phone for row in rows),
        "died_on": max((row.died_on for row in rows if row.died_on), default=None),
    }
    return {name: value for name, value in said.items() if value}


def changes(person: Person, said: dict[str, Any], as_of: date, family_no: str) -> FactsChange:
    """Return what a list of that day changes; ``family_no`` is the person's at present.

    A value of an older day is not taken; of two of the same day the greater one is.
    """
    found = FactsChange(facts_on=dict(person.facts_on))
    day = as_of.isoformat()
    for name, value in said.items():
        since = person.facts_on.get(name, "")
        if day < since:
            continue
        is_same = _is_same(person, name, value, family_no)
        if not is_same:
            current = _current(person, name, family_no)
            if day == since and str(value) < str(current):
                continue
            found.values[name], found.before[name] = value, current
        found.facts_on[name] = day
    return found


def set_facts(person: Person, change: FactsChange, households: dict[str, int]) -> None:
    """Put a change into a record (not saved); ``households`` is family_no -> id."""
    for name, value in change.values.items():
        if name == "certno":
            set_certno(person, value)
        elif name == "phone":
            set_phone(person, value)
        elif name == "household":
            person.household_id = households[value]
        elif name == "region":
            person.region_id = value
        else:
            setattr(person, name, value)
            if name == "psn_name":
                person.initials = initials_of(value)
    person.facts_on = change.facts_on


def shown(name: str, value: Any, regions: dict[int, Region]) -> str:
    """Return a fact's value as the preview shows it."""
    if not value:
        return "（空）"
    if name in ("certno", "phone"):
        return mask(value)
    if name == "region":
        return regions[value].name
    return str(value)


def _is_same(person: Person, name: str, value: Any, family_no: str) -> bool:
    if name == "certno":
        # The index tells without opening the seal.
        return bool(person.certno_index) and person.certno_index == certno_index(value)
    return bool(_current(person, name, family_no) == value)


def _current(person: Person, name: str, family_no: str) -> Any:
    if name == "certno":
        return normal_form(certno_of(person))
    if name == "phone":
        return phone_of(person)
    if name == "household":
        return family_no
    if name == "region":
        return person.region_id
    return getattr(person, name)
