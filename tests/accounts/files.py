"""A disclosure as files that a test may change: the built-in one copied, or written as a workbook."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from tuodi.kernel.shipped import shipped

Rows = list[list[str]]


def copied(folder: Path) -> Path:
    """把内置的离石决算复制一份。"""
    target = folder / "决算"
    shutil.copytree(shipped("examples", "accounts", "lishi-2022"), target)
    return target


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def rewrite(path: Path, change: Callable[[Rows], Rows]) -> None:
    rows = change(rows_of(path))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def replaced(old: str, new: str) -> Callable[[Rows], Rows]:
    """把等于某个内容的格子都改掉。"""
    return lambda rows: [[new if cell == old else cell for cell in row] for row in rows]


def as_workbook(folder: Path, target: Path, change: Callable[[str, Rows], Rows] = lambda name, rows: rows) -> Path:
    """把一个文件夹的表写成一个工作簿：金额写成数值，编码写成数值，和决算软件的导出一样。"""
    with xlsxwriter.Workbook(str(target)) as book:
        for path in sorted(folder.glob("*.csv")):
            sheet = book.add_worksheet(path.stem)
            for at, row in enumerate(change(path.stem, rows_of(path))):
                for column, text in enumerate(row):
                    number = text.replace(".", "", 1).isdigit() and path.stem.startswith("公开")
                    if number:
                        sheet.write_number(at, column, float(text))
                    elif text:
                        sheet.write_string(at, column, text)
    return target
