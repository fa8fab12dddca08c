"""Page numbers for the contents of a report, by laying it out with LibreOffice where that is installed.

A Word file does not know its own pages. Where the programs are missing or fail, the contents stay without numbers and
Word fills them when the file is opened: a report is never refused for that.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tuodi.commands.libreoffice import SECONDS_MAX, convert_to_pdf, office_program, ran
from tuodi.report.blocks import Report
from tuodi.report.word.pages import entries, find_pages
from tuodi.report.word.writer import write_report

WITHOUT_NUMBERS = (
    "目录暂无页码（没有安装 LibreOffice，或转换没有完成）：用 Word 打开文件，询问是否更新域时选“是”，页码即填好。"
)


def write_numbered(path: Path, report: Report, seconds: float = SECONDS_MAX) -> bool:
    """Write the report with page numbers in its contents; False where they are left to Word (``WITHOUT_NUMBERS``).

    Raises what ``write_report`` raises.
    """
    needed = bool(report.contents and entries(report))
    pages = page_numbers(report, seconds) if needed else None
    write_report(path, report, pages)
    return not needed or pages is not None


def page_numbers(report: Report, seconds: float = SECONDS_MAX) -> Mapping[str, int] | None:
    """Return the page of each heading in the contents as the footer shows it; None where it cannot be told."""
    office, reader = office_program(), shutil.which("pdftotext")
    if not office or not reader:
        return None
    with tempfile.TemporaryDirectory(prefix="tuodi-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_report(folder / "report.docx", report)
        if not convert_to_pdf(office, folder / "report.docx", seconds):
            return None
        text = ran([reader, "-layout", "-enc", "UTF-8", str(folder / "report.pdf"), "-"], seconds)
    if text is None:
        return None
    pages = find_pages(text.decode("utf-8", errors="replace").split("\f"), report)
    return pages if len(pages) == len(entries(report)) else None
