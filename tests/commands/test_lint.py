"""``tuodi lint``：JSON 的样子、退出状态、屏幕上的话、意见表。"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.evaluation.clean_evaluation import DATA, SCHEME
from tuodi.commands.lint import COMMAND
from tuodi.commands.places import WrongUse

KEYS = {"rule", "severity", "location", "quote", "stated", "expected", "message"}


def _run(*argv: str) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(argv))


def _answer(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return answer


@pytest.fixture
def 文件夹(tmp_path: Path) -> Path:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    columns = ("dimension", "name", "target", "last_year", "basis", "source")
    lines = [",".join(columns), *(",".join(getattr(row, name) for name in columns) for row in DATA.targets)]
    (tmp_path / "申报目标.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def _plant(文件夹: Path, file: str, old: str, new: str) -> None:
    text = (文件夹 / file).read_text(encoding="utf-8")
    assert old in text
    (文件夹 / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_没有毛病退出状态为零(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(文件夹), "--json") == 0
    answer = _answer(capsys)
    assert [each["findings"] for each in answer] == [[], []]
    assert answer[0]["file"] == "申报目标.csv"
    assert answer[1]["file"].endswith("scheme.yaml")
    assert answer[0]["evidence"]["share"] == "100%"


def test_申报目标有毛病(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _plant(文件夹, "申报目标.csv", "≥80%", "减轻")
    assert _run(str(文件夹), "--json") == 1
    (found,) = _answer(capsys)[0]["findings"]
    assert set(found) == KEYS
    assert (found["rule"], found["severity"], found["location"]) == ("target-vague", "warning", "申报目标 第 7 行")
    assert found["stated"] == "减轻"


def test_只有说明时退出状态为零(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _plant(文件夹, "scheme.yaml", "            data_source: 结算台账\n", "")
    assert _run(str(文件夹), "--json") == 0
    (found,) = _answer(capsys)[1]["findings"]
    assert (found["rule"], found["severity"]) == ("indicator-source-missing", "info")


@pytest.mark.parametrize(
    ("原文", "改为", "规则"),
    [
        ('weight: "40"', 'weight: "41"', {"weights-sum", "weights-total"}),
        ('            rule: {type: deduct_share_per_point, share: "0.05"}\n', "", {"rule-missing"}),
        ("type: all_or_nothing", "type: 看着给", {"rule-type"}),
        ("code: C21", "code: C11", {"code-twice"}),
    ],
)
def test_方案读不进来的毛病也在JSON里(
    原文: str, 改为: str, 规则: set[str], 文件夹: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _plant(文件夹, "scheme.yaml", 原文, 改为)
    assert _run(str(文件夹), "--json") == 1
    targets, system = _answer(capsys)
    assert targets["findings"] == []
    assert {each["rule"] for each in system["findings"]} == 规则
    assert all(each["severity"] == "error" and "行" in each["location"] for each in system["findings"])


def test_资料读不进来的毛病也在JSON里(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _plant(文件夹, "申报目标.csv", "住院救助人次", "")
    assert _run(str(文件夹), "--json") == 1
    assert any("第 2 行" in each["location"] for each in _answer(capsys)[0]["findings"])


def test_日期和佐证的毛病列在评价资料下(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (文件夹 / "项目.csv").write_text("item,value\n委托日期,2025-03-01\n方案日期,2025-02-01\n", encoding="utf-8")
    assert _run(str(文件夹), "--json") == 1
    targets, system, data = _answer(capsys)
    assert (targets["findings"], system["findings"]) == ([], [])
    assert "evidence" in targets and "evidence" not in data
    assert [(each["rule"], each["location"]) for each in data["findings"]] == [
        ("dates-out-of-order", "项目.csv 第 3 行 内容（value）")
    ]
    assert data["file"] == 文件夹.name
    assert _run(str(文件夹)) == 1
    shown = capsys.readouterr().out
    assert shown.index("评价资料（") > shown.index("评价指标体系（")


def test_内置的交城评价(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("jiaocheng-2024", "--json") == 1
    targets, system = _answer(capsys)
    assert system["file"] == "schemes/jiaocheng-2024.yaml"
    points = {each["location"]: each for each in system["findings"] if each["rule"] == "rule-points"}
    assert set(points) == {"B21 管理制度健全性", "D31 救助群众满意度"}
    assert points["B21 管理制度健全性"]["stated"] == "各分项合计 3 分，超过权重 2 分"
    assert "quantified-share-low" in {each["rule"] for each in targets["findings"]}


def test_内置的阜康评价的佐证(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("fukang-2024") == 1
    shown = capsys.readouterr().out
    assert "可以作 F1.2.2 的佐证：申报目标共 10 项，其中 8 项以数值或日期表示，量化率 80%（8/10）" in shown
    assert "各分项合计 3 分，小于权重 4 分" in shown


def test_屏幕上没有毛病的话(文件夹: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(文件夹)) == 0
    shown = capsys.readouterr().out
    assert shown.count("没有发现问题。") == 2
    assert "可以作 A11 的佐证" in shown


def test_意见表(文件夹: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _plant(文件夹, "申报目标.csv", "政策知晓率,≥80%", "=HYPERLINK(1),减轻")
    out = tmp_path / "意见.xlsx"
    assert _run(str(文件夹), "--out", str(out)) == 1
    assert str(out) in capsys.readouterr().err
    rows = CalamineWorkbook.from_path(out).get_sheet_by_name("意见表").to_python()
    assert rows[0][0] == "绩效指标质量意见表（示例县医疗救助评价）"
    assert rows[1][:4] == ["序号", "文件", "位置", "程度"]
    (row,) = rows[2:]
    assert row[:5] == [1, "申报目标.csv", "申报目标 第 7 行", "提醒", "=HYPERLINK(1) 减轻"]


@pytest.mark.parametrize("名称", ["意见.docx", "意见"])
def test_意见表只能是Excel(名称: str, 文件夹: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        _run(str(文件夹), "--out", str(tmp_path / 名称))


def test_没有这个评价() -> None:
    with pytest.raises(WrongUse):
        _run("no-such")
