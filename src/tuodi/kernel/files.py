"""Writing a file whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; rename it into place when the block ends well.

    Whatever ends the block otherwise, an interrupt too, removes the temporary file and leaves what stood at ``path``
    as it was. The temporary name keeps the suffix, which some writers look at. Raises OSError, its ``filename`` being
    ``path``, where the file cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        # Before the work: not every writer tells an OSError of its file as such.
        temporary.touch()
        yield temporary
        with temporary.open("rb+") as written:
            # Without this a power cut may leave the new name on an empty file.
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as problem:
        if problem.filename is None or str(problem.filename) == str(temporary):
            raise OSError(problem.errno, problem.strerror or str(problem), str(path)) from problem
        raise
    finally:
        # Where a share has vanished, removing fails as well; what went wrong first is what counts.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
