"""Surveys: option counts, shares, returns, sums of shares, averages, text against table."""

import pytest

from tuodi.audit.checks.quotients.survey import (
    check_mean_satisfaction,
    check_option_counts,
    check_option_shares,
    check_possible_satisfaction,
    check_returns,
    check_sample_size,
    check_told_answers,
    check_told_sums,
)
from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text


def told(check, text):
    """The figures a check objects to, with what it expects."""
    return [(remark.rule, remark.stated, remark.expected) for remark in check(Material(read_text("x", text)))]


LYING = (
    "1.您是否了解医疗救助政策？\n\n\t熟悉\t一般了解\t不清楚\t小计\n"
    "人数\t{0}\t61\t22\t{1}\n占比\t{2}\t59.80%\t21.57%\t100.00%\n"
)
UPRIGHT = "第4题您是否知晓救助政策？[{0}]\n\n选项\t小计\t比例\n是\t95\t{1}\n否\t{2}\t22.13%\n本题有效填写人次\t122\t\n"


class TestOptions:
    """选项人数与占比."""

    def test_counts(self):
        """The options of one answer each make the number of answers."""
        assert told(check_option_counts, LYING.format(19, 102, "18.63%")) == []
        assert told(check_option_counts, LYING.format(16, 102, "18.63%")) == [("counts-differ", "102", "99")]
        assert told(check_option_counts, UPRIGHT.format("单选题", "77.87%", 27)) == []
        assert told(check_option_counts, UPRIGHT.format("单选题", "77.87%", 28)) == [("counts-differ", "122", "123")]

    def test_several_answers_allowed(self):
        """多选 may give more answers than people."""
        assert told(check_option_counts, UPRIGHT.format("多选题", "77.87%", 60)) == []

    def test_shares(self):
        """19 of 102 are 18.63 %."""
        assert told(check_option_shares, LYING.format(19, 102, "18.63%")) == []
        assert told(check_option_shares, LYING.format(19, 102, "18.36%")) == [("share-differs", "18.36%", "18.63%")]

    def test_both_bases(self):
        """A share over the answers counted is right too where the total is wrong."""
        assert told(check_option_shares, LYING.format(16, 102, "16.16%")) == []

    @pytest.mark.parametrize(("share", "expected"), [("25%", []), ("30%", [("share-differs", "30%", "25%")])])
    def test_told_in_a_sentence(self, share, expected):
        """选择“…”的 a 人，占 b%."""
        text = f"有效问卷200份。\n\n1.您是否了解政策？\n\n选择“了解”的150人，占75%；选择“不了解”的50人，占{share}。\n"
        assert told(check_option_shares, text) == expected

    def test_counts_in_a_sentence_against_the_questionnaires(self):
        """150 and 40 are not 200 questionnaires."""
        text = "有效问卷200份。\n\n1.您是否了解政策？\n\n选择“了解”的150人，占75%；选择“不了解”的{}人，占25%。\n"
        assert told(check_option_counts, text.format(50)) == []
        assert told(check_option_counts, text.format(40)) == [("counts-differ", "200份", "190份")]


class TestToldAnswers:
    """正文与问卷统计."""

    def test_share_of_an_answer(self):
        """95 of 122 said yes: 77.87 %."""
        text = "问题“第4题：您是否知晓救助政策？”认为“是”的问卷比例达{}%。\n\n" + UPRIGHT.format("单选题", "77.87%", 27)
        assert told(check_told_answers, text.format("77.87")) == []
        assert told(check_told_answers, text.format("87.87")) == [("text-against-table", "87.87%", "77.87%")]

    def test_sum_of_shares(self):
        """18.63 + 59.80 = 78.43."""
        text = "问卷中熟悉的占比18.63%，一般了解的占比59.80%，合计政策知晓率为{}%。"
        assert told(check_told_sums, text.format("78.43")) == []
        assert told(check_told_sums, text.format("78.53")) == [("parts-differ", "78.53%", "78.43%")]


class TestReturns:
    """发放、回收、有效."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("发放问卷125份，回收问卷120份，有效问卷114份，回收率96%，有效率95%。", []),
            ("发放问卷125份，回收问卷120份，有效问卷114份，回收率96%，有效率91.2%。", []),
            ("发放问卷125份，回收问卷120份，回收率98%。", [("share-differs", "98%", "96%")]),
            ("发放问卷100份，回收问卷120份。", [("counts-differ", "120份", "不大于 100份")]),
        ],
    )
    def test_in_one_text(self, text, expected):
        """Valid ones may be taken of those returned or of those sent."""
        assert told(check_returns, text) == expected

    def test_sample_told_twice(self):
        """Two numbers of valid questionnaires."""
        text = "共收回有效问卷120份。\n\n附件说明，有效问卷{}份。\n"
        assert told(check_sample_size, text.format(120)) == []
        assert told(check_sample_size, text.format(130)) == [("value-told-twice", "130份", "120份")]


class TestSatisfaction:
    """满意度的平均与可能值."""

    ITEMS = "平均满意度为{}%。\n\n问题名称\t满意度\n流程\t94.52%\n范围\t92.17%\n负担\t90.11%\n资格\t91.34%\n"

    @pytest.mark.parametrize(
        ("mean", "expected"),
        [("92.04", []), ("92.03", []), ("92.35", [("average-differs", "92.35%", "92.04%")])],
    )
    def test_mean(self, mean, expected):
        """The mean is 92.035."""
        assert told(check_mean_satisfaction, self.ITEMS.format(mean)) == expected

    def test_shares_nobody_can_give(self):
        """Of 102 people, marked in twentieths, none makes 94.52 %."""
        text = "有效问卷102份。\n\n问题名称\t满意度\n流程\t94.52%\n范围\t94.51%\n"
        assert told(check_possible_satisfaction, text) == [("share-differs", "94.52%", "")]
