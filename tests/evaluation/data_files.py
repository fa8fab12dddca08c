"""Small data files of an evaluation for tests: sheets of rows, written as a workbook or as a folder of CSV files."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tuodi.evaluation.data import EvaluationData, Place

Rows = Sequence[Sequence[object]]

GOOD: dict[str, list[list[object]]] = {
    "项目": [
        ["item", "value", "detail", "note"],
        ["委托单位", "示例县财政局", "", ""],
        ["评价基准日", "2024-12-31", "", ""],
        ["报告日期", "2025-07-25", "", ""],
        ["成员", "测试甲", "会计师", "数据核对"],
        ["成员", "测试乙", "", "访谈"],
    ],
    "申报目标": [["dimension", "name", "target"], ["数量指标", "住院救助人次", "≥3000人次"]],
    "指标": [
        ["code", "target", "actual", "numerator", "denominator", "awarded", "reason", "evidence"],
        ["A11", "", "", "", "", "75%", "缺少事前评估", "1、2"],
        ["B12", "≥95%", "", "9255900.00", "10220400.00", "", "", "2"],
        ["C11", "", "30437人", "", "", "", "", ""],
    ],
    "要点": [
        ["code", "met", "value", "finding", "evidence"],
        ["A22.1", "是", "", "", "1"],
        ["A22.2", "否", "", "没有量化", "1，2"],
        ["B21.3", "", "2", "两次", ""],
    ],
    "佐证材料": [
        ["number", "title", "voucher", "day", "amount", "from_whom", "page"],
        ["1", "项目申报书", "", "2024-01", "", "县医保局", "3"],
        ["2", "记账凭证", "记-0012", "2024-11-20", "1826220.00", "县医保局", ""],
    ],
    "基础数据": [["name", "value", "unit", "source", "evidence"], ["支出", "9255900.00", "元", "决算报表", "2"]],
    "问题与建议": [
        ["codes", "problem", "cause", "advice", "responsible", "due", "status"],
        ["A22、B12", "目标没有量化", "申报时赶", "补充数量目标", "县医保局", "2025年年底前", ""],
    ],
    "合规性检查": [["number", "check", "result", "met", "codes", "evidence"], ["1", "专款专用", "是", "√", "B13", "2"]],
    "访谈": [["number", "role", "question", "answer", "day"], ["1", "经办人", "怎样核对", "每月比对", "2025-06-10"]],
    "征求意见": [["from_whom", "comment", "response", "change"], ["县医保局", "无意见", "", ""]],
    "问卷统计": [["question", "text", "option", "count"], ["4", "是否知晓", "知晓", "95"], ["4", "", "不知晓", "27"]],
}


def with_cell(sheet: str, row: int, column: str, value: object) -> dict[str, list[list[object]]]:
    """Return the good sheets with one cell changed; ``row`` counts from 1 below the header."""
    sheets = {name: [list(each) for each in rows] for name, rows in GOOD.items()}
    sheets[sheet][row][sheets[sheet][0].index(column)] = value
    return sheets


def write_folder(folder: Path, sheets: Mapping[str, Rows]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def write_csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_book(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """Write cells by their type; a text that begins with ``=`` is a formula, with the error that it gives if any."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            if name in hidden:
                page.hide()
            for number, cells in enumerate(rows):
                for at, cell in enumerate(cells):
                    if isinstance(cell, bool):
                        page.write_boolean(number, at, cell)
                    elif isinstance(cell, date):
                        page.write_datetime(number, at, cell, day)
                    elif isinstance(cell, int | float):
                        page.write_number(number, at, cell)
                    elif str(cell).startswith("="):
                        page.write_formula(number, at, str(cell), None, "#DIV/0!")
                    elif cell != "":
                        page.write_string(number, at, str(cell))
    return path


def placeless(data: EvaluationData) -> EvaluationData:
    """Return the data without the places of their rows, so that what was read can be compared."""
    found: dict[str, Any] = {}
    for each in fields(data):
        rows = getattr(data, each.name)
        if isinstance(rows, Mapping):
            found[each.name] = {key: _placeless(row) for key, row in rows.items()}
        else:
            found[each.name] = tuple(map(_placeless, rows))
    return EvaluationData(**found)


def _placeless(row: Any) -> Any:
    assert is_dataclass(row) and not isinstance(row, type)
    return replace(row, place=Place())  # type: ignore[call-arg]
