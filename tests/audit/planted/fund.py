"""Family: the report on a relief fund: budget lines, months, adjustment, balance, growth, deadlines, targets."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.audit.planted.draft import Draft, amounts
from tests.audit.planted.evaluation_facts import rate
from tests.audit.planted.model import LEFT, Model

LINES = ("参保缴费补助", "门急诊救助", "住院救助", "起付线补助", "慢性病救助", "特困人员补助")
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def document(seed: int, attempt: int) -> Model:
    """Return one clean fund report."""
    d = Draft("fund", seed, attempt, ("元", "元", "mixed"))
    w = d.world
    d.title(
        d.rng.choice(
            (
                f"{w.county}{w.year}年{w.subject}资金收支情况报告",
                f"关于{w.year}年度{w.county}{w.subject}资金使用情况的报告",
                f"{w.county}{w.subject}资金{w.year}年运行分析",
            )
        )
    )
    d.para(f"根据{d.paper(0)}和{d.paper(1)}，现将{d.place()}{d.year()}年资金情况报告如下。")
    initial = _budget(d)
    adjusted = _adjustment(d, initial)
    spent, cases = _quarters(d, adjusted)
    _balance(d, adjusted, spent)
    _growth(d, spent, cases)
    _deadlines(d)
    _targets(d, cases)
    d.head(1, d.rng.choice(("下一步工作", "有关说明")))
    d.para(f"{d.place()}将继续执行{d.paper(1)}，管好用好{w.subject}资金。")
    return d.model()


def _budget(d: Draft) -> Fraction:
    d.head(1, d.rng.choice(("年初预算安排", "预算编制情况", "年初预算构成")))
    lines = d.rng.sample(LINES, d.rng.randint(3, 5))
    d.para(f"年初预算按单价和数量测算，明细见{d.next_table()}。")
    d.caption(f"年初预算构成表（单位：{d.habit.unit}）")
    rows = [
        d.rng.choice(
            (["序号", "支出项目", "单价", "数量", "年初预算"], ["序号", "项目明细", "人均标准", "人数", "预算金额"])
        )
    ]
    made, heads, told = [], [], []
    for number, name in enumerate(lines, 1):
        price = Fraction(d.rng.randint(8, 260) * 10)
        heads.append(d.rng.randint(2, 95) * (10 if d.rng.random() < 0.5 else 100))
        made.append(price * heads[-1])
        cells = (
            d.cell_money(f"*price{number}", price),
            d.cell(d.count(f"*heads{number}", heads[-1])),
            d.cell_money(f"money:line{number}", made[-1]),
        )
        told.append(cells)
        rows.append([str(number), name, *cells])
        d.tie("product", "product", cells[2], cells[0], cells[1])
        d.relate("product", "product", cells[1], (cells[2], cells[0], cells[1]))
    initial = sum(made, Fraction())
    persons = d.cell(d.count("count:persons", sum(heads)))
    last = d.cell_money("money:initial", initial)
    rows.append(["合计", LEFT, "—", persons, last])
    d.table(rows)
    d.tie("total-money", "sum", last, *(each[2] for each in told))
    d.tie("total-count", "sum", persons, *(each[1] for each in told))
    parts = {f"p{n}": d.money(f"money:line{n + 1}", amount) for n, amount in enumerate(made)}
    names = "、".join(f"{name}{{p{n}}}" for n, name in enumerate(lines))
    text, at = d.say(
        "年初预算共{total}，其中" + names + "。",
        "年初安排预算{total}，具体为：" + names + "。",
        names + "，以上各项合计{total}。",
        total=d.money("money:initial", initial),
        **parts,
    )
    d.para(text)
    d.tie("parts", "sum", at["total"], *(at[each] for each in parts))
    return initial


def _adjustment(d: Draft, initial: Fraction) -> Fraction:
    change = Fraction(int(initial) * d.rng.randint(3, 25) // 10_000 * 100)
    up = d.rng.random() < 0.7
    adjusted = initial + change if up else initial - change
    verb = "调增" if up else "调减"
    text, at = d.say(
        f"年中{verb}{{change}}，调整后预算为{{adjusted}}。",
        f"年初预算{{initial}}，执行中{verb}{{change}}，调整后全年预算{{adjusted}}。",
        f"经批准{verb}预算{{change}}，由年初的{{initial}}变为{{adjusted}}，调整后预算为{{adjusted}}。",
        initial=d.money("money:initial", initial),
        change=d.money("money:change", change),
        adjusted=d.money("money:adjusted", adjusted),
    )
    d.para(text)
    first = at.get("initial") or next(
        chr(0xE000 + n) for n, s in enumerate(d.slots) if s.key == "money:initial" and s.place == "text"
    )
    if up:
        d.tie("adjusted-budget", "sum", at["adjusted"], first, at["change"])
    else:
        d.tie("adjusted-budget", "difference", at["adjusted"], first, at["change"])
    if d.rng.random() < 0.6:
        d.caption(f"预算调整情况表（单位：{d.habit.unit}）")
        cells = [
            d.cell_money("money:initial", initial),
            d.cell_money("*signed-change", change if up else -change),
            d.cell_money("money:adjusted", adjusted),
        ]
        d.table([["年初预算", "调整金额", "调整后预算"], cells])
        d.tie("adjusted-budget", "sum", cells[2], cells[0], cells[1])
        d.relate("adjusted-budget", "sum", cells[1], (cells[2], cells[0], cells[1]))
    return adjusted


def _quarters(d: Draft, adjusted: Fraction) -> tuple[Fraction, int]:
    d.head(1, d.rng.choice(("资金支出情况", "执行情况", "支出进度")))
    step = 1 if d.habit.text_money.divisor == 1 else 100
    whole = int(adjusted) * d.rng.randint(780, 998) // 1000 // step
    quarters = [Fraction(each * step) for each in amounts(d.rng, whole, 4, whole // 12)]
    spent = sum(quarters, Fraction())
    cases = [d.rng.randint(90, 2600) for _ in QUARTERS]
    d.para(d.rng.choice((f"各季度支出见{d.next_table()}。", f"分季度支出和人次如{d.next_table()}所示。")))
    d.caption(f"分季度支出情况表（单位：{d.habit.unit}、人次）")
    money = [d.cell_money(f"*quarter{number}", each) for number, each in enumerate(quarters)]
    people = [d.cell(d.count(f"*cases{number}", each)) for number, each in enumerate(cases)]
    total, persons = d.cell_money("money:spent", spent), d.cell(d.count("count:cases", sum(cases)))
    rows = [["时间", *QUARTERS, "合计"], ["支出金额", *money, total], ["救助人次", *people, persons]]
    if d.rng.random() < 0.6:
        rows = [list(row) for row in zip(*rows, strict=True)]
    d.table(rows)
    d.tie("total-money", "sum", total, *money)
    d.tie("total-count", "sum", persons, *people)
    places = d.habit.percent.places
    text, at = d.say(
        "全年支出{spent}，占调整后预算{adjusted}的{rate}，即预算执行率{rate}。",
        "截至{year}年12月31日，累计支出{spent}，预算执行率{rate}（调整后预算{adjusted}）。",
        "{year}年实际支出{spent}，调整后预算{adjusted}，执行率为{rate}。",
        spent=d.money("money:spent", spent),
        adjusted=d.money("money:adjusted", adjusted),
        rate=d.percent("execution", rate(spent, adjusted, places)),
    )
    d.para(text)
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["adjusted"])
    text, at = d.say(
        "全年救助{cases}，其中第四季度{last}，占{share}。",
        "救助总量{cases}，第四季度{last}，占比{share}。",
        cases=d.count("count:cases", sum(cases), "人次"),
        last=d.count("*cases3", cases[3], "人次"),
        share=d.percent("*last-share", rate(cases[3], sum(cases), places)),
    )
    d.para(text)
    d.rate_tie("share-of-count", "rate", at["share"], at["last"], at["cases"])
    return spent, sum(cases)


def _balance(d: Draft, income: Fraction, spent: Fraction) -> None:
    opening = Fraction(d.rng.randint(200, 90_000) * 100)
    closing = opening + income - spent
    d.head(1, d.rng.choice(("资金结余情况", "结转结余", "年末结余")))
    form = d.rng.random() < 0.5
    facts = {
        "opening": ("money:opening", opening),
        "income": ("money:income", income),
        "spent": ("money:spent", spent),
        "closing": ("money:closing", closing),
    }
    if form or d.habit.text_money.divisor != 1:
        d.caption(f"资金结余情况表（单位：{d.habit.unit}）")
        cells = [d.cell_money(*each) for each in facts.values()]
        d.table([["上年结转结余", "本年收入", "本年支出", "年末结转结余"], cells])
        d.tie("balance", "balance", cells[3], *cells[:3])
        d.para(f"年末结转结余{d.put(d.money('money:closing', closing))}，按规定结转下年使用。")
        return
    text, at = d.say(
        "上年结转结余{opening}，本年收入{income}，本年支出{spent}，年末结转结余{closing}。",
        "年初结余{opening}，加本年收入{income}，减本年支出{spent}，年末结余{closing}。",
        "期初余额{opening}，当年收入{income}、支出{spent}，期末余额{closing}。",
        **{name: d.money(*each) for name, each in facts.items()},
    )
    d.para(text)
    d.tie("balance", "balance", at["closing"], at["opening"], at["income"], at["spent"])


def _growth(d: Draft, spent: Fraction, cases: int) -> None:
    d.head(1, d.rng.choice(("与上年比较", "同比情况", "变化情况")))
    places = d.habit.percent.places
    step = 100 if d.habit.text_money.divisor != 1 else 1
    before = Fraction(int(spent) * d.rng.randint(700, 1300) // 1000 // step * step)
    if before == spent:
        _people(d, cases)
        return
    up = spent > before
    last_year = str(d.world.year - 1)
    text, at = d.say(
        f"{last_year}年支出{{before}}，{{year}}年支出{{spent}}，同比{{word}}{{rate}}。",
        "全年支出{spent}，与上年的{before}相比{word}{rate}。",
        "支出由上年的{before}变为{spent}，{word}{rate}。",
        before=d.money("money:before", before),
        spent=d.money("money:spent", spent),
        word=d.word("*direction", "增长" if up else "下降"),
        rate=d.percent("growth", rate(abs(spent - before), before, places)),
    )
    d.para(text)
    d.rate_tie("growth", "growth", at["rate"], at["spent"], at["before"])
    d.tie("conclusion", "word", at["word"], wrong=("下降" if up else "增长",))
    _people(d, cases)


def _people(d: Draft, cases: int) -> None:
    before = cases * d.rng.randint(75, 96) // 100 if d.rng.random() < 0.5 else cases * d.rng.randint(105, 130) // 100
    up = cases > before
    text, at = d.say(
        "救助人次{cases}，上年为{before}，{word}{rate}。",
        "上年救助{before}，本年救助{cases}，{word}{rate}。",
        "与上年{before}相比，本年{cases}，{word}{rate}。",
        cases=d.count("count:cases", cases, "人次"),
        before=d.count("count:before", before, "人次"),
        word=d.word("*direction-people", "增长" if up else "下降"),
        rate=d.percent("growth-people", rate(abs(cases - before), before, d.habit.percent.places)),
    )
    d.para(text)
    d.rate_tie("growth", "growth", at["rate"], at["cases"], at["before"])
    d.tie("conclusion", "word", at["word"], wrong=("下降" if up else "增长",))


def _deadlines(d: Draft) -> None:
    d.head(1, d.rng.choice(("资金拨付情况", "拨付时限", "资金划拨")))
    year = d.world.year
    for number in range(2):
        due = date(year, d.rng.randint(3 + 5 * number, 6 + 5 * number), d.rng.randint(8, 27))
        paid = due - timedelta(days=d.rng.randint(1, 7))
        text, at = d.say(
            "通知要求在{due}前拨付，实际于{paid}拨付，按时完成。",
            "拨付期限为{due}，实际拨付日期为{paid}，拨付及时。",
            "按规定最迟于{due}拨付，经核实{paid}已拨付到位，没有逾期。",
            due=d.day(f"date:due{number}", due),
            paid=d.day(f"date:paid{number}", paid),
        )
        d.para(f"第{'一二'[number]}批：{text}")
        d.tie("deadline", "at-most", at["paid"], at["due"])
    start = date(year + 1, d.rng.randint(1, 3), d.rng.randint(1, 20))
    end = start + timedelta(days=d.rng.randint(5, 20))
    text, at = d.say(
        "资金核对工作自{start}开始，至{end}结束。",
        "{start}至{end}，对全年资金逐笔核对。",
        start=d.day("date:check-start", start),
        end=d.day("date:check-end", end),
    )
    d.para(text)
    d.tie("dates-order", "rising", at["start"], at["end"])
    d.relate("dates-order", "rising", at["end"], (at["start"], at["end"]))


def _targets(d: Draft, cases: int) -> None:
    d.head(1, d.rng.choice(("任务完成情况", "目标完成情况")))
    places = d.habit.percent.places
    d.para(f"任务完成情况见{d.next_table()}。")
    d.caption("年度任务完成情况表")
    rows = [["任务", "计划数", "完成数", "完成率", "是否完成"]]
    for name, actual in (
        ("救助人次", cases),
        ("政策宣讲场次", d.rng.randint(12, 60)),
        ("入户走访户数", d.rng.randint(200, 900)),
    ):
        plan = max(1, actual * 100 // d.rng.randint(82, 118))
        target = d.cell(d.count(f"*plan:{name}", plan))
        done = d.cell(d.count("count:cases" if name == "救助人次" else f"*done:{name}", actual))
        share = d.cell(d.percent(f"*completion:{name}", rate(actual, plan, places)))
        reached = "是" if actual >= plan else "否"
        judged = d.cell(d.word(f"*judged:{name}", reached))
        rows.append([name, target, done, share, judged])
        d.rate_tie("completion-rate", "rate", share, done, target)
        d.tie("target-judged", "word", judged, wrong=("否" if reached == "是" else "是",), others=(name,))
    d.table(rows)
