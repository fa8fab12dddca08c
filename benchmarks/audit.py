"""Measure the audit of a long finished paper as a whole process: seconds and peak memory, for each file format.

    python benchmarks/audit.py [--pages 200] [--rounds 3] [--keep FOLDER]

The paper is made here: sections of invented text and score tables, in Word, as plain text and, where LibreOffice is
installed, as PDF. Each format is audited in a process of its own (``tuodi audit FILE --json``). Run it on a quiet
machine.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

ROOT = Path(__file__).parents[1]
GOAL_S, GOAL_MB = 30.0, 500
ROWS = 8
HEADER = ("一级指标", "二级指标", "三级指标", "分值", "得分", "预算数（万元）", "决算数（万元）", "执行率")

Table = list[tuple[str, ...]]


def sections(pages: int) -> Iterator[tuple[str, list[str], Table]]:
    """Yield a heading, paragraphs and a table for each page; the sums are right."""
    for number in range(1, pages + 1):
        budget = [100 + (number * 37 + row * 11) % 400 for row in range(ROWS)]
        rows: Table = [HEADER]
        for row, planned in enumerate(budget):
            rows.append(
                (
                    "过程",
                    f"管理{row % 4 + 1}",
                    f"第{row + 1}项工作完成情况",
                    "5",
                    "5",
                    f"{planned}.00",
                    f"{planned}.00",
                    "100.00%",
                )
            )
        total = f"{sum(budget)}.00"
        rows.append(("合计", "", "", str(5 * ROWS), str(5 * ROWS), total, total, "100.00%"))
        text = (
            f"第{number}项目当年安排预算{total}万元，实际支出{total}万元，预算执行率100.00%，全部工作按计划在12月31日前完成。"
            f"其中一季度完成{ROWS}项，二季度以后没有新增任务；各乡镇、各部门按职责分工推进，资金拨付及时，手续齐全，档案完整。"
        )
        yield f"（{number}）第{number}项目的绩效", [text] * 2, rows


def write_docx(path: Path, pages: int) -> None:
    """Write the paper as a Word file with a heading style, captions and ruled tables."""
    document = Document()
    document.add_paragraph("示例县项目支出绩效评价报告")
    body = document.element.body
    for number, (heading, texts, rows) in enumerate(sections(pages), 1):
        document.add_heading(heading, 2)
        for text in texts:
            document.add_paragraph(text)
        document.add_paragraph(f"表{number} 项目得分和资金情况表（单位：万元）")
        body.insert(len(body) - 1, parse_xml(_table_xml(rows)))
    document.save(str(path))


def _table_xml(rows: Table) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{escape(cell)}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    grid = '<w:gridCol w:w="1100"/>' * len(HEADER)
    properties = f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr>"
    return f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def write_text(path: Path, pages: int) -> None:
    """Write the paper as an extraction tool leaves it: wrapped lines, cells parted by tabs, page numbers."""
    lines = ["示例县项目支出绩效评价报告"]
    for number, (heading, texts, rows) in enumerate(sections(pages), 1):
        lines.append(heading)
        for text in texts:
            lines += [text[at : at + 38] for at in range(0, len(text), 38)]
        lines.append(f"表{number} 项目得分和资金情况表（单位：万元）")
        lines += ["\t".join(row) for row in rows]
        lines += ["", f"- {number} -", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_pdf(source: Path) -> Path | None:
    """Let LibreOffice print the Word file; None where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return source.with_suffix(".pdf")


def measured(path: Path) -> tuple[float, int]:
    """Audit a file in a process of its own; return seconds and peak memory in MB."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tuodi", "audit", str(path), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{path.name} was not audited")
    return time.perf_counter() - begun, usage.ru_maxrss // 1024


def main() -> None:
    """Make the paper, audit it in each format, print the figures beside the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the files in this folder and leave them there")
    args = parser.parse_args()
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        word, text = folder / "paper.docx", folder / "paper.txt"
        write_docx(word, args.pages)
        write_text(text, args.pages)
        for path in filter(None, (word, write_pdf(word), text)):
            runs = [measured(path) for _ in range(args.rounds)]
            seconds, peak = [each[0] for each in runs], max(each[1] for each in runs)
            size = path.stat().st_size / 2**20
            spread = f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f}) s"
            print(f"{path.suffix} ({size:.1f} MB): {spread}, peak {peak} MB; goal {GOAL_S:.0f} s, {GOAL_MB} MB")


if __name__ == "__main__":
    main()
