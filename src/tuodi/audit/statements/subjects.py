"""What indicators, problems and checked points speak of (terms/papers.yaml, ``links``), so that they can be matched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped

_SUFFIX = re.compile(r"(?:情况|程度|性|率|度)$")
_SPLIT = re.compile(r"[，。；：！？、（）“”\"\s]")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")
SHORTEST_CORE = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: ``indicators`` are words in indicators' names, ``words`` those of problems and checked points."""

    name: str
    indicators: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkWords:
    """The words by meaning; patterns find any of a list's words."""

    problems: re.Pattern[str]
    not_problems: re.Pattern[str]
    advice: re.Pattern[str]
    others: re.Pattern[str]
    faults: re.Pattern[str]
    shortcomings: re.Pattern[str]
    denials: re.Pattern[str]
    surveys: re.Pattern[str]
    groups: frozenset[str]
    subjects: tuple[Subject, ...]


@cache
def link_words() -> LinkWords:
    """Return the shipped words."""
    data = yaml.safe_load(shipped("terms", "papers.yaml").read_text(encoding="utf-8"))["links"]
    return LinkWords(
        **{name: _any(data[name]) for name in _PATTERNS},
        groups=frozenset(data["groups"]),
        subjects=tuple(Subject(name, tuple(indicators), tuple(words)) for name, indicators, words in data["subjects"]),
    )


_PATTERNS = ("problems", "not_problems", "advice", "others", "faults", "shortcomings", "denials", "surveys")


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def subjects_of_indicator(name: str) -> tuple[Subject, ...]:
    """Return the subjects an indicator's name tells."""
    return tuple(each for each in link_words().subjects if any(word in name for word in each.indicators))


def subjects_in(text: str) -> tuple[Subject, ...]:
    """Return the subjects a problem or a checked point speaks of, the first named first; names of surveys are none."""
    told = link_words().surveys.sub("", text)
    found = []
    for subject in link_words().subjects:
        at = min((told.find(word) for word in subject.words if word in told), default=-1)
        if at >= 0:
            found.append((at, subject))
    return tuple(subject for _, subject in sorted(found, key=lambda each: each[0]))


def core(name: str) -> str:
    """Return an indicator's name without the ending that says only that it is measured; the whole if little is left."""
    bare = re.sub(r"[“”\"（）()\s]", "", name)
    short = _SUFFIX.sub("", bare)
    return short if len(short) > SHORTEST_CORE else bare


def clauses(text: str) -> list[str]:
    """Return the pieces of a text between any punctuation."""
    return [piece for piece in _SPLIT.split(text) if piece]


def fault_clauses(text: str) -> list[str]:
    """Return the clauses of a text that say that something is wrong; those that deny it are left out."""
    words = link_words()
    found = []
    for clause in clauses(text):
        match = words.faults.search(clause)
        if match and not words.denials.search(clause[: match.start()]):
            found.append(clause)
    return found


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters of a text."""
    told = _NOT_HAN.sub("", text)
    return frozenset(told[at : at + 2] for at in range(len(told) - 1))


def likeness(part: str, whole: str) -> float:
    """Return how much of a clause is said in a text: the share of its pairs of characters found there."""
    pairs = pairs_of(part)
    return len(pairs & pairs_of(whole)) / len(pairs) if pairs else 0.0
