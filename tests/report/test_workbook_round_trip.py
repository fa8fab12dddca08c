"""评价资料工作簿：空表写好编号、要点和数据名称；写出的资料读回来一样。"""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.evaluation.data_files import GOOD, placeless, write_folder
from tuodi.evaluation.data import ElementRow, EvaluationData, IndicatorRow, ProjectItem
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.rules.elements import ChecklistEqualShare
from tuodi.evaluation.rules.rates import RateTimesWeight
from tuodi.evaluation.scheme import FundNames, FundRow, Indicator, Kind, Measure, MeasureKind, Scheme
from tuodi.evaluation.scheme_library import Chosen, choose, known_evaluations, known_schemes, scheme_path
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.evaluation.sheets import data_layout
from tuodi.evaluation.target import parse_target
from tuodi.report.workbook.data import write_evaluation_workbook

CHECKED = Indicator(
    code="A22",
    name="绩效指标明确性",
    weight=Fraction(3),
    level=3,
    rule=ChecklistEqualShare(elements=("细化分解", "清晰可衡量", "与任务数对应"), extra="由预算单位制定"),
    rule_text="各占三分之一",
)
RATE = Indicator(
    code="B12",
    name="预算执行率",
    weight=Fraction("2.5"),
    level=3,
    rule=RateTimesWeight(),
    target=parse_target("≥95%"),
    measure=Measure(kind=MeasureKind.RATE, of=("全年支出",), base=("到位资金", "上年结转")),
)
SCHEME = Scheme(
    id="shili",
    title="示例方案",
    kind=Kind.EVALUATION,
    source="自拟",
    layout="report",
    indicators=(Indicator(code="A", name="决策", weight=Fraction("5.5"), level=1, children=(CHECKED, RATE)),),
    fund_row=FundRow(
        code="Z",
        name="预算执行",
        weight=Fraction(10),
        initial="年初预算数",
        annual="全年预算数",
        executed="全年支出",
        counts=False,
    ),
    funds=FundNames(budget="全年预算数", closing="年末结余"),
)


