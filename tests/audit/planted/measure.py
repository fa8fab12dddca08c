"""How many planted faults the audit finds, and how often it finds fault with a clean document.

Run as ``python -m tests.audit.planted.measure [--per-class N] [--only CLASS] [--quiet]``.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import traceback
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.audit.planted import generator as first
from tests.audit.planted.faults import ALL_CLASSES
from tests.audit.planted.generator import Case, Planted
from tests.audit.planted.second import generator as second
from tuodi.audit import audited
from tuodi.kernel.finding import Severity
from tuodi.kernel.opinion import Opinion, Opinions

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
SEVERE = (Severity.ERROR, Severity.WARNING)


def plain(text: str) -> str:
    """Return a text as it compares: half-width, without spaces and thousands separators."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3})|\s", "", text)


def figures(text: str) -> set[Decimal]:
    """Return the numbers in a text."""
    return {Decimal(each).normalize() for each in _NUMBER.findall(plain(text))}


def mentions(opinion: Opinion, planted: Planted) -> bool:
    """Say whether an opinion speaks of the planted fault: by its figure or its word."""
    said = " ".join((opinion.stated, opinion.expected, opinion.quote, opinion.message))
    told = figures(said)
    for wanted in (planted.stated, planted.expected, *planted.figures):
        numbers = figures(wanted)
        if numbers and not re.search("[\u4e00-\u9fff]{3}", wanted):
            if numbers <= told:
                return True
        elif wanted and plain(wanted) in plain(said):
            return True
    return False


def severe(opinions: Opinions) -> list[Opinion]:
    """Return the errors and warnings."""
    return [each for each in opinions.opinions if each.severity in SEVERE]


def found(opinions: Opinions, planted: Planted) -> bool:
    """Say whether the planted fault was found."""
    rules = {planted.rule, *planted.alternatives}
    return any(each.rule in rules and mentions(each, planted) for each in severe(opinions))


def told(opinion: Opinion) -> str:
    """Return an opinion in one line."""
    change = f"{opinion.stated} → {opinion.expected}"
    return f"[{opinion.rule}] {opinion.location}｜{opinion.quote[:90]}｜{change}｜{opinion.message[:120]}"


@dataclass(slots=True)
class Measured:
    """Planted faults found and planted by class, the misses told, and the false findings by clean document."""

    hits: Counter[str]
    totals: Counter[str]
    misses: list[str]
    false: dict[str, list[str]]

    @property
    def recall(self) -> Fraction:
        """Share of the planted faults that were found."""
        return Fraction(self.hits.total(), max(1, self.totals.total()))


def measure(cases: Iterable[Case], only: str = "") -> Measured:
    """Audit every case."""
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    misses: list[str] = []
    false: dict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            if only and case.fault not in ("", only):
                continue
            opinions = _audited(case.write(Path(folder)))
            if case.planted is None:
                false[case.name] = [told(each) for each in severe(opinions)]
                continue
            totals[case.fault] += 1
            if found(opinions, case.planted):
                hits[case.fault] += 1
            else:
                misses.append(_miss(case, case.planted, opinions))
    return Measured(hits, totals, misses, false)


def _audited(path: Path) -> Opinions:
    """Audit a file; a program that breaks off has found nothing, and says so."""
    try:
        return audited(path)
    except Exception:
        print(f"{path.name}: {traceback.format_exc(limit=-3)}")
        return Opinions(path.name)


def _miss(case: Case, planted: Planted, opinions: Opinions) -> str:
    lines = [f"{case.name}  {planted.rule}  {planted.expected} → {planted.stated}", f"    {planted.place}"]
    return "\n".join([*lines, *(f"    said: {told(each)}" for each in severe(opinions)[:6])])


def main() -> None:
    """Print recall by class, misses and false findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-class", type=int, default=20)
    parser.add_argument("--only", default="", choices=["", *ALL_CLASSES])
    parser.add_argument("--second", action="store_true", help="the second generator's papers")
    parser.add_argument("--quiet", action="store_true", help="no lists of misses and false findings")
    asked = parser.parse_args()
    made = second.cases(asked.per_class) if asked.second else first.cases(asked.per_class)
    _tell(measure(made, asked.only), quiet=asked.quiet)


def _tell(measured: Measured, *, quiet: bool) -> None:
    if not quiet:
        print("\n".join(["== Misses", *measured.misses, "", "== False findings in clean documents"]))
        for name, lines in measured.false.items():
            print(*(f"{name}: {line}" for line in lines), sep="\n", end="\n" if lines else "")
    print("\n== Recall by class")
    for fault, total in measured.totals.items():
        print(f"{measured.hits[fault]:3d}/{total:3d}  {fault:28s} {ALL_CLASSES[fault].title}")
    hit, total, wrong = measured.hits.total(), measured.totals.total(), sum(map(len, measured.false.values()))
    most = max(map(len, measured.false.values()), default=0)
    print(f"\nrecall {hit}/{total} = {100 * hit / max(1, total):.1f} %")
    count = len(measured.false)
    print(f"false findings {wrong} in {count} clean documents = {wrong / max(1, count):.2f}, at most {most}")


if __name__ == "__main__":
    main()
