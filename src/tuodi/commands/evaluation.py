"""``tuodi evaluation``: set up a new evaluation from a shipped scheme, list the schemes."""

import difflib
from argparse import ArgumentParser, Namespace

from tuodi.commands.console import print_findings, say, show
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, folder_to_write
from tuodi.evaluation.data import EvaluationData
from tuodi.evaluation.data_tables import read_data
from tuodi.evaluation.scheme import Kind, Scheme
from tuodi.evaluation.scheme_library import (
    DATA_FILE,
    SCHEME_FILE,
    Chosen,
    choose,
    known_evaluations,
    known_schemes,
    scheme_path,
)
from tuodi.evaluation.scheme_loader import load_scheme
from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Finding, Severity
from tuodi.report.workbook.data import write_evaluation_workbook

UNREADABLE = 1

KINDS = {Kind.EVALUATION: "绩效评价", Kind.SELF: "绩效自评"}


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    new = actions.add_parser("new", help="新建一份评价", description="按内置方案新建一份评价：方案文件和待填写的资料表")
    new.add_argument("--scheme", required=True, metavar="方案", help="内置方案编号，见 tuodi evaluation list")
    new.add_argument("--out", required=True, metavar="文件夹", help=f"写出 {SCHEME_FILE} 和 {DATA_FILE} 的文件夹")
    new.add_argument("--with-data", action="store_true", help="同时写入该方案内置的资料，作为填写的样子")
    new.set_defaults(evaluation_action=_new)
    listing = actions.add_parser("list", help="列出内置方案", description="列出内置方案")
    listing.set_defaults(evaluation_action=_list)


def _run(args: Namespace) -> int:
    status: int = args.evaluation_action(args)
    return status


def _list(_args: Namespace) -> int:
    rows, findings = [], []
    for scheme_id in known_schemes():
        scheme, told = _scheme(scheme_id)
        findings += _important(told)
        if scheme is not None:
            count = str(len(scheme.leaves()))
            example = "有" if scheme_id in known_evaluations() else "—"
            rows.append((scheme.id, scheme.title, KINDS[scheme.kind], count, example))
    headings = ("编号", "名称", "类型", "末级指标", "内置资料")
    show(figures_table("内置方案", headings, rows, numbers=("末级指标",)))
    print_findings(findings)
    say("新建一份评价：tuodi evaluation new --scheme 编号 --out 文件夹")
    return UNREADABLE if findings else 0


def _new(args: Namespace) -> int:
    chosen = _chosen(args.scheme)
    if args.with_data and chosen.id not in known_evaluations():
        known = "、".join(known_evaluations()) or "无"
        raise WrongUse(f"方案 {chosen.id} 没有内置资料，不能写 --with-data；有内置资料的方案：{known}。")
    scheme, findings = _scheme(chosen.id)
    data, told = read_data(chosen.data) if args.with_data else (EvaluationData(), [])
    findings += told
    print_findings(_important(findings))
    if scheme is None or any(finding.is_error for finding in findings):
        return UNREADABLE
    folder = folder_to_write(args.out)
    for name in (SCHEME_FILE, DATA_FILE):
        if (folder / name).exists():
            raise WrongUse(f"{folder / name} 已经存在，不会覆盖；请换一个文件夹，或先把它移走。")
    # The scheme takes its name only when the data stand: a folder with a scheme is an evaluation.
    with written_whole(folder / SCHEME_FILE) as temporary:
        temporary.write_bytes(chosen.scheme.read_bytes())
        write_evaluation_workbook(folder / DATA_FILE, scheme, data)
    say(f"1. 打开 {folder / DATA_FILE}，按“填写说明”填写资料；先填“指标”“要点”“基础数据”和“佐证材料”。")
    say(f"2. 指标、权重、目标或规则与本地不同的，修改 {folder / SCHEME_FILE}。")
    say(f"3. 填好后运行 tuodi score {folder} 看得分和缺什么；tuodi lint {folder} 检查指标体系；tuodi report 出报告。")
    return 0


def _chosen(scheme_id: str) -> Chosen:
    known = known_schemes()
    if scheme_id not in known:
        near = difflib.get_close_matches(scheme_id, known, n=3, cutoff=0.5)
        meant = f"是不是想用 {'、'.join(near)}？" if near else ""
        raise WrongUse(f"没有“{scheme_id}”这个方案。{meant}内置方案：{'、'.join(known)}。")
    chosen = choose(scheme_id)
    if not isinstance(chosen, Chosen):
        raise WrongUse(chosen.sentence())
    return chosen


def _scheme(scheme_id: str) -> tuple[Scheme | None, list[Finding]]:
    path = scheme_path(scheme_id)
    return load_scheme(path, f"schemes/{path.name}")


def _important(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.INFO]


COMMAND = Command(
    name="evaluation",
    help="新建一份绩效评价（方案和待填写的资料表），列出内置方案",
    arguments=_arguments,
    run=_run,
)
