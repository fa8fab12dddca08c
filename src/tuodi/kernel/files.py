"""Writing a file whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; rename it into place when the block ends well.

    Whatever ends the block otherwise, an interrupt too, removes the temporary file and leaves what stood at ``path``
    as it was. The temporary name keeps the suffix, which some writers look at. Raises OSError where the folder is
    missing or cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            # Without this a power cut may leave the new name on an empty file.
            os.fsync(written.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
