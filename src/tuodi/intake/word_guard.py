"""Opening a Word file somebody else had in hands: unpacked under limits, no entity expanded, no reference followed.

Whatever is wrong with the file is a finding.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from tuodi.kernel.finding import Finding
from tuodi.kernel.zip_parts import DAMAGES, ZipEncrypted, ZipLimits, ZipTooLarge, zip_parts

LIMITS = ZipLimits(unpacked_bytes=256 * 2**20, parts=3_000)
MOST_XML_BYTES = 48 * 2**20
"""Bytes of the parts that are parsed, together: far above a report of some hundred pages."""

_DOCUMENT = "word/document.xml"
_CUSTOM = re.compile(r"customXml/item[0-9]+\.xml")
_OLD_FORMAT = bytes.fromhex("d0cf11e0a1b11ae1")


class OpenedDocument(NamedTuple):
    """The document's body, the roots of its custom XML parts, and of the other parts asked for by their names."""

    body: OxmlElement
    custom: tuple[OxmlElement, ...]
    parts: Mapping[str, OxmlElement]


def opened(path: Path, also: Collection[str] = ()) -> OpenedDocument | Finding:
    """Read the main part and the custom XML parts of a .docx file, and those of ``also`` that it has."""
    try:
        with path.open("rb") as file:
            is_old = file.read(len(_OLD_FORMAT)) == _OLD_FORMAT
        unpacked = () if is_old else zip_parts(path, LIMITS)
        parts = {name: part for name, part in unpacked if _is_read(name) or name in also}
        return _refused(path, is_old) if _DOCUMENT not in parts else _parsed(path, parts)
    except FileNotFoundError:
        return _finding(path, "file-missing", "找不到这个文件", "请核对文件的位置和名称")
    except ZipEncrypted:
        return _encrypted(path)
    except ZipTooLarge:
        return _too_large(path)
    except (*DAMAGES, SyntaxError):
        # The XML parser's errors are syntax errors.
        return _finding(path, "file-damaged", "文档已损坏或不完整", "请用保存过的上一份，或在 Word 中修复后另存")


def _is_read(name: str) -> bool:
    return name == _DOCUMENT or _CUSTOM.fullmatch(name) is not None


def _parsed(path: Path, parts: dict[str, bytes]) -> OpenedDocument | Finding:
    if sum(map(len, parts.values())) > MOST_XML_BYTES:
        return _too_large(path)
    roots = {name: parse_xml(part) for name, part in parts.items()}
    if any(root.getroottree().docinfo.doctype for root in roots.values()):
        raise ValueError("no word processor declares a document type")
    body = roots.pop(_DOCUMENT).find(qn("w:body"))
    if body is None:
        raise ValueError("a document without a body")
    custom = tuple(root for name, root in roots.items() if _CUSTOM.fullmatch(name))
    return OpenedDocument(body, custom, {name: root for name, root in roots.items() if not _CUSTOM.fullmatch(name)})


def _refused(path: Path, is_old: bool) -> Finding:
    if is_old:
        return _encrypted(path)
    return _finding(path, "file-format", "不是 Word 文档（.docx）", "请用 Word 打开，另存为 .docx 后再用")


def _encrypted(path: Path) -> Finding:
    advice = "请在 Word 中取消密码，另存为 .docx 后再用"
    return _finding(path, "file-encrypted", "文档已加密，或是旧格式（.doc）", advice)


def _too_large(path: Path) -> Finding:
    return _finding(path, "file-too-large", "文档过大，不像一份报告", "请核对文件是否正确")


def _finding(path: Path, rule: str, message: str, advice: str) -> Finding:
    return Finding(rule=rule, message=message, advice=advice, file=path.name)
