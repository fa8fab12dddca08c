"""评分规则本身行不通：没有写怎样扣分、满分高于标准值、公式不合分值、要有增长才得满分。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.checks.scores.rule_forms import check_formulas, check_growth_needed, check_limits, check_missing_rules
from tuodi.audit.checks.scores.rules import check_points, check_scores

HEAD = "三级指标\t分值\t标准值\t实际值\t评分标准\t得分\n"


OTHERS = "资料齐全性\t4\t齐全\t齐全\t齐全得4分，每缺一项扣1分。\t4\n立项规范性\t4\t规范\t规范\t每有一项不合扣1分。\t4\n"


def row(
    rule: str, weight: str, score: str, *, target: str = "有效", actual: str = "有效", name: str = "救助效果"
) -> str:
    return f"{HEAD}{name}\t{weight}\t{target}\t{actual}\t{rule}\t{score}\n{OTHERS}"


@pytest.mark.parametrize(
    ("case", "rule", "score", "expected"),
    [
        ("只有解释", "项目实施所产生的社会效益和可持续影响等。", "7.34", [("rule-gap", "7.34", "")]),
        ("只有比率的算法", "实际完成率=（实际产出数/计划产出数）×100%。", "7.34", [("rule-gap", "7.34", "")]),
        ("没有扣分", "项目实施所产生的社会效益和可持续影响等。", "8", []),
        ("写了怎样扣", "完成率=（实际数/计划数）×100%。每降低1%扣0.5分。", "7.34", []),
        ("按比例", "完成率=（实际数/计划数）×100%。按完成率计分。", "7.34", []),
    ],
)
def test_没有写怎样扣分(case: str, rule: str, score: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_missing_rules, row(rule, "8", score)) == expected


@pytest.mark.parametrize(
    ("full", "expected"), [(">85%", [("rule-gap", "满分：>85%", "满分：≥85%")]), ("≥85%", []), (">80%", [])]
)
def test_正好达到标准值(full: str, expected: list[tuple[str, str, str]]) -> None:
    rule = f"满分：{full} 合格：85% 零分：<85%"
    assert told(check_limits, row(rule, "10", "10", target="≥85%", actual="95%")) == expected


@pytest.mark.parametrize(
    ("case", "rule", "weight", "expected"),
    [
        ("百分制的公式", "其他：60+40*（16%-实际值）/1%", "5", [("points-differ", "100", "5")]),
        ("公式与分值相合", "其他：3+2*（16%-实际值）/1%", "5", []),
        ("不得零分", "其他：8-（70%-实际值）*8", "8", [("rule-gap", "8-（70%-实际值）*8", "")]),
        ("到零分", "其他：8-（100%-实际值）*8", "8", []),
    ],
)
def test_公式(case: str, rule: str, weight: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_formulas, row(rule, weight, weight)) == expected


@pytest.mark.parametrize(
    ("case", "rule", "actual", "count"),
    [
        ("要比上年增加而没有", "满分：覆盖地区较往年增加 合格：较往年持平", "全覆盖", 1),
        ("写了比上年增加", "满分：覆盖地区较往年增加 合格：较往年持平", "比上年增加2个镇", 0),
        ("要提高5%而没有比率", "满分：效率较上年提高5%及以上 合格：较上年提高5%以内", "明显提高", 1),
        ("写了提高多少", "满分：效率较上年提高5%及以上 合格：较上年提高5%以内", "较上年提高6.2%", 0),
    ],
)
def test_要有增长才得满分(case: str, rule: str, actual: str, count: int) -> None:
    assert len(told(check_growth_needed, row(rule, "8", "8", actual=actual))) == count


@pytest.mark.parametrize(
    ("case", "target", "actual", "score", "expected"),
    [
        ("按比例", "≥30000人", "27000人", "9", []),
        ("少给了", "≥30000人", "27000人", "7.75", [("score-against-rule", "7.75", "9")]),
        ("超额完成得满分", "≥90%", "100%", "10", []),
        ("超额反而扣分", "≥90%", "100%", "8.89", [("score-against-rule", "8.89", "10")]),
        ("越低越好的不算", "≤30000元", "27000元", "7.75", []),
    ],
)
def test_按完成比例赋分(case: str, target: str, actual: str, score: str, expected: list[tuple[str, str, str]]) -> None:
    text = row("按照完成比例赋分", "10", score, target=target, actual=actual, name="参保人数规模")
    assert told(check_scores, text) == expected


def test_分项分值凑不到得分() -> None:
    rule = "①按时完成得（2分）；②质量好得（0.5分）；③未发现问题（0.5分）。"
    (found,) = told(check_points, row(rule, "4", "4", name="自评及整改"))
    assert found == ("points-differ", "3", "4")
