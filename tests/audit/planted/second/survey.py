"""Family: a survey report: how many forms, who answered what, how satisfied."""

from __future__ import annotations

from datetime import date, timedelta

from tests.audit.planted.draft import amounts
from tests.audit.planted.model import Model
from tests.audit.planted.second.short import OTHER_PROJECTS, Short

QUESTIONS = (
    ("您是否了解补助政策", ("非常了解", "基本了解", "不太了解", "完全不了解")),
    ("补助发放是否及时", ("很及时", "较及时", "一般", "不及时")),
    ("您对办事人员的态度是否满意", ("很满意", "满意", "一般", "不满意")),
    ("补助对缓解生活困难的作用", ("很大", "较大", "一般", "没有")),
)


def document(seed: int, attempt: int) -> Model:
    """Return one clean survey report."""
    d = Short("survey", seed, attempt)
    w = d.world
    d.title(f"{w.county}{w.year}年度{w.subject}满意度调查报告")
    d.section_head("调查说明")
    start = date(w.year + 1, d.rng.randint(2, 5), d.rng.randint(1, 18))
    at = d.sentence(
        "本次调查自{start}起，至{end}止，由" + w.firm + "在{place}各乡镇进行。",
        "受{place}民政局委托，" + w.firm + "于{start}—{end}开展问卷调查。",
        start=d.day("date:start", start),
        end=d.day("date:end", start + timedelta(days=d.rng.randint(3, 9))),
    )
    d.tie("dates-order", "rising", at["start"], at["end"])
    n = _forms(d)
    _who(d, n)
    satisfied = _answers(d, n)
    d.section_head("调查结论")
    target = d.rng.choice((80, 85, 90))
    at = d.sentence(
        "综合来看，{n}中有{good}表示满意，满意度{rate}，{word}绩效目标（≥{target}）。",
        "满意度目标值不低于{target}，调查实际满意度为{rate}（{good}÷{n}），{word}目标。",
        n=d.count("count:valid", n, "人"),
        good=d.count("count:satisfied", satisfied, "人"),
        rate=d.rate("satisfaction", satisfied, n),
        target=d.count("*target", target, "%"),
        word=d.word("*judged", "达到" if satisfied * 100 >= target * n else "未达到"),
    )
    d.rate_tie("share-of-count", "rate", at["rate"], at["good"], at["n"])
    opposite = "未达到" if satisfied * 100 >= target * n else "达到"
    d.tie("target-judged", "word", at["word"], wrong=(opposite,))
    project = d.put(d.word("*project", w.subject))
    d.tie("conclusion-copied", "word", project, wrong=OTHER_PROJECTS)
    d.para(f"{d.year()}年{d.place()}{project}工作总体上得到受访群众的认可。")
    return d.model()


def _forms(d: Short) -> int:
    sent = d.rng.randint(180, 460)
    back = sent - d.rng.randint(3, 20)
    valid = back - d.rng.randint(2, 12)
    at = d.sentence(
        "共发放问卷{sent}，收回{back}，回收率{rate}；剔除无效问卷{bad}后，有效问卷{valid}，有效率{good}。",
        "发出问卷{sent}，实际回收{back}（回收率{rate}），其中有效{valid}、无效{bad}，有效率为{good}。",
        sent=d.count("*sent", sent, "份"),
        back=d.count("*back", back, "份"),
        rate=d.rate("*back-rate", back, sent),
        valid=d.count("count:forms", valid, "份"),
        bad=d.count("*bad", back - valid, "份"),
        good=d.rate("*valid-rate", valid, back),
    )
    d.rate_tie("share-of-count", "rate", at["rate"], at["back"], at["sent"])
    d.rate_tie("share-of-count", "rate", at["good"], at["valid"], at["back"])
    return valid


def _who(d: Short, n: int) -> None:
    d.section_head("受访者情况")
    ages = amounts(d.rng, n, 4, 12)
    names = ("18—35岁", "36—50岁", "51—65岁", "65岁以上")
    persons = [d.cell(d.count(f"*age{number}", each)) for number, each in enumerate(ages)]
    whole = d.cell(d.count("count:valid-table", n))
    shares = [d.cell(d.rate(f"*age-share{number}", each, n)) for number, each in enumerate(ages)]
    d.para("受访者年龄分布如下：")
    d.turned([["年龄", *names, d.sum_word], ["人数", *persons, whole], ["占比", *shares, "100%"]])
    d.tie("total-count", "sum", whole, *persons)
    for person, share in zip(persons, shares, strict=True):
        d.rate_tie("share-of-count", "rate", share, person, whole)
    men = n * d.rng.randint(35, 60) // 100
    at = d.sentence(
        "受访者共{n}，男性{men}，女性{women}。",
        "{n}受访者中，男性{men}，女性{women}。",
        n=d.count("count:valid", n, "人"),
        men=d.count("*men", men, "人"),
        women=d.count("*women", n - men, "人"),
    )
    d.relate("option-counts", "sum", at["women"], (at["n"], at["men"], at["women"]))


def _answers(d: Short, n: int) -> int:
    d.section_head("各题回答情况")
    satisfied = 0
    for number, (question, options) in enumerate(QUESTIONS):
        first = n * d.rng.randint(45, 70) // 100
        second = n * d.rng.randint(12, 25) // 100
        rest = n - first - second
        third = rest * d.rng.randint(4, 9) // 10
        chosen = (first, second, third, rest - third)
        if number == 2:
            satisfied = first + second
        text = "，".join(f"“{option}”{{c{each}}}（{{r{each}}}）" for each, option in enumerate(options))
        at = d.sentence(
            f"第{number + 1}题，{question}？{{n}}作答，选{text}。",
            n=d.count("count:valid", n, "人"),
            **{f"c{each}": d.count(f"*q{number}-{each}", count, "人") for each, count in enumerate(chosen)},
            **{f"r{each}": d.rate(f"*q{number}-rate{each}", count, n) for each, count in enumerate(chosen)},
        )
        slots = (at["n"], *(at[f"c{each}"] for each in range(4)))
        d.relate("option-counts", "sum", at["c1"], slots)
        for each in range(4):
            d.rate_tie("share-of-count", "rate", at[f"r{each}"], at[f"c{each}"], at["n"])
    return satisfied
