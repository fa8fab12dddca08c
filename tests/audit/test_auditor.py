"""两个检查说同一处错，只报一次；不同的错不合并。"""

import pytest

from tuodi.audit.auditor import remarks_on
from tuodi.audit.paper.text_file import read_text


def told(*paragraphs: str) -> list[tuple[str, str, str]]:
    found = remarks_on(read_text("x.txt", "\n\n".join(paragraphs)))
    return [(remark.rule, remark.stated, remark.expected) for remark in found]


def survey(total: str) -> str:
    return f"1.您是否了解政策？\n\n\t熟悉\t一般了解\t不清楚\t小计\n人数\t5\t68\t26\t{total}\n"


def test_合计与选项人数是一处错() -> None:
    assert [each for each in told("问卷调查", survey("102")) if each[1:] == ("102", "99")] == [
        ("counts-differ", "102", "99")
    ]


def test_相符时不报() -> None:
    assert told("问卷调查", survey("99")) == []


def points(weight: str, score: str) -> str:
    return (
        "二级指标\t三级指标\t权重\t得分\n"
        f"B1投入管理\t\t{weight}\t{score}\n"
        "\tB11资金到位率\t5\t5\n\tB12预算执行率\t5\t4\n\tB13资金使用合规性\t4\t4\n"
    )


@pytest.mark.parametrize(
    ("weight", "score", "expected"),
    [
        ("14", "13", []),
        ("13", "13", [("weights-differ", "13", "14")]),
        ("14", "12", [("scores-differ", "12", "13")]),
        ("13", "12", [("weights-differ", "13", "14"), ("scores-differ", "12", "13")]),
    ],
)
def test_上级的权重和得分各报一次(weight: str, score: str, expected: list[tuple[str, str, str]]) -> None:
    found = [each for each in told(points(weight, score)) if each[0] in ("weights-differ", "scores-differ")]
    assert found == expected
