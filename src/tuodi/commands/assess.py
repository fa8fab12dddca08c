"""``tuodi assess``: a roster and settlements in, the assistance of every settlement out."""

from argparse import ArgumentParser, Namespace

from rich.table import Table

from tuodi import __version__
from tuodi.assessment.engines import AUTO, ENGINES, assess
from tuodi.assessment.results import BRIEF, FULL, Request, Summary
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import OUTCOME_NAMES
from tuodi.assessment.year import Outcome
from tuodi.commands.console import note, progress, show_note
from tuodi.commands.outputs import add_output_arguments, hand_back, places_of, write_result_batches
from tuodi.commands.parser import Command
from tuodi.commands.places import file_to_read
from tuodi.commands.policies import add_policy_option, rulebook_of
from tuodi.kernel.money import yuan_grouped


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of ``assess``."""
    add_policy_option(parser)
    parser.add_argument("--persons", required=True, metavar="名册", help="救助对象名册（.csv、.xlsx 或 .parquet）")
    parser.add_argument("--settlements", required=True, metavar="结算", help="结算明细（.csv、.xlsx 或 .parquet）")
    add_output_arguments(parser)
    parser.add_argument("--engine", default=AUTO, choices=[AUTO, *ENGINES], help="计算引擎，默认 auto 按文件大小选择")
    parser.add_argument("--brief", action="store_true", help="只写有救助金额的行：setl_id, benefit, paid_amt")


def run(args: Namespace) -> int:
    """Assess; 0 done, 1 if rows or a file were refused."""
    inputs = [file_to_read(args.persons), file_to_read(args.settlements)]
    out, errors = places_of(args.out, args.errors, inputs)
    book = rulebook_of(args.policy)
    if isinstance(book, int):
        return book
    with progress("读取并计算结算") as tell:
        request = Request(book=book, persons=inputs[0], settlements=inputs[1], brief=args.brief, tell=tell)
        with assess(request, args.engine) as assessment:
            if not assessment.refused:
                write_result_batches(out, BRIEF if args.brief else FULL, assessment.batches())
    status = hand_back(assessment.findings, errors)
    if assessment.refused:
        return status
    tell_summary(book, assessment.summary)
    note(f"结果已写入 {out}。")
    return status


def tell_summary(book: Rulebook, summary: Summary) -> None:
    """Print the control totals on standard error."""
    table = Table(show_header=True, box=None, pad_edge=False)
    table.add_column("项目")
    table.add_column("笔数", justify="right")
    table.add_column("金额（元）", justify="right")
    table.add_row("文件中的行", f"{summary.rows:,}", "")
    if summary.rows != summary.settlements:
        table.add_row("　退回、重复或不是数据的行", f"{summary.rows - summary.settlements:,}", "")
    table.add_row("结算", f"{summary.settlements:,}", "")
    for outcome, label in OUTCOME_NAMES.items():
        if summary.outcomes[outcome]:
            table.add_row(f"　{label}", f"{summary.outcomes[outcome]:,}", "")
    if summary.withheld:
        table.add_row("　因有错误行而暂不计算", f"{summary.withheld:,}", "")
    names = {rule.component.code: rule.component.name for rule in book.rules}
    for code, name in names.items():
        if summary.visits_by_component[code]:
            paid = yuan_grouped(summary.paid_by_component[code])
            table.add_row(name, f"{summary.visits_by_component[code]:,}", paid)
    unpaid = summary.outcomes[Outcome.ASSESSED] - summary.paid_settlements
    if unpaid:
        table.add_row("按政策计算而没有金额（起付线未满、限额用完等）", f"{unpaid:,}", "")
    table.add_row("有救助金额的结算合计", f"{summary.paid_settlements:,}", yuan_grouped(summary.paid_fen))
    show_note(table)
    # The columns of a result are fixed; what it was computed by is told here, to be filed with it.
    for document in book.documents:
        note(f"依据政策 {document.id}（校验码 {document.digest[:12]}），程序 托底 {__version__}。")
    for remark in summary.remarks:
        note(remark + "。")


COMMAND = Command("assess", "计算每笔结算的救助金额，附条款和说明", add_arguments, run)
