"""The official self-evaluation tables: what stands where, in every layout, as blocks, as Word and as Excel."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.report import score_case
from tests.report.recalculation import sheets
from tuodi.evaluation.data import DeclaredTarget, EvaluationData, FigureRow, IndicatorRow, ProjectItem
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme import Scheme
from tuodi.evaluation.scheme_library import Chosen, choose
from tuodi.evaluation.scheme_loader import load_scheme, parse_scheme
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.fragments import Figure
from tuodi.kernel.shipped import shipped
from tuodi.report.blocks import Cell, Paragraph, Report, Table
from tuodi.report.self_evaluation.layout import SelfLayout, known_self_layouts, parse_self_layout, self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.word.tables import grid
from tuodi.report.word.text import plain
from tuodi.report.word.writer import report_bytes
from tuodi.report.workbook.block_tables import number_of, write_self_workbook

SCHEME = """
schema: tuodi-scheme/1
id: small-self
title: 云岭县医疗救助自评
kind: self-evaluation
source: 虚构
layout: self-generic
grades: [{name: 优, from: "90"}, {name: 良, from: "80"}, {name: 差, from: "0"}]
fund_row:
  {code: R0, name: 执行率, weight: "10", initial: 年初预算数, annual: 全年预算数, executed: 全年执行数, counts: true}
indicators:
  - code: A
    name: 产出指标
    weight: "50"
    children:
      - code: A1
        name: 数量指标
        weight: "40"
        children:
          - code: A11
            name: 住院救助人次
            weight: "20"
            target: "≥3000人次"
            rule: {type: completion_rate_times_weight}
          - code: A12
            name: 资助参保人数
            weight: "20"
            target: "≥500人"
            rule: {type: self_eval_completion, under_share: "0.025"}
            printed_rule: {type: completion_rate_times_weight}
            note: 印出的算法与得分不符
      - code: A2
        name: 时效指标
        weight: "10"
        children:
          - {code: A21, name: 支付及时, weight: "10", target: 及时, rule: {type: qualitative_unquantified}}
  - code: B
    name: 满意度指标
    weight: "40"
    children:
      - code: B1
        name: 服务对象满意度指标
        weight: "40"
        children:
          - {code: B11, name: 群众满意度, weight: "40", target: "≥85%", rule: {type: all_or_nothing}}
