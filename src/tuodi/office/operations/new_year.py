"""The list of persons whose identity ends with the old year, taken along."""

from datetime import datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.models import Holding
from tuodi.office.operations.exporting import Exported, check_count, keys_in_order, purpose_of, read_in_order
from tuodi.office.operations.writing import writing
from tuodi.office.queries.new_year import ending_without_renewal
from tuodi.office.queries.reach import within
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Row

_COLUMNS: Final = tuple(map(Column, ("人员编号", "姓名", "乡镇", "身份", "开始", "结束", "来源")))


def export_ending(*, actor: Actor, at: datetime, year: int, reason: str) -> Exported:
    """Return each identity that ends with the year before ``year`` without renewal. Raises Refused."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        why = purpose_of(reason)
        found = ending_without_renewal(year).filter(within(actor, Action.EXPORT_PEOPLE, "person__region"))
        keys = keys_in_order(found)
        check_count(len(keys), "人次", "由各乡镇导出本乡镇的")
        write.log("people.exported", f"new_year {year}", rows=len(keys), reason=why)
    return Exported(_COLUMNS, map(_row, read_in_order(Holding.objects.select_related("person__region"), keys)))


def _row(holding: Holding) -> Row:
    person = holding.person
    return (
        person.psn_no,
        person.psn_name,
        person.region.name if person.region else "",
        holding.identity,
        holding.begin.isoformat(),
        holding.end.isoformat(),
        holding.source,
    )
