"""其中列了不属于总数的项目。"""

import pytest

from tests.audit.checks.told import told
from tuodi.audit.checks.sums.scopes import check_mixed_scope

HEAD = "累计实施住院和门诊救助9,800人次，其中住院救助3,200人次、门诊救助6,600人次"


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("参保人数不在救助人次内", f"{HEAD}、资助参保12,400人。", ["12,400人"]),
        ("同是人次而小于总数", f"{HEAD}、资助参保1,240人次。", ["1,240人次"]),
        ("另起一句", f"{HEAD}，资助参保12,400人。", []),
        ("写明另有", f"{HEAD}、另资助参保12,400人。", []),
        ("两项就是总数", f"{HEAD}。", []),
    ],
)
def test_不属于总数(case: str, text: str, expected: list[str]) -> None:
    assert [each[1] for each in told(check_mixed_scope, text)] == expected
