"""tuodi policy 的四种操作：说什么，退出值是多少。"""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from tests.policy.places import MADE_UP
from tuodi.commands.places import WrongUse
from tuodi.commands.policy import COMMAND

FIRST, SECOND = str(MADE_UP / "shili-2025-first.yaml"), str(MADE_UP / "shili-2025-second.yaml")


def run(*words: str) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


def test_列出内置政策(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    printed = capsys.readouterr().out
    for policy_id in ("fukang-2024", "jiaocheng-2024", "junshan-2022", "lishi-2022", "maqiao-2024-mutual-aid"):
        assert policy_id in printed


def test_检查全部内置政策(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    told = capsys.readouterr().err
    assert "错误" not in told
    assert "提醒" not in told
    assert "待明确" in told


def test_检查有错的文件(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "shili.yaml"
    wrong.write_text(Path(FIRST).read_text(encoding="utf-8").replace('"0.60"', "0.60"), encoding="utf-8")
    assert run("check", str(wrong)) == 1
    captured = capsys.readouterr()
    assert "金额和比例必须加引号" in captured.err
    assert "读不出来" in captured.out
    assert run("show", str(wrong)) == 1
    assert run("diff", FIRST, str(wrong)) == 1


def test_检查相接和有空档的两份(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", FIRST, SECOND) == 0
    late = tmp_path / "late.yaml"
    late.write_text(Path(SECOND).read_text(encoding="utf-8").replace("2025-07-01", "2025-08-01"), encoding="utf-8")
    assert run("check", FIRST, str(late)) == 1
    assert "2025-07-01 至 2025-07-31 没有政策" in capsys.readouterr().err


def test_显示一份政策(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "maqiao-2024") == 0
    captured = capsys.readouterr()
    for words in ("闵医保规发〔2022〕1号", "130,000元", "闵行区", "个人缴纳120元", "待明确"):
        assert words in captured.out
    assert captured.err == ""


def test_方括号不会被当作颜色(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shili.yaml"
    text = Path(FIRST).read_text(encoding="utf-8").replace("title: 示例县2025", 'title: "[red]示例县[/red]2025"  #')
    path.write_text(text, encoding="utf-8")
    assert run("show", str(path)) == 0
    assert "[red]示例县[/red]2025" in capsys.readouterr().out


def test_比较两份政策(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", FIRST, SECOND) == 0
    assert "20,000元" in capsys.readouterr().out
    assert run("diff", FIRST, FIRST) == 0
    assert "没有不同" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("show", "甲"), ("check", "甲.yaml"), ("diff", "maqiao-2024", "甲")])
def test_未知编号和缺少的文件(words: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse, match="没有名为“甲"):
        run(*words)
