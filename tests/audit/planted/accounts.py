"""Family: a department's final accounts as disclosed: overview, tables, narrative, terms."""

from __future__ import annotations

from tests.audit.planted.accounts_books import Accounts, yuan
from tests.audit.planted.accounts_narrative import narrative
from tests.audit.planted.draft import Draft, amounts
from tests.audit.planted.model import LEFT, Model

GROUPS = {"208": "社会保障和就业支出", "210": "卫生健康支出", "221": "住房保障支出"}
SECTIONS = {
    "20805": "行政事业单位养老支出",
    "21011": "行政事业单位医疗",
    "21013": "医疗救助",
    "21015": "医疗保障管理事务",
    "22102": "住房改革支出",
}
ITEMS = {
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "2101101": "行政单位医疗",
    "2101301": "城乡医疗救助",
    "2101501": "行政运行",
    "2101506": "医疗保障经办事务",
    "2210201": "住房公积金",
}
PROJECTS = {"2101301", "2101506"}
WAGES = {"30101": "基本工资", "30102": "津贴补贴", "30107": "绩效工资"}
GOODS = {"30201": "办公费", "30211": "差旅费", "30217": "公务接待费"}
NUMERALS = "一二三四五六七八"


def document(seed: int, attempt: int) -> Model:
    """Return one clean disclosure."""
    d = Draft("accounts", seed, attempt, ("元",))
    books = _books(d)
    d.title(f"{d.world.bureau}{d.world.year}年度部门决算")
    d.head(1, d.rng.choice(("部门概况", "概况")))
    _overview(d)
    tables_first = d.rng.random() < 0.7
    if tables_first:
        _tables(d, books)
    d.head(1, d.rng.choice(("部门决算情况说明", "决算情况说明")))
    narrative(d, books)
    if not tables_first:
        _tables(d, books)
    d.head(1, "名词解释")
    d.para("一般公共预算财政拨款收入：指本级财政当年拨付的资金。")
    d.para("基本支出：单位日常运转所需的人员和公用支出。")
    return d.model()


