"""``tuodi clearing``: what one level of government pays another, line by line with formula, due day and delay."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import date

from rich.console import RenderableType

from tuodi.commands.console import print_findings, say, show
from tuodi.commands.figures_table import figures_table
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse
from tuodi.funds.clearing import Clearing, ClearingLine, Input, clear, share_text
from tuodi.funds.clearing_file import load_clearing
from tuodi.funds.library import NotFound, Shelf, choose, known_ids
from tuodi.kernel.money import Fen, yuan, yuan_grouped

UNREADABLE = 1
NOTHING = "—"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="编号", help=f"{'、'.join(known_ids(Shelf.CLEARING))}，或自己的文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _run(args: Namespace) -> int:
    chosen = choose(Shelf.CLEARING, args.id)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    document, findings = load_clearing(chosen.path, chosen.shown_as)
    print_findings(findings)
    if document is None:
        return UNREADABLE
    clearing = clear(document)
    if args.json:
        say(json.dumps(_answer(clearing), ensure_ascii=False, indent=2))
    else:
        _print(clearing)
    return 0


def _answer(clearing: Clearing) -> dict[str, object]:
    return {
        "id": clearing.document.id,
        "total": yuan(clearing.total_fen),
        "lines": [
            {
                "name": line.name,
                "formula": line.formula,
                "amount": yuan(line.amount_fen),
                "due": line.due.isoformat() if line.due else None,
                "paid_on": line.paid_on.isoformat() if line.paid_on else None,
                "days_late": line.days_late,
            }
            for line in clearing.lines
        ],
    }


def _print(clearing: Clearing) -> None:
    document = clearing.document
    say(document.title)
    say(f"付款：{document.payer}；收款：{document.payee}")
    say(f"出处：《{document.source.title}》{document.source.number}")
    if document.source.note:
        say(f"说明：{document.source.note}")
    say("")
    show(_lines(clearing))
    if document.headcounts:
        show(_inputs("人数", document.headcounts, str))
    if document.per_head:
        show(_inputs("人均标准（元）", document.per_head, yuan_grouped))
    if document.shares:
        show(_levels(clearing))


def _lines(clearing: Clearing) -> RenderableType:
    headings = ("项目", "计算式", "金额（元）", "应付日", "实付日", "及时性", "依据")
    rows = [
        (
            line.name,
            line.formula,
            yuan_grouped(line.amount_fen),
            _day(line.due),
            _day(line.paid_on),
            _timeliness(line),
            line.clause.at,
        )
        for line in clearing.lines
    ]
    total = ("合计", "", yuan_grouped(clearing.total_fen), "", "", "", "")
    return figures_table("应付资金", headings, rows, numbers=("金额（元）", "应付日", "实付日"), total=total)


def _day(day: date | None) -> str:
    return day.isoformat() if day else NOTHING


def _timeliness(line: ClearingLine) -> str:
    if line.days_late is None:
        return NOTHING
    return f"逾期 {line.days_late} 天" if line.days_late else "按期"


def _inputs(title: str, inputs: Iterable[Input], written: Callable[[int], str]) -> RenderableType:
    rows = [(item.name, _difference(item, written), written(item.value), item.clause.at) for item in inputs]
    return figures_table(title, ("名称", "算法", "数值", "依据"), rows, numbers=("数值",))


def _difference(item: Input, written: Callable[[int], str]) -> str:
    if item.difference is None:
        return ""
    first, second = item.difference
    return f"{written(first.value)} − {written(second.value)}"


def _levels(clearing: Clearing) -> RenderableType:
    """Show how each total is shared; the parts add up to it, to the fen."""
    shares = clearing.document.shares
    levels = [f"{share.level} {share_text(share.ratio)}" for share in shares]
    lines = [line for line in clearing.lines if line.by_level]
    rows = [(line.name, yuan_grouped(line.shared_fen), *_grouped(part for _, part in line.by_level)) for line in lines]
    by_share = [sum(line.by_level[place][1] for line in lines) for place in range(len(shares))]
    total = ("合计", *_grouped([sum(line.shared_fen for line in lines), *by_share]))
    return figures_table("各级分担（元）", ("项目", "总额", *levels), rows, numbers=("总额", *levels), total=total)


def _grouped(amounts: Iterable[Fen]) -> list[str]:
    return [yuan_grouped(amount) for amount in amounts]


COMMAND = Command(
    name="clearing",
    help="筹集、清算和上解：各级政府之间应付多少、是否按期",
    arguments=_arguments,
    run=_run,
)
