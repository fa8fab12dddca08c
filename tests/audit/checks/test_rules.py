"""Scores against the rules printed beside them."""

import pytest

from tuodi.audit.checks.scores.rules import check_gaps, check_points, check_scores
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


def row(rule, weight, score, actual="", name="政策知晓率"):
    """A score table whose first indicator has this rule."""
    return (
        f"表1 评分表\n三级指标\t权重\t评分标准\t业绩值\t得分\n{name}\t{weight}\t{rule}\t{actual}\t{score}\n"
        "资金到位率\t5\t到位得满分，否则不得分。\t100%\t5\n"
    )


@pytest.mark.parametrize(
    ("case", "rule", "expected"),
    [
        ("三分不足四分", "①有制度（2分）；②已印发（1分）。", [("3", "4")]),
        ("正好四分", "①有制度（2分）；②已印发（2分）。", []),
        ("超过四分", "①有制度，得2分；②已印发，得3分。", [("5", "4")]),
        ("只有一项，不判", "①有制度（2分）。", []),
        ("扣分的写法，不判", "①缺一项扣1分；②缺两项扣2分。", []),
    ],
)
def test_标准内分值(case, rule, expected):
    assert told(check_points, row(rule, 4, 4, name="管理制度健全性")) == expected


STEP = "政策知晓率≥90%得满分；每降低5%扣1分，扣完为止。"


@pytest.mark.parametrize(
    ("case", "rule", "actual", "score", "expected"),
    [
        ("达到门槛", STEP, "90%", "6", []),
        ("达到门槛却扣分", STEP, "90%", "5", [("5", "6")]),
        ("低一档", STEP, "85%", "5", []),
        ("低一档而多扣", STEP, "85%", "4", [("4", "5")]),
        ("不足一档，扣一档或不扣都可", STEP, "88%", "5", []),
        ("按比例", "政策知晓率≥90%得满分；否则按比例得分。", "78.43%", "4.71", []),
        ("按比例算错", "政策知晓率≥90%得满分；否则按比例得分。", "78.43%", "5.71", [("5.71", "5.23")]),
        ("不得分", "政策知晓率≥90%得满分；否则不得分。", "89.9%", "0", []),
        ("不得分却给分", "政策知晓率≥90%得满分；否则不得分。", "89.9%", "5", [("5", "0")]),
    ],
)
def test_按标准计分(case, rule, actual, score, expected):
    assert told(check_scores, row(rule, 6, score, actual)) == expected


@pytest.mark.parametrize(
    ("case", "score", "expected"), [("四分之三", "3", []), ("不是四分之几", "3.5", [("3.5", "3")]), ("满分", "4", [])]
)
def test_要点各占一份(case, score, expected):
    rule = "①有依据；②有标准；③有测算；④有批复。4项各占1/4权重分，每有一项不满足扣除相应分值。"
    found = told(check_scores, row(rule, 4, score, name="预算编制科学性"))
    assert [(stated, expected_) for stated, expected_ in found if expected_ in ("3", "4")] == expected


@pytest.mark.parametrize(("case", "factor", "expected"), [("系数不同", "3", [("×3", "×6")]), ("系数相同", "6", [])])
def test_标准有跳空(case, factor, expected):
    rule = f"满意度≥90%，得满分；60%≤满意度<90%，得分=满意度×{factor}分；满意度<60%，不得分。"
    assert told(check_gaps, row(rule, 6, 6, "95%", name="救助对象满意度")) == expected
