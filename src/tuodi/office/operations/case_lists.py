"""A list of cases taken out as a workbook: logged, because it names people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tuodi.office.access import Actor
from tuodi.office.models import Case
from tuodi.office.operations.writing import Refused, writing
from tuodi.office.queries.cases import Filters, listed, with_shown
from tuodi.office.roles import Action
from tuodi.report.tables import Column, Kind, Row

ROWS_MAX: Final = 20_000
"""A longer list would keep the page waiting; it is narrowed by town, kind or step."""

COLUMNS: Final = (
    Column("编号", Kind.COUNT),
    Column("人员编号"),
    Column("姓名"),
    Column("乡镇"),
    Column("结算编号"),
    Column("种类"),
    Column("应付（元）", Kind.MONEY),
    Column("已付（元）", Kind.MONEY),
    Column("相差（元）", Kind.MONEY),
    Column("说明"),
    Column("状态"),
    Column("待办步骤"),
    Column("期限"),
    Column("立案日期"),
)


def export_cases(*, actor: Actor, filters: Filters, at: datetime) -> Iterator[Row]:
    """Return the rows of COLUMNS for a list. Raises Refused for one too long, Absent for a region out of reach."""
    with writing(actor, Action.SEE_CASES, at) as write:
        cases = listed(actor, filters)
        count = cases.count()
        if count > ROWS_MAX:
            raise Refused(f"共 {count:,} 件，一次最多导出 {ROWS_MAX:,} 件；请按乡镇、种类或步骤筛选后分次导出。")
        write.log("cases.exported", "cases", None, count=count)
    return (_row(case) for case in with_shown(cases).iterator(chunk_size=2000))


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
        case.due_fen - case.paid_fen,
        case.reason,
        case.get_state_display(),
        case.get_next_step_display() if case.next_step else "",
        case.due_on.isoformat() if case.due_on else "",
        case.opened_at.date().isoformat(),
    )
