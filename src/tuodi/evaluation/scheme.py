"""An evaluation scheme: the tree of indicators with weights, targets and rules, the grades, the document layout.

No score and no actual value stands here: those are data. Weights and points are exact numbers of points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tuodi.evaluation.rules.rule import Rule
from tuodi.evaluation.target import Direction, Target


class Kind(StrEnum):
    """Who evaluates: a third party or office (评价), or the unit itself by the official table (自评)."""

    EVALUATION = "evaluation"
    SELF = "self-evaluation"


class MeasureKind(StrEnum):
    """How a value is computed from named figures."""

    RATE = "rate"
    """Sum of ``of`` over sum of ``base``, in percent."""
    SAVED = "saved"
    """(sum of ``base`` - sum of ``of``) over sum of ``base``, in percent."""
    CHANGED = "changed"
    """(sum of ``of`` - sum of ``base``) over sum of ``base``, in percent."""
    INDEX = "index"
    """Sum of count x weight over the sum of counts, in percent; weights from 0 to 1."""
    MEAN = "mean"
    """Plain mean of percentages; only where a scheme declares it, and the report says so."""
    VALUE = "value"
    """The sum of ``of`` as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How an indicator's actual value comes from named figures; ``weights`` only for an index.

    ``places``: decimals the result is rounded to before a rule uses it, so that the printed formula can be checked.
    """

    kind: MeasureKind
    of: tuple[str, ...]
    base: tuple[str, ...] = ()
    weights: tuple[Fraction, ...] = ()
    unit: str = "%"
    places: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One node of the tree. A leaf has a rule and no children; a group has children and no rule.

    ``name`` as the document's tree has it, ``other_names`` as its text or tables also print it. ``definition`` says
    what is looked at, ``rule_text`` the scoring rule in words, ``source`` where it stands. ``printed_rule`` is the rule
    the document prints where its scores follow another one (``rule``); ``note`` tells what is wrong there.
    ``direction`` is the operator that a target typed without one means.
    """

    code: str
    name: str
    weight: Fraction
    level: int
    children: tuple["Indicator", ...] = ()
    rule: Rule | None = None
    printed_rule: Rule | None = None
    target: Target | None = None
    direction: Direction | None = None
    measure: Measure | None = None
    definition: str = ""
    rule_text: str = ""
    data_source: str = ""
    note: str = ""
    source: str = ""
    dimension: str = ""
    other_names: tuple[str, ...] = ()
    line: int | None = None

    def leaves(self) -> Iterator["Indicator"]:
        """Yield the leaves below (or the node itself), in document order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def nodes(self) -> Iterator["Indicator"]:
        """Yield the node and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.nodes()


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the points it begins at (included); it ends where the next better one begins."""

    name: str
    begins_at: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRow:
    """The row of the budget's execution in a self-evaluation table: weight times executed over the year's budget.

    ``counts``: whether its score is part of the total. The names are those of the sheet 基础数据.
    """

    code: str
    name: str
    weight: Fraction
    initial: str
    annual: str
    executed: str
    counts: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundNames:
    """Names in the sheet 基础数据 that mean the programme's money; empty where a scheme does not use it.

    ``sources`` add up to ``received``, ``uses`` to ``spent``.
    """

    budget: str = ""
    received: str = ""
    spent: str = ""
    opening: str = ""
    closing: str = ""
    sources: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Return every name that is used, once."""
        single = (self.budget, self.received, self.spent, self.opening, self.closing)
        return tuple(dict.fromkeys(name for name in (*single, *self.sources, *self.uses) if name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A whole scheme. ``grades`` from the best down, empty where the document prints none."""

    id: str
    title: str
    kind: Kind
    source: str
    layout: str
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...] = ()
    fund_row: FundRow | None = None
    funds: FundNames = FundNames()
    notes: tuple[str, ...] = ()
    file: str = ""

    def leaves(self) -> tuple[Indicator, ...]:
        """Return all scored indicators in document order."""
        return tuple(leaf for node in self.indicators for leaf in node.leaves())

    def nodes(self) -> tuple[Indicator, ...]:
        """Return all nodes in document order."""
        return tuple(each for node in self.indicators for each in node.nodes())

    def grade_of(self, total: Fraction) -> str | None:
        """Return the grade of a total; None where the scheme has no bands."""
        return next((grade.name for grade in self.grades if total >= grade.begins_at), None)
