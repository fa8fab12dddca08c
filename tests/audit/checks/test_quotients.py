"""Rates, shares and growth told in sentences and tables."""

import pytest

from tuodi.audit.checks.quotients.growth import check_growth, check_implied_last_year
from tuodi.audit.checks.quotients.quotients import check_count_rates, check_equations, check_execution_rates
from tuodi.audit.checks.quotients.shares import check_above_hundred, check_money_shares, check_shares_of_amounts
from tuodi.audit.checks.quotients.table_quotients import (
    check_completion_columns,
    check_execution_columns,
    check_share_columns,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """The figures a check objects to, with what it expects."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


class TestExecution:
    """预算执行率、到位率."""

    @pytest.mark.parametrize(
        ("case", "text", "expected"),
        [
            ("90.565 写 90.56", "到位资金2000.00元，支出1811.30元，预算执行率为90.56%。", []),
            ("90.565 写 90.57", "到位资金2000.00元，支出1811.30元，预算执行率为90.57%。", []),
            (
                "90.565 写 90.58",
                "到位资金2000.00元，支出1811.30元，预算执行率为90.58%。",
                [("execution-rate-differs", "90.58%", "90.57%")],
            ),
            (
                "整数预算与小数支出",
                "项目资金投入671万元，实际支出261.71万元，执行率40.49%。",
                [("execution-rate-differs", "40.49%", "39.00%")],
            ),
            ("两种分母都试：含结转", "上年结转100.00万元，本年预算100.00万元，支出150.00万元，执行率75.00%。", []),
            (
                "少写万",
                "调整后预算为147.17万元，实际支出147.17元，预算执行率为100%。",
                [("unit-slip", "147.17元", "147.17万元")],
            ),
            (
                "完成年初预算",
                "2023年支出年初预算800.00元，支出决算700.00元，完成年初预算的79.76%。",
                [("execution-rate-differs", "79.76%", "87.50%")],
            ),
            ("目标不是实际", "目标：预算100.00万元，支出80.00万元，执行率达到95%以上。", []),
            ("只有比率", "预算执行率为90.56%，未全额执行。", []),
        ],
    )
    def test_in_sentences(self, case, text, expected):
        """The rate must come from some base told with it."""
        assert told(check_execution_rates, text) == expected, case

    def test_budget_told_in_the_paragraph_before(self):
        """The amounts may stand before the rate."""
        text = "2024年共下达资金200.00万元。\n\n当年支付150.00万元，执行率达{}%。\n"
        assert told(check_execution_rates, text.format("75.00")) == []
        assert told(check_execution_rates, text.format("78.00")) == [("execution-rate-differs", "78.00%", "75.00%")]

    def test_in_a_table(self):
        """The row's own columns decide; any budget column may be the base."""
        head = "项目\t年初预算\t调整后预算\t实际支出\t执行率\n"
        rows = "甲\t100.00\t80.00\t60.00\t75.00%\n乙\t100.00\t80.00\t60.00\t60.00%\n丙\t100.00\t80.00\t60.00\t{}%\n"
        assert told(check_execution_columns, head + rows.format("75.00")) == []
        assert told(check_execution_columns, head + rows.format("77.00")) == [
            ("execution-rate-differs", "77.00%", "75.00%")
        ]

    def test_written_out(self):
        """(a/b)×100%=c%."""
        assert told(check_equations, "完成率=（30437/33333）×100%=91.31%。") == []
        assert told(check_equations, "完成率=（30437/33333）×100%=93.31%。") == [
            ("completion-rate-differs", "93.31%", "91.31%")
        ]


class TestCounts:
    """人数、人次之间的比率."""

    @pytest.mark.parametrize(
        ("case", "text", "expected"),
        [
            ("完成率", "计划救助2000人次，实际救助1900人次，完成率95.00%。", []),
            (
                "完成率写错",
                "计划救助2000人次，实际救助1900人次，完成率98.00%。",
                [("completion-rate-differs", "98.00%", "95.00%")],
            ),
            (
                "指标名里的分值不算数",
                "（1）C11救助任务完成率（6分）：全年实施救助1900人次，计划数为2000人次，任务完成率为98%。",
                [("completion-rate-differs", "98%", "95%")],
            ),
            ("覆盖率", "认定对象共800人，其中享受救助600人，覆盖率为75%。", []),
            (
                "覆盖率写错",
                "认定对象共800人，其中享受救助600人，覆盖率为77%。",
                [("share-differs", "77%", "75%")],
            ),
            ("增长不是占比", "救助3000人次，比上年增加200人次，增长比例7.1%。", []),
            ("第三个数在场时不判", "救助对象100人，特困30人，低保50人，占比50%。", []),
        ],
    )
    def test_two_counts_and_a_rate(self, case, text, expected):
        """Only exactly two counts decide."""
        assert told(check_count_rates, text) == expected, case

    def test_completion_column(self):
        """完成率 of the row from target and actual value."""
        text = "指标\t目标值\t实际完成值\t完成率\n参保人数\t≥500人\t400人\t80%\n救助人次\t≥200人次\t150人次\t{}\n"
        assert told(check_completion_columns, text.format("75%")) == []
        assert told(check_completion_columns, text.format("85%")) == [("completion-rate-differs", "85%", "75%")]


class TestShares:
    """占比."""

    TEXT = "2022年支出合计1000.00元，其中：\n\n基本支出150.00元，占比{}%；\n\n项目支出850.00元，占比85.00%。\n"

    def test_listed_shares(self):
        """Each item against the whole of the list."""
        assert told(check_money_shares, self.TEXT.format("15.00")) == []
        assert told(check_money_shares, self.TEXT.format("16.00")) == [("share-differs", "16.00%", "15.00%")]

    def test_whole_in_the_sentence_before(self):
        """The items with shares make the amount told before."""
        text = "本年收入1000.00元。财政拨款收入990.00元，占{}%；其他收入10.00元，占1.00%。"
        assert told(check_money_shares, text.format("99.00")) == []
        assert told(check_money_shares, text.format("93.00")) == [("share-differs", "93.00%", "99.00%")]

    def test_named_base(self):
        """占项目支出总额的 is held against what the paper tells for 项目支出."""
        text = "项目支出200.00元，占比80.00%。\n\n共涉及资金300.00元，占本单位项目支出总额的{}%，总体良好。\n"
        assert told(check_money_shares, text.format("150")) == []
        assert told(check_money_shares, text.format("100")) == [("share-differs", "100%", "150%")]

    def test_of_an_amount(self):
        """a, as so much of b."""
        text = "全年支出决算110.00元，为年初预算100.00元的{}%。"
        assert told(check_shares_of_amounts, text.format("110.00")) == []
        assert told(check_shares_of_amounts, text.format("101.00")) == [
            ("completion-rate-differs", "101.00%", "110.00%")
        ]

    def test_column_of_shares(self):
        """Amount and share columns over the total of the table."""
        head = "序号\t项目\t支出金额\t占比\n1\t住院救助\t60.00\t60%\n2\t门诊救助\t30.00\t{}%\n"
        text = head + "3\t参保资助\t10.00\t10%\n合计\t\t100.00\t100%\n"
        assert told(check_share_columns, text.format(30)) == []
        assert told(check_share_columns, text.format(33)) == [("share-differs", "33%", "30%")]

    def test_above_a_hundred(self):
        """A coverage of more than 100 % cannot be."""
        assert told(check_above_hundred, "救助对象覆盖率为100%。") == []
        assert told(check_above_hundred, "救助对象覆盖率为101%。") == [("share-differs", "101%", "不大于 100%")]


class TestGrowth:
    """增长率."""

    @pytest.mark.parametrize(
        ("case", "text", "expected"),
        [
            ("增加额与今年数", "运行经费72,718.77元，比2021年增加16,666.77元，增长29.73%。", []),
            (
                "增长率写错",
                "运行经费72,718.77元，比2021年增加16,666.77元，增长22.92%。",
                [("growth-differs", "22.92%", "29.73%")],
            ),
            ("下降", "支出80.00元，比上年减少20.00元，下降20.00%。", []),
            (
                "三个数都有，增加额写错",
                "2022年支出130.00元，2021年为100.00元，与上年相比增加35.00元，增长30.00%。",
                [("growth-differs", "35.00元", "30.00元")],
            ),
            (
                "三个数都有，增长率写错",
                "2022年支出130.00元，2021年为100.00元，与上年相比增加30.00元，增长33.00%。",
                [("growth-differs", "33.00%", "30.00%")],
            ),
            (
                "今年数写错",
                "收入总计804.00元，比上年的1000.00元增加4.00元，增长0.40%。",
                [("growth-differs", "804.00元", "1004.00元")],
            ),
            ("没有金额", "救助人次比上年增长5%以上。", []),
        ],
    )
    def test_against_the_amounts(self, case, text, expected):
        """Growth is what was added over what was."""
        assert told(check_growth, text) == expected, case

    def test_two_last_years(self):
        """The same amount cannot have grown by two sums."""
        text = "财政拨款支出总计100.00元。与上年相比，财政拨款支出总计增加{}元。\n\n"
        text += "财政拨款支出100.00元。与上年相比，财政拨款支出增加20.00元。\n"
        assert told(check_implied_last_year, text.format("20.00")) == []
        assert told(check_implied_last_year, text.format("30.00")) == [("value-told-twice", "20.00元", "30.00元")]
