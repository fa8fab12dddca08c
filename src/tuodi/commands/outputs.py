"""What every command hands back: its result table, written to a place asked for in time, and the findings."""

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from tuodi.commands.console import note, print_findings
from tuodi.commands.places import WrongUse, file_to_write
from tuodi.intake.foot_rows import told_once
from tuodi.intake.rows import refuses_the_file
from tuodi.kernel.finding import Finding, Severity
from tuodi.report.errors import write_errors
from tuodi.report.tables import SUFFIXES, Column, Row, TooManyRows, write_batches, write_table


def add_output_arguments(parser: ArgumentParser) -> None:
    """Declare ``--out`` and ``--errors``."""
    kinds = "、".join(SUFFIXES)
    parser.add_argument("--out", required=True, metavar="文件", help=f"结果文件，后缀决定格式：{kinds}")
    parser.add_argument("--errors", metavar="文件", help="错误清单，退回报送单位更正；不写则全部显示在屏幕上")


def table_to_write(name: str, others: Iterable[Path] = ()) -> Path:
    """Return the path of a table to write, of a known suffix and none of ``others``. Raises WrongUse."""
    path = file_to_write(name, others)
    if path.suffix.lower() not in SUFFIXES:
        raise WrongUse(f"输出文件 {name} 的后缀不认识；可用 {'、'.join(SUFFIXES)}。")
    if any(path.absolute() == other.absolute() for other in others):
        raise WrongUse(f"{name} 写了两次；请给每个文件各取一个名字。")
    return path


def places_of(out: str, errors: str | None, inputs: Sequence[Path]) -> tuple[Path, Path | None]:
    """Return where the result and, if asked for, the errors go. Raises WrongUse."""
    result = table_to_write(out, inputs)
    return result, table_to_write(errors, [*inputs, result]) if errors else None


def write_result(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write a result table. Raises WrongUse where the format cannot hold so many rows."""
    try:
        write_table(path, columns, rows)
    except TooManyRows as problem:
        raise WrongUse(str(problem)) from problem


def write_result_batches(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write a result that comes in Arrow batches. Raises WrongUse as ``write_result`` does."""
    try:
        write_batches(path, schema, batches)
    except TooManyRows as problem:
        raise WrongUse(str(problem)) from problem


def hand_back(findings: Sequence[Finding], errors: Path | None) -> int:
    """Print the findings, write the errors to their file; return the exit status: 1 if there is an error.

    Without a file no error may be left out on the screen: whoever must mend the rows has no other list. Where a file
    cannot be used at all, that is said first and the rows have to wait.
    """
    findings = told_once(findings)
    refused = [finding for finding in findings if finding.is_error]
    if any(map(refuses_the_file, refused)):
        _print_unusable(findings, errors)
    elif errors is None:
        print_findings(refused, len(refused))
        print_findings(finding for finding in findings if not finding.is_error)
    else:
        print_findings(findings)
    if errors is not None:
        write_errors(errors, refused)
        note(f"错误清单已写入 {errors}，共 {len(refused)} 条。")
    return int(bool(refused))


def _print_unusable(findings: Sequence[Finding], errors: Path | None) -> None:
    """Print why files cannot be used, and of their headings what may help; of rows only how many are bad."""
    note("文件不能使用，没有写出结果：")
    print_findings(of_unusable_files(findings))
    others = sum(finding.is_error and not refuses_the_file(finding) for finding in findings)
    if others:
        where = "见错误清单" if errors else "文件都能使用之后再逐条列出"
        note(f"另有 {others} 处有误的行，{where}。")


def of_unusable_files(findings: Sequence[Finding]) -> list[Finding]:
    """Return the errors that refuse whole files and what informs about the same files."""
    refusing = [finding for finding in findings if refuses_the_file(finding)]
    files = {finding.file for finding in refusing}
    informing = [each for each in findings if each.severity is Severity.INFO and each.file in files]
    return refusing + informing
