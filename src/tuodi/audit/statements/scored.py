"""The indicators of a paper's own evaluation with the score each got, told once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tuodi.audit.paper.model import Place
from tuodi.audit.statements.indicators import Telling, plain_name
from tuodi.audit.statements.subjects import core, link_words


@dataclass(frozen=True, slots=True)
class Scored:
    """A leaf indicator: weight and score as told most often, its texts (rule left out), the places that tell it."""

    code: str
    name: str
    weight: Fraction
    score: Fraction
    place: Place
    tellings: tuple[Telling, ...]

    @property
    def lost(self) -> Fraction:
        """The points lost."""
        return max(Fraction(0), self.weight - self.score)

    @property
    def full(self) -> bool:
        """Whether it got all its points."""
        return self.score >= self.weight

    @property
    def label(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}".strip()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said of it: process, reason, actual value."""
        told = [text for each in self.tellings for text in (each.process, each.reason, each.actual) if text]
        return tuple(dict.fromkeys(told))


def scored(tellings: Sequence[Telling]) -> tuple[Scored, ...]:
    """Return the leaf indicators of the paper's own evaluation that have weight and score, in order."""
    own = [each for each in tellings if not each.system]
    codes: dict[str, set[str]] = defaultdict(set)
    for each in own:
        if each.code and each.name:
            codes[plain_name(each.name)].add(each.code)
    groups: dict[str, list[Telling]] = defaultdict(list)
    for each in own:
        name = plain_name(each.name)
        told = codes.get(name, set())
        groups[each.code or (next(iter(told)) if len(told) == 1 else name)].append(each)
    parents = _parents(own)
    return tuple(
        found
        for key, group in groups.items()
        if key not in parents and not _is_group(group) and (found := _of(group)) is not None
    )


def _parents(own: Sequence[Telling]) -> set[str]:
    """Return the codes above other codes."""
    codes = {each.code for each in own if each.code}
    return {code for code in codes if any(other != code and other.startswith(code) for other in codes)}


def _is_group(group: Sequence[Telling]) -> bool:
    names = {plain_name(each.name) for each in group}
    if any(not each.is_leaf for each in group):
        return True
    # 服务对象满意度 is a group in most papers; a line of its own with rule and score is none.
    in_lines = all(not each.in_table and each.score is not None and each.process for each in group)
    return bool(names & link_words().groups) and not in_lines


def _of(group: Sequence[Telling]) -> Scored | None:
    weights = Counter(each.weight.value for each in group if each.weight is not None and each.weight.unit != "%")
    scores = Counter(each.score.value for each in group if each.score is not None and each.score.unit != "%")
    if not weights or not scores:
        return None
    weight, score = weights.most_common(1)[0][0], scores.most_common(1)[0][0]
    first = next((each for each in group if each.score is not None and each.score.value == score), group[0])
    # A score above its weight, or two that are told equally often, is told elsewhere and proves nothing here.
    if weight <= 0 or score > weight or len(scores) > 1 and len(set(scores.values())) == 1:
        return None
    named = max((each for each in group if each.name), key=lambda each: len(core(each.name)), default=first)
    code = next((each.code for each in group if each.code), "")
    return Scored(code, named.name, weight, score, first.place, tuple(group))
