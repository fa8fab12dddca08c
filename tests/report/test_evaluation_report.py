"""What an evaluation report says, in which order, and what it leaves out."""

from dataclasses import replace
from pathlib import Path

import pytest

from tuodi.commands.evaluations import read_evaluation
from tuodi.evaluation.data import EvaluationData, FigureRow, SurveyRow
from tuodi.evaluation.scheme import FundNames, Scheme
from tuodi.evaluation.scoring import score_evaluation
from tuodi.report.blocks import Block, Chart, Gap, Heading, Paragraph, Report, Table
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.report_layout import known_layouts, layout_path, load_report_layout
from tuodi.report.word.text import plain

REPORTS = ("jiaocheng-2024", "junshan-2022", "fukang-2024", "maqiao-2024")


def given(evaluation: str) -> tuple[Scheme, EvaluationData]:
    scheme, data, _ = read_evaluation(evaluation)
    assert scheme is not None
    return scheme, data


def composed(scheme: Scheme, data: EvaluationData, layout_id: str = "") -> Report:
    path = layout_path(layout_id or scheme.layout)
    layout, findings = load_report_layout(path, path.name, COMPOSERS)
    assert layout is not None, findings
    return compose(score_evaluation(scheme, data), layout)


def lines(blocks: tuple[Block, ...]) -> list[str]:
    """Return every heading, paragraph and row of a table as one line of text."""
    said = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                said.append(plain(block.text))
            case Table():
                said += [plain(block.caption), *(" ".join(plain(cell.text) for cell in row) for row in block.rows)]
            case _:
                pass
    return said


def below(report: Report, heading: str) -> list[str]:
    """Return what stands below a heading, down to the next heading of its level."""
    blocks = (*report.blocks, *report.annexes)
    start = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and heading in plain(block.text))
    first = blocks[start]
    assert isinstance(first, Heading)
    rest = blocks[start + 1 :]
    ends = (at for at, block in enumerate(rest) if isinstance(block, Heading) and block.level <= first.level)
    return lines(tuple(rest[: next(ends, len(rest))]))


def annexes(report: Report) -> list[str]:
    return [plain(block.text) for block in report.annexes if isinstance(block, Heading) and block.level == 1]


@pytest.mark.parametrize("evaluation", REPORTS)
def test_不印写给填表人看的话(evaluation: str) -> None:
    scheme, data = given(evaluation)
    report = composed(scheme, data)
    said = "\n".join(lines((*report.blocks, *report.annexes)))
    told = (
        "还没有填写",
        "尚未写入",
        "可提高得分的途径",
        "符合，",
        "，符合（",
        "，目标值=",
        "维度",
        "上年值",
    )
    for words in (*told, *scheme.notes):
        assert words not in said, words


def test_空的附件不出_后面的编号跟上() -> None:
    scheme, data = given("fukang-2024")
    assert annexes(composed(scheme, data)) == [
        "附件1：综合评分表",
        "附件2：基础数据表",
        "附件3：访谈记录",
        "附件4：满意度调查问卷结果分析",
        "附件5：征求部门意见反馈",
        "附件6：佐证材料清单",
    ]
    fewer = replace(data, interviews=(), comments=())
    assert annexes(composed(scheme, fewer, "report-generic")) == [
        "附件一：绩效评价指标评分表",
        "附件二：问题整改对照表",
        "附件三：问卷调查分析",
        "附件四：佐证材料清单",
    ]


@pytest.mark.parametrize(
    ("emptied", "gap", "sheet"),
    [
        ({"targets": ()}, "项目单位申报的绩效目标", "申报目标"),
        ({"problems": ()}, "存在的问题及原因", "问题与建议"),
        ({"problems": ()}, "主要问题的概括", "问题与建议"),
        ({"problems": ()}, "针对问题的建议", "问题与建议"),
        ({"project": ()}, "评价各环节的日期", "项目"),
        ({"project": ()}, "评价人员及其分工", "项目"),
        ({"figures": {}}, "资金预算、到位和支出情况", "基础数据"),
    ],
)
def test_正文里的空表成为待写的段落(emptied: dict[str, object], gap: str, sheet: str) -> None:
    scheme, data = given("fukang-2024")
    assert gap not in {each.name for each in composed(scheme, data).gaps}
    report = composed(scheme, replace(data, **emptied))
    found = next(each for each in report.gaps if each.name == gap)
    assert sheet in found.prompt and report.draft


def test_有问题没有建议时_建议一节也是待写的段落() -> None:
    scheme, data = given("junshan-2022")
    without = replace(data, problems=tuple(replace(row, advice="") for row in data.problems))
    assert "针对问题的建议" in {gap.name for gap in composed(scheme, without).gaps}


