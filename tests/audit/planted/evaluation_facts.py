"""The numbers of an invented evaluation, drawn so that all of them agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.audit.planted.draft import Draft, amounts
from tests.audit.planted.indicators import CHECKS, DECISION, PROCESS, Pointed
from tuodi.kernel.money import rounded

HUNDRED = 100
LEVELS = ("中央", "省级", "市级", "县级")
USES = ("住院救助", "门诊救助", "参保资助")


@dataclass(slots=True)
class Leaf:
    """A third-level indicator with its rule and data; ``kind`` says how the score follows."""

    code: str
    name: str
    weight: Fraction
    score: Fraction
    kind: str
    extra: tuple[Fraction, ...] = ()
    pointed: Pointed | None = None
    points: list[int] = field(default_factory=list)
    fact: str = ""
    problem: str = ""
    detail: str = ""
    advice: str = ""

    @property
    def deduction(self) -> Fraction:
        """Points taken off."""
        return self.weight - self.score


@dataclass(slots=True)
class Branch:
    """A second-level indicator."""

    code: str
    name: str
    leaves: list[Leaf]

    @property
    def weight(self) -> Fraction:
        """Sum of the leaves' weights."""
        return sum((each.weight for each in self.leaves), Fraction())

    @property
    def score(self) -> Fraction:
        """Sum of the leaves' scores."""
        return sum((each.score for each in self.leaves), Fraction())


@dataclass(slots=True)
class Trunk(Branch):
    """A first-level indicator."""

    branches: list[Branch] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    """Everything the report tells."""

    sources: list[Fraction]
    uses: list[Fraction]
    cases: list[int]
    planned: int
    identified: int
    covered: int
    checked: int
    passed: int
    answered: int
    knowing: list[int]
    easing: list[int]
    pleased: list[int]
    due: date
    paid: date
    dates: list[date]
    trunks: list[Trunk] = field(default_factory=list)

    @property
    def budget(self) -> Fraction:
        """All the money given."""
        return sum(self.sources, Fraction())

    @property
    def spent(self) -> Fraction:
        """All the money spent."""
        return sum(self.uses, Fraction())

    @property
    def execution(self) -> Fraction:
        """Percentage of the budget that was spent."""
        return self.spent * HUNDRED / self.budget

    @property
    def served(self) -> int:
        """Cases of all uses."""
        return sum(self.cases)

    @property
    def total(self) -> Fraction:
        """The report's score."""
        return sum((each.score for each in self.trunks), Fraction())

    @property
    def leaves(self) -> list[Leaf]:
        """All third-level indicators."""
        return [leaf for trunk in self.trunks for leaf in trunk.leaves]


def grade(total: Fraction) -> str:
    """The usual four grades."""
    return "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"


def rate(part: int | Fraction, whole: int | Fraction, places: int) -> Fraction:
    """A percentage as it is printed."""
    return rounded(Fraction(part) * HUNDRED / Fraction(whole), places)


