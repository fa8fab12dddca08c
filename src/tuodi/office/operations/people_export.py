"""A list of people as rows for a workbook: with a reason, counted, in the trail; masked unless full is asked for."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from tuodi.office.access import Actor
from tuodi.office.models import County, Person
from tuodi.office.numbers import certno_of, masked_phone, phone_of
from tuodi.office.operations.exporting import Exported, check_count, keys_in_order, purpose_of, read_in_pieces
from tuodi.office.operations.writing import writing
from tuodi.office.queries.people import STATE_NAMES, PersonRow, Search, kind_of, people_found, rows_of
from tuodi.office.queries.reach import sees_all, within
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, who_may
from tuodi.report.tables import Column

_HEADINGS: Final = (
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


def export_people(*, actor: Actor, search: Search, full: bool, reason: str, at: datetime) -> Exported:
    """Return the persons found, all cells text. Raises Refused, Absent.

    ``full``: document and telephone numbers unmasked, for who may see them at all.
    """
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        why = purpose_of(reason)
        if full and not actor.may(Action.SEE_FULL_DATA):
            who = who_may(Action.SEE_FULL_DATA)
            raise Refused(f"您不能导出完整号码，只能导出遮盖后的名单；可以查看完整号码的是：{who}。")
        found, _ = people_found(actor, search)
        found = found.filter(within(actor, Action.EXPORT_PEOPLE))
        if full:
            _check_in_full(actor, found)
        check_count(found.count(), "人", "按乡镇或身份缩小范围")
        keys = keys_in_order(found.order_by("psn_name", "id"))
        if not keys:
            raise Refused("没有符合条件的人员，没有可导出的内容。")
        county = County.objects.select_related("region").get()
        write.log(
            "people.exported",
            "",
            county.region,
            rows=len(keys),
            full=full,
            reason=why,
            by=kind_of(search.text).value,
            in_region=search.region_id,
            identity=search.identity,
            day=search.day.isoformat(),
            state=STATE_NAMES[search.state] if search.state else "",
        )
    pieces = read_in_pieces(Person.objects.select_related("region", "household"), keys)
    rows = (_cells(row, full) for piece in pieces for row in rows_of(piece, search.day))
    return Exported([Column(heading) for heading in _HEADINGS], rows)


def _cells(row: PersonRow, full: bool) -> tuple[str, ...]:
    person = row.person
    return (
        person.psn_no,
        person.psn_name,
        certno_of(person) if full else row.certno,
        phone_of(person) if full else masked_phone(person),
        str(person.brdy or ""),
        person.region.name if person.region else "",
        person.household.family_no if person.household else "",
        "、".join(row.identities),
        row.state_name,
        "有" if row.has_account else "无",
    )


def _check_in_full(actor: Actor, found: QuerySet[Person]) -> None:
    """Refuse full numbers of anybody in a region where this actor may not see them."""
    theirs = actor.regions(Action.SEE_FULL_DATA)
    if not sees_all(actor, Action.SEE_FULL_DATA) and found.exclude(region_id__in=theirs).exists():
        raise Refused("名单里有您不能查看完整号码的人员；请选定您负责的乡镇再导出，或导出遮盖后的名单。")
