"""Family: a self-evaluation in tables whose heads are not those of the first generator."""

from __future__ import annotations

from fractions import Fraction

from tests.audit.planted.draft import amounts
from tests.audit.planted.model import UP, Model
from tests.audit.planted.second.scoring import HUNDRED, grade
from tests.audit.planted.second.short import OTHER_PROJECTS, Short, yuan
from tuodi.kernel.money import rounded

TASKS = (
    ("产出指标", ("发放补助人数", "人"), ("入户核查户数", "户"), ("开展培训场次", "场")),
    ("效益指标", ("政策宣传覆盖村数", "个"), ("新增服务人数", "人")),
)
SHARES = (("满意度指标", "服务对象满意度"), ("质量指标", "资料合格率"))
GRADES = ("优", "良", "中", "差")


def document(seed: int, attempt: int) -> Model:
    """Return one clean self-evaluation."""
    d = Short("selfscore", seed, attempt)
    w = d.world
    d.title(f"{w.county}{w.year}年度{w.subject}自评报告")
    d.para(f"{d.place()}民政局按照{d.paper(0)}开展{d.year()}年度自评，情况如下。")
    d.section_head(d.rng.choice(("资金情况", "预算执行")))
    share, funded = _funds(d)
    d.section_head(d.rng.choice(("指标完成情况", "绩效目标完成情况")))
    total = _form(d, share, funded)
    d.section_head(d.rng.choice(("自评结论", "自评结果")))
    project = d.put(d.word("*project", w.subject))
    d.tie("conclusion-copied", "word", project, wrong=OTHER_PROJECTS)
    at = d.sentence(
        f"经自评，{project}得分{{score}}，自评等级为{{grade}}（90分及以上为优，80—89.99分为良，60—79.99分为中，60分以下为差）。",
        f"自评总分{{score}}，等级{{grade}}。等级标准：优（90分≤得分≤100分）、良（80分≤得分＜90分）、中（60分≤得分＜80分）、差（得分＜60分）。{project}目标基本实现。",
        score=d.points("score:total", total),
        grade=d.word("grade", grade(total)),
    )
    d.tie("grade", "word", at["grade"], wrong=tuple(each for each in GRADES if each != grade(total)))
    d.para(f"下一步，{d.place()}民政局将对照{d.paper(0)}和{d.paper(1)}继续改进。")
    return d.model()


