"""--inputs 的资料逐格盖在评价原有的资料上。"""

import pytest

from tuodi.evaluation.data import (
    CommentRow,
    ElementRow,
    EvaluationData,
    EvidenceRow,
    FigureRow,
    IndicatorRow,
)
from tuodi.evaluation.data_merge import merged

BASE = IndicatorRow(
    code="B12", target="≥95%", actual="90%", numerator="9", denominator="10", awarded="3", reason="旧", evidence=("1",)
)


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        # 填了实际值，原来的分子分母就不算了；为旧的值给的分和理由也不算了；没填的格保留
        ({"actual": "97%"}, ("97%", "", "", "", "≥95%")),
        ({"actual": "97%", "awarded": "2"}, ("97%", "", "", "2", "≥95%")),
        ({"actual": "90%"}, ("90%", "", "", "3", "≥95%")),
        ({"numerator": "8"}, ("", "8", "10", "", "≥95%")),
        ({"denominator": "20"}, ("", "9", "20", "", "≥95%")),
        ({"actual": "97%", "numerator": "97", "denominator": "100"}, ("97%", "97", "100", "", "≥95%")),
        ({"target": "≥90%"}, ("90%", "9", "10", "3", "≥90%")),
        ({"awarded": "1"}, ("90%", "9", "10", "1", "≥95%")),
        ({}, ("90%", "9", "10", "3", "≥95%")),
    ],
)
def test_指标逐格覆盖(over: dict[str, str], expected: tuple[str, ...]) -> None:
    row = merged(
        EvaluationData(indicators={"B12": BASE}),
        EvaluationData(indicators={"B12": IndicatorRow(code="B12", **over)}),  # type: ignore[arg-type]
    ).indicators["B12"]
    assert (row.actual, row.numerator, row.denominator, row.awarded, row.target) == expected
    assert (row.reason, row.evidence) == ("旧" if row.awarded else "", ("1",))


def test_要点和基础数据逐格覆盖_新的行加上() -> None:
    base = EvaluationData(
        elements={"A22.1": ElementRow(code="A22.1", met=True, finding="原文")},
        figures={"支出": FigureRow(name="支出", value="1", unit="元")},
    )
    over = EvaluationData(
        elements={"A22.1": ElementRow(code="A22.1", met=False), "A22.2": ElementRow(code="A22.2", met=True)},
        figures={"支出": FigureRow(name="支出", value="2")},
    )
    data = merged(base, over)
    assert data.elements["A22.1"] == ElementRow(code="A22.1", met=False, finding="原文")
    assert data.elements["A22.2"].met is True
    assert data.figures["支出"] == FigureRow(name="支出", value="2", unit="元")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("", "0"), ("是", ""), (True, "")),
        (("是", ""), ("", "2"), (None, "2")),
        (("是", "3"), ("", ""), (True, "3")),
        (("是", "3"), ("否", "0"), (False, "0")),
        (("", "0"), ("", "2"), (None, "2")),
    ],
)
def test_要点改成是否_原来的数值就不算了(
    old: tuple[str, str], new: tuple[str, str], expected: tuple[bool | None, str]
) -> None:
    met = {"是": True, "否": False}
    base, over = (
        EvaluationData(elements={"A1.1": ElementRow(code="A1.1", met=met.get(said), value=value)})
        for said, value in (old, new)
    )
    row = merged(base, over).elements["A1.1"]
    assert (row.met, row.value) == expected


def test_其他表有行才整张替换() -> None:
    base = EvaluationData(
        comments=(CommentRow(from_whom="甲", comment="一"),), evidence={"1": EvidenceRow(number="1", title="旧")}
    )
    over = EvaluationData(comments=(CommentRow(from_whom="乙", comment="二"),))
    data = merged(base, over)
    assert (data.comments, data.evidence) == (over.comments, base.evidence)


def test_盖上空的资料什么也不变() -> None:
    base = EvaluationData(indicators={"B12": BASE})
    assert merged(base, EvaluationData()) == base
    assert merged(EvaluationData(), base) == base
