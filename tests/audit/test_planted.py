"""Planted faults are found in both generators' papers, and clean papers are left in peace (small; all by --long)."""

from fractions import Fraction

import pytest

from tests.audit.planted import generator as first
from tests.audit.planted.faults import ALL_CLASSES
from tests.audit.planted.measure import Measured, measure
from tests.audit.planted.second import generator as second

PER_CLASS = 3
CLEAN = 12
LEAST_RECALL = Fraction(95, 100)
MOST_FALSE = 1


@pytest.fixture(scope="module", params=["第一套", "第二套"])
def measured(request: pytest.FixtureRequest) -> Measured:
    if request.param == "第一套":
        return measure(first.cases(PER_CLASS, clean_cases=CLEAN))
    return measure(second.cases(PER_CLASS, clean_cases=CLEAN))


def test_埋入的错误查出百分之九十五以上(measured: Measured) -> None:
    assert measured.recall >= LEAST_RECALL, "\n".join(measured.misses)


def test_没有一类错误全部漏过(measured: Measured) -> None:
    assert [ALL_CLASSES[fault].title for fault in measured.totals if not measured.hits[fault]] == []


def test_干净的文件至多误报一条(measured: Measured) -> None:
    assert {name: lines for name, lines in measured.false.items() if len(lines) > MOST_FALSE} == {}


def test_两套文件都够三十类() -> None:
    assert len(first.FAULT_CLASSES) >= 30
    assert len(second.CLASSES) >= 30
