"""tuodi policy 的四种操作：说什么，退出值是多少。"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.places import MADE_UP
from tuodi.commands.places import WrongUse
from tuodi.commands.policy import COMMAND
from tuodi.policy import library

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


NAMES = [
    ("jiaocheng2024", ["jiaocheng-2024（交城县2024年城乡医疗救助）"]),
    ("Jiaocheng-2024.yaml", ["jiaocheng-2024（"]),
    ("jiaochen-2024", ["jiaocheng-2024（"]),
    ("交城县", ["jiaocheng-2024（"]),
    ("交城", ["jiaocheng-2024（"]),
    ("交城县2024年医疗救助", ["jiaocheng-2024（"]),
    ("离石", ["lishi-2022（"]),
    ("马桥", ["maqiao-2024（", "maqiao-2024-mutual-aid（"]),
]


@pytest.mark.parametrize(("asked", "meant"), NAMES, ids=[name for name, _ in NAMES])
def test_写错的编号_说出最近的(asked: str, meant: list[str]) -> None:
    with pytest.raises(WrongUse) as wrong:
        run("show", asked)
    question = str(wrong.value).partition("是不是想用 ")[2].partition("？")[0]
    assert question.startswith(meant[0])
    assert all(name in question for name in meant)


@pytest.mark.parametrize("asked", ["甲", "县", "没有的政策", "xyz"])
def test_没有相近的编号就不猜(asked: str) -> None:
    with pytest.raises(WrongUse) as wrong:
        run("show", asked)
    assert "是不是" not in str(wrong.value)


OTHER_FILES = [
    ("名册.xlsx", b"PK\x03\x04rest", "这是工作簿，不是政策文件"),
    ("名册.xlsx", b"PK\x03\x04" + b"x" * 2_000_000, "这是工作簿，不是政策文件"),
    ("通知.docx", b"PK\x03\x04rest", "这是 Word 文档，不是政策文件"),
    ("政策.yaml", b"PK\x03\x04rest", "这是压缩包，不是政策文件"),
    ("名册.xls", b"\xd0\xcf\x11\xe0rest", "这是旧版的工作簿或 Word 文档，不是政策文件"),
    ("名册.parquet", b"PAR1rest", "这是 parquet 数据文件，不是政策文件"),
    ("通知.pdf", b"%PDF-1.7", "这是 PDF 文件，不是政策文件"),
    ("扫描.jpg", b"\xff\xd8\xff\xe0", "这是图片，不是政策文件"),
    ("名册.csv", "人员编号,身份\nP1,低保对象\n".encode(), "这是 CSV 表格，不是政策文件"),
    ("通知.html", b"  <html>", "这是网页，不是政策文件"),
    ("程序", b"\x7fELF\x00\x00", "这是二进制文件，不是政策文件"),
]


@pytest.mark.parametrize(
    ("name", "content", "words"), OTHER_FILES, ids=[f"{case[0]}-{n}" for n, case in enumerate(OTHER_FILES)]
)
def test_不是政策文件_说出是什么(
    name: str, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert run("check", str(path)) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "错误 1 条" in told


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of built-in policies that holds one document, under another name than its id."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "xinxian-2025.yaml").write_bytes(Path(FIRST).read_bytes())
    monkeypatch.setattr(library, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    library._built_in.cache_clear()
    yield folder
    library._built_in.cache_clear()


def test_编号与文件名不一致的内置政策_检查时指出(own_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in ("xinxian-2025", str(own_folder / "xinxian-2025.yaml")):
        assert run("check", asked) == 1
        told = capsys.readouterr().err
        assert "id 与文件名不一致" in told
        assert "请把文件名改为 shili-2025-first.yaml，或把 id 改为 xinxian-2025" in told
    # Whatever list names can be shown.
    assert run("list") == 0
    assert "xinxian-2025" in capsys.readouterr().out
    assert run("show", "xinxian-2025") == 0


def test_自己的政策文件不必按编号取名(tmp_path: Path) -> None:
    path = tmp_path / "我的政策.yaml"
    path.write_bytes(Path(FIRST).read_bytes())
    assert run("check", str(path)) == 0
