"""tuodi funds：表格、JSON 和退出状态。"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from tuodi.commands.funds import COMMAND
from tuodi.commands.places import WrongUse


def _run(*words: str) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


def _answer(programme_id: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert _run(programme_id, "--json") == 0
    shown, told = capsys.readouterr()
    assert told == ""
    answer: dict[str, Any] = json.loads(shown)
    return answer


def test_交城的JSON_以元计并保留原文万元(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _answer("jiaocheng-2024", capsys)
    assert answer["sources"][0] == {
        "name": "中央",
        "amount": "2518800.00",
        "printed": "251.88万元",
        "spent": None,
        "remainder": None,
    }
    assert (answer["sources_total"], answer["sources_total_printed"]) == ("10220400.00", "1022.04万元")
    assert (answer["uses_total"], answer["uses_total_printed"]) == ("9255900.00", "925.59万元")
    assert answer["uses"][0]["person_times"] == 3297
    assert (answer["execution_rate"], answer["arrival_rate"]) == ("90.56", "100.00")
    assert answer["balance"] == {
        "opening": "28924300.00",
        "received": "10220400.00",
        "spent": "9255900.00",
        "computed": "29888800.00",
        "stated": "29935400.00",
        "difference": "46600.00",
    }
    assert [finding["rule"] for finding in answer["findings"]] == ["balance-not-rolled"]
    available = next(rate for rate in answer["rates"] if rate["key"] == "execution_of_available")
    assert (available["numerator"], available["denominator"]) == ("9255900.00", "39144700.00")
    assert available["percent"] == "23.65"


def test_君山的JSON(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _answer("junshan-2022", capsys)
    quarters = [row["amount"] for row in answer["quarters"]]
    assert quarters == ["910584.57", "2317728.67", "1237436.38", "2953264.42"]
    assert answer["quarters_total"] == "7419014.04"
    assert answer["arrival_rate"] is None
    assert answer["balance"]["opening"] is None
    assert answer["months"] == []


def test_马桥的JSON(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _answer("maqiao-2024", capsys)
    assert len(answer["months"]) == 12
    assert answer["months"][4] == {
        "month": 5,
        "batches": 3,
        "person_times": 236,
        "amount": "69127.10",
        "returned": 67,
    }
    assert answer["months_total"] == {"batches": 26, "person_times": 1896, "amount": "639318.31", "returned": 74}
    assert (answer["budget"]["initial"], answer["budget"]["adjusted"]) == ("1350000.00", "1471745.31")
    assert answer["balance"] is None


@pytest.mark.parametrize(
    ("编号", "应有"),
    [
        ("jiaocheng-2024", ["1,022.04 万元", "925.59 万元", "90.56%", "23.65%", "4.66 万元"]),
        ("junshan-2022", ["7,419,014.04 元", "273.56 万元", "50.74 万元"]),
        ("maqiao-2024", ["639,318.31 元", "1,896", "1,350,000.00 元", "1,471,745.31 元", "按行序判读"]),
        ("fukang-2024", ["1,826,220.00 元", "200.00 万元", "91.31%"]),
        ("lishi-2022", ["结转下年", "财政收回", "39.00%", "7,035,950.57 元"]),
    ],
)
def test_给人看的表(编号: str, 应有: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(编号) == 0
    shown, told = capsys.readouterr()
    assert [text for text in 应有 if text not in shown] == []
    assert "提醒" in told


def test_矛盾写清楚在哪里_是什么_差多少_怎么办(capsys: pytest.CaptureFixture[str]) -> None:
    _run("jiaocheng-2024")
    assert (
        "jiaocheng-2024“年末结转结余（一（二）2）”：2,993.54 万元 与按明细计算的 2,988.88 万元 不一致，相差 4.66 万元；"
        "请核对原始账表，更正其中一处并写明原因。"
    ) in capsys.readouterr().err


def test_不认识的编号列出可用的() -> None:
    with pytest.raises(WrongUse, match="fukang-2024、jiaocheng-2024、junshan-2022、lishi-2022、maqiao-2024"):
        _run("lishi-2023")


def test_读不出来的文件_退出1_不出结果(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: tuodi-programme/1\n", encoding="utf-8")
    assert _run(str(path)) == 1
    shown, told = capsys.readouterr()
    assert shown == ""
    assert "缺少“sources”" in told
