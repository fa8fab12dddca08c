"""题名和文号：各种括号、嵌套的书名号、连着引用的几个文件、单独的文号。"""

import pytest

from tuodi.audit.figures.citations import citations, lone_brackets


@pytest.mark.parametrize(
    ("text", "title", "key"),
    [
        ("《资金管理办法》（甲财社〔2024〕5号）", "资金管理办法", ("甲财社", 2024, 5)),
        ("《资金管理办法》（甲财社[2024]5号）", "资金管理办法", ("甲财社", 2024, 5)),
        ("《资金管理办法》（甲财社【2024】5号）", "资金管理办法", ("甲财社", 2024, 5)),
        ("《资金管理办法》（甲财社（2024）5号）", "资金管理办法", ("甲财社", 2024, 5)),
        ("《关于印发<办法>的通知》（甲财社〔2024〕5号）", "关于印发<办法>的通知", ("甲财社", 2024, 5)),
        ("《关于印发《办法》的通知》（甲财社〔2024〕5号）", "关于印发《办法》的通知", ("甲财社", 2024, 5)),
        ("关于印发《办法》的通知（甲财社〔2024〕5号）", "关于印发办法的通知", ("甲财社", 2024, 5)),
        ("依据甲财社〔2024〕5号《资金管理办法》", "资金管理办法", ("甲财社", 2024, 5)),
    ],
)
def test_题名和文号相配(text: str, title: str, key: tuple[str, int, int]) -> None:
    (found,) = citations(text)
    assert found.title == title
    assert found.number is not None
    assert found.number.key == key


def test_连着引用的几个文件各有各的文号() -> None:
    found = citations("《甲办法》《乙办法》（甲财〔2023〕1号）、《丙办法》（甲财〔2024〕2号）")
    assert [(each.title, each.number.number if each.number else None) for each in found] == [
        ("甲办法", None),
        ("乙办法", 1),
        ("丙办法", 2),
    ]


def test_单独的文号() -> None:
    (found,) = citations("按照甲财社〔2024〕5号的要求")
    assert found.title == ""
    assert found.number is not None
    assert found.number.agency == "甲财社"


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("（甲财〔2024〕5号）", ""),
        ("（甲财【2024】年5号）", "年"),
        ("（甲财（2024]5号）", "（]"),
        ("（甲财〔2024〕5号〕", "（〕"),
    ],
)
def test_文号写法的毛病(text: str, odd: str) -> None:
    (found,) = citations(text)
    assert found.number is not None
    assert found.number.odd == odd


@pytest.mark.parametrize(
    ("text", "lone"),
    [("《甲》", []), ("《甲", ["《"]), ("甲》的通知", ["》"]), ("《关于印发《甲》的通知》", []), ("《甲》》", ["》"])],
)
def test_没有配对的书名号(text: str, lone: list[str]) -> None:
    assert [each.sign for each in lone_brackets(text)] == lone
