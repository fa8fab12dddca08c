"""tuodi clearing：表格、JSON 和退出状态。"""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from tuodi.commands.clearing import COMMAND
from tuodi.commands.places import WrongUse


def _run(*words: str) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


def test_马桥互助帮困的JSON(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("maqiao-2024-mutual-aid", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["id", "total", "lines"]
    assert (answer["id"], answer["total"]) == ("maqiao-2024-mutual-aid", "795265.75")
    amounts = [line["amount"] for line in answer["lines"]]
    assert amounts == ["324292.50", "62125.00", "24142.50", "4625.00", "380080.75"]
    assert answer["lines"][0] == {
        "name": "筹集2024年医疗资金",
        "formula": "497×2610×25%",
        "amount": "324292.50",
        "due": None,
        "paid_on": None,
        "days_late": None,
    }


def test_马桥通知的JSON(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("maqiao-2024-notices", "--json") == 0
    june, november = json.loads(capsys.readouterr().out)["lines"]
    keys = ("amount", "due", "paid_on", "days_late")
    assert [june[key] for key in keys] == ["32880.00", "2024-06-20", "2024-07-02", 12]
    assert [november[key] for key in keys] == ["4281.25", "2024-11-14", "2024-11-15", 1]


def test_阜康的JSON(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("fukang-2024", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == "1826220.00"


@pytest.mark.parametrize(
    ("编号", "应有"),
    [
        ("maqiao-2024-mutual-aid", ["497×3059×25%", "380,080.75", "795,265.75", "497 − 460", "1,590,531.50"]),
        ("maqiao-2024-notices", ["32,880.00", "2024-06-20", "2024-07-02", "逾期 12 天", "逾期 1 天", "131,520.00"]),
        ("fukang-2024", ["30437×5×12", "1,826,220.00", "按期", "昌吉回族自治州医疗保障局"]),
    ],
)
def test_给人看的表(编号: str, 应有: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(编号) == 0
    shown, told = capsys.readouterr()
    assert [text for text in 应有 if text not in shown] == []
    assert told == ""
    assert "\N{REPLACEMENT CHARACTER}" not in shown


def test_不认识的编号列出可用的() -> None:
    with pytest.raises(WrongUse, match="fukang-2024、maqiao-2024-mutual-aid、maqiao-2024-notices"):
        _run("junshan-2022")


def test_读不出来的文件_退出1_不出结果(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: tuodi-clearing/1\n", encoding="utf-8")
    assert _run(str(path), "--json") == 1
    shown, told = capsys.readouterr()
    assert shown == ""
    assert "缺少“payer”" in told