def test_简单平均和加权指数在该项指标处说明() -> None:
    scheme, data = given("jiaocheng-2024")
    assert any("取各项的简单平均" in line for line in below(composed(scheme, data), "D31"))
    assert not any("简单平均。" in line or "加权指数" in line for line in below(composed(scheme, data), "B12"))
    scheme, data = given("fukang-2024")
    assert any("加权指数，不是满意人数的占比" in line for line in below(composed(scheme, data), "F4.2.1"))


def test_要点说查到什么和哪些不符合() -> None:
    scheme, data = given("jiaocheng-2024")
    report = composed(scheme, data)
    assert below(report, "B23")[1] == (
        "填报了绩效自评表并编制了自评报告。不符合的是：有质量标准和财务监控机制；有质量检查和监督措施。"
    )


def test_摘要两三句话_不抄第三章的表() -> None:
    scheme, data = given("jiaocheng-2024")
    said = below(composed(scheme, data), "摘要")
    assert said[1] == (
        "受交城县财政局委托，山西中致同资产评估有限公司对交城县城乡医疗救助补助资金开展了2024年度绩效评价，"
        "项目主管部门为交城县医疗保障局，实施单位为交城县医疗保险服务中心。"
        "项目资金预算10,220,400.00元，到位10,220,400.00元，支出9,255,900.00元，预算执行率90.56%。"
    )
    assert said[2] == (
        "综合得分90.71分，评价等级为“优”。扣分最多的是项目可持续性（扣3分）、绩效指标明确性（扣2分）、"
        "项目监控规范性（扣2分），另有2项指标共扣2.29分。"
    )
    assert said[6].startswith(
        "存在的主要问题：一是绩效目标申报表中的指标细化、量化不够，与年度目标计划对应性不强；二是"
    )
    assert not any("得分率 " in line for line in said)


def test_第三章有扣分表_问题一章只写编码和分数() -> None:
    scheme, data = given("jiaocheng-2024")
    report = composed(scheme, data)
    third = below(report, "三、综合评价")
    assert "三级指标22项，得满分的17项，扣分的5项，共扣9.29分。" in third[0]
    assert "编码 指标 权重 得分 扣分 扣分原因" in third
    assert any(line.startswith("D13 政策知晓率 6 4.71 1.29 ") for line in third)
    assert third[-1] == "合计 9.29 "
    assert below(report, "（三）预算执行率90.56%")[0] == "对应的扣分：B12（扣1分）。"
    advice = below(report, "七、")
    assert advice[0] == (
        "（一）针对绩效目标申报表中的指标细化、量化不够，与年度目标计划对应性不强："
        "结合年度目标计划，把绩效指标细化、量化成可以衡量的指标。责任单位：交城县医疗保险服务中心。"
    )


def money(name: str, value: str, unit: str = "元") -> FigureRow:
    return FigureRow(name=name, value=value, unit=unit, source="账簿")


def test_资金写成句子_来源和去向各一张表_其余的另列() -> None:
    scheme, data = given("jiaocheng-2024")
    names = FundNames(budget="预算", received="到位", spent="支出", opening="年初结余", closing="年末结余",
                      sources=("中央", "县级"), uses=("住院", "门诊"))  # fmt: skip
    rows = [money("预算", "1000000"), money("到位", "900000"), money("支出", "810000"), money("年初结余", "50000"),
            money("年末结余", "140000.5"), money("中央", "600000"), money("县级", "300000"), money("住院", "540000"),
            money("门诊", "270000"), money("自付", "12345.6"), money("人次", "12345", "人次")]  # fmt: skip
    report = composed(replace(scheme, funds=names), replace(data, figures={row.name: row for row in rows}))
    assert below(report, "（二）资金投入和使用情况") == [
        "预算1,000,000.00元，到位900,000.00元，到位率90.00%。",
        "支出810,000.00元，预算执行率90.00%（支出810,000.00元 ÷ 到位900,000.00元）。",
        "把年初结余也计算在内，当年可用资金950,000.00元，执行率85.26%。",
        "年初结余50,000.00元，加到位、减支出，推算年末结余140,000.00元；列报的年末结余140,000.50元，"
        "比推算多0.50元，差额的原因应当查明。",
        "按资金来源分列", "资金来源 金额（元） 占比 数据出处", "中央 600,000.00 66.67% 账簿",
        "县级 300,000.00 33.33% 账簿", "合计 900,000.00 100.00% ",
        "按资金支出去向分列", "资金支出去向 金额（元） 占比 数据出处", "住院 540,000.00 66.67% 账簿",
        "门诊 270,000.00 33.33% 账簿", "合计 810,000.00 100.00% ",
        "其他资金数据", "项目 数值 单位 数据出处", "自付 12,345.60 元 账簿",
    ]  # fmt: skip