"""


def _scheme() -> Scheme:
    scheme, findings = parse_scheme(SCHEME.encode(), "small-self.yaml")
    assert scheme is not None, [finding.sentence() for finding in findings]
    return scheme


def _data(**actuals: str) -> EvaluationData:
    values = {"A11": "2500人次", "A12": "450人", "B11": "86%", **actuals}
    rows = {code: IndicatorRow(code=code, actual=actual, reason="人数减少") for code, actual in values.items()}
    rows["A21"] = IndicatorRow(code="A21", actual="及时", awarded="100%", reason="凭证齐全")
    money = {"年初预算数": "2000000.00", "全年预算数": "1826250.00", "全年执行数": "1826249.99",
             "年初预算数（当年财政拨款）": "2000000.00"}  # fmt: skip
    figures = {name: FigureRow(name=name, value=value, unit="元") for name, value in money.items()}
    project = (ProjectItem(item="项目名称", value="云岭县医疗救助"), ProjectItem(item="评价年度", value="2024"))
    return EvaluationData(project=project, indicators=rows, figures=figures)


def _result(**actuals: str) -> Result:
    return score_evaluation(_scheme(), _data(**actuals))


def _shipped_result(name: str) -> Result:
    chosen = choose(name)
    assert isinstance(chosen, Chosen)
    scheme, _ = load_scheme(chosen.scheme, chosen.shown_as)
    assert scheme is not None
    return score_evaluation(scheme, read_data(chosen.data)[0])


def _layout(name: str) -> SelfLayout:
    layout, findings = self_layout(name)
    assert layout is not None, [finding.sentence() for finding in findings]
    return layout


def _report(name: str, result: Result | None = None) -> Report:
    return self_report(result or _result(), _layout(name))


def _tables(report: Report) -> list[Table]:
    return [block for block in report.blocks if isinstance(block, Table)]


def _texts(table: Table) -> list[list[str]]:
    return [[plain(cell.text) for cell in row] for row in table.rows]


def _row(table: Table, name: str) -> list[str]:
    return next(row for row in _texts(table) if name in row)


def _cells(report: Report) -> Iterator[Cell]:
    return (cell for table in _tables(report) for row in table.rows for cell in row)


def test_各版式都读得出_铺满表格() -> None:
    assert known_self_layouts() == ("self-fukang", "self-generic", "self-junshan", "self-lishi")
    for name in known_self_layouts():
        for table in _tables(_report(name)):
            placed = list(grid(table.rows, len(table.widths)))
            assert len(placed) == len(table.rows)


def test_版式按方案所写的名称取_没有的用通用版式() -> None:
    assert [_layout(name).id for name in ("self-lishi", "report-junshan", "report-jiaocheng", "我县")] == [
        "self-lishi", "self-junshan", "self-generic", "self-generic",
    ]  # fmt: skip


def test_预算行以万元为单位_四舍五入两位() -> None:
    table = _tables(_report("self-generic"))[0]
    # 1826250.00 元是 182.625 万元，1826249.99 元是 182.624999 万元；执行率 99.9999…% 取两位是 100%。
    assert _row(table, "年度资金总额") == ["年度资金总额", "200", "182.63", "182.62", "10", "100%", "10"]
    assert _row(table, "其中：当年财政拨款") == ["其中：当年财政拨款", "200", "", "", "—", "—", "—"]
    assert _row(table, "上年结转资金") == ["上年结转资金", "", "", "", "—", "—", "—"]


def test_指标行写目标_实际_分值_得分() -> None:
    table = _tables(_report("self-generic"))[0]
    # 2500 / 3000 = 83.33%，20 × 83.33% = 16.67；450 / 500 = 90%，20 × (1 − 2.5% × 10) = 15。
    expected = [
        "产出指标",
        "数量指标",
        "住院救助人次",
        "≥3000人次",
        "2500人次",
        "20",
        "16.67",
        "83.35%",
        "",
        "人数减少",
    ]
    assert _row(table, "住院救助人次") == expected
    assert _row(table, "资助参保人数")[1:5] == ["≥500人", "450人", "20", "15"]
    total = _texts(table)[-2]
    assert total == ["总分", "100", "91.67", "自评等级", "优"]


def test_同名的一级二级指标合成一格() -> None:
    table = _tables(_report("self-generic"))[0]
    spans = {plain(cell.text): cell.rows for row in table.rows for cell in row if cell.rows > 1}
    assert spans["产出指标"] == 3 and spans["数量指标"] == 2 and spans["绩效指标"] == 5
    singles = {plain(cell.text): cell.rows for row in table.rows for cell in row if cell.rows == 1}
    assert singles["时效指标"] == 1 and singles["满意度指标"] == 1


def test_没有得分的指标得分和总分都空着() -> None:
    table = _tables(_report("self-fukang", _result(A11="待查")))[0]
    row = _row(table, "住院救助人次")
    at = row.index("住院救助人次")
    assert row[at + 1 : at + 6] == ["20", "≥3000人次", "待查", "-", ""]
    assert _texts(table)[-1] == ["总分", "100", "", "", ""]


def test_按印出的规则得分不同的_表下有注() -> None:
    notes = [plain(block.text) for block in _report("self-lishi").blocks if isinstance(block, Paragraph)]
    # 20 × 90% = 18，本表按每少 1 个百分点扣 2.5% 为 15。
    assert notes == ["注1：资助参保人数：印出的算法与得分不符；按印出的规则应得 18 分，本表为 15 分。"]


def test_离石版式_每类指标都列一行_没有的留空() -> None:
    table = _tables(_report("self-lishi"))[0]
    assert _row(table, "成本指标") == ["成本指标", "指标1：", "", "", "", "", ""]
    assert _row(table, "指标1：住院救助人次")[-6:-1] == ["指标1：住院救助人次", "≥3000人次", "2500人次", "20", "16.67"]
    assert "指标2：资助参保人数" in _row(table, "指标2：资助参保人数")
    levels = [text for row in _texts(table) for text in row if text.endswith("效益指标") or text == "可持续影响指标"]
    assert levels == ["效益指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]
    assert _texts(table)[-1] == ["总分", "100", "91.67", ""]
    assert plain(table.caption) == "2024年项目支出绩效自评表\n（2024年度）"


def test_评价年度没有填写时留出填写的位置() -> None:
    data = replace(_data(), project=())
    table = _tables(self_report(score_evaluation(_scheme(), data), _layout("self-generic")))[0]
    assert plain(table.caption) == "项目支出绩效自评表\n（    年度）"


def test_阜康版式与印出的自评表相同() -> None:
    table = _tables(_report("self-fukang", _shipped_result("fukang-2024-self")))[0]
    printed = [
        ("城镇职工大额医疗保险参保人数", "10", "30437人", "91.31", "7.83", "历史标准", "30750人", "按照完成比例赋分"),
        ("单建统筹基金参保人数", "10", "4157人", "67.81", "1.95", "历史标准", "5766人", "按照完成比例赋分"),
        ("实施统账结合参保人数", "5", "26280人", "96.61", "4.58", "历史标准", "24984人", "按照完成比例赋分"),
        ("住院报销比例", "10", "100%", "109.89", "9.01", "历史标准", "100%", "按照完成比例赋分"),
        ("大额医疗起付线", "10", "12万元", "100", "10", "计划标准", "-", "按照完成比例赋分"),
    ]
    for name, weight, actual, completion, points, basis, last_year, rule in printed:
        row = _row(table, name)
        at = row.index(name)
        assert [row[at + 1], *row[at + 3 : at + 9]] == [weight, actual, completion, points, basis, last_year, rule]
    assert _row(table, "年度资金总额") == ["年度资金总额", "200", "182.62", "182.62", "10", "100%", "10"]
    assert _row(table, "社会成本指标") == ["社会成本指标", *["-"] * 11]
    assert _texts(table)[-1] == ["总分", "100", "", "88.37", ""]


@pytest.mark.parametrize(
    ("number", "total", "money"),
    [
        ("01", "0", ["69", "69", "0", "100", "0%", "0"]),
        ("04", "100", ["420", "420", "420", "100", "100%", "0"]),
        ("06", "40", ["671", "671", "261.71", "100", "39%", "40"]),
        ("08", "36", ["15", "15", "5.41", "100", "36.07%", "36"]),
    ],
)
def test_离石各表的资金行和总分(number: str, total: str, money: list[str]) -> None:
    table = _tables(_report("self-lishi", _shipped_result(f"lishi-2022-{number}")))[0]
    assert _row(table, "年度资金总额")[-6:] == money
    assert _texts(table)[-1][:3] == ["总分", "100", total]


def test_君山版式_基本概况_支出明细_自评情况_评分表() -> None:
    tables = {
        plain(table.caption): table for table in _tables(_report("self-junshan", _shipped_result("junshan-2022")))
    }
    basic = tables["一、项目基本概况"]
    assert _row(basic, "计划安排资金（万元）")[1::2] == ["", "792.64", "741.9", "50.74"]
    assert _row(basic, "其中：中央财政")[1::2] == ["", "273.56", "222.82", "50.74"]
    assert _row(basic, "市财政")[1::2] == ["", "", "", ""]
    spent = tables["二、项目支出明细情况"]
    # 910584.57 + 2317728.67 + 1237436.38 + 2953264.42 = 7419014.04
    assert [row[1] for row in _texts(spent)] == [
        "实际支出数（元）", "910584.57", "2317728.67", "1237436.38", "2953264.42", "", "", "7419014.04",
    ]  # fmt: skip
    assert _texts(tables["三、项目绩效自评情况"])[-2:] == [["绩效自评综合得分", "98"], ["评价等次", "优秀"]]
    scores = tables["君山区医疗保障局绩效评价评分表"]
    assert scores.header_rows == 1 and scores.landscape
    assert _row(scores, "绩效评价机制健全性")[-2:] == ["6", "4"]
    assert _texts(scores)[-1] == ["合计", "100", "98"]


def test_申报目标按指标名称对上实际值() -> None:
    targets = (
        DeclaredTarget(dimension="数量指标", name="住院救助人次", target="≥3000人次"),
        DeclaredTarget(dimension="项目效益指标/社会效益指标", name="无此指标", target="提高"),
    )
    result = score_evaluation(_scheme(), replace(_data(), targets=targets))
    table = next(each for each in _tables(_report("self-junshan", result)) if plain(each.caption).startswith("三"))
    assert _row(table, "住院救助人次")[-3:] == ["住院救助人次", "≥3000人次", "2500人次"]
    assert _row(table, "无此指标")[-2:] == ["提高", ""]


@pytest.mark.parametrize("name", ["fukang-2024-self", "lishi-2022-06", "junshan-2022"])
def test_表里每个数都来自结果或数据(name: str) -> None:
    result = _shipped_result(name)
    known = {score.indicator.code: score for score in result.scores}
    figures = {figure.key: figure.text for cell in _cells(_report(result.scheme.layout, result))
               for figure in cell.text if isinstance(figure, Figure)}  # fmt: skip
    for code, score in known.items():
        if f"score.{code}.points" in figures:
            assert Fraction(figures[f"score.{code}.points"]) == score.points
        if f"scheme.{code}.weight" in figures:
            assert Fraction(figures[f"scheme.{code}.weight"]) == score.indicator.weight
    assert result.total is not None and Fraction(figures["total"]) == result.total
    assert {f"score.{code}.points" for code in known} <= set(figures)


@pytest.mark.parametrize("name", ["self-fukang", "self-generic", "self-junshan", "self-lishi"])
def test_表格文件与版式内容相同(name: str, tmp_path: Path) -> None:
    report = _report(name)
    write_self_workbook(tmp_path / "self.xlsx", report)
    book = sheets(tmp_path / "self.xlsx")
    assert len(book) == len(_tables(report))
    for table, rows in zip(_tables(report), book.values(), strict=True):
        assert rows[0][0] == plain(table.caption)
        for placed, row in zip(grid(table.rows, len(table.widths)), rows[1:], strict=False):
            filled = row + [""] * len(table.widths)  # the reader leaves out columns that are empty all the way down
            for each in placed:
                text = plain(each.cell.text) if each.cell else ""
                value = number_of(text)
                assert filled[each.column] == (float(value[0]) if value else text)


def test_表格文件里合并格_列宽_打印设置(tmp_path: Path) -> None:
    write_self_workbook(tmp_path / "self.xlsx", _report("self-junshan"))
    with zipfile.ZipFile(tmp_path / "self.xlsx") as book:
        scores = book.read("xl/worksheets/sheet5.xml").decode()
        names = book.read("xl/workbook.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert 'paperSize="9"' in scores and 'orientation="landscape"' in scores and 'fitToHeight="0"' in scores
    # Level 1 over its three rows, level 2 over two; the table begins in row 2, its heading row repeats on every page.
    assert {"A3:A5", "B3:B4"} <= set(re.findall(r'<mergeCell ref="([A-Z0-9:]+)"', scores))
    assert "$2:$2" in names
    assert "仿宋_GB2312" in styles and "黑体" in styles
    columns = re.findall(r'<col min="([0-9]+)" max="([0-9]+)" width="([0-9.]+)"', scores)
    widths = [float(width) for first, last, width in columns for _ in range(int(first), int(last) + 1)]
    assert widths[5] > widths[2] > widths[3] == widths[4] > widths[1] > widths[0] > widths[6] == widths[7]


def test_同一结果写出同样的字节(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_self_workbook(tmp_path / f"{name}.xlsx", _report("self-fukang"))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["self-fukang", "self-generic", "self-junshan", "self-lishi"])
def test_文字文件写得出(name: str, tmp_path: Path) -> None:
    (tmp_path / "self.docx").write_bytes(report_bytes(_report(name)))
    with zipfile.ZipFile(tmp_path / "self.docx") as package:
        xml = package.read("word/document.xml").decode()
    assert xml.count("<w:tbl>") == len(_tables(_report(name)))
    assert 'w:val="restart"' in xml


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [("88.37", Fraction("88.37"), "0.00"), ("0", Fraction(0), "0"), ("1,826,220.00", Fraction(1826220), "#,##0.00"),
     ("007", None, ""), ("30437人", None, ""), ("100%", None, ""), ("—", None, ""), ("12月25日", None, ""),
     ("-0.5", Fraction("-0.5"), "0.0")],
)  # fmt: skip
def test_只有纯数字的格子是数(text: str, value: Fraction | None, form: str) -> None:
    assert number_of(text) == (None if value is None else (value, form))


GENERIC = shipped("schemes", "layouts", "self-generic.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("schema: tuodi-self-layout/1", "schema: tuodi-scheme/1", "schema-version"),
        ("{fund: initial}", "{fund: 年初}", "layout-value"),
        ("{fund: initial}", "{fund: initial, figure: 预算}", "layout-value"),
        ("{fund: initial}", "{fund: initial, columns: 2}", "layout-columns"),
        ("holds: target", "holds: 目标", "layout-holds"),
        ("list: indicators", "list: 指标", "layout-list"),
        ("unit: 万元", "unit: 美元", "layout-unit"),
        ("align: left", "align: 左", "layout-align"),
        ("- {heading: 得分, holds: points}", "", "layout-columns"),
        ("landscape: true", "landscape: 横", "boolean-format"),
    ],
)
def test_写错的版式给出提示(old: str, new: str, rule: str) -> None:
    assert old in GENERIC
    layout, findings = parse_self_layout(GENERIC.replace(old, new, 1).encode(), "self-generic.yaml")
    assert layout is None
    assert rule in {finding.rule for finding in findings}


def test_任何版式都能写任何方案() -> None:
    for name in known_self_layouts():
        report = self_report(score_case.result(), _layout(name))
        report_bytes(report)
        assert any("81.51" in plain(cell.text) for cell in _cells(report))
