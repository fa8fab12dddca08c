"""Rows of a CSV file: commas, any line ending, UTF-8 with or without BOM, else GB18030, decided strictly."""

import codecs
import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from tuodi.intake.cells import Cell
from tuodi.intake.sources import Limits, Row, Source, damaged, file_finding
from tuodi.kernel.finding import Finding

_CHUNK = 2**20
_SAVE_AS_UTF8 = "请用表格软件打开，另存为“CSV UTF-8（逗号分隔）”后再导入"
_MAGIC = {
    b"PK\x03\x04": ("XLSX 工作簿或压缩包", "如是工作簿，请把文件名的后缀改为 .xlsx；如是压缩包，请先解压"),
    b"\xd0\xcf\x11\xe0": ("旧版 Excel 工作簿", _SAVE_AS_UTF8),
    b"PAR1": ("parquet 文件", "请把文件名的后缀改为 .parquet"),
    b"%PDF": ("PDF 文件", "请向来源单位索取 XLSX 或 CSV 文件"),
}
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def csv_source(path: Path, limits: Limits, headings: Collection[str]) -> Source | Finding:
    """Open a CSV file once its encoding is known and no byte of it stands against reading it as text."""
    del headings
    try:
        encoding = _encoding(path)
        if isinstance(encoding, Finding):
            return encoding
        return Source("", _rows(path, encoding, limits))
    except OSError:
        return file_finding(path, "file-missing", "文件无法读取", "请核对文件是否被占用、是否有读取权限")


def _encoding(path: Path) -> str | Finding:
    """Return ``utf-8-sig`` or ``gb18030``, a finding if the file is neither or not text at all."""
    with path.open("rb") as file:
        start = file.read(512)
    for magic, (name, advice) in _MAGIC.items():
        if start.startswith(magic):
            return file_finding(path, "file-format", f"文件名是 CSV，内容却是{name}", advice)
    if start.startswith(_UTF16_MARKS):
        return file_finding(path, "file-encoding", "文件编码是 UTF-16（Unicode 文本）", _SAVE_AS_UTF8)
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        return file_finding(path, "file-format", "文件名是 CSV，内容却是网页（HTML）", _SAVE_AS_UTF8)
    candidates = {name: codecs.getincrementaldecoder(name)("strict") for name in ("utf-8-sig", "gb18030")}
    with path.open("rb") as file:
        line = 1
        while candidates:
            chunk = file.read(_CHUNK)
            if b"\x00" in chunk:
                line += chunk[: chunk.index(b"\x00")].count(b"\n")
                return file_finding(path, "nul-byte", "文件中有空字符（NUL）", _SAVE_AS_UTF8, row=line)
            if len(chunk) == _CHUNK and b"\n" not in chunk and b"\r" not in chunk:
                message = "有一行超过 1 MB，可能是单元格过长或缺少换行"
                return file_finding(path, "cell-too-long", message, "请重新导出", row=line)
            line += chunk.count(b"\n")
            for name, decoder in list(candidates.items()):
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    del candidates[name]
            if not chunk:
                break
    if not candidates:
        return file_finding(path, "file-encoding", "文件编码既不是 UTF-8 也不是 GB18030", _SAVE_AS_UTF8)
    return next(iter(candidates))


def _rows(path: Path, encoding: str, limits: Limits) -> Iterator[Row | Finding]:
    number = 0
    try:
        with path.open(encoding=encoding, errors="strict", newline="") as file:
            for number, fields in enumerate(csv.reader(file, strict=True), start=1):
                if fields and max(map(len, fields)) > limits.cell_chars:
                    yield _too_long(path, number, limits)
                    return
                cells: list[Cell] = list(fields)
                yield number, cells
    except csv.Error as error:
        # The module has no error classes; its text is the only way to tell the cases apart.
        if "field larger" in str(error):
            yield _too_long(path, number + 1, limits)
        else:
            message = "引号没有成对，从这一行起无法分列"
            advice = "请在表格软件中打开核对，或把内容里的一个双引号写成两个"
            yield file_finding(path, "csv-quotes", message, advice, row=number + 1)
    except (OSError, UnicodeError):
        yield damaged(path, "文件", row=number + 1)


def _too_long(path: Path, number: int, limits: Limits) -> Finding:
    message = f"有单元格超过 {limits.cell_chars} 个字符，可能是引号没有成对"
    return file_finding(path, "cell-too-long", message, "请核对该行的引号和内容", row=number)
