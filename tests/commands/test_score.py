"""``tuodi score``: the contract's JSON for the built-in evaluations, inputs replaced by a file, an empty evaluation."""

import json
from pathlib import Path
from typing import Any

import pytest

from tuodi.commands import evaluation, score
from tuodi.commands.parser import build_parser
from tuodi.commands.places import WrongUse
from tuodi.evaluation.scheme_library import known_evaluations

PRINTED = {
    "jiaocheng-2024": ("90.71", "优"),
    "junshan-2022": ("98.00", "优秀"),
    "fukang-2024": ("93.50", "优"),
    "fukang-2024-self": ("88.37", "良"),
    "maqiao-2024": ("89.65", "良"),
    "lishi-2022-01": ("0.00", None),
    "lishi-2022-02": ("0.00", None),
    "lishi-2022-03": ("0.00", None),
    "lishi-2022-04": ("100.00", None),
    "lishi-2022-05": ("0.00", None),
    "lishi-2022-06": ("40.00", None),
    "lishi-2022-07": ("0.00", None),
    "lishi-2022-08": ("36.00", None),
}


def start(*words: str) -> int:
    args = build_parser([score.COMMAND, evaluation.COMMAND]).parse_args(list(words))
    status: int = args.run(args)
    return status


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = start("score", *words, "--json")
    return status, json.loads(capsys.readouterr().out)


def leaf(answer: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in answer["indicators"] if each["code"] == code)
    return found


def test_内置评价正好是合同写的十三份() -> None:
    assert set(known_evaluations()) == set(PRINTED)


@pytest.mark.parametrize("evaluation_id", PRINTED)
def test_总分和等级与报告相同(evaluation_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = answered(capsys, evaluation_id)
    assert status == 0
    assert (answer["id"], answer["total"], answer["grade"]) == (evaluation_id, *PRINTED[evaluation_id])
    wanted = {"code", "name", "level", "weight", "score", "rate", "rule", "by_printed_rule", "note", "reason"}
    assert all(wanted <= set(each) and isinstance(each["evidence"], list) for each in answer["indicators"])


def test_得分率以百分数两位小数写出(capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = answered(capsys, "fukang-2024")
    assert leaf(answer, "F3.1.1")["rate"] == "91.33"
    groups = {each["code"]: each for each in answer["groups"]}
    assert (groups["F3"]["score"], groups["F3"]["rate"]) == ("32.70", "93.43")


def test_按印出规则的得分另列(capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = answered(capsys, "fukang-2024-self")
    by_rule = {each["name"]: each["by_printed_rule"] for each in answer["indicators"] if each["by_printed_rule"]}
    assert by_rule == {
        "城镇职工大额医疗保险参保人数": "9.13",
        "单建统筹基金参保人数": "6.78",
        "实施统账结合参保人数": "4.83",
        "住院报销比例": "10.00",
    }


def test_inputs_逐格替换(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """执行率 85%：低 10 个百分点，正好两档，4 − 2 = 2；84.99% 是第三档，1 分。"""
    for actual, points in (("85", "2.00"), ("84.99%", "1.00"), ("95", "4.00"), ("94.99", "3.00")):
        inputs = tmp_path / "改.csv"
        inputs.write_text(f"code,actual\nB12,{actual}\n", encoding="utf-8")
        status, answer = answered(capsys, "jiaocheng-2024", "--inputs", str(inputs))
        assert (status, leaf(answer, "B12")["score"]) == (0, points), actual


def test_inputs_改分子分母(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """知晓 92 人 / 102 人 = 90.20%，达到 90%，满分 6。"""
    inputs = tmp_path / "改.csv"
    inputs.write_text("code,numerator,denominator\nD13,92,102\n", encoding="utf-8")
    _, answer = answered(capsys, "jiaocheng-2024", "--inputs", str(inputs))
    assert (leaf(answer, "D13")["score"], leaf(answer, "D13")["actual"]) == ("6.00", "90.2%")
    assert answer["total"] == "92.00"


def test_空白评价没有总分_逐项说明缺什么(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "甲县"
    assert start("evaluation", "new", "--scheme", "common", "--out", str(folder)) == 0
    capsys.readouterr()
    assert start("score", str(folder), "--json") == 1
    streams = capsys.readouterr()
    answer = json.loads(streams.out)
    assert answer["total"] is None and answer["grade"] is None
    assert "请在" in streams.err and "Traceback" not in streams.err


def test_没有的编号和文件是用法错误(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="jiaocheng-2024"):
        start("score", "没有这个")
    with pytest.raises(WrongUse):
        start("score", "jiaocheng-2024", "--inputs", str(tmp_path / "没有.csv"))
    with pytest.raises(WrongUse):
        start("score", str(tmp_path))


def test_屏幕上有计算过程和扣分原因(capsys: pytest.CaptureFixture[str]) -> None:
    assert start("score", "jiaocheng-2024") == 0
    shown = capsys.readouterr().out
    assert "4.44" in shown and "总分 90.71 分，等级：优" in shown
    _, answer = answered(capsys, "jiaocheng-2024")
    assert leaf(answer, "B12")["formula"].endswith("：4 分 − 1 分 × 1 = 3 分")
