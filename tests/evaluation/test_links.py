"""扣分、问题、原因、建议、责任单位、期限：一张表，断了的地方要说出来。"""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.evaluation.clean_evaluation import DATA, scheme
from tuodi.evaluation.data import ComplianceRow, ElementRow, EvaluationData, IndicatorRow, Place, ProblemRow
from tuodi.evaluation.links import deductions, link_findings, linked
from tuodi.evaluation.scheme import FundRow
from tuodi.evaluation.scoring import Result, score_evaluation
from tuodi.kernel.finding import Severity

问题 = ProblemRow(
    codes=("A12", "D11"),
    problem="制度和宣传不到位",
    cause="没有专人",
    advice="定人定责",
    responsible="县医保局",
    due="2025-12-31",
    place=Place("data.xlsx", "问题与建议", 2),
)
检查 = ComplianceRow(number="1", check="业务制度", result="不太完善", met=False, codes=("A12",), place=Place(row=2))


def _data(*problems: ProblemRow, checks: tuple[ComplianceRow, ...] = ()) -> EvaluationData:
    """A12 loses 1 of 4 points, D11 (78 % instead of 80 %) 2 of 20; everything else has full marks."""
    return replace(
        DATA,
        problems=problems,
        compliance=checks,
        elements={**DATA.elements, "A12.1": ElementRow(code="A12.1", met=False, finding="没有业务制度")},
        indicators={
            **DATA.indicators,
            "D11": IndicatorRow(code="D11", actual="78%", place=Place("data.xlsx", "指标", 6)),
        },
    )


def _scored(*problems: ProblemRow, checks: tuple[ComplianceRow, ...] = ()) -> Result:
    return score_evaluation(scheme(), _data(*problems, checks=checks))


def _rules(result: Result) -> list[str]:
    return [each.rule for each in link_findings(result)]


def test_扣分照文件顺序列出() -> None:
    assert [str(each) for each in deductions(_scored())] == [
        "A12 管理制度健全性（扣 1 分）",
        "D11 政策知晓率（扣 2 分）",
    ]


def test_都连上了就没有意见() -> None:
    result = _scored(问题)
    assert link_findings(result) == ()
    (row,) = linked(result)
    assert ([each.code for each in row.deductions], row.problem) == (["A12", "D11"], 问题)


def test_没有问题说明的扣分() -> None:
    result = _scored(replace(问题, codes=("A12",)))
    (found,) = link_findings(result)
    assert (found.rule, found.severity) == ("deduction-unlinked", Severity.WARNING)
    assert found.sentence().startswith("［问题与建议］：有 1 项扣分没有问题与它对应：D11 政策知晓率（扣 2 分）；")
    assert [row.problem is None for row in linked(result)] == [False, True]


def test_没有问题说明的几项扣分说成一条() -> None:
    (found,) = link_findings(_scored())
    assert found.message == ("有 2 项扣分没有问题与它对应：A12 管理制度健全性（扣 1 分）、D11 政策知晓率（扣 2 分）")


def test_方案里没有的编码_打分时就说出来() -> None:
    checks = (replace(检查, codes=("A12", "Z8")),)
    result = _scored(replace(问题, codes=("A12", "D11", "Z9")), checks=checks)
    told = [(each.rule, each.value, each.column, each.severity, each.row) for each in result.findings]
    assert told == [
        ("problem-code-unknown", "Z9", "涉及指标（codes）", Severity.WARNING, 2),
        ("compliance-code-unknown", "Z8", "涉及指标（codes）", Severity.WARNING, 2),
    ]
    assert link_findings(result) == ()


def test_不扣分就什么都不要求() -> None:
    result = score_evaluation(scheme(), DATA)
    assert (deductions(result), linked(result), link_findings(result)) == ((), (), ())


def test_写上一级指标就是它下面的各项() -> None:
    result = _scored(replace(问题, codes=("A1", "D")))
    assert link_findings(result) == ()
    assert [each.code for each in linked(result)[0].deductions] == ["A12", "D11"]


