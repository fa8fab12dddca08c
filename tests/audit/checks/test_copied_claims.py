"""两项指标的完成率一个不足、一个超过百分之百，结论一字不差。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.checks.sense.copied_claims import check_copied_claims

SAME = "项目按照计划推进，全部完成年度目标任务，群众反映良好。"
FULL = f"门诊救助人次：实际完成8200人次，完成率102.5%。{SAME}"


@pytest.mark.parametrize(
    ("case", "other", "expected"),
    [
        ("另一项不足", f"住院救助人次：实际完成3100人次，完成率77.5%。{SAME}", [("全部完成", "完成率 77.5%")]),
        ("另一项也完成", f"住院救助人次：实际完成4000人次，完成率100%。{SAME}", []),
        ("写的是没有完成", f"住院救助人次：完成率77.5%。{SAME.replace('全部', '未全部')}", []),
        ("结论不同", "住院救助人次：完成率77.5%。项目按照计划推进，基本完成年度目标任务。", []),
    ],
)
def test_照抄的结论(case: str, other: str, expected: list[tuple[str, str]]) -> None:
    assert [each[1:] for each in told(check_copied_claims, other, FULL)] == expected
