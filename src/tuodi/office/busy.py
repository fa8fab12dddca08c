"""A database that somebody else is writing to for long: whoever waits gives up after a while, and says so."""

from typing import Final

from django.db import OperationalError, connection

# sqlite3: SQLITE_BUSY and SQLITE_LOCKED, the low byte of their extended codes.
_SQLITE: Final = frozenset({5, 6})
# PostgreSQL: lock not available, deadlock, could not serialize.
_POSTGRESQL: Final = frozenset({"55P03", "40P01", "40001"})


def is_busy(error: BaseException | None) -> bool:
    """Tell whether an operation failed only because others were writing: nothing is wrong, and trying again may do."""
    if not isinstance(error, OperationalError):
        return False
    native = error.__cause__
    code = getattr(native, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF in _SQLITE) or getattr(native, "sqlstate", None) in _POSTGRESQL


def wait_at_most(seconds: int) -> None:
    """Let every connection of this process opened from now on wait that long for a lock, no longer."""
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        options["options"] = f"-c lock_timeout={seconds}s"
    else:
        options["timeout"] = seconds
