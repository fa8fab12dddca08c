"""How sure a share is, and how many people must be asked: Wilson's interval and the usual sample size, both exact.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927; W. G. Cochran,
Sampling Techniques, chapter 4 (the finite population correction). Square roots are integer square roots far finer than
what is printed.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt

from tuodi.kernel.money import percent

Z_OF_CONFIDENCE = {90: Fraction(1645, 1000), 95: Fraction(196, 100), 99: Fraction(2576, 1000)}
"""The normal quantiles as tables print them, by confidence in percent."""

_FINENESS = 10**15


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval of a share, both ends from 0 to 1."""

    low: Fraction
    high: Fraction

    @property
    def low_text(self) -> str:
        """Return the lower end in percent with two decimals."""
        return percent(self.low.numerator, self.low.denominator)

    @property
    def high_text(self) -> str:
        """Return the upper end in percent with two decimals."""
        return percent(self.high.numerator, self.high.denominator)

    @property
    def half_width_text(self) -> str:
        """Return half the width in percentage points with two decimals."""
        half = (self.high - self.low) / 2
        return percent(half.numerator, half.denominator)


def wilson(count: int, n: int, confidence: int = 95) -> Interval | None:
    """Return Wilson's interval of ``count`` among ``n``; None where nobody answered."""
    if n == 0:
        return None
    z = Z_OF_CONFIDENCE[confidence]
    middle = 2 * count + z**2
    spread = z * _root(z**2 + Fraction(4 * count * (n - count), n))
    whole = 2 * (n + z**2)
    # The root is cut off, not rounded: at 0 and at n of n the ends are exactly 0 and 1.
    low = Fraction(0) if count == 0 else (middle - spread) / whole
    high = Fraction(1) if count == n else (middle + spread) / whole
    return Interval(low, high)


def sample_size(population: int, margin: Fraction, confidence: int = 95) -> int:
    """Return how many of a population to ask so that a share is known to within ``margin`` (0 to 1, not 0).

    The share is taken as one half, which needs the most; the finite population correction is applied; rounded up.
    """
    if population <= 0:
        return 0
    z = Z_OF_CONFIDENCE[confidence]
    unlimited = z**2 / (4 * margin**2)
    return min(population, ceil(unlimited / (1 + (unlimited - 1) / population)))


def _root(value: Fraction) -> Fraction:
    return Fraction(isqrt(value.numerator * _FINENESS**2 // value.denominator), _FINENESS)
