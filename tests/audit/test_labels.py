"""Findings on the five published papers, judged one by one: how many of them a reader would sign."""

from collections import Counter

import pytest

from tests.audit.gold.measure import NAMES
from tests.audit.labels.update import key_of, labels, line_of, missing, unlabelled

FEWEST = 150
"""Labelled findings that make the measure worth anything."""
LEAST_PRECISION = 0.80
HINT = "请逐条判断后写进 tests/audit/labels/：PYTHONPATH=src:. python -m tests.audit.labels.update"
JUDGED = ("true", "debatable", "false")


@pytest.mark.needs("seeds")
@pytest.mark.parametrize("name", NAMES)
def test_每条发现都有标注(name: str) -> None:
    new = [f"{line_of(key_of(remark), '?')}  {remark.message[:80]}" for remark in unlabelled(name)]
    assert not new, f"{name} 有新的发现没有标注。{HINT}\n" + "\n".join(new)


@pytest.mark.needs("seeds")
@pytest.mark.parametrize("name", NAMES)
def test_标注过的发现还在(name: str) -> None:
    gone = [label.key for label in missing(name)]
    assert not gone, f"{name} 有标注过的发现不见了；确实不该再有的，删去标注或写 gone 和原因：{gone}"


def test_标注的写法() -> None:
    for name in NAMES:
        for label in labels(name):
            assert label.label in JUDGED, (name, label)
            assert label.label == "true" or label.reason, f"{name} {label.key} 存疑或误报要写原因"


def test_查准率(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {name: Counter(label.label for label in labels(name) if not label.gone) for name in NAMES}
    total = sum(counts.values(), Counter[str]())
    precision = total["true"] / total.total()
    with capsys.disabled():
        for name, count in counts.items():
            told = f"属实 {count['true']}、存疑 {count['debatable']}、误报 {count['false']}"
            print(f"\n{name}: {count.total()} 条，{told}", end="")
        print(f"\n合计 {total.total()} 条，查准率 {100 * precision:.1f}%（存疑不算属实）")
    assert total.total() >= FEWEST
    assert precision >= LEAST_PRECISION
