"""What a good set of indicators looks like: limits and words as data in ``terms/indicator_quality.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

from tuodi.kernel.shipped import shipped

SCHEMA = "tuodi-indicator-quality/1"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit with its source; ``verified`` is false where no document prints it."""

    value: Fraction
    source: str
    verified: bool

    @property
    def doubt(self) -> str:
        """Return what a reader must know of a limit without a document, in brackets; nothing where it is 0."""
        return "" if self.verified or not self.value else "（界限是经验值，没有文件依据）"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One aspect that indicators should cover, and the words that name it in a group's or a category's name."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorQuality:
    """Limits and words. ``rates`` maps a word in a name (准确率) to the name of its dimension (质量).

    Shares are of 1: the quantified ones of all, and how far a target may lie from last year's value in relation to it
    (``out_of_reach_beyond``) or last year's value from the target (``already_met_beyond``).
    """

    quantified_share: Limit
    count_more_than: Limit
    already_met_beyond: Limit
    out_of_reach_beyond: Limit
    dimensions: tuple[Dimension, ...]
    common_groups: tuple[str, ...]
    vague_words: frozenset[str]
    vague_beginnings: tuple[str, ...]
    rates: Mapping[str, str]
    clarity_indicator: str

    def dimension_of(self, name: str) -> str | None:
        """Return the dimension that a category (``数量指标``) or a group (``产出数量``) names."""
        return next((each.name for each in self.dimensions if any(word in name for word in each.words)), None)

    def is_common(self, name: str) -> bool:
        """Tell whether a first-level group holds the common indicators of decision and process."""
        return any(word in name for word in self.common_groups)

    def is_vague(self, words: str) -> bool:
        """Tell whether a target says nothing that can be checked: ``减轻``, ``有所提高``."""
        said = words.strip("。；;，, ")
        for beginning in self.vague_beginnings:
            if said != beginning and said.startswith(beginning):
                said = said.removeprefix(beginning)
                break
        return said in self.vague_words

    def rates_in(self, text: str) -> dict[str, str]:
        """Return the rates a text names, each with its dimension."""
        return {word: dimension for word, dimension in self.rates.items() if word in text}


@cache
def indicator_quality() -> IndicatorQuality:
    """Return the shipped limits and words; ValueError, KeyError or TypeError if their file is broken."""
    document = yaml.safe_load(shipped("terms", "indicator_quality.yaml").read_text(encoding="utf-8"))
    if document["schema"] != SCHEMA:
        raise ValueError("terms/indicator_quality.yaml: schema")
    limits = {name: _limit(entry) for name, entry in document["limits"].items()}
    return IndicatorQuality(
        **limits,
        dimensions=tuple(Dimension(each["name"], tuple(each["words"])) for each in document["dimensions"]),
        common_groups=tuple(document["common_groups"]),
        vague_words=frozenset(document["vague_words"]),
        vague_beginnings=tuple(document["vague_beginnings"]),
        rates={each["word"]: each["dimension"] for each in document["rates"]},
        clarity_indicator=document["clarity_indicator"],
    )


def _limit(entry: Mapping[str, Any]) -> Limit:
    return Limit(Fraction(entry["value"]), entry["source"], entry["verified"])
