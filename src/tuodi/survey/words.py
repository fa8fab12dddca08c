"""The words of survey exports, from ``layouts/survey.yaml``: columns that are no questions, marks, personal data."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from tuodi.kernel.shipped import shipped

SCHEMA = "tuodi-survey-layout/1"

_INSIDE_BRACKETS = re.compile(r"[(\[{【][^()\[\]{}【】]*[)\]}】]")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What ``layouts/survey.yaml`` lists, each word in its compared form (see ``normal``)."""

    sequence: frozenset[str]
    submitted: frozenset[str]
    seconds: frozenset[str]
    other: frozenset[str]
    skipped: frozenset[str]
    empty: frozenset[str]
    joined_by: tuple[str, ...]
    notices: frozenset[str]
    personal: frozenset[str]
    around: frozenset[str]
    open_words: tuple[str, ...]
    nothing: frozenset[str]
    counts: Mapping[str, frozenset[str]]
    frame: frozenset[str]
    person_keys: frozenset[str]

    @property
    def headings(self) -> frozenset[str]:
        """Return the headings by which the header row of an export or a table of counts is found below a title."""
        meta = self.sequence | self.submitted | self.seconds | self.other
        return meta.union(*self.counts.values())


@cache
def words() -> Words:
    """Return the shipped words; ValueError if the file breaks the schema (a fault of the program, not of a user)."""
    document = yaml.safe_load(shipped("layouts", "survey.yaml").read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise ValueError("layouts/survey.yaml: schema")

    def all_of(listed: Iterable[str]) -> frozenset[str]:
        return frozenset(map(normal, listed))

    return Words(
        sequence=all_of(document["sequence"]),
        submitted=all_of(document["submitted"]),
        seconds=all_of(document["seconds"]),
        other=all_of(document["other"]),
        skipped=all_of(document["skipped"]),
        empty=all_of(document["empty"]),
        joined_by=tuple(document["joined_by"]),
        notices=all_of(document["notices"]),
        personal=all_of(map(bare, document["personal"]["words"])),
        around=all_of(document["personal"]["around"]),
        open_words=tuple(document["open_words"]),
        nothing=all_of(map(bare, document["nothing"])),
        frame=all_of(document["frame"]["headings"]),
        person_keys=all_of(document["frame"]["person_keys"]),
        counts={key: all_of(listed) for key, listed in document["counts"].items()},
    )


def normal(text: str) -> str:
    """Return a text in the form in which words are compared: half-width, lower case, no blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip().strip("\ufeff\u200b").strip().casefold()


def bare(text: str) -> str:
    """Return a text without any blank or punctuation, for comparing what people typed: ``没 有。`` is ``没有``."""
    return _MARKS.sub("", normal(text))


def without_brackets(text: str) -> str:
    """Return a text without what stands in brackets."""
    return _INSIDE_BRACKETS.sub("", unicodedata.normalize("NFKC", text))


def made_of(text: str, wanted: Collection[str], around: Collection[str]) -> bool:
    """Tell whether a text is nothing but words of both collections, at least one of them a wanted one.

    ``wanted`` is looked for first; the text is cut in every way, so the order of the words does not matter.
    """
    # For each place that words reach: whether one of the ways there holds a wanted word.
    reached: dict[int, bool] = {0: False}
    for start in range(len(text)):
        if start not in reached:
            continue
        for word in (*wanted, *around):
            if word and text.startswith(word, start):
                end = start + len(word)
                reached[end] = reached.get(end, False) or reached[start] or word in wanted
    return reached.get(len(text), False)
