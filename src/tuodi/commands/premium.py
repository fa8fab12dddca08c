"""``tuodi premium``: who gets how much of the premium subsidised."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import date

from tuodi.assessment.premium import Subsidies, Subsidy, premium_book, subsidies, totals_by_rule
from tuodi.commands.console import note, show_note
from tuodi.commands.figures_table import figures_table
from tuodi.commands.outputs import add_output_arguments, hand_back, places_of, write_result
from tuodi.commands.parser import Command
from tuodi.commands.places import file_to_read
from tuodi.commands.policies import add_policy_option, documents_of
from tuodi.intake.enrolments import read_enrolments
from tuodi.kernel.money import yuan_grouped
from tuodi.kernel.terms import shipped_terms
from tuodi.policy.document import PolicyDocument
from tuodi.policy.wording import premium as rule_words
from tuodi.report.tables import Cell, Column, Kind

COLUMNS = (
    Column("psn_no"),
    Column("brdy"),
    Column("identity"),
    Column("enrol_date"),
    Column("premium", Kind.MONEY),
    Column("subsidy_amt", Kind.MONEY),
    Column("own_amt", Kind.MONEY),
    Column("clause"),
)

REFUSED = 1


def _arguments(parser: ArgumentParser) -> None:
    add_policy_option(parser)
    parser.add_argument("--enrolments", required=True, metavar="文件", help="参保缴费名册（CSV、XLSX 或 parquet）")
    add_output_arguments(parser)


def _run(args: Namespace) -> int:
    enrolments = file_to_read(args.enrolments)
    out, errors = places_of(args.out, args.errors, [enrolments])
    documents = documents_of(args.policy)
    if isinstance(documents, int):
        return documents
    book = premium_book(documents, shipped_terms())
    if not book.has_rules:
        note(f"{_titles(documents)}没有资助参保的规定，没有可计算的内容。")
        return REFUSED
    file = read_enrolments(enrolments)
    if not file.usable:
        return hand_back(file.findings, errors)
    result = subsidies(book, file.enrolments, enrolments.name, file.refused)
    write_result(out, COLUMNS, map(subsidy_row, result.granted))
    status = hand_back([*file.findings, *result.findings], errors)
    _summarise(result)
    note(f"结果已写入 {out}。")
    return status


def _titles(documents: Sequence[PolicyDocument]) -> str:
    return "、".join(f"《{document.title}》" for document in documents)


def subsidy_row(subsidy: Subsidy) -> tuple[Cell, ...]:
    """Return the row of COLUMNS for one subsidy."""
    enrolment = subsidy.enrolment
    return (
        enrolment.psn_no,
        _day(enrolment.birth),
        enrolment.identity,
        _day(enrolment.enrol_date),
        enrolment.premium_fen,
        subsidy.amount_fen,
        subsidy.own_fen,
        str(subsidy.rule.clause) if subsidy.rule else "",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _summarise(result: Subsidies) -> None:
    total = ("合计", "", *_figures(len(result.granted), sum(subsidy.amount_fen for subsidy in result.granted)))
    headings = ("身份", "资助", "人次", "金额（元）")
    show_note(figures_table("资助参保", headings, _by_rule(result), numbers=headings[2:], total=total))
    if result.withheld:
        note(f"因资料有误暂不计算：{result.withheld:,} 人次，更正后重新计算。")


def _by_rule(result: Subsidies) -> Iterator[tuple[str, ...]]:
    for rule, persons, amount_fen in totals_by_rule(result.granted):
        if rule is None:
            yield "没有资助参保的身份", "不资助", *_figures(persons, amount_fen)
        else:
            yield "、".join(rule.identities), rule_words(rule), *_figures(persons, amount_fen)


def _figures(persons: int, amount_fen: int) -> tuple[str, str]:
    return f"{persons:,}", yuan_grouped(amount_fen)


COMMAND = Command(
    name="premium",
    help="资助参保：按参保缴费名册计算每人资助多少、自己缴多少",
    arguments=_arguments,
    run=_run,
)
