"""Family: self-evaluation tables in the ministry's form, with a short report before them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.audit.planted.draft import Draft, amounts
from tests.audit.planted.evaluation_facts import grade, rate
from tests.audit.planted.model import LEFT, UP, Model
from tuodi.kernel.money import rounded

NAMES = ("住院救助补助", "门诊救助补助", "参保资助补助", "能力建设补助", "信息系统运行维护", "政策宣传")
OUTPUTS = (
    ("数量指标", "救助人数", "人"),
    ("数量指标", "资助参保人数", "人"),
    ("数量指标", "培训场次数量", "场"),
    ("质量指标", "救助标准执行准确率", "%"),
    ("质量指标", "资料审核合格率", "%"),
    ("时效指标", "资金发放及时率", "%"),
)
EFFECTS = (
    ("社会效益指标", "政策知晓率", "%"),
    ("社会效益指标", "救助对象覆盖率", "%"),
    ("可持续影响指标", "长效机制健全率", "%"),
)
GRADES = ("优", "良", "中", "差")


@dataclass(slots=True)
class Line:
    """One indicator of a table; the score is its completion times its weight."""

    code: str
    group: str
    kind: str
    name: str
    unit: str
    target: int
    actual: Fraction
    weight: Fraction

    @property
    def score(self) -> Fraction:
        """Points by completion, at most the weight."""
        return min(self.weight, rounded(self.weight * self.actual / self.target, 2))


@dataclass(slots=True)
class Project:
    """One project with its money and its indicators."""

    number: int
    name: str
    grant: Fraction
    carried: Fraction
    start: Fraction
    spent: Fraction
    lines: list[Line]

    @property
    def budget(self) -> Fraction:
        """Budget of the whole year."""
        return self.grant + self.carried

    @property
    def money_score(self) -> Fraction:
        """Ten points times the execution rate."""
        return rounded(self.spent * 10 / self.budget, 2)

    @property
    def score(self) -> Fraction:
        """All points."""
        return self.money_score + sum((line.score for line in self.lines), Fraction())


def document(seed: int, attempt: int) -> Model:
    """Return one clean set of tables with its report."""
    d = Draft("selfeval", seed, attempt, ("万元", "万元", "元"))
    projects = [_project(d, number) for number in range(1, d.rng.choice((2, 2, 3)) + 1)]
    tables_first = d.rng.random() < 0.3
    d.title(
        d.rng.choice(
            (
                f"{d.world.bureau}{d.world.year}年度项目支出绩效自评报告",
                f"{d.world.year}年{d.world.county}医疗保障项目绩效自评情况报告",
            )
        )
    )
    if tables_first:
        _tables(d, projects)
    _report(d, projects)
    if not tables_first:
        _tables(d, projects)
    return d.model()


def _project(d: Draft, number: int) -> Project:
    rng = d.rng
    scale = Fraction(100) if d.habit.unit == "万元" else Fraction(1, 100)
    size = 1 if d.habit.unit == "万元" else 10_000
    names = Random(f"{d.seed}:names").sample(NAMES, 3)
    grant = rng.randint(2_000, 60_000) * size + (rng.randint(1, 9_999) if size > 1 else 0)
    carried = rng.choice((0, grant * rng.randint(5, 20) // 100))
    spent = grant + carried if rng.random() < 0.3 else (grant + carried) * rng.randint(720, 995) // 1000
    start = grant if rng.random() < 0.5 else grant * rng.randint(80, 98) // 100
    return Project(
        number,
        f"{names[number - 1]}项目",
        grant * scale,
        carried * scale,
        start * scale,
        spent * scale,
        _lines(d, number),
    )


def _lines(d: Draft, number: int) -> list[Line]:
    rng = d.rng
    chosen = sorted(rng.sample(range(len(OUTPUTS)), 4))
    effects = sorted(rng.sample(range(len(EFFECTS)), 2))
    rows = [("产出指标", *OUTPUTS[each]) for each in chosen] + [("效益指标", *EFFECTS[each]) for each in effects]
    rows.append(("满意度指标", "服务对象满意度指标", "救助对象满意度", "%"))
    weights = [*amounts(rng, 10, 4, 2), *amounts(rng, 6, 2, 2)]
    points = [Fraction(each * 5) for each in weights] + [Fraction(10)]
    lines = []
    for place, ((group, kind, name, unit), weight) in enumerate(zip(rows, points, strict=True), 1):
        target = rng.choice((80, 85, 90, 95)) if unit == "%" else rng.randint(10, 900) * (1 if unit == "场" else 10)
        good = rng.random() < 0.75
        if unit == "%":
            actual = Fraction(rng.randint(target * 10, 1000) if good else rng.randint(target * 8, target * 10 - 15), 10)
        else:
            actual = Fraction(
                target + rng.randint(0, target // 8)
                if good
                else target - rng.randint(target // 50 + 1, target // 6 + 1)
            )
        lines.append(Line(f"{number}-{place}", group, kind, name, unit, target, actual, weight))
    return lines


def _report(d: Draft, projects: list[Project]) -> None:
    d.head(1, d.rng.choice(("自评工作开展情况", "绩效自评总体情况", "基本情况")))
    d.para(
        f"根据{d.paper(4)}的要求，{d.place()}医疗保障局组织开展{d.year()}年度绩效自评。自评参照{d.paper(4)}确定的口径。"
    )
    total = sum((each.budget for each in projects), Fraction())
    spent = sum((each.spent for each in projects), Fraction())
    text, at = d.say(
        "共对{n}个项目开展自评，全年预算合计{total}，实际执行{spent}，总体执行率{rate}。",
        "纳入自评的项目{n}个，涉及预算资金{total}，年末执行{spent}，总执行率为{rate}。",
        "{year}年自评项目共{n}个，预算总额{total}，执行总额{spent}，平均到全部资金的执行率为{rate}。",
        n=d.numeral("number:projects", len(projects)),
        total=d.money("money:total", total),
        spent=d.money("money:spent", spent),
        rate=d.percent("execution", rate(spent, total, d.habit.percent.places)),
    )
    d.para(text)
    d.tie("items-number", "number", at["n"], extra=(len(projects),))
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["total"])
    parts = [d.put(d.money(f"money:budget{each.number}", each.budget)) for each in projects]
    words = "、".join(f"{each.name}{part}" for each, part in zip(projects, parts, strict=True))
    whole = d.put(d.money("money:total", total))
    d.para(
        d.rng.choice(
            (f"预算{whole}中，{words}。", f"按项目分，{words}，合计{whole}。", f"全年预算{whole}，其中{words}。")
        )
    )
    d.tie("parts", "sum", whole, *parts)
    d.head(1, d.rng.choice(("各项目自评情况", "自评结果", "分项目自评结论")))
    for project in projects:
        d.head(2, project.name)
        _told(d, project)
    d.head(1, d.rng.choice(("偏差原因和改进措施", "存在的问题和下一步打算")))
    _short(d, projects)


def _told(d: Draft, project: Project) -> None:
    number, places = project.number, d.habit.percent.places
    text, at = d.say(
        "全年预算数{budget}，全年执行数{spent}，执行率{rate}；自评得分{score}分，等级为“{grade}”。",
        "该项目预算{budget}，支出{spent}，预算执行率为{rate}。自评总分{score}分，评定为{grade}。",
        "全年安排{budget}，已支付{spent}，执行率达到{rate}，自评{score}分，结果为“{grade}”。",
        "自评得{score}分，等级“{grade}”。全年预算{budget}，执行{spent}，执行率{rate}。",
        "项目全年预算数为{budget}，执行数为{spent}（执行率{rate}），自评得分为{score}分，自评等级为{grade}。",
        budget=d.money(f"money:budget{number}", project.budget),
        spent=d.money(f"money:spent{number}", project.spent),
        rate=d.percent(f"execution{number}", rate(project.spent, project.budget, places)),
        score=d.score(f"score:{number}", project.score),
        grade=d.word(f"grade{number}", grade(project.score)),
    )
    d.para(text + "（90分以上为优，80分至90分以下为良，60分至80分以下为中，60分以下为差。）" * (number == 1))
    d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["budget"])
    d.tie("grade", "word", at["grade"], wrong=tuple(each for each in GRADES if each != grade(project.score)))
    for line in project.lines:
        if line.unit != "%":
            _completed(d, line)


def _completed(d: Draft, line: Line) -> None:
    text, at = d.say(
        "{name}目标值{target}，实际完成{actual}，完成率{rate}，{judged}年度目标。",
        "计划{name}{target}，实际为{actual}，完成率为{rate}，{judged}年度目标。",
        "{name}：年度指标值{target}，完成{actual}，完成率{rate}，{judged}年度目标。",
        name=d.word(f"name:{line.code}", line.name),
        target=d.count(f"target:{line.code}", line.target, line.unit),
        actual=d.count(f"actual:{line.code}", int(line.actual), line.unit),
        rate=d.percent(f"completion:{line.code}", rate(line.actual, line.target, d.habit.percent.places)),
        judged=d.word(f"*judged:{line.code}", "达到" if line.actual >= line.target else "未达到"),
    )
    d.para(text)
    d.rate_tie("completion-rate", "rate", at["rate"], at["actual"], at["target"])
    other = "未达到" if line.actual >= line.target else "达到"
    d.tie("target-judged", "word", at["judged"], wrong=(other,), others=(line.name,))


def _short(d: Draft, projects: list[Project]) -> None:
    missed = [(project, line) for project in projects for line in project.lines if line.score < line.weight]
    for project, line in missed:
        d.para(f"{project.name}的“{line.name}”没有达到年度指标值，下一步将按月跟踪，确保完成。")
    for project in projects:
        if project.spent < project.budget:
            d.para(f"{project.name}资金没有全部支出，下一步加快支付进度。")
    if not missed and all(each.spent == each.budget for each in projects):
        d.para("各项目均按年初目标完成，没有偏差。")


def _tables(d: Draft, projects: list[Project]) -> None:
    for project in projects:
        d.caption(d.rng.choice((f"项目支出绩效自评表（{d.world.year}年度）", f"{d.world.year}年度项目支出绩效自评表")))
        _table(d, project)


def _money_rows(d: Draft, project: Project) -> tuple[list[list[str]], str]:
    number = project.number
    start = d.cell_money(f"*start{number}", project.start + project.carried)
    budget = d.cell_money(f"money:budget{number}", project.budget)
    spent = d.cell_money(f"money:spent{number}", project.spent)
    share = d.cell(d.percent(f"execution{number}", rate(project.spent, project.budget, d.habit.percent.places)))
    weight = d.cell(d.score(f"weight:money{number}", Fraction(10)))
    score = d.cell(d.score(f"score:money{number}", project.money_score))
    d.rate_tie("execution-rate", "rate", share, spent, budget)
    d.tie("score-ratio", "score-by-rate", score, weight, share, extra=(100,), largest=Fraction(10))
    d.tie("above-weight", "at-most", score, weight)
    grant = d.cell_money(f"*grant{number}", project.grant)
    carried = d.cell_money(f"*carried{number}", project.carried)
    first = d.cell_money(f"*first{number}", project.start)
    brought = d.cell_money(f"*carried{number}", project.carried)
    d.tie("subtotal", "sum", budget, grant, carried)
    d.tie("subtotal", "sum", start, first, brought)
    done = min(project.spent, project.carried)
    paid = d.cell_money(f"*paid{number}", project.spent - done)
    rest = d.cell_money(f"*rest{number}", done)
    d.tie("subtotal", "sum", spent, paid, rest)
    heading = f"项目资金（{d.habit.unit}）"
    return [
        [heading, LEFT, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        [UP, "年度资金总额", start, budget, spent, weight, share, score],
        [UP, "其中：当年财政拨款", first, grant, paid, "—", "—", "—"],
        [UP, "上年结转资金", brought, carried, rest, "—", "—", "—"],
        [UP, "其他资金", "0", "0", "0", "—", "—", "—"],
    ], score


def _table(d: Draft, project: Project) -> None:
    number = project.number
    money, first = _money_rows(d, project)
    rows = [
        ["项目名称", LEFT, d.cell(d.word(f"*project{number}", project.name)), *[LEFT] * 5],
        ["主管部门", LEFT, d.world.bureau, LEFT, LEFT, "实施单位", d.world.centre, LEFT],
        *money,
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因及改进措施"],
    ]
    weights = [next(chr(0xE000 + n) for n, slot in enumerate(d.slots) if slot.key == f"weight:money{number}")]
    scores = [first]
    group = kind = ""
    for line in project.lines:
        weights.append(d.cell(d.score(f"weight:{line.code}", line.weight)))
        scores.append(d.cell(d.score(f"score:{line.code}", line.score)))
        name = d.cell(d.word(f"name:{line.code}", line.name))
        target, actual = _values(d, line)
        d.tie("above-weight", "at-most", scores[-1], weights[-1])
        rows.append(
            [
                UP if line.group == group else line.group,
                UP if line.kind == kind else line.kind,
                name,
                target,
                actual,
                weights[-1],
                scores[-1],
                "无" if line.score == line.weight else "前期工作较慢，下年提前安排",
            ]
        )
        group, kind = line.group, line.kind
    hundred = d.cell(d.score(f"weight:all{number}", Fraction(100)))
    total = d.cell(d.score(f"score:{number}", project.score))
    rows.append(["总分", *[LEFT] * 4, hundred, total, ""])
    d.table(rows, head=0)
    d.para("注：资金得分=执行率×10，指标得分=实际完成值÷年度指标值×分值，最高为满分。")
    for weight in weights:
        d.relate("weights-hundred", "sum", weight, (hundred, *weights), others=("100",))
    for score in scores:
        d.relate("scores-total", "sum", score, (total, *scores))
    d.tie("scores-total", "sum", total, *scores)


def _values(d: Draft, line: Line) -> tuple[str, str]:
    if line.unit == "%":
        target = d.cell(d.percent(f"target:{line.code}", Fraction(line.target)))
        actual = d.cell(d.percent(f"actual:{line.code}", line.actual))
    else:
        target = d.cell(d.count(f"target:{line.code}", line.target, line.unit))
        actual = d.cell(d.count(f"actual:{line.code}", int(line.actual), line.unit))
    return "≥" + target, actual
