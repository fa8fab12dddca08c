"""The narrative of an invented disclosure."""

from tests.audit.planted.accounts_books import Accounts, yuan
from tests.audit.planted.draft import Draft
from tests.audit.planted.evaluation_facts import rate


def narrative(d: Draft, books: Accounts) -> None:
    """What the tables say, compared with the year before and with the budget."""
    income = books.spending() + books.closing - books.opening
    d.head(2, d.rng.choice(("收入支出决算总体情况说明", "收支总体情况")))
    _grown(d, "收入总计", "whole", income + books.opening)
    d.head(2, d.rng.choice(("收入决算情况说明", "收入情况")))
    other = books.other_under()
    _parted(
        d, "本年收入", ("income", income), [("财政拨款收入", "fiscal", income - other), ("其他收入", "other", other)]
    )
    d.head(2, d.rng.choice(("支出决算情况说明", "支出情况")))
    basic = books.basic_under()
    _parted(
        d,
        "本年支出",
        ("spending", books.spending()),
        [("基本支出", "basic", basic), ("项目支出", "project", books.spending() - basic)],
    )
    _grown(d, "本年支出", "spending", books.spending())
    d.head(2, d.rng.choice(("支出预算执行情况说明", "预算完成情况")))
    _planned(d, books)
    d.head(2, d.rng.choice(("基本支出情况说明", "基本支出构成")))
    wages, goods = sum(books.wages.values()), sum(books.goods.values())
    _parted(d, "基本支出", ("basic", basic), [("人员经费", "wages", wages), ("公用经费", "goods", goods)])
    d.head(2, d.rng.choice(("其他重要事项说明", "公务接待情况")))
    guests, meals = d.rng.randint(4, 30), d.rng.randint(40, 300)
    d.para(
        f"{d.year()}年公务接待费{d.put(d.money('money:30217', yuan(books.goods['30217'])))}，"
        f"接待{d.put(d.count('*guests', guests))}批次、{d.put(d.count('*meals', meals))}人次。"
    )


def _grown(d: Draft, name: str, key: str, fen: int) -> None:
    before = fen * d.rng.randint(70, 132) // 100
    up = fen > before
    last = d.world.year - 1
    text, at = d.say(
        f"{{year}}年{name}{{now}}，{last}年为{{before}}，与上年相比{{word}}{{change}}，{{grown}}{{rate}}。",
        f"{name}{{now}}，比上年的{{before}}{{word}}{{change}}，{{grown}}{{rate}}，主要是医疗救助支出变化。",
        f"与{last}年{{before}}相比，{{year}}年{name}{{now}}，{{word}}{{change}}，{{grown}}{{rate}}。",
        now=d.money(f"money:{key}", yuan(fen)),
        before=d.money(f"*before:{key}", yuan(before)),
        change=d.money(f"*change:{key}", yuan(abs(fen - before))),
        word=d.word(f"*more:{key}", "增加" if up else "减少"),
        grown=d.word(f"*grown:{key}", "增长" if up else "下降"),
        rate=d.percent(f"*growth:{key}", rate(abs(fen - before), before, d.habit.percent.places)),
    )
    d.para(text)
    d.rate_tie("growth", "growth", at["rate"], at["now"], at["before"])
    larger, smaller = (at["now"], at["before"]) if up else (at["before"], at["now"])
    d.tie("growth", "difference", at["change"], larger, smaller)
    d.tie("conclusion", "word", at["word"], wrong=("减少" if up else "增加",))
    d.tie("conclusion", "word", at["grown"], wrong=("下降" if up else "增长",))


def _parted(d: Draft, name: str, whole: tuple[str, int], parts: list[tuple[str, str, int]]) -> None:
    places = d.habit.percent.places
    specs = {f"a{n}": d.money(f"money:{key}", yuan(fen)) for n, (_, key, fen) in enumerate(parts)}
    specs |= {
        f"r{n}": d.percent(f"*share:{whole[0]}:{key}", rate(fen, whole[1], places))
        for n, (_, key, fen) in enumerate(parts)
    }
    with_share = "，".join(f"{label}{{a{n}}}，占{{r{n}}}" for n, (label, _, _) in enumerate(parts))
    text, at = d.say(
        f"{name}合计{{whole}}，其中：{with_share.replace('，' + parts[1][0], '；' + parts[1][0])}。",
        f"{{year}}年{name}{{whole}}。{with_share.replace('，' + parts[1][0], '；' + parts[1][0])}。",
        f"{name}总额{{whole}}，由{parts[0][0]}{{a0}}（占比{{r0}}）和{parts[1][0]}{{a1}}（占比{{r1}}）构成。",
        whole=d.money(f"money:{whole[0]}", yuan(whole[1])),
        **specs,
    )
    d.para(text)
    d.tie("parts", "sum", at["whole"], at["a0"], at["a1"])
    for number in range(2):
        d.rate_tie("share-of-money", "rate", at[f"r{number}"], at[f"a{number}"], at["whole"])


def _planned(d: Draft, books: Accounts) -> None:
    spent = books.spending()
    plan = spent * d.rng.randint(88, 125) // 100
    text, at = d.say(
        "{year}年支出年初预算{plan}，支出决算{spent}，完成年初预算的{rate}。",
        "年初预算为{plan}，决算数为{spent}，预算完成率{rate}。",
        "全年支出决算{spent}，为年初预算{plan}的{rate}。",
        plan=d.money("*plan", yuan(plan)),
        spent=d.money("money:spending", yuan(spent)),
        rate=d.percent("*completion", rate(spent, plan, d.habit.percent.places)),
    )
    d.para(text)
    d.rate_tie("completion-rate", "rate", at["rate"], at["spent"], at["plan"])