def _funds(d: Short) -> tuple[Fraction, Fraction]:
    """The table of funds; return the printed rate and the score of execution (10 points)."""
    names = ("财政拨款", "其他资金", "上年结转")
    plans = [yuan(each) for each in amounts(d.rng, d.rng.randint(600, 5000), 3, 80)]
    used = [Fraction(int(each) * d.rng.randint(80, 100) // 10_000 * 100) for each in plans]
    plan, spent = sum(plans, Fraction()), sum(used, Fraction())
    d.unit_line()
    rows = [["资金来源", "全年预算数（A）", "全年执行数（B）", "执行率（B/A）"]]
    cells = []
    for n, name in enumerate(names):
        row = [d.cell_money(f"*plan{n}", plans[n]), d.cell_money(f"*used{n}", used[n])]
        row.append(d.cell(d.rate(f"*fund-rate{n}", used[n], plans[n])))
        d.rate_tie("execution-rate", "rate", row[2], row[1], row[0])
        cells.append(row)
        rows.append([name, *row])
    rate = d.rate("execution", spent, plan)
    last = [d.cell_money("money:plan", plan), d.cell_money("money:used", spent), d.cell(rate)]
    rows.append([d.sum_word, *last])
    d.table(rows)
    d.tie("total-money", "sum", last[0], *(each[0] for each in cells))
    d.tie("total-money", "sum", last[1], *(each[1] for each in cells))
    d.rate_tie("execution-rate", "rate", last[2], last[1], last[0])
    at = d.sentence(
        "全年预算{plan}，执行{spent}，执行率{rate}。",
        "项目预算安排{plan}，已执行{spent}，预算执行率为{rate}。",
        plan=d.money("money:plan", plan),
        spent=d.money("money:used", spent),
        rate=rate,
    )
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["plan"])
    assert isinstance(rate.value, Fraction)
    return rate.value, rounded(rate.value / 10, 2)


def _form(d: Short, share: Fraction, funded: Fraction) -> Fraction:
    head = ["一级指标", "三级指标", "年度目标值", "实际完成值", "完成情况", "权重(分)", "自评得分", "扣分原因"]
    d.para("指标自评明细如下表，其中预算执行率得分＝预算执行率×权重。")
    parts = iter(amounts(d.rng, 90, 7, 6))
    rows, weights, scores = [head], [], []
    total = funded
    execution = [
        d.cell(d.points_only("weight:预算执行率", Fraction(10))),
        d.cell(d.points_only("score:预算执行率", funded)),
    ]
    value = d.cell(d.percent("execution", share))
    d.tie("score-ratio", "score-by-rate", execution[1], execution[0], value, extra=(100,))
    rows.append(["执行率指标", "预算执行率", "100%", value, "—", *execution, "" if funded == 10 else "尚有尾款未付"])
    weights.append(execution[0])
    scores.append(execution[1])
    for group, *tasks in TASKS:
        for n, (name, unit) in enumerate(tasks):
            row, score = _task(d, name, unit, Fraction(next(parts)))
            rows.append([group if n == 0 else UP, *row])
            weights.append(row[4])
            scores.append(row[5])
            total += score
    for group, name in SHARES:
        weight = Fraction(next(parts))
        target, actual = 90, d.rng.randint(86, 99)
        reached = actual >= target
        score = weight if reached else weight - 1
        row = [
            name,
            "≥" + d.cell(d.count(f"*target:{name}", target, "%")),
            d.cell(d.count(f"*actual:{name}", actual, "%")),
            d.cell(d.word(f"*done:{name}", "完成" if reached else "未完成")),
            d.cell(d.points_only(f"weight:{name}", weight)),
            d.cell(d.points_only(f"score:{name}", score)),
            "" if reached else "低于目标值，扣1分",
        ]
        d.tie("target-judged", "word", row[3], wrong=("未完成" if reached else "完成",), others=(name,))
        d.tie("above-weight", "at-most", row[5], row[4])
        rows.append([group, *row])
        weights.append(row[4])
        scores.append(row[5])
        total += score
    last = [d.cell(d.points_only("*weights", Fraction(HUNDRED))), d.cell(d.points_only("score:total", total))]
    rows.append([d.sum_word, "", "", "", "", *last, ""])
    d.table(rows)
    d.tie("weights-hundred", "sum", last[0], *weights)
    d.relate("weights-hundred", "sum", weights[1], (last[0], *weights))
    d.tie("scores-total", "sum", last[1], *scores)
    return total


def _task(d: Short, name: str, unit: str, weight: Fraction) -> tuple[list[str], Fraction]:
    plan = d.rng.randint(20, 400)
    actual = plan * d.rng.choice((85, 92, 100, 105, 112)) // 100
    reached = actual >= plan
    score = weight if reached else weight - d.rng.choice((1, 2))
    target, done = d.cell(d.count(f"*target:{name}", plan, unit)), d.cell(d.count(f"*actual:{name}", actual, unit))
    judged = d.cell(d.word(f"*done:{name}", "完成" if reached else "未完成"))
    points = [d.cell(d.points_only(f"weight:{name}", weight)), d.cell(d.points_only(f"score:{name}", score))]
    d.tie("target-judged", "word", judged, wrong=("未完成" if reached else "完成",), others=(name,))
    d.tie("above-weight", "at-most", points[1], points[0])
    return [name, f"≥{target}", done, judged, *points, "" if reached else "任务未全部完成"], score
