"""A remark: one contradiction in a paper, with the places, the figures and the arithmetic."""

from dataclasses import dataclass

from tuodi.audit.paper.model import Place
from tuodi.kernel.finding import Severity
from tuodi.kernel.opinion import Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong at ``place``; ``also`` are the other places it is compared with.

    ``quote`` is a short piece of the paper's clean text, ``stated`` the figure or word as printed, ``expected`` what it
    should be (empty where only the author can know), ``message`` Chinese with the arithmetic and without a final stop.
    """

    rule: str
    place: Place
    message: str
    advice: str
    quote: str = ""
    stated: str = ""
    expected: str = ""
    severity: Severity = Severity.WARNING
    also: tuple[Place, ...] = ()

    def opinion(self) -> Opinion:
        """Return the remark for tables, screens and JSON."""
        return Opinion(
            rule=self.rule,
            severity=self.severity,
            location=self.place.words(),
            message=self.message,
            advice=self.advice,
            quote=self.quote,
            stated=self.stated,
            expected=self.expected,
        )


QUOTE_LENGTH = 80


def quoted(text: str, start: int, end: int) -> str:
    """Return a piece of text around ``start:end``, about ``QUOTE_LENGTH`` characters at most, cut at stops."""
    room = max(0, QUOTE_LENGTH - (end - start)) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    for at in range(start - 1, left - 1, -1):
        if text[at] in "。；！？\n":
            left = at + 1
            break
    for at in range(end, right):
        if text[at] in "。；！？\n":
            right = at
            break
    return (
        ("…" if left and text[left - 1] not in "。；！？\n" else "")
        + text[left:right].strip()
        + ("…" if right < len(text) and text[right] not in "。；！？\n" else "")
    )
