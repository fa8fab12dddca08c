"""Lists of indicators side by side, and near-copied sentences."""

import pytest

from tuodi.audit.checks.told.copies import check_near_copies, check_repeated_paragraphs
from tuodi.audit.checks.told.positions import (
    check_goal_results,
    check_missing_by_place,
    check_names_by_place,
    check_names_by_value,
    check_targets_by_place,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text

NAMES = ("医疗救助对象覆盖范围", "看病就医方便程度", "就医负担减轻程度", "对健全救助体系的影响", "救助对象工作满意度")


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


def goals(names, target="≥85%", actual="95%"):
    """A goal table with one target at its end."""
    rows = [f"{name}\t稳步提高\t稳步提高" for name in names[:-1]]
    return "\n".join(
        ["表1 绩效目标完成情况", "三级指标\t指标值\t实际完成值", *rows, f"{names[-1]}\t{target}\t{actual}", "", ""]
    )


def scores(names, target="≥85%"):
    """A score table with one target at its end."""
    rows = [f"{name}\t稳步提高\t3\t3" for name in names[:-1]]
    return "\n".join(["表2 指标得分", "三级指标\t标准值\t分值\t得分", *rows, f"{names[-1]}\t{target}\t10\t9", "", ""])


OTHER = (*NAMES[:2], "困难群众就医负担减轻程度", *NAMES[3:])


@pytest.mark.parametrize(
    ("case", "names", "expected"),
    [
        ("名称相同", NAMES, []),
        ("同一位置名称不同", OTHER, [("就医负担减轻程度", "困难群众就医负担减轻程度")]),
        ("毫不相像，不判", (*NAMES[:2], "公务接待费控制", *NAMES[3:]), []),
    ],
)
def test_名称按位置(case, names, expected):
    assert told(check_names_by_place, goals(NAMES) + scores(names)) == expected


@pytest.mark.parametrize(
    ("case", "target", "expected"),
    [("相同", "≥85%", []), ("数不同", "≥90%", [("≥85%", "≥90%")]), ("符号不同", ">85%", [("≥85%", ">85%")])],
)
def test_目标值按位置(case, target, expected):
    assert told(check_targets_by_place, goals(NAMES) + scores(NAMES, target)) == expected


def test_目标表的指标没有评分():
    missing = (*NAMES, "医疗救助政策知晓率")
    assert told(check_missing_by_place, goals(missing) + scores(NAMES)) == [("医疗救助政策知晓率", "")]
    assert told(check_missing_by_place, goals(NAMES) + scores(NAMES)) == []


@pytest.mark.parametrize(
    ("case", "share", "expected"),
    [("相同", "95%", []), ("更精确的同一数", "95.00%", []), ("不同", "91.31%", [("95%", "91.31%")])],
)
def test_完成值与分析(case, share, expected):
    text = goals(NAMES) + f"对于“救助对象工作满意度”：问卷显示满意的占{share}。该指标满分10分，得9分。\n"
    assert told(check_goal_results, text) == expected


@pytest.mark.parametrize(
    ("case", "name", "expected"),
    [("名称相同", "资助参保人数", []), ("名称不同", "资助参保户数", [("资助参保人数", "资助参保户数")])],
)
def test_同一对数两个名称(case, name, expected):
    table = "表1 完成情况\n三级指标\t指标值\t实际完成值\n资助参保人数\t≥6490人\t6990人\n公示公告次数\t≥2次\t2次\n\n"
    assert told(check_names_by_value, table + f"{name}目标值6490人，实际完成6990人，达到目标。\n") == expected


SENTENCE = "全区通过定点机构的窗口办理医疗救助结算{0}人次，参保人员出院时直接办完所有的报销手续，不再垫付费用。"


@pytest.mark.parametrize(
    ("case", "first", "second", "expected"),
    [("一字不差", "3297", "3297", []), ("一个数不同", "3297", "3279", [("3279", "3297")])],
)
def test_照抄的句子(case, first, second, expected):
    text = f"一、概况\n\n{SENTENCE.format(first)}\n\n二、成效\n\n{SENTENCE.format(second)}\n"
    assert told(check_near_copies, text) == expected


def test_同名标题下重复的段落():
    words = SENTENCE.format("3297") + "监督检查制度覆盖各个环节，发现问题及时纠正。"
    same = f"一、概况\n\n3.资金监管\n\n{words}\n\n二、成效\n\n（2）资金监管\n\n{words}\n"
    assert len(told(check_repeated_paragraphs, same)) == 1
    assert told(check_repeated_paragraphs, same.replace("（2）资金监管", "（2）资金管理")) == []
