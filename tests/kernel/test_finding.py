"""发现的问题：一句话说清在哪里、看到什么、错在哪里、怎么办。"""

import pytest

from tuodi.kernel.finding import Finding, Severity

问题 = {"rule": "date-invalid", "message": "不是有效日期", "advice": "请改为 YYYY-MM-DD，例如 2024-12-05"}


def test_sentence_with_every_part():
    finding = Finding(**问题, file="结算.xlsx", sheet="一月", row=118, column="结算时间", value="2024-13-05")
    assert finding.sentence() == (
        "结算.xlsx［一月］ 第 118 行“结算时间”：2024-13-05 不是有效日期；请改为 YYYY-MM-DD，例如 2024-12-05。"
    )


@pytest.mark.parametrize(
    ("地点", "开头"),
    [
        ({}, "不是有效日期；"),
        ({"file": "a.csv"}, "a.csv：不是有效日期；"),
        ({"row": 2}, "第 2 行：不是有效日期；"),
        ({"column": "结算时间", "value": "x"}, "“结算时间”：x 不是有效日期；"),
    ],
)
def test_sentence_leaves_out_what_is_unknown(地点, 开头):
    assert Finding(**问题, **地点).sentence().startswith(开头)


def test_only_an_error_refuses():
    assert Finding(**问题).is_error
    assert not Finding(**问题, severity=Severity.WARNING).is_error
    assert not Finding(**问题, severity=Severity.INFO).is_error
