"""``tuodi survey``: statistics of answers, or of published counts, with what was found on the way."""

import json
from argparse import ArgumentParser, Namespace

from tuodi.commands.console import note, print_findings, say, show
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write
from tuodi.commands.survey_answer import survey_answer
from tuodi.commands.survey_screen import blocks
from tuodi.kernel.finding import Finding, Severity
from tuodi.report.survey_tables import write_survey_book
from tuodi.survey.definition_file import load_definition
from tuodi.survey.reckoning import reckon

FOUND = 1


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="文件", help="答卷（问卷平台导出的 XLSX、CSV），或已公布的各选项人数（CSV、XLSX、YAML）"
    )
    parser.add_argument(
        "--define", metavar="文件", help="问卷定义（YAML）：题目、跳转、查重、满意度权重；不写则没有满意度"
    )
    parser.add_argument("--out", metavar="文件", help="另存统计表（.xlsx）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _run(args: Namespace) -> int:
    path = file_to_read(args.file)
    inputs = [path]
    definition, findings = None, list[Finding]()
    if args.define:
        inputs.append(file_to_read(args.define))
        definition, findings = load_definition(inputs[1], args.define)
        if definition is None:
            print_findings(findings)
            return FOUND
    out = file_to_write(args.out, inputs) if args.out else None
    if out is not None and out.suffix.lower() != ".xlsx":
        raise WrongUse(f"输出文件 {args.out} 的后缀不认识；统计表请写成 .xlsx。")
    result, found = reckon(path, definition)
    findings += found
    if result is not None:
        if out is not None:
            write_survey_book(out, result)
        if args.json:
            say(json.dumps(survey_answer(result, findings), ensure_ascii=False, indent=2))
        else:
            for block in blocks(result):
                show(block)
    print_findings(findings)
    if result is not None and out is not None:
        note(f"统计表已写入 {out}。")
    return FOUND if any(finding.severity is not Severity.INFO for finding in findings) else 0


COMMAND = Command(
    name="survey",
    help="问卷统计：人数和比例、满意度、置信区间、填空题归类；导入时丢弃姓名电话",
    arguments=_arguments,
    run=_run,
)
