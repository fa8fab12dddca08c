"""Short ways to compose bound text: words, figures with their key, quotes with their place."""

from collections.abc import Iterable
from fractions import Fraction

from tuodi.evaluation.rules.rule import points_text
from tuodi.report.blocks import Figure, Fragment, Quote, Text, Words

NOTHING = "—"


def text(*parts: str | Fragment | Iterable[Fragment]) -> Text:
    """Return fragments in a row; a plain string is words of our own, empty ones are left out."""
    fragments: list[Fragment] = []
    for part in parts:
        if isinstance(part, str):
            fragments.append(Words(part))
        elif isinstance(part, Words | Figure | Quote):
            fragments.append(part)
        else:
            fragments.extend(part)
    return tuple(fragment for fragment in fragments if fragment.text)


def quote(key: str, value: str) -> Quote:
    """Return text carried over, without the stops at its end: the sentence around it sets its own."""
    return Quote(key, value.strip().rstrip("。；;，, "))


def points(key: str, value: Fraction | None) -> Figure:
    """Return points as documents print them; a dash while they are not known."""
    return Figure(key, NOTHING if value is None else points_text(value))


def listed(parts: Iterable[Text], mark: str = "、") -> Text:
    """Join texts with a mark between them."""
    joined: list[Fragment] = []
    for part in parts:
        if joined:
            joined.append(Words(mark))
        joined.extend(part)
    return tuple(joined)
