"""The page of each heading is the one its footer shows."""

from dataclasses import replace

from tests.report.docx_demo import COVER, body, heading, score_table
from tuodi.kernel.fragments import Words
from tuodi.report.blocks import Heading, Paragraph, ParagraphStyle, Report
from tuodi.report.word.pages import entries, find_pages, turned

REPORT = Report(
    id="r",
    cover=COVER,
    blocks=(
        heading(1, "一、概况"),
        heading(2, "（一）背景"),
        heading(3, "1.不进目录"),
        heading(1, "二、救助对象满意度和社会公众对政策知晓情况的调查与分析结果以及由此得出的评价结论和建议"),
        heading(2, "（一）背景"),
    ),
)
CONTENTS = "目  录\n一、概况....1\n（一）背景....1\n          — I —\n"
FIRST = "页眉\n 一、概况\n （一）背景\n 正文提到（一）背景的事。\n          — 1 —\n"
SECOND = (
    "页眉\n 二、救助对象满意度和社会公众对政策知晓情况的调查与分析结果以\n及由此得出的"
    "评价结论和建议\n （一）背景\n — 12 —\n"
)


def _pages(*texts: str) -> dict[str, int]:
    return dict(find_pages(texts, REPORT))


def test_按页脚的数字_目录页和封面不算_长标题折行也认得() -> None:
    found = _pages("封面\n一、概况\n", CONTENTS, FIRST, SECOND, "")
    assert found == {"_Toc000001": 1, "_Toc000002": 1, "_Toc000003": 12, "_Toc000004": 12}


def test_同名的标题各找各的() -> None:
    assert [entry.key for entry in entries(REPORT)] == [f"_Toc00000{n}" for n in (1, 2, 3, 4)]
    # The first one is missing: the second is taken for it, and the count tells that something is wrong.
    assert len(_pages(FIRST.replace(" （一）背景\n", "\n"), SECOND)) < 4


def test_找不到的不写_不猜() -> None:
    assert _pages() == {}
    assert _pages("没有页脚\n一、概况\n") == {}
    assert _pages(FIRST.replace("一、概况", "一、概况的变化")) == {"_Toc000002": 1}


def test_字形相同的部首算同一个字() -> None:
    assert _pages(FIRST.replace("一、", "⼀、"))["_Toc000001"] == 1


def test_折行的标题不跨页拼() -> None:
    cut = SECOND.index("\n及")
    assert "_Toc000003" in _pages(FIRST, SECOND)
    assert "_Toc000003" not in _pages(FIRST, SECOND[:cut] + "\n— 3 —\n", SECOND[cut:])


def test_空标题没有页码() -> None:
    report = replace(REPORT, blocks=(Heading(1, (Words(""),)), heading(1, "甲")))
    assert find_pages(["甲\n— 2 —"], report) == {"_Toc000002": 2}


def test_哪些内容横排() -> None:
    wide, note = score_table(1), Paragraph((Words("注"),), ParagraphStyle.NOTE)
    head, text = heading(1, "甲"), body("乙")
    cases = [
        ([wide], [True]),
        ([text, wide, note, note, text], [False, True, True, True, False]),
        ([text, head, head, wide], [False, True, True, True]),
        ([text, head, text, wide], [False, True, True, True]),
        ([head, text, text, wide], [False, False, False, True]),
        ([note, text], [False, False]),
        ([wide, head, wide], [True, True, True]),
    ]
    for blocks, expected in cases:
        assert turned(blocks) == expected