def option(name: str, count: str, answered: str = "", kind: str = "") -> SurveyRow:
    return SurveyRow(question="7", text="从哪里知道", option=name, count=count, answered=answered, kind=kind)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([option("甲", "30"), option("乙", "10")],
         ["第7题答题情况（n＝40人）", "选项 人数 占比", "甲 30 75.00%", "乙 10 25.00%", "合计 40 "]),
        ([option("甲", "30", "50", "单选"), option("乙", "10", "50", "单选")],
         ["第7题答题情况（n＝50人）", "选项 人数 占比", "甲 30 60.00%", "乙 10 20.00%", "合计 40 "]),
        ([option("甲", "1200", "1500", "多选"), option("乙", "900", "1500", "多选")],
         ["第7题答题情况（n＝1,500人）", "选项 人数 占比", "甲 1,200 80.00%", "乙 900 60.00%",
          "注：本题可多选，各项占比之和可以超过百分之百。"]),
        ([option("甲", "30", "", "多选"), option("乙", "10", "", "多选")],
         ["第7题答题情况（n＝40人次）", "选项 人数 占比", "甲 30 75.00%", "乙 10 25.00%",
          "注：本题可多选，n 没有单列，取各项人次之和。"]),
    ],
    ids=["没有答题人数", "有答题人数", "多选", "多选而没有答题人数"],
)  # fmt: skip
def test_问卷的占比以答题人数为分母(rows: list[SurveyRow], expected: list[str]) -> None:
    scheme, data = given("jiaocheng-2024")
    report = composed(scheme, replace(data, surveys=tuple(rows)))
    said = below(report, "满意度调查报告")
    assert said == [
        "本次问卷逐题统计。n 为回答该题的人数，占比为选择该项的人数除以 n。",
        "第7题　从哪里知道",
        *expected,
    ]
    chart = next(block for block in report.annexes if isinstance(block, Chart))
    assert plain(chart.caption) == "第7题各选项的占比"


@pytest.mark.parametrize(
    ("project", "title", "last"),
    [
        ({"项目名称": "云岭县医疗救助资金", "评价年度": "2025年"}, "云岭县医疗救助资金", "2025年度绩效评价报告"),
        ({"项目名称": "2025年医疗救助", "评价年度": "2025"}, "2025年医疗救助", "绩效评价报告"),
        ({"项目名称": "医疗救助绩效评价"}, "医疗救助绩效评价", "报告"),
        ({}, "交城县2024年城乡医疗救助补助资金绩效评价", "报告"),
    ],
)
def test_封面标题是项目名称加文种_不重复(project: dict[str, str], title: str, last: str) -> None:
    scheme, data = given("jiaocheng-2024")
    item = data.project[0]
    rows = tuple(replace(item, item=name, value=value) for name, value in project.items())
    cover = composed(scheme, replace(data, project=rows)).cover
    assert cover is not None
    assert (plain(cover.title), plain(cover.words)) == (title, last)


def test_摘要_第一章和附件另起一页_其余的接着写() -> None:
    for layout_id in known_layouts():
        if not layout_id.startswith("report-"):
            continue
        scheme, data = given("jiaocheng-2024")
        report = composed(scheme, data, layout_id)
        chapters = [block for block in report.blocks if isinstance(block, Heading) and block.level == 1]
        begun = [plain(block.text) for block in chapters if block.new_page]
        assert begun and all(text == "摘要" or text.startswith("一、") for text in begun)
        assert all(block.new_page for block in report.annexes if isinstance(block, Heading) and block.level == 1)


def test_附件标题与表题相同时只写一次_没有内容的列不印() -> None:
    scheme, data = given("maqiao-2024")
    report = composed(scheme, data)
    assert below(report, "绩效评价指标评分表")[0] == ""
    table = next(block for block in report.blocks if isinstance(block, Table) and block.key == "targets")
    assert [plain(cell.text) for cell in table.rows[0]] == ["指标类别", "指标", "目标值", "依据"]
    assert sum(table.widths) == pytest.approx(15.6)


def test_两处缺同一张表只留一个待写段落() -> None:
    scheme, data = given("jiaocheng-2024")
    names = [gap.name for gap in composed(scheme, replace(data, problems=())).gaps]
    assert len(names) == len(set(names))
    assert isinstance(composed(scheme, data).gaps[0], Gap)


@pytest.mark.parametrize(
    ("annex", "right"), [("附件1：", True), ("附一：", True), ("附件：", False), ("附件12：", False)]
)
def test_附件编号的写法(annex: str, right: bool, tmp_path: Path) -> None:
    path = tmp_path / "layout.yaml"
    source = layout_path("report-junshan").read_text(encoding="utf-8")
    path.write_text(source.replace("annex: 附件1：", f'annex: "{annex}"'), encoding="utf-8")
    layout, findings = load_report_layout(path, path.name, COMPOSERS)
    assert [each.rule for each in findings] == ([] if right else ["annex-number"])
    assert (layout is not None) == right
