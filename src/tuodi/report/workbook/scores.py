"""An evaluation's score table as an Excel workbook whose scores are formulas over the sheets of inputs.

Sheets: 评分表, 数据, 要点, 基础数据, 佐证材料, 整改清单. Every formula carries the value the domain computed, so that a
viewer that does not calculate shows the same; a score that no formula can give stands as a value and says so.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from tuodi.evaluation.rules.rule import POINTS_PLACES
from tuodi.evaluation.scheme import Grade, Indicator
from tuodi.evaluation.scoring import FundScore, Result, Score
from tuodi.kernel.files import written_whole
from tuodi.kernel.money import rounded
from tuodi.report.workbook.formulas import rounded_formula, score_formula
from tuodi.report.workbook.inputs import InputSheets
from tuodi.report.workbook.lists import evidence_sheet, rectification_sheet
from tuodi.report.workbook.sheet_writer import (
    HEADING,
    PLAIN_FORMAT,
    POINTS_FORMAT,
    TOTAL,
    CellValue,
    Column,
    Formula,
    SheetWriter,
    open_book,
)

SCORES = "评分表"
BY_FORMULA, BY_EVALUATOR, BY_PROGRAM = "公式", "评价人给分", "程序比较文字"
_LEVEL_NAMES = ("一级指标", "二级指标", "三级指标", "四级指标", "五级指标", "六级指标", "七级指标", "八级指标")
_AFTER_LEVELS = (
    Column("编码", 8), Column("指标", 23), Column("权重", 7), Column("目标值", 13), Column("实际值", 13),
    Column("评分规则", 30), Column("得分", 8), Column("得分率（%）", 9), Column("扣分", 7), Column("扣分原因", 32),
    Column("佐证材料", 9), Column("得分来源", 12), Column("计算过程（出表时）", 30), Column("怎样提高得分", 30),
    Column("说明", 40),
)  # fmt: skip
# Counted from the first column after the levels; what follows the evidence is for the screen, not for paper.
_WEIGHT, _SCORE, _RATE, _LOST, _EVIDENCE = 2, 6, 7, 8, 10


def write_score_workbook(path: Path, result: Result) -> None:
    """Write the workbook; nothing is left behind on failure. Raises OSError where the file cannot be written."""
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=f"{result.scheme.title} 评分表") as book:
                _write(book, result)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def _write(book: Any, result: Result) -> None:
    levels = max((score.indicator.level for score in result.scores), default=1) - 1
    columns = (*(Column(name, 12) for name in _LEVEL_NAMES[:levels]), *_AFTER_LEVELS)
    table = _ScoreTable(SheetWriter(book, SCORES, columns), levels, result)
    inputs = InputSheets(book, result)
    table.write(inputs)
    inputs.write()
    evidence_sheet(book, result, inputs)
    rectification_sheet(book, result)


class _Row(NamedTuple):
    """Where a scored row stands and what it holds."""

    row: int
    score: Score


class _ScoreTable:
    """The sheet 评分表: the row of the budget's execution where it counts, the leaves, the total, the groups."""

    def __init__(self, writer: SheetWriter, levels: int, result: Result) -> None:
        self._writer = writer
        self._levels = levels
        self._result = result
        counts = result.fund is not None and result.fund.row.counts
        self._first = SheetWriter.FIRST_ROW
        self._leaves = self._first + int(counts)
        self._last = self._leaves + len(result.scores) - 1
        self._total = self._last + 1
        self._row_of = {score.indicator.code: self._leaves + at for at, score in enumerate(result.scores)}

    def write(self, inputs: InputSheets) -> None:
        """Write the sheet."""
        hint = "得分一列是公式，随“数据”“要点”“基础数据”各表重算；“评价人给分”的，改“数据”表的给分。"
        printed = self._levels + _EVIDENCE + 1
        self._writer.start(f"{self._result.scheme.title} 评分表", hint, frozen=self._levels + 2, printed=printed)
        fund = self._result.fund
        if fund and fund.row.counts:
            self._fund(fund, self._first, inputs)
        self._level_cells()
        for score in self._result.scores:
            self._leaf(_Row(self._row_of[score.indicator.code], score), inputs)
        self._total_row()
        row = self._total + 1
        if fund and not fund.row.counts:
            self._fund(fund, row, inputs)
            row += 1
        row = self._groups(row + 1)
        if self._result.scheme.grades:
            self._grades(row + 1, self._result.scheme.grades)

    def _at(self, row: int, column: int) -> str:
        """Return the reference of a cell of this sheet, by a column after the levels."""
        return str(xl_rowcol_to_cell(row, self._levels + column))

    def _level_cells(self) -> None:
        """Write the names above the leaves, each once over all its leaves."""
        above = dict(_above(self._result.scheme.indicators))
        paths = [above[score.indicator.code] for score in self._result.scores]
        for level in range(self._levels):
            at = self._leaves
            for names, run in groupby(path[: level + 1] for path in paths):
                rows = len(list(run))
                text = names[level] if len(names) > level else ""
                if text:
                    self._writer.merge(at, level, rows, 1, text, {"align": "center"})
                else:
                    for row in range(at, at + rows):
                        self._writer.put(row, level, None)
                at += rows

    def _leaf(self, place: _Row, inputs: InputSheets) -> None:
        row, score = place
        leaf = score.indicator
        formula = score_formula(score, inputs.refs(leaf.code, self._at(row, _WEIGHT)))
        given = score.points
        value: CellValue = Formula(formula, given) if formula and given is not None else given
        judged = score.inputs.awarded is not None
        texts: list[CellValue] = [
            leaf.code,
            leaf.name,
            leaf.weight,
            str(score.inputs.target) if score.inputs.target else "",
            inputs.actual(leaf.code, "" if score.inputs.actual is None else str(score.inputs.actual)),
            leaf.rule_text,
            value,
            *self._rate_and_loss(row, leaf.weight, given),
            score.reason,
            "、".join(score.evidence),
            "" if given is None else BY_EVALUATOR if judged else BY_FORMULA if formula else BY_PROGRAM,
            score.formula,
            score.gain,
            score.note,
        ]
        self._put(row, texts)

    def _rate_and_loss(self, row: int, weight: Fraction, points: Fraction | None) -> tuple[CellValue, CellValue]:
        """Return score over weight in percent, and weight minus score; both empty while the score is."""
        score, whole = self._at(row, _SCORE), self._at(row, _WEIGHT)
        rate = None if points is None or weight == 0 else rounded(points * 100 / weight, 2)
        lost = None if points is None else weight - points
        return (
            Formula(f'IF(OR({score}="",{whole}=0),"",{rounded_formula(f"{score}*100/{whole}")})', rate),
            Formula(f'IF({score}="","",ROUND({whole}-{score},{POINTS_PLACES}))', lost),
        )

    def _put(self, row: int, values: Sequence[CellValue], look: dict[str, Any] | None = None) -> None:
        formats = {_WEIGHT: PLAIN_FORMAT, _SCORE: POINTS_FORMAT, _RATE: POINTS_FORMAT, _LOST: POINTS_FORMAT}
        for at, value in enumerate(values):
            shown = {"num_format": formats[at], "align": "right"} if at in formats else {}
            self._writer.put(row, self._levels + at, value, {**(look or {}), **shown})
        texts = [value if isinstance(value, str) else "" for value in values]
        self._writer.fit(row, [""] * self._levels + texts)

    def _fund(self, fund: FundScore, row: int, inputs: InputSheets) -> None:
        code, weight = fund.row.code, self._at(row, _WEIGHT)
        refs = inputs.refs(code, weight)
        given = fund.by_rule is not None or fund.executed is None
        formula = rounded_formula(refs.awarded) if given else rounded_formula(f"{weight}*MIN({refs.actual},100)/100")
        guard = refs.awarded if given else refs.actual
        value = None if fund.points is None else Formula(f'IF(ISNUMBER({guard}),{formula},"")', fund.points)
        shown = str(fund.executed.value) if fund.executed else ""
        notes = [] if fund.row.counts else ["不计入总分"]
        texts: list[CellValue] = [
            code,
            fund.row.name,
            fund.row.weight,
            "",
            inputs.actual(code, shown),
            "执行率 × 权重",
            value,
            *self._rate_and_loss(row, fund.row.weight, fund.points),
            fund.reason,
            "",
            "" if fund.points is None else BY_EVALUATOR if given else BY_FORMULA,
            fund.executed.formula if fund.executed else "",
            "",
            "；".join([*notes, fund.note] if fund.note else notes),
        ]
        for level in range(self._levels):
            self._writer.put(row, level, None)
        self._put(row, texts)

    def _total_row(self) -> None:
        """Write the total and the grade; both stay empty while a score is missing."""
        result, row = self._result, self._total
        scores = f"{self._at(self._first, _SCORE)}:{self._at(self._last, _SCORE)}"
        weights = f"{self._at(self._first, _WEIGHT)}:{self._at(self._last, _WEIGHT)}"
        whole = sum((score.indicator.weight for score in result.scores), Fraction(0))
        if result.fund and result.fund.row.counts:
            whole += result.fund.row.weight
        count = self._last - self._first + 1
        total = Formula(f'IF(COUNT({scores})<{count},"",ROUND(SUM({scores}),{POINTS_PLACES}))', result.total)
        for level in range(self._levels):
            self._writer.put(row, level, None, TOTAL)
        values: list[CellValue] = ["", "合计", Formula(f"SUM({weights})", whole), "", "", "", total]
        values += self._rate_and_loss(row, whole, result.total)
        values += [None] * (len(_AFTER_LEVELS) - len(values))
        if result.scheme.grades:
            values[_LOST + 1] = "等级"
            values[_EVIDENCE] = self._grade_formula(result.scheme.grades)
        self._put(row, values, TOTAL)

    def _grade_formula(self, grades: Sequence[Grade]) -> Formula:
        """Return the grade by the bands of the table below, which stands there from the lowest up."""
        first = self._grades_row + 1
        last = first + len(grades) - 1
        begins = f"{self._at(first, _WEIGHT)}:{self._at(last, _WEIGHT)}"
        names = f"{self._at(first, 1)}:{self._at(last, 1)}"
        total = self._at(self._total, _SCORE)
        return Formula(f'IF({total}="","",LOOKUP({total},{begins},{names}))', self._result.grade)

    @property
    def _grades_row(self) -> int:
        """Return the row of the heading of the table of grades."""
        fund = self._result.fund
        after = self._total + 1 + int(fund is not None and not fund.row.counts)
        return after + 1 + len(self._result.groups) + 2

    def _groups(self, row: int) -> int:
        """Write the sums of every group from ``row`` on; return the row after them."""
        self._headings(
            row, {0: "编码", 1: "各级合计", _WEIGHT: "权重", _SCORE: "得分", _RATE: "得分率（%）", _LOST: "扣分"}
        )
        for at, group in enumerate(self._result.groups, row + 1):
            codes = [leaf.code for leaf in group.indicator.leaves()]
            first, last = self._row_of[codes[0]], self._row_of[codes[-1]]
            scores = f"{self._at(first, _SCORE)}:{self._at(last, _SCORE)}"
            weights = f"{self._at(first, _WEIGHT)}:{self._at(last, _WEIGHT)}"
            rate, lost = self._rate_and_loss(at, group.indicator.weight, group.points)
            cells: dict[int, CellValue] = {
                0: group.indicator.code,
                1: "　" * (group.indicator.level - 1) + group.indicator.name,
                _WEIGHT: Formula(f"SUM({weights})", group.indicator.weight),
                _SCORE: Formula(f'IF(COUNT({scores})<{len(codes)},"",ROUND(SUM({scores}),2))', group.points),
                _RATE: rate,
                _LOST: lost,
            }
            for column, value in cells.items():
                look = {"num_format": POINTS_FORMAT} if column >= _SCORE else {}
                self._writer.put(at, self._levels + column, value, look)
        return row + 1 + len(self._result.groups)

    def _grades(self, row: int, grades: Sequence[Grade]) -> None:
        self._headings(row, {1: "等级", _WEIGHT: "自（分）"})
        for at, grade in enumerate(reversed(grades), row + 1):
            self._writer.put(at, self._levels + 1, grade.name)
            self._writer.put(at, self._levels + _WEIGHT, grade.begins_at)

    def _headings(self, row: int, headings: dict[int, str]) -> None:
        for column, text in headings.items():
            self._writer.put(row, self._levels + column, text, HEADING)


def _above(nodes: Sequence[Indicator], names: tuple[str, ...] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Return every leaf's code with the names above it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in nodes:
        found.extend(_above(node.children, (*names, node.name)) if node.children else [(node.code, names)])
    return found
