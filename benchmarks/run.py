"""Measure the main job against its goals; print ratios taken in one run, and the machine.

    python benchmarks/run.py [--facts FOLDER] [--rounds 5] [NAME …]

Names: floor (assess --brief --engine columnar against a program that only reads and writes), unsorted (the same rows
shuffled), engines (python against columnar, per claim), large (peak memory of 20,000,000 settlements), explain (one
settlement in-process), xlsx (import of 100,000 rows against calamine's bare read). Without names: all of them.
Facts are made on first use (about 1 GB on disk for all). Run it on a quiet machine: pairs are taken in turn, so that a
drift of the machine's speed meets both sides, but not a neighbour who comes and goes.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
POLICY = "jiaocheng-2024"
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


class Run(NamedTuple):
    """What one process took, as the system accounts for it."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def measure(command: list[str]) -> Run:
    """Run a command to its end; its output goes nowhere."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def spread(values: list[float], form: str = ".2f") -> str:
    """Write median (least to greatest)."""
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def pairs(a: Callable[[], Run], b: Callable[[], Run], rounds: int) -> tuple[list[Run], list[Run]]:
    """Run both in turn after one uncounted round."""
    a(), b()
    results = [(a(), b()) for _ in range(rounds)]
    return [one for one, _ in results], [other for _, other in results]


def tell(name: str, runs: list[Run]) -> None:
    """Print one side's figures."""
    print(
        f"  {name}: wall {spread([r.wall_s for r in runs])} s, cpu {spread([r.cpu_s for r in runs])} s, "
        f"peak {spread([r.peak_mib for r in runs], '.0f')} MiB"
    )


def facts(folder: Path, settlements: int, persons: int, *options: str) -> Path:
    """Return a folder with the facts asked for, made if it is not there."""
    place = folder / f"{settlements}{''.join(options)}"
    if not (place / "settlements.parquet").exists():
        print(f"  making {settlements:,} settlements of {persons:,} persons", flush=True)
        size = ["--settlements", str(settlements), "--persons", str(persons)]
        subprocess.run([sys.executable, str(HERE / "make_facts.py"), *size, "--out", str(place), *options], check=True)
    return place


def assess(place: Path, out: Path, engine: str) -> Callable[[], Run]:
    """Return the whole process of ``assess --brief``."""
    files = ["--persons", str(place / "persons.parquet"), "--settlements", str(place / "settlements.parquet")]
    command = [sys.executable, "-m", "tuodi", "assess", "--policy", POLICY, *files, "--brief", "--engine", engine]
    return lambda: measure([*command, "--out", str(out / f"{engine}.parquet")])


def floor(folder: Path, out: Path, rounds: int) -> None:
    """Compare with reading the needed columns and writing the result columns."""
    place = facts(folder, 5_000_000, 1_000_000)
    program = [sys.executable, str(HERE / "floor.py"), str(place), str(out / "floor.parquet")]
    ours, theirs = pairs(assess(place, out, "columnar"), lambda: measure(program), rounds)
    tell("assess", ours)
    tell("floor ", theirs)
    for name, at in (("wall", 0), ("cpu", 1)):
        print(f"  assess / floor, {name}: {spread([a[at] / b[at] for a, b in zip(ours, theirs, strict=True)])}")


