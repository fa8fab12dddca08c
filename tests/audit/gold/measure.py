"""How much of the hand-made lists the audit finds: ``python -m tests.audit.gold.measure [seed] [--missing]``.

A listed contradiction counts as found when a remark stands on one of its lines (or is compared with one) and has its
rule, a rule of the same family, or its figure.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml

from tuodi.audit.auditor import remarks_on
from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.opening import read_paper
from tuodi.audit.remark import Remark

HERE = Path(__file__).parent
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
NAMES = ("jiaocheng", "junshan", "fukang", "maqiao", "lishi")
NEAR = 2
"""Lines a remark may stand away from the listed one: a cell split over lines is told by its row's first line."""
FAMILIES = (
    {"total-differs", "subtotal-differs", "parts-differ", "weights-differ", "scores-differ", "balance-differs",
     "counts-differ", "points-differ"},
    {"score-told-twice", "weight-told-twice", "value-told-twice", "text-against-table", "table-against-table",
     "unit-slip", "scope-mixed", "score-against-rule", "target-judged-wrongly", "execution-rate-differs"},
    {"share-differs", "growth-differs", "completion-rate-differs", "average-differs", "score-rate-differs"},
    {"numbering-broken", "reference-differs", "items-differ"},
    {"document-number-differs", "document-title-differs", "document-number-form", "citation-unclosed"},
    {"dates-out-of-order", "year-left-over", "deadline-missed"},
    {"name-told-twice", "other-project-left", "blank-left"},
    {"deduction-without-problem", "problem-without-deduction", "full-score-against-evidence", "conclusion-against-data",
     "conclusion-copied", "grade-differs", "target-judged-wrongly"},
)  # fmt: skip


def listed(name: str) -> list[dict[str, object]]:
    """Return a seed's hand-made list."""
    data = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(data["contradictions"])


def lines_of(remark: Remark) -> set[int]:
    """Return the lines of the file a remark stands on or is compared with."""
    return {place.line for place in (remark.place, *remark.also) if place.line is not None}


def matches(entry: dict[str, object], remark: Remark) -> bool:
    """Tell whether a remark tells a listed contradiction."""
    near = {line + step for line in entry["lines"] for step in range(-NEAR, NEAR + 1)}  # type: ignore[union-attr, attr-defined]
    if not near & lines_of(remark):
        return False
    rule = str(entry["rule"])
    if remark.rule == rule or any(rule in family and remark.rule in family for family in FAMILIES):
        return True
    figures = {_bare(str(entry["stated"])), _bare(str(entry["expected"]))} - {""}
    return bool(figures & ({_bare(remark.stated), _bare(remark.expected)} - {""}))


def _bare(text: str) -> str:
    return text.replace(",", "").strip("≥≤约 分元万%人次")


def remarks_of(name: str) -> tuple[Remark, ...]:
    """Return the remarks on a seed."""
    paper = read_paper(SEEDS / f"{name}.txt")
    assert isinstance(paper, Paper)
    return remarks_on(paper)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print found and missing entries, and remarks no entry lists."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*", default=list(NAMES))
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--other", action="store_true")
    options = parser.parse_args(arguments)
    for name in options.seeds or NAMES:
        entries, remarks = listed(name), remarks_of(name)
        found = {str(entry["id"]) for entry in entries if any(matches(entry, remark) for remark in remarks)}
        all_kinds: Counter[tuple[str, str]] = Counter()
        found_kinds: Counter[tuple[str, str]] = Counter()
        for entry in entries:
            kind = (str(entry["certainty"]), str(entry["findable"]))
            all_kinds[kind] += 1
            found_kinds[kind] += str(entry["id"]) in found
        other = [remark for remark in remarks if not any(matches(entry, remark) for entry in entries)]
        print(f"{name}: {len(found)} of {len(entries)} listed found; {len(remarks)} remarks, {len(other)} not listed")
        print("   " + "; ".join(f"{a}/{b} {found_kinds[a, b]}/{n}" for (a, b), n in sorted(all_kinds.items())))
        if options.missing:
            for entry in entries:
                if str(entry["id"]) not in found:
                    print("   -", entry["id"], entry["certainty"], entry["findable"], entry["rule"], entry["lines"],
                          entry["stated"], "→", entry["expected"], "|", entry["note"])  # fmt: skip
        if options.other:
            for remark in other:
                print("   +", remark.severity.value, remark.rule, sorted(lines_of(remark)), remark.stated, "→",
                      remark.expected, "|", remark.message[:200])  # fmt: skip


if __name__ == "__main__":
    main()
