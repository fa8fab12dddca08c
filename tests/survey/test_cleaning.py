"""清理：空白、过快、重复的答卷各有理由；应当跳过的题有回答、不认识的选项、列数不对的行都指出来。"""

from pathlib import Path

import pytest

from tests.survey.written import SITE, by_id, counts, define, result_of, rules, site_row, write
from tuodi.kernel.finding import Severity
from tuodi.survey.reckoning import reckon

BASE = """cleaning: {minimum_seconds: 30, duplicate_columns: [来自IP]}
questions:
  - {number: 1, text: 是否享受, kind: single, options: [是, 否]}
  - {number: 2, text: 是否达标, kind: single, options: [是, 否], shown_if: {question: "1", answers: [是]}}
"""
HEADER = [*SITE, "1、是否享受", "2、是否达标"]


@pytest.mark.parametrize(("用时", "计入"), [("29秒", 0), ("30秒", 1), ("31秒", 1), ("", 1)])
def test_用时以定义的秒数为界(用时: str, 计入: int, tmp_path: Path) -> None:
    rows = [HEADER, site_row(1, "是", "是", seconds=用时), site_row(2, "否", "(跳过)")]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, BASE))
    assert (result.n, result.valid) == (2, 1 + 计入)
    assert rules(findings)[2:] == ([] if 计入 else ["survey-removed-fast"])
    assert result.removed == ({} if 计入 else {"too_fast": 1})


def test_重复和空白的答卷(tmp_path: Path) -> None:
    rows = [
        HEADER,
        site_row(1, "是", "是"),
        site_row(2, "", "(空)"),
        site_row(3, "否", "(跳过)"),
        site_row(4, "否", ""),
    ]
    rows[4][5] = rows[1][5]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, BASE))
    assert (result.n, result.valid) == (4, 2)
    assert result.removed == {"empty": 1, "duplicate": 1}
    told = [(finding.rule, finding.row) for finding in findings]
    # 来源详情和来自IP 两列丢弃。
    assert told == [("survey-column-dropped", 1)] * 2 + [("survey-removed-empty", 3), ("survey-removed-duplicate", 5)]
    assert all(finding.severity is Severity.INFO for finding in findings)


def test_先交的过快_后交的算数(tmp_path: Path) -> None:
    rows = [HEADER, site_row(1, "是", "是", seconds="3秒"), site_row(2, "否", "")]
    rows[2][5] = rows[1][5]
    result, _ = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, BASE))
    assert result.removed == {"too_fast": 1}
    assert counts(by_id(result)["1"]) == {"是": 0, "否": 1}


def test_没有定义时只去掉整行相同的(tmp_path: Path) -> None:
    again = site_row(1, "是", "是")
    rows = [HEADER, again, again, site_row(2, "是", "是")]
    result, _ = result_of(write(tmp_path / "a.csv", rows))
    assert (result.n, result.valid, result.removed) == (3, 2, {"duplicate": 1})


def test_同一份答卷导出两次_序号不同也算重复(tmp_path: Path) -> None:
    first = site_row(1, "是", "是")
    again = ["2", *first[1:]]
    result, _ = result_of(write(tmp_path / "a.csv", [HEADER, first, again, site_row(3, "是", "是")]))
    assert (result.n, result.valid, result.removed) == (3, 2, {"duplicate": 1})


def test_只有序号没有时间时_序号不同不算重复(tmp_path: Path) -> None:
    result, _ = result_of(write(tmp_path / "a.csv", [["序号", "1、满意吗"], ["1", "是"], ["2", "是"], ["2", "是"]]))
    assert (result.n, result.valid) == (3, 2)


def test_没有序号和时间时_答得一样不算重复(tmp_path: Path) -> None:
    result, _ = result_of(write(tmp_path / "a.csv", [["1、满意吗"], ["是"], ["是"]]))
    assert (result.n, result.valid) == (2, 2)


