"""``tuodi accounts``: the disclosure of final accounts, checked first, as Word, Excel or PDF; a workbook to fill in."""

import json
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from tuodi.accounts.blank import blank_set
from tuodi.accounts.checks import check
from tuodi.accounts.disclosure import Accounts, Evaluated
from tuodi.accounts.identities import Equation, Standing, equations
from tuodi.accounts.library import Chosen, NotFound, choose, known_accounts
from tuodi.accounts.reading import read_accounts
from tuodi.accounts.sources import WORKBOOK
from tuodi.accounts.table_set import RowKind
from tuodi.commands.console import note, print_findings, progress, say
from tuodi.commands.evaluated_projects import evaluated_projects
from tuodi.commands.evaluations import refused_something
from tuodi.commands.libreoffice import SECONDS_MAX, convert_to_pdf, office_program
from tuodi.commands.page_numbers import write_numbered
from tuodi.commands.parser import Command
from tuodi.commands.places import WrongUse, file_to_read, file_to_write, folder_to_write
from tuodi.commands.report_drafts import taken_over, write_word, write_workbook
from tuodi.kernel.files import written_whole
from tuodi.kernel.finding import Finding
from tuodi.kernel.money import yuan
from tuodi.report.accounts.blank_workbook import write_blank_workbook
from tuodi.report.accounts.disclosure_report import disclosure_report
from tuodi.report.accounts.disclosure_workbook import write_disclosure_workbook
from tuodi.report.accounts.spoken_keys import spoken_keys
from tuodi.report.blocks import Report
from tuodi.report.word.edits import Earlier, read_back

UNUSABLE = 1
NEW = "new"
SUFFIXES = (".docx", ".xlsx", ".pdf")


def _arguments(parser: ArgumentParser) -> None:
    known = "、".join(known_accounts())
    parser.add_argument(
        "accounts", nargs="?", metavar="决算", help=f"编号、文件夹或工作簿；写 {NEW} 新建一份；编号：{known}"
    )
    parser.add_argument(
        "--out", metavar="文件", help=f"写出的文件，后缀决定格式：{'、'.join(SUFFIXES)}；{NEW} 时是文件夹"
    )
    parser.add_argument("--from", dest="earlier", metavar="文件", help="改过的旧稿（docx）：手写的段落带到新稿")
    parser.add_argument("--json", action="store_true", help="输出 JSON：核对的结果和每一条勾稽关系")


def _run(args: Namespace) -> int:
    if args.accounts is None:
        raise WrongUse(f"请写编号、文件夹或工作簿；可用的编号：{'、'.join(known_accounts())}；新建一份写 {NEW}。")
    if args.accounts == NEW:
        return _new(args)
    return _publish(args)


def _new(args: Namespace) -> int:
    if not args.out or args.earlier or args.json:
        raise WrongUse("新建一份决算数据：tuodi accounts new --out 文件夹。")
    path = Path(args.out)
    if path.is_dir() and any(path.iterdir()):
        raise WrongUse(f"文件夹 {args.out} 里已经有文件，不会覆盖；请换一个新的或空的文件夹。")
    folder = folder_to_write(args.out)
    write_blank_workbook(folder / WORKBOOK, blank_set())
    say(f"1. 打开 {folder / WORKBOOK}，按“填写说明”填写；公开表可以把决算软件导出的表整张粘贴进来。")
    say(f"2. 填好后运行 tuodi accounts {folder} --json 核对，有错误的先改正。")
    say(f"3. 运行 tuodi accounts {folder} --out 决算公开.docx 写出公开文件；后缀换成 .xlsx 写出公开表。")
    return 0


def _publish(args: Namespace) -> int:
    chosen = choose(args.accounts)
    if isinstance(chosen, NotFound):
        raise WrongUse(chosen.sentence())
    out = _out(args, chosen)
    accounts, evaluations, findings = _checked(args.accounts, chosen)
    print_findings(findings)
    if args.json:
        say(json.dumps(_answer(chosen.id, accounts, findings), ensure_ascii=False, indent=2))
    if accounts is None or refused_something(findings):
        if out is not None:
            note("有错误，没有写出文件；改正后重新运行。")
        return UNUSABLE
    if out is None:
        return 0
    if out.suffix.lower() == ".xlsx":
        place = write_workbook(out, lambda path: write_disclosure_workbook(path, accounts))
        note(f"已写出 {place}。")
        return 0
    report = disclosure_report(accounts, evaluations)
    if out.suffix.lower() == ".pdf":
        return _write_pdf(out, report, args.earlier)
    return write_word(out, report, args.earlier, spoken_keys(accounts, report))


