"""离石区 2022 年八张项目自评表：总分 0、0、0、100、0、40、0、36，没有等级；得分与印出的规则不符之处都报告出来。"""

from fractions import Fraction

import pytest

from tests.evaluation.printed_tables import Changed, answer, as_scored, changed_inputs, printed, read, scored
from tuodi.evaluation.scoring import score_evaluation
from tuodi.kernel.quantity import plain

IDS = [f"lishi-2022-{number:02d}" for number in range(1, 9)]
TOTALS = dict(zip(IDS, ["0", "0", "0", "100", "0", "40", "0", "36"], strict=True))

# 资金行：年初预算、全年预算、全年执行（元），算出的执行率，表列得分，按规则应得（与表列相同的不写）
FUNDS = {
    "lishi-2022-01": ("690000.00", "0.00", "0%", "0", None),
    "lishi-2022-02": ("40000.00", "0.00", "0%", "0", None),
    "lishi-2022-03": ("327000.00", "0.00", "0%", "0", None),
    "lishi-2022-04": ("4200000.00", "4200000.00", "100%", "0", "100"),
    "lishi-2022-05": ("330000.00", "0.00", "0%", "0", None),
    "lishi-2022-06": ("6710000.00", "2617100.00", "39%", "40", "39"),
    "lishi-2022-07": ("451000.00", "0.00", "0%", "0", None),
    "lishi-2022-08": ("150000.00", "54100.00", "36.07%", "36", "36.07"),
}
CHANGES = [(name, each) for name in IDS for each in changed_inputs(*read(name))]


@pytest.mark.parametrize("name", IDS)
def test_每项指标的名称_权重和得分与自评表相同(name: str) -> None:
    assert as_scored(scored(name)) == printed(name)


@pytest.mark.parametrize("name", IDS)
def test_总分不加资金行_没有等级(name: str) -> None:
    result = scored(name)
    assert result.total is not None
    assert (plain(result.total), result.grade) == (TOTALS[name], None)


@pytest.mark.parametrize("name", IDS)
def test_资金行(name: str) -> None:
    budget, executed, rate, points, by_rule = FUNDS[name]
    result = scored(name)
    fund, figures = result.fund, result.data.figures
    assert fund is not None
    assert fund.executed is not None
    assert (figures[fund.row.initial].value, figures[fund.row.annual].value) == (budget, budget)
    assert (figures[fund.row.executed].value, str(fund.executed.value)) == (executed, rate)
    assert fund.row.weight == 100
    assert not fund.row.counts
    assert fund.points == Fraction(points)
    assert fund.by_rule == (None if by_rule is None else Fraction(by_rule))


@pytest.mark.parametrize(
    ("name", "words"), [("lishi-2022-04", "100%"), ("lishi-2022-06", "39.00%"), ("lishi-2022-08", "36.07%")]
)
def test_资金行与执行率不符的有说明(name: str, words: str) -> None:
    fund = scored(name).fund
    assert fund is not None
    assert words in fund.note
    assert fund.reason


@pytest.mark.parametrize("name", IDS)
def test_实际完成值都是0_有得分的都有理由和说明(name: str) -> None:
    result = scored(name)
    assert {score.row.actual for score in result.scores} == {"0"}
    for score in result.scores:
        if score.points:
            assert score.reason
            assert score.by_printed_rule == 0
            assert "实际完成值印0" in score.note
    assert any("实际完成值都印0" in note for note in result.scheme.notes)
    assert any("100" in note for note in result.scheme.notes)


@pytest.mark.parametrize("name", IDS)
def test_没有发现问题(name: str) -> None:
    """The printed points of three tables lie outside the band of a completed value of 0; nothing else is doubtful."""
    outside = {"lishi-2022-04": 2, "lishi-2022-06": 2, "lishi-2022-08": 1}.get(name, 0)
    assert [each.rule for each in scored(name).findings] == ["awarded-outside-band"] * outside


@pytest.mark.parametrize(("name", "change"), CHANGES, ids=[f"{name} {change.name}" for name, change in CHANGES])
def test_改动任何一项数据_结果都会改变(name: str, change: Changed) -> None:
    scheme, data = read(name)
    before = answer(score_evaluation(scheme, data))
    assert any(answer(score_evaluation(scheme, each)) != before for each in change.variants)
