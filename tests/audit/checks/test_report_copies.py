"""所附各项目报告：照抄的结论和段落，没有支出却说做到了，权重合计。"""

from collections.abc import Callable, Iterator

import pytest

from tuodi.audit.checks.accounts.report_copies import (
    check_copied_paragraphs,
    check_nothing_spent,
    check_paid_in_time,
    check_rate_of_nothing,
    check_same_conclusion,
    check_weights_told,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark

Check = Callable[[Material], Iterator[Remark]]
LONG = (
    "救助对象分散在各乡镇，资料收集花费时间较长，"
    "部分对象没有主动申请，工作人员上门核实的次数也不够，影响了资金支付的进度和救助的及时性。"
)
REPORT = """\
项目支出绩效评价报告

一、基本情况

项目资金投入{budget}，实际支出金额{spent}，{fate}。

三、评价结论

综合结论为自评等级{grade}。

四、绩效评价指标分析

1、质量指标：{said}。

资金情况：预算执行率{rate}。

五、存在的问题

{problem}

"""


def report(**changed: str) -> str:
    told = {
        "budget": "100万元",
        "spent": "90万元",
        "fate": "年底完成",
        "grade": "良",
        "said": "合格率95%",
        "rate": "90%",
        "problem": "资料不够完整。",
    }
    return REPORT.format(**{**told, **changed})


def told(check: Check, text: str) -> list[tuple[str, str, str]]:
    return [(each.rule, each.severity.value, each.stated) for each in check(Material(read_text("x", text)))]


NOTHING = {"budget": "50万元", "spent": "0万元", "rate": "0%"}


def test_数据不同结论相同() -> None:
    copied = report(grade="中") + report(grade="中", **NOTHING) + report(grade="中", budget="20万元", spent="20万元")
    assert told(check_same_conclusion, copied) == [("conclusion-copied", "warning", "中")]
    assert told(check_same_conclusion, copied.replace("等级中", "等级优", 1)) == []


@pytest.mark.parametrize(
    ("case", "second", "found"),
    [
        ("一份没有支出", {"problem": LONG, **NOTHING}, [("conclusion-copied", "warning", "2 份相同")]),
        (
            "都有支出",
            {"problem": LONG, "budget": "50万元", "spent": "40万元"},
            [("conclusion-copied", "info", "2 份相同")],
        ),
        ("写得不同", {"problem": LONG.replace("乡镇", "街道"), **NOTHING}, []),
    ],
)
def test_逐字相同的段落(case: str, second: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    assert told(check_copied_paragraphs, report(problem=LONG) + report(**second)) == found, case


@pytest.mark.parametrize(
    ("case", "second", "found"),
    [
        ("没有支出却足额", {**NOTHING, "said": "足额补助"}, [("conclusion-against-data", "warning", "足额补助")]),
        ("没有支出也没有说做到", {**NOTHING, "said": "未能补助"}, []),
        ("有支出", {"said": "足额补助"}, []),
    ],
)
def test_没有支出(case: str, second: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    assert told(check_nothing_spent, report() + report(**second)) == found, case


@pytest.mark.parametrize(
    ("case", "second", "found"),
    [
        ("相符", {**NOTHING}, []),
        ("有支出说零", {"rate": "0%"}, [("execution-rate-differs", "error", "0%")]),
        ("已收回又说待支付", {**NOTHING, "fate": "年底财政收回", "said": "待批复后开始支付"},
         [("conclusion-against-data", "warning", "后开始支付")]),
    ],
)  # fmt: skip
def test_执行率与支付(case: str, second: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    assert told(check_rate_of_nothing, report() + report(**second)) == found, case


def test_只有一份报告就不是附件() -> None:
    assert told(check_nothing_spent, report(**NOTHING, said="足额补助")) == []


@pytest.mark.parametrize(("first", "found"), [("10", []), ("100", [("weights-differ", "error", "100%＋90%")])])
def test_权重合计(first: str, found: list[tuple[str, str, str]]) -> None:
    text = f"一级指标权重统一设置为：预算执行率{first}%、绩效指标90%。\n\n"
    assert told(check_weights_told, text + text) == found


def test_按时拨付而支付为零() -> None:
    text = "资金100万元按要求及时拨付，年末已支付{}万元。"
    assert told(check_paid_in_time, text.format("100")) == []
    assert [each[0] for each in told(check_paid_in_time, text.format("0"))] == ["conclusion-against-data"]
