"""tuodi survey 和 tuodi draw：屏幕、JSON、文件和退出状态。"""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.survey.written import EXAMPLES, write
from tuodi.commands import draw, score, survey
from tuodi.commands.parser import Command, build_parser
from tuodi.commands.places import WrongUse
from tuodi.evaluation.data_tables import read_data

ANSWERS = str(EXAMPLES / "fukang-2024-answers.csv")
FUKANG = str(EXAMPLES / "fukang-2024.yaml")
COUNTS = str(EXAMPLES / "jiaocheng-2024-counts.csv")
JIAOCHENG = str(EXAMPLES / "jiaocheng-2024.yaml")


def _run(command: Command, *words: str) -> int:
    parser = ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(words))


def _survey(*words: str) -> int:
    return _run(survey.COMMAND, *words)


def test_JSON有合同写明的键(capsys: pytest.CaptureFixture[str]) -> None:
    assert _survey(ANSWERS, "--define", FUKANG, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["n"], answer["valid"]) == (122, 122)
    (last,) = [question for question in answer["questions"] if question["id"] == "11"]
    assert {"id", "text", "n", "options", "satisfaction"} <= set(last)
    assert last["satisfaction"] == "91.31"
    assert last["satisfaction_label"] == "满意度指数"
    assert last["options"][0] == {"text": "非常满意", "count": 92, "share": "75.41", "low": "67.07", "high": "82.20"}
    assert last["share"]["share"] == "96.72"
    assert [notice["id"] for notice in answer["notices"]] == ["1"]


def test_没有定义时满意度为空(capsys: pytest.CaptureFixture[str]) -> None:
    assert _survey(ANSWERS, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert [question["satisfaction"] for question in answer["questions"]] == [None] * 11


def test_印错的表退出1(capsys: pytest.CaptureFixture[str]) -> None:
    assert _survey(COUNTS, "--define", JIAOCHENG, "--json") == 1
    shown, told = capsys.readouterr()
    answer = json.loads(shown)
    assert answer["overall"] == {"name": "总体满意度", "value": "92.04"}
    assert [found["rule"] for found in answer["findings"]].count("survey-printed-share") == 5
    assert "按人数 9÷102 应为 8.82%" in told


def test_给人看的表(capsys: pytest.CaptureFixture[str]) -> None:
    assert _survey(ANSWERS, "--define", FUKANG) == 0
    shown, told = capsys.readouterr()
    wanted = ["满意度指数", "91.31", "96.72", "受益者", "95% 置信区间 91.87%～98.72%", "不是满意的人所占的比例", "█"]
    assert [text for text in wanted if text not in shown] == []
    assert "告知事项" in told


def test_统计表另存为工作簿(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "统计.xlsx"
    assert _survey(ANSWERS, "--define", FUKANG, "--out", str(out)) == 0
    book = CalamineWorkbook.from_path(out)
    assert book.sheet_names == ["概况", "选项统计", "满意度", "填空题", "问卷统计", "基础数据"]
    rows = book.get_sheet_by_name("选项统计").to_python()
    (row,) = [row for row in rows if row[0] == "11" and row[2] == "非常满意"]
    assert row[3:5] == [92, 122]
    assert row[5] == pytest.approx(92 / 122)
    assert [row[4:6] for row in book.get_sheet_by_name("满意度").to_python() if row[0] == "11"] == [
        ["满意度指数", "91.31"],
        ["满意度指数", "92.14"],
    ]
    assert str(out) in capsys.readouterr().err


def test_读不出来的文件退出1_不出结果(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"")
    out = tmp_path / "out.xlsx"
    assert _survey(str(bad), "--json", "--out", str(out)) == 1
    assert _survey(ANSWERS, "--define", str(bad), "--json", "--out", str(out)) == 1
    assert capsys.readouterr().out == ""
    assert not out.exists()


def test_用法不对(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="找不到文件"):
        _survey(str(tmp_path / "nothing.csv"))
    with pytest.raises(WrongUse, match="xlsx"):
        _survey(ANSWERS, "--out", str(tmp_path / "out.txt"))


NAMES = [
    ["人员编号", "姓名", "证件号码", "乡镇"],
    *(
        [f"P{number:03d}", "测试", f"1101011990030{number:04d}0", "东镇" if number < 60 else "西镇"]
        for number in range(90)
    ),
]


def _draw(tmp_path: Path, *words: str) -> tuple[int, list[list[str]]]:
    names = write(tmp_path / "names.csv", NAMES)
    out = tmp_path / "drawn.csv"
    status = _run(draw.COMMAND, str(names), "--seed", "2024", "--out", str(out), *words)
    if not out.exists():
        return status, []
    with out.open(encoding="utf-8-sig", newline="") as file:
        return status, list(csv.reader(file))


def test_分层抽样(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = _draw(tmp_path, "--size", "9", "--by", "乡镇")
    assert status == 0
    assert rows[0] == ["抽样序号", "层", "人员编号", "姓名", "证件号码", "乡镇"]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 10)]
    assert [row[1] for row in rows[1:]] == ["东镇"] * 6 + ["西镇"] * 3
    assert all(row[4][4:14] == "*" * 10 for row in rows[1:])
    assert "种子 2024" in capsys.readouterr().out
    assert _draw(tmp_path, "--size", "9", "--by", "乡镇") == (0, rows)


def test_按误差算样本量(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = _draw(tmp_path, "--margin", "10%", "--with-numbers")
    # 96.04÷(1+95.04÷90)=46.7，取 47。
    assert (status, len(rows) - 1) == (0, 47)
    assert "至少抽 47 人" in capsys.readouterr().out
    assert "*" not in "".join(row[4] for row in rows)


def test_抽样的用法不对(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("--size", "91"), ("--size", "0"), ("--margin", "五成"), ("--margin", "0%")):
        with pytest.raises(WrongUse):
            _draw(tmp_path, *words)
    assert _draw(tmp_path, "--size", "9", "--by", "村") == (1, [])
    assert "没有“村”这一列" in capsys.readouterr().err


def test_统计表可以直接作为评价的数据(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """问卷统计表的人数经 --inputs 进入指标：阜康市的满意度仍是 91.31%，得 4.89 分。"""
    out = tmp_path / "统计.xlsx"
    _survey(ANSWERS, "--define", FUKANG, "--out", str(out))
    data, findings = read_data(out)
    assert [finding for finding in findings if finding.is_error] == []
    counts = {(row.question, row.option): row.count for row in data.surveys}
    assert counts["11", "非常满意"] == "92" and counts["4", "否"] == "27"
    capsys.readouterr()
    args = build_parser([score.COMMAND]).parse_args(["score", "fukang-2024", "--inputs", str(out), "--json"])
    assert args.run(args) == 0
    answer = json.loads(capsys.readouterr().out)
    assert next(each["score"] for each in answer["indicators"] if each["code"] == "F4.2.1") == "4.89"
