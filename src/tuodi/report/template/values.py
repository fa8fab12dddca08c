"""What an office's own Word template may use: the result as plain dictionaries, lists and texts, nothing else."""

from fractions import Fraction

from tuodi.evaluation.rules.rule import points_text
from tuodi.evaluation.scoring import Result, Score
from tuodi.kernel.quantity import plain


def template_values(result: Result) -> dict[str, object]:
    """Return the values by their Chinese names, e.g. ``总分``, ``指标`` (a list), ``项目.委托单位``."""
    data = result.data
    return {
        "编号": result.scheme.id,
        "名称": result.scheme.title,
        "总分": _points(result.total),
        "等级": result.grade or "",
        "项目": {item.item: data.project_value(item.item) for item in data.project},
        "数据": {row.name: row.value for row in data.figures.values()},
        "分类": [
            {
                "编码": group.indicator.code,
                "名称": group.indicator.name,
                "级次": str(group.indicator.level),
                "权重": plain(group.indicator.weight),
                "得分": _points(group.points),
                "得分率": group.rate or "",
            }
            for group in result.groups
        ],
        "指标": [_indicator(score) for score in result.scores],
        "问题": [
            {
                "指标": "、".join(row.codes),
                "问题": row.problem,
                "原因": row.cause,
                "建议": row.advice,
                "责任单位": row.responsible,
                "时限": row.due,
            }
            for row in data.problems
        ],
        "佐证": [
            {"编号": row.number, "名称": row.title, "凭证号": row.voucher, "日期": row.day, "金额": row.amount}
            for row in data.evidence.values()
        ],
    }


def _indicator(score: Score) -> dict[str, str]:
    leaf, inputs = score.indicator, score.inputs
    return {
        "编码": leaf.code,
        "名称": leaf.name,
        "权重": plain(leaf.weight),
        "目标值": str(inputs.target) if inputs.target else "",
        "实际值": "" if inputs.actual is None else str(inputs.actual),
        "得分": _points(score.points),
        "得分率": score.rate or "",
        "计分过程": score.formula,
        "扣分": points_text(score.lost),
        "扣分原因": score.reason,
        "佐证": "、".join(score.evidence),
    }


def _points(points: Fraction | None) -> str:
    return "" if points is None else points_text(points)
