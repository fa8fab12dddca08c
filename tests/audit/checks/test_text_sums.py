"""Sums told in sentences: wholes and parts, mixed scopes, forgotten units, balances, adjustments, products."""

import pytest

from tuodi.audit.checks.sums.balances import check_adjustments, check_balances, check_products
from tuodi.audit.checks.sums.scopes import check_mixed_scope
from tuodi.audit.checks.sums.text_sums import check_forgotten_units, check_parts
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """The figures a check objects to, with what it expects."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


class TestParts:
    """总数与各项."""

    @pytest.mark.parametrize(
        ("case", "text", "expected"),
        [
            (
                "各级资金相符",
                "全年下达100.00万元，其中中央40.00万元、省级30.00万元、市级10.00万元、县级20.00万元。",
                [],
            ),
            (
                "总数多十万",
                "全年下达110.00万元，其中中央40.00万元、省级30.00万元、市级10.00万元、县级20.00万元。",
                [("parts-differ", "110.00万元", "100.00万元")],
            ),
            (
                "合计在后，差八百元",
                "中央补助资金273.64万元，省级资金69.08万元，区级配套资金450万元，合计792.64万元。",
                [("parts-differ", "792.64万元", "792.72万元")],
            ),
            ("没有列全不是错", "全年支出500.00万元，其中住院救助200.00万元、门诊救助100.00万元。", []),
            ("四舍五入差一个末位", "共支出10.0万元，其中住院3.34万元、门诊3.34万元、参保3.34万元。", []),
            (
                "一项大于总数",
                "涉及资金103000元，其中一般公共预算支出1289800元、政府性基金支出0元。",
                [("parts-differ", "1289800元", "不大于 103000元")],
            ),
            (
                "括号里的各项",
                "项目到位资金合计90.00万元（中央40.00万元，省级30.00万元，市级10.00万元，县级20.00万元）。",
                [("parts-differ", "90.00万元", "100.00万元")],
            ),
            ("两年的数不是各项", "比上年减少996人，其中甲镇2023年497人，2022年460人，相比增加37人。", []),
            (
                "少写万",
                "按项目分，住院项目340.86万元、门诊项目390.78元，合计731.64万元。",
                [("unit-slip", "390.78元", "390.78万元")],
            ),
        ],
    )
    def test_against_the_whole(self, case, text, expected):
        """The whole is held against its parts."""
        assert told(check_parts, text) == expected, case

    def test_parts_whose_shares_make_a_hundred(self):
        """The amount before them is their whole."""
        text = "基本支出589606.85元。人员经费{}元，占90%；公用经费58960.68元，占10%。"
        assert told(check_parts, text.format("530646.17")) == []
        assert told(check_parts, text.format("530466.17")) == [("parts-differ", "589606.85元", "589426.85元")]

    def test_a_list_over_several_lines(self):
        """Items stand one a paragraph behind 其中：."""
        right = "2022年支出合计100.00元，其中：\n\n基本支出60.00元；\n\n项目支出40.00元。\n"
        assert told(check_parts, right) == []
        wrong = right.replace("40.00元", "41.00元")
        assert told(check_parts, wrong) == [("parts-differ", "100.00元", "101.00元")]


class TestScope:
    """口径不同的数写在一起."""

    TEXT = "累计实施门诊和住院救助900人次，其中住院救助300人次、门诊救助200人次、参保救助350人次。"

    def test_an_item_outside_the_whole(self):
        """参保 is no part of 门诊和住院."""
        assert told(check_mixed_scope, self.TEXT) == [("scope-mixed", "350人次", "")]
        assert told(check_mixed_scope, self.TEXT.replace("门诊和住院救助", "各类救助")) == []

    def test_people_and_cases_added_up(self):
        """8236 people and 4175 cases are no 12411 cases."""
        text = "救助规模12411人次，其中：资助参保8236人，住院和门诊共救助4175人次。"
        assert told(check_mixed_scope, text) == [("unit-slip", "12411人次", "")]
        assert told(check_mixed_scope, text.replace("8236人，", "8236人次，")) == []


def test_an_amount_without_its_unit():
    """Among amounts in yuan a bare number with fen lacks its unit."""
    text = "商品和服务支出90.00元，其中：办公费30.00元；培训费20.00；福利费40.00元。"
    assert told(check_forgotten_units, text) == [("unit-slip", "20.00", "20.00元")]
    assert told(check_forgotten_units, text.replace("20.00；", "20.00元；")) == []


class TestBalances:
    """结转、到位、支出、年末结余."""

    TEXT = (
        "2024年度下达资金1022.04万元。\n\n2024年支付总额为925.59万元。2023年度结转结余2892.43万元，"
        "2024年末资金结转结余{}万元。\n"
    )

    @pytest.mark.parametrize(
        ("closing", "expected"),
        [
            ("2988.88", []),
            ("2988.89", []),  # 四个数各差半个末位，合起来可差 0.02
            ("2993.54", [("balance-differs", "2993.54万元", "2988.88万元")]),
        ],
    )
    def test_closing_balance(self, closing, expected):
        """2892.43 + 1022.04 − 925.59 = 2988.88."""
        assert told(check_balances, self.TEXT.format(closing)) == expected

    @pytest.mark.parametrize(
        ("adjusted", "expected"),
        [("312.00", []), ("311.80", [("balance-differs", "311.80万元", "312.00万元")])],
    )
    def test_adjusted_budget(self, adjusted, expected):
        """321.64 − 9.64 = 312.00."""
        text = f"年初预算321.64万元，执行中调减9.64万元，调整后全年预算{adjusted}万元。"
        assert told(check_adjustments, text) == expected

    @pytest.mark.parametrize(
        ("total", "expected"),
        [("60000元", []), ("720000元", []), ("60600元", [("product-differs", "60600元", "60000元")])],
    )
    def test_heads_times_rate(self, total, expected):
        """1000 people at 60 yuan; by the month it is twelve times as much."""
        assert told(check_products, f"资助对象1000人，每人60元，共计{total}。") == expected
