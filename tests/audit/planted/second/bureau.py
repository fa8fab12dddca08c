"""Family: a county bureau's work summary for one year, almost without tables."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.audit.planted.draft import amounts
from tests.audit.planted.model import Model
from tests.audit.planted.second.short import OTHER_PROJECTS, Short, yuan

LEVELS = ("中央", "省级", "市级", "县级")


def document(seed: int, attempt: int) -> Model:
    """Return one clean summary."""
    d = Short("bureau", seed, attempt)
    w = d.world
    d.title(f"{w.county}{w.year}年{w.subject}工作总结")
    d.para(
        f"{d.year()}年，{d.place()}民政局认真执行{d.paper(0)}和{d.paper(1)}，"
        f"全力做好{w.subject}工作。现将全年情况总结如下。"
    )
    people = _people(d)
    total, spent = _money(d)
    _tasks(d)
    _meetings(d)
    d.section_head("明年打算")
    d.sentence(
        "{year}年的成绩来之不易：全年投入{total}，保障{people}。明年继续落实" + d.paper(0) + "。",
        "回顾全年，共投入{total}、保障{people}，{place}的工作得到肯定。明年要按照" + d.paper(1) + "抓好落实。",
        total=d.large("money:total", total),
        people=d.count("count:people", people, "人"),
    )
    project = d.put(d.word("*project", w.subject))
    d.tie("conclusion-copied", "word", project, wrong=OTHER_PROJECTS)
    d.para(f"总的来看，{project}项目实施效果较好，群众得到了实惠。")
    return d.model()


def _people(d: Short) -> int:
    d.section_head(d.rng.choice(("保障对象底数清楚", "对象认定精准", "应保尽保落实到位")))
    parts = amounts(d.rng, d.rng.randint(2600, 9800), 3, 300)
    people = sum(parts)
    at = d.sentence(
        "截至{end}，全县在册保障对象{people}，其中：城镇{a}，农村{b}，集中供养{c}。",
        "年末共保障{people}（城镇{a}、农村{b}、集中供养{c}）。",
        "全县现有城镇对象{a}、农村对象{b}、集中供养对象{c}，合计{people}。",
        end=d.day("date:end", date(d.world.year, 12, 31)),
        people=d.count("count:people", people, "人"),
        a=d.count("*a", parts[0], "人"),
        b=d.count("*b", parts[1], "人"),
        c=d.count("*c", parts[2], "人"),
    )
    d.tie("parts", "sum", at["people"], at["a"], at["b"], at["c"])
    at = d.sentence(
        "农村对象{b}，占全部对象{people}的{share}。",
        "在{people}对象中，农村{b}，占比{share}，是工作重点。",
        people=d.count("count:people", people, "人"),
        b=d.count("*b", parts[1], "人"),
        share=d.rate("*share", parts[1], people),
    )
    d.rate_tie("share-of-count", "rate", at["share"], at["b"], at["people"])
    before = people * d.rng.choice((81, 88, 93, 107, 112)) // 100
    up = people > before
    at = d.sentence(
        "保障人数由上年末的{before}{word}到{people}，{word}了{rate}。",
        "与上年末{before}相比，今年末{people}，{word}{rate}。",
        before=d.count("count:before", before, "人"),
        people=d.count("count:people", people, "人"),
        word=d.word("*way", "增加" if up else "减少"),
        rate=d.rate("*growth", abs(people - before), before),
    )
    d.rate_tie("growth", "growth", at["rate"], at["people"], at["before"])
    d.tie("conclusion", "word", at["word"], wrong=("减少" if up else "增加",))
    return people


def _money(d: Short) -> tuple[Fraction, Fraction]:
    d.section_head(d.rng.choice(("资金保障有力", "投入稳步加大", "资金管理规范")))
    parts = [yuan(each) for each in amounts(d.rng, d.rng.randint(3000, 26000), 4, 300)]
    total = sum(parts, Fraction())
    at = d.sentence(
        "全年筹集资金{total}，其中中央资金{a}、省级资金{b}、市级资金{c}、县级资金{e}。",
        "中央下达{a}，省级下达{b}，市级安排{c}，县级配套{e}，四级资金共{total}。",
        "各级共安排资金{total}：中央{a}；省级{b}；市级{c}；县级{e}。",
        total=d.large("money:total", total),
        **{name: d.money(f"*level-{name}", part) for name, part in zip("abce", parts, strict=True)},
    )
    d.tie("parts", "sum", at["total"], *(at[each] for each in "abce"))
    at = d.sentence(
        "其中，中央资金{a}，占资金总量{total}的{share}。",
        "中央资金{a}占筹集总额（{total}）的比重为{share}。",
        total=d.money("money:total", total),
        a=d.money("*level-a", parts[0]),
        share=d.rate("*money-share", parts[0], total),
    )
    d.rate_tie("share-of-money", "rate", at["share"], at["a"], at["total"])
    spent = yuan(int(total) * d.rng.randint(83, 99) // 1_000_000)
    at = d.sentence(
        "到年底支出{spent}，预算{total}的执行率达到{rate}。",
        "全年预算{total}，实际支出{spent}，预算执行率{rate}。",
        total=d.money("money:total", total),
        spent=d.large("money:spent", spent),
        rate=d.rate("execution", spent, total),
    )
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["total"])
    last = yuan(int(spent) * d.rng.choice((78, 86, 91, 108, 115)) // 1_000_000)
    up = spent > last
    at = d.sentence(
        "支出{spent}，上年为{last}，同比{word}{rate}。",
        "上年支出{last}，今年支出{spent}，{word}{rate}。",
        spent=d.money("money:spent", spent),
        last=d.money("money:last", last),
        word=d.word("*money-way", "增长" if up else "下降"),
        rate=d.rate("*money-growth", abs(spent - last), last),
    )
    d.rate_tie("growth", "growth", at["rate"], at["spent"], at["last"])
    d.tie("conclusion", "word", at["word"], wrong=("下降" if up else "增长",))
    _table(d, parts, total)
    return total, spent


def _table(d: Short, parts: list[Fraction], total: Fraction) -> None:
    d.unit_line()
    cells = [d.cell_money(f"*table-{name}", part) for name, part in zip(LEVELS, parts, strict=True)]
    whole = d.cell_money("money:total", total)
    d.turned([["来源", *LEVELS, d.sum_word], ["金额", *cells, whole]])
    d.tie("total-money", "sum", whole, *cells)


def _tasks(d: Short) -> None:
    d.section_head(d.rng.choice(("重点任务全面完成", "年度任务落实情况")))
    plan = d.rng.randint(40, 260)
    done = plan * d.rng.choice((85, 90, 96, 104, 110)) // 100
    at = d.sentence(
        "计划入户核查{plan}，实际核查{done}，完成计划的{rate}。",
        "年初下达入户核查任务{plan}，年末完成{done}，任务完成率为{rate}。",
        plan=d.count("*plan", plan, "户"),
        done=d.count("*done", done, "户"),
        rate=d.rate("*completion", done, plan),
    )
    d.rate_tie("completion-rate", "rate", at["rate"], at["done"], at["plan"])
    a, b = d.rng.randint(12, 60), d.rng.randint(12, 60)
    at = d.sentence(
        "办理代表建议{a}、委员提案{b}，共{n}，全部按期答复。",
        "共办理建议提案{n}，其中代表建议{a}、委员提案{b}。",
        n=d.count("*letters", a + b, "件"),
        a=d.count("*letters-a", a, "件"),
        b=d.count("*letters-b", b, "件"),
    )
    d.tie("parts", "sum", at["n"], at["a"], at["b"])
    due = date(d.world.year, d.rng.randint(4, 10), d.rng.randint(10, 27))
    done_on = due - timedelta(days=d.rng.randint(2, 8))
    at = d.sentence(
        "上级要求{due}前发放到位，我局于{done}全部发放，按时完成任务。",
        "补助资金应于{due}之前发放，实际{done}发放完毕，未超过规定时限。",
        due=d.day("date:due", due),
        done=d.day("date:done", done_on),
    )
    d.tie("deadline", "at-most", at["done"], at["due"])


def _meetings(d: Short) -> None:
    d.section_head(d.rng.choice(("作风建设持续加强", "宣传培训扎实开展")))
    works = d.rng.sample(("抓政策宣传", "抓队伍培训", "抓监督检查", "抓信息公开", "抓制度建设"), d.rng.randint(3, 4))
    number = d.put(d.chinese("*works", len(works), "项"))
    d.para(f"主要做了以下{number}工作：" + "；".join(f"{'一二三四'[n]}是{each}" for n, each in enumerate(works)) + "。")
    d.tie("items-number", "number", number, extra=(len(works),), others=(str(len(works)),))
    start = date(d.world.year, d.rng.randint(3, 9), d.rng.randint(1, 20))
    end = start + timedelta(days=d.rng.randint(6, 40))
    at = d.sentence(
        "{start}至{end}，组织开展了集中排查。",
        "集中排查从{start}开始，到{end}结束。",
        start=d.day("date:start", start),
        end=d.day("date:stop", end),
    )
    d.tie("dates-order", "rising", at["start"], at["end"])
