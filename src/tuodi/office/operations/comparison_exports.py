"""Lists of the comparison and of the enrolment ledger as workbooks: masked, with a reason, remembered in the trail."""

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Sum

from tuodi.office.access import Actor
from tuodi.office.models import Enrolment, Person, Region
from tuodi.office.operations.exporting import Exported, check_count, purpose_of, read_in_order
from tuodi.office.operations.writing import Writing, writing
from tuodi.office.queries.comparison import Difference, different, keys_by_place
from tuodi.office.queries.comparison_lines import lines
from tuodi.office.queries.enrolment_ledger import enrolled, has_list, ledger_lines
from tuodi.office.queries.reach import within
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Kind

_DIFFERENCE: Final = tuple(
    map(Column, ("人员编号", "姓名", "证件号码", "所属乡镇", "名册", "平台标识", "参保", "怎么办"))
)
_LEDGER: Final = (
    *map(Column, ("人员编号", "姓名", "证件号码", "所属乡镇", "在册身份", "参保状态", "参保日期")),
    Column("个人缴费标准（元）", Kind.MONEY),
    Column("资助金额（元）", Kind.MONEY),
)
_NARROW: Final = "按乡镇缩小范围"


def export_difference(
    *, actor: Actor, at: datetime, day: date, difference: Difference, reason: str, region_id: int | None = None
) -> Exported:
    """Return one list of the comparison in full length. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        # Where the actor may export, whatever they may see elsewhere.
        people = different(actor, day, difference, region_id).filter(within(actor, Action.EXPORT_PEOPLE))
        keys = keys_by_place(people)
        check_count(len(keys), "人", _NARROW)
        _log(write, region_id, reason, list="comparison", difference=str(difference), day=str(day), rows=len(keys))
    found = lines(read_in_order(Person.objects.select_related("region"), keys), day, difference)
    rows = (
        (line.psn_no, line.name, line.certno, line.region, line.roster, line.platform, line.enrolment, line.advice)
        for line in found
    )
    return Exported(_DIFFERENCE, rows)


def export_ledger(
    *, actor: Actor, at: datetime, year: int, day: date, state: str, reason: str, region_id: int | None = None
) -> Exported:
    """Return the enrolment ledger, or those in one state, in full length. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        people = enrolled(actor, year, day, region_id=region_id, state=state)
        people = people.filter(within(actor, Action.EXPORT_PEOPLE))
        keys = keys_by_place(people)
        check_count(len(keys), "人", _NARROW)
        is_known = has_list(year)
        stated = Enrolment.objects.filter(person__in=people.order_by().values("pk"), year=year)
        sums = stated.filter(premium_as_of__isnull=False).aggregate(Sum("premium_fen"), Sum("subsidy_fen"))
        _log(write, region_id, reason, list="enrolment", year=year, state=state, day=str(day), rows=len(keys))
    rows = (
        (
            line.psn_no,
            line.name,
            line.certno,
            line.region,
            line.identities,
            line.state if is_known else "名单未导入",
            str(line.enrol_date or ""),
            line.premium_fen,
            line.subsidy_fen,
        )
        for line in ledger_lines(read_in_order(Person.objects.select_related("region"), keys), year, day)
    )
    return Exported(_LEDGER, rows, (f"合计 {len(keys)} 人", *(None,) * 6, *(fen or 0 for fen in sums.values())))


def _log(write: Writing, region_id: int | None, reason: str, **detail: Any) -> None:
    why = purpose_of(reason)
    region = Region.objects.filter(pk=region_id).first() if region_id else None
    write.log("comparison.exported", "comparison", region, reason=why, **detail)
