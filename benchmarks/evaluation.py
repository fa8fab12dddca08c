"""Measure the scoring of all built-in evaluations in this process against its goal: load scheme and data, score.

    python benchmarks/evaluation.py [--rounds 9] [--report]

Printed are the median (least to greatest) of the whole and, once, what each step takes. ``--report`` also measures the
full Word report of each evaluation that has one: composed and written in this process, with the page numbers that
LibreOffice finds where it is installed, and as a whole new process. Run it on a quiet machine.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from tuodi.commands.evaluations import read_evaluation  # noqa: E402
from tuodi.commands.page_numbers import write_numbered  # noqa: E402
from tuodi.evaluation.data_tables import read_data  # noqa: E402
from tuodi.evaluation.scheme_library import Chosen, choose, known_evaluations  # noqa: E402
from tuodi.evaluation.scheme_loader import load_scheme  # noqa: E402
from tuodi.evaluation.scoring import score_evaluation  # noqa: E402
from tuodi.report.evaluation_report import COMPOSERS, compose  # noqa: E402
from tuodi.report.report_layout import layout_path, load_report_layout  # noqa: E402
from tuodi.report.word.writer import write_report  # noqa: E402

GOAL_S, WARM_GOAL_S, COLD_GOAL_S = 1.0, 5.0, 15.0
REPORTS = ("jiaocheng-2024", "junshan-2022", "fukang-2024", "maqiao-2024")
STEPS = ("scheme", "data", "score")


def score_all() -> dict[str, float]:
    """Score every built-in evaluation from its files; return the seconds of each step."""
    took = dict.fromkeys(STEPS, 0.0)
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
    parser.add_argument("--report", action="store_true", help="measure the writing of reports too")
    args = parser.parse_args()
    score_all()
    rounds = [score_all() for _ in range(args.rounds)]
    whole = [sum(each.values()) for each in rounds]
    count = len(known_evaluations())
    print(f"{count} evaluations scored: {_spread(whole)} s, goal {GOAL_S:.1f} s")
    for step in STEPS:
        print(f"  {step}: {_spread([each[step] for each in rounds])} s")
    if args.report:
        measure_reports(args.rounds)


def measure_reports(rounds: int) -> None:
    """Print the median seconds of one report, over all reports and rounds."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "report.docx"
        warm = [_warm(evaluation, out, numbered=False) for _ in range(rounds) for evaluation in REPORTS]
        numbered = [_warm(evaluation, out, numbered=True) for evaluation in REPORTS]
        cold = [_cold(evaluation, Path(folder) / f"{evaluation}.docx") for evaluation in REPORTS]
    print(f"report, warm process: {_spread(warm)} s; with page numbers {_spread(numbered)} s, goal {WARM_GOAL_S:.0f} s")
    print(f"report, new process with page numbers: {_spread(cold)} s, goal {COLD_GOAL_S:.0f} s")


def _warm(evaluation: str, out: Path, *, numbered: bool) -> float:
    begun = time.perf_counter()
    scheme, data, _ = read_evaluation(evaluation)
    if scheme is None:
        raise SystemExit(f"{evaluation} was not found")
    path = layout_path(scheme.layout)
    layout, _ = load_report_layout(path, path.name, COMPOSERS)
    if layout is None:
        raise SystemExit(f"{path.name} is not usable")
    report = compose(score_evaluation(scheme, data), layout)
    if numbered:
        write_numbered(out, report)
    else:
        write_report(out, report)
    return time.perf_counter() - begun


def _cold(evaluation: str, out: Path) -> float:
    begun = time.perf_counter()
    command = [str(ROOT / "tuodi"), "report", evaluation, "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


if __name__ == "__main__":
    main()
