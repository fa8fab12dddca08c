"""引用的文件：一题两号、一号两题、括号写法、书名号不配对、年份不可能。"""

import pytest

from tests.audit.checks.told import remarks, told
from tuodi.audit.checks.form.citations import (
    impossible_years,
    number_forms,
    open_brackets,
    same_number_other_title,
    same_title_other_number,
)
from tuodi.kernel.finding import Severity

FULL = "依据《甲县医疗救助资金管理办法》（甲财社〔2024〕5号）安排资金。"


def test_同一题名两个文号() -> None:
    assert told(same_title_other_number, FULL, FULL, "按照《甲县医疗救助资金管理办法》（甲财社〔2024〕6号）执行。") == [
        ("document-number-differs", "甲财社〔2024〕6号", "甲财社〔2024〕5号")
    ]


def test_机关代字少一个字() -> None:
    other = "按照《甲县医疗救助资金管理办法》（财社〔2024〕5号）执行。"
    assert told(same_title_other_number, FULL, FULL, other) == [
        ("document-number-differs", "财社〔2024〕5号", "甲财社〔2024〕5号")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "按照《甲县医疗救助资金管理办法》（甲财社[2024]5号）执行。",
        "乙市印发《乙市医疗救助资金管理办法》（乙财社〔2024〕6号）。",
        "按照《实施方案》（甲财社〔2024〕6号）执行。",
        "按照《甲县医疗救助资金管理办法》执行。",
    ],
)
def test_文号没有矛盾(other: str) -> None:
    assert told(same_title_other_number, FULL, "《实施方案》（甲政〔2024〕1号）。", other) == []


def test_两级机关的同名文件不是一个文件() -> None:
    one = "省委《关于全面实施预算绩效管理的意见》（省发〔2018〕39号）；"
    other = "中共中央《关于全面实施预算绩效管理的意见》（中发〔2018〕34号）；"
    assert told(same_title_other_number, one, other) == []


def test_同一文号两个题名() -> None:
    other = "按照《甲县医疗救助基金使用规定》（甲财社〔2024〕5号）执行。"
    (found,) = remarks(same_number_other_title, FULL, FULL, other)
    assert (found.rule, found.severity) == ("document-title-differs", Severity.ERROR)
    assert found.stated == "甲县医疗救助基金使用规定"


@pytest.mark.parametrize(
    "title",
    [
        "甲县财政局关于印发<甲县医疗救助资金管理办法>的通知",
        "关于印发甲县医疗救助资金管理办法的通知",
        "甲县医疗救助资金管理办法",
    ],
)
def test_带不带印发通知的外壳是同一文件(title: str) -> None:
    assert remarks(same_number_other_title, FULL, f"按照《{title}》（甲财社〔2024〕5号）执行。") == []


@pytest.mark.parametrize(
    "title", ["医疗救助资金管理办法", "甲县医疗救助资金管理办法（试行）", "关于医疗救助资金管理办法的通知"]
)
def test_只差地名和试行字样是提示(title: str) -> None:
    (found,) = remarks(same_number_other_title, FULL, FULL, f"按照《{title}》（甲财社〔2024〕5号）执行。")
    assert found.severity is Severity.INFO


def test_同一文号两种括号每个文号提示一次() -> None:
    square = FULL.replace("〔", "[").replace("〕", "]")
    found = remarks(number_forms, FULL, square, square)
    assert [(each.stated, each.expected, each.severity) for each in found] == [
        ("甲财社[2024]5号", "甲财社〔2024〕5号", Severity.INFO)
    ]


def test_全文一种括号不提示() -> None:
    square = FULL.replace("〔", "[").replace("〕", "]")
    assert remarks(number_forms, square, square.replace("5号", "6号")) == []


def test_文号里多了年字() -> None:
    assert told(number_forms, "依据《办法全文》（甲财社【2024】年5号）执行。") == [
        ("document-number-form", "甲财社【2024】年5号", "甲财社〔2024〕5号")
    ]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("依据《甲办法》和乙规定》执行。", ["》"]),
        ("依据《甲办法执行。", ["《"]),
        ("依据《关于印发<甲办法>的通知》执行。", []),
        ("称“应救尽救”并“随报随办”。", []),
        ("称“应救尽救并随报随办。", ["“"]),
    ],
)
def test_不配对的括号和引号(text: str, signs: list[str]) -> None:
    assert [each.stated for each in remarks(open_brackets, text)] == signs


def test_分在两页的书名号接得上() -> None:
    assert (
        remarks(
            open_brackets, "依据《关于进一步做好城乡医疗救助工作并切实减轻困难群众医疗费用负担的", "若干意见》执行。"
        )
        == []
    )


def test_文号年份晚于报告年份() -> None:
    cover = "2025年7月"
    assert told(impossible_years, cover, FULL) == []
    assert told(impossible_years, cover, FULL.replace("2024", "2026")) == [("document-number-differs", "2026", "")]


@pytest.mark.parametrize(("year", "count"), [(2022, 1), (2023, 0), (2024, 0)])
def test_题名所说的年份比文号晚两年(year: int, count: int) -> None:
    text = f"依据《关于下达2024年医疗救助资金的通知》（甲财社〔{year}〕5号）安排。"
    assert len(remarks(impossible_years, text)) == count
