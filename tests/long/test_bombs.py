"""One megabyte of one repeated pattern: no check takes longer than its time."""

from pathlib import Path

import pytest

from tests.audit.test_robust import BOMBS, slow_steps

LENGTH = 1_000_000
MOST_SECONDS = 20


@pytest.mark.parametrize("pattern", BOMBS)
def test_一兆字节的重复字符(pattern: str, tmp_path: Path) -> None:
    path = tmp_path / "重复.txt"
    path.write_text("某县2023年报告\n" + pattern * (LENGTH // len(pattern)), encoding="utf-8")
    assert slow_steps(path, MOST_SECONDS) == {}
