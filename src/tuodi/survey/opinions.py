"""Open answers: grouped by declared words, or the most frequent ones; 无 and the like counted apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tuodi.survey.words import bare, words

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Opinions:
    """The open answers of one question.

    ``n`` answered, ``nothing`` of them said that they have nothing to say, ``groups`` are declared groups with the
    answers in each (one answer may be in several), ``ungrouped`` are the other opinions. ``frequent`` are the most
    frequent opinions as first written, with their counts; ``different`` is how many there are in all.
    """

    n: int
    nothing: int
    groups: tuple[tuple[str, int], ...]
    ungrouped: int
    frequent: tuple[tuple[str, int], ...]
    different: int


def gather(answers: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> Opinions:
    """Count open answers; ``groups`` gives for each group the words by which an answer belongs to it."""
    said = [(answer, bare(answer)) for answer in answers]
    opinions = [(answer, form) for answer, form in said if form and form not in words().nothing]
    forms = {group: tuple(map(bare, listed)) for group, listed in groups.items()}
    members = {
        group: sum(any(word in form for word in listed) for _, form in opinions) for group, listed in forms.items()
    }
    in_a_group = sum(any(word in form for listed in forms.values() for word in listed) for _, form in opinions)
    as_written: dict[str, str] = {}
    for answer, form in opinions:
        as_written.setdefault(form, answer)
    counted = Counter(form for _, form in opinions)
    # most_common keeps the order of first appearance among equals.
    frequent = tuple((as_written[form], count) for form, count in counted.most_common(MOST_SHOWN))
    return Opinions(
        n=len(said),
        nothing=len(said) - len(opinions),
        groups=tuple(members.items()),
        ungrouped=len(opinions) - in_a_group,
        frequent=frequent,
        different=len(counted),
    )
