"""The chapter on the three public expenses (“三公”经费): against the budget, the year before, and what they were for.

Its table has the columns total, abroad, purchase, running and reception, each also with ``budget_`` before it.
"""

from tuodi.accounts.counts import COUNTS, count_of
from tuodi.accounts.narrative.prose import Block, Chapter, Paragraph, Subtitle
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.narrative.totals import role_table
from tuodi.accounts.table_set import EXTRA, TOTAL, VALUE, Section, TableForm
from tuodi.kernel.fragments import Text, listed, text

_KINDS = (
    ("abroad", "因公出国（境）费"),
    ("purchase", "公务用车购置费"),
    ("running", "公务用车运行维护费"),
    ("reception", "公务接待费"),
)


def three_public(teller: Teller, section: Section) -> Chapter:
    """Tell the total and each of the four expenses; one without budget and expenditure is told as none."""
    table, _ = role_table(teller, "three_public_table")
    if table is None:
        return Chapter(section.id, section.title, ())
    columns = {column.id for column in table.columns}
    blocks: list[Block] = [Subtitle(text("（一）总体情况"))]
    opening, asks = _expense(teller, table, "total", "“三公”经费财政拨款支出")
    blocks += [Paragraph(text(teller.year, "度", opening)), *asks, Subtitle(text("（二）具体情况"))]
    for kind, name in _KINDS:
        if kind not in columns:
            continue
        told, asks = _expense(teller, table, kind, name)
        blocks += [Paragraph(text(told, _counts(teller, kind))), *asks]
    return Chapter(section.id, section.title, tuple(blocks))


def _expense(teller: Teller, table: TableForm, kind: str, name: str) -> tuple[Text, list[Block]]:
    accounts, table_id = teller.accounts, table.id
    budgeted = any(column.id == f"budget_{kind}" for column in table.columns)
    spent = accounts.value(table_id, TOTAL, kind)
    budget = accounts.value(table_id, TOTAL, f"budget_{kind}")
    growth = teller.grown(f"three-public-{kind}")
    if not spent and not budget:
        same = text("，与上年相同") if growth is not None and growth.last == 0 else ()
        nothing = ("预算和支出", "，全年预算和支出决算都是零") if budgeted else ("支出", "")
        told = text("没有", name, nothing[kind == "total"], same, "。")
    else:
        planned = text("预算", teller.amount(f"{table_id}/{TOTAL}/budget_{kind}", budget), "，") if budgeted else ()
        opening = text(name, planned, "支出决算")
        done = text("，完成全年预算的", teller.share(f"{table_id}.{kind}", spent, budget)) if budget else ()
        told = text(opening, teller.amount(f"{table_id}/{TOTAL}/{kind}", spent), done, "。")
    if growth is None or growth.last is None or not growth.changed:
        return told, []
    sentences, asks = teller.reasons([growth])
    return text(told, "比上年", teller.change(growth, named=False), "。", *sentences), asks


def _counts(teller: Teller, kind: str) -> Text:
    """Return the numbers of groups, cars and receptions in one sentence; of a blank one nothing is said."""
    parts: list[Text] = []
    numbers: list[int] = []
    for group in COUNTS[kind]:
        given = [(each, number) for each in group if (number := count_of(teller.accounts, each)) is not None]
        for place, (each, number) in enumerate(given):
            words = each.words if place or not each.alone else each.alone
            parts.append(text(words, teller.count(f"{EXTRA}/{each.item}/{VALUE}", number, each.unit)))
            numbers.append(number)
    return text(listed(parts, "，"), "。") if any(numbers) else ()
