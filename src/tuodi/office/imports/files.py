"""The uploaded files: sealed in the installation's folder, in clear only while they are read.

A file is a row of sealed segments, each bound to its place in the file, the last one marked: a segment moved, left out
or taken from another file does not open. Segments keep the memory needed small, whatever the file's size.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from django.conf import settings

from tuodi.intake.sender_format import SenderFormat
from tuodi.kernel.files import written_whole
from tuodi.office.models import ImportBatch
from tuodi.office.secrets import WrongKey, seal_bytes, unseal_bytes

SEGMENT: Final = 4 * 2**20
_LENGTH: Final = 4
_NAME_MAX: Final = 80
_NUMBER: Final = re.compile(r"\d{14,}[\dXxＸｘ]")


class TooLarge(Exception):
    """The upload goes beyond ``settings.UPLOAD_BYTES_MAX``."""


class Kept(NamedTuple):
    """A file that lies sealed: its size in bytes and the SHA-256 of its content as sent."""

    size: int
    sha256: str


def keep(token: str, content: Iterable[bytes]) -> Kept:
    """Seal a file as it streams in; nothing is left behind on failure. Raises TooLarge."""
    folder = Path(settings.UPLOADS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size, index, waiting = hashlib.sha256(), 0, 0, bytearray()
    with written_whole(folder / token) as temporary, temporary.open("wb") as file:
        temporary.chmod(0o600)
        for chunk in content:
            size += len(chunk)
            if size > settings.UPLOAD_BYTES_MAX:
                raise TooLarge
            digest.update(chunk)
            waiting += chunk
            while len(waiting) > SEGMENT:
                _write(file, seal_bytes(bytes(waiting[:SEGMENT]), _place(token, index)))
                del waiting[:SEGMENT]
                index += 1
        _write(file, seal_bytes(bytes(waiting), _place(token, index, is_last=True)))
    return Kept(size, digest.hexdigest())


def discard(token: str) -> None:
    """Take a sealed file away; one that is gone is no matter."""
    (Path(settings.UPLOADS) / token).unlink(missing_ok=True)


def key_number(token: str) -> int:
    """Return the number of the key a kept file is sealed by."""
    with (Path(settings.UPLOADS) / token).open("rb") as file:
        return file.read(_LENGTH + 1)[_LENGTH]


def reseal(token: str) -> None:
    """Seal a kept file again by the newest key; the old one stands until the new one is whole."""
    with written_whole(Path(settings.UPLOADS) / token) as temporary, temporary.open("wb") as file:
        temporary.chmod(0o600)
        for place, piece in _segments(token):
            _write(file, seal_bytes(piece, place))


@contextmanager
def opened(batch: ImportBatch) -> Iterator[Path]:
    """Give the file in clear under its own name, in a private folder that is gone afterwards. Raises WrongKey."""
    folder = Path(tempfile.mkdtemp(prefix="tuodi-import-"))
    try:
        path = folder / batch.file_name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for _, piece in _segments(batch.token):
                file.write(piece)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Looks(Protocol):
    """How a sender's files look: a ``Sender``, or what a form says of one."""

    @property
    def header_row(self) -> int | None:
        """The row of the headings, None to look for it."""

    @property
    def foot_rows(self) -> int:
        """How many rows at the end are no data."""

    @property
    def clean_ids(self) -> bool:
        """Whether numbers are cleaned."""

    @property
    def columns(self) -> dict[str, str]:
        """The sender's heading -> our field."""


def sender_format(sender: Looks) -> SenderFormat:
    """Return how a sender's files look, as readers take it."""
    return SenderFormat(sender.header_row, sender.foot_rows, sender.clean_ids, sender.columns)


def plain_name(name: str) -> str:
    """Return a sent file's name fit to be kept and used: no folders, nothing invisible, not too long.

    A number as long as a document's is cut out: the name stands on pages and in the database.

    >>> plain_name("C:\\\\表\\\\名册.xlsx"), plain_name("../a/..csv"), plain_name("")
    ('名册.xlsx', '文件.csv', '文件')
    >>> plain_name("张990001196005010017.xls")
    '张….xls'
    """
    last = _NUMBER.sub("…", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(character for character in last if character.isprintable()).strip()
    stem, dot, suffix = visible.rpartition(".")
    if not dot:
        stem, suffix = visible, ""
    stem = stem.strip(". ")[:_NAME_MAX] or "文件"
    return f"{stem}.{suffix.strip()[:10]}" if suffix.strip() else stem


def _segments(token: str) -> Iterator[tuple[str, bytes]]:
    """Give each segment's place and content."""
    with (Path(settings.UPLOADS) / token).open("rb") as file:
        index, length = 0, file.read(_LENGTH)
        while length:
            sealed, length = file.read(int.from_bytes(length, "big")), file.read(_LENGTH)
            if not sealed:
                raise WrongKey(_place(token, index))
            place = _place(token, index, is_last=not length)
            yield place, unseal_bytes(sealed, place)
            index += 1


def _write(file: object, sealed: bytes) -> None:
    file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)  # type: ignore[attr-defined]


def _place(token: str, index: int, is_last: bool = False) -> str:
    return f"import {token} {index}{' end' if is_last else ''}"


def megabytes_max() -> int:
    """Return how large an upload may be, in MB."""
    return int(settings.UPLOAD_BYTES_MAX // 2**20)
