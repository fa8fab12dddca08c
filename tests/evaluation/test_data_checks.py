"""评价资料各行之间：佐证材料的引用、日期的先后、抽查金额。"""

import pytest

from tuodi.evaluation.data import (
    ComplianceRow,
    ElementRow,
    EvaluationData,
    EvidenceRow,
    FigureRow,
    IndicatorRow,
    InterviewRow,
    Place,
    ProjectItem,
)
from tuodi.evaluation.data_checks import amount_checked, data_findings
from tuodi.evaluation.sheets import data_layout
from tuodi.kernel.finding import Finding, Severity


def _dates(*pairs: tuple[str, str]) -> EvaluationData:
    return EvaluationData(project=tuple(ProjectItem(item=item, value=value) for item, value in pairs))


def _told(data: EvaluationData) -> list[tuple[str, Severity, str]]:
    return [(finding.rule, finding.severity, finding.value) for finding in data_findings(data)]


@pytest.mark.parametrize("where", ["indicators", "elements", "figures", "compliance"])
def test_引用了没有列出的材料(where: str) -> None:
    place = Place("data.xlsx", "某表", 7)
    rows = {
        "indicators": {"indicators": {"A11": IndicatorRow(code="A11", evidence=("1", "9"), place=place)}},
        "elements": {"elements": {"A22.1": ElementRow(code="A22.1", evidence=("1", "9"), place=place)}},
        "figures": {"figures": {"支出": FigureRow(name="支出", value="1", evidence=("1", "9"), place=place)}},
        "compliance": {
            "compliance": (ComplianceRow(number="1", check="查", result="好", evidence=("1", "9"), place=place),)
        },
    }[where]
    data = EvaluationData(evidence={"1": EvidenceRow(number="1", title="申报书")}, **rows)  # type: ignore[arg-type]
    (finding,) = data_findings(data)
    assert (finding.rule, finding.value, finding.row) == ("evidence-unlisted", "9", 7)
    assert finding.is_error


def test_没有被引用的材料只说明一次() -> None:
    data = EvaluationData(evidence={n: EvidenceRow(number=n, title="材料") for n in "123"})
    (finding,) = data_findings(data)
    assert (finding.rule, finding.severity) == ("evidence-uncited", Severity.INFO)
    assert "3 份" in finding.message
    assert "1、2、3" in finding.message


def test_日期先后的次序取自布局() -> None:
    order = data_layout().date_order
    assert order == ("评价基准日", "委托日期", "方案日期", "现场开始", "现场结束", "征求意见日期", "报告日期")
    assert set(order) <= {each.item for each in data_layout().project_items}


@pytest.mark.parametrize(
    ("现场开始", "现场结束", "wrong"),
    [
        ("2025-06-10", "2025-06-09", True),
        ("2025-06-10", "2025-06-10", False),
        ("2025-06-10", "2025-06-11", False),
        # 只知道月份：这个月的任何一天都可能
        ("2025-06-10", "2025-06", False),
        ("2025-06-10", "2025-05", True),
        ("2025-06", "2025-06-01", False),
    ],
)
def test_后一项不得早于前一项(现场开始: str, 现场结束: str, wrong: bool) -> None:
    told = _told(_dates(("现场结束", 现场结束), ("现场开始", 现场开始)))
    assert told == ([("dates-out-of-order", Severity.WARNING, 现场结束)] if wrong else [])


def test_中间缺项时隔着比较() -> None:
    (finding,) = data_findings(_dates(("委托日期", "2025-08-01"), ("报告日期", "2025-07-25")))
    assert (finding.rule, "委托日期（2025-08-01）" in finding.message) == ("dates-out-of-order", True)


@pytest.mark.parametrize("text", ["2025年7月25日", "2025-13", "七月", "2025-02-30"])
def test_认不出的日期(text: str) -> None:
    ((rule, severity, value),) = _told(_dates(("报告日期", text)))
    assert (rule.startswith("date-"), severity, value) == (True, Severity.WARNING, text)


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        ("2025-07-24", []),
        ("2025-07-25", []),
        ("2025-07-26", ["dated-after-report"]),
        ("2025-07", []),
        ("7月", ["date-format"]),
    ],
)
def test_报告之后的材料和访谈(day: str, rules: list[str]) -> None:
    data = EvaluationData(
        project=(ProjectItem(item="报告日期", value="2025-07-25"),),
        indicators={"A11": IndicatorRow(code="A11", evidence=("1",))},
        evidence={"1": EvidenceRow(number="1", title="凭证", day=day)},
        interviews=(InterviewRow(number="1", role="经办人", question="问", answer="答", day=day),),
    )
    assert [finding.rule for finding in data_findings(data)] == rules * 2


def _amounts(*amounts: str) -> EvaluationData:
    rows = [EvidenceRow(number=str(n), title="凭证", amount=amount) for n, amount in enumerate(amounts, 1)]
    return EvaluationData(
        evidence={row.number: row for row in rows},
        indicators={"A11": IndicatorRow(code="A11", evidence=tuple(row.number for row in rows))},
    )


@pytest.mark.parametrize(
    ("amounts", "fen"),
    [
        (("1826220.00", "", "0.05"), 182_622_005),
        (("", ""), None),
        ((), None),
        (("100", "1,000.00"), None),
        (("0",), 0),
    ],
)
def test_抽查金额(amounts: tuple[str, ...], fen: int | None) -> None:
    assert amount_checked(_amounts(*amounts)) == fen


def test_金额写法不对() -> None:
    finding: Finding
    (finding,) = data_findings(_amounts("100", "1,000.00"))
    assert (finding.rule, finding.value, finding.column, finding.is_error) == (
        "amount-separator", "1,000.00", "金额（amount）", True,
    )  # fmt: skip
