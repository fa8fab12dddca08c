"""The second generator: other papers, wordings and layouts than the first, the same rendering and faults."""

from collections.abc import Iterator

from tests.audit.planted import generator as first
from tests.audit.planted.generator import Case, Families
from tests.audit.planted.second import books, bullets, bureau, inspection, selfscore, survey

FAMILIES: Families = (
    bureau.document,
    bullets.document,
    books.document,
    survey.document,
    inspection.document,
    selfscore.document,
)
CLASSES = (
    "total-money",
    "total-count",
    "subtotal",
    "weights-hundred",
    "scores-total",
    "parts",
    "product",
    "balance",
    "adjusted-budget",
    "execution-rate",
    "completion-rate",
    "share-of-count",
    "share-of-money",
    "growth",
    "average",
    "score-rate",
    "score-ratio",
    "above-weight",
    "deduction",
    "score-twice",
    "weight-twice",
    "name-twice",
    "amount-twice",
    "text-table",
    "unit-slip",
    "scope",
    "grade",
    "option-counts",
    "items-number",
    "numbering",
    "dates-order",
    "deadline",
    "year-left",
    "number-differs",
    "title-differs",
    "place-left",
    "target-judged",
    "conclusion",
    "conclusion-copied",
    "deduction-without-problem",
    "problem-without-deduction",
)
CLEAN_CASES = 42


def cases(per_class: int = 20, seed: int = 5000, clean_cases: int = CLEAN_CASES) -> Iterator[Case]:
    """Yield the faulty documents of every class, then clean ones."""
    return first.cases(per_class, seed, FAMILIES, CLASSES, clean_cases)
