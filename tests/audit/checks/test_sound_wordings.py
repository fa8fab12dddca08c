"""报告里正常的写法不算矛盾；同样的写法真有矛盾时照报。"""

from pathlib import Path

import pytest
import xlsxwriter

from tests.audit.checks.told import told
from tuodi.audit.checks.form.blanks import empty_headings
from tuodi.audit.checks.form.items import full_scores_told, indicators_told
from tuodi.audit.checks.form.leftovers import other_trades
from tuodi.audit.checks.form.numbering import circles_in_order, headings_in_order
from tuodi.audit.checks.quotients.table_quotients import check_completion_columns
from tuodi.audit.checks.sense.conclusions import check_copied_reasons
from tuodi.audit.checks.sense.links import check_unexplained
from tuodi.audit.checks.sums.text_sums import check_parts
from tuodi.audit.checks.told.copies import check_near_copies
from tuodi.audit.checks.told.targets import check_target_sentences
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.workbook_file import read_workbook

SCORES = """三级指标\t权重\t得分
A11立项依据充分性\t20\t20
A12立项程序规范性\t20\t20
A21绩效目标合理性\t20\t15
B11资金到位率\t20\t20
B12预算执行率\t20\t18
合计\t100\t93"""
LOST = """编码\t指标\t权重\t得分\t扣分
A12\t立项程序规范性\t3\t2\t1
A22\t绩效指标明确性\t3\t2\t1
B12\t预算执行率\t5\t4\t1
C11\t救助人次\t5\t4\t1
D11\t政策知晓率\t5\t4\t1"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("三级指标共5项，其中3项得满分。", []),
        ("三级指标共5项，其中4项得满分。", [("items-differ", "4", "3")]),
        # 一类指标的项数不与全文比。
        ("共2项三级指标，其中1项得满分。", []),
    ],
)
def test_满分的项数只在说全部时比(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(full_scores_told, sentence, SCORES) == expected


def test_只列扣分指标的表不用来数指标() -> None:
    sentence = "指标体系有一级指标4项、二级指标9项、三级指标20项。"
    assert told(indicators_told, sentence, LOST) == []
    whole = LOST.replace("A12", "A11").replace("A22", "A21").replace("B12", "B11")
    assert told(indicators_told, sentence, whole) == [
        ("items-differ", "9", "5"),
        ("items-differ", "20", "5"),
    ]


def test_摘要下面的各章不是空标题() -> None:
    assert told(empty_headings, "摘要", "一、项目概况", "本项目救助困难群众，资金按时到位。") == []
    assert told(
        empty_headings,
        "甲县医疗救助绩效评价报告",
        "本报告共两章。",
        "第一部分情况",
        "一、项目概况",
        "二、资金情况",
        "本项目资金按时到位，全部用于救助。",
    ) == [("blank-left", "一、项目概况", "")]


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ("（一）结转过多。对应的扣分：A21（扣5分）、B12（扣2分）。", []),
        ("（一）结转过多。对应的扣分：A21（扣5分）。", [("deduction-without-problem", "18", "写明问题")]),
        # 还没有写的一节不是没有写明问题。
        ("【写明存在的问题及原因】", []),
    ],
)
def test_问题写明对应的扣分指标(problem: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_unexplained, SCORES, "六、存在的主要问题", problem, "七、附件") == expected


def test_两个指标的算式和扣分原因不是照抄() -> None:
    one = "计分过程：完成率30437人÷33333人≈91.31%，6分×91.31%≈5.48分，参保人数没有达到年初申报的目标。"
    other = "计分过程：完成率30437人÷33333人≈91.31%，6分×91.31%≈5.84分，参保人数没有达到年初申报的目标。"
    assert told(check_near_copies, one, other) == []
    told_once = "2024年全县共救助困难群众三千余人次，资助参保11514人，发放救助资金925万元，群众负担明显减轻。"
    again = told_once.replace("11514", "11541")
    assert [rule for rule, _, _ in told(check_near_copies, told_once, again)] == ["value-told-twice"]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("实际值10%，达到目标≤15%，得到认可。", False),
        ("实际值15%，达到目标≤15%，得到认可。", False),
        ("实际值16%，达到目标≤15%，得到认可。", True),
        ("实际值85%，达到目标90%。", True),
    ],
)
def test_达到不高于的目标(sentence: str, wrong: bool) -> None:
    assert bool(told(check_target_sentences, sentence)) is wrong


def test_不高于的目标_完成率不是实际除以目标() -> None:
    table = "指标\t目标值\t实际值\t完成率\n办结率\t{}80%\t72%\t100%\n覆盖率\t90%\t90%\t100%"
    assert told(check_completion_columns, table.format("≤")) == []
    assert told(check_completion_columns, table.format("")) == [("completion-rate-differs", "100%", "90%")]


def test_指路的圈码不是列举() -> None:
    assert told(circles_in_order, "数据来源：综述五.1（2）①。") == []
    assert told(circles_in_order, "主要做法如下：①加强宣传，提高知晓率。") == [("numbering-broken", "①", "")]


def test_一题的几张图表重复题号() -> None:
    lines = [
        "第1题是否了解政策",
        "第1题答题情况（n=102人）",
        "第1题各选项的占比",
        "第2题是否满意",
        "第2题答题情况（n=99人）",
    ]
    assert told(headings_in_order, *lines) == []
    assert told(headings_in_order, "第1题是否了解政策", "第2题是否满意", "第2题是否方便") == [
        ("numbering-broken", "第2题", "第3题")
    ]


def test_分人数之后的金额不是每人金额的一部分() -> None:
    about = "全年补助60元，其中单建统筹6130人、统账结合27203人，大额医疗起付线12万元。"
    assert told(check_parts, about) == []
    assert [rule for rule, _, _ in told(check_parts, "全年支出60万元，其中住院救助72万元、门诊救助3万元。")] == [
        "parts-differ"
    ]


def test_同一理由在另一张表里重印_只说一次() -> None:
    table = "指标\t权重\t得分\t扣分原因\n{}"
    rows = "\n".join(f"{name}人数\t5\t{score}\t职工转为城乡居民参保，人数没有达到目标" for name, score in
                     (("单建", "3.39"), ("统账", "4.83"), ("合计参保", "4.48")))  # fmt: skip
    reasons = told(check_copied_reasons, table.format(rows), "二、附表", table.format(rows))
    assert [rule for rule, _, _ in reasons] == ["conclusion-copied"]


def test_自己指出无关的模板用语不再报() -> None:
    title = "示例县医疗救助资金绩效评价报告"
    assert [rule for rule, _, _ in told(other_trades, title, "评价项目是否及时开工。")] == ["other-project-left"]
    assert told(other_trades, title, "原规则说的是及时开工，是工程类项目的模板，与补助发放无关。") == []


@pytest.mark.parametrize(("merged", "tables"), [(True, 1), (False, 2)])
def test_合并格里的空行不把表分成两张(merged: bool, tables: int, tmp_path: Path) -> None:
    path = tmp_path / "自评表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        sheet.write_row(0, 0, ["项目名称", "医疗救助", "金额", 450])
        sheet.write_row(1, 0, ["总体目标", "预期目标", "完成情况"])
        if merged:
            sheet.merge_range(1, 0, 2, 0, "总体目标")
        sheet.write_row(3, 0, ["一级指标", "指标", "分值"])
        sheet.write_row(4, 0, ["产出", "救助人次", 10])
    paper = read_workbook(path)
    assert isinstance(paper, Paper)
    assert len(list(paper.tables)) == tables
