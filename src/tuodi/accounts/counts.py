"""The counts that stand beside the three public expenses: how they are told, and those that nobody filled in."""

from collections.abc import Iterator
from typing import NamedTuple

from tuodi.accounts.disclosure import Accounts, Place
from tuodi.accounts.table_set import EXTRA, TOTAL, VALUE, Item
from tuodi.kernel.finding import Fault, Finding, Severity


class Counted(NamedTuple):
    """One count: its item, the words before it (``alone`` where nothing stands before them), and its unit."""

    item: str
    words: str
    unit: str
    alone: str = ""


COUNTS: dict[str, tuple[tuple[Counted, ...], ...]] = {
    "abroad": ((
        Counted("出国团组数", "组织出国（境）团组", "个"), Counted("出国人次", "共", "人次", "因公出国（境）共"),
    ),),
    "purchase": ((Counted("购置公务用车", "购置公务用车", "辆"),),),
    "running": ((Counted("公务用车保有量", "年末由财政拨款负担费用的公务用车", "辆"),),),
    "reception": (
        (Counted("国内接待批次", "国内接待", "批次"), Counted("国内接待人次", "共", "人次", "国内接待共")),
        (
            Counted("国境外接待批次", "国（境）外接待", "批次"),
            Counted("国境外接待人次", "共", "人次", "国（境）外接待共"),
        ),
    ),
}  # fmt: skip
"""By the expense's column: groups of counts that belong together."""


def count_of(accounts: Accounts, counted: Counted) -> int | None:
    """Return a count; None where it was left blank, which is not 0."""
    return accounts.value(EXTRA, counted.item, VALUE)


def missing_counts(accounts: Accounts) -> Iterator[Finding]:
    """Yield each count left blank though its expense was spent, or another count beside it was given."""
    table = accounts.tables.roles.get("three_public_table", "").partition("/")[0]
    for expense, groups in COUNTS.items():
        every = [counted for group in groups for counted in group]
        spent = accounts.value(table, TOTAL, expense) if table else None
        if not spent and not any(count_of(accounts, each) for each in every):
            continue
        for each in every:
            item = accounts.tables.item(EXTRA, each.item)
            if item is not None and count_of(accounts, each) is None:
                yield _missing(accounts, item)


def _missing(accounts: Accounts, item: Item) -> Finding:
    fault = Fault("figure-missing", f"没有填写{item.label}", "请在“补充数据”补填，没有的填 0；不填就不写这半句")
    place = accounts.cell((EXTRA, item.id, VALUE)).place
    return (place if place.row is not None else Place(sheet=EXTRA)).finding(fault, severity=Severity.WARNING)
