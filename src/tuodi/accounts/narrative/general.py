"""Chapters on the general public budget: its expenditure, and the basic expenditure, from basic columns alone."""

from collections.abc import Iterator

from tuodi.accounts.cells import row_label
from tuodi.accounts.narrative.prose import Block, Chapter, Paragraph, Subtitle
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.narrative.totals import code_lines, code_name, lowest_codes, role_table
from tuodi.accounts.table_set import TOTAL, BlockForm, Section, TableForm
from tuodi.kernel.fragments import Quote, Text, listed, text

_ITEM_DIGITS = 7
"""Of the code of an item (项)."""


def general(teller: Teller, section: Section) -> Chapter:
    """Tell the expenditure as a whole, by functional class and by item, beside the budget and the year before."""
    blocks: list[Block] = [Subtitle(text("（一）支出总体情况"))]
    accounts = teller.accounts
    total = accounts.role("general_total")
    opening: Text = ()
    if accounts.has("general_total"):
        told = text(teller.entity, teller.year, "度一般公共预算财政拨款支出", teller.role("general_total"))
        opening = text(told, _of_all(teller, total), "。")
    compared, asks = teller.compared(["general"])
    if opening or compared:
        blocks.append(Paragraph(text(opening, compared)))
    blocks += asks
    if accounts.has("general_total", "general_basic"):
        blocks.append(Paragraph(_basic(teller, total)))
    table, column = role_table(teller, "general_table")
    if len(blocks) == 1:
        blocks = []
    if table is not None and accounts.has("general_total"):
        blocks += [Subtitle(text("（二）支出结构")), Paragraph(_classes(teller, table, column))]
        blocks += [Subtitle(text("（三）支出具体情况")), Paragraph(_items(teller, table, column))]
    return Chapter(section.id, section.title, tuple(blocks))


def _of_all(teller: Teller, total: int | None) -> Text:
    """Return the share in all expenditure; nothing where the set has no table of it."""
    if not teller.accounts.has("expenditure_total"):
        return ()
    return text("，占本年支出合计的", teller.share("general_total", total, teller.accounts.role("expenditure_total")))


def _basic(teller: Teller, total: int | None) -> Text:
    parts = [
        text(name, teller.role(role), "，占", teller.share(role, teller.accounts.role(role), total))
        for role, name in (("personnel_basic", "人员经费"), ("public_basic", "日常公用经费"))
        if teller.accounts.role(role)
    ]
    made_of = text("，包括", listed(parts, "；")) if parts else ()
    return text("其中基本支出", teller.role("general_basic"), made_of, "。", _project(teller, total))


def _project(teller: Teller, total: int | None) -> Text:
    if not teller.accounts.has("general_project"):
        return ()
    project = teller.accounts.role("general_project")
    if not project:
        return text("没有项目支出。")
    share = teller.share("general_project", project, total)
    return text("项目支出", teller.role("general_project"), "，占", share, "。")


def _classes(teller: Teller, table: TableForm, column: str) -> Text:
    total = teller.accounts.value(table.id, TOTAL, column)
    parts: list[Text] = []
    for row in teller.accounts.row_ids(table.id):
        value = teller.accounts.value(table.id, row, column)
        if len(row) == 3 and value:
            key = f"{table.id}/{row}/{column}"
            share = teller.share(key, value, total)
            parts.append(text(code_name(teller, table.id, row), "（类）", teller.amount(key, value), "，占", share))
    return text("按功能分类：", listed(parts, "；"), "。") if parts else text("没有支出。")


def _items(teller: Teller, table: TableForm, column: str) -> Text:
    accounts = teller.accounts
    budget, total = accounts.role("initial_budget"), accounts.role("general_total")
    lines = code_lines(teller, table, column)
    all_items = all(len(row) == _ITEM_DIGITS for row in lowest_codes(teller, table, column))
    items = text("按项级科目：" if all_items else "按最末级科目：", listed(lines, "；"), "。") if lines else ()
    if budget is None:
        return text("支出决算", teller.role("general_total"), "。", items)
    if not budget:
        done = text("，没有年初预算，不计算完成率。")
    else:
        done = text("，完成年初预算的", teller.share("initial_budget", total, budget), "。")
    opening = text("年初预算", teller.role("initial_budget"), "，支出决算", teller.role("general_total"))
    return text(opening, done, items)


def basic(teller: Teller, section: Section) -> Chapter:
    """Tell the basic expenditure by economic class; every figure stands in a column of basic expenditure."""
    blocks: list[Block] = [
        Paragraph(text(teller.entity, teller.year, "度", told, "。"))
        for told in teller.totals(("general_basic", "一般公共预算财政拨款基本支出"))
    ]
    table, column = role_table(teller, "economic_table")
    if table is None:
        return Chapter(section.id, section.title, tuple(blocks))
    for name, role in (("人员经费", "personnel_basic"), ("公用经费", "public_basic")):
        if not teller.accounts.has(role):
            continue
        groups = list(_groups(teller, table, column, name))
        total = text(name, teller.role(role))
        if groups:
            blocks.append(Paragraph(text(total, "，包括", listed(groups, "；"), "。")))
        else:
            blocks.append(Paragraph(text("没有", name, "。")))
    return Chapter(section.id, section.title, tuple(blocks))


def _groups(teller: Teller, table: TableForm, column: str, name: str) -> Iterator[Text]:
    """Yield each class (类) with a basic expenditure: its sum and its items."""
    for block in table.blocks:
        if block.keys and block.keys[0].heading[0] != name:
            continue
        for row in block.rows:
            value = teller.accounts.value(table.id, row.id, column)
            if len(row.code) != 3 or not value:
                continue
            items = list(_below(teller, table, column, row.code))
            detail = text("（", listed(items), "）") if items else ()
            key = f"{table.id}/{row.id}/{column}"
            yield text(Quote(f"{key}.name", row.label), teller.amount(key, value), detail)


def _below(teller: Teller, table: TableForm, column: str, code: str) -> Iterator[Text]:
    rows = (row for block in table.blocks for row in _block_rows(block) if row != code and row.startswith(code))
    for row in rows:
        value = teller.accounts.value(table.id, row, column)
        if value:
            key = f"{table.id}/{row}/{column}"
            label = row_label(teller.accounts, table.id, row).removeprefix(row).strip()
            yield text(Quote(f"{key}.name", label), teller.amount(key, value))


def _block_rows(block: BlockForm) -> tuple[str, ...]:
    return tuple(row.code for row in block.rows if row.code)
