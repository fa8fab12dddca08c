"""Measure the scoring of all built-in evaluations in this process against its goal: load scheme and data, score.

    python benchmarks/evaluation.py [--rounds 9] [--report]

Printed are the median (least to greatest) of the whole and, once, what each step takes. Run it on a quiet machine.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from tuodi.evaluation.data_tables import read_data  # noqa: E402
from tuodi.evaluation.scheme_library import Chosen, choose, known_evaluations  # noqa: E402
from tuodi.evaluation.scheme_loader import load_scheme  # noqa: E402
from tuodi.evaluation.scoring import score_evaluation  # noqa: E402

GOAL_S = 1.0
STEPS = ("scheme", "data", "score")


def score_all() -> Counter[str]:
    """Score every built-in evaluation from its files; return the seconds of each step."""
    took: Counter[str] = Counter()
    for evaluation_id in known_evaluations():
        chosen = choose(evaluation_id)
        if not isinstance(chosen, Chosen):
            raise SystemExit(f"{evaluation_id} was not found")
        marks = [time.perf_counter()]
        scheme, _ = load_scheme(chosen.scheme, chosen.shown_as)
        marks.append(time.perf_counter())
        data, _ = read_data(chosen.data)
        marks.append(time.perf_counter())
        if scheme is None or score_evaluation(scheme, data).total is None:
            raise SystemExit(f"{evaluation_id} was not scored")
        marks.append(time.perf_counter())
        for step, begun, ended in zip(STEPS, marks, marks[1:], strict=False):
            took[step] += ended - begun
    return took


def main() -> None:
    """Measure after one uncounted round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--report", action="store_true", help="measure the building of reports too (not built yet)")
    args = parser.parse_args()
    if args.report:
        parser.error("the building of reports is not measured yet")
    score_all()
    rounds = [score_all() for _ in range(args.rounds)]
    whole = [sum(each.values()) for each in rounds]
    count = len(known_evaluations())
    print(f"{count} evaluations scored: {_spread(whole)} s, goal {GOAL_S:.1f} s")
    for step in STEPS:
        print(f"  {step}: {_spread([each[step] for each in rounds])} s")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


if __name__ == "__main__":
    main()
