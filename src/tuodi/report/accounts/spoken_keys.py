"""What the figures of a disclosure are bound to, in words: for people who compare two drafts."""

from collections.abc import Mapping

from tuodi.accounts.cells import cell_name
from tuodi.accounts.disclosure import Accounts
from tuodi.accounts.table_set import parse_term
from tuodi.report.blocks import Report
from tuodi.report.word.record import bound

_BEGINNINGS = {
    "share": "占比",
    "facts": "部门情况",
    "reason": "原因",
    "performance": "预算绩效管理",
    "annexes": "附件合计",
    "set": "表样",
    "layout": "版式",
}
_OF_PROJECT = {
    "name": "名称",
    "budget": "全年预算数",
    "executed": "全年执行数",
    "rate": "执行率",
    "score": "得分",
    "grade": "等级",
    "order": "序号",
    "kind": "评价类别",
    "report": "报告名称",
    "above_budget": "超出预算的原因",
}
_OF_GROWTH = {"amount": "增减额", "rate": "增减幅度", "name": "名称"}


def spoken_keys(accounts: Accounts, report: Report) -> Mapping[str, str]:
    """Return the words of every key that figures and quotes of the report are bound to, where there are any."""
    return {each.key: words for each in bound(report) if (words := _spoken(accounts, each.key))}


def _spoken(accounts: Accounts, key: str) -> str:
    if cells := _cells(accounts, key):
        return cells
    kind, _, rest = key.partition(".")
    if kind == "growth":
        growth_id, _, field = rest.rpartition(".")
        growth = accounts.tables.growth(growth_id)
        return f"{growth.name}{_OF_GROWTH.get(field, '')}" if growth else ""
    if kind == "project":
        number, _, field = rest.rpartition(".")
        return f"绩效项目 {number} {_OF_PROJECT.get(field, field)}".strip()
    return f"{_BEGINNINGS[kind]} {_cells(accounts, rest) or rest}" if kind in _BEGINNINGS else ""


def _cells(accounts: Accounts, key: str) -> str:
    """Return the cells a key names, joined; empty where it names none."""
    terms = [parse_term(part.strip()) for part in key.split("+")]
    names = [cell_name(accounts, (term.table, term.row, term.column)) for term in terms if term is not None]
    return "＋".join(names) if len(names) == len(terms) else ""
