"""``tuodi score``: every indicator's score with formula and reason, the groups, the total, the grade."""

import json
from argparse import ArgumentParser, Namespace
from fractions import Fraction

from rich.console import RenderableType

from tuodi.commands.console import say, show
from tuodi.commands.evaluations import add_evaluation_argument, refused_something, scored
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.scoring import FundScore, GroupScore, Result, Score, rate_text
from tuodi.kernel.money import decimal_text
from tuodi.kernel.quantity import plain

UNUSABLE = 1
NOTHING = "—"


def _arguments(parser: ArgumentParser) -> None:
    add_evaluation_argument(parser)
    parser.add_argument("--inputs", metavar="文件", help="另给数据（data.xlsx 的格式，或只有“指标”表的 CSV），逐格替换")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _run(args: Namespace) -> int:
    result = scored(args.evaluation, args.inputs)
    if result is None:
        return UNUSABLE
    if args.json:
        say(json.dumps(answer(result), ensure_ascii=False, indent=2))
    else:
        _print(result)
    return refused_something(result.findings)


def answer(result: Result) -> dict[str, object]:
    """Return the result as the contract's JSON; decimals are strings, what is not known is null."""
    return {
        "id": result.scheme.id,
        "total": _decimal(result.total),
        "grade": result.grade,
        "groups": [_group(each) for each in result.groups],
        "fund_row": _fund(result.fund) if result.fund else None,
        "indicators": [_indicator(each) for each in result.scores],
    }


def _decimal(points: Fraction | None) -> str | None:
    return None if points is None else decimal_text(points, 2)


def _group(group: GroupScore) -> dict[str, object]:
    node = group.indicator
    return {
        "code": node.code,
        "name": node.name,
        "level": node.level,
        "weight": plain(node.weight),
        "score": _decimal(group.points),
        "rate": group.rate,
    }


def _indicator(score: Score) -> dict[str, object]:
    leaf, inputs, computed = score.indicator, score.inputs, score.computed
    return {
        "code": leaf.code,
        "name": leaf.name,
        "level": leaf.level,
        "weight": plain(leaf.weight),
        "score": _decimal(score.points),
        "rate": score.rate,
        "rule": leaf.rule.name if leaf.rule else None,
        "by_printed_rule": _decimal(score.by_printed_rule),
        "note": score.note,
        "reason": score.reason,
        "evidence": list(score.evidence),
        "target": str(inputs.target) if inputs.target else None,
        "actual": None if inputs.actual is None else str(inputs.actual),
        "numerator": plain(computed.numerator) if computed and computed.numerator is not None else None,
        "denominator": plain(computed.denominator) if computed and computed.denominator is not None else None,
        "formula": score.formula,
        "gain": score.gain,
    }


def _fund(fund: FundScore) -> dict[str, object]:
    return {
        "code": fund.row.code,
        "name": fund.row.name,
        "weight": plain(fund.row.weight),
        "score": _decimal(fund.points),
        "rate": rate_text(fund.points, fund.row.weight),
        "counts": fund.row.counts,
        "execution_rate": decimal_text(fund.executed.value.value, 2) if fund.executed else None,
        "by_printed_rule": _decimal(fund.by_rule),
        "note": fund.note,
        "reason": fund.reason,
    }


def _print(result: Result) -> None:
    say(result.scheme.title)
    show(_tree(result))
    if result.fund:
        show(_fund_table(result.fund))
    if result.total is None:
        missing = sum(score.points is None for score in result.scores)
        say(f"还有 {missing} 项指标没有得分，合计和等级暂缺；缺什么见上面的提示。")
        return
    grade = f"，等级：{result.grade}" if result.grade else "（方案没有等级划分）"
    say(f"总分 {points_text(result.total)} 分{grade}")
    for note in result.scheme.notes:
        say(f"说明：{note}")


def _tree(result: Result) -> RenderableType:
    headings = ("编码", "指标", "权重", "得分", "得分率%", "计算过程", "扣分原因和说明")
    groups = {group.indicator.code: group for group in result.groups}
    scores = {score.indicator.code: score for score in result.scores}
    rows = []
    for node in result.scheme.nodes():
        name = "　" * (node.level - 1) + node.name
        if node.code in groups:
            group = groups[node.code]
            rows.append((node.code, name, plain(node.weight), _shown(group.points), group.rate or NOTHING, "", ""))
            continue
        score = scores[node.code]
        words = "；".join(part for part in (score.reason, score.note) if part)
        shown = _shown(score.points)
        rows.append((node.code, name, plain(node.weight), shown, score.rate or NOTHING, score.formula, words))
    total = ("合计", "", "", _shown(result.total), "", "", result.grade or "")
    return figures_table("评分表", headings, rows, numbers=("权重", "得分", "得分率%"), total=total)


def _shown(points: Fraction | None) -> str:
    return NOTHING if points is None else points_text(points)


def _fund_table(fund: FundScore) -> RenderableType:
    headings = ("资金执行", "权重", "执行率", "得分", "计入总分", "说明")
    executed = fund.executed.formula if fund.executed else NOTHING
    words = "；".join(part for part in (fund.reason, fund.note) if part)
    counts = "是" if fund.row.counts else "否"
    row = (fund.row.name, plain(fund.row.weight), executed, _shown(fund.points), counts, words)
    return figures_table("预算执行", headings, [row], numbers=("权重", "得分"))


COMMAND = Command(
    name="score",
    help="绩效评价打分：每个指标的得分、计算过程和扣分原因",
    arguments=_arguments,
    run=_run,
)
