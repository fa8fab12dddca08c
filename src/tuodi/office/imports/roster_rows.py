"""The rows of a roster with their towns found: whom a list names, and which of its rows this batch may not bring."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tuodi.intake.facts import Refusal
from tuodi.intake.roster import RosterRow as FileRow
from tuodi.kernel.finding import Finding
from tuodi.kernel.idnumber import birth_date
from tuodi.office.access import regions_below
from tuodi.office.models import ImportBatch, Region


class RosterRow(NamedTuple):
    """One identity of one person as a list states it; what the list does not say is empty. ``region`` is an id."""

    psn_no: str
    identity: str
    begin: date
    end: date | None
    psn_name: str = ""
    certno: str = ""
    birth: date | None = None
    region: int | None = None
    family_no: str = ""
    phone: str = ""
    died_on: date | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class RosterRows:
    """Good rows by person; ``refused`` is the first bad row of each ``psn_no`` with one: their results are withheld.

    ``elsewhere`` are the first rows of people whom another town has to bring: they count for nothing, but the list does
    name these people.
    """

    of_person: dict[str, list[RosterRow]]
    refused: dict[str, Refusal]
    elsewhere: dict[str, Refusal]


@dataclass(slots=True)
class Towns:
    """The regions a batch may write to, found by code or name."""

    batch: ImportBatch
    _allowed: frozenset[int] = field(init=False)
    _inside: dict[str, Region] = field(init=False)
    _everywhere: set[str] = field(init=False)
    default: int | None = field(init=False)
    allows_all: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look the regions up once."""
        regions = list(Region.objects.all())
        self._allowed = allowed = regions_below()[self.batch.region_id]
        self._inside = {
            text: region for region in regions if region.pk in allowed for text in (region.code, region.name)
        }
        self._everywhere = {text for region in regions for text in (region.code, region.name)}
        self.allows_all = len(allowed) == len(regions)
        # A town's own list need not say which town it is.
        self.default = self.batch.region_id if len(allowed) == 1 else None

    def allows(self, region_id: int) -> bool:
        """Tell whether a region is one of the batch's."""
        return region_id in self._allowed

    def is_elsewhere(self, text: str) -> bool:
        """Tell whether a text means a region that is none of the batch's."""
        return text.strip() in self._everywhere - self._inside.keys()

    def find(self, text: str) -> Region | tuple[str, str, str] | None:
        """Return the region a text means; None for an empty one; rule, message and advice for one that refuses."""
        text = text.strip()
        if not text:
            return None
        if text in self._inside:
            return self._inside[text]
        where = self.batch.region.name
        if self.is_elsewhere(text):
            return "region-outside", f"不属于{where}", f"这批名册只能导入{where}的人员；请由该地或县级经办人导入这一行"
        return "region-unknown", "没有这个乡镇（街道）", "请按“用户与权限”里的区划名称或代码填写"


def tells_whom(refusal: Refusal) -> bool:
    """Tell whether a refused row names a person; one with a cell too many may show a document number in its place."""
    is_shifted = refusal.rule == "row-width"
    return bool(refusal.psn_no) and not (is_shifted and isinstance(birth_date(refusal.psn_no), date))


def row_finding(batch: ImportBatch, row: int, column: str, value: str, why: tuple[str, str, str]) -> Finding:
    """Return the finding that refuses a row; ``why`` is rule, message and advice."""
    rule, message, advice = why
    return Finding(rule=rule, message=message, advice=advice, file=batch.file_name, row=row, column=column, value=value)


def row_of(row: FileRow, town: Region | None) -> RosterRow:
    """Return a row of a file with its town's key."""
    held = row.holding
    return RosterRow(
        psn_no=held.psn_no,
        identity=held.identity,
        begin=held.begin,
        end=held.end,
        psn_name=held.psn_name,
        certno=held.certno,
        birth=held.birth,
        region=town.pk if town else None,
        family_no=held.family_no,
        phone=row.tel,
        died_on=row.died_on,
        row=held.row,
    )
