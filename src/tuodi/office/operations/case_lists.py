"""A list of cases taken out as a workbook: logged, because it names people."""

from datetime import datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.models import Case
from tuodi.office.operations.exporting import Exported, check_count, keys_in_order, purpose_of, read_in_order
from tuodi.office.operations.writing import writing
from tuodi.office.queries.cases import Filters, Totals, gap_of, listed, state_told, totals
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Kind, Row

_COLUMNS: Final = (
    Column("编号", Kind.COUNT),
    Column("人员编号"),
    Column("姓名"),
    Column("乡镇"),
    Column("结算编号"),
    Column("种类"),
    Column("应付（元）", Kind.MONEY),
    Column("已付（元）", Kind.MONEY),
    Column("应补（元）", Kind.MONEY),
    Column("应追（元）", Kind.MONEY),
    Column("说明"),
    Column("状态"),
    Column("期限"),
    Column("立案日期"),
)


def export_cases(*, actor: Actor, filters: Filters, reason: str, at: datetime) -> Exported:
    """Return a list of cases. Raises Refused without a purpose and for a list empty or too long, Absent."""
    with writing(actor, Action.SEE_CASES, at) as write:
        why = purpose_of(reason)
        cases = listed(actor, filters)
        sums = totals(cases)
        check_count(sums.count, "件", "按乡镇、种类或步骤缩小范围")
        keys = keys_in_order(cases)
        if not keys:
            raise Refused("没有符合条件的疑点，没有可导出的内容。")
        write.log("cases.exported", "cases", None, count=len(keys), reason=why)
    found = read_in_order(Case.objects.select_related("person__region"), keys)
    return Exported(_COLUMNS, map(_row, found), _foot(sums))


def _foot(sums: Totals) -> Row:
    amounts = (sums.due_fen, sums.paid_fen, sums.missing_fen, sums.excess_fen)
    return (f"合计 {sums.count} 件", *(None,) * 5, *amounts, sums.note or None, *(None,) * 3)


def _row(case: Case) -> Row:
    person = case.person
    return (
        case.pk,
        person.psn_no if person else "",
        person.psn_name if person else "",
        person.region.name if person and person.region else "",
        case.setl_id,
        case.get_kind_display(),
        case.due_fen,
        case.paid_fen,
        *gap_of(case),
        case.reason,
        state_told(case),
        case.due_on.isoformat() if case.due_on else "",
        case.opened_at.date().isoformat(),
    )
