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

from tuodi.evaluation.links import linked
from tuodi.evaluation.rules.rule import POINTS_PLACES
from tuodi.evaluation.scheme import Grade, Indicator
from tuodi.evaluation.scoring import FundScore, Result, Score
from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import parse_yuan, rounded
from tuodi.report.score_formulas import rounded_formula, score_formula
from tuodi.report.score_inputs import InputSheets
from tuodi.report.sheet_writer import (
    HEADING,
    MONEY_FORMAT,
    PLAIN_FORMAT,
    POINTS_FORMAT,
    TOTAL,
    CellValue,
    Column,
    Formula,
    SheetWriter,
    open_book,
)

SCORES, EVIDENCE, RECTIFICATION = "评分表", "佐证材料", "整改清单"
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
_EVIDENCE_COLUMNS = (
    Column("编号", 8), Column("材料名称", 40), Column("凭证号", 16), Column("日期", 12), Column("金额（元）", 18),
    Column("提供单位", 22), Column("页码", 10), Column("用于指标", 30),
)  # fmt: skip
_RECTIFICATION_COLUMNS = (
    Column("序号", 6), Column("涉及指标和扣分", 34), Column("扣分", 8), Column("存在问题", 36), Column("原因", 30),
    Column("整改建议", 36), Column("责任单位", 16), Column("完成期限", 14), Column("整改情况", 20),
)  # fmt: skip


def write_score_workbook(path: Path, result: Result) -> None:
    """Write the workbook; nothing is left behind on failure. Raises OSError where the file cannot be written."""
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=f"{result.scheme.title} 评分表") as book:
                _write(book, result)
        except FileCreateError as problem:
            # The library wraps what the system said in a class of its own.
            raise problem.args[0] from problem


def write_rectification_list(path: Path, result: Result) -> None:
    """Write the table deduction, problem, cause, advice, who, by when as a workbook of its own. Raises OSError."""
    with written_whole(path) as temporary:
        try:
            with open_book(temporary, title=f"{result.scheme.title} 整改清单") as book:
                _rectification(book, result)
        except FileCreateError as problem:
            raise problem.args[0] from problem


def _write(book: Any, result: Result) -> None:
    levels = max((score.indicator.level for score in result.scores), default=1) - 1
    columns = (*(Column(name, 12) for name in _LEVEL_NAMES[:levels]), *_AFTER_LEVELS)
    table = _ScoreTable(SheetWriter(book, SCORES, columns), levels, result)
    inputs = InputSheets(book, result)
    table.write(inputs)
    inputs.write()
    _evidence(book, result, inputs)
    _rectification(book, result)


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


def _evidence(book: Any, result: Result, inputs: InputSheets) -> None:
    """Write the evidence with the amount checked and its share of the spending."""
    writer = SheetWriter(book, EVIDENCE, _EVIDENCE_COLUMNS)
    writer.start("佐证材料", "核查金额合计是本表金额之和；占支出的比例以“基础数据”里的支出为分母。", frozen=1)
    used: dict[str, list[str]] = {}
    for score in result.scores:
        for number in score.evidence:
            used.setdefault(number, []).append(score.indicator.code)
    row, total = SheetWriter.FIRST_ROW, 0
    for each in result.data.evidence.values():
        fen = parse_yuan(each.amount) if each.amount else None
        amount: CellValue = each.amount if isinstance(fen, Fault) else None if fen is None else Fraction(fen, 100)
        total += fen if isinstance(fen, int) else 0
        texts = (each.number, each.title, each.voucher, each.day, amount, each.from_whom, each.page,
                 "、".join(used.get(each.number, [])))  # fmt: skip
        for at, value in enumerate(texts):
            writer.put(row, at, value, {"num_format": MONEY_FORMAT} if at == 4 else {})
        writer.fit(row, [value if isinstance(value, str) else "" for value in texts])
        row += 1
    span = f"{xl_rowcol_to_cell(SheetWriter.FIRST_ROW, 4)}:{xl_rowcol_to_cell(max(row - 1, SheetWriter.FIRST_ROW), 4)}"
    checked = Fraction(total, 100)
    _line(writer, row, "核查金额合计", Formula(f"SUM({span})", checked) if row > SheetWriter.FIRST_ROW else checked)
    name = result.scheme.funds.spent or (result.scheme.fund_row.executed if result.scheme.fund_row else "")
    spent, figure = inputs.figure(name), result.data.figures.get(name)
    fen = parse_yuan(figure.value) if figure and figure.unit in ("", "元") else None
    if spent and isinstance(fen, int) and fen > 0:
        share = rounded(checked * 10_000 / fen, 2)
        cell = xl_rowcol_to_cell(row, 4)
        _line(writer, row + 1, f"支出（{name}）", Formula(spent, Fraction(fen, 100)))
        _line(writer, row + 2, "核查金额占支出（%）", Formula(rounded_formula(f"{cell}*100/{spent}"), share))


def _line(writer: SheetWriter, row: int, label: str, value: CellValue) -> None:
    writer.merge(row, 0, 1, 4, label, {**TOTAL, "align": "right"})
    writer.put(row, 4, value, {**TOTAL, "num_format": MONEY_FORMAT})


def _rectification(book: Any, result: Result) -> None:
    """Write the list: each problem with the deductions it explains, then the deductions nobody explains."""
    writer = SheetWriter(book, RECTIFICATION, _RECTIFICATION_COLUMNS)
    hint = "一项扣分可以由几个问题造成，各行扣分之和因此可能大于总扣分。没有问题对应的扣分列在最后，请补充。"
    writer.start("整改清单", hint)
    for at, link in enumerate(linked(result), 1):
        problem = link.problem
        lost = sum((each.lost for each in link.deductions), Fraction(0))
        texts: tuple[CellValue, ...] = (
            Fraction(at),
            "\n".join(map(str, link.deductions)),
            lost if link.deductions else None,
            problem.problem if problem else "；".join(each.reason for each in link.deductions),
            problem.cause if problem else "",
            problem.advice if problem else "",
            problem.responsible if problem else "",
            problem.due if problem else "",
            problem.status if problem else "",
        )
        row = SheetWriter.FIRST_ROW + at - 1
        for column, value in enumerate(texts):
            writer.put(row, column, value, {"num_format": PLAIN_FORMAT} if column == 2 else {})
        writer.fit(row, [value if isinstance(value, str) else "" for value in texts])
