"""缺字、错字、半角点、重列、档名、标题序号、没有编号的名词。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.form.wordings import (
    check_codes_left,
    check_entries_twice,
    check_heading_stops,
    check_lost_characters,
    check_misprints,
    check_said_twice,
    check_shared_limits,
    check_stops,
    check_tier_words,
    check_unnumbered_terms,
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("该指标满8分，扣1分，得7分。", [("blank-left", "满8分", "满分8分")]),
        ("该指标满分8分，扣1分，得7分。", []),
    ],
)
def test_满分缺字(said: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(check_lost_characters, "对于“发放及时率”：该指标满分5分，得5分。", said) == expected


def test_没有别的满分写法时不说缺字() -> None:
    assert told(check_lost_characters, "该指标满8分，得7分。") == []


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("您2024年救助工作及时性的评价？", 1),
        ("您对2024年救助工作及时性的评价？", 0),
        ("您2024年是否享受过救助？", 0),
        ("您认为2024年救助工作服务质量的评价如何？", 0),
    ],
)
def test_问题缺对字(question: str, count: int) -> None:
    assert len(remarks(check_lost_characters, question)) == count


def test_错字只说一次() -> None:
    (found,) = remarks(check_misprints, "评分分为三挡。", "指标分为三挡，逐项评定。")
    assert (found.stated, found.expected, len(found.also)) == ("三挡", "三档", 1)
    assert remarks(check_misprints, "评分分为三档。") == []


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("全年安排资金120万元，全部到位.执行率为90%。", 1),
        ("全年安排资金120.5万元，执行率为90.3%。", 0),
        ("1.项目概况和资金安排的总体情况说明如下。", 0),
    ],
)
def test_半角点(said: str, count: int) -> None:
    assert len(remarks(check_stops, said)) == count


def test_接连列两次() -> None:
    path = "【医疗救助-住院审核】"
    (found,) = remarks(check_entries_twice, f"打开{path}/{path}页面。")
    assert found.expected == "一次"
    assert remarks(check_entries_twice, f"打开{path}/【医疗救助-门诊审核】/{path}页面。") == []


def table(*words: str) -> str:
    rows = "\n".join(
        f"{name}指标\t5\t满分：成效明显 {word}：有成效 零分：没有成效\t5"
        for name, word in zip(("影响范围", "保障作用", "方便程度", "减轻程度", "健全程度"), words, strict=False)
    )
    return f"三级指标\t分值\t评分标准\t得分\n{rows}\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("合格", "合格", "合格", "及格"), [("name-told-twice", "及格", "合格")]),
        (("合格", "合格", "合格", "合格"), []),
        (("合格", "合格", "及格", "及格"), []),
    ],
)
def test_中间一档的名称(words: tuple[str, ...], expected: list[tuple[str, str, str]]) -> None:
    assert told(check_tier_words, table(*words)) == expected


def test_标题序号后的标点() -> None:
    texts = [f"{number}、第{number}部分说明" for number in "一二三四"]
    (found,) = remarks(check_heading_stops, *texts, "五.其他需要说明的问题")
    assert (found.stated, found.expected) == ("五.", "五、")
    assert remarks(check_heading_stops, *texts) == []


def test_名词解释缺序号() -> None:
    terms = [f"{number}、名词{number}项：指财政用于{number}类的支出。" for number in "一二三四五"]
    (found,) = remarks(check_unnumbered_terms, *terms, "城乡医疗救助：反映财政用于救助的支出。")
    assert found.stated == "无编号"
    assert remarks(check_unnumbered_terms, *terms[:3], "城乡医疗救助：反映财政用于救助的支出。") == []
    assert remarks(check_unnumbered_terms, *terms) == []


@pytest.mark.parametrize(
    ("said", "stated"),
    [
        ("根据县财政局《县财政局关于批复预算的通知》执行。", ["县财政局《县财政局"]),
        ("根据县财政局《关于批复预算的通知》执行。", []),
        ("评价要点：评价要点：①是否有依据。", ["评价要点：评价要点："]),
        ("评价要点：①是否有依据。", []),
    ],
)
def test_连着说两遍(said: str, stated: list[str]) -> None:
    assert [each.stated for each in remarks(check_said_twice, said)] == stated


def test_域代码() -> None:
    (found,) = remarks(check_codes_left, "[bookmark: _Toc96]一、基本情况", "正文没有代码。")
    assert found.stated == "[bookmark: _Toc96]"
    assert remarks(check_codes_left, "一、基本情况", "正文没有代码。") == []


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("分别按100%-80%，80%-60%，60%-0%确定分值。", 1),
        ("分别按100%-80%（含）、80%-60%（含）、60%-0%确定分值。", 0),
        ("分别按100%-81%，80%-60%确定分值。", 0),
    ],
)
def test_两档共用一个界限(said: str, count: int) -> None:
    assert len(remarks(check_shared_limits, said)) == count
