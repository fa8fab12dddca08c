"""Tables on a screen of 80 columns: no number is broken over lines, no word is lost."""

import io
import re
from argparse import ArgumentParser

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from tests.policy.places import built_in
from tuodi.commands import policy
from tuodi.commands.demo import HEADINGS as DEMO
from tuodi.commands.explain import HEADINGS as EXPLAIN
from tuodi.commands.figures_table import Folded, figures_table
from tuodi.policy.library import built_in_ids

NUMBER = re.compile(r"[0-9][0-9,.]*")


def printed(content: RenderableType, width: int = 80) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width, highlight=False).print(content)
    return screen.getvalue()


def numbers(text: str) -> list[str]:
    """Return the numbers of a text, each as often as it stands there."""
    return sorted(NUMBER.findall(text))


def test_计算单的算式在八十列里不断开() -> None:
    row = (
        "　个人负担超过年度起付线的部分",
        "1,234,567.89 − 10,000.00 − 3,092.40 = 1,221,475.49（不低于0.00）",
        "1,221,475.49",
        "吕政办发〔2022〕61号住院救助·因病致贫重病患者，第五条第（三）项",
    )
    total = ("医疗救助支付", "", "1,221,475.49", "")
    told = printed(figures_table("", EXPLAIN, [row], numbers=EXPLAIN[2:3], total=total))
    assert numbers(told) == numbers("".join((*row, *total)))
    assert max(map(cell_len, told.splitlines())) <= 80


def test_演示的汇总表在八十列里不断开() -> None:
    row = (
        "历史资金清算（2023年第4季度）",
        "123,456,789.01 元",
        "1,234.57 万元（约数）",
        "[1] 三、2024年城乡医疗救助资金支出情况（一）",
        "与样例中已付的相差 1,234,567.89 元，2024-12-31 止",
    )
    told = printed(figures_table("示例县", DEMO, [row], numbers=DEMO[1:3]))
    assert numbers(told) == numbers("".join(row))


@pytest.mark.parametrize("policy_id", built_in_ids())
def test_政策的各张表在八十列里不断开(policy_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[RenderableType] = []
    monkeypatch.setattr(policy, "show", shown.append)
    parser = ArgumentParser()
    policy.COMMAND.arguments(parser)
    for words in (["show", policy_id], ["list"], ["check", policy_id]):
        args = parser.parse_args(words)
        assert args.policy_action(args) == 0
    narrow, wide = ("".join(printed(content, width) for content in shown) for width in (80, 4000))
    assert built_in(policy_id).id in narrow
    assert numbers(narrow) == numbers(wide)
    assert max(cell_len(line) for line in narrow.splitlines()) <= 80


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("年度限额60,000.00元", 12, ["年度限额", "60,000.00元"]),
        ("甲乙丙丁戊", 4, ["甲乙", "丙丁", "戊"]),
        ("10.00 − 3.25 = 6.75", 8, ["10.00 −", "3.25 =", "6.75"]),
        ("　缩进的一行文字", 8, ["　缩进的", "一行文字"]),
        ("第一行\n第二行", 40, ["第一行", "第二行"]),
        ("[red]不是颜色", 40, ["[red]不是颜色"]),
        ("", 10, [""]),
    ],
)
def test_在字之间断开_不在数字中间(text: str, width: int, lines: list[str]) -> None:
    assert [line.rstrip(" ") for line in printed(Folded(text), width).splitlines()] == lines
