"""Family: a project performance report in bullets, every indicator in one line of words."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.audit.planted.draft import ITEM, amounts
from tests.audit.planted.model import Model, Paragraph, Spare
from tests.audit.planted.second.scoring import GROUPS, HUNDRED, Indicator, grade, indicators
from tests.audit.planted.second.short import OTHER_PROJECTS, Short, yuan

GRADES = ("优", "良", "中", "差")


def document(seed: int, attempt: int) -> Model:
    """Return one clean report."""
    d = Short("bullets", seed, attempt)
    w = d.world
    found = indicators(d.rng)
    total = sum((each.score for each in found), Fraction())
    d.title(f"{w.county}{w.year}年{w.subject}项目绩效报告")
    _facts(d)
    _groups(d, found, total)
    _lines(d, found)
    _problems(d, found)
    d.section_head("结论")
    project = d.put(d.word("*project", w.subject))
    d.tie("conclusion-copied", "word", project, wrong=OTHER_PROJECTS)
    at = d.sentence(
        "{place}{year}年" + project + "项目综合得分{score}，绩效等级为{grade}。",
        "综上所述，" + project + "项目得{score}，等级{grade}。",
        score=d.points("score:total", total),
        grade=d.word("grade", grade(total)),
    )
    d.tie("grade", "word", at["grade"], wrong=tuple(each for each in GRADES if each != grade(total)))
    d.para("评价等级划分：90分（含）至100分为优；80分（含）至90分为良；60分（含）至80分为中；60分以下为差。")
    return d.model()


def _facts(d: Short) -> None:
    d.section_head(d.rng.choice(("项目概况", "基本信息")))
    d.para(f"● 实施依据：{d.paper(0)}、{d.paper(1)}。")
    d.para(f"● 实施单位：{d.place()}民政局；实施年度：{d.year()}年。")
    parts = [yuan(each) for each in amounts(d.rng, d.rng.randint(400, 6000), 3, 60)]
    total = sum(parts, Fraction())
    text, at = d.say(
        "● 资金构成：上级补助{a}，县级预算{b}，福彩公益金{c}，总投入{total}。",
        "● 项目总投入{total}（上级补助{a}＋县级预算{b}＋福彩公益金{c}）。",
        total=d.large("money:total", total),
        **{name: d.money(f"*source-{name}", part) for name, part in zip("abc", parts, strict=True)},
    )
    d.para(text)
    d.tie("parts", "sum", at["total"], at["a"], at["b"], at["c"])
    spent = yuan(int(total) * d.rng.randint(84, 99) // 1_000_000)
    text, at = d.say(
        "● 执行情况：预算{total}，支出{spent}，执行率{rate}。",
        "● 预算执行率{rate}（实际支出{spent}/预算安排{total}）。",
        total=d.money("money:total", total),
        spent=d.money("money:spent", spent),
        rate=d.rate("execution", spent, total),
    )
    d.para(text)
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["total"])
    start = date(d.world.year, d.rng.randint(1, 4), d.rng.randint(5, 25))
    text, at = d.say(
        "● 实施期限：{start}至{end}。",
        "● 起止时间：{start}—{end}。",
        start=d.day("date:start", start),
        end=d.day("date:end", start + timedelta(days=d.rng.randint(90, 240))),
    )
    d.para(text)
    d.tie("dates-order", "rising", at["start"], at["end"])
    due = date(d.world.year, d.rng.randint(5, 10), d.rng.randint(9, 27))
    text, at = d.say(
        "● 时效：计划{due}前完成发放，实际完成时间{done}，按时完成。",
        "● 时效：要求完成时间{due}，实际完成时间{done}，未逾期。",
        due=d.day("date:due", due),
        done=d.day("date:done", due - timedelta(days=d.rng.randint(1, 9))),
    )
    d.para(text)
    d.tie("deadline", "at-most", at["done"], at["due"])


def _groups(d: Short, found: list[Indicator], total: Fraction) -> None:
    d.section_head(d.rng.choice(("评分概览", "得分汇总")))
    weights, scores, lines = [], [], []
    for group, _ in GROUPS:
        own = [each for each in found if each.group == group]
        weight, score = sum((e.weight for e in own), Fraction()), sum((e.score for e in own), Fraction())
        text, at = d.say(
            f"{group}指标{{weight}}，得{{score}}，得分率{{rate}}",
            f"{group}类满分{{weight}}、实得{{score}}（得分率{{rate}}）",
            weight=d.points(f"weight:{group}", weight),
            score=d.points(f"score:{group}", score),
            rate=d.rate(f"*rate:{group}", score, weight),
        )
        d.rate_tie("score-rate", "rate", at["rate"], at["score"], at["weight"])
        weights.append(at["weight"])
        scores.append(at["score"])
        lines.append(text)
    for each in lines:
        d.para(f"● {each}。")
    d.tie("weights-hundred", "hundred", weights[0], *weights[1:], extra=(HUNDRED,))
    text, at = d.say(
        "● 满分100分，各类指标得分合计{score}，等级：{grade}。",
        "● 以上四类共得{score}（满分100分），评定等级{grade}。",
        score=d.points("score:total", total),
        grade=d.word("grade", grade(total)),
    )
    d.para(text)
    d.tie("scores-total", "sum", at["score"], *scores)
    d.tie("grade", "word", at["grade"], wrong=tuple(each for each in GRADES if each != grade(total)))


def _lines(d: Short, found: list[Indicator]) -> None:
    d.section_head(d.rng.choice(("分项评分说明", "各指标得分说明")))
    for group, _ in GROUPS:
        own = [each for each in found if each.group == group]
        whole = d.points(f"weight:{group}", sum((each.weight for each in own), Fraction()))
        text, head = d.say(f"■ {group}指标（{{whole}}）", f"■ {group}类指标，共{{whole}}", whole=whole)
        d.para(text)
        weights = []
        for each in own:
            name = d.put(d.word(f"name:{each.name}", each.name))
            facts = {
                "weight": d.points(f"weight:{each.name}", each.weight),
                "score": d.points(f"score:{each.name}", each.score),
            }
            if each.rate is not None:
                facts["rate"] = d.count(f"value:{each.name}", int(each.rate), "%")
                text, at = d.say(
                    f"{name}（{{weight}}）：按实际值乘以分值计分，实际值{{rate}}，得{{score}}。",
                    f"{name}，满分{{weight}}。计分方法：得分＝实际值×分值；实际值为{{rate}}，应得{{score}}。",
                    **facts,
                )
                d.tie("score-ratio", "score-by-rate", at["score"], at["weight"], at["rate"], extra=(100,))
            elif each.score < each.weight:
                facts["lost"] = d.points(f"lost:{each.name}", each.weight - each.score)
                text, at = d.say(
                    f"{name}（{{weight}}）：{each.flaw}，扣{{lost}}，得{{score}}。",
                    f"{name}，满分{{weight}}，因{each.flaw}扣{{lost}}，实得{{score}}。",
                    **facts,
                )
                d.tie("deduction", "difference", at["score"], at["weight"], at["lost"])
            else:
                text, at = d.say(
                    f"{name}（{{weight}}）：符合要求，得{{score}}。",
                    f"{name}，满分{{weight}}，没有扣分事项，得{{score}}。",
                    **facts,
                )
            d.tie("above-weight", "at-most", at["score"], at["weight"])
            d.para("◆ " + text)
            weights.append(at["weight"])
        d.tie("subtotal", "sum", head["whole"], *weights)


def _problems(d: Short, found: list[Indicator]) -> None:
    d.section_head(d.rng.choice(("存在问题", "存在的主要问题")))
    for each in found:
        tag = f"problem:{each.name}"
        name = d.put(d.word(f"name:{each.name}", each.name)) if each.score < each.weight else each.name
        problem = Paragraph(f"{ITEM}{name}方面：{each.flaw}", "problems", "1.", tag)
        if each.flaw and each.score < each.weight:
            d.blocks.append(problem)
            d.leave_out.append(each.name)
            d.names[each.name] = each.name
        elif each.flaw:
            d.spares.append(Spare(each.name, problem, Paragraph(f"{ITEM}改进{each.name}", "advice", "1.")))
        elif each.score < each.weight:
            d.blocks.append(Paragraph(f"{ITEM}{name}没有达到预期，需要加强", "problems", "1.", tag))
            d.leave_out.append(each.name)
            d.names[each.name] = each.name
    d.section_head("改进措施")
    for each in found:
        if each.score < each.weight:
            d.para(f"{ITEM}改进{each.name}", group="advice", numbering="1.", tag=f"problem:{each.name}")
