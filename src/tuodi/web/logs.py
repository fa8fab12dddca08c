"""The log of the program's own faults: where it went wrong, never with what data."""

import logging
import re
import traceback
from typing import Any

_NUMBERS = re.compile(r"[0-9]{11,}[0-9Xx]?")


class WithoutPersonalData(logging.Formatter):
    """Prints time, level, place and the kind of fault; numbers of 11 digits or more are blotted out.

    A traceback is printed with its lines of code only: the message of an exception may quote a cell or a parameter.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: Any) -> str:
        """Return the places of a traceback and the exception's class."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + getattr(kind, "__name__", "")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, long numbers blotted out."""
        return _NUMBERS.sub("…", super().format(record))
