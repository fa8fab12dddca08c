"""Family: the performance evaluation report of a third party."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from tests.audit.planted import evaluation_annexes, evaluation_opening
from tests.audit.planted.draft import ITEM, Draft
from tests.audit.planted.evaluation_facts import Facts, Leaf, Trunk, draw, rate
from tests.audit.planted.model import LEFT, UP, Model, Paragraph, Spare

ADVICE_GROUP = "advice"
PROBLEM_GROUP = "problems"


def document(seed: int, attempt: int) -> Model:
    """Return one clean report."""
    d = Draft("evaluation", seed, attempt, ("万元", "万元", "元", "mixed"))
    facts = draw(d)
    evaluation_opening.cover(d, facts)
    if d.rng.random() < 0.6:
        evaluation_opening.summary(d, facts)
    d.plain_heading(d.rng.choice(("正文", "绩效评价报告")))
    _project(d, facts)
    d.head(1, d.rng.choice(("评价工作开展情况", "绩效评价组织情况", "评价工作情况")))
    evaluation_opening.work(d, facts)
    _conclusion(d, facts)
    _analysis(d, facts)
    d.head(1, d.rng.choice(("主要经验及做法", "主要做法", "经验做法")))
    text, _ = d.say(
        "{place}建立部门会商机制，按月比对名单，救助对象认定较为准确。",
        "{place}推行一站式结算，群众少跑腿，办理时间缩短。",
        "{place}把救助政策印成明白卡发到村组，宣传面较广。",
    )
    d.para(text)
    _problems(d, facts)
    evaluation_annexes.annexes(d, facts)
    return d.model()


def _project(d: Draft, facts: Facts) -> None:
    d.head(1, d.rng.choice(("项目概况", "项目基本情况", "基本情况")))
    d.head(2, d.rng.choice(("立项背景", "项目背景和内容", "项目内容")))
    text, _ = d.say(
        "为减轻困难群众医疗费用负担，{place}依据{paper}设立本项目，由{bureau}主管，{centre}具体实施。",
        "{place}按照{paper}实施{subject}，主管部门为{bureau}，实施单位为{centre}。",
        "本项目依据{paper}设立。{bureau}负责组织，{centre}负责经办，{year}年度继续实施。",
        paper=d.word("*paper", "PAPER"),
        bureau=d.word("*bureau", d.world.bureau),
        centre=d.word("*centre", d.world.centre),
        subject=d.word("*subject", d.world.subject),
    )
    index = next(number for number in range(len(d.slots) - 1, -1, -1) if d.slots[number].value == "PAPER")
    d.para(text.replace(chr(0xE000 + index), d.paper(0)))
    d.head(2, d.rng.choice(("资金投入和使用情况", "资金安排与支出", "项目预算及资金使用情况")))
    evaluation_opening.money(d, facts, short=False)
    evaluation_opening.funds_table(d, facts)
    if d.rng.random() < 0.7:
        d.head(2, d.rng.choice(("绩效目标", "绩效目标及完成情况")))
        evaluation_opening.goals_table(d, facts)


def _conclusion(d: Draft, facts: Facts) -> None:
    d.head(1, d.rng.choice(("综合评价情况及评价结论", "评价结论", "绩效评价综合结论")))
    evaluation_opening.verdict(d, facts)
    d.para(f"各一级指标得分情况见{d.next_table()}。")
    d.caption("绩效评价得分情况表")
    places = d.habit.percent.places
    weights = [d.cell(d.score(f"weight:{trunk.code}", trunk.weight)) for trunk in facts.trunks]
    hundred = d.cell(d.score("weight:total", Fraction(100)))
    scores = [d.cell(d.score(f"score:{trunk.code}", trunk.score)) for trunk in facts.trunks]
    total = d.cell(d.score("score:total", facts.total))
    rates = [d.cell(d.percent(f"rate:{trunk.code}", rate(trunk.score, trunk.weight, places))) for trunk in facts.trunks]
    whole = d.cell(d.percent("rate:total", rate(facts.total, 100, places)))
    for weight in weights:
        d.relate("weights-hundred", "sum", weight, (hundred, *weights), others=("100",))
    d.tie("scores-total", "sum", total, *scores)
    for each, score, weight in zip([*rates, whole], [*scores, total], [*weights, hundred], strict=True):
        d.rate_tie("score-rate", "rate", each, score, weight)
    names = [trunk.name for trunk in facts.trunks]
    rows = [
        ["指标", *names, "合计"],
        ["权重", *weights, hundred],
        ["得分", *scores, total],
        ["得分率", *rates, whole],
    ]
    if d.rng.random() < 0.6:
        rows = [list(row) for row in zip(*rows, strict=True)]
    d.table(rows)
    if d.rng.random() < 0.5:
        _ranking(d, facts)
    if d.rng.random() < 0.5:
        _full_and_not(d, facts)


def _full_and_not(d: Draft, facts: Facts) -> None:
    short = sum(1 for leaf in facts.leaves if leaf.deduction)
    text, at = d.say(
        "三级指标中，满分指标{full}个，扣分指标{short}个。",
        "{full}个三级指标得满分，{short}个有扣分。",
        full=d.numeral("*number:full", len(facts.leaves) - short),
        short=d.numeral("*number:short", short),
    )
    d.para(text)
    d.tie("indicator-number", "number", at["full"], extra=(len(facts.leaves) - short,))
    d.tie("indicator-number", "number", at["short"], extra=(short,))


def _ranking(d: Draft, facts: Facts) -> None:
    rated = sorted(facts.trunks, key=lambda trunk: trunk.score / trunk.weight)
    best, worst = rated[-1], rated[0]
    if best.score / best.weight == rated[-2].score / rated[-2].weight or worst.score == worst.weight:
        return
    text, at = d.say(
        "四类指标中，{best}类得分率最高，{worst}类得分率最低。",
        "从得分率看，最高的是{best}，最低的是{worst}。",
        best=d.word("*best", best.name),
        worst=d.word("*worst", worst.name),
    )
    if rated[0].score / rated[0].weight == rated[1].score / rated[1].weight:
        return
    d.para(text)
    d.tie("conclusion", "word", at["best"], wrong=(rated[1].name,))


def _analysis(d: Draft, facts: Facts) -> None:
    d.head(1, d.rng.choice(("绩效评价指标分析", "绩效分析", "绩效评价情况分析")))
    style = d.rng.choice(("inline", "summed", "bracket", "named"))
    tables = d.rng.random() < 0.5
    for trunk in facts.trunks:
        d.head(2, trunk.name + d.rng.choice(("情况", "情况分析", "指标分析")))
        text, at = d.say(
            "{name}类指标权重{weight}分，实际得分{score}分，得分率{rate}。",
            "{name}指标满分{weight}分，得{score}分，得分率为{rate}。",
            "该部分分值{weight}分，评价得分{score}分，得分率{rate}。",
            name=d.word("*trunk", trunk.name),
            weight=d.score(f"weight:{trunk.code}", trunk.weight),
            score=d.score(f"score:{trunk.code}", trunk.score),
            rate=d.percent(f"rate:{trunk.code}", rate(trunk.score, trunk.weight, d.habit.percent.places)),
        )
        d.para(text)
        d.rate_tie("score-rate", "rate", at["rate"], at["score"], at["weight"])
        if tables:
            _trunk_table(d, trunk)
        for number, leaf in enumerate(trunk.leaves, 1):
            _leaf(d, facts, leaf, number, style)


def _trunk_table(d: Draft, trunk: Trunk) -> None:
    d.caption(f"{trunk.name}指标得分情况表")
    rows = [["二级指标", "三级指标", "权重", "得分"]]
    weights, scores = [], []
    for branch in trunk.branches:
        for number, leaf in enumerate(branch.leaves):
            weights.append(d.cell(d.score(f"weight:{leaf.code}", leaf.weight)))
            scores.append(d.cell(d.score(f"score:{leaf.code}", leaf.score)))
            name = d.cell(d.word(f"name:{leaf.code}", leaf.name))
            rows.append([UP if number else branch.name, name, weights[-1], scores[-1]])
    weight = d.cell(d.score(f"weight:{trunk.code}", trunk.weight))
    score = d.cell(d.score(f"score:{trunk.code}", trunk.score))
    rows.append(["合计", LEFT, weight, score])
    d.table(rows)
    d.tie("subtotal", "sum", weight, *weights)
    d.tie("scores-total", "sum", score, *scores)


def _leaf(d: Draft, facts: Facts, leaf: Leaf, number: int, style: str) -> None:
    data = _data(d, facts, leaf)
    full = leaf.deduction == 0
    weight, score = d.score(f"weight:{leaf.code}", leaf.weight), d.score(f"score:{leaf.code}", leaf.score)
    name = d.word(f"name:{leaf.code}", leaf.name)
    off = d.score(f"*off:{leaf.code}", leaf.deduction)
    if style == "inline":
        wording = (
            "（"
            + str(number)
            + "）"
            + leaf.code
            + "{name}（{weight}分）："
            + data
            + "该指标满分{weight}分，得{score}分。"
        )
    elif style == "bracket":
        mark = "①②③④⑤⑥⑦⑧"[number - 1]
        text, at = d.say(mark + "{name}（满分{weight}分，评价得分{score}分）", name=name, weight=weight, score=score)
        d.para(text)
        d.para(data)
        d.tie("above-weight", "at-most", at["score"], at["weight"])
        return
    elif style == "named":
        wording = (
            "对于“{name}”："
            + data
            + (
                "按照评分标准，该项指标权重{weight}分，实际得分{score}分。"
                if full
                else "按照评分标准，该项指标权重{weight}分，扣{off}分，实际得分{score}分。"
            )
        )
    else:
        wording = (
            leaf.code
            + "{name}。"
            + data
            + (
                "综上所述，该指标满分{weight}分，得分{score}分。"
                if full
                else "综上所述，该指标满分{weight}分，扣{off}分，得分{score}分。"
            )
        )
    text, at = d.say(wording, name=name, weight=weight, score=score, off=off)
    d.para(text)
    weight_at = [each for each in text if each in at["weight"]][-1]
    d.tie("above-weight", "at-most", at["score"], weight_at)
    if "off" in at:
        d.tie("deduction", "difference", at["off"], weight_at, at["score"])


def _data(d: Draft, facts: Facts, leaf: Leaf) -> str:
    """What the report says about an indicator before it gives the points."""
    if leaf.pointed is not None:
        return (leaf.pointed.flaw + "，其余各项符合要求" if leaf.deduction else leaf.pointed.sound) + "。"
    places = d.habit.percent.places
    if leaf.fact == "arrival":
        text, at = d.say(
            "预算资金{budget}，实际到位{came}，资金到位率{rate}。",
            "应到位资金{budget}，已到位{came}，到位率为{rate}。",
            budget=d.money("money:budget", facts.budget),
            came=d.money("money:budget", facts.budget),
            rate=d.percent("arrival", Fraction(100)),
        )
    elif leaf.fact == "execution":
        text, at = d.say(
            "到位资金{budget}，年末支出{spent}，预算执行率{rate}。",
            "全年执行{spent}，与预算{budget}相比，执行率为{rate}。",
            budget=d.money("money:budget", facts.budget),
            spent=d.money("money:spent", facts.spent),
            rate=d.percent("execution", rate(facts.spent, facts.budget, places)),
        )
        d.rate_tie("execution-rate", "rate", at["rate"], at["spent"], at["budget"])
    elif leaf.fact == "completion":
        text, at = d.say(
            "计划救助{planned}，实际救助{served}，完成率{rate}。",
            "全年实施救助{served}，计划数为{planned}，任务完成率为{rate}。",
            planned=d.count("count:planned", facts.planned, "人次"),
            served=d.count("count:served", facts.served, "人次"),
            rate=d.percent("completion", rate(facts.served, facts.planned, places)),
        )
        d.rate_tie("completion-rate", "rate", at["rate"], at["served"], at["planned"])
    else:
        return _more_data(d, facts, leaf)
    return text


def _more_data(d: Draft, facts: Facts, leaf: Leaf) -> str:
    places = d.habit.percent.places
    if leaf.fact == "deadline":
        text, at = d.say(
            "通知要求在{due}前发放到位，实际于{paid}发放完毕，符合时限要求。",
            "按规定资金应于{due}前拨付，经查于{paid}拨付，做到了及时。",
            "发放期限为{due}，{paid}已全部发放，没有逾期。",
            due=d.day("date:due", facts.due),
            paid=d.day("date:paid", facts.paid),
        )
        d.tie("deadline", "at-most", at["paid"], at["due"])
        d.names["deadline"] = str(facts.due + timedelta(days=1))
        return text
    shapes = {
        "coverage": (
            "经认定的救助对象{whole}，已纳入救助{part}，覆盖率{rate}。",
            "认定对象共{whole}，其中享受救助{part}，覆盖率为{rate}。",
        ),
        "quality": (
            "抽查资料{whole}，合格{part}，合格率{rate}。",
            "评价组抽查{whole}，其中{part}符合要求，合格率为{rate}。",
        ),
        "knowing": (
            "有效问卷{whole}，了解政策的{part}，知晓率{rate}。",
            "受访{whole}中有{part}知道救助政策，占{rate}。",
        ),
        "easing": (
            "受访{whole}中，{part}认为负担减轻，占{rate}。",
            "问卷{whole}，认可负担减轻的{part}，认可度{rate}。",
        ),
        "pleased": (
            "受访{whole}中，表示满意的{part}，满意度{rate}。",
            "有效问卷{whole}，满意的共{part}，满意度为{rate}。",
        ),
    }
    numbers = {
        "coverage": (facts.covered, facts.identified, "人"),
        "quality": (facts.passed, facts.checked, "份"),
        "knowing": (sum(facts.knowing[:2]), facts.answered, "人"),
        "easing": (sum(facts.easing[:2]), facts.answered, "人"),
        "pleased": (sum(facts.pleased[:2]), facts.answered, "人"),
    }
    part, whole, unit = numbers[leaf.fact]
    key = "known" if leaf.fact == "knowing" else leaf.fact
    survey = leaf.fact in ("knowing", "easing", "pleased")
    text, at = d.say(
        *shapes[leaf.fact],
        whole=d.count("count:answered" if survey else f"count:{leaf.fact}:whole", whole, unit),
        part=d.count(f"count:{leaf.fact}:part", part, unit),
        rate=d.percent(key, rate(part, whole, places)),
    )
    d.rate_tie("share-of-count", "rate", at["rate"], at["part"], at["whole"])
    return text


def _problems(d: Draft, facts: Facts) -> None:
    numbering = d.rng.choice(("（一）", "1.", "一是"))
    d.head(1, d.rng.choice(("存在的问题及原因分析", "存在的主要问题", "需关注的问题")))
    for leaf in facts.leaves:
        if leaf.deduction:
            d.para(
                f"{ITEM}{leaf.problem}。{leaf.detail}。",
                group=PROBLEM_GROUP,
                numbering=numbering,
                tag=f"problem:{leaf.code}",
            )
            d.leave_out.append(leaf.code)
            d.names[leaf.code] = leaf.name
    d.head(1, d.rng.choice(("相关建议", "改进建议", "下一步改进意见")))
    for leaf in facts.leaves:
        if leaf.deduction:
            d.para(f"{ITEM}{leaf.advice}。", group=ADVICE_GROUP, numbering=numbering, tag=f"problem:{leaf.code}")
    for leaf in facts.leaves:
        if leaf.pointed is not None and not leaf.deduction:
            tag = f"problem:{leaf.code}"
            d.spares.append(
                Spare(
                    leaf.name,
                    Paragraph(f"{ITEM}{leaf.problem}。{leaf.detail}。", PROBLEM_GROUP, numbering, tag),
                    Paragraph(f"{ITEM}{leaf.advice}。", ADVICE_GROUP, numbering, tag),
                )
            )
