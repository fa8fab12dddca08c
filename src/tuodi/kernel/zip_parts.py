"""Unpacking a stranger's zip file: workbooks and Word templates are zips of parts.

The directory of a zip may lie and a part may unpack to gigabytes, so every part is unpacked here under limits, from
the bytes that really stand in the file.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_LOCAL_HEADER = struct.Struct("<4s22x2H")

DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, RuntimeError, EOFError, OverflowError)
"""What ``zip_parts`` raises for a file that is no zip, was cut short or contradicts itself."""


class ZipTooLarge(Exception):
    """A zip holds more than the limits allow; the text tells in Chinese what is too much."""


class ZipEncrypted(Exception):
    """A zip has a part under a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits:
    """How much is unpacked at most.

    ``unpacked_ratio`` only counts above ``unpacked_free_bytes``: small parts of an honest file may pack well.
    """

    unpacked_bytes: int = 3 * 2**29
    unpacked_ratio: int = 200
    unpacked_free_bytes: int = 32 * 2**20
    parts: int = 5_000


def zip_parts(path: Path, limits: ZipLimits) -> Iterator[tuple[str, bytes]]:
    """Yield each part's name (with plain slashes) and real bytes, in the directory's order; folders are left out.

    All parts count against the limits, whatever the directory says. Raises ZipTooLarge, ZipEncrypted or one of
    ``DAMAGES``; what was yielded before that is as good as nothing.
    """
    size, total = path.stat().st_size, 0
    with path.open("rb") as file:
        for member in _members(file, size, limits):
            if member.is_dir():
                continue
            part = _unpacked(file, size, member, limits.unpacked_bytes - total)
            total += len(part)
            _check_size(total, size, limits)
            if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
                raise zipfile.BadZipFile
            yield member.filename.replace("\\", "/"), part


def _members(file: BinaryIO, size: int, limits: ZipLimits) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if len(members) > limits.parts:
        raise ZipTooLarge(f"压缩包内的文件超过 {limits.parts} 个")
    if len({member.filename.replace("\\", "/") for member in members}) < len(members):
        raise zipfile.BadZipFile
    if any(member.flag_bits & 1 for member in members):
        raise ZipEncrypted
    _check_size(sum(member.file_size for member in members), size, limits)
    return members


def _unpacked(file: BinaryIO, size: int, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return a part's bytes, cut one byte beyond ``most``."""
    if member.compress_size > size:
        raise zipfile.BadZipFile
    file.seek(member.header_offset)
    magic, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if magic != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(name_length + extra_length, 1)
    packed = file.read(member.compress_size)
    if member.compress_type == zipfile.ZIP_STORED:
        return packed[: most + 1]
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)


def _check_size(unpacked: int, size: int, limits: ZipLimits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise ZipTooLarge(f"解压后超过 {limits.unpacked_bytes // 2**20} MB")
    if unpacked > max(limits.unpacked_free_bytes, limits.unpacked_ratio * size):
        raise ZipTooLarge(f"解压后大小超过原文件的 {limits.unpacked_ratio} 倍")
