"""The list of errors: only what refuses, every column, and nothing that a spreadsheet would run."""

import csv
from pathlib import Path

import pytest

from tuodi.kernel.finding import Finding, Severity
from tuodi.report.errors import write_errors


def _written(path: Path, findings: list[Finding]) -> list[list[str]]:
    assert write_errors(path, findings) == sum(finding.is_error for finding in findings)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def _finding(**more: object) -> Finding:
    plain: dict[str, object] = {"rule": "date-invalid", "message": "不是有效日期", "advice": "请改正"}
    return Finding(**(plain | more))  # type: ignore[arg-type]


def test_只列错误_各列齐全(tmp_path: Path) -> None:
    found = [
        _finding(severity=Severity.WARNING),
        _finding(file="结算.xlsx", sheet="一月", row=118, column="结算时间", value="2024-13-05"),
        _finding(severity=Severity.INFO),
        _finding(file="结算.xlsx"),
    ]
    assert _written(tmp_path / "错误.csv", found) == [
        ["file", "sheet", "row", "column", "value", "rule", "message", "advice"],
        ["结算.xlsx", "一月", "118", "结算时间", "2024-13-05", "date-invalid", "不是有效日期", "请改正"],
        ["结算.xlsx", "", "", "", "", "date-invalid", "不是有效日期", "请改正"],
    ]


def test_没有错误也有表头(tmp_path: Path) -> None:
    assert len(_written(tmp_path / "错误.csv", [])) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-1.00", "-1.00"),
        ("1=1", "1=1"),
    ],
)
@pytest.mark.parametrize("field", ["file", "sheet", "column", "value"])
def test_可能被当作公式的文字前加撇号(field: str, value: str, written: str, tmp_path: Path) -> None:
    assert written in _written(tmp_path / "错误.csv", [_finding(**{field: value})])[1]
