"""``tuodi report``: the evaluation report in Word, the official self-evaluation tables, the score workbook."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from tuodi.commands.console import note, print_findings, progress
from tuodi.commands.evaluations import add_evaluation_argument, refused_something, scored
from tuodi.commands.page_numbers import WITHOUT_NUMBERS, write_numbered
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write
from tuodi.evaluation.execution import execution
from tuodi.evaluation.links import link_findings
from tuodi.evaluation.scheme import Kind
from tuodi.evaluation.scoring import Result
from tuodi.kernel.finding import Finding
from tuodi.report.block_workbook import write_self_workbook
from tuodi.report.blocks import Gap, Heading, Quote, Report
from tuodi.report.docx_edits import Change, Earlier, changes, fill, read_back
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.office_template import fill_template
from tuodi.report.report_layout import ReportLayout, known_layouts, layout_path, load_report_layout
from tuodi.report.score_workbook import write_score_workbook
from tuodi.report.self_layout import SelfLayout, known_self_layouts, self_layout
from tuodi.report.self_tables import self_report
from tuodi.report.tables import Column, write_table
from tuodi.report.template_values import template_values

UNUSABLE = 1
SUFFIXES = (".docx", ".xlsx")
SHOWN_CHANGES = 10
CHANGE_COLUMNS = (Column("位置"), Column("旧稿"), Column("新稿"))


def _arguments(parser: ArgumentParser) -> None:
    add_evaluation_argument(parser)
    parser.add_argument(
        "--out", required=True, metavar="文件", help="写出的文件：.docx 是报告或自评表，.xlsx 是评分表或自评表"
    )
    parser.add_argument("--inputs", metavar="文件", help="另给数据，同 score --inputs")
    parser.add_argument(
        "--from", dest="earlier", metavar="文件", help="改过的旧稿（docx）：手写的段落带到新稿，列出变了的数"
    )
    parser.add_argument("--layout", metavar="版式", help=f"换一种版式：{'、'.join(known_layouts())}")
    parser.add_argument("--template", metavar="文件", help="用本单位的 Word 模板（docx）填写，不用内置版式")


def _run(args: Namespace) -> int:
    given = [file_to_read(name) for name in (args.inputs, args.earlier, args.template) if name]
    out = file_to_write(args.out, given)
    if out.suffix.lower() not in SUFFIXES:
        raise WrongUse(f"输出文件 {args.out} 的后缀不认识；可用 {'、'.join(SUFFIXES)}。")
    result = scored(args.evaluation, args.inputs)
    if result is None:
        return UNUSABLE
    linked = (*link_findings(result), *execution(result.scheme, result.data).findings)
    print_findings(linked)
    status = refused_something((*result.findings, *linked))
    if args.template:
        return _by_template(Path(args.template), out, result) or status
    layout = _layout(args.layout or result.scheme.layout)
    if isinstance(layout, list):
        print_findings(layout)
        return UNUSABLE
    if out.suffix.lower() == ".xlsx":
        _workbook(out, result, layout)
        note(f"已写出 {out}。")
        return status
    report = self_report(result, layout) if isinstance(layout, SelfLayout) else compose(result, layout)
    return _word(out, report, args.earlier) or status


def _layout(layout_id: str) -> ReportLayout | SelfLayout | list[Finding]:
    """Return a layout, or what is wrong in it. Raises WrongUse for an unknown one."""
    if layout_id in known_self_layouts():
        table, findings = self_layout(layout_id)
        return table if table else findings
    if layout_id not in known_layouts():
        raise WrongUse(f"没有“{layout_id}”这种版式；可用：{'、'.join(known_layouts())}。")
    path = layout_path(layout_id)
    layout, findings = load_report_layout(path, f"schemes/layouts/{path.name}", COMPOSERS)
    return layout if layout else findings


def _workbook(out: Path, result: Result, layout: ReportLayout | SelfLayout) -> None:
    """Write the self-evaluation tables of a unit, or the score workbook of an evaluation."""
    table = layout if isinstance(layout, SelfLayout) else self_layout(layout.table)[0] if layout.table else None
    if result.scheme.kind is Kind.SELF and table is not None:
        write_self_workbook(out, self_report(result, table))
    else:
        write_score_workbook(out, result)


def _by_template(template: Path, out: Path, result: Result) -> int:
    findings = fill_template(template, out, template_values(result))
    print_findings(findings)
    if findings:
        return UNUSABLE
    note(f"已按模板写出 {out}。")
    return 0


def _word(out: Path, report: Report, earlier_name: str | None) -> int:
    """Write the Word file; hand-written passages come over, and an edited file is never overwritten."""
    source = Path(earlier_name) if earlier_name else out if out.exists() else None
    place = out
    if source is not None:
        earlier = read_back(source)
        if isinstance(earlier, Finding):
            if earlier_name:
                print_findings([earlier])
                return UNUSABLE
            place = next_draft(out)
            note(f"{out} 不是本程序写出的报告，没有覆盖；新报告写到 {place}。")
        else:
            report = _taken_over(report, earlier)
            place = _place_beside(out, source, earlier)
            _tell_changes(changes(earlier.figures, report), place)
    with progress("写出报告"):
        numbered = write_numbered(place, report)
    gaps = [gap.title for gap in report.gaps if gap.open]
    if gaps:
        note(f"还有 {len(gaps)} 处待人工撰写：{'、'.join(gaps)}；写完之前封面标“征求意见稿”。")
    if report.contents and not numbered:
        note(WITHOUT_NUMBERS)
    note(f"已写出 {place}。")
    return 0


def _place_beside(out: Path, source: Path, earlier: Earlier) -> Path:
    if not out.exists():
        return out
    standing = earlier if source.absolute() == out.absolute() else read_back(out)
    if isinstance(standing, Finding) or standing.touched:
        place = next_draft(out)
        note(f"{out} 已经有人改过，没有覆盖；新稿写到 {place}。")
        if earlier.edited:
            note("旧稿在手写段落以外也改过：那些改动不会带到新稿，请对照旧稿处理。")
        return place
    return out


def next_draft(out: Path) -> Path:
    """Return the first free name of the kind ``报告-第2稿.docx``."""
    number = 2
    while (place := out.with_name(f"{out.stem}-第{number}稿{out.suffix}")).exists():
        number += 1
    return place


def _taken_over(report: Report, earlier: Earlier) -> Report:
    """Put the hand-written passages in; those without a place any more stand in an annex of their own."""
    filled = fill(report, earlier)
    if earlier.holding_more:
        note(f"这些段落里有表格、图片或脚注，只能带文字过来，请从旧稿拷贝：{'、'.join(earlier.holding_more)}。")
    if not filled.left_over:
        return filled.report
    note(f"旧稿的这些手写段落在新版式里没有位置，放在最后的附件里：{'、'.join(filled.left_over)}。")
    kept = [Gap(name=name, title=name, prompt="", text=text) for name, text in filled.left_over.items()]
    heading = Heading(1, (Quote("layout.heading", "附：旧稿中的其他手写段落"),))
    return replace(filled.report, annexes=(*filled.report.annexes, heading, *kept))


def _tell_changes(found: list[Change], place: Path) -> None:
    """Tell how many figures changed, show the first, and write all of them to a list beside the report."""
    if not found:
        return
    beside = place.with_name(f"{place.stem}-变动清单.xlsx")
    write_table(beside, CHANGE_COLUMNS, ([change.key, change.before or "", change.after or ""] for change in found))
    note(f"与旧稿相比，有 {len(found)} 处数或引文变了，全部列在 {beside}：")
    for change in found[:SHOWN_CHANGES]:
        note(f"　{change.key}：{change.before or '（无）'} → {change.after or '（无）'}")


COMMAND = Command(
    name="report",
    help="绩效评价报告（Word）、自评表和评分表（Word、Excel）",
    arguments=_arguments,
    run=_run,
)
