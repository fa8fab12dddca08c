"""决算情况说明与公开表：金额、基本支出段落、原因、用字。"""

from collections.abc import Callable, Iterator

import pytest

from tuodi.audit.checks.accounts.account_narrative import (
    check_amount_parted_from_code,
    check_basic_items,
    check_codes_told,
    check_reasons,
    check_told_amounts,
)
from tuodi.audit.checks.accounts.account_wording import (
    check_budget_is_final,
    check_fixed_names,
    check_headings_twice,
    check_lone_stops,
    check_phrases_repeated,
    check_shares_of_nothing,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark

Check = Callable[[Material], Iterator[Remark]]

TABLES = """\
支出决算表
金额单位：元

科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出
合计\t\t100000.00\t40000.00\t60000.00
210\t卫生健康支出\t100000.00\t40000.00\t60000.00
2101301\t城乡医疗救助\t60000.00\t\t60000.00
2101501\t行政运行\t40000.00\t40000.00\t

一般公共预算财政拨款支出决算明细表
金额单位：元

科目编码\t科目名称\t金额\t其中：基本支出\t科目编码\t科目名称\t金额\t其中：基本支出
301\t工资福利支出\t30000.00\t30000.00\t302\t商品和服务支出\t60000.00\t10000.00
30101\t基本工资\t30000.00\t30000.00\t30201\t办公费\t60000.00\t10000.00
人员经费合计\t\t30000.00\t30000.00\t310\t资本性支出\t10000.00\t
\t\t\t\t31002\t办公设备购置\t10000.00\t
\t\t\t\t公用经费合计\t\t70000.00\t10000.00

财政拨款“三公”经费支出决算表
单位：元
说明：本表无数据

"""
TEXT = """\
三、支出决算情况说明

2022年度支出合计100,000.00元，其中：基本支出40,000.00元，占40.00%；项目支出6.00万元，占60.00%。城乡医疗救助（2101301）60,000.00元。

六、一般公共预算财政拨款基本支出决算情况说明

某区医疗保障局2022年度财政拨款基本支出40,000.00元，其中：人员经费30,000.00元，主要包括工资福利支出30,000.00元，其中：基本工资30,000.00元。公用经费10,000.00元，主要包括商品和服务支出10,000.00元，其中：办公费10,000.00元。

十、其他重要事项情况说明

某区医疗保障局2022年机关运行经费支出10,000.00元，比2021年增加1,000.00元，增长11.11%，主要原因是：办公费增加。
"""


def told(check: Check, text: str, tables: str = TABLES) -> list[tuple[str, str, str]]:
    material = Material(read_text("x", tables + text))
    return [(each.rule, each.stated, each.expected) for each in check(material)]


@pytest.mark.parametrize(
    "check",
    [
        check_told_amounts,
        check_codes_told,
        check_basic_items,
        check_reasons,
        check_amount_parted_from_code,
        check_headings_twice,
        check_fixed_names,
        check_phrases_repeated,
        check_shares_of_nothing,
        check_budget_is_final,
        check_lone_stops,
    ],
)
def test_与表相符的说明没有发现(check: Check) -> None:
    assert told(check, TEXT) == []


@pytest.mark.parametrize(
    ("case", "old", "new", "found"),
    [
        ("合计", "支出合计100,000.00元", "支出合计100,001.00元", ("100,001.00元", "100,000.00元")),
        ("以万元说的项目支出", "项目支出6.00万元", "项目支出6.10万元", ("6.10万元", "6.00万元")),
        ("公用经费", "公用经费10,000.00元", "公用经费70,000.00元", ("70,000.00元", "10,000.00元")),
    ],
)
def test_文字金额与表不同(case: str, old: str, new: str, found: tuple[str, str]) -> None:
    assert ("text-against-table", *found) in told(check_told_amounts, TEXT.replace(old, new)), case


def test_科目金额与表不同() -> None:
    text = TEXT.replace("（2101301）60,000.00元", "（2101301）61,000.00元")
    assert told(check_codes_told, text) == [("text-against-table", "61,000.00元", "60,000.00元")]


def test_基本支出段落用了总额栏() -> None:
    text = TEXT.replace("商品和服务支出10,000.00元", "商品和服务支出60,000.00元").replace(
        "办公费10,000.00元", "办公费60,000.00元"
    )
    assert told(check_basic_items, text) == [
        ("text-against-table", "60,000.00元", "10,000.00元"),
        ("text-against-table", "60,000.00元", "10,000.00元"),
        ("parts-differ", "90,000.00元", "40,000.00元"),
    ]


def test_原因所指的项目不在机关运行经费之内() -> None:
    text = TEXT.replace("主要原因是：办公费增加", "主要原因是：办公设备购置增加")
    assert told(check_reasons, text) == [("reason-outside-total", "办公设备购置", "")]


@pytest.mark.parametrize(
    ("case", "check", "text", "rule"),
    [
        ("编码后多分号", check_amount_parted_from_code, "行政运行（2101501）；40,000.00元。", "blank-left"),
        (
            "两节同名",
            check_headings_twice,
            "五、财政拨款支出决算情况说明\n\n无。\n\n六、财政拨款支出决算情况说明\n\n无。\n",
            "name-told-twice",
        ),
        ("差一个字", check_fixed_names, "国有资本经营预算支出0元。\n\n国有资金经营预算支出0元。\n", "name-told-twice"),
        ("半句重复", check_phrases_repeated, "人员经费30,000.00元，主要包括人员经费30,000.00元。", "value-told-twice"),
        ("零除零", check_shares_of_nothing, "公务接待费支出0.00元，完成全年预算的0.00%。", "execution-rate-differs"),
        (
            "预算即决算",
            check_budget_is_final,
            "年初预算100,000.00元，支出决算100,000.00元，完成年初预算的100.00%。",
            "value-told-twice",
        ),
        ("标点连写", check_lone_stops, "一是加强管理。；二是规范程序。", "blank-left"),
    ],
)
def test_用字(case: str, check: Check, text: str, rule: str) -> None:
    assert [found[0] for found in told(check, text)] == [rule], case


def test_没有公开表的文件不查() -> None:
    assert told(check_told_amounts, TEXT, "") == []
    assert told(check_headings_twice, "五、支出决算情况说明\n\n无。\n\n六、支出决算情况说明\n", "") == []


def test_空的三公表与正文零一致_与正文非零不一致() -> None:
    text = "九、财政拨款“三公”经费支出决算情况说明\n\n公务接待费支出{}元，与上年相同。\n"
    assert told(check_told_amounts, text.format("0.00")) == []
    assert told(check_told_amounts, text.format("500.00")) == [("text-against-table", "500.00元", "0.00元")]
