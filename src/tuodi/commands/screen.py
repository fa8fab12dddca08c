"""``tuodi screen``: who was missed, under- or overpaid, the largest difference first, each with its reason."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from tuodi.assessment.reference import ReferenceAssessment
from tuodi.assessment.results import Request
from tuodi.assessment.screen import Difference, Kind, paid_at_the_window, screen
from tuodi.commands.console import note, show_note
from tuodi.commands.figures_table import figures_table
from tuodi.commands.outputs import add_output_arguments, hand_back, places_of, write_result
from tuodi.commands.parser import Command
from tuodi.commands.places import file_to_read
from tuodi.commands.policies import add_policy_option, rulebook_of
from tuodi.intake.paid import PaidFile, read_paid
from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.money import yuan_grouped
from tuodi.report import tables
from tuodi.report.tables import Cell, Column

COLUMNS = (
    Column("rank", tables.Kind.COUNT),
    Column("psn_no"),
    Column("setl_id"),
    Column("kind"),
    Column("due_amt", tables.Kind.MONEY),
    Column("paid_amt", tables.Kind.MONEY),
    Column("diff_amt", tables.Kind.MONEY),
    Column("reason"),
)

NAMES = {Kind.MISSED: "应救未救", Kind.UNDER: "少付", Kind.OVER: "多付"}


def _arguments(parser: ArgumentParser) -> None:
    add_policy_option(parser)
    parser.add_argument("--persons", required=True, metavar="文件", help="对象名册（CSV、XLSX 或 parquet）")
    parser.add_argument("--settlements", required=True, metavar="文件", help="结算明细（CSV、XLSX 或 parquet）")
    parser.add_argument("--paid", metavar="文件", help="已救助明细；不写则与结算明细中的 maf_pay（医疗救助基金）相比")
    add_output_arguments(parser)


def _run(args: Namespace) -> int:
    persons, settlements = file_to_read(args.persons), file_to_read(args.settlements)
    paid_path = file_to_read(args.paid) if args.paid else None
    inputs = [path for path in (persons, settlements, paid_path) if path is not None]
    out, errors = places_of(args.out, args.errors, inputs)
    book = rulebook_of(args.policy)
    if isinstance(book, int):
        return book
    paid_file = read_paid(paid_path) if paid_path else None
    assessment = ReferenceAssessment(Request(book=book, persons=persons, settlements=settlements))
    against = paid_file.findings if paid_file else _window_findings(assessment, settlements)
    findings = [*assessment.findings, *against]
    if assessment.refused or (paid_file and not paid_file.usable):
        return hand_back(findings, errors)
    differences = _compared(assessment, paid_file)
    write_result(out, COLUMNS, difference_rows(differences))
    status = hand_back(findings, errors)
    _summarise(assessment, differences, paid_file)
    note(f"结果已写入 {out}。")
    return status


def _window_findings(assessment: ReferenceAssessment, settlements: Path) -> list[Finding]:
    """Warn where there is nothing to compare with: the column of what the window paid is absent."""
    if assessment.refused or "maf_pay" in assessment.present:
        return []
    return [
        Finding(
            rule="paid-column-absent",
            severity=Severity.WARNING,
            file=settlements.name,
            message="文件中没有 maf_pay（医疗救助基金）这一列，全部按未支付比对",
            advice="请补上该列，或用 --paid 给出已救助明细",
        )
    ]


def _compared(assessment: ReferenceAssessment, paid_file: PaidFile | None) -> list[Difference]:
    if paid_file is None:
        paid, held_back = paid_at_the_window(assessment.assessed), assessment.withheld_ids
    else:
        paid = {payment.setl_id: payment.paid_fen for payment in paid_file.payments}
        held_back = assessment.withheld_ids | paid_file.refused
    return screen(assessment.request.book, assessment.roster, assessment.assessed, paid, held_back)


def difference_rows(differences: Sequence[Difference]) -> Iterator[tuple[Cell, ...]]:
    """Return the rows of COLUMNS, ranked."""
    for rank, one in enumerate(differences, start=1):
        yield rank, one.psn_no, one.setl_id, one.kind, one.due_fen, one.paid_fen, one.diff_fen, one.reason


def _summarise(assessment: ReferenceAssessment, differences: Sequence[Difference], paid_file: PaidFile | None) -> None:
    rows = []
    for kind in Kind:
        of_kind = [one for one in differences if one.kind is kind]
        sums = (sum(one.due_fen for one in of_kind), sum(one.paid_fen for one in of_kind))
        rows.append((NAMES[kind], f"{len(of_kind):,}", *map(yuan_grouped, (*sums, sums[0] - sums[1]))))
    headings = ("种类", "笔数", "应付（元）", "已付（元）", "相差（元）")
    against = "已救助明细" if paid_file else "结算明细中的医疗救助基金支付"
    show_note(figures_table(f"应付与{against}相比", headings, rows, numbers=headings[1:]))
    # A payment without its settlement is listed too, but nothing was assessed for it.
    listed = sum(1 for one in differences if one.psn_no)
    refused = paid_file.refused if paid_file else frozenset()
    unknown = sum(1 for one in assessment.assessed if one.settlement.setl_id in refused)
    note(f"相符的结算：{len(assessment.assessed) - listed - unknown:,} 笔。")
    held_back = len(assessment.withheld_ids) + unknown
    if held_back:
        note(f"因资料有误没有比对的结算：{held_back:,} 笔，更正后重新运行。")


COMMAND = Command(
    name="screen",
    help="查漏补缺：谁应救未救、少付、多付，按差额排列并说明原因",
    arguments=_arguments,
    run=_run,
)