@pytest.mark.parametrize(
    ("改动", "规则", "程度"),
    [
        ({"codes": ("A12", "D11", "C11")}, "problem-without-deduction", Severity.WARNING),
        ({"cause": ""}, "problem-incomplete", Severity.WARNING),
        ({"advice": ""}, "problem-incomplete", Severity.WARNING),
        ({"responsible": ""}, "problem-incomplete", Severity.INFO),
        ({"due": ""}, "problem-incomplete", Severity.INFO),
        ({"due": "", "cause": ""}, "problem-incomplete", Severity.WARNING),
    ],
)
def test_问题这一行的毛病(改动: dict[str, object], 规则: str, 程度: Severity) -> None:
    (found,) = link_findings(_scored(replace(问题, **改动)))  # type: ignore[arg-type]
    assert (found.rule, found.severity, found.sheet, found.row) == (规则, 程度, "问题与建议", 2)


def test_缺的各栏用表头上的名称说出来() -> None:
    (found,) = link_findings(_scored(replace(问题, cause="", due="")))
    assert found.message == "没有写原因、完成期限"


def test_没有写指标的问题() -> None:
    result = _scored(问题, replace(问题, codes=(), problem="一般问题"))
    assert [(each.rule, each.severity) for each in link_findings(result)] == [("problem-unlinked", Severity.INFO)]


def test_还没有得分的指标不说没有扣分() -> None:
    data = replace(
        _data(replace(问题, codes=("A12", "D11", "C11"))), indicators={"D11": IndicatorRow(code="D11", actual="78%")}
    )
    assert _rules(score_evaluation(scheme(), data)) == []


@pytest.mark.parametrize(
    ("检查行", "规则"),
    [
        (检查, []),
        (replace(检查, codes=("C11",)), ["compliance-against-score"]),
        (replace(检查, codes=("C11", "C21")), ["compliance-against-score"]),
        (replace(检查, codes=("C11", "A12")), []),
        (replace(检查, met=True), ["compliance-against-score"]),
        (replace(检查, met=True, codes=("A12", "D11")), ["compliance-against-score"] * 2),
        (replace(检查, met=True, codes=("C11",)), []),
        (replace(检查, met=None, codes=("C11",)), []),
        (replace(检查, codes=()), []),
        (replace(检查, codes=("Z9",)), []),
    ],
)
def test_合规性检查与得分(检查行: ComplianceRow, 规则: list[str]) -> None:
    assert _rules(_scored(问题, checks=(检查行,))) == 规则


def test_合规性检查的话() -> None:
    found = link_findings(_scored(问题, checks=(replace(检查, codes=("C11",)), replace(检查, met=True))))
    assert [each.sentence().split("：", 1)[1] for each in found] == [
        "C11 住院救助人次 得了满分，检查“业务制度”却有问题（不太完善）；请核对检查结果和得分，使两处一致。",
        "A12 管理制度健全性 扣了分，检查“业务制度”却没有问题；请核对检查结果和得分，使两处一致。",
    ]


@pytest.mark.parametrize(("执行", "扣"), [("1000000.00", []), ("900000.00", ["F"])])
def test_自评表的资金行扣分也要有说明(执行: str, 扣: list[str]) -> None:
    row = FundRow(code="F", name="预算执行", weight=Fraction(10), initial="到位资金", annual="到位资金",
                  executed="支出资金", counts=False)  # fmt: skip
    figures = {**DATA.figures, "支出资金": replace(DATA.figures["支出资金"], value=执行)}
    result = score_evaluation(replace(scheme(), fund_row=row), replace(DATA, figures=figures))
    assert [each.code for each in deductions(result) if each.code == "F"] == 扣
    named = replace(DATA, figures=figures, problems=(replace(问题, codes=("F",)),))
    found = _rules(score_evaluation(replace(scheme(), fund_row=row), named))
    assert ("problem-without-deduction" in found) is not bool(扣)
