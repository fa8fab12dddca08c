"""tuodi evaluation：新建一份评价，列出内置方案。"""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from tests.evaluation.data_files import GOOD, write_folder
from tuodi.commands.evaluation import COMMAND
from tuodi.commands.places import WrongUse
from tuodi.evaluation import scheme_library
from tuodi.evaluation.data_tables import read_data

SCHEME = """schema: tuodi-scheme/1
id: shili
title: 示例方案
kind: evaluation
source: 自拟
layout: common
grades:  # 注释也要留下
- {name: 优, from: '90'}
- {name: 差, from: '0'}
indicators:
- code: A
  name: 决策
  weight: '40'
  children:
  - code: A11
    name: 立项依据充分性
    weight: '40'
    rule: {type: checklist_equal_share, elements: [有依据, 不重复]}
- code: B
  name: 过程
  weight: '60'
  children:
  - {code: B12, name: 预算执行率, weight: '60', rule: {type: rate_times_weight}, target: ≥95%}
"""


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put two made-up schemes in the place of the shipped ones, one of them with data."""
    root = tmp_path / "shipped"
    (root / "schemes").mkdir(parents=True)
    (root / "schemes" / "shili.yaml").write_text(SCHEME, encoding="utf-8")
    (root / "schemes" / "blank.yaml").write_text(
        SCHEME.replace("id: shili", "id: blank").replace("kind: evaluation", "kind: self-evaluation"), encoding="utf-8"
    )
    write_folder(root / "examples" / "evaluations" / "shili", GOOD)
    monkeypatch.setattr(scheme_library, "shipped", root.joinpath)
    return root


def _run(*words: str) -> int:
    parser = ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


def test_新建写出方案和空的资料表(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "新评价"
    assert _run("new", "--scheme", "shili", "--out", str(out)) == 0
    assert (out / "scheme.yaml").read_text(encoding="utf-8") == SCHEME
    data, findings = read_data(out / "data.xlsx")
    assert (data.indicators, findings) == ({}, [])
    assert sorted(path.name for path in out.iterdir()) == ["data.xlsx", "scheme.yaml"]
    shown, told = capsys.readouterr()
    assert told == ""
    lines = shown.splitlines()
    assert len(lines) == 3
    assert [word in line for word, line in zip(("data.xlsx", "scheme.yaml", "tuodi score"), lines, strict=True)] == [
        True, True, True,
    ]  # fmt: skip


def test_带上内置资料(tmp_path: Path) -> None:
    assert _run("new", "--scheme", "shili", "--out", str(tmp_path), "--with-data") == 0
    data, findings = read_data(tmp_path / "data.xlsx")
    assert findings == []
    assert data.indicators["A11"].awarded == "75%"
    assert data.project_value("委托单位") == "示例县财政局"


def test_没有内置资料的方案(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="blank 没有内置资料.*shili"):
        _run("new", "--scheme", "blank", "--out", str(tmp_path / "a"), "--with-data")
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", ["scheme.yaml", "data.xlsx"])
def test_不覆盖已有的文件(tmp_path: Path, name: str) -> None:
    out = tmp_path / "评价"
    out.mkdir()
    (out / name).write_text("原有", encoding="utf-8")
    with pytest.raises(WrongUse, match=f"{name} 已经存在"):
        _run("new", "--scheme", "shili", "--out", str(out))
    assert [(path.name, path.read_text(encoding="utf-8")) for path in out.iterdir()] == [(name, "原有")]


def test_没有这个方案时说出有哪些(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="是不是想用 shili？.*blank、shili"):
        _run("new", "--scheme", "shil", "--out", str(tmp_path / "a"))
    assert not (tmp_path / "a").exists()


def test_方案有错时不写出(tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "schemes" / "shili.yaml").write_text(SCHEME.replace("weight: '60'", "weight: '50'"), encoding="utf-8")
    assert _run("new", "--scheme", "shili", "--out", str(tmp_path / "a")) == 1
    assert not (tmp_path / "a").exists()
    assert "权重" in capsys.readouterr().err


def test_资料表写不出时不留下方案(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device", "data.xlsx")

    monkeypatch.setattr("tuodi.commands.evaluation.write_evaluation_workbook", refuse)
    with pytest.raises(OSError, match="space"):
        _run("new", "--scheme", "shili", "--out", str(tmp_path / "a"))
    assert list((tmp_path / "a").iterdir()) == []


def test_列出内置方案(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("list") == 0
    shown = capsys.readouterr().out
    rows = {line.split()[0]: line for line in shown.splitlines() if line.strip().startswith(("shili", "blank"))}
    assert ("绩效评价" in rows["shili"], "有" in rows["shili"], "2" in rows["shili"]) == (True, True, True)
    assert ("绩效自评" in rows["blank"], "有" in rows["blank"]) == (True, False)
