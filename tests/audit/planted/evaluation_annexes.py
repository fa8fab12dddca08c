"""The annexes of the invented evaluation report: score table, survey, compliance check, interview."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.audit.planted.draft import Draft, Spec
from tests.audit.planted.evaluation_facts import Facts, Leaf, Trunk, checks, rate
from tests.audit.planted.model import LEFT, UP, Format
from tuodi.kernel.money import decimal_text

QUESTIONS = (
    ("您是否了解医疗救助政策？", ("了解", "基本了解", "不了解"), "knowing"),
    ("您认为医疗费用负担是否减轻？", ("明显减轻", "有所减轻", "没有减轻"), "easing"),
    ("您对救助工作是否满意？", ("非常满意", "满意", "一般", "不满意"), "pleased"),
)


def annexes(d: Draft, facts: Facts) -> None:
    """All annexes, and before them the sentence that points to them."""
    text = d.rng.choice(
        ("评分明细见{0}，问卷结果见{1}。", "指标评分表附后（{0}），满意度调查情况见{1}。", "详见{0}和{1}。")
    )
    d.para(text.format(d.annex(1), d.annex(2)))
    _heading(d, 1, "绩效评价指标评分表")
    _scores(d, facts)
    _heading(d, 2, "满意度调查报告")
    _survey(d, facts)
    if checks(facts):
        _heading(d, 3, "合规性检查表")
        _checks(d, facts)


def _heading(d: Draft, number: int, text: str) -> None:
    character = d.put(Spec("*annex-heading", Fraction(number), Format("count")), "heading")
    if number > 1:
        d.tie("numbering", "word", character, wrong=(str(number + 1), str(number - 1)), others=(text,))
    d.section = f"附件{number}"
    d.para(f"附件{character}：{text}" if d.rng.random() < 0.5 else f"附件{character} {text}")


@dataclass(slots=True)
class _Printed:
    """The score table in the making: which columns, and the characters that its ties need."""

    inside: bool
    with_data: bool
    leaf_scores: list[str] = field(default_factory=list)
    trunk_weights: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def _scores(d: Draft, facts: Facts) -> None:
    made = _Printed(inside=d.rng.random() < 0.4, with_data=d.rng.random() < 0.5)
    data = ["业绩值"] if made.with_data else []
    if made.inside:
        made.rows.append(["一级指标", "二级指标", "三级指标", "分值", "评分标准", *data, "得分"])
    else:
        made.rows.append(["一级指标", "权重", "二级指标", "权重", "三级指标", "权重", "评分标准", *data, "得分"])
    for trunk in facts.trunks:
        _trunk_rows(d, facts, trunk, made)
    hundred = d.cell(d.score("weight:total", Fraction(100)))
    total = d.cell(d.score("score:total", facts.total))
    label = d.rng.choice(("合计", "总分"))
    blank = ["", *([""] if made.with_data else [])]
    if made.inside:
        made.rows.append([label, LEFT, LEFT, hundred, *blank, total])
    else:
        made.rows.append([label, hundred, "", hundred, "", hundred, *blank, total])
    d.table(made.rows)
    d.tie("scores-total", "sum", total, *made.leaf_scores)
    for score in made.leaf_scores:
        d.relate("scores-total", "sum", score, (total, *made.leaf_scores))
    for weight in made.trunk_weights:
        d.relate("weights-hundred", "sum", weight, (hundred, *made.trunk_weights), others=("100",))


def _trunk_rows(d: Draft, facts: Facts, trunk: Trunk, made: _Printed) -> None:
    trunk_weight = d.cell(d.score(f"weight:{trunk.code}", trunk.weight))
    made.trunk_weights.append(trunk_weight)
    branch_weights = []
    for place, branch in enumerate(trunk.branches):
        weight = d.cell(d.score(f"weight:{branch.code}", branch.weight))
        branch_weights.append(weight)
        own = []
        for number, leaf in enumerate(branch.leaves):
            own.append(d.cell(d.score(f"weight:{leaf.code}", leaf.weight)))
            score = d.cell(d.score(f"score:{leaf.code}", leaf.score))
            made.leaf_scores.append(score)
            d.tie("above-weight", "at-most", score, own[-1])
            first = (f"{trunk.code} {trunk.name}", trunk_weight) if place == 0 and number == 0 else (UP, UP)
            second = (UP, UP) if number else (f"{branch.code} {branch.name}", weight)
            name = f"{leaf.code} " + d.cell(d.word(f"name:{leaf.code}", leaf.name))
            criteria = rule(d, facts, leaf, own[-1], score)
            data = [_performance(d, leaf)] if made.with_data else []
            parents = [_inside(*first), _inside(*second)] if made.inside else [*first, *second]
            made.rows.append([*parents, name, own[-1], criteria, *data, score])
        d.tie("subtotal", "sum", weight, *own)
    d.tie("subtotal", "sum", trunk_weight, *branch_weights)


def _inside(name: str, weight: str) -> str:
    return name if name == UP else f"{name}（{weight}分）"


def _performance(d: Draft, leaf: Leaf) -> str:
    """What was reached, beside the rule."""
    if leaf.pointed is not None:
        return "未全部满足" if leaf.deduction else "满足"
    if leaf.kind == "full":
        return "及时"
    slot = d.slots[ord(_rate_slot(d, leaf)) - 0xE000]
    return d.cell(Spec(slot.key, slot.value, slot.format))


def _plain(value: Fraction) -> str:
    return decimal_text(value, 2, trimmed=True)


def rule(d: Draft, facts: Facts, leaf: Leaf, weight: str, score: str) -> str:
    """The printed scoring rule of one indicator; states the ties between rule, data and points."""
    if leaf.pointed is not None:
        printed = [d.cell(Spec(f"*point:{leaf.code}", Fraction(each), Format("score", 0))) for each in leaf.points]
        for each in printed:
            d.relate("points", "sum", each, (weight, *printed))
        numbered = zip("①②③④", leaf.pointed.points, printed, strict=False)
        return "；".join(f"{mark}{text}（{point}分）" for mark, text, point in numbered) + "。"
    if leaf.kind == "full":
        return "在规定期限前发放得满分，逾期不得分。"
    data = _rate_slot(d, leaf)
    if leaf.kind == "score-by-steps":
        threshold, step, cost, _ = leaf.extra
        d.tie("score-steps", "score-by-steps", score, weight, data, extra=leaf.extra[:3], largest=leaf.weight)
        short = f"{_plain(step)}个百分点" if d.rng.random() < 0.5 else f"{_plain(step)}%"
        begun = f"每降低{short}扣{_plain(cost)}分，不足{short}按{short}计，扣完为止。"
        return f"{leaf.name}≥{_plain(threshold)}%得满分；{begun}"
    d.tie("score-ratio", "score-by-rate", score, weight, data, extra=leaf.extra[:1], largest=leaf.weight)
    if leaf.extra[0] == 100:
        return d.rng.choice((f"得分={leaf.name}×权重，最高得满分。", f"按{leaf.name}×权重计分，超过100%按100%计。"))
    base = _plain(leaf.extra[0])
    return d.rng.choice(
        (
            f"{leaf.name}≥{base}%得满分，否则得分=实际值÷{base}%×权重。",
            f"达到{base}%得满分；低于{base}%的，按实际值占{base}%的比例计分。",
        )
    )


def _rate_slot(d: Draft, leaf: Leaf) -> str:
    key = "known" if leaf.fact == "knowing" else leaf.fact
    index = next(number for number, slot in enumerate(d.slots) if slot.key == key)
    return chr(0xE000 + index)


def _survey(d: Draft, facts: Facts) -> None:
    text, at = d.say(
        "共发放问卷{sent}，收回有效问卷{back}。",
        "本次调查发出问卷{sent}，有效{back}，有效率100%。",
        sent=d.count("count:answered:sheets", facts.answered, "份"),
        back=d.count("count:answered:sheets", facts.answered, "份"),
    )
    d.para(text)
    asked = [each for each in QUESTIONS if each[2] != "easing" or any(leaf.fact == "easing" for leaf in facts.leaves)]
    answers = {"knowing": facts.knowing, "easing": facts.easing, "pleased": facts.pleased}
    in_tables = d.rng.random() < 0.6
    for number, (question, options, fact) in enumerate(asked, 1):
        d.para(f"{number}.{question}")
        counts = [d.count(f"count:{fact}:{option}", each) for option, each in zip(options, answers[fact], strict=True)]
        shares = [
            d.percent(f"share:{fact}:{option}", rate(each, facts.answered, d.habit.percent.places))
            for option, each in zip(options, answers[fact], strict=True)
        ]
        if in_tables:
            _question_table(d, facts, options, counts, shares)
        else:
            _question_text(d, facts, at["back"], options, counts, shares)


def _question_table(d: Draft, facts: Facts, options: tuple[str, ...], counts: list[Spec], shares: list[Spec]) -> None:
    printed = [d.cell(each) for each in counts]
    whole = d.cell(d.count("count:answered:number", facts.answered))
    rates = [d.cell(each) for each in shares]
    for each in printed:
        d.relate("option-counts", "sum", each, (whole, *printed))
    d.tie("total-count", "sum", whole, *printed)
    for share, part in zip(rates, printed, strict=True):
        d.rate_tie("share-of-count", "rate", share, part, whole)
    rows = [["选项", *options, "合计"], ["人数", *printed, whole], ["占比", *rates, "100%"]]
    if d.rng.random() < 0.5:
        rows = [list(row) for row in zip(*rows, strict=True)]
    d.table(rows)


def _question_text(
    d: Draft, facts: Facts, back: str, options: tuple[str, ...], counts: list[Spec], shares: list[Spec]
) -> None:
    printed = [d.put(each) for each in counts]
    rates = [d.put(each) for each in shares]
    parts = [
        f"选择“{option}”的{count}人，占{share}" for option, count, share in zip(options, printed, rates, strict=True)
    ]
    d.para("；".join(parts) + "。")
    for each in printed:
        d.relate("option-counts", "sum", each, (back, *printed))
    for share, part in zip(rates, printed, strict=True):
        d.rate_tie("share-of-count", "rate", share, part, back)


def _checks(d: Draft, facts: Facts) -> None:
    rows = [["序号", "检查内容", "检查结果", "备注"]]
    for number, (leaf, (question, good, bad)) in enumerate(checks(facts), 1):
        sound = leaf.deduction == 0
        answer = d.cell(d.word(f"answer:{leaf.code}", good if sound else bad))
        if sound:
            d.tie("compliance-full", "word", answer, wrong=(bad,), others=(leaf.name, question))
        rows.append([str(number), question, answer, "" if sound else leaf.pointed.flaw if leaf.pointed else ""])
    d.table(rows)