def unsorted(folder: Path, out: Path, rounds: int) -> None:
    """Compare shuffled rows, which are sorted on disk, with rows in time order."""
    shuffled = assess(facts(folder, 5_000_000, 1_000_000, "--shuffled"), out, "columnar")
    ordered = assess(facts(folder, 5_000_000, 1_000_000), out, "columnar")
    ours, theirs = pairs(shuffled, ordered, max(1, rounds // 2))
    tell("shuffled", ours)
    tell("in order", theirs)
    print(f"  shuffled / in order, wall: {spread([a[0] / b[0] for a, b in zip(ours, theirs, strict=True)])}")


def engines(folder: Path, out: Path, rounds: int) -> None:
    """Compare the engines per claim, whole processes, on as many rows as each is for."""
    few, many = facts(folder, 250_000, 50_000), facts(folder, 5_000_000, 1_000_000)
    slow, fast = pairs(assess(few, out, "python"), assess(many, out, "columnar"), max(1, rounds // 2))
    tell("python,   250,000 rows", slow)
    tell("columnar, 5,000,000 rows", fast)
    for name, at in (("wall", 0), ("cpu", 1)):
        ratios = [(a[at] / 250_000) / (b[at] / 5_000_000) for a, b in zip(slow, fast, strict=True)]
        print(f"  python / columnar per claim, {name}: {spread(ratios, '.1f')}")


def large(folder: Path, out: Path, rounds: int) -> None:
    """Measure the peak memory of twenty million settlements."""
    runs = [assess(facts(folder, 20_000_000, 4_000_000), out, "columnar")() for _ in range(max(1, rounds // 2))]
    tell("20,000,000 rows", runs)


def explain(folder: Path, out: Path, rounds: int) -> None:
    """Time one settlement explained in this process, on given accumulators."""
    sys.path[:0] = [str(ROOT / "src")]
    from tuodi.assessment.receipt import explain_one
    from tuodi.assessment.year import Accounts, people
    from tuodi.commands.policies import rulebook_of
    from tuodi.intake.persons import read_persons
    from tuodi.intake.settlements import read_settlements
    from tuodi.kernel.shipped import shipped

    sample = shipped("examples", "sample-county")
    book = rulebook_of([POLICY])
    roster = people(read_persons(sample / "roster.csv").holdings)
    settlements = read_settlements(sample / "settlements.csv", book.needed_fields).settlements
    accounts = Accounts(book)
    times = []
    for settlement in settlements:
        began = time.perf_counter()
        explain_one(book, roster.get(settlement.psn_no), settlement, accounts)
        times.append((time.perf_counter() - began) * 1e6)
    print(
        f"  one settlement explained: median {statistics.median(times):.0f} µs over {len(times):,} of the sample county"
    )


def xlsx(folder: Path, out: Path, rounds: int) -> None:
    """Compare the import of a large workbook with calamine's bare read."""
    sys.path[:0] = [str(ROOT / "src"), str(HERE)]
    import make_facts
    import numpy as np
    import python_calamine

    from tuodi.intake.settlements import read_settlements
    from tuodi.report.tables import Column, Kind, write_table

    path = folder / "settlements-100000.xlsx"
    if not path.exists():
        random = np.random.default_rng(7)
        table = make_facts.settlements(0, np.sort(random.integers(0, make_facts.YEAR_SECONDS, 100_000)), 20_000, random)
        money = {name for name in table.column_names if str(table.schema.field(name).type).startswith("decimal")}
        columns = [Column(name, Kind.MONEY if name in money else Kind.TEXT) for name in table.column_names]
        cells = [
            [int(value.scaleb(2)) for value in table.column(name).to_pylist()]
            if name in money
            else [str(value) for value in table.column(name).to_pylist()]
            for name in table.column_names
        ]
        folder.mkdir(parents=True, exist_ok=True)
        write_table(path, columns, zip(*cells, strict=True))
    ratios = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
        bare = time.perf_counter() - began
        began = time.perf_counter()
        file = read_settlements(path)
        ours = time.perf_counter() - began
        if not file.usable or file.totals.accepted != 100_000:
            raise SystemExit("the workbook was not read")
        ratios.append(ours / bare)
    print(f"  import / bare read of 100,000 rows: {spread(ratios[1:])} (last: {ours:.2f} s against {bare:.2f} s)")


BENCHMARKS = {each.__name__: each for each in (floor, unsorted, engines, large, explain, xlsx)}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--facts", type=Path, default=Path(tempfile.gettempdir()) / "tuodi-facts")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    unknown = set(args.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = (
        f"machine: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    print(machine, flush=True)
    for name in args.names or BENCHMARKS:
        # Each in a process of its own: a child's peak memory would else begin at this one's.
        if len(args.names) != 1:
            options = ["--facts", str(args.facts), "--rounds", str(args.rounds)]
            subprocess.run([sys.executable, __file__, name, *options], check=True)
            continue
        print(f"{name}: {(BENCHMARKS[name].__doc__ or '').splitlines()[0]}", flush=True)
        with tempfile.TemporaryDirectory(prefix="tuodi-bench-") as out:
            BENCHMARKS[name](args.facts, Path(out), args.rounds)


if __name__ == "__main__":
    main()
