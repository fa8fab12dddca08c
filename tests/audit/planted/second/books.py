"""Family: a department's final accounts told in words, with tables of income and of expenditure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.audit.planted.draft import amounts
from tests.audit.planted.model import Format, Model
from tests.audit.planted.second.short import TEN_THOUSAND, Short, yuan

USES = ("社会保障和就业支出", "卫生健康支出", "住房保障支出", "农林水支出")
INCOME = ("一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "事业收入", "其他收入")


def document(seed: int, attempt: int) -> Model:
    """Return one clean narrative."""
    d = Short("books", seed, attempt)
    money = Format("money", 2, divisor=TEN_THOUSAND, suffix="万元", grouped=d.rng.random() < 0.3)
    d.habit = replace(d.habit, text_money=money, table_money=replace(money, suffix=""), unit="万元")
    w = d.world
    d.title(f"{w.county}民政局{w.year}年度部门决算说明")
    d.para(f"根据{d.paper(0)}，现就{d.place()}民政局{d.year()}年度决算作如下说明。")
    parts = [Fraction(each * 100) for each in amounts(d.rng, d.rng.randint(60_000, 900_000), 4, 3000)]
    income = sum(parts, Fraction())
    carried = Fraction(d.rng.randint(3000, 60_000) * 100)
    spent = Fraction(int(income + carried) * d.rng.randint(85, 98) // 10_000 * 100)
    _income(d, income, parts, carried)
    whole = int(spent) // 100
    uses = [Fraction(each * 100) for each in amounts(d.rng, whole, 4, whole // 40)]
    basics = [Fraction(int(each) * d.rng.randint(30, 80) // 10_000 * 100) for each in uses]
    _spending(d, uses, sum(basics, Fraction()), income + carried - spent)
    _income_table(d, parts, income)
    _spending_table(d, uses, basics)
    _guests(d)
    d.section_head("其他说明")
    d.sentence(
        "{year}年{place}民政局本年收入{income}、本年支出{spent}，数据来自部门决算报表。",
        "以上收入{income}、支出{spent}均按" + d.paper(0) + "的口径填列。",
        income=d.money("money:income", income),
        spent=d.money("money:spent", spent),
    )
    return d.model()


def _income(d: Short, income: Fraction, parts: list[Fraction], carried: Fraction) -> None:
    d.section_head(d.rng.choice(("收入情况", "收入决算说明", "关于收入")))
    names = ("财政拨款", "政府性基金", "事业收入", "其他收入")
    told = "，".join(f"{name}{{p{n}}}" for n, name in enumerate(names))
    at = d.sentence(
        "本年收入{income}，其中：" + told + "。",
        "本年收入由以下几项构成：" + told + "，共{income}。",
        income=d.money("money:income", income),
        **{f"p{n}": d.money(f"money:income{n}", part) for n, part in enumerate(parts)},
    )
    d.tie("parts", "sum", at["income"], *(at[f"p{n}"] for n in range(4)))
    at = d.sentence(
        "财政拨款{part}，占本年收入{income}的{share}。",
        "其中，财政拨款{part}，占{income}的{share}，是主要来源。",
        part=d.money("money:income0", parts[0]),
        income=d.money("money:income", income),
        share=d.rate("*income-share", parts[0], income),
    )
    d.rate_tie("share-of-money", "rate", at["share"], at["part"], at["income"])
    last = Fraction(int(income) * d.rng.choice((74, 83, 95, 108, 121)) // 10_000 * 100)
    up = income > last
    at = d.sentence(
        "本年收入{income}，较上年的{last}{word}{change}，{word}{rate}。",
        "与上年本年收入{last}比较，今年{income}，{word}{change}，{word}{rate}。",
        income=d.money("money:income", income),
        last=d.money("money:last-income", last),
        word=d.word("*income-way", "增加" if up else "减少"),
        change=d.money("*income-change", abs(income - last)),
        rate=d.rate("*income-growth", abs(income - last), last),
    )
    d.rate_tie("growth", "growth", at["rate"], at["income"], at["last"])
    d.tie("conclusion", "word", at["word"], wrong=("减少" if up else "增加",))
    d.sentence(
        "加上年初结转和结余{carried}，收入总计{all}。",
        "连同年初结转和结余{carried}，全年收入总计{all}。",
        carried=d.money("money:carried", carried),
        all=d.money("money:all", income + carried),
    )


def _spending(d: Short, uses: list[Fraction], basic: Fraction, left: Fraction) -> None:
    d.section_head(d.rng.choice(("支出情况", "支出决算说明", "关于支出")))
    spent = sum(uses, Fraction())
    told = "；".join(f"{name}{{p{n}}}" for n, name in enumerate(USES))
    at = d.sentence(
        "本年支出{spent}。按功能分类：" + told + "。",
        "本年支出{spent}，其中" + told.replace("；", "、") + "。",
        spent=d.money("money:spent", spent),
        **{f"p{n}": d.money(f"money:use{n}", part) for n, part in enumerate(uses)},
    )
    d.tie("parts", "sum", at["spent"], *(at[f"p{n}"] for n in range(4)))
    at = d.sentence(
        "社会保障和就业支出{part}，占本年支出{spent}的{share}。",
        "支出主要用于社会保障和就业，金额{part}，占本年支出（{spent}）的{share}。",
        part=d.money("money:use0", uses[0]),
        spent=d.money("money:spent", spent),
        share=d.rate("*use-share", uses[0], spent),
    )
    d.rate_tie("share-of-money", "rate", at["share"], at["part"], at["spent"])
    at = d.sentence(
        "从支出性质看，基本支出{basic}，项目支出{project}，合计{spent}。",
        "本年支出{spent}中，基本支出{basic}、项目支出{project}。",
        basic=d.money("money:basic", basic),
        project=d.money("money:project", spent - basic),
        spent=d.money("money:spent", spent),
    )
    d.tie("parts", "sum", at["spent"], at["basic"], at["project"])
    d.relate("parts", "sum", at["basic"], (at["spent"], at["basic"], at["project"]))
    budget = Fraction(int(spent) * d.rng.randint(90, 125) // 10_000 * 100)
    at = d.sentence(
        "本年支出年初预算为{budget}，支出决算为{spent}，完成年初预算的{rate}。",
        "年初预算{budget}，决算{spent}，完成预算的{rate}。",
        budget=d.money("money:budget", budget),
        spent=d.money("money:spent", spent),
        rate=d.rate("completion", spent, budget),
    )
    d.rate_tie("completion-rate", "rate", at["rate"], at["spent"], at["budget"])
    d.sentence("年末结转和结余{left}。", left=d.money("money:left", left))


def _income_table(d: Short, parts: list[Fraction], income: Fraction) -> None:
    d.section_head("附表")
    d.para("收入决算表")
    d.unit_line()
    cells = [d.cell_money(f"money:income{n}", part) for n, part in enumerate(parts)]
    whole = d.cell_money("money:income", income)
    rows = [[name, cell] for name, cell in zip(INCOME, cells, strict=True)]
    d.table([["项目", "决算数"], *rows, [d.sum_word, whole]])
    d.tie("total-money", "sum", whole, *cells)


def _spending_table(d: Short, uses: list[Fraction], parts: list[Fraction]) -> None:
    d.para("支出决算表")
    d.unit_line()
    rows = [["功能科目", "合计", "基本支出", "项目支出"]]
    basics, projects, sums = [], [], []
    for n, (name, part, basic) in enumerate(zip(USES, uses, parts, strict=True)):
        row = [
            d.cell_money(f"money:use{n}", part),
            d.cell_money(f"*basic{n}", basic),
            d.cell_money(f"*rest{n}", part - basic),
        ]
        rows.append([name, *row])
        sums.append(row[0])
        basics.append(row[1])
        projects.append(row[2])
        d.relate("subtotal", "sum", row[1], tuple(row))
    spent, basic = sum(uses, Fraction()), sum(parts, Fraction())
    last = [
        d.cell_money("money:spent", spent),
        d.cell_money("money:basic", basic),
        d.cell_money("money:project", spent - basic),
    ]
    rows.append([d.sum_word, *last])
    d.table(rows)
    d.tie("total-money", "sum", last[0], *sums)
    d.tie("total-money", "sum", last[1], *basics)
    d.tie("total-money", "sum", last[2], *projects)


def _guests(d: Short) -> None:
    d.section_head(d.rng.choice(("“三公”经费情况", "三公经费说明")))
    cars, guests = yuan(d.rng.randint(2, 9)), yuan(d.rng.randint(1, 4))
    at = d.sentence(
        "三公经费共支出{all}，其中公务用车运行维护费{cars}，公务接待费{guests}，未发生因公出国（境）费。",
        "公务用车运行维护费{cars}、公务接待费{guests}，三公经费合计{all}。",
        all=d.money("money:three", cars + guests),
        cars=d.money("money:cars", cars),
        guests=d.money("money:guests", guests),
    )
    d.tie("parts", "sum", at["all"], at["cars"], at["guests"])
    budget = yuan(d.rng.randint(14, 20))
    at = d.sentence(
        "三公经费全年预算{budget}，实际支出{all}，完成预算的{rate}。",
        "三公经费支出{all}，为预算{budget}的{rate}。",
        budget=d.money("money:three-budget", budget),
        all=d.money("money:three", cars + guests),
        rate=d.rate("*three", cars + guests, budget),
    )
    d.rate_tie("completion-rate", "rate", at["rate"], at["all"], at["budget"])
