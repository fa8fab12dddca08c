"""What a survey asks: questions, options, who is shown what, and the only place where weights of satisfaction live."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tuodi.kernel.money import RATIO_SCALE, Ratio


class Kind(StrEnum):
    """Kinds of question. ``published``: of a printed report only a percentage of satisfaction is known."""

    NOTICE = "notice"
    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    TEXT = "text"
    MATRIX_TEXT = "matrix_text"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Condition:
    """True of a person who gave one of ``answers`` to the question with this id."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountedOptions:
    """Options that together have a name, such as 知晓率 or 满意及以上占比."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as printed. ``rows`` belong to matrices; ``weights`` are per option, exact, from 0 to 1.

    ``options`` empty means: those found. ``feeds`` names the indicator that the result goes into.
    """

    id: str
    text: str
    kind: Kind
    number: int | None = None
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    shown_if: Condition | None = None
    weights: Mapping[str, Ratio] = field(default_factory=dict)
    share: CountedOptions | None = None
    feeds: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_index(self) -> bool:
        """Whether the weights make an index; weights of only 1 and 0 make the share of those with 1."""
        return any(weight.millionths not in (0, RATIO_SCALE) for weight in self.weights.values())


@dataclass(frozen=True, slots=True)
class Item:
    """What is counted by itself: a question, or one row of a matrix (its id is ``7.1``, its text 题目：行)."""

    id: str
    text: str
    question: Question
    row: str = ""

    @property
    def kind(self) -> Kind:
        """Return single, multiple, text, notice or published: a matrix's rows are counted like single questions."""
        rows = {Kind.MATRIX: Kind.SINGLE, Kind.MATRIX_TEXT: Kind.TEXT}
        return rows.get(self.question.kind, self.question.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """Which answers are put aside. Without ``duplicate_columns`` only rows that agree in every cell count as one."""

    minimum_seconds: int = 0
    duplicate_columns: tuple[str, ...] = ()
    drop_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overall:
    """A satisfaction over several questions: the plain mean of theirs, declared as such."""

    name: str
    mean_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One survey. ``recipients`` says which answers make somebody a recipient of the benefit."""

    id: str
    title: str
    questions: tuple[Question, ...]
    period: str = ""
    method: str = ""
    source: str = ""
    note: str = ""
    cleaning: Cleaning = Cleaning()
    recipients: Condition | None = None
    overall: Overall | None = None

    def items(self) -> Iterator[Item]:
        """Yield what is counted, in the order of the questionnaire."""
        for question in self.questions:
            if not question.rows:
                yield Item(question.id, question.text, question)
            for place, row in enumerate(question.rows, start=1):
                yield Item(f"{question.id}.{place}", f"{question.text}：{row}", question, row)
