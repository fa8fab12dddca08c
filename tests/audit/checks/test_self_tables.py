"""项目支出绩效自评表：资金行、分值、得分、判断、原因；整表和断行的表。"""

from collections.abc import Callable, Iterator

import pytest

from tuodi.audit.checks.accounts.self_table_money import check_fund_parts, check_fund_rates, check_fund_scores
from tuodi.audit.checks.accounts.self_table_names import (
    check_forms_against_reports,
    check_forms_against_text,
    check_indicator_kinds,
    check_project_names,
)
from tuodi.audit.checks.accounts.self_tables import (
    check_form_rows,
    check_form_scores,
    check_form_weights,
    check_judgements,
    check_money_targets,
    check_parts_left_blank,
    check_reasons_given,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark

Check = Callable[[Material], Iterator[Remark]]
CHECKS: tuple[Check, ...] = (
    check_fund_rates,
    check_fund_parts,
    check_fund_scores,
    check_form_weights,
    check_form_scores,
    check_form_rows,
    check_judgements,
    check_reasons_given,
    check_money_targets,
    check_parts_left_blank,
    check_project_names,
    check_indicator_kinds,
    check_forms_against_reports,
    check_forms_against_text,
)

WHOLE = """\
项目支出绩效自评表

项目名称\t\t门诊救助项目\t\t\t\t\t
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t100.00\t120.00\t90.00\t10\t75.00%\t7.5
\t其中：当年财政拨款\t100.00\t100.00\t70.00\t—\t—\t—
\t上年结转资金\t0.00\t20.00\t20.00\t—\t—\t—
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t救助人次\t≥100人次\t90人次\t40\t36\t因疫情就诊减少
\t质量指标\t审核合格率\t≥95%\t96%\t30\t30\t
满意度指标\t服务对象满意度指标\t救助对象满意度\t≥90%\t92%\t20\t20\t
总分\t\t\t\t\t100\t93.5\t

注：指标得分=实际完成值÷年度指标值×分值。
"""

BROKEN = """\
 2022年项目支出绩效自评表
（2022年度）

项目名称 大病救助资金

项目资金（万
元）

年初预算
数

全年预算数 全年执行数 分值 执行率 得分

年度资金总额 50 50 0 10 0 0

其中：当年财政拨款 — —

年
度

预期目标 实际完成情况

绩
效
指
标

一级指标
二级
指标

产出指标

数量
指标

指标1：救助人次规模 不低于上
年

0 60 60 无偏差

指标2：

......

满意度指
标

指标1：政策知晓率 ≥85% 0 30 10

指标2：

......

总分 100 70
"""


def told(text: str, *checks: Check) -> list[tuple[str, str, str]]:
    material = Material(read_text("x", text))
    return [(each.rule, each.stated, each.expected) for check in checks or CHECKS for each in check(material)]


def test_相符的整表没有发现() -> None:
    assert told(WHOLE) == []


@pytest.mark.parametrize(
    ("case", "old", "new", "found"),
    [
        ("执行率", "75.00%", "78.00%", ("execution-rate-differs", "78.00%", "75.00%")),
        (
            "资金分项",
            "上年结转资金\t0.00\t20.00",
            "上年结转资金\t0.00\t30.00",
            ("subtotal-differs", "120.00", "130.00"),
        ),
        ("资金得分", "75.00%\t7.5", "75.00%\t9.5", ("score-against-rule", "9.5", "7.5")),
        ("分值之和", "\t40\t36", "\t45\t36", ("weights-differ", "100", "105")),
        ("得分之和", "100\t93.5", "100\t95", ("scores-differ", "95", "93.5")),
        ("得分大于分值", "30\t30\t\n", "30\t31\t\n", ("score-above-weight", "31", "不大于 30")),
        ("没有达到却满分", "90人次\t40\t36", "90人次\t40\t40", ("target-judged-wrongly", "40", "")),
        ("按比例计分", "90人次\t40\t36", "90人次\t40\t30", ("score-against-rule", "30", "36")),
        ("扣分没有原因", "因疫情就诊减少", "", ("deduction-without-problem", "", "")),
        ("满意度不是满意度", "救助对象满意度\t≥90%", "政策知晓率\t≥90%", ("name-told-twice", "政策知晓率", "")),
        ("目标大于预算", "≥100人次\t90人次", "500万元\t500万元", ("value-told-twice", "500万元", "不大于 120万元")),
    ],
)
def test_改坏一处就指出来(case: str, old: str, new: str, found: tuple[str, str, str]) -> None:
    assert old in WHOLE, case
    assert found in told(WHOLE.replace(old, new)), case


def test_合并单元格丢失后错开一格的资金行照样读() -> None:
    text = WHOLE.replace("项目资金（万元）\t\t年初", "项目资金（万元）\t年初").replace("\t年度资金总额", "年度资金总额")
    assert told(text, check_fund_rates, check_fund_scores, check_form_weights) == []


def test_负向指标为零不算没有完成() -> None:
    text = WHOLE.replace("审核合格率\t≥95%\t96%", "投诉次数\t0\t0")
    assert told(text, check_judgements) == []


def test_断行的表() -> None:
    material = Material(read_text("x", BROKEN))
    (table,) = material.self_tables
    assert table.name == "大病救助资金（50万元）"
    assert [(row.kind, row.name, row.target, row.actual, row.reason) for row in table.rows] == [
        ("数量", "救助人次规模", "不低于上年", "0", "无偏差"),
        ("满意", "政策知晓率", "≥85%", "0", ""),
    ]
    assert told(BROKEN) == [
        ("target-judged-wrongly", "60", "0"),
        ("score-against-rule", "10", "0"),
        ("deduction-without-problem", "", ""),
        ("blank-left", "空", ""),
        ("name-told-twice", "政策知晓率", ""),
    ]


def test_每行一个指标的文字表() -> None:
    text = """\
2022年度项目支出绩效自评表

项目名称 门诊救助项目
项目资金（元） 年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 200.00 200.00 150.00 10 75.00% 7.5
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因
产出指标 数量指标 救助人次 ≥100 人次 110 人次 60 60 无
满意度指标 服务对象满意度指标 救助对象满意度 ≥90% 92% 30 30 无
总分 100 97.5
"""
    (table,) = Material(read_text("x", text)).self_tables
    assert [(row.kind, row.name, row.target, row.actual) for row in table.rows] == [
        ("数量", "救助人次", "≥100人次", "110人次"),
        ("满意", "救助对象满意度", "≥90%", "92%"),
    ]
    assert told(text) == []
    assert told(text.replace("75.00% 7.5", "70.00% 7.5"), check_fund_rates) == [
        ("execution-rate-differs", "70.00%", "75.00%")
    ]


def test_资金一百指标一百合成二百_只说一次() -> None:
    text = BROKEN.replace("50 50 0 10 0 0", "50 50 0 100 0 0").replace("0 30 10", "0 40 10")
    assert told(text + text, check_form_weights) == [("weights-differ", "100", "200")]


def test_同名项目指标不同() -> None:
    other = BROKEN.replace("救助人次规模", "参保资助人数")
    assert ("name-told-twice", "大病救助资金", "") in told(BROKEN + other, check_project_names)
    assert told(BROKEN + BROKEN, check_project_names) == []


def test_文字与自评表() -> None:
    text = "（一）门诊救助项目\n\n全年预算数{}，全年执行数90.00万元，执行率75.00%，自评得分93.5分。\n\n"
    assert told(text.format("120.00万元") + WHOLE, check_forms_against_text) == []
    assert told(text.format("102.00万元") + WHOLE, check_forms_against_text) == [
        ("text-against-table", "102.00万元", "120.00")
    ]
