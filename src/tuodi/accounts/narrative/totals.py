"""Chapters on totals: overall, income, expenditure, financial appropriation, the other two budgets."""

from tuodi.accounts.narrative.prose import Block, Chapter, Paragraph
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.table_set import TOTAL, Section, TableForm
from tuodi.kernel.fragments import Quote, Text, listed, text


def overall(teller: Teller, section: Section) -> Chapter:
    """Tell total income and expenditure beside the year before."""
    told = teller.totals(("income_grand", "收入总计"), ("expenditure_grand", "支出总计"))
    opening = text(teller.year, "度", listed(told, "，"), "。") if told else ()
    return _compared(teller, section, opening, "income-grand", "expenditure-grand")


def fiscal(teller: Teller, section: Section) -> Chapter:
    """Tell the appropriations received and spent beside the year before."""
    told = teller.totals(("fiscal_income_grand", "财政拨款收入总计"), ("fiscal_expenditure_grand", "财政拨款支出总计"))
    opening = text(teller.entity, teller.year, "度", listed(told, "，"), "。") if told else ()
    return _compared(teller, section, opening, "fiscal-income", "fiscal-expenditure")


def _compared(teller: Teller, section: Section, opening: Text, *growths: str) -> Chapter:
    compared, asks = teller.compared(growths)
    told = text(opening, compared)
    return Chapter(section.id, section.title, (*([Paragraph(told)] if told else []), *asks))


def income(teller: Teller, section: Section) -> Chapter:
    """Tell each kind of income and its share; kinds without an amount are named as none."""
    return Chapter(section.id, section.title, _parts(teller, "income_table", "income_total", "本年收入合计"))


def expenditure(teller: Teller, section: Section) -> Chapter:
    """Tell each kind of expenditure and its share; kinds without an amount are named as none."""
    words = "本年支出合计"
    return Chapter(section.id, section.title, _parts(teller, "expenditure_table", "expenditure_total", words))


def _parts(teller: Teller, role: str, total_role: str, words: str) -> tuple[Paragraph, ...]:
    table, total_column = role_table(teller, role)
    if not teller.accounts.has(total_role):
        return ()
    opening = text(teller.year, "度", words, teller.role(total_role))
    if table is None:
        return (Paragraph(text(opening, "。")),)
    told: list[Text] = []
    none: list[Text] = []
    whole = teller.accounts.value(table.id, TOTAL, total_column)
    for column in table.columns:
        if column.id == total_column:
            continue
        value = teller.accounts.value(table.id, TOTAL, column.id)
        key = f"{table.id}/{TOTAL}/{column.id}"
        name = Quote(f"{table.id}.{column.id}", column.heading[-1])
        if value:
            told.append(text(name, teller.amount(key, value), "，占", teller.share(key, value, whole)))
        else:
            none.append(text(name))
    parts = text("，其中：", listed(told, "；")) if told else ()
    nothing = text("没有", listed(none), "。") if none else ()
    return (Paragraph(text(opening, parts, "。", nothing)),)


def role_table(teller: Teller, role: str) -> tuple[TableForm | None, str]:
    """Return the table that plays a part, and the column its total stands in."""
    table, _, column = teller.accounts.tables.roles.get(role, "").partition("/")
    return teller.accounts.tables.table(table), column


def funds(teller: Teller, section: Section) -> Chapter:
    """Tell the government funds, or that there are none; nothing where the set has no table of them."""
    return _other_budget(teller, section, "fund_table", "政府性基金预算财政拨款收入、支出和结转结余")


def capital(teller: Teller, section: Section) -> Chapter:
    """Tell the state capital budget, or that there is none; nothing where the set has no table of it."""
    return _other_budget(teller, section, "capital_table", "国有资本经营预算财政拨款支出")


def _other_budget(teller: Teller, section: Section, role: str, words: str) -> Chapter:
    table, _ = role_table(teller, role)
    if table is None:
        return Chapter(section.id, section.title, ())
    if not any(cell.value for (each, _, _), cell in teller.accounts.cells.items() if each == table.id):
        return Chapter(section.id, section.title, (Paragraph(text(teller.year, "度没有", words, "。")),))
    parts = [
        text(
            Quote(f"{table.id}.{column.id}", _column_name(column.heading)),
            teller.amount(f"{table.id}/{TOTAL}/{column.id}", teller.accounts.value(table.id, TOTAL, column.id)),
        )
        for column in table.columns
    ]
    blocks: list[Block] = [Paragraph(text(teller.year, "度", listed(parts, "，"), "。"))]
    lines = list(code_lines(teller, table, table_total(teller, role)))
    if lines:
        blocks.append(Paragraph(text("支出按功能分类：", listed(lines, "；"), "。")))
    return Chapter(section.id, section.title, tuple(blocks))


def _column_name(heading: tuple[str, ...]) -> str:
    """Return a column's name in a sentence: 小计 and 合计 take the words above them."""
    return heading[-2] if heading[-1] in ("小计", "合计") and len(heading) > 1 else heading[-1]


def table_total(teller: Teller, role: str) -> str:
    """Return the column of a role's table that holds its total."""
    return role_table(teller, role)[1]


def lowest_codes(teller: Teller, table: TableForm, column: str) -> list[str]:
    """Return the codes with an amount that have none below them."""
    rows = [row for row in teller.accounts.row_ids(table.id) if row != TOTAL]
    return [
        row
        for row in rows
        if teller.accounts.value(table.id, row, column)
        and not any(other != row and other.startswith(row) for other in rows)
    ]


def code_lines(teller: Teller, table: TableForm, column: str) -> list[Text]:
    """Return the lowest codes of a table with an amount: ``城乡医疗救助（2101301）6,817,074.57元``."""
    lines: list[Text] = []
    for row in lowest_codes(teller, table, column):
        value = teller.accounts.value(table.id, row, column)
        key = f"{table.id}/{row}/{column}"
        name = code_name(teller, table.id, row)
        lines.append(text(name, "（", Quote(f"{key}.code", row), "）", teller.amount(key, value)))
    return lines


def code_name(teller: Teller, table_id: str, row: str) -> Quote:
    """Return the name a code came with."""
    told = teller.accounts.names.get(table_id, {}).get(row)
    return Quote(f"{table_id}/{row}.name", told.text if told is not None else row)
