"""The front of the invented evaluation report: summary, project, funds, goals and how the work was done."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.audit.planted.draft import ITEM, Draft, Spec
from tests.audit.planted.evaluation_facts import LEVELS, USES, Facts, grade, rate
from tests.audit.planted.model import LEFT, WORD

GRADES = ("优", "良", "中", "差")
BANDS = (
    "等级分为四档：90（含）—100分为优，80（含）—90分为良，60（含）—80分为中，60分以下为差。",
    "评价等级：得分≥90分为优，80分≤得分<90分为良，60分≤得分<80分为中，得分<60分为差。",
    "按得分划分等级，优为90分（含）以上，良为80分（含）至90分，中为60分（含）至80分，差为60分以下。",
    "评价结果分优（90—100分）、良（80—89.99分）、中（60—79.99分）、差（60分以下）四个等级。",
)
"""The same four bands in different words."""
SOURCE_KEYS = tuple(f"money:source{number}" for number in range(4))
USE_KEYS = tuple(f"money:use{number}" for number in range(3))


def cover(d: Draft, facts: Facts) -> None:
    """Title, client, evaluator, date."""
    w = d.world
    shapes = (
        f"{w.county}{w.year}年{w.subject}资金绩效评价报告",
        f"{w.year}年度{w.county}{w.subject}项目绩效评价报告",
        f"{w.county}{w.year}年度{w.subject}补助资金绩效评价报告".replace("补助补助", "补助"),
    )
    d.title(d.rng.choice(shapes))
    d.title(f"委托单位：{w.treasury}")
    d.title(f"评价机构：{w.firm}")
    last = facts.dates[-1]
    d.title(f"{last.year}年{last.month}月")


def summary(d: Draft, facts: Facts) -> None:
    """The summary before the report."""
    d.plain_heading("摘要")
    w = d.world
    text, _ = d.say(
        "受{treasury}委托，{firm}对{year}年{subject}资金{budget}开展了绩效评价，现将主要情况摘录如下。",
        "{firm}接受{treasury}委托，对{place}{year}年度{subject}项目进行评价，涉及资金{budget}。",
        "按照委托，评价组对{year}年{subject}项目实施评价，评价资金总额{budget}，受托机构为{firm}。",
        treasury=Spec("*treasury", w.treasury, WORD),
        firm=Spec("*firm", w.firm, WORD),
        subject=Spec("*subject", w.subject, WORD),
        budget=d.money("money:budget", facts.budget),
    )
    d.para(text)
    money(d, facts, short=True)
    verdict(d, facts)
    for leaf in facts.leaves:
        if leaf.deduction:
            d.para(f"{ITEM}{leaf.problem}。", group="summary", numbering="一是", tag=f"problem:{leaf.code}")


def verdict(d: Draft, facts: Facts) -> None:
    """The total score and its grade."""
    text, at = d.say(
        "经综合评价，项目得分{score}分，评价等级为“{grade}”。",
        "综合各项指标，该项目最终得{score}分，等级评定为{grade}。",
        "评价结果：总得分{score}分，绩效等级“{grade}”。",
        "按百分制计分，本项目绩效评价综合得分为{score}分，对应等级为“{grade}”。",
        "根据评分结果，本项目得分为{score}分，属于“{grade}”等级。",
        "评价组按指标体系逐项打分，综合得分{score}分，评定等级为“{grade}”。",
        "项目总体绩效为“{grade}”，综合评分{score}分。",
        score=d.score("score:total", facts.total),
        grade=d.word("grade", grade(facts.total)),
    )
    d.para(text)
    wrong = tuple(each for each in GRADES if each != grade(facts.total))
    d.tie("grade", "word", at["grade"], wrong=wrong)


def money(d: Draft, facts: Facts, *, short: bool) -> None:
    """The money by level and by use, and how much of it was spent."""
    parts = {
        f"s{n}": d.money(key, amount) for n, (key, amount) in enumerate(zip(SOURCE_KEYS, facts.sources, strict=True))
    }
    text, at = d.say(
        "{year}年共下达资金{total}，其中中央{s0}、省级{s1}、市级{s2}、县级{s3}。",
        "{year}年度预算资金{total}，按来源分：中央资金{s0}，省级资金{s1}，市级资金{s2}，县级配套{s3}。",
        "项目当年到位资金合计{total}（中央{s0}，省级{s1}，市级{s2}，县级{s3}）。",
        "{year}年安排资金总额为{total}，由中央财政{s0}、省财政{s1}、市财政{s2}和县财政{s3}组成。",
        total=d.money("money:budget", facts.budget),
        **parts,
    )
    d.para(text)
    d.tie("parts", "sum", at["total"], *(at[f"s{n}"] for n in range(4)))
    wording = (
        "截至{year}年12月31日，实际支出{spent}，预算执行率{rate}。",
        "{year}年末累计支出{spent}，占全部预算的比例即执行率为{rate}。",
        "当年支付{spent}，执行率达{rate}。",
    )
    text, spent = d.say(
        *wording,
        spent=d.money("money:spent", facts.spent),
        rate=d.percent("execution", rate(facts.spent, facts.budget, d.habit.percent.places)),
    )
    d.para(text)
    d.rate_tie("execution-rate", "rate", spent["rate"], spent["spent"], at["total"])
    if not short:
        _uses(d, facts)


def _uses(d: Draft, facts: Facts) -> None:
    specs = {f"u{n}": d.money(key, amount) for n, (key, amount) in enumerate(zip(USE_KEYS, facts.uses, strict=True))}
    specs |= {f"c{n}": d.count(f"count:case{n}", number, "人次") for n, number in enumerate(facts.cases)}
    text, at = d.say(
        "按用途看，支出总额{spent}，其中住院救助{u0}（{c0}）、门诊救助{u1}（{c1}）、参保资助{u2}（{c2}）。",
        "全年支付的{spent}中，住院救助支出{u0}，惠及{c0}；门诊救助支出{u1}，惠及{c1}；参保资助支出{u2}，惠及{c2}。",
        "资金使用方向：住院救助{u0}、门诊救助{u1}、参保资助{u2}，三项共{spent}；救助规模依次为{c0}、{c1}和{c2}。",
        spent=d.money("money:spent", facts.spent),
        **specs,
    )
    d.para(text)
    d.tie("parts", "sum", at["spent"], at["u0"], at["u1"], at["u2"])


def funds_table(d: Draft, facts: Facts) -> None:
    """The money as a table, by level or by use."""
    pointer = d.next_table()
    if d.rng.random() < 0.5:
        d.para(
            d.rng.choice(
                (f"各级资金安排见{pointer}。", f"资金来源构成情况如{pointer}所示。", f"（资金来源详见{pointer}）")
            )
        )
        d.caption(f"资金来源情况表（单位：{d.habit.unit}）")
        names, keys, values, total = LEVELS, SOURCE_KEYS, facts.sources, ("money:budget", facts.budget)
        whole = "预算资金"
    else:
        d.para(d.rng.choice((f"支出构成见{pointer}。", f"各项支出情况如{pointer}所示。", f"支出明细详见{pointer}。")))
        d.caption(f"资金使用情况表（单位：{d.habit.unit}）")
        names, keys, values, total = USES, USE_KEYS, facts.uses, ("money:spent", facts.spent)
        whole = "支出金额"
    with_share = d.rng.random() < 0.5
    places = d.habit.percent.places
    rows = [["序号", "项目", whole, *(["占比"] if with_share else [])]]
    cells, shares = [], []
    for number, (name, key, value) in enumerate(zip(names, keys, values, strict=True), 1):
        cells.append(d.cell_money(key, value))
        shares.append(d.cell(d.percent(f"*share{number}", rate(value, total[1], places))) if with_share else "")
        rows.append([str(number), name, cells[-1], *([shares[-1]] if with_share else [])])
    last = d.cell_money(*total)
    rows.append([d.rng.choice(("合计", "总计", "合  计")), LEFT, last, *(["100%"] if with_share else [])])
    d.table(rows)
    d.tie("total-money", "sum", last, *cells)
    for cell, share in zip(cells, shares, strict=True):
        if share:
            d.rate_tie("share-of-money", "rate", share, cell, last)


def goals_table(d: Draft, facts: Facts) -> None:
    """Targets, what was reached, and whether that is enough."""
    places = d.habit.percent.places
    rows = [d.rng.choice((["绩效指标", "目标值", "实际值", "完成情况"], ["指标", "指标值", "实际完成值", "是否达标"]))]
    yes, no = d.rng.choice((("达到", "未达到"), ("已完成", "未完成"), ("达标", "未达标")))
    known = rate(sum(facts.knowing[:2]), facts.answered, places)
    pleased = rate(sum(facts.pleased[:2]), facts.answered, places)
    threshold = next(leaf.extra[0] for leaf in facts.leaves if leaf.fact == "knowing")
    listed = [
        ("救助人次", d.count("count:planned", facts.planned, "人次"), d.count("count:served", facts.served, "人次")),
        ("政策知晓率", d.percent("target:known", threshold), d.percent("known", known)),
        ("救助对象满意度", d.percent("target:pleased", Fraction(90)), d.percent("pleased", pleased)),
        ("资金到位率", d.percent("*whole", Fraction(100)), d.percent("arrival", Fraction(100))),
    ]
    d.para(f"绩效目标及完成情况见{d.next_table()}。")
    d.caption("绩效目标完成情况表")
    for name, target, actual in listed:
        reached = actual.value >= target.value  # type: ignore[operator]
        judged = d.cell(d.word(f"judged:{name}", yes if reached else no))
        d.tie("target-judged", "word", judged, wrong=(no if reached else yes,), others=(name,))
        rows.append([name, "≥" + d.cell(target), d.cell(actual), judged])
    d.table(rows)


def work(d: Draft, facts: Facts) -> None:
    """How the evaluation was organised: papers, dates, size of the indicator system."""
    d.head(2, d.rng.choice(("评价依据和指标体系", "依据与指标体系")))
    d.para(f"评价主要依据{d.paper(0)}和{d.paper(1)}。")
    branches = sum(len(each.branches) for each in facts.trunks)
    numbers = {"one": len(facts.trunks), "two": branches, "three": len(facts.leaves)}
    text, at = d.say(
        "指标体系设一级指标{one}个、二级指标{two}个、三级指标{three}个，满分100分。",
        "本次评价设置{one}个一级指标，{two}个二级指标，{three}个三级指标，总分值100分。",
        "评价指标共三级，其中一级{one}项，二级{two}项，三级{three}项，权重合计100分。",
        **{name: d.numeral(f"number:{name}", number) for name, number in numbers.items()},
    )
    d.para(text)
    for name, number in numbers.items():
        d.tie("indicator-number", "number", at[name], extra=(number,), largest=Fraction(99))
    d.para(d.rng.choice(BANDS))
    d.head(2, d.rng.choice(("评价工作过程", "工作安排", "实施过程")))
    _calendar(d, facts.dates)


def _calendar(d: Draft, dates: list[date]) -> None:
    specs = {f"d{number}": d.day(f"date:step{number}", day) for number, day in enumerate(dates)}
    text, at = d.say(
        "{d0}至{d1}，编制评价方案；{d1}至{d2}，收集资料；{d2}至{d3}，现场核查；{d3}至{d4}，撰写报告。",
        "评价自{d0}启动，{d1}完成方案，{d2}结束资料收集，{d3}结束现场调查，{d4}提交报告。",
        "工作分四个阶段：方案准备（{d0}—{d1}）、资料核查（{d1}—{d2}）、现场调研（{d2}—{d3}）、报告形成（{d3}—{d4}）。",
        **specs,
    )
    d.para(text)
    first = dates[0]
    early = d.put(Spec("*survey-start", dates[2], d.day("x", first).format))
    late = d.put(Spec("*survey-end", dates[3], d.day("x", first).format))
    d.para(d.rng.choice((f"其中问卷调查于{early}至{late}进行。", f"问卷发放和回收时间为{early}—{late}。")))
    d.tie("dates-order", "rising", early, late)
    d.relate("dates-order", "rising", late, (early, late))
    d.tie("dates-order", "rising", at["d0"], at["d4"])
