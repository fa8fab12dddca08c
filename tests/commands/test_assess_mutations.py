"""Over a thousand spoilt files through ``assess``: findings or a refusal, no traceback, nothing half written.

Twenty thousand: ``./tuodi test --long mutations``.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.commands.mutations import BOMBS, bomb, mutated
from tests.commands.spoilt_runs import OLD, one_run, spoilt_run

FILES = 1_100
FILES_AT_ONCE = 50


@pytest.mark.parametrize("first", range(0, FILES, FILES_AT_ONCE))
def test_弄坏的文件(first: int, tmp_path: Path) -> None:
    happened: Counter[str] = Counter()
    for seed in range(first, first + FILES_AT_ONCE):
        folder = tmp_path / str(seed)
        folder.mkdir()
        happened[spoilt_run(seed, folder, both=seed % 4 == 0)] += 1
    # Otherwise the files would be all good or all hopeless, and little would be tried.
    assert set(happened) == {"好", "退", "拒"}


@pytest.mark.parametrize("engine", ["python", "columnar"])
@pytest.mark.parametrize("which", BOMBS)
def test_恶意的工作簿(which: str, engine: str, tmp_path: Path) -> None:
    files = mutated(0, tmp_path)
    files.must_name.clear()
    for name in ("persons", "settlements"):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(bomb(which))
        setattr(files, name, path)
    assert one_run(0, files, tmp_path, engine)[0] == "拒"
    assert (tmp_path / f"out-{engine}.csv").read_bytes() == OLD


def test_同一个种子弄坏的文件相同(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        for seed in range(20, 40):
            files = mutated(seed, folder)
            if files.settlements.suffix == ".csv":
                contents.append((seed, name, files.done, files.settlements.read_bytes()))
    half = len(contents) // 2
    assert [c[2:] for c in contents[:half]] == [c[2:] for c in contents[half:]]
