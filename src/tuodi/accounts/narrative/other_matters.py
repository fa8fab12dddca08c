"""The chapter on other matters: operating cost, procurement, assets, performance."""

from tuodi.accounts.cells import cells_of, row_label
from tuodi.accounts.narrative.performance_text import performance_blocks
from tuodi.accounts.narrative.prose import Block, Chapter, Paragraph, Subtitle
from tuodi.accounts.narrative.telling import Teller
from tuodi.accounts.table_set import Section
from tuodi.kernel.fragments import Quote, Text, listed, text

_ORDINAL_MARKS = "0123456789.．、 （）一二三四五六七八九十"
_VEHICLES = "辆"


def other(teller: Teller, section: Section) -> Chapter:
    """Tell the four matters, each under its heading; one that the set and the data say nothing of is left out."""
    matters: list[tuple[str, list[Block]]] = [
        ("机关运行经费", _operating_cost(teller)),
        ("政府采购", _paragraphs(_procurement(teller))),
        ("国有资产占用", _paragraphs(_assets(teller))),
        ("预算绩效管理", performance_blocks(teller)),
    ]
    blocks: list[Block] = []
    for ordinal, (name, told) in zip("一二三四", (matter for matter in matters if matter[1]), strict=False):
        blocks += [Subtitle(text(f"（{ordinal}）{name}")), *told]
    return Chapter(section.id, section.title, tuple(blocks))


def _paragraphs(told: Text) -> list[Block]:
    return [Paragraph(told)] if told else []


def _operating_cost(teller: Teller) -> list[Block]:
    if not teller.accounts.has("operating_cost"):
        return []
    growth = teller.grown("operating-cost")
    if not teller.accounts.role("operating_cost") and not (growth is not None and growth.last):
        return [Paragraph(text(teller.year, "度没有机关运行经费支出。"))]
    opening = text(teller.entity, teller.year, "度机关运行经费支出", teller.role("operating_cost"))
    if growth is None or growth.last is None:
        return [Paragraph(text(opening, "。"))]
    sentences, asks = teller.reasons([growth])
    change = teller.change(growth, named=False)
    compared = text("，比", teller.last_year, change) if growth.changed else text("，", change)
    return [Paragraph(text(opening, compared, "。", *sentences)), *asks]


def _procurement(teller: Teller) -> Text:
    accounts = teller.accounts
    if not accounts.has("procurement"):
        return ()
    total = accounts.role("procurement")
    if not total:
        return text(teller.year, "度没有政府采购支出。")
    kinds = [each for each in (("goods", "货物"), ("works", "工程"), ("services", "服务")) if accounts.has(each[0])]
    told = [text(name, "支出", teller.role(role)) for role, name in kinds if accounts.role(role)]
    none = [text(name, "支出") for role, name in kinds if not accounts.role(role)]
    opening = text(
        teller.entity, teller.year, "度政府采购支出总额", teller.role("procurement"),
        text("，其中：", listed(told, "；")) if told else (),
    )  # fmt: skip
    missing = text("；没有", listed(none, "和")) if none else ()
    return text(opening, missing, "。", _contracts(teller, total))


def _contracts(teller: Teller, total: int) -> Text:
    accounts = teller.accounts
    sme, micro = accounts.role("sme"), accounts.role("micro")
    if sme is None:
        return ()
    if not sme:
        return text("没有授予中小企业的合同金额", "，也没有授予小微企业的合同金额。" if micro == 0 else "。")
    told = text("授予中小企业合同金额", teller.role("sme"), "，占采购支出总额的", teller.share("sme", sme, total))
    if micro is None:
        return text(told, "。")
    if not micro:
        return text(told, "，其中没有授予小微企业的合同金额。")
    share = teller.share("micro", micro, total)
    return text(told, "，其中授予小微企业合同金额", teller.role("micro"), "，占采购支出总额的", share, "。")


def _assets(teller: Teller) -> Text:
    told = [each for each in (_vehicles(teller), _equipment(teller)) if each]
    return text("截至", teller.year, "末，", listed(told, "；"), "。") if told else ()


def _vehicles(teller: Teller) -> Text:
    accounts = teller.accounts
    if not accounts.has("vehicles"):
        return ()
    vehicles = accounts.role("vehicles")
    if not vehicles:
        return text(teller.entity, "没有车辆")
    parts = [
        text(
            Quote("10.name", row_label(accounts, table, row).lstrip(_ORDINAL_MARKS)),
            teller.count(f"{table}/{row}/{column}", accounts.value(table, row, column), _VEHICLES),
        )
        for term in accounts.role_terms("vehicle_rows")
        for table, row, column in cells_of(accounts, term)
        if accounts.value(table, row, column)
    ]
    detail = text("，其中：", listed(parts)) if parts else ()
    return text(teller.entity, "共有车辆", teller.count(teller.role_key("vehicles"), vehicles, _VEHICLES), detail)


def _equipment(teller: Teller) -> Text:
    if not teller.accounts.has("equipment"):
        return ()
    number = teller.accounts.role("equipment")
    if not number:
        return text("没有单价一百万元以上的设备（不含车辆）")
    count = teller.count(teller.role_key("equipment"), number, "台（套）")
    return text("单价一百万元以上的设备（不含车辆）", count)
