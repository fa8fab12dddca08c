"""What a file that calls itself a workbook really is, told by its first bytes: often a web page or a text."""

from pathlib import Path

from tuodi.intake.compound_file import MAGIC
from tuodi.intake.sources import file_finding
from tuodi.intake.xls_guard import encrypted_or_old
from tuodi.kernel.finding import Finding

OLD_SUFFIX = ".xls"

_BYTES = 512
_SAVE_AS = "请用表格软件打开，另存为 XLSX 工作簿后再导入"
_PAGES = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"<style", b"<!--", b"<body", b"<script")
_ZIP = b"PK\x03\x04"
_OLDEST = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refused_by_its_start(path: Path) -> Finding | None:
    """Return what refuses a workbook (``.xls`` or a newer one) whose content is something else; None if it is one."""
    is_old = path.suffix.lower() == OLD_SUFFIX
    name = "XLS" if is_old else "XLSX"
    try:
        with path.open("rb") as file:
            start = file.read(_BYTES)
    except OSError:
        return file_finding(path, "file-missing", "文件无法读取", "请核对文件是否被占用、是否有读取权限")
    if start.startswith(_ZIP):
        if not is_old:
            return None
        message = "文件名是 XLS，内容却是 XLSX 工作簿或压缩包"
        advice = "如是工作簿，请把文件名的后缀改为 .xlsx；如是压缩包，请先解压"
        return file_finding(path, "file-format", message, advice)
    if start.startswith(MAGIC):
        return None if is_old else _compound_named_xlsx(path)
    if _is_page(start):
        return file_finding(path, "file-format", f"文件名是 {name}，内容却是网页（HTML 或 XML）", _SAVE_AS)
    if start.startswith(_OLDEST):
        return file_finding(path, "file-format", "是 Excel 95 或更早的工作簿", _SAVE_AS)
    if start.startswith(_UTF_16) or (start and all(byte >= 0x20 or byte in b"\t\r\n" for byte in start)):
        message = f"文件名是 {name}，内容却是文本（CSV 或以制表符分隔）"
        advice = "逗号分隔的，请把文件名的后缀改为 .csv；其他的，请用表格软件打开，另存为 XLSX 工作簿"
        return file_finding(path, "file-format", message, advice)
    return file_finding(path, "file-format", f"不是 {name} 工作簿，或文件已损坏", _SAVE_AS)


def _is_page(start: bytes) -> bool:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            start = start[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(_PAGES) or text.startswith(b"mime-version:")


def _compound_named_xlsx(path: Path) -> Finding:
    known = encrypted_or_old(path)
    if known:
        return known
    message = "文件名是 XLSX，内容却是加密的工作簿或旧版 Excel 工作簿"
    advice = "有密码的请先取消密码；再用表格软件打开，另存为 XLSX 工作簿后导入"
    return file_finding(path, "file-format", message, advice)
