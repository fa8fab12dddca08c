"""A definition made from the columns of a file, for answers that come without one. It never has weights."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from tuodi.survey.definition import Definition, Kind, Question
from tuodi.survey.headings import Heading, prefix_of, stem_and_parts
from tuodi.survey.options import is_no_answer, ordered_options, plain_option, split_choices
from tuodi.survey.words import normal, words

MOST_OPTIONS = 20
FEW_OPTIONS = 5
LONGEST_OPTION = 40

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,12}")

Column = Callable[[int], list[str]]
"""Gives the texts of the column at a position."""

Columns = dict[str, tuple[int, ...]]
"""The columns of each question by its id."""


def detect(headings: Sequence[Heading], column: Column, title: str) -> tuple[Definition, Columns]:
    """Return the questions that the columns show: one for each number, or for each column without a number."""
    numbered = any(heading.number is not None for heading in headings)
    questions: dict[str, Question] = {}
    places: Columns = {}
    for group in _groups(headings, column):
        name = _free_name(_name(group, numbered, len(places) + 1), places)
        places[name] = tuple(heading.position for heading in group)
        questions[name] = _question(name, group, column)
    return Definition(id="", title=title, questions=tuple(questions.values())), places


def _groups(headings: Sequence[Heading], column: Column) -> Iterable[list[Heading]]:
    """Put columns together that belong to one question."""

    def key(heading: Heading) -> tuple[object, ...]:
        if heading.number is not None:
            return ("number", heading.number)
        prefix = prefix_of(heading.text)
        # Without a number only columns of ticks belong together: 满意度：甲 and 满意度：乙 may be two questions.
        ticks = prefix and _are_ticks(column(heading.position))
        return ("prefix", prefix) if ticks else ("column", heading.position)

    for _, group in groupby(headings, key):
        yield list(group)


def _name(group: Sequence[Heading], numbered: bool, place: int) -> str:
    first = group[0]
    if len(group) == 1 and _CODE.fullmatch(first.printed):
        return first.printed
    if first.number is not None:
        return str(first.number)
    return first.text if numbered else str(place)


def _free_name(name: str, taken: Columns) -> str:
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    return free


def _question(name: str, group: Sequence[Heading], column: Column) -> Question:
    first = group[0]
    number = first.number
    if len(group) == 1:
        cells = column(first.position)
        kind = _kind(first, cells)
        options = () if kind is Kind.TEXT else _options(kind, cells)
        if kind is Kind.SINGLE and len(options) == 1 and normal(options[0]) in words().notices:
            kind = Kind.NOTICE
        return Question(id=name, number=number, text=first.text or first.printed, kind=kind, options=options)
    stem, parts = stem_and_parts([heading.text for heading in group])
    text = stem or f"第{number}题"
    parts = tuple(part or heading.printed for part, heading in zip(parts, group, strict=True))
    if len(set(parts)) < len(parts):
        parts = tuple(heading.printed for heading in group)
    cells = [cell for heading in group for cell in column(heading.position)]
    if all(_are_ticks(column(heading.position)) for heading in group) and first.kind is not Kind.MATRIX:
        return Question(id=name, number=number, text=text, kind=Kind.MULTIPLE, options=parts)
    if _kind(first, cells) in (Kind.TEXT, Kind.MATRIX_TEXT):
        return Question(id=name, number=number, text=text, kind=Kind.MATRIX_TEXT, rows=parts)
    return Question(
        id=name, number=number, text=text, kind=Kind.MATRIX, rows=parts, options=_options(Kind.SINGLE, cells)
    )


def _kind(heading: Heading, cells: Sequence[str]) -> Kind:
    """Tell single, multiple and open questions apart by the heading's tag, its words and the answers found."""
    if heading.kind is not None:
        # One column of a matrix by itself is counted like a single question.
        return {Kind.MATRIX: Kind.SINGLE, Kind.MATRIX_TEXT: Kind.TEXT}.get(heading.kind, heading.kind)
    answers = [cell for cell in cells if not is_no_answer(cell)]
    if any(mark in cell for cell in answers for mark in words().joined_by):
        return Kind.MULTIPLE
    if any(word in heading.text for word in words().open_words):
        return Kind.TEXT
    different = len({plain_option(cell) for cell in answers})
    many = different > MOST_OPTIONS or (different > FEW_OPTIONS and 2 * different > len(answers))
    return Kind.TEXT if many or any(len(cell) > LONGEST_OPTION for cell in answers) else Kind.SINGLE


def _options(kind: Kind, cells: Iterable[str]) -> tuple[str, ...]:
    answers = (cell for cell in cells if not is_no_answer(cell))
    if kind is Kind.MULTIPLE:
        return ordered_options(choice for cell in answers for choice in split_choices(cell))
    return ordered_options(answers)


def _are_ticks(cells: Iterable[str]) -> bool:
    found = {cell for cell in cells if not is_no_answer(cell)}
    return bool(found) and found <= {"0", "1"}
