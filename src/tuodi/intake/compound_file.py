"""Compound files (MS-CFB), in which an old workbook or an encrypted new one lies: a small file system of streams.

Its tables may lie or run in circles, so every chain is followed at most once round the file.
"""

import struct
from collections.abc import Sequence

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LAST_SECTOR = 0xFFFFFFFA
_HEADER = struct.Struct("<8s16x5H6x9I")
_ENTRY = struct.Struct("<64sHBx3I16x4x16xIQ")
_HEADER_FAT_SECTORS = 109
_MINI = 64
_STREAM, _ROOT = 2, 5


class CompoundDamaged(ValueError):
    """The file is no compound file, was cut short or contradicts itself."""


class CompoundFile:
    """A compound file's streams by name."""

    def __init__(self, data: bytes) -> None:
        """Read header, allocation tables and directory; raises CompoundDamaged."""
        self._data = data
        if len(data) < 512 or not data.startswith(MAGIC):
            raise CompoundDamaged("header")
        fields = _HEADER.unpack_from(data)
        _, _, _, _, shift, mini_shift = fields[:6]
        _, _, first_directory, _, cutoff, first_mini, _, first_more, _ = fields[6:]
        if shift not in (9, 12) or mini_shift != 6:
            raise CompoundDamaged("sector size")
        self._size = 1 << shift
        self._most = len(data) // self._size + 1
        self._cutoff = cutoff
        self._next = self._allocation(first_more)
        self._entries: dict[str, tuple[int, int]] = {}
        root = self._read_directory(first_directory)
        self._mini_next = _words(self._chain(first_mini))
        self._mini = self._chain(root[0])[: root[1]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all streams."""
        return tuple(self._entries)

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream; raises CompoundDamaged, KeyError if there is none of this name."""
        start, length = self._entries[name]
        if length > len(self._data):
            raise CompoundDamaged("length")
        if length >= self._cutoff:
            found = self._chain(start)
        else:
            blocks = self._follow(start, self._mini_next, len(self._mini) // _MINI + 1)
            found = b"".join(self._mini[at * _MINI : (at + 1) * _MINI] for at in blocks)
        if len(found) < length:
            raise CompoundDamaged("cut short")
        return found[:length]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        found = self._data[start : start + self._size]
        # The last sector of a file may be cut where its content ends.
        if not found:
            raise CompoundDamaged("sector")
        return found.ljust(self._size, b"\0")

    def _allocation(self, first_more: int) -> Sequence[int]:
        """Return for each sector the next one of its chain."""
        tables = list(_words(self._data[76:512]))
        more = first_more
        for _ in range(self._most):
            if more > _LAST_SECTOR:
                break
            *others, more = _words(self._sector(more))
            tables += others
        used = [number for number in tables if number <= _LAST_SECTOR]
        if len(used) > self._most:
            raise CompoundDamaged("allocation")
        return _words(b"".join(map(self._sector, used)))

    def _follow(self, start: int, following: Sequence[int], most: int) -> list[int]:
        chain: list[int] = []
        while start <= _LAST_SECTOR:
            if start >= len(following) or len(chain) >= most:
                raise CompoundDamaged("chain")
            chain.append(start)
            start = following[start]
        return chain

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._follow(start, self._next, self._most)))

    def _read_directory(self, start: int) -> tuple[int, int]:
        """Keep each stream's start and length; return those of the root, in which the short streams lie."""
        root = (_END, 0)
        directory = self._chain(start)
        for at in range(0, len(directory) - _ENTRY.size + 1, _ENTRY.size):
            raw, name_bytes, sort, _, _, _, first, length = _ENTRY.unpack_from(directory, at)
            if self._size == 512:
                length &= 0xFFFFFFFF
            name = raw[: max(0, min(name_bytes, 64) - 2)].decode("utf-16-le", "replace")
            if sort == _ROOT:
                root = (first, length)
            elif sort == _STREAM:
                self._entries.setdefault(name, (first, length))
        return root


def compound_file(name: str, stream: bytes) -> bytes:
    """Return a plain compound file that holds one stream and nothing else."""
    size = 4096
    content = stream.ljust(size, b"\0")
    sectors = -(-len(content) // size)
    # Sector 0 is the directory, 1 the short streams' (some readers want it), then the allocation table, the stream.
    tables = 1
    while tables * (size // 4) < 2 + tables + sectors:
        tables += 1
    if tables > _HEADER_FAT_SECTORS:
        raise ValueError("stream too long")
    first = 2 + tables
    following = [_END, _END, *[_FAT] * tables, *range(first + 1, first + sectors), _END]
    following += [_FREE] * (tables * (size // 4) - len(following))
    table_numbers = [*range(2, 2 + tables), *[_FREE] * (_HEADER_FAT_SECTORS - tables)]
    header = _HEADER.pack(MAGIC, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, 0, 0, size, _END, 0, _END, 0)
    directory = _entry("Root Entry", _ROOT, 1, 1, size) + _entry(name, _STREAM, _FREE, first, len(content))
    return b"".join(
        (
            (header + struct.pack("<109I", *table_numbers)).ljust(size, b"\0"),
            directory.ljust(size, b"\0"),
            bytes(size),
            struct.pack(f"<{len(following)}I", *following),
            content.ljust(sectors * size, b"\0"),
        )
    )


def _entry(name: str, sort: int, child: int, first: int, length: int) -> bytes:
    raw = name.encode("utf-16-le")
    return _ENTRY.pack(raw, len(raw) + 2, sort, _FREE, _FREE, child, first, length)


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
