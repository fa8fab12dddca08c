"""Targets judged reached or missed, in tables and sentences, and values told again elsewhere."""

import pytest

from tuodi.audit.checks.told.goals import check_goal_values
from tuodi.audit.checks.told.targets import check_scored_targets, check_target_sentences, check_target_tables
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


@pytest.mark.parametrize(
    ("case", "name", "target", "actual", "word", "expected"),
    [
        ("差一点写已完成", "政策知晓率", "≥90%", "89.9%", "已完成", [("已完成", "未达到")]),
        ("刚好写已完成", "政策知晓率", "≥90%", "90%", "已完成", []),
        ("刚好写未完成", "政策知晓率", "≥90%", "90%", "未完成", [("未完成", "达到")]),
        ("大于而刚好", "政策知晓率", ">90%", "90%", "已完成", [("已完成", "未达到")]),
        ("不高于，超过一点", "结余占比", "≤15%", "15.1%", "已完成", [("已完成", "未达到")]),
        ("不高于，刚好", "结余占比", "≤15%", "15%", "已完成", []),
        ("没有符号，达到", "救助人次", "300人次", "300人次", "是", []),
        ("没有符号，少一人", "救助人次", "300人次", "299人次", "是", [("是", "未达到")]),
        ("单位不同，不判", "救助人次", "300人次", "299户", "是", []),
        ("时间越短越好，不判", "办理时限天数", "10天", "8天", "是", []),
    ],
)
def test_目标表(case, name, target, actual, word, expected):
    head, last = "表1 目标完成情况\n指标\t指标值\t实际完成值\t是否完成\n", "公示次数\t≥2次\t2次\t是\n"
    text = f"{head}{name}\t{target}\t{actual}\t{word}\n{last}"
    assert told(check_target_tables, text) == expected


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        (
            "未达到写达到",
            "救助人数目标值8390人次，实际完成7256人次，完成率86.48%，达到年度目标。",
            [("达到年度目标", "未达到")],
        ),
        ("未达到写未达到", "救助人数目标值8390人次，实际完成7256人次，完成率86.48%，未达到年度目标。", []),
        ("刚好写达到", "救助人数目标值8390人次，实际完成8390人次，完成率100%，达到年度目标。", []),
        ("刚好写未达到", "救助人数目标值8390人次，实际完成8390人次，未达到年度目标。", [("未达到年度目标", "达到")]),
        ("比较成立", "救助比例为71.84%，大于70%，达到年度绩效目标。", []),
        ("比较刚好不成立", "救助比例为70%，大于70%，达到年度绩效目标。", [("大于70%", "70%=70%")]),
        ("不低于而刚好", "救助比例为70%，不低于70%，达到年度绩效目标。", []),
        ("评分标准不是比较", "政策知晓率≥90%得满分，低于90%的按比例得分。", []),
    ],
)
def test_目标的句子(case, sentence, expected):
    assert told(check_target_sentences, f"{sentence}\n") == expected


@pytest.mark.parametrize(
    ("case", "actual", "score", "expected"),
    [
        ("未达到得满分", "84.9%", "10", [("10", "<10")]),
        ("刚好得满分", "85%", "10", []),
        ("未达到扣分", "84.9%", "9.9", []),
    ],
)
def test_未达目标不应满分(case, actual, score, expected):
    text = (
        "表1 绩效指标\n一级指标\t三级指标\t指标值\t实际完成值\t分值\t得分\n"
        f"满意度\t救助对象满意度\t≥85%\t{actual}\t10\t{score}\n产出\t救助人次数\t≥300人次\t310人次\t10\t10\n"
    )
    assert told(check_scored_targets, text) == expected


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("另一个数", "截至年底，资助参保人数达到30750人。", [("30750人", "30437人")]),
        ("同一个数", "截至年底，资助参保人数达到30437人。", []),
        ("是目标数", "年度目标是资助参保人数33333人。", []),
        ("是上年数", "上年资助参保人数为30750人。", []),
    ],
)
def test_完成值前后(case, sentence, expected):
    table = (
        "表1 目标完成情况\n三级指标\t指标值\t实际完成值\n资助参保人数\t≥33333人\t30437人\n公示公告次数\t≥2次\t2次\n\n"
    )
    assert told(check_goal_values, table + sentence + "\n") == expected
