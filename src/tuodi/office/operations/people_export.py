"""A list of people as rows for a workbook: with a reason, counted, in the trail; masked unless full is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import County, Person
from tuodi.office.numbers import certno_of, masked_phone, phone_of
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.looks import REASON_LONGEST, REASON_SHORTEST
from tuodi.office.operations.writing import Refused, writing
from tuodi.office.queries.people import STATE_NAMES, Search, kind_of, people_found, rows_of
from tuodi.office.queries.reach import sees_all, within
from tuodi.office.roles import Action, who_may

ROWS_MAX: Final = 20_000
HEADINGS: Final = (
    "人员编号",
    "姓名",
    "证件号码",
    "联系电话",
    "出生日期",
    "所属乡镇",
    "家庭编号",
    "身份",
    "状态",
    "收款账户",
)


def export_people(*, actor: Actor, search: Search, full: bool, reason: str, at: datetime) -> Sequence[Sequence[str]]:
    """Return the persons found as rows under HEADINGS, all of them text. Raises Refused, Absent.

    ``full``: document and telephone numbers unmasked, for who may see them at all.
    """
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        why = line_of(reason, "导出的用途", REASON_LONGEST, REASON_SHORTEST)
        if full and not actor.may(Action.SEE_FULL_DATA):
            who = who_may(Action.SEE_FULL_DATA)
            raise Refused(f"您不能导出完整号码，只能导出遮盖后的名单；可以查看完整号码的是：{who}。")
        found, _ = people_found(actor, search)
        found = found.filter(within(actor, Action.EXPORT_PEOPLE))
        if full:
            _check_in_full(actor, found)
        persons = list(found.select_related("region", "household").order_by("psn_name", "id")[: ROWS_MAX + 1])
        if len(persons) > ROWS_MAX:
            raise Refused(f"一次最多导出 {ROWS_MAX} 人；请按乡镇或身份缩小范围，分几次导出。")
        if not persons:
            raise Refused("没有符合条件的人员，没有可导出的内容。")
        rows = [
            (
                row.person.psn_no,
                row.person.psn_name,
                certno_of(row.person) if full else row.certno,
                phone_of(row.person) if full else masked_phone(row.person),
                str(row.person.brdy or ""),
                row.person.region.name if row.person.region else "",
                row.person.household.family_no if row.person.household else "",
                "、".join(row.identities),
                row.state_name,
                "有" if row.has_account else "无",
            )
            for row in rows_of(persons, search.day)
        ]
        county = County.objects.select_related("region").get()
        write.log(
            "people.exported",
            "",
            county.region,
            rows=len(rows),
            full=full,
            reason=why,
            by=kind_of(search.text).value,
            in_region=search.region_id,
            identity=search.identity,
            day=search.day.isoformat(),
            state=STATE_NAMES[search.state] if search.state else "",
        )
        return rows


def _check_in_full(actor: Actor, found: QuerySet[Person]) -> None:
    """Refuse full numbers of anybody in a region where this actor may not see them."""
    theirs = actor.regions(Action.SEE_FULL_DATA)
    if not sees_all(actor, Action.SEE_FULL_DATA) and found.exclude(region_id__in=theirs).exists():
        raise Refused("名单里有您不能查看完整号码的人员；请选定您负责的乡镇再导出，或导出遮盖后的名单。")
