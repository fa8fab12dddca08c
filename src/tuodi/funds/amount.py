"""An amount as a document prints it: to the fen, or rounded to 万元 with two decimals and then only known so far.

Sums carry the doubt of their parts, so that a total printed in 万元 is never called wrong for a rounding tail, and a
contradiction larger than any rounding always is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tuodi.kernel.finding import Fault
from tuodi.kernel.money import Fen, half_up, parse_yuan, yuan, yuan_grouped

WAN = "万元"

_WAN = 10_000
_HALF_LAST_DIGIT_FEN = 5_000
"""Half of 0.01 万元: how far the true amount may lie from one printed in 万元."""


@dataclass(frozen=True, slots=True)
class Amount:
    """``fen`` as printed; the true amount lies within ``doubt_fen`` of it. ``in_wan``: shown in 万元."""

    fen: Fen
    doubt_fen: Fen = 0
    in_wan: bool = False

    def __add__(self, other: "Amount") -> "Amount":
        """Add two amounts; the doubts add up."""
        return Amount(self.fen + other.fen, self.doubt_fen + other.doubt_fen, self.in_wan or other.in_wan)

    def __sub__(self, other: "Amount") -> "Amount":
        """Subtract an amount; the doubts add up all the same."""
        return Amount(self.fen - other.fen, self.doubt_fen + other.doubt_fen, self.in_wan or other.in_wan)

    def agrees_with(self, other: "Amount") -> bool:
        """Return whether both can be the same amount, each inside its doubt."""
        return abs(self.fen - other.fen) <= self.doubt_fen + other.doubt_fen

    def printed(self) -> str:
        """Write the amount in the document's own unit, without separators: ``251.88万元``, ``910584.57元``."""
        return f"{yuan(self._hundredths_of_wan())}{WAN}" if self.in_wan else f"{yuan(self.fen)}元"

    def grouped(self) -> str:
        """Write the amount as people read it: ``1,022.04 万元``, ``910,584.57 元``."""
        return f"{yuan_grouped(self._hundredths_of_wan())} {WAN}" if self.in_wan else f"{yuan_grouped(self.fen)} 元"

    def _hundredths_of_wan(self) -> int:
        size = half_up(abs(self.fen), _WAN)
        return -size if self.fen < 0 else size


def total(amounts: Iterable[Amount]) -> Amount:
    """Return the sum; 0.00 yuan of nothing."""
    return sum(amounts, Amount(0))


def parse_amount(text: str) -> Amount | Fault:
    """Read ``910584.57`` (yuan) or ``251.88万元`` (always two decimals); a minus sign is read."""
    if not text.endswith(WAN):
        fen = parse_yuan(text)
        return fen if isinstance(fen, Fault) else Amount(fen)
    number = text.removesuffix(WAN)
    hundredths = parse_yuan(number)
    if isinstance(hundredths, Fault):
        return hundredths
    if number[-3:-2] != ".":
        return Fault("amount-wan-decimals", "以万元计的金额没有写满两位小数", "请写满两位小数，例如 365.00万元")
    return Amount(hundredths * _WAN, _HALF_LAST_DIGIT_FEN, in_wan=True)
