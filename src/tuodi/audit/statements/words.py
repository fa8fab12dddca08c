"""The words papers use for columns and rows (terms/papers.yaml)."""

from dataclasses import dataclass
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Words by what they mean. ``columns`` maps a meaning (weight, score, rate, …) to the headings that tell it."""

    total_rows: frozenset[str]
    subtotal_rows: frozenset[str]
    columns: dict[str, tuple[str, ...]]

    def means(self, heading: str, meaning: str) -> bool:
        """Tell whether a column's heading tells a meaning: the longest word it ends with is one of that meaning's.

        A unit in brackets is left aside. A word may tell several meanings (人数 is a count and a quantity).
        """
        bare = heading.partition("（")[0] or heading
        length = max((len(word) for words in self.columns.values() for word in words if bare.endswith(word)), default=0)
        return heading in self.columns[meaning] or any(
            bare.endswith(word) and len(word) == length for word in self.columns[meaning]
        )


@cache
def paper_words() -> PaperWords:
    """Return the shipped words."""
    data = yaml.safe_load(shipped("terms", "papers.yaml").read_text(encoding="utf-8"))
    return PaperWords(
        frozenset(data["total_rows"]),
        frozenset(data["subtotal_rows"]),
        {meaning: tuple(words) for meaning, words in data["columns"].items()},
    )
