"""Numbers that must stand nowhere in full, and how they are found. Of nobody: no such area, never given out."""

import re
from typing import Final

from django.http import HttpResponse

CERTNO: Final = "990001196001012234"
PHONE_NUMBER: Final = "19900000001"
ACCOUNT_NUMBER: Final = "6200000000000000001"
CANARIES: Final = (CERTNO, PHONE_NUMBER, ACCOUNT_NUMBER)

_GAPS = re.compile(r"[\s\u2009\u202f\xa0-]")


def found_in(text: str) -> list[str]:
    """Return the numbers that stand in a text, written in groups too."""
    digits = _GAPS.sub("", text)
    return [number for number in CANARIES if number in text or number in digits]


def found(answer: HttpResponse) -> list[str]:
    """Return the numbers that stand anywhere in an answer, its headers and cookies too."""
    body = answer.getvalue().decode("utf-8", errors="replace")
    return found_in(body + str(answer.items()) + str(answer.cookies))