def _books(d: Draft) -> Accounts:
    rng = d.rng
    items = sorted(rng.sample(sorted(set(ITEMS) - PROJECTS - {"2101501"}), 3) + ["2101301", "2101501"])
    if rng.random() < 0.5:
        items = sorted({*items, "2101506"})
    project = {code: rng.randint(20_000_000, 900_000_000) for code in items if code in PROJECTS}
    basic = {code: rng.randint(1_500_000, 9_900_000) for code in items if code not in PROJECTS}
    basic["2101501"] = rng.randint(40_000_000, 120_000_000)
    whole = sum(basic.values())
    goods_total = whole * rng.randint(8, 16) // 100
    closing = rng.choice((0, rng.randint(100_000, 4_000_000)))
    opening = rng.choice((closing, rng.randint(100_000, 4_000_000)))
    return Accounts(
        basic=basic,
        project=project,
        other={"2101501": rng.randint(100_000, 3_000_000)} if rng.random() < 0.6 else {},
        opening=opening,
        closing=closing,
        wages=dict(zip(WAGES, amounts(rng, whole - goods_total, 3, whole // 8), strict=True)),
        goods=dict(zip(GOODS, amounts(rng, goods_total, 3, goods_total // 8), strict=True)),
    )


def _overview(d: Draft) -> None:
    d.head(2, d.rng.choice(("部门职责", "主要职责")))
    d.para(f"{d.place()}医疗保障局负责全县医疗保险、生育保险、医疗救助等保障工作。".replace("全县", "本辖区"))
    d.head(2, d.rng.choice(("机构设置", "机构设置情况")))
    units = [d.world.bureau + "本级", d.world.centre, d.world.county + "医疗保障基金监管中心"][: d.rng.choice((2, 3))]
    text, at = d.say(
        "纳入{year}年度部门决算编制范围的单位共{n}个，包括：" + "、".join(units) + "。",
        "{year}年部门决算由{n}个单位汇总：" + "、".join(units) + "。",
        "编制范围内共有单位{n}个，即" + "、".join(units) + "。",
        n=d.numeral("number:units", len(units)),
    )
    d.para(text)
    d.tie("items-number", "number", at["n"], extra=(len(units),))
    d.para(
        f"本次公开依据{d.paper(3)}办理，口径与{d.paper(3)}一致。"
        if d.rng.random() < 0.5
        else f"编制依据为{d.paper(3)}。公开工作按{d.paper(3)}执行。"
    )


def _tables(d: Draft, books: Accounts) -> None:
    d.head(1, d.rng.choice(("部门决算表", "决算表格")))
    summary = _summary_table(d, books)
    income = _income_table(d, books)
    spending, basic, cells = _spending_table(d, books)
    whole_basic = _basic_table(d, books)
    d.relate("accounts-total", "same", income, (income, summary["income"]))
    d.relate("accounts-total", "same", spending, (spending, summary["spending"]))
    d.relate("accounts-total", "same", summary["income"], (summary["income"], income))
    for code, cell in cells.items():
        if code in GROUPS:
            d.tie("accounts-item", "same", summary[code], cell)
    d.tie("accounts-item", "same", whole_basic, basic)
    d.tie("accounts-item", "same", basic, whole_basic)


def _caption(d: Draft, text: str) -> None:
    d.caption(text)
    d.para(
        d.rng.choice(
            (
                f"部门名称：{d.world.bureau}　　{d.world.year}年度　　金额单位：元",
                f"编制单位：{d.world.bureau}　单位：元",
            )
        )
    )


def _summary_table(d: Draft, books: Accounts) -> dict[str, str]:
    _caption(d, "收入支出决算总表")
    groups = [code for code in GROUPS if books.spending(code)]
    other = books.other_under()
    income = books.spending() + books.closing - books.opening
    cells = {
        "fiscal": d.cell_money("money:fiscal", yuan(income - other)),
        "other": d.cell_money("money:other", yuan(other)),
        "income": d.cell_money("money:income", yuan(income)),
        "opening": d.cell_money("money:opening", yuan(books.opening)),
        "left": d.cell_money("money:whole", yuan(income + books.opening)),
    }
    left = [
        ("一、一般公共预算财政拨款收入", cells["fiscal"]),
        ("二、其他收入", cells["other"]),
        ("", ""),
        ("本年收入合计", cells["income"]),
        ("年初结转和结余", cells["opening"]),
        ("总计", cells["left"]),
    ]
    right = []
    for number, code in enumerate(groups):
        cells[code] = d.cell_money(f"money:{code}", yuan(books.spending(code)))
        right.append((f"{NUMERALS[number]}、{GROUPS[code]}", cells[code]))
    right += [("", "")] * (3 - len(right))
    cells["spending"] = d.cell_money("money:spending", yuan(books.spending()))
    cells["closing"] = d.cell_money("money:closing", yuan(books.closing))
    cells["right"] = d.cell_money("money:whole", yuan(income + books.opening))
    right += [("本年支出合计", cells["spending"]), ("年末结转和结余", cells["closing"]), ("总计", cells["right"])]
    rows = [["收入", LEFT, LEFT, "支出", LEFT, LEFT], ["项目", "行次", "决算数", "项目", "行次", "决算数"]]
    for line, (first, second) in enumerate(zip(left, right, strict=True), 1):
        rows.append([first[0], str(line), first[1], second[0], str(line + len(left)), second[1]])
    d.table(rows, head=2)
    d.tie("total-money", "sum", cells["income"], cells["fiscal"], cells["other"])
    d.tie("total-money", "sum", cells["spending"], *(cells[code] for code in groups))
    d.tie("total-money", "sum", cells["left"], cells["income"], cells["opening"])
    d.tie("total-money", "sum", cells["right"], cells["spending"], cells["closing"])
    d.tie("accounts-total", "same", cells["right"], cells["left"])
    d.tie("balance", "balance", cells["closing"], cells["opening"], cells["income"], cells["spending"])
    return cells


def _codes(books: Accounts) -> list[tuple[str, str]]:
    items = sorted({*books.basic, *books.project})
    listed: list[tuple[str, str]] = []
    for code in items:
        for length, names in ((3, GROUPS), (5, SECTIONS)):
            if (code[:length], names[code[:length]]) not in listed:
                listed.append((code[:length], names[code[:length]]))
        listed.append((code, ITEMS[code]))
    return listed


def _tie_codes(d: Draft, cells: dict[str, str], total: str) -> None:
    for code, cell in cells.items():
        longer = {3: 5, 5: 7}.get(len(code))
        children = [each for other, each in cells.items() if len(other) == longer and other.startswith(code)]
        if children:
            d.tie("subtotal", "sum", cell, *children)
    d.tie("total-money", "sum", total, *(cell for code, cell in cells.items() if len(code) == 3))


def _income_table(d: Draft, books: Accounts) -> str:
    """Income by code: what was spent, and under administration also what changed in the balance."""
    _caption(d, "收入决算表")
    change = books.closing - books.opening
    rows = [["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"]]
    total = d.cell_money("money:income", yuan(books.spending() + change))
    fiscal = d.cell_money("money:fiscal", yuan(books.spending() + change - books.other_under()))
    other = d.cell_money("money:other", yuan(books.other_under()))
    rows.append(["合计", LEFT, total, fiscal, other])
    d.tie("total-money", "sum", total, fiscal, other)
    wholes = {}
    for code, name in _codes(books):
        amount = books.spending(code) + (change if "2101501".startswith(code) else 0)
        part = books.other_under(code)
        wholes[code] = d.cell_money(f"*income:{code}", yuan(amount))
        cells = (d.cell_money(f"*fiscal:{code}", yuan(amount - part)), d.cell_money(f"*other:{code}", yuan(part)))
        rows.append([code, name, wholes[code], *cells])
        d.tie("subtotal", "sum", wholes[code], *cells)
    d.table(rows)
    _tie_codes(d, wholes, total)
    return total


def _spending_table(d: Draft, books: Accounts) -> tuple[str, str, dict[str, str]]:
    _caption(d, "支出决算表")
    rows = [["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]]
    total = d.cell_money("money:spending", yuan(books.spending()))
    basic = d.cell_money("money:basic", yuan(books.basic_under()))
    project = d.cell_money("money:project", yuan(books.spending() - books.basic_under()))
    rows.append(["合计", LEFT, total, basic, project])
    d.tie("total-money", "sum", total, basic, project)
    wholes, basics = {}, {}
    for code, name in _codes(books):
        wholes[code] = d.cell_money(f"money:{code}", yuan(books.spending(code)))
        basics[code] = d.cell_money(f"*basic:{code}", yuan(books.basic_under(code)))
        rest = d.cell_money(f"*project:{code}", yuan(books.spending(code) - books.basic_under(code)))
        rows.append([code, name, wholes[code], basics[code], rest])
    d.table(rows)
    _tie_codes(d, wholes, total)
    _tie_codes(d, basics, basic)
    return total, basic, wholes


def _basic_table(d: Draft, books: Accounts) -> str:
    _caption(d, "一般公共预算财政拨款基本支出决算表" if not books.other else "基本支出决算明细表")
    rows = [["经济分类科目编码", "科目名称", "决算数"]]
    cells = []
    for code, name, parts, names in (
        ("301", "工资福利支出", books.wages, WAGES),
        ("302", "商品和服务支出", books.goods, GOODS),
    ):
        whole = d.cell_money("money:wages" if code == "301" else "money:goods", yuan(sum(parts.values())))
        rows.append([code, name, whole])
        own = []
        for each, amount in parts.items():
            own.append(d.cell_money(f"money:{each}", yuan(amount)))
            rows.append([each, names[each], own[-1]])
        d.tie("subtotal", "sum", whole, *own)
        cells.append(whole)
    total = d.cell_money("money:basic", yuan(books.basic_under()))
    rows.append(["合计", LEFT, total])
    d.table(rows)
    d.tie("total-money", "sum", total, *cells)
    return total