def _out(args: Namespace, chosen: Chosen) -> Path | None:
    """Return where to write; None where only JSON is asked for. Raises WrongUse."""
    if not args.out:
        if args.json and not args.earlier:
            return None
        raise WrongUse("请用 --out 写明输出文件，例如 --out 决算公开.docx。")
    inputs = sorted(chosen.data.glob("*")) if chosen.data.is_dir() else [chosen.data]
    others = [file_to_read(args.earlier)] if args.earlier else []
    out = file_to_write(args.out, [*others, *(file for file in inputs if file.suffix.lower() not in (".docx", ".pdf"))])
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        raise WrongUse(f"输出文件 {args.out} 的后缀不认识；可用 {'、'.join(SUFFIXES)}。")
    if suffix == ".xlsx" and args.earlier:
        raise WrongUse("--from 只用于写出 Word 和 PDF 文件（.docx、.pdf）。")
    data = chosen.data if chosen.data.is_dir() else None
    if suffix == ".xlsx" and data and out.parent.resolve() == data.resolve() and not (data / WORKBOOK).exists():
        raise WrongUse(f"{data} 里的每个表格文件都是数据，公开表不能写在这里；请换一个文件夹。")
    if suffix == ".pdf" and office_program() is None:
        raise WrongUse(
            "写出 PDF 要用 LibreOffice，这台电脑没有；请安装它和中文字体，或写出 .docx 后用 Word 另存为 PDF。"
        )
    return out


def _checked(id_or_folder: str, chosen: Chosen) -> tuple[Accounts | None, Mapping[str, Evaluated], list[Finding]]:
    """Read and check; the accounts are None where they cannot be read at all."""
    reading = read_accounts(id_or_folder)
    if isinstance(reading, NotFound):
        raise WrongUse(reading.sentence())
    findings = list(reading.findings)
    if reading.accounts is None or refused_something(findings):
        return None, {}, findings
    folder = chosen.data if chosen.data.is_dir() else chosen.data.parent
    evaluations = evaluated_projects(reading.accounts, folder)
    return reading.accounts, evaluations, [*findings, *check(reading.accounts, evaluations)]


def _write_pdf(out: Path, report: Report, earlier_name: str | None) -> int:
    if earlier_name:
        earlier = read_back(Path(earlier_name))
        if not isinstance(earlier, Earlier):
            print_findings([earlier])
            return UNUSABLE
        report = taken_over(report, earlier)
    office = office_program()
    with progress("写出 PDF"), tempfile.TemporaryDirectory(prefix="tuodi-", ignore_cleanup_errors=True) as name:
        document = Path(name) / "report.docx"
        write_numbered(document, report)
        made = document.with_suffix(".pdf")
        if office is None or not convert_to_pdf(office, document, SECONDS_MAX) or not made.exists():
            note(
                "LibreOffice 没有转换成功，没有写出 PDF；请关闭其他 LibreOffice 窗口后重试，或写出 .docx 后另存为 PDF。"
            )
            return UNUSABLE
        with written_whole(out) as temporary:
            temporary.write_bytes(made.read_bytes())
    gaps = [gap.title for gap in report.gaps if gap.open]
    if gaps:
        note(f"还有 {len(gaps)} 处待人工撰写：{'、'.join(gaps)}；写完之前封面标“征求意见稿”。")
        note("请写在 .docx 里，再用 --from 带到 PDF；增减的原因也可以填在数据的“原因”里。")
    note(f"已写出 {out}。")
    return 0


def _answer(accounts_id: str, accounts: Accounts | None, findings: list[Finding]) -> dict[str, object]:
    """Return the JSON; sums of identities are yuan, or whole numbers where the cells are counts."""
    return {
        "id": accounts_id,
        "entity": accounts.entity if accounts else None,
        "year": accounts.year if accounts else None,
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "file": each.file,
                "sheet": each.sheet,
                "row": each.row,
                "column": each.column,
                "value": each.value,
                "message": each.message,
                "advice": each.advice,
            }
            for each in findings
        ],
        "identities": [
            {
                "id": each.identity,
                "name": each.name,
                "left": ["/".join(key) for _, key in each.left],
                "right": ["/".join(key) for _, key in each.right],
                "left_sum": _number(accounts, each, each.left_sum),
                "right_sum": _number(accounts, each, each.right_sum),
                "holds": {Standing.HOLDS: True, Standing.BROKEN: False}.get(each.standing),
            }
            for each in (equations(accounts) if accounts is not None else ())
        ],
    }


def _number(accounts: Accounts | None, each: Equation, total: int) -> str | None:
    if accounts is None or each.standing not in (Standing.HOLDS, Standing.BROKEN):
        return None
    table_id, row, _ = each.left[0][1]
    table, item = accounts.tables.table(table_id), accounts.tables.item(table_id, row)
    is_money = table.is_money(row) if table is not None else item is None or item.kind is RowKind.MONEY
    return yuan(total) if is_money else str(total)


COMMAND = Command(
    name="accounts",
    help="部门决算公开：核对公开表，写出公开文件（Word、PDF）和公开表（Excel）",
    arguments=_arguments,
    run=_run,
)
