"""Lists of the score workbook: 佐证材料 with the amount checked, 整改清单 from deduction to who mends it by when."""

from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from tuodi.evaluation.links import linked
from tuodi.evaluation.scoring import Result
from tuodi.kernel.finding import Fault
from tuodi.kernel.money import parse_yuan, rounded
from tuodi.report.workbook.formulas import rounded_formula
from tuodi.report.workbook.inputs import InputSheets
from tuodi.report.workbook.sheet_writer import (
    MONEY_FORMAT,
    PLAIN_FORMAT,
    TOTAL,
    CellValue,
    Column,
    Formula,
    SheetWriter,
)

EVIDENCE, RECTIFICATION = "佐证材料", "整改清单"
_EVIDENCE_COLUMNS = (
    Column("编号", 8), Column("材料名称", 40), Column("凭证号", 16), Column("日期", 12), Column("金额（元）", 18),
    Column("提供单位", 22), Column("页码", 10), Column("用于指标", 30),
)  # fmt: skip
_RECTIFICATION_COLUMNS = (
    Column("序号", 6), Column("涉及指标和扣分", 34), Column("扣分", 8), Column("存在问题", 36), Column("原因", 30),
    Column("整改建议", 36), Column("责任单位", 16), Column("完成期限", 14), Column("整改情况", 20),
)  # fmt: skip


def evidence_sheet(book: Any, result: Result, inputs: InputSheets) -> None:
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


def rectification_sheet(book: Any, result: Result) -> None:
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
