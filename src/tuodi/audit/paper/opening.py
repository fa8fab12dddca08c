"""Opening a paper: by its suffix and its first bytes; what cannot be read is a finding that says what to do."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.pdf_file import read_pdf
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.paper.word_file import read_word
from tuodi.audit.paper.workbook_file import read_workbook
from tuodi.kernel.finding import Finding

MOST_BYTES = 100 * 2**20
MOST_TEXT_BYTES = 20 * 2**20
_START = 1024

_TEXT_SUFFIXES = (".txt", ".md")
_READERS: dict[str, Callable[[Path], Paper | Finding]] = {
    ".docx": read_word,
    ".pdf": read_pdf,
    ".xlsx": read_workbook,
}
READABLE = (*_READERS, *_TEXT_SUFFIXES)

_AS_WORD = "请用 Word 或 WPS 打开，另存为 .docx 后再审核"
_AS_WORKBOOK = "请用表格软件打开，另存为 .xlsx 后再审核"
_AS_PDF = "请用阅读软件打开，另存或打印为可复制文字的 PDF 后再审核"
_OTHER_FORMATS = {
    ".doc": ("旧版 Word 文档", _AS_WORD),
    ".dot": ("旧版 Word 模板", _AS_WORD),
    ".docm": ("带宏的 Word 文档", _AS_WORD),
    ".wps": ("WPS 文字文档", _AS_WORD),
    ".wpt": ("WPS 文字模板", _AS_WORD),
    ".rtf": ("RTF 文档", _AS_WORD),
    ".odt": ("ODT 文档", _AS_WORD),
    ".html": ("网页", "请把正文粘贴到 Word，存为 .docx 后再审核"),
    ".htm": ("网页", "请把正文粘贴到 Word，存为 .docx 后再审核"),
    ".xls": ("旧版 Excel 工作簿", _AS_WORKBOOK),
    ".et": ("WPS 表格", _AS_WORKBOOK),
    ".xlsm": ("带宏的 Excel 工作簿", _AS_WORKBOOK),
    ".xlsb": ("二进制 Excel 工作簿", _AS_WORKBOOK),
    ".ods": ("ODS 表格", _AS_WORKBOOK),
    ".csv": ("CSV 数据", _AS_WORKBOOK),
    ".ofd": ("OFD 版式文件", _AS_PDF),
    ".ceb": ("CEB 版式文件", _AS_PDF),
}
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif")
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PDF = b"%PDF-"
_STEERING = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of writing; no text needs them."""


def read_paper(path: Path) -> Paper | Finding:
    """Return the paper in a file, or why it cannot be read."""
    suffix = path.suffix.lower()
    try:
        refused = _refused_by_name(path, suffix) or _refused_by_size(path) or _refused_by_start(path, suffix)
        if refused is not None:
            return refused
        paper = _read_text_file(path) if suffix in _TEXT_SUFFIXES else _READERS[suffix](path)
    except (OSError, ValueError):
        # A name no system takes is a ValueError.
        return _finding(path, "file-missing", "文件不存在或没有权限读取", "请核对文件名和所在文件夹")
    except RecursionError:
        return _finding(path, "file-damaged", "内容层层嵌套，超出正常文件", "请重新导出该文件")
    if isinstance(paper, Paper) and not any(paper.lines if suffix in _TEXT_SUFFIXES else paper.blocks):
        advice = "如果页面是扫描的图片，请用可复制文字的原稿；否则请核对文件是否正确"
        return _finding(path, "file-empty", "文件里没有文字", advice)
    return paper


def _refused_by_name(path: Path, suffix: str) -> Finding | None:
    if suffix in READABLE:
        return None
    if suffix in _PICTURES:
        return _finding(path, "file-scanned", "图片没有文字层，读不出文字", "请用可复制文字的 PDF 或原 Word 文件")
    if suffix in _OTHER_FORMATS:
        name, advice = _OTHER_FORMATS[suffix]
        return _finding(path, "file-format", f"是{name}，不能直接审核", advice)
    known = "、".join(READABLE)
    return _finding(path, "file-format", f"不认识的文件类型“{suffix}”", f"可以审核的文件：{known}")


def _refused_by_size(path: Path) -> Finding | None:
    size = path.stat().st_size
    if not path.is_file():
        return _finding(path, "file-missing", "不是文件", "请核对文件名和所在文件夹")
    if size == 0:
        return _finding(path, "file-empty", "文件是空的", "请核对文件是否正确")
    most = MOST_TEXT_BYTES if path.suffix.lower() in _TEXT_SUFFIXES else MOST_BYTES
    if size > most:
        advice = "请核对文件是否正确，或拆成几个文件分别审核"
        return _finding(path, "file-too-large", f"文件大小超过 {most // 2**20} MB", advice)
    return None


def _refused_by_start(path: Path, suffix: str) -> Finding | None:
    """Refuse a file whose first bytes are not what its name says."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(_OLD_OFFICE):
        return _old_or_encrypted(path)
    if suffix in _TEXT_SUFFIXES:
        if start.startswith((b"PK\x03\x04", _PDF)) or b"\0" in start and not start.startswith(_UTF_16):
            return _finding(path, "file-format", "文件名是文本，内容却不是文字", "请核对文件的后缀是否写错")
        return None
    # Before a PDF's mark there may be some bytes that mail programs and scanners leave.
    if _PDF in start if suffix == ".pdf" else start.startswith(b"PK\x03\x04"):
        return None
    return _finding(path, "file-format", f"文件名是 {suffix}，内容却不是", "请核对文件的后缀是否写错，或重新导出该文件")


def _old_or_encrypted(path: Path) -> Finding:
    if _ENCRYPTED_STREAM in path.read_bytes():
        return _finding(path, "file-encrypted", "文件已加密，要密码才能打开", "请取消密码后另存，再审核")
    advice = "请用 Word、WPS 或表格软件打开，另存为 .docx 或 .xlsx 后再审核"
    return _finding(path, "file-format", "内容是旧版 Word、Excel 或 WPS 格式", advice)


def _read_text_file(path: Path) -> Paper | Finding:
    content = path.read_bytes()
    for encoding in ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            text = _STEERING.sub("", text)
            return (
                read_text(path.name, text)
                if text.strip()
                else _finding(path, "file-empty", "文件里没有文字", "请核对文件是否正确")
            )
    advice = "请用记事本打开，另存为 UTF-8 编码的文本后再审核"
    return _finding(path, "file-format", "不是 UTF-8、GB18030 或 UTF-16 编码的文字", advice)


def _finding(path: Path, rule: str, message: str, advice: str) -> Finding:
    return Finding(rule=rule, message=message, advice=advice, file=path.name)
