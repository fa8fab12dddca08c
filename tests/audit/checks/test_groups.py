"""一级指标的名称、抄进来的别的规则、正文各项相加与表的合计。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.scores.groups import (
    check_group_here,
    check_group_names,
    check_rule_of_another,
    check_sums_of_the_text,
)

SCORES = "指标\t项目决策\t项目过程\t项目产出\t项目效益\t合计\n权重\t10\t25\t35\t30\t100\n得分\t10\t23\t32\t27\t92\n"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("项目决策、项目管理、项目产出、项目效益", [("name-told-twice", "项目管理", "项目过程")]),
        ("项目决策、项目过程、项目产出、项目效益", []),
        ("项目投入、项目管理、项目产出、项目效益", []),
    ],
)
def test_一级指标的名称(listed: str, expected: list[tuple[str, str, str]]) -> None:
    text = f"评价指标体系分为{listed}四个维度，逐项评价。"
    assert told(check_group_names, SCORES, text) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("绩效", [("name-told-twice", "项目绩效指标", "项目效益指标")]), ("效益", [])]
)
def test_本节的指标(name: str, expected: list[tuple[str, str, str]]) -> None:
    text = f"项目效益类指标从两个方面考察。项目{name}指标分值30分，实际得分27分。"
    assert told(check_group_here, SCORES, "四、指标分析", "（四）效益情况分析", text) == expected


OWN = "资金到位率=到位资金÷预算资金×100%，达到100%得满分，每降低1%扣5%的权重。"
OTHER = "预算执行率=实际支出÷到位资金×100%，达到100%得满分，每降低1%扣5%的权重。"


@pytest.mark.parametrize(("rule", "count"), [(OWN + OTHER, 1), (OWN, 0)])
def test_抄进别的规则(rule: str, count: int) -> None:
    text = f"三级指标\t分值\t评分标准\t得分\n资金到位率\t3\t{rule}\t3\n预算执行率\t3\t{OTHER}\t3\n"
    found = remarks(check_rule_of_another, text)
    assert [(each.stated, each.expected) for each in found] == [("预算执行率", "资金到位率")] * count


def evaluation(*points: str) -> str:
    names = ("政策知晓率", "负担减轻情况", "机制完善情况", "群众满意度")
    rows = "\n".join(f"\tD{at}{name}\t5\t5" for at, name in enumerate(names, 1))
    told_of = "\n\n".join(
        f"（{at}）D{at}{name}：情况良好。该指标满分{point}分，得{point}分。"
        for at, (name, point) in enumerate(zip(names, points, strict=True), 1)
    )
    return f"二级指标\t三级指标\t权重\t得分\n{rows}\n\n{told_of}"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (("5", "5", "5", "5"), []),
        (("6", "6", "5", "5"), [("weights-differ", "22分", "20分"), ("scores-differ", "22分", "20分")]),
        (("6", "4", "5", "5"), []),
        (("6", "5", "5", "5"), []),
    ],
)
def test_正文各项相加(points: tuple[str, ...], expected: list[tuple[str, str, str]]) -> None:
    assert told(check_sums_of_the_text, evaluation(*points)) == expected
