"""``tuodi report``: the evaluation report in Word, the official self-evaluation tables, the score workbook."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from tuodi.commands.console import note, print_findings
from tuodi.commands.evaluations import add_evaluation_argument, files_of, refused_something, scored
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write
from tuodi.commands.report_drafts import UNUSABLE, next_draft, write_word, write_workbook
from tuodi.evaluation.execution import execution
from tuodi.evaluation.links import link_findings
from tuodi.evaluation.scheme import Kind
from tuodi.evaluation.scoring import Result
from tuodi.kernel.finding import Finding
from tuodi.report.evaluation_report import COMPOSERS, compose
from tuodi.report.report_layout import ReportLayout, known_layouts, layout_path, load_report_layout
from tuodi.report.self_evaluation.layout import SelfLayout, known_self_layouts, self_layout
from tuodi.report.self_evaluation.tables import self_report
from tuodi.report.template.filling import describe, fill_template
from tuodi.report.template.values import template_values
from tuodi.report.workbook.block_tables import write_self_workbook
from tuodi.report.workbook.scores import write_score_workbook

SUFFIXES = (".docx", ".xlsx")


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
    out = file_to_write(args.out, [*given, *files_of(args.evaluation)])
    if out.suffix.lower() not in SUFFIXES:
        raise WrongUse(f"输出文件 {args.out} 的后缀不认识；可用 {'、'.join(SUFFIXES)}。")
    _check_together(args, out)
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
        place = write_workbook(out, lambda path: _workbook(path, result, layout))
        note(f"已写出 {place}。")
        return status
    report = self_report(result, layout) if isinstance(layout, SelfLayout) else compose(result, layout)
    names = {node.code: node.name for node in result.scheme.nodes()}
    return write_word(out, report, args.earlier, names) or status


def _check_together(args: Namespace, out: Path) -> None:
    """Refuse options that have no meaning together. Raises WrongUse."""
    if out.suffix.lower() != ".docx" and (args.template or args.earlier):
        raise WrongUse("--template 和 --from 只用于写出 Word 文件（.docx）。")
    if args.template and (args.layout or args.earlier):
        raise WrongUse("用 --template 时版式由模板决定，不能同时写 --layout 或 --from。")


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
    place = next_draft(out) if out.exists() else out
    values = template_values(result)
    findings = fill_template(template, place, values)
    print_findings(findings)
    if any(finding.rule == "template-name" for finding in findings):
        note("模板可以用的名称：")
        for name, example in describe(values):
            note(f"　{name}：{example}")
    if findings:
        return UNUSABLE
    note(f"已按模板写出 {place}。" if place == out else f"{out} 已经存在，没有覆盖；已按模板写出 {place}。")
    return 0


COMMAND = Command(
    name="report",
    help="绩效评价报告（Word）、自评表和评分表（Word、Excel）",
    arguments=_arguments,
    run=_run,
)