def draw(d: Draft) -> Facts:
    """Draw the facts of one report."""
    rng, year = d.rng, d.world.year
    unit = 1 if d.habit.unit == "元" and d.habit.text_money.suffix == "元" else 10_000
    scale = Fraction(1, 100) * unit  # the smallest amount that is printed
    total = rng.randint(30_000, 260_000) * (100 if unit == 10_000 else 10_000)
    total = total // 100 if unit == 10_000 else total
    spent = total if rng.random() < 0.15 else int(total * rng.randint(7_900, 9_990) / 10_000)
    answered = rng.randint(80, 240)
    knowing = _shares(rng, answered, rng.randint(70, 99), 3)
    easing = _shares(rng, answered, rng.randint(88, 100), 3)
    pleased = _shares(rng, answered, rng.randint(86, 99), 4)
    identified = rng.randint(2_000, 9_000)
    begin = date(year + 1, rng.randint(4, 9), rng.randint(1, 20))
    dates = [begin]
    for _ in range(4):
        dates.append(dates[-1] + timedelta(days=rng.randint(4, 12)))
    due = date(year, rng.randint(5, 11), rng.randint(8, 25))
    checked = rng.choice((40, 60, 80, 100))
    facts = Facts(
        sources=[each * scale for each in amounts(rng, total, 4, total // 40)],
        uses=[each * scale for each in amounts(rng, spent, 3, spent // 30)],
        cases=[rng.randint(400, 4_000), rng.randint(1_500, 9_000), rng.randint(3_000, 14_000)],
        planned=0,
        identified=identified,
        covered=identified if rng.random() < 0.7 else identified - rng.randint(60, 300),
        checked=checked,
        passed=checked * rng.choice((100, 100, 95, 90, 85)) // 100,
        answered=answered,
        knowing=knowing,
        easing=easing,
        pleased=pleased,
        due=due,
        paid=due - timedelta(days=rng.randint(0, 6)),
        dates=dates,
    )
    facts.planned = facts.served * HUNDRED // rng.randint(84, 115)
    facts.trunks = _trunks(d, facts)
    return facts


def _shares(rng: Random, total: int, good: int, options: int) -> list[int]:
    best = total * good // HUNDRED
    first = best * rng.randint(55, 85) // HUNDRED
    rest = amounts(rng, total - best, options - 2, 0) if options > 3 else [total - best]
    return [first, best - first, *rest]


def _trunks(d: Draft, facts: Facts) -> list[Trunk]:
    rng = d.rng
    weights = rng.choice(((20, 20, 30, 30), (15, 25, 35, 25), (10, 25, 35, 30), (20, 30, 25, 25)))
    flawed = set(rng.sample([each.name for each in (*DECISION, *PROCESS)], rng.randint(1, 3)))
    decision = _pointed(rng, rng.sample(DECISION, 3 if weights[0] < 15 else 4), flawed)
    process = [*_process(d, facts), *_pointed(rng, rng.sample(PROCESS, 2), flawed)]
    output = _output(d, facts)
    effect = _effect(d, facts)
    names = rng.choice((("决策", "过程", "产出", "效益"), ("项目决策", "项目过程", "项目产出", "项目效益")))
    second = (
        ("项目立项", "目标与预算"),
        ("资金管理", "组织实施"),
        ("产出数量", "产出质量与时效"),
        ("社会效益", "满意度"),
    )
    trunks = []
    for letter, name, weight, leaves, branches in zip(
        "ABCD", names, weights, (decision, process, output, effect), second, strict=True
    ):
        for leaf, share in zip(leaves, amounts(rng, weight, len(leaves), 3 if weight >= 12 else 2), strict=True):
            leaf.weight = Fraction(share)
            _settle(rng, leaf)
        trunks.append(_trunk(letter, name, leaves, branches))
    return trunks


def _trunk(letter: str, name: str, leaves: list[Leaf], names: tuple[str, str]) -> Trunk:
    middle = len(leaves) - 1 if letter == "D" else len(leaves) // 2
    parts = (leaves[:middle], leaves[middle:])
    branches = [
        Branch(f"{letter}{number}", each, part) for number, (each, part) in enumerate(zip(names, parts, strict=True), 1)
    ]
    for branch in branches:
        for number, leaf in enumerate(branch.leaves, 1):
            leaf.code = f"{branch.code}{number}"
    return Trunk(letter, name, leaves, branches)


def _pointed(rng: Random, chosen: list[Pointed], flawed: set[str]) -> list[Leaf]:
    found = []
    for each in chosen:
        bad = each.name in flawed
        leaf = Leaf("", each.name, Fraction(), Fraction(), "points-missing" if bad else "points", pointed=each)
        leaf.problem, leaf.detail, leaf.advice = each.problem, each.detail, each.advice
        found.append(leaf)
    return found


def _settle(rng: Random, leaf: Leaf) -> None:
    """Give the leaf its score now that its weight is known."""
    if leaf.pointed is not None:
        count = min(len(leaf.pointed.points), int(leaf.weight))
        leaf.points = amounts(rng, int(leaf.weight), count, 1)
        leaf.score = leaf.weight - (leaf.points[-1] if leaf.kind == "points-missing" else 0)
    elif leaf.kind == "score-by-rate":
        leaf.score = min(leaf.weight, rounded(leaf.weight * leaf.extra[1] / leaf.extra[0], 2))
    elif leaf.kind == "score-by-steps":
        threshold, step, cost, actual = leaf.extra
        short = max(Fraction(), threshold - actual) / step
        leaf.score = max(Fraction(), leaf.weight - cost * -(-short.numerator // short.denominator))
    else:
        leaf.score = leaf.weight


def _rated(name: str, kind: str, extra: tuple[Fraction | int, ...], fact: str, *words: str) -> Leaf:
    problem, detail, advice = words
    exact = tuple(Fraction(each) for each in extra)
    return Leaf("", name, Fraction(), Fraction(), kind, exact, fact=fact, problem=problem, detail=detail, advice=advice)


def _process(d: Draft, facts: Facts) -> list[Leaf]:
    places = d.habit.percent.places
    actual = rounded(facts.execution, places)
    words = (
        "预算执行率不高",
        "年度资金没有全部支出，预算执行率低于要求，资金效益未能充分发挥",
        "按月调度支出进度，提高预算执行率",
    )
    arrived = _rated("资金到位率", "score-by-rate", (100, 100), "arrival", "", "", "")
    if d.rng.random() < 0.5:
        threshold, step = d.rng.choice(((95, 5), (100, 5), (95, 3)))
        done = _rated("预算执行率", "score-by-steps", (threshold, step, 1, actual), "execution", *words)
    else:
        done = _rated("预算执行率", "score-by-rate", (100, actual), "execution", *words)
    return [arrived, done]


def _output(d: Draft, facts: Facts) -> list[Leaf]:
    places, rng = d.habit.percent.places, d.rng
    completed = rate(facts.served, facts.planned, places)
    passed = rate(facts.passed, facts.checked, places)
    covered = rate(facts.covered, facts.identified, places)
    return [
        _rated(
            "救助任务完成率",
            "score-by-rate",
            (100, completed),
            "completion",
            "救助任务完成率偏低",
            "全年实际救助人次少于计划，任务没有完成",
            "提前摸底对象，合理确定计划人次",
        ),
        _rated(
            "救助对象覆盖率",
            "score-by-rate",
            (100, covered),
            "coverage",
            "救助对象覆盖率未达到全覆盖",
            "认定对象中仍有少数没有纳入救助，覆盖率有差距",
            "与民政部门按月比对名单，做到应救尽救",
        ),
        _rated(
            "资料抽查合格率",
            "score-by-steps",
            (100, 5, rng.choice((Fraction(1, 2), 1)), passed),
            "quality",
            "资料抽查合格率不高",
            "抽查的救助资料中有不合格的，审核把关不严",
            "加强资料审核，实行双人复核",
        ),
        _rated("资金发放及时性", "full", (), "deadline", "资金发放及时性不足", "资金发放晚于规定期限", "按期发放资金"),
    ]


def _effect(d: Draft, facts: Facts) -> list[Leaf]:
    places, rng = d.habit.percent.places, d.rng
    known = rate(sum(facts.knowing[:2]), facts.answered, places)
    eased = rate(sum(facts.easing[:2]), facts.answered, places)
    pleased = rate(sum(facts.pleased[:2]), facts.answered, places)
    threshold = rng.choice((80, 85, 90))
    leaves = [
        _rated(
            "政策知晓率",
            "score-by-rate",
            (threshold, known),
            "knowing",
            "政策知晓率不高",
            "部分受访群众不了解救助政策，知晓率低于目标",
            "利用集市和村组会议宣传政策",
        ),
    ]
    if rng.random() < 0.5:
        leaves.append(
            _rated(
                "医疗负担减轻情况",
                "score-by-rate",
                (100, eased),
                "easing",
                "医疗负担减轻的认可程度有限",
                "仍有受访群众认为医疗负担减轻不明显",
                "对大额自付费用的家庭加强帮扶",
            )
        )
    leaves.append(
        _rated(
            "救助对象满意度",
            "score-by-rate",
            (90, pleased),
            "pleased",
            "救助对象满意度未达到目标",
            "受访救助对象的满意度低于目标值",
            "改进窗口服务，及时回应诉求",
        )
    )
    return leaves


def checks(facts: Facts) -> list[tuple[Leaf, tuple[str, str, str]]]:
    """The leaves that the compliance check asks about."""
    return [(leaf, CHECKS[leaf.name]) for leaf in facts.leaves if leaf.name in CHECKS]
