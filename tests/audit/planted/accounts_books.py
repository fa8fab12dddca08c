"""The amounts behind an invented disclosure."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(slots=True)
class Accounts:
    """Amounts of the year in fen by code; ``basic`` and ``project`` spending, ``fiscal`` and ``other`` income."""

    basic: dict[str, int]
    project: dict[str, int]
    other: dict[str, int]
    opening: int
    closing: int
    wages: dict[str, int]
    goods: dict[str, int]

    def spending(self, prefix: str = "") -> int:
        """Spending under a code."""
        return self.basic_under(prefix) + sum(value for code, value in self.project.items() if code.startswith(prefix))

    def basic_under(self, prefix: str = "") -> int:
        """Basic spending under a code."""
        return sum(value for code, value in self.basic.items() if code.startswith(prefix))

    def other_under(self, prefix: str = "") -> int:
        """Other income under a code."""
        return sum(value for code, value in self.other.items() if code.startswith(prefix))


def yuan(fen: int) -> Fraction:
    """Fen as yuan."""
    return Fraction(fen, 100)