def test_查重的列不在文件里(tmp_path: Path) -> None:
    result, findings = result_of(
        write(tmp_path / "a.csv", [["1、是否享受", "2、是否达标"], ["是", "否"]]), define(tmp_path, BASE)
    )
    assert result.valid == 1
    assert rules(findings, Severity.WARNING) == ["survey-duplicate-columns"]


def test_应当跳过却有回答(tmp_path: Path) -> None:
    rows = [
        HEADER,
        site_row(1, "是", "是"),
        site_row(2, "否", "是"),
        site_row(3, "否", "(跳过)"),
        site_row(4, "是", ""),
    ]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, BASE))
    second = by_id(result)["2"]
    assert (second.n, second.shown, counts(second)) == (1, 2, {"是": 1, "否": 0})
    assert [(finding.rule, finding.row) for finding in findings if finding.severity is Severity.WARNING] == [
        ("survey-skip-answered", 3)
    ]


def test_不认识的选项不计入(tmp_path: Path) -> None:
    rows = [HEADER, site_row(1, "是", "也许13800000001"), site_row(2, "是", "是"), site_row(3, "是", "否")]
    result, findings = result_of(write(tmp_path / "a.csv", rows), define(tmp_path, BASE))
    assert counts(by_id(result)["2"]) == {"是": 1, "否": 1}
    (told,) = [finding for finding in findings if finding.severity is Severity.WARNING]
    assert (told.rule, told.row, told.column, told.value) == ("survey-answer-unknown", 2, "2、是否达标", "也许＊＊")


def test_定义里的题不在文件里(tmp_path: Path) -> None:
    result, findings = result_of(
        write(tmp_path / "a.csv", [["2、是否达标"], ["是"]]), define(tmp_path, BASE.split("\n", 1)[1])
    )
    assert [each.id for each in result.questions] == ["2"]
    assert by_id(result)["2"].n == 1
    assert rules(findings) == ["survey-question-missing"]


def test_列数不对的行不计入(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1、满意吗,2、知晓吗\n是,是\n是\n否,是,\n否,是,多\n", encoding="utf-8")
    result, findings = result_of(path)
    assert (result.n, result.valid) == (4, 2)
    assert [(finding.rule, finding.row) for finding in findings if finding.is_error] == [
        ("row-width", 3),
        ("row-width", 5),
    ]


@pytest.mark.parametrize(
    ("名称", "内容", "规则"),
    [
        ("空文件.csv", b"", "file-empty"),
        ("空白.csv", b"\n\n , \n", "file-empty"),
        ("只有平台列.csv", "序号,所用时间\n1,20秒\n".encode(), "survey-no-question"),
        ("不是表格.docx", b"PK\x03\x04", "file-format"),
        ("不是工作簿.xlsx", b"hello", "file-format"),
        ("旧版.xls", b"\xd0\xcf\x11\xe0", "file-format"),
        ("网页.csv", b"<html></html>", "file-format"),
        ("引号.csv", '1、满意吗\n"是\n'.encode(), "csv-quotes"),
        ("空YAML.yaml", b"", "yaml-empty"),
        ("别的YAML.yaml", b"a: 1\n", "missing-key"),
        ("人数不是数.csv", "题号,题目,选项,人数\n1,满意吗,是,很多\n".encode(), "survey-count-format"),
        ("比例不是数.csv", "题号,题目,选项,人数,比例\n1,满意吗,是,3,九成\n".encode(), "survey-percent-format"),
        ("选项两次.csv", "题号,题目,选项,人数\n1,满意吗,是,3\n1,满意吗,是,4\n".encode(), "survey-option-twice"),
    ],
)
def test_不能用的文件有说明没有结果(名称: str, 内容: bytes, 规则: str, tmp_path: Path) -> None:
    path = tmp_path / 名称
    path.write_bytes(内容)
    result, findings = reckon(path)
    assert result is None
    assert 规则 in rules(findings, Severity.ERROR)


def test_只有列名没有答卷(tmp_path: Path) -> None:
    result, findings = result_of(write(tmp_path / "a.csv", [["1、满意吗", "2、知晓吗"]]))
    assert (result.n, result.valid) == (0, 0)
    assert rules(findings) == ["survey-no-answers"]
