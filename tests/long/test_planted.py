"""Twenty planted faults of every class from both generators, docx and text, and all clean papers."""

from fractions import Fraction

import pytest

from tests.audit.planted import generator as first
from tests.audit.planted.measure import Measured, measure
from tests.audit.planted.second import generator as second

PER_CLASS = 20
LEAST_RECALL = Fraction(95, 100)
SEEDS = {"第一套": (first, 0), "第二套": (second, 5000), "第二套之二": (second, 9000)}


@pytest.fixture(scope="module", params=SEEDS)
def measured(request: pytest.FixtureRequest) -> Measured:
    generator, seed = SEEDS[request.param]
    return measure(generator.cases(PER_CLASS, seed))


def test_查出率(measured: Measured) -> None:
    assert measured.recall >= LEAST_RECALL, "\n".join(measured.misses)


def test_误报(measured: Measured) -> None:
    assert {name: lines for name, lines in measured.false.items() if len(lines) > 1} == {}
