"""What a survey says, as plain values: counts, shares, satisfaction with its name, intervals, open answers.

A share is always two whole numbers; texts in percent are made from them once, rounded half up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tuodi.kernel.money import percent
from tuodi.survey.definition import Kind
from tuodi.survey.intervals import Interval, wilson
from tuodi.survey.opinions import Opinions

INDEX = "满意度指数"
PLAIN_SHARE = "满意比例"
PUBLISHED = "公布的满意度"


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``n`` people, under a name: an option's text or that of several options together."""

    name: str
    count: int
    n: int

    @property
    def text(self) -> str | None:
        """Return the share in percent with two decimals; None where nobody answered."""
        return percent(self.count, self.n) if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Return Wilson's interval at 95 %."""
        return wilson(self.count, self.n)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """A satisfaction from 0 to 1. ``label`` says what it is: an index, a share, or only a published percentage.

    ``points`` are the weights of all answers added up, ``n`` the answers; both None for a published percentage.
    """

    label: str
    value: Fraction
    points: Fraction | None = None
    n: int | None = None

    @property
    def text(self) -> str:
        """Return it in percent with two decimals."""
        return percent(self.value.numerator, self.value.denominator)


@dataclass(frozen=True, slots=True)
class OfRecipients:
    """The same question, answered by recipients of the benefit only."""

    n: int
    satisfaction: Satisfaction | None
    share: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """One question, or one row of a matrix. ``n`` answered of the ``shown`` people whom it was shown to.

    The counts of a single question add up to ``n``; those of a multiple one may be more.
    """

    id: str
    text: str
    kind: Kind
    n: int
    shown: int
    number: int | None = None
    options: tuple[Share, ...] = ()
    satisfaction: Satisfaction | None = None
    share: Share | None = None
    recipients: OfRecipients | None = None
    opinions: Opinions | None = None
    feeds: str = ""


@dataclass(frozen=True, slots=True)
class Overall:
    """The plain mean of several questions' satisfaction."""

    name: str
    value: Fraction
    parts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Return it in percent with two decimals."""
        return percent(self.value.numerator, self.value.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """A whole survey: ``n`` answers returned, ``valid`` of them kept, ``removed`` by reason.

    ``questions`` are real questions only; notices such as 我已知悉 are in ``notices``. ``recipients`` is how many of
    the valid answers are recipients', None where the definition does not say who that is. ``published`` tells that the
    counts come from a printed report and not from answers.
    """

    title: str
    n: int
    valid: int
    questions: tuple[QuestionResult, ...]
    notices: tuple[QuestionResult, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    period: str = ""
    method: str = ""
    source: str = ""
    note: str = ""
    recipients: int | None = None
    overall: Overall | None = None
    published: bool = False


@dataclass(frozen=True, slots=True)
class ChartData:
    """One question ready to be drawn: categories with counts and shares in percent, as printed."""

    id: str
    title: str
    n: int
    categories: tuple[str, ...]
    counts: tuple[int, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fed:
    """A figure for an indicator: numerator and denominator kept apart, and what kind of figure it is."""

    indicator: str
    question: str
    label: str
    numerator: Fraction
    denominator: int
    text: str


def charts(result: SurveyResult) -> tuple[ChartData, ...]:
    """Return every question with options that somebody answered."""
    return tuple(
        ChartData(
            id=question.id,
            title=question.text,
            n=question.n,
            categories=tuple(option.name for option in question.options),
            counts=tuple(option.count for option in question.options),
            shares=tuple(option.text or "" for option in question.options),
        )
        for question in result.questions
        if question.options and question.n
    )


def fed_figures(result: SurveyResult) -> Iterator[Fed]:
    """Yield the figures that go into indicators: the satisfaction where the question has one, else its named share."""
    for question in result.questions:
        satisfaction, share = question.satisfaction, question.share
        if not question.feeds:
            continue
        if satisfaction is not None:
            points = satisfaction.value if satisfaction.points is None else satisfaction.points
            n = satisfaction.n or 1
            yield Fed(question.feeds, question.id, satisfaction.label, points, n, satisfaction.text)
        elif share is not None and share.text is not None:
            yield Fed(question.feeds, question.id, share.name, Fraction(share.count), share.n, share.text)
