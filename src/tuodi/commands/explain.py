"""``tuodi explain``: the receipt of one settlement, on the screen, as JSON and as a page to hand over."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from tuodi import __version__
from tuodi.assessment.receipt import NotFound, Receipt, find_receipt
from tuodi.commands.console import note, print_findings, say, show
from tuodi.commands.figures_table import figures_table
from tuodi.commands.outputs import of_unusable_files
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write
from tuodi.commands.policies import add_policy_option, rulebook_of
from tuodi.kernel.codes import named
from tuodi.kernel.finding import Finding
from tuodi.kernel.money import yuan, yuan_grouped
from tuodi.report.receipt_docx import write_receipt

WITHHELD = 1
HEADINGS = ("项目", "计算", "金额（元）", "依据")


def _arguments(parser: ArgumentParser) -> None:
    add_policy_option(parser)
    parser.add_argument("--persons", required=True, metavar="文件", help="对象名册：CSV、XLSX 或 parquet")
    parser.add_argument("--settlements", required=True, metavar="文件", help="结算明细：CSV、XLSX 或 parquet")
    parser.add_argument("--setl-id", required=True, metavar="结算编号", help="要说明的那一笔结算")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--docx", metavar="文件", help="另存一页 Word 计算单（.docx），可交给本人")


def _run(args: Namespace) -> int:
    persons, settlements = file_to_read(args.persons), file_to_read(args.settlements)
    page = _page(args.docx, [persons, settlements]) if args.docx else None
    book = rulebook_of(args.policy)
    if isinstance(book, int):
        return book
    found = find_receipt(book, persons, settlements, args.setl_id)
    if isinstance(found, NotFound):
        raise WrongUse(f"{args.settlements} 里没有结算编号 {found.setl_id}；请核对编号和文件。")
    print_findings(of_unusable_files(found.findings) or found.findings)
    if found.receipt is None:
        note(f"结算 {args.setl_id} 暂不能计算，没有写出文件；请更正上面的问题后重新运行。")
        return WITHHELD
    if found.others:
        note(_of_others(found.others))
    if page is not None:
        write_receipt(page, found.receipt, __version__)
        note(f"计算单已写入 {page}。")
    if args.json:
        say(json.dumps(_answer(found.receipt), ensure_ascii=False, indent=2))
    else:
        _print(found.receipt)
    return 0


def _of_others(findings: Sequence[Finding]) -> str:
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    parts = [f"其中错误 {errors} 条可用 tuodi assess 的 --errors 列出"] if errors else []
    if warnings:
        parts.append(f"{'' if errors else '其中'}提醒 {warnings} 条在运行 tuodi assess 时显示")
    return f"文件中还有 {len(findings)} 处问题与这笔结算无关，{'，'.join(parts)}。"


def _page(name: str, inputs: list[Path]) -> Path:
    if Path(name).suffix.lower() != ".docx":
        raise WrongUse(f"--docx 写的是 {name}；文件名请以 .docx 结尾。")
    return file_to_write(name, inputs)


def _answer(receipt: Receipt) -> dict[str, object]:
    return {
        "setl_id": receipt.settlement.setl_id,
        "psn_no": receipt.settlement.psn_no,
        "identity": receipt.identity,
        "held": list(receipt.held),
        "steps": [
            {
                "component": step.component,
                "step": step.step,
                "formula": step.formula,
                "amount": yuan(step.amount_fen),
                "clause": step.clause,
            }
            for step in receipt.steps
        ],
        "paid_amt": yuan(receipt.paid_fen),
        "sentence": receipt.sentence,
    }


def _print(receipt: Receipt) -> None:
    settlement = receipt.settlement
    insurance = named("insutype", settlement.insutype) or "险种未填"
    say(f"结算 {settlement.setl_id}，人员 {settlement.psn_no}，{receipt.moment}")
    say(f"{named('med_type', settlement.med_type)}，{insurance}")
    say(f"身份：{receipt.identity or '无'}；当日登记：{'、'.join(receipt.held) or '无'}")
    if receipt.steps:
        total = ("医疗救助支付", "", yuan_grouped(receipt.paid_fen), "")
        show(figures_table("", HEADINGS, _rows(receipt), numbers=HEADINGS[2:3], total=total))
    if receipt.elsewhere_fen:
        say("；".join(f"{line.name}{yuan_grouped(line.amount_fen)}元" for line in receipt.payments) + "。")
    # Sentences are not left to rich: it would wrap them at the width it believes in.
    for sentence in (receipt.sentence, *receipt.remarks):
        say(sentence)


def _rows(receipt: Receipt) -> Iterator[tuple[str, str, str, str]]:
    for code, steps in groupby(receipt.steps, key=lambda step: step.component):
        if code:
            yield receipt.component_name(code), "", "", ""
        indent = "　" if code else ""
        for step in steps:
            yield indent + step.step, step.formula, yuan_grouped(step.amount_fen), step.clause


COMMAND = Command("explain", "说明一笔结算为什么是这个金额", _arguments, _run)
