"""Damaged and hostile papers: the audit never breaks off, and its time grows with the length, not with its square."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from tests.audit.planted.generator import documents, render_text
from tests.audit.planted.second import generator as second
from tuodi.audit import audited
from tuodi.audit.checks.registry import CHECKS
from tuodi.audit.material import Material
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.kernel.opinion import Opinions

LENGTH = 30_000
MOST_SECONDS = 3
MUTATIONS = 80
INSERTED = (
    *("0", "9", "10^40", "1" * 45, "一", "百分之", "%", "（", "）", "（（（（", "《", "》", "〔", "“", "\t"),
    *(
        "\t\t\t",
        "\n",
        "，",
        "。",
        "万元",
        "亿",
        "-",
        "/",
        "÷0",
        "0元",
        "占",
        "其中",
        "合计",
        "，，，，",
        "\ud800",
        "\u200b",
        "\x00",
    ),
    "😀",
    "２０２４年１３月４０日",
)
BOMBS = (
    *(
        ",",
        "，",
        "1",
        "《",
        "（",
        "（1",
        "九",
        "百",
        "一、",
        "1.",
        "1,",
        "A1",
        "年",
        "2023年1月1日",
        "1元",
        "其中1元，",
    ),
    *("占1%", "、", "“", "是", "甲县民政局", "合计\t1\n"),
    *("1\t", "1\n", "表1", "第1题", "一是", "得1分", "（1分）"),
    *(
        "〔2023〕1号",
        "1/1=1%",
        "《关于",
        "由1元增加到2元",
        "某指标（5分）：得4分，",
        "一个问题：（1）",
    ),
    *("90分以上为优", "附件", "指标", "。", "县", "1.1", "1-"),
)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("papers")
    found = []
    for number, model in enumerate((*documents(4, 3), *documents(6, 3, second.FAMILIES))):
        path = folder / f"{number}.txt"
        render_text(model, path, ("tabs", "cells")[number % 2])
        found.append(path.read_text(encoding="utf-8"))
    return found


def _audited(folder: Path, text: str) -> Opinions:
    path = folder / "某报告.txt"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return audited(path)


def _mutated(text: str, rng: Random) -> str:
    """Return a text with a handful of pieces left out, doubled, moved or put in."""
    for _ in range(rng.randint(1, 12)):
        at, length = rng.randrange(len(text) + 1), rng.choice((1, 1, 2, 5, 40, 400))
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:at] + text[at + length :]
        elif kind == 1:
            text = text[:at] + rng.choice(INSERTED) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at : at + length] + text[at:]
        elif kind == 3:
            piece, rest = text[at : at + length], text[:at] + text[at + length :]
            to = rng.randrange(len(rest) + 1)
            text = rest[:to] + piece + rest[to:]
        else:
            text = text[:at] + text[at : at + length].replace("\n", "").replace("\t", "") + text[at + length :]
    return text


@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_打乱的文件不中断(seed: int, texts: list[str], tmp_path: Path) -> None:
    rng = Random(seed)
    assert isinstance(_audited(tmp_path, _mutated(rng.choice(texts), rng)), Opinions)


ODD = {
    "空": "",
    "只有空白": "\n\n\t\n",
    "只有数字": "12345 67890\n3.14\n-1\n",
    "一长串数字": "1" * 5000,
    "极大的数": f"全年支出{10**40}元，预算{10**41}元，执行率10%。",
    "超长的数": f"支出{'9' * 4400}元，占{'9' * 4400}%。",
    "全是零": "收入0元，支出0元，执行率0%，占0元的0%，人均0元，0人。",
    "一万列": "\t".join(str(n) for n in range(10_000)) + "\n" + "\t".join(["合计"] * 10_000),
    "圆括号深套": "（" * 20_000 + "）" * 20_000,
    "书名号深套": "《" * 20_000 + "关于" + "》" * 20_000,
    "代理字符": "\ud800\udfff孤立的代理字符，支出5元。",
    "控制字符": "\x00\x01\x02控制字符",
    "极长的一行": "甲县报告\n" + "某某事项" * 10_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_异常的文件不中断(text: str, tmp_path: Path) -> None:
    assert isinstance(_audited(tmp_path, text), Opinions)


def slow_steps(path: Path, most: float) -> dict[str, float]:
    """Return the seconds of work, not of waiting, of reading and of each check that took longer than so many."""
    began = time.process_time()
    paper = read_paper(path)
    taken = {"读文件": time.process_time() - began}
    if isinstance(paper, Paper):
        material = Material(paper)
        for check in CHECKS:
            began = time.process_time()
            list(check(material))
            taken[check.__name__] = time.process_time() - began
    return {name: seconds for name, seconds in taken.items() if seconds > most}


@pytest.mark.parametrize("pattern", BOMBS)
def test_重复的字符不拖慢任何一项检查(pattern: str, tmp_path: Path) -> None:
    path = tmp_path / "重复.txt"
    path.write_text("某县2023年报告\n" + pattern * (LENGTH // len(pattern)), encoding="utf-8")
    assert slow_steps(path, MOST_SECONDS) == {}
