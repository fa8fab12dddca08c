"""What the audit finds of the slips that a reader listed in five published papers; the figures may only rise."""

from collections import Counter
from functools import cache

import pytest
import yaml

from tests.audit.gold.measure import HERE, NAMES, lines_of, listed, matches, remarks_of
from tuodi.audit.remark import Remark
from tuodi.kernel.finding import Severity

FLOORS = {
    "jiaocheng": {"sure": 32, "likely": 14, "debatable": 6},
    "junshan": {"sure": 20, "likely": 17, "debatable": 8},
    "fukang": {"sure": 41, "likely": 28, "debatable": 17},
    "maqiao": {"sure": 31, "likely": 5, "debatable": 13},
    "lishi": {"sure": 102, "likely": 48, "debatable": 12},
}
"""Listed slips found at least, by how sure the reader was. Raise a floor when a check gets better; never lower one."""

_cached = cache(remarks_of)


@pytest.mark.needs("seeds")
@pytest.mark.parametrize("name", NAMES)
def test_查全率不下降(name: str) -> None:
    remarks = _cached(name)
    found = Counter(
        str(entry["certainty"]) for entry in listed(name) if any(matches(entry, remark) for remark in remarks)
    )
    below = {each: (found[each], floor) for each, floor in FLOORS[name].items() if found[each] < floor}
    assert not below, f"{name} 查出的比以前少（现在, 以前）：{below}"


def _decoys(name: str) -> list[dict[str, object]]:
    data = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(data["decoys"])


def _is_decoy(decoy: dict[str, object], remark: Remark) -> bool:
    """Tell whether an error or warning tells what a reader found right: on its lines, with its rule if it has one."""
    lines = set(decoy["lines"])  # type: ignore[call-overload]
    same_rule = decoy.get("rule", remark.rule) == remark.rule
    return remark.severity is not Severity.INFO and same_rule and remark.place.line in lines


@pytest.mark.needs("seeds")
@pytest.mark.parametrize("name", NAMES)
def test_看似矛盾而实际相符的不报(name: str) -> None:
    entries = listed(name)
    told = [
        (decoy["id"], remark.rule, sorted(lines_of(remark)), remark.stated, remark.expected)
        for decoy in _decoys(name)
        for remark in _cached(name)
        if _is_decoy(decoy, remark) and not any(matches(entry, remark) for entry in entries)
    ]
    assert not told
