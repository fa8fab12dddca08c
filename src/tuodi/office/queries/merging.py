"""Two records side by side, for whoever decides whether they are one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tuodi.office.models import Person, Settlement
from tuodi.office.numbers import masked_certno
from tuodi.office.operations.merging import doubts_of
from tuodi.office.queries.people import rows_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of both records, as words; ``differs`` where both say something and not the same."""

    label: str
    duplicate: str
    survivor: str

    @property
    def differs(self) -> bool:
        """Whether the two do not agree."""
        return bool(self.duplicate and self.survivor) and self.duplicate != self.survivor


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both records; ``doubts`` say in words why they may be two persons."""

    lines: Sequence[Compared]
    doubts: Sequence[str]


def side_by_side(duplicate: Person, survivor: Person, day: date) -> SideBySide:
    """Return two records beside each other, numbers masked, identities as of a day."""
    told = zip(_LABELS, _facts(duplicate, day), _facts(survivor, day), strict=True)
    return SideBySide([Compared(*each) for each in told], doubts_of(duplicate, survivor))


_LABELS = ("姓名", "证件号码", "出生日期", "所属乡镇", "家庭编号", "身份", "死亡日期", "结算笔数")


def _facts(person: Person, day: date) -> tuple[str, ...]:
    row = next(rows_of([person], day))
    return (
        person.psn_name,
        masked_certno(person),
        str(person.brdy or ""),
        person.region.name if person.region else "",
        person.household.family_no if person.household else "",
        "、".join(row.identities),
        str(person.died_on or ""),
        f"{Settlement.objects.filter(person=person).count()} 笔",
    )