def _cells(path: Path, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "data.xlsx"
    write_evaluation_workbook(path, SCHEME)
    return path


def test_工作表的次序_约定的在前_填写说明在后(empty: Path) -> None:
    names = CalamineWorkbook.from_path(str(empty)).sheet_names
    assert names == [
        "项目", "申报目标", "指标", "要点", "佐证材料", "基础数据", "问题与建议", "合规性检查", "访谈", "征求意见",
        "问卷统计", "填写说明",
    ]  # fmt: skip


def test_指标表写好编号和参考列(empty: Path) -> None:
    names, headings, *rows = _cells(empty, "指标")
    assert names[:4] == ["code", "target", "actual", "numerator"]
    assert headings[:4] == ["指标编号", "目标值", "实际值", "分子"]
    assert names[11:] == headings[11:] == ["指标名称", "权重", "方案目标值", "需要填写", "评分规则"]
    assert [row[0] for row in rows] == ["A22", "B12", "Z"]
    assert rows[0][11:] == ["绩效指标明确性", "3", "", "要点", "各占三分之一"]
    computed = "由“基础数据”算：全年支出 ÷ （到位资金 + 上年结转），不用填实际值"
    assert rows[2][14] == "由“基础数据”算：全年支出 ÷ 全年预算数，不用填实际值"
    assert rows[1][11:15] == ["预算执行率", "2.5", "≥95%", computed]
    assert [cell for row in rows for cell in row[1:11]] == [""] * 30


def test_方案没有目标值而规则要的_说要填目标值(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    scheme, _ = load_scheme(scheme_path("common"), "scheme.yaml")
    assert scheme is not None
    write_evaluation_workbook(path, scheme)
    needs = {row[0]: row[14] for row in _cells(path, "指标")[2:]}
    assert {code: needs[code] for code in ("A11", "B12", "B13", "C11", "C41", "D21")} == {
        "A11": "要点",
        "B12": "由“基础数据”算：支出资金 ÷ 到位资金，不用填实际值",
        "B13": "实际值",
        "C11": "目标值、实际值",
        "C41": "由“基础数据”算：实际成本 ÷ 计划成本，不用填实际值",
        "D21": "目标值；由“基础数据”算：本年末结转结余 ÷ 到位资金，不用填实际值",
    }


def test_自评表要用的事项也列在项目表里(empty: Path) -> None:
    items = [row[0] for row in _cells(empty, "项目")[2:]]
    assert {"实施单位", "项目负责人", "联系电话", "年度总体目标", "年度总体目标完成情况"} <= set(items)


def test_要点和基础数据写好名称(empty: Path) -> None:
    assert [row[:1] + row[5:] for row in _cells(empty, "要点")[2:]] == [
        ["A22.1", "绩效指标明确性", "细化分解"],
        ["A22.2", "绩效指标明确性", "清晰可衡量"],
        ["A22.3", "绩效指标明确性", "与任务数对应"],
        ["A22.4", "绩效指标明确性", "由预算单位制定"],
    ]
    names = [row[0] for row in _cells(empty, "基础数据")[2:]]
    assert names == ["全年预算数", "年末结余", "年初预算数", "全年支出", "到位资金", "上年结转"]


def test_项目表列出常用事项和提示(empty: Path) -> None:
    rows = _cells(empty, "项目")[2:]
    items = [row[0] for row in rows]
    assert items[:3] == ["项目名称", "评价年度", "委托单位"]
    assert set(data_layout().date_order) <= set(items)
    assert items.count("成员") == 2
    assert all(row[4] for row in rows), "每项都有填写提示"


def test_填写说明列出每张表的每一列(empty: Path) -> None:
    rows = _cells(empty, "填写说明")
    named = {(row[1], row[2]) for row in rows}
    assert {(column.name, column.labels[0]) for sheet in data_layout().sheets for column in sheet.columns} <= named


def test_空表读出来是空的_没有任何提示(empty: Path) -> None:
    assert read_data(empty) == (EvaluationData(), [])


def test_写出的资料读回来一样(tmp_path: Path) -> None:
    data, _ = read_data(write_folder(tmp_path / "资料", GOOD))
    assert len(data.project) == 5
    path = tmp_path / "data.xlsx"
    write_evaluation_workbook(path, SCHEME, data)
    again, findings = read_data(path)
    assert findings == []
    assert placeless(again) == placeless(data)


@pytest.mark.parametrize("scheme_id", known_schemes())
def test_内置方案的空表和内置资料都能读回(tmp_path: Path, scheme_id: str) -> None:
    scheme, _ = load_scheme(scheme_path(scheme_id), scheme_id)
    assert scheme is not None
    chosen = choose(scheme_id)
    assert isinstance(chosen, Chosen)
    data = read_data(chosen.data)[0] if scheme_id in known_evaluations() else EvaluationData()
    path = tmp_path / "data.xlsx"
    write_evaluation_workbook(path, scheme, data)
    again, findings = read_data(path)
    assert [finding.sentence() for finding in findings] == []
    assert placeless(again) == placeless(data)


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12).map(str.strip).filter(
    lambda text: not text.startswith("#") and not set(text) & {"\ufeff", "\u200b"}
)  # fmt: skip
NUMBERS = st.lists(st.sampled_from(["1", "2", "附件3"]), unique=True, max_size=3).map(tuple)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=TEXT, actual=TEXT, met=st.none() | st.booleans(), finding=TEXT, numbers=NUMBERS, value=TEXT)
def test_什么文字写出再读回都一样(
    tmp_path: Path, reason: str, actual: str, met: bool | None, finding: str, numbers: tuple[str, ...], value: str
) -> None:
    data = EvaluationData(
        project=(ProjectItem(item="自定事项", value=f"值{value}"),),
        indicators={"B12": IndicatorRow(code="B12", awarded="1", reason=reason, actual=actual, evidence=numbers)},
        elements={"A22.1": ElementRow(code="A22.1", value="0", met=met, finding=finding)},
    )
    path = tmp_path / "any.xlsx"
    write_evaluation_workbook(path, SCHEME, data)
    again, findings = read_data(path)
    assert [each for each in findings if each.is_error] == []
    assert placeless(again) == data


def test_写不出时不留半个文件(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="data.xlsx"):
        write_evaluation_workbook(tmp_path / "没有" / "data.xlsx", SCHEME)
    assert list(tmp_path.iterdir()) == []
