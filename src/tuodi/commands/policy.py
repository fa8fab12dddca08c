"""``tuodi policy``: list, check, show and compare policy documents."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from tuodi.commands.console import print_findings, say, show
from tuodi.commands.figures_table import Folded, figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse
from tuodi.kernel.finding import Finding, Severity
from tuodi.policy import wording
from tuodi.policy.diff import differences
from tuodi.policy.document import PolicyDocument
from tuodi.policy.in_force import line_findings
from tuodi.policy.library import NotFound, built_in_ids, find
from tuodi.policy.show import BenefitTable, Outline, outline

COUNTS = ("错误", "提醒", "说明")
ALL = 10_000
"""A policy file's findings are never cut: whoever checks a file wants every line."""


def _found(name: str) -> tuple[PolicyDocument | None, list[Finding]]:
    """Return a policy by id or file. Raises WrongUse where there is neither."""
    found = find(name)
    if isinstance(found, NotFound):
        raise WrongUse(found.sentence())
    return found


def _usable(name: str) -> PolicyDocument | None:
    """Return a policy, or print why it cannot be read; what only informs is told by ``check``."""
    document, findings = _found(name)
    if document is None:
        print_findings((finding for finding in findings if finding.is_error), ALL)
    return document


def _list(_args: Namespace) -> int:
    rows = []
    for policy_id in built_in_ids():
        document, _ = _found(policy_id)
        if document is not None:
            benefits = "、".join(component.name for component in document.components)
            premium = "有" if document.premium else wording.NONE
            period = wording.validity(document)
            rows.append((policy_id, document.title, document.region_name, period, benefits, premium))
    show(figures_table("内置政策", ("编号", "名称", "地区", "施行", "待遇", "资助参保"), rows))
    say("看一份政策：tuodi policy show 编号；检查自己的政策文件：tuodi policy check 文件")
    return 0


def _check(args: Namespace) -> int:
    names = list(dict.fromkeys(args.policies)) or built_in_ids()
    checked = [(name, *_found(name)) for name in names]
    between = line_findings(document for _, document, _ in checked if document is not None)
    findings = [finding for _, _, of_one in checked for finding in of_one] + between
    rows = []
    for name, document, of_one in checked:
        counts = [sum(finding.severity is severity for finding in of_one) for severity in Severity]
        rows.append((name, document.title if document else "读不出来", *map(str, counts)))
    show(figures_table("检查结果", ("政策", "名称", *COUNTS), rows, numbers=COUNTS))
    print_findings(findings, ALL)
    return int(any(finding.severity is not Severity.INFO for finding in findings))


def _show(args: Namespace) -> int:
    document = _usable(args.policy)
    if document is None:
        return 1
    show(Group(*_pages(outline(document))))
    return 0


def _pages(read: Outline) -> Iterable[RenderableType]:
    yield figures_table("政策", ("项", "内容"), read.head)
    yield figures_table("身份（同时具有多种时取在前的一种）", ("次序", "身份"), _numbered(read.precedence))
    for benefit in read.benefits:
        yield _benefit(benefit)
    if read.premium:
        yield figures_table("资助参保", ("身份", "资助", "依据"), read.premium)
    if read.figures:
        yield figures_table("引用的数据", ("数据", "数值和出处"), read.figures)
    yield figures_table("来源", ("键", "文件"), read.sources)
    if read.open_questions:
        rows = [(question.asks, question.reading, str(question.clause)) for question in read.open_questions]
        yield figures_table("待明确的问题", ("问题", "目前的处理", "出处"), rows)


def _benefit(benefit: BenefitTable) -> RenderableType:
    headings = ("身份", "年度起付线", "比例", "年度限额", "依据")
    conditions = Folded("\n".join(f"{label}：{text}" for label, text in benefit.conditions))
    return Group(figures_table(f"{benefit.name}（{benefit.code}）", headings, benefit.rows), conditions, Text(""))


def _numbered(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in enumerate(names, start=1)]


def _diff(args: Namespace) -> int:
    a, b = _usable(args.a), _usable(args.b)
    if a is None or b is None:
        return 1
    found = differences(a, b)
    if found:
        show(figures_table(f"{len(found)} 处不同", ("位置", a.id, b.id), found))
    else:
        say("两份政策的内容没有不同。")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    listing = actions.add_parser("list", help="列出内置政策", description="列出内置政策")
    listing.set_defaults(policy_action=_list)
    check = actions.add_parser("check", help="检查政策文件", description="检查政策文件；不写则检查全部内置政策")
    check.add_argument("policies", nargs="*", metavar="文件", help="政策文件或内置编号，可写多个")
    check.set_defaults(policy_action=_check)
    showing = actions.add_parser("show", help="显示一份政策", description="显示一份政策的待遇、依据和待明确的问题")
    showing.add_argument("policy", metavar="政策", help="内置编号或文件")
    showing.set_defaults(policy_action=_show)
    comparing = actions.add_parser("diff", help="比较两份政策", description="并列显示两份政策不同的条文和参数")
    comparing.add_argument("a", metavar="甲", help="内置编号或文件")
    comparing.add_argument("b", metavar="乙", help="内置编号或文件")
    comparing.set_defaults(policy_action=_diff)


def _run(args: Namespace) -> int:
    status: int = args.policy_action(args)
    return status


COMMAND = Command("policy", "列出、检查、显示、比较政策文件", _arguments, _run)
