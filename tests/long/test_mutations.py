"""Twenty thousand spoilt files through ``assess`` on both engines."""

from pathlib import Path
from shutil import rmtree

import pytest

from tests.commands.spoilt_runs import spoilt_run

FILES = 20_000
FILES_AT_ONCE = 500


@pytest.mark.parametrize("first", range(100_000, 100_000 + FILES, FILES_AT_ONCE))
def test_弄坏的文件(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + FILES_AT_ONCE):
        folder = tmp_path / str(seed)
        folder.mkdir()
        spoilt_run(seed, folder, both=True)
        rmtree(folder)
