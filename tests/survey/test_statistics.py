"""统计的不变量：人数相加等于答题人数，比例是人数之比，指数在 0 与 100% 之间；置信区间和样本量与手算一致。"""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.written import define, write
from tuodi.survey.definition import Kind
from tuodi.survey.intervals import sample_size, wilson
from tuodi.survey.opinions import gather
from tuodi.survey.reckoning import reckon

TEXT = """questions:
  - {number: 1, text: 是否受益, kind: single, options: [是, 否]}
  - number: 2
    text: 满意吗
    kind: single
    options: [好, 中, 差]
    weights: {好: "1", 中: "0.333333", 差: "0"}
    share: {name: 好的占比, options: [好]}
  - {number: 3, text: 渠道, kind: multiple, options: [甲, 乙, 丙]}
  - {number: 4, text: 只问受益者, kind: single, options: [有, 无], shown_if: {question: "1", answers: [是]}}
recipients: {question: "1", answers: [是]}
"""
ROW = st.tuples(
    st.sampled_from(["是", "否", ""]),
    st.sampled_from(["好", "中", "差", "(跳过)"]),
    st.lists(st.sampled_from(["甲", "乙", "丙"]), unique=True).map("┋".join),
    st.sampled_from(["有", "无", ""]),
)


@settings(max_examples=60)
@given(rows=st.lists(ROW, max_size=30))
def test_人数相加等于答题人数(rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("invariants")
    path = write(folder / "a.csv", [["1、是否受益", "2、满意吗", "3、渠道", "4、只问受益者"], *rows])
    result, findings = reckon(path, define(folder, TEXT))
    assert result is not None
    assert result.n == result.valid + sum(result.removed.values())
    for question in result.questions:
        assert question.n <= question.shown <= result.valid
        total = sum(option.count for option in question.options)
        if question.kind is Kind.SINGLE:
            assert total == question.n
            shares = [Fraction(option.text) for option in question.options if option.text is not None]
            assert not shares or abs(sum(shares) - 100) <= Fraction(len(shares), 200)
        else:
            assert question.n <= total <= question.n * len(question.options)
        for option in question.options:
            assert (option.text is None) == (question.n == 0)
            if option.interval is not None:
                assert 0 <= option.interval.low <= Fraction(option.count, option.n) <= option.interval.high <= 1
    satisfied = result.questions[1]
    good, middling, _ = (option.count for option in satisfied.options)
    if satisfied.n:
        assert satisfied.satisfaction is not None and satisfied.share is not None
        assert satisfied.satisfaction.value == (good + middling * Fraction(333333, 1000000)) / satisfied.n
        assert satisfied.share.count == good
        assert satisfied.recipients is not None
        assert satisfied.recipients.n <= min(satisfied.n, result.recipients or 0)
    else:
        assert satisfied.satisfaction is None


@pytest.mark.parametrize(
    ("人数", "总数", "下限", "上限"),
    [
        # 手算：z=1.96，(2k+z²±z√(z²+4k(n−k)/n))÷2(n+z²)。
        (0, 10, "0.00", "27.75"),
        (10, 10, "72.25", "100.00"),
        (5, 10, "23.66", "76.34"),
        (118, 122, "91.87", "98.72"),
        (1, 1, "20.65", "100.00"),
    ],
)
def test_威尔逊区间(人数: int, 总数: int, 下限: str, 上限: str) -> None:
    interval = wilson(人数, 总数)
    assert interval is not None
    assert (interval.low_text, interval.high_text) == (下限, 上限)


def test_没有人回答就没有区间() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("总体", "误差", "置信度", "样本"),
    [
        (10**9, "0.05", 95, 385),
        (30437, "0.05", 95, 380),
        (1000, "0.05", 95, 278),
        (100, "0.05", 95, 80),
        (1, "0.05", 95, 1),
        (0, "0.05", 95, 0),
        (10**9, "0.03", 95, 1068),
        (10**9, "0.05", 99, 664),
        (10**9, "0.05", 90, 271),
    ],
)
def test_样本量(总体: int, 误差: str, 置信度: int, 样本: int) -> None:
    assert sample_size(总体, Fraction(误差), 置信度) == 样本


@pytest.mark.parametrize("权重", ['{是: "1", 否: "0"}', '{是: "1", 否: "0.5"}'])
def test_只有0和1的权重才叫满意比例(权重: str, tmp_path: Path) -> None:
    text = f"""questions:
  - {{number: 1, text: 满意吗, kind: single, options: [是, 否], weights: {权重}, share: {{name: 满意, options: [是]}}}}
"""
    result, _ = reckon(write(tmp_path / "a.csv", [["1、满意吗"], ["是"], ["否"]]), define(tmp_path, text))
    assert result is not None
    satisfaction = result.questions[0].satisfaction
    assert satisfaction is not None
    expected = ("满意比例", "50.00") if '否: "0"}' in 权重 else ("满意度指数", "75.00")
    assert (satisfaction.label, satisfaction.text) == expected


def test_填空题() -> None:
    answers = ["无", "没有。", "暂 无", "多宣传", "多宣传！", "流程太慢，多宣传", "谢谢", "!!"]
    opinions = gather(answers, {"宣传": ("宣传",), "流程": ("流程", "手续")})
    assert (opinions.n, opinions.nothing, opinions.ungrouped, opinions.different) == (8, 4, 1, 3)
    assert opinions.groups == (("宣传", 3), ("流程", 1))
    assert opinions.frequent == (("多宣传", 2), ("流程太慢，多宣传", 1), ("谢谢", 1))
