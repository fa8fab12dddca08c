"""A list of settlements as rows for a workbook: with a reason, counted, in the trail."""

from datetime import datetime
from typing import Final

from tuodi.assessment.receipt_steps import IN_SCOPE, INSURED
from tuodi.intake.layouts import load_layout
from tuodi.kernel.codes import named
from tuodi.office.access import Actor
from tuodi.office.models import County
from tuodi.office.operations.exporting import Exported, check_count, keys_in_order, purpose_of, read_in_order
from tuodi.office.operations.writing import writing
from tuodi.office.queries.reach import within
from tuodi.office.queries.settlements import STATES, Filters, Row, Totals, listed, totals_of
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Kind
from tuodi.report.tables import Row as Cells

_FIELDS: Final = ("setl_id", "setl_time", "psn_no")
_LABELS: Final = {each.name: each.labels[0] for each in load_layout("settlements").fields}


def _columns() -> tuple[Column, ...]:
    texts = (*(_LABELS[name] for name in _FIELDS), "姓名", "乡镇", _LABELS["med_type"], _LABELS["insutype"], "身份")
    amounts = (_LABELS["medfee_sumamt"], IN_SCOPE, INSURED, "别处已付救助", "应救助", "可支付")
    return (
        *map(Column, texts),
        *(Column(f"{name}（元）", Kind.MONEY) for name in amounts),
        Column("状态"),
        Column("说明"),
    )


def export_settlements(*, actor: Actor, filters: Filters, reason: str, at: datetime) -> Exported:
    """Return the settlements found. Raises Refused, Absent."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        why = purpose_of(reason)
        found = listed(actor, filters).filter(within(actor, Action.EXPORT_PEOPLE, "person__region"))
        totals = totals_of(found)
        check_count(totals.count, "笔", "按年度、月份或乡镇缩小范围")
        keys = keys_in_order(found)
        if not keys:
            raise Refused("没有符合条件的结算，没有可导出的内容。")
        county = County.objects.select_related("region").get()
        write.log(
            "settlements.exported",
            "",
            county.region,
            rows=len(keys),
            reason=why,
            year=filters.year,
            month=filters.month,
            state=STATES[filters.state] if filters.state else "",
            in_region=filters.region_id,
        )
    settlements = read_in_order(found.select_related("person__region"), keys)
    return Exported(_columns(), (_cells(Row(each)) for each in settlements), _foot(totals))


def _foot(sums: Totals) -> Cells:
    amounts = (sums.cost_fen, sums.scope_fen, sums.insured_fen, sums.elsewhere_fen, sums.due_fen, sums.payable_fen)
    return (f"合计 {sums.count} 笔", *(None,) * 7, *amounts, None, sums.note or None)


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
        row.due_fen,
        row.payable_fen,
        row.state_name,
        one.note,
    )
