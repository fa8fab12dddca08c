"""``assess`` on spoilt files, in this process, and everything that must hold of the run whatever was spoilt."""

import csv
import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.commands.mutations import Mutation, mutated
from tuodi.commands.main import main

ENGINES = ("python", "columnar")
HEADER = "setl_id,psn_no,benefit,identity,base_amt,deductible_used,ratio,raw_amt,cap_left_before,paid_amt,clause,note"
OLD = b"what stood here before"


def spoilt_run(seed: int, folder: Path, both: bool = False) -> str:
    """Assess the files of a seed; return the exit status as a letter of what happened: 好, 退 or 拒."""
    files = mutated(seed, folder)
    first = one_run(seed, files, folder, ENGINES[seed % 2])
    if both:
        other = one_run(seed, files, folder, ENGINES[1 - seed % 2])
        # Of a file that is refused anyway, each engine tells as far as it read.
        assert other == first or other[0] == first[0] == "拒", (seed, files.done)
    return first[0]


def one_run(seed: int, files: Mutation, folder: Path, engine: str) -> tuple[str, bytes, bytes]:
    """Return what happened, the output and the list of errors."""
    out, errors = folder / f"out-{engine}.csv", folder / f"errors-{engine}.csv"
    out.write_bytes(OLD)
    errors.unlink(missing_ok=True)
    before = {path.name for path in folder.iterdir()} | {errors.name}
    told, said = io.StringIO(), io.StringIO()
    with redirect_stderr(told), redirect_stdout(said):
        status = main(
            ["assess", "--policy", "jiaocheng-2024", "--persons", str(files.persons), "--settlements",
             str(files.settlements), "--out", str(out), "--errors", str(errors), "--engine", engine]
        )  # fmt: skip
    where = (seed, engine, files.done, told.getvalue()[-500:])
    assert status in (0, 1), where
    assert "程序出了意外" not in told.getvalue(), where
    assert "Traceback" not in told.getvalue() + said.getvalue(), where
    assert said.getvalue() == "", where
    assert {path.name for path in folder.iterdir()} == before, where  # nothing temporary is left
    listed = rows_of(errors)
    assert (status == 1) == bool(listed), where
    assert all(row["file"] and row["rule"] and row["message"] and row["advice"] for row in listed), where
    refused = "文件不能使用，没有写出结果" in told.getvalue()
    if refused:
        assert status == 1, where
        assert out.read_bytes() == OLD, where
        return "拒", b"", errors.read_bytes()
    text = out.read_bytes().decode("utf-8-sig")
    assert text.startswith(f"{HEADER}\r\n") and text.endswith("\r\n"), where
    rows = rows_of(out)
    assert all(None not in row and None not in row.values() for row in rows), where
    assert [row["setl_id"] for row in rows] == sorted(row["setl_id"] for row in rows), where
    names = {"persons": files.persons.name, "settlements": files.settlements.name}
    places = {(row["file"], row["row"]) for row in listed}
    for kind, number in files.must_name:
        assert (names[kind], str(number)) in places, where
    return ("退" if status else "好"), out.read_bytes(), errors.read_bytes()


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of one of our own CSV files."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
