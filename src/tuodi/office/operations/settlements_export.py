"""A list of settlements as rows for a workbook: with a reason, counted, in the trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tuodi.intake.layouts import load_layout
from tuodi.kernel.codes import named
from tuodi.office.access import Actor
from tuodi.office.models import County
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.looks import REASON_LONGEST, REASON_SHORTEST
from tuodi.office.operations.writing import Refused, writing
from tuodi.office.queries.reach import within
from tuodi.office.queries.settlements import STATES, Filters, Row, listed
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Kind
from tuodi.report.tables import Row as Cells

ROWS_MAX: Final = 100_000
_FIELDS: Final = ("setl_id", "setl_time", "psn_no")
_LABELS: Final = {each.name: each.labels[0] for each in load_layout("settlements").fields}


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    texts = (*(_LABELS[name] for name in _FIELDS), "姓名", "乡镇", _LABELS["med_type"], _LABELS["insutype"], "身份")
    amounts = (_LABELS["medfee_sumamt"], _LABELS["inscp_scp_amt"], "各项保险支付", "别处已付救助", "应救助", "可支付")
    return (*map(Column, texts), *(Column(name, Kind.MONEY) for name in amounts), Column("状态"), Column("说明"))


def export_settlements(*, actor: Actor, filters: Filters, reason: str, at: datetime) -> Sequence[Cells]:
    """Return the settlements found as rows under ``columns``. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        why = line_of(reason, "导出的用途", REASON_LONGEST, REASON_SHORTEST)
        found = listed(actor, filters).filter(within(actor, Action.EXPORT_PEOPLE, "person__region"))
        settlements = list(found.select_related("person__region")[: ROWS_MAX + 1])
        if len(settlements) > ROWS_MAX:
            raise Refused(f"一次最多导出 {ROWS_MAX} 笔；请按年度、月份或乡镇缩小范围，分几次导出。")
        if not settlements:
            raise Refused("没有符合条件的结算，没有可导出的内容。")
        county = County.objects.select_related("region").get()
        write.log(
            "settlements.exported",
            "",
            county.region,
            rows=len(settlements),
            reason=why,
            year=filters.year,
            month=filters.month,
            state=STATES[filters.state] if filters.state else "",
            in_region=filters.region_id,
        )
        return [_cells(Row(each)) for each in settlements]


def _cells(row: Row) -> Cells:
    one = row.settlement
    person = one.person
    return (
        one.setl_id,
        str(one.setl_time),
        one.psn_no,
        person.psn_name if person else "",
        person.region.name if person and person.region else "",
        named("med_type", one.med_type),
        named("insutype", one.insutype),
        one.identity,
        one.medfee_sumamt,
        one.inscp_scp_amt,
        row.insured_fen,
        row.elsewhere_fen,
        one.due_fen,
        row.payable_fen,
        row.state_name,
        one.note,
    )
