"""The batch list for the national platform: made, and remembered in the trail with who, why and how much."""

from collections import Counter
from datetime import date, datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.models import Person, Region
from tuodi.office.numbers import certno_of, masked_certno
from tuodi.office.operations.exporting import Exported, purpose_of, read_in_order
from tuodi.office.operations.writing import writing
from tuodi.office.queries.comparison import differently_marked, keys_by_place, lists_on
from tuodi.office.queries.platform_changes import MarkChange, changes_of
from tuodi.office.queries.platform_exports import LIST_EVENT, list_subject
from tuodi.office.queries.reach import within
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, who_may
from tuodi.report.tables import Column, Row

_COLUMNS: Final = tuple(
    map(Column, ("psn_no", "certno", "psn_name", "identity", "begntime", "endtime", "变更类型", "所属乡镇"))
)


def export_platform_list(
    *, actor: Actor, at: datetime, day: date, reason: str, region_id: int | None = None, in_full: bool = False
) -> Exported:
    """Return the changes the platform needs as of ``day`` and remember that they were given out.

    ``in_full``: with full document numbers, by whose right to see them and for the reason given. Raises Refused where
    there is nothing to send, no reason or no right, Absent for a region out of reach.
    """
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        write.allow(region_id)
        why = purpose_of(reason)
        _check_in_full(actor, region_id, in_full)
        if lists_on(day).marks is None:
            raise Refused("还没有导入平台标识名单，无从比对；请先从平台导出标识名单，再到“导入”上传。")
        people = differently_marked(actor, day, region_id).filter(within(actor, Action.EXPORT_PEOPLE))
        shown = certno_of if in_full else masked_certno
        keys = keys_by_place(people)
        if not keys:
            raise Refused(f"{day} 的名册与平台标识没有差异，不需要变更名单。")
        changes = list(changes_of(read_in_order(Person.objects.select_related("region"), keys), day))
        if not changes:
            raise Refused(
                f"{day} 没有可以报给平台的变更：有差异的 {len(keys):,} 人，名册上的身份不认识，请先核对名称。"
            )
        kinds = Counter(str(change.change) for _, change in changes)
        region = Region.objects.filter(pk=region_id).first() if region_id else None
        write.log(
            LIST_EVENT,
            list_subject(day),
            region,
            day=str(day),
            rows=len(changes),
            changes=kinds,
            in_full=in_full,
            reason=why,
        )
    return Exported(_COLUMNS, [_row(person, shown(person), change) for person, change in changes])


def _row(person: Person, certno: str, change: MarkChange) -> Row:
    end = str(change.end or "")
    region = person.region.name if person.region else ""
    return (person.psn_no, certno, person.psn_name, change.identity, str(change.begin), end, str(change.change), region)


def _check_in_full(actor: Actor, region_id: int | None, in_full: bool) -> None:
    if not in_full:
        return
    if not actor.may(Action.SEE_FULL_DATA):
        raise Refused(f"您不能查看完整证件号码；可以导出完整号码的是：{who_may(Action.SEE_FULL_DATA)}。")
    exporting = actor.regions(Action.EXPORT_PEOPLE) if region_id is None else {region_id}
    if not exporting <= actor.regions(Action.SEE_FULL_DATA):
        raise Refused("名单里有您不能查看完整证件号码的地区；请选定您负责的地区再导出。")
