"""君山区 2022 年：自评 98 分由规则和资料得出，与规则不符的一项另列按规则应得的分（期望值为手算）。"""

from fractions import Fraction

import pytest

from tests.evaluation.input_changes import Change, after, score_of, scoring_inputs, shown
from tests.evaluation.printed_tables import as_scored, printed, read, scored
from tuodi.evaluation.data_checks import data_findings

ID = "junshan-2022"

GROUPS = {
    "D1": ("20", "100.00"), "D2": ("18", "90.00"), "D3": ("37", "100.00"), "D4": ("13", "100.00"),
    "D5": ("10", "100.00"), "D1.1": ("6", "100.00"), "D1.2": ("2", "100.00"), "D1.3": ("6", "100.00"),
    "D1.4": ("6", "100.00"), "D2.1": ("10", "100.00"), "D2.2": ("8", "80.00"), "D3.1": ("13", "100.00"),
    "D3.2": ("16", "100.00"), "D3.3": ("8", "100.00"), "D4.1": ("9", "100.00"), "D4.2": ("4", "100.00"),
    "D5.1": ("10", "100.00"),
}  # fmt: skip

ONLY_POOR = "只明确低保、特困和监测范围的农村低收入人口"

CHANGES = [
    Change("elements", "D2.1.1.4", "value", "1", "D2.1.1", "0"),
    Change("indicators", "D3.1.1", "awarded", "合格", "D3.1.1", "4.8"),
    Change("indicators", "D3.1.1", "awarded", "不得分", "D3.1.1", "0"),
    Change("figures", "区级财政结余", "value", "675000.00", "D3.1.2", "5"),
    Change("figures", "区级财政结余", "value", "697500.00", "D3.1.2", "4"),
    Change("figures", "区级财政结余", "value", "720000.00", "D3.1.2", "3"),
    Change("figures", "区级财政结余", "value", "720450.00", "D3.1.2", "0"),
    Change("figures", "区级财政到位资金", "value", "0.00", "D3.1.2", None),
    Change("indicators", "D3.2.1", "actual", "70%", "D3.2.1", "8"),
    Change("indicators", "D3.2.1", "actual", "60%", "D3.2.1", "7.2"),
    Change("indicators", "D3.2.1", "actual", "0%", "D3.2.1", "2.4"),
    Change("indicators", "D3.2.2", "actual", "89%", "D3.2.2", "7.2"),
    Change("indicators", "D3.3.1", "awarded", "合格", "D3.3.1", "4.8"),
    Change("indicators", "D3.3.1", "actual", "较往年增加", "D3.3.1", "8"),
    Change("indicators", "D3.3.1", "actual", "较往年减少", "D3.3.1", "8", "0"),
    Change("indicators", "D4.1.1", "awarded", "合格", "D4.1.1", "1.8"),
    Change("indicators", "D4.1.1", "actual", ONLY_POOR, "D4.1.1", "3", "1.8"),
    Change("indicators", "D4.1.2", "awarded", "合格", "D4.1.2", "1.8"),
    Change("indicators", "D4.1.2", "actual", "就医效率下降", "D4.1.2", "3", "0"),
    Change("indicators", "D4.1.3", "awarded", "不得分", "D4.1.3", "0"),
    Change("indicators", "D4.1.3", "actual", "有缓解", "D4.1.3", "3", "1.8"),
    Change("indicators", "D4.2.1", "actual", "有成效但不明显", "D4.2.1", "1.2"),
    Change("indicators", "D4.2.2", "actual", "没有成效", "D4.2.2", "0"),
    Change("indicators", "D5.1.1", "actual", "85.01%", "D5.1.1", "10"),
    Change("indicators", "D5.1.1", "actual", "85%", "D5.1.1", "6"),
    Change("indicators", "D5.1.1", "actual", "84.99%", "D5.1.1", "0"),
]

WITHOUT_ONE_ITEM = {
    "D1.1.1.1": "2", "D1.1.1.2": "2", "D1.1.2.1": "1", "D1.1.2.2": "1", "D1.2.1.1": "0", "D1.3.1.1": "2",
    "D1.3.1.2": "2", "D1.3.2.1": "1", "D1.3.2.2": "1", "D1.4.1.1": "2", "D1.4.1.2": "2", "D1.4.1.3": "2",
    "D1.4.2.1": "1", "D1.4.2.2": "2", "D2.1.1.1": "4", "D2.1.1.2": "4", "D2.1.1.3": "4", "D2.1.2.1": "2",
    "D2.1.2.2": "2", "D2.2.1.1": "2", "D2.2.1.2": "2", "D2.2.2.2": "2", "D2.2.2.3": "2",
}  # fmt: skip
WITH_ONE_MORE = {"D2.2.2.1": "6"}
SHOWN_ONLY = {("figures", "参保资助人次", "value"), ("figures", "住院和门诊救助人次", "value")}


def test_每个指标的得分与印出的相同() -> None:
    assert as_scored(scored(ID)) == printed(ID)


def test_资料和方案没有可指出的问题() -> None:
    assert [*data_findings(read(ID)[1]), *scored(ID).findings] == []


def test_各级得分和得分率() -> None:
    found = {group.indicator.code: (shown(group.points), group.rate) for group in scored(ID).groups}
    assert found == GROUPS


def test_总分和等级() -> None:
    result = scored(ID)
    assert (result.total, result.grade) == (Fraction(98), "优秀")


@pytest.mark.parametrize(("total", "grade"), [("98", "优秀"), ("60", "合格"), ("59.99", "不合格")])
def test_合格自60分起(total: str, grade: str) -> None:
    assert read(ID)[0].grade_of(Fraction(total)) == grade


def test_没有印出的等级界限注明未经核实() -> None:
    assert any("优秀" in note and "未经核实" in note for note in read(ID)[0].notes)


def test_一站式结算按规则只到合格档() -> None:
    found = score_of(scored(ID), "D3.3.1")
    assert (shown(found.points), shown(found.by_printed_rule)) == ("8", "4.8")
    assert "持平" in found.note and "增加" in found.reason


def test_存疑的在说明中写明() -> None:
    result = scored(ID)
    noted = {each.indicator.code for each in result.scores if each.note}
    doubtful = {"D2.2.2", "D3.1.1", "D3.1.2", "D3.2.1", "D3.2.2", "D3.3.1", "D4.1.2", "D5.1.1"}
    assert noted == doubtful
    assert "6.40%" in score_of(result, "D3.1.2").note
    assert "5%" in score_of(result, "D4.1.2").note
    assert "正好85%只得6分" in score_of(result, "D5.1.1").note


def test_救助人次由两项相加() -> None:
    assert str(score_of(scored(ID), "D3.1.1").inputs.actual) == "12411人次"


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_改一个输入得分随之改变(change: Change) -> None:
    assert after(ID, change) == (change.points, change.by_printed_rule)


@pytest.mark.parametrize(("code", "points"), {**WITHOUT_ONE_ITEM, **WITH_ONE_MORE}.items())
def test_改一个要点得分随之改变(code: str, points: str) -> None:
    leaf = code.rpartition(".")[0]
    assert after(ID, Change("elements", code, "met", code in WITH_ONE_MORE, leaf, points)) == (points, None)


def test_每个输入都改过() -> None:
    changed = {(change.sheet, change.key, change.column) for change in CHANGES}
    changed |= {("elements", code, "met") for code in (*WITHOUT_ONE_ITEM, *WITH_ONE_MORE)}
    assert changed == scoring_inputs(ID) - SHOWN_ONLY
