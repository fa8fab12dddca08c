"""Conclusions in words against the figures beside them."""

import pytest

from tuodi.audit.checks.sense.conclusions import (
    check_all_against_part,
    check_best_and_worst,
    check_copied_reasons,
    check_directions,
    check_reasons_of_rows,
    check_year_by_year,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """What a check objects to, with what it expects."""
    return [(remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("多了写下降", "全年支出252.72万元，与上年的216.07万元相比下降16.96%。", [("下降", "增长")]),
        ("多了写增长", "全年支出252.72万元，与上年的216.07万元相比增长16.96%。", []),
        ("少了写增长", "2021年支出300.00万元，2022年支出240.00万元，同比增长20%。", [("增长", "下降")]),
        ("少了写下降", "2021年支出300.00万元，2022年支出240.00万元，同比下降20%。", []),
        ("一分不差，不判", "全年支出300.00万元，与上年的300.00万元相比增长0%。", []),
        (
            "两处说法一处反",
            "2022年支出13.00万元，2021年为10.00万元，与上年相比增加3.00万元，下降30%。",
            [("下降", "增长")],
        ),
        ("人次和金额，不判", "全年支出252.72万元，与上年的216人次相比下降。", []),
    ],
)
def test_增减(case, sentence, expected):
    assert told(check_directions, f"{sentence}\n") == expected


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("只有两年", "2022年末结余100.00万元，2023年末结余120.00万元，结余逐年增加。", [("逐年增加", "至少三年的数")]),
        ("三年都增", "2021年末结余90.00万元，2022年末结余100.00万元，2023年末结余120.00万元，结余逐年增加。", []),
        (
            "三年有减",
            "2021年末结余110.00万元，2022年末结余100.00万元，2023年末结余120.00万元，结余逐年增加。",
            [("逐年增加", "")],
        ),
        ("没有数", "结余资金逐年增加。", []),
    ],
)
def test_逐年(case, sentence, expected):
    assert told(check_year_by_year, f"{sentence}\n") == expected


@pytest.mark.parametrize(
    ("case", "sentence", "expected"),
    [
        ("都对", "从得分率看，最高的是产出，最低的是过程。", []),
        ("最高的写错", "从得分率看，最高的是决策，最低的是过程。", [("决策", "产出")]),
        ("最低的写错", "从得分率看，最高的是产出，最低的是效益。", [("效益", "过程")]),
    ],
)
def test_得分率高低(case, sentence, expected):
    table = (
        "表1 得分情况\n一级指标\t权重\t得分\t得分率\n决策\t20\t19\t95%\n过程\t20\t15\t75%\n产出\t30\t30\t100%\n"
        "效益\t30\t27\t90%\n合计\t100\t91\t91%\n\n"
    )
    assert told(check_best_and_worst, table + sentence + "\n") == expected


@pytest.mark.parametrize(
    ("case", "part", "expected"),
    [("十条中八条", "8", [("8条", "10条")]), ("十条中十条", "10", [])],
)
def test_均可衡量(case, part, expected):
    sentence = f"绩效目标均以清晰、可衡量的指标值体现，共设置10条指标，其中有{part}条指标已量化。\n"
    assert told(check_all_against_part, sentence) == expected


@pytest.mark.parametrize(
    ("case", "now", "found"),
    [
        ("比上年多一人，原因写减少", "24985人", True),
        ("比上年少一人，原因写减少", "24983人", False),
        ("与上年相同", "24984人", False),
    ],
)
def test_偏差原因与上年数(case, now, found):
    text = (
        "表1 自评\n三级指标\t目标值\t业绩值\t上年完成情况\t偏差原因\n"
        f"参加保险人数\t≥27203人\t{now}\t24984人\t转保较多，参保人数减少\n公示公告次数\t≥2次\t2次\t2次\t无\n"
    )
    assert bool(told(check_reasons_of_rows, text)) is found


@pytest.mark.parametrize(("case", "rows", "found"), [("三行同文", 3, True), ("两行同文", 2, False)])
def test_原因照抄(case, rows, found):
    lines = [f"指标第{row}项\t≥{row}00人\t{row}0人\t因部分人员转出所以减少" for row in range(1, rows + 1)]
    text = "表1 完成情况\n三级指标\t指标值\t实际完成值\t偏差原因\n" + "\n".join(lines) + "\n其他一项\t≥10人\t12人\t无\n"
    assert bool(told(check_copied_reasons, text)) is found
