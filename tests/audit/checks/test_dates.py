"""日期：不存在的日子、倒置的期间、漏改的年份、倒退的步骤、错过的期限。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.form.dates import (
    after_the_report,
    backward_periods,
    impossible_days,
    period_years,
    steps_out_of_order,
    survey_after_its_deadline,
)
from tuodi.audit.checks.form.deadlines import deadlines_missed, targets_by_day
from tuodi.audit.checks.form.years import years_left_over
from tuodi.kernel.finding import Severity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("截至2024年2月30日，支出10万元。", ("dates-out-of-order", "2024年2月30日", "")),
        ("您对202024年医疗救助是否满意？", ("year-left-over", "202024", "2024")),
        ("7月24我单位提交报告。", ("blank-left", "7月24", "7月24日")),
    ],
)
def test_写坏的日期(text: str, expected: tuple[str, str, str]) -> None:
    assert told(impossible_days, text) == [expected]


@pytest.mark.parametrize(
    "text", ["截至2024年2月29日。", "12月25项指标完成。", "1-12月3项工作。", "2020年至2024年。", "7月24日。"]
)
def test_没有写坏的日期(text: str) -> None:
    assert told(impossible_days, text) == []


def test_期间倒置() -> None:
    text = "评价期间为2025年6月28日至2024年7月25日。"
    assert told(backward_periods, text) == [("dates-out-of-order", "2024年7月25日", "")]
    assert told(backward_periods, text.replace("2024", "2025")) == []


def test_同一期间的年份() -> None:
    usual = "评价组于2025年6月28日至7月25日开展评价。"
    odd = "评价工作于2024年6月28日至7月25日进行。"
    assert told(period_years, usual, usual, odd) == [("year-left-over", "2024年6月28日", "2025年6月28日")]
    assert told(period_years, usual, odd) == [], "两处各执一词时无法判断"
    assert told(period_years, usual, usual, "工作于2024年6月27日至7月25日进行。") == []


STEPS = ("（三）绩效评价工作过程", "（1）方案制定（2025年6月30日前）", "（2）报告撰写（2025年7月22日前）")


def test_步骤的年份倒退() -> None:
    assert told(steps_out_of_order, *STEPS, "（3）报告提交（2024年7月26日前）") == [
        ("year-left-over", "2024年7月26日", "2025年7月26日")
    ]
    assert told(steps_out_of_order, *STEPS, "（3）报告提交（2025年7月22日前）") == []


def test_步骤的日期倒退() -> None:
    assert told(steps_out_of_order, *STEPS, "（3）报告提交（2025年7月1日前）") == [
        ("dates-out-of-order", "2025年7月1日", "")
    ]


def test_步骤之下的小项不与步骤相比() -> None:
    assert told(steps_out_of_order, *STEPS, "其中收集资料（2025年7月4日前）。由单位提供。") == []


def test_一句之内的日期倒退() -> None:
    text = "评价自2025年6月28日启动，2025年6月20日完成方案，2025年7月20日提交报告。"
    assert told(steps_out_of_order, STEPS[0], text) == [("dates-out-of-order", "2025年6月20日", "")]
    assert told(steps_out_of_order, STEPS[0], text.replace("6月20日", "6月30日")) == []


def test_调查晚于报告日期() -> None:
    text = "问卷于2025年7月5日至2025年7月19日发放和回收。"
    assert told(after_the_report, text, "2025年7月18日") == [("dates-out-of-order", "2025年7月19日", "")]
    assert told(after_the_report, text, "2025年7月19日") == []
    assert told(after_the_report, text) == []


def test_调查晚于工作安排() -> None:
    step = ("（三）绩效评价工作过程", "社会调查（2025年7月15日前）。开展访谈。")
    text = "2025年7月5日至2025年7月19日，评价组发放问卷。"
    assert told(survey_after_its_deadline, *step, "二、结果", text) == [
        ("deadline-missed", "2025年7月19日", "2025年7月15日")
    ]
    assert told(survey_after_its_deadline, *step, "二、结果", text.replace("19日", "15日")) == []


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("通知要求在2024年6月20日前发放，实际于2024年6月20日发放完毕，符合时限要求。", None),
        ("通知要求在2024年6月20日前发放，实际于2024年6月21日发放完毕，符合时限要求。", 1),
        ("资金应于6月20日前拨付，经查于7月2日拨付，做到了及时。", 12),
        ("发放期限为2024年6月9日，2024年6月22日已全部发放，没有逾期。", 13),
        ("按规定最迟于2024-04-08拨付，经核实2024-04-28已拨付到位，没有逾期。", 20),
        ("会前研究了方案，会议于6月20日召开，7月2日拨付资金。", None),
    ],
)
def test_期限和实际日期(text: str, late: int | None) -> None:
    found = remarks(deadlines_missed, text)
    assert [each.severity for each in found] == ([] if late is None else [Severity.ERROR])
    assert late is None or f"晚 {late} 天" in found[0].message


def test_文中自己说明的逾期是提示() -> None:
    text = "两笔资金需在6月20日前划拨、需在11月14日前划拨，实际分别于7月2日、11月15日划拨，支出不够及时。"
    found = remarks(deadlines_missed, text)
    assert [(each.severity, each.stated, each.expected) for each in found] == [
        (Severity.INFO, "7月2日", "6月20日"),
        (Severity.INFO, "11月15日", "11月14日"),
    ]


@pytest.mark.parametrize(("day", "count"), [("12月25日", 0), ("12月26日", 1)])
def test_表中的完成时间(day: str, count: int) -> None:
    table = f"三级指标\t指标值\t实际完成值\n参保人数\t100人\t100人\n资金支付完成时间\t=12月25日\t{day}"
    assert len(remarks(targets_by_day, table)) == count


OWN = ("甲县2024年城乡医疗救助项目绩效评价报告", "2024年共下达资金100万元。", "2024年度继续实施。", "2024年下达情况。")


def test_套用旧稿漏改的年份() -> None:
    assert told(years_left_over, *OWN, "截至2021年12月31日，实际支出90万元。") == [
        ("year-left-over", "2021年", "2024年")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2021年结转结余10万元。",
        "与2021年相比，实际支出增加。",
        "自2021年起，实际支出按新口径统计。",
        "按《关于做好2021年工作的通知》下达资金。",
        "2025年6月开展绩效评价。",
        "2021年实际支出90万元，2024年实际支出95万元。",
    ],
)
def test_有意写的其他年份(text: str) -> None:
    assert told(years_left_over, *OWN, text) == []
