"""The same thing told twice with two values."""

import pytest

from tuodi.audit.checks.told.values import check_counted_remarks, check_misprinted_amounts, check_told_twice
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """The figures a check objects to, with what it expects."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


TABLE = "三级指标\t指标值\t实际完成值\n医疗保险参保人数\t≥33333人\t30437人\n群众满意度\t≥95%\t95%\n"


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("同一个数", "本项目完成医疗保险参保人数30437人。\n\n" + TABLE, []),
        (
            "正文与表不同",
            "本项目完成医疗保险参保人数30750人。\n\n" + TABLE,
            [("text-against-table", "30750人", "30437人")],
        ),
        ("目标与实际不是一回事", "计划医疗保险参保人数33333人。\n\n" + TABLE, []),
        (
            "目标多打一位",
            "计划医疗保险参保人数33333人。\n\n医疗保险参保人数333333人。\n\n" + TABLE,
            [("value-told-twice", "333333人", "33333人")],
        ),
        ("万人次与人次", "共救助困难对象1.24万人次。\n\n全年救助困难对象12411人次。\n", []),
        ("两年各有一数", "2023年政策知晓率为81%。\n\n2024年政策知晓率为85%。\n", []),
        (
            "三处不同的一处",
            "政策知晓率为85.2%。\n\n调查显示政策知晓率达85.2%。\n\n问卷反映，政策知晓率为82.5%。\n",
            [("value-told-twice", "82.5%", "85.2%")],
        ),
        ("起付线是政策", "低保对象年度限额6万元。\n\n低收入家庭年度限额4万元。\n", []),
        (
            "差一万倍",
            "住院救助支出533.84万元。\n\n住院救助支出533.84元。\n",
            [("unit-slip", "533.84元", "533.84万元")],
        ),
        (
            "错一个数字",
            "门诊救助支出37.15万元。\n\n经核对，门诊救助支出31.15万元。\n\n门诊救助支出37.15万元。\n",
            [("value-told-twice", "31.15万元", "37.15万元")],
        ),
    ],
)
def test_values_of_one_name(case, text, expected):
    """A name has one value, apart from years, targets and rules."""
    assert told(check_told_twice, text) == expected, case


def test_one_number_told_wrongly_in_two_places_is_one_finding():
    """The other places stand beside the first, and the table's number is told with its unit."""
    wrong = "本项目完成医疗保险参保人数30750人。\n\n"
    table = TABLE.replace("30437人", "30437").replace("实际完成值", "实际完成值（人）")
    right = "全年医疗保险参保人数30437人。\n\n经核对，医疗保险参保人数30437人。\n\n"
    (found,) = check_told_twice(Material(read_text("x", f"{wrong}{right}{wrong}{table}")))
    assert (found.stated, found.expected) == ("30750人", "30437人")
    assert found.place.line == 1
    assert 7 in {place.line for place in found.also}
    (alone,) = check_told_twice(Material(read_text("x", f"{wrong}{right}{table}")))
    assert 7 not in {place.line for place in alone.also}


def test_projects_have_values_of_their_own():
    """Two self-evaluation tables are of two projects."""
    one = "{0}项目支出绩效自评表\n\n三级指标\t指标值\t实际完成值\t全年执行数\n政策知晓率\t≥80%\t{1}%\t-\n"
    text = one.format("甲", 85) + "\n第二个项目。\n\n" + one.format("乙", 91)
    assert told(check_told_twice, text) == []


def test_a_total_misprinted_once():
    """Told three times, and once with two digits that changed places."""
    text = (
        "评价医疗补助资金18,430,000.00元。\n\n全年到位资金14,830,000.00元。\n\n"
        "下达资金共14,830,000.00元。\n\n资金总额14,830,000.00元。\n"
    )
    assert told(check_misprinted_amounts, text) == [("value-told-twice", "18,430,000.00元", "14,830,000.00元")]
    assert told(check_misprinted_amounts, text.replace("18,430", "14,830")) == []


def test_remarks_counted():
    """Three remarks of 1, 66 and 7 people make 74."""
    table = "月份\t金额\t备注\n1月\t10.5\t1人发放失败退回\n2月\t11.5\t66人发放失败退回\n3月\t12.5\t7人发放失败退回\n"
    text = "其中{}人次首次发放失败退回，已重发。\n\n" + table
    assert told(check_counted_remarks, text.format(74)) == []
    assert told(check_counted_remarks, text.format(75)) == [("text-against-table", "75人次", "74人次")]
