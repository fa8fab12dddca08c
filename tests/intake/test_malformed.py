"""Every malformed upload is read to findings or good rows: nothing raises, nothing takes long."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.intake.malformed import FORMATS, GOOD, KINDS, READERS, Upload, uploads
from tuodi.intake.sender_format import PLAIN, SenderFormat

SENDERS = (PLAIN, SenderFormat(header_row=1, foot_rows=1, clean_ids=True, columns={"编码": "psn_no"}))
SECONDS = 1.0
"""On a busy machine too; what takes this long is told as slow below."""


def test_五百个以上_名称不重(tmp_path: Path) -> None:
    names = [upload.name for upload in uploads()]
    assert len(names) >= 500
    assert len(set(names)) == len(names)
    assert {upload.kind for upload in uploads()} == set(KINDS)
    assert len({upload.content for upload in uploads()}) > 450


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_没有坏的原件读得出(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(FORMATS[suffix](GOOD[kind]))
    file = READERS[kind](path, PLAIN)
    assert (file.usable, file.totals.accepted, file.findings) == (True, 6, ())


def check(path: Path, kind: str, sender: SenderFormat) -> Any:
    """Read an upload; whatever came of it, the counts close and every finding says what to do."""
    file = READERS[kind](path, sender)
    assert all(finding.message and finding.advice and finding.file == path.name for finding in file.findings)
    totals = file.totals
    errors = [finding for finding in file.findings if finding.is_error]
    if not file.usable:
        assert errors
        assert totals.rows == 0
        return file
    assert totals.rows == totals.accepted + totals.refused + totals.duplicates + totals.foot_rows
    assert len({finding.row for finding in errors}) == totals.refused == len({each.row for each in file.refusals})
    return file


@pytest.mark.parametrize("kind", KINDS)
def test_从不出错_很快读完(tmp_path: Path, kind: str) -> None:
    slow: list[tuple[str, float]] = []
    for upload in uploads():
        if upload.kind != kind:
            continue
        path = tmp_path / upload.name
        path.write_bytes(upload.content)
        senders = (PLAIN,) if kind.endswith(("answers", "payments")) else SENDERS
        for sender in senders:
            started = time.perf_counter()
            check(path, kind, sender)
            seconds = time.perf_counter() - started
            if seconds > SECONDS:
                slow.append((upload.name, seconds))
        path.unlink()
    assert slow == []


def of(what: str, suffix: str = "") -> list[Upload]:
    return [each for each in uploads() if f"-{what}." in each.name and each.name.endswith(suffix)]


@pytest.mark.parametrize(
    ("what", "suffix", "rule"),
    [
        ("远处的单元格", "xlsx", "file-too-large"),
        ("远处的单元格", "xls", "file-too-large"),
        ("压缩炸弹", "xlsx", "file-too-large"),
        ("加密", "xls", "file-encrypted"),
        ("加密的新工作簿", "xls", "file-encrypted"),
        ("Word 文档", "xls", "file-format"),
        ("Excel 95", "xls", "file-format"),
        ("次序倒了", "xls", "file-damaged"),
        ("网页", "xls", "file-format"),
        ("网页", "xlsx", "file-format"),
        ("网页", "csv", "file-format"),
        ("制表符", "xls", "file-format"),
        ("UTF-16", "csv", "file-encoding"),
        ("引号不成对", "csv", "csv-quotes"),
        ("空", "xls", "file-empty"),
        ("many_columns", "", "file-too-large"),
        ("nothing_but_header", "", "file-no-rows"),
    ],
)
def test_该拒绝的一定拒绝(tmp_path: Path, what: str, suffix: str, rule: str) -> None:
    found = of(what, suffix)
    assert found
    for upload in found:
        path = tmp_path / upload.name
        path.write_bytes(upload.content)
        file = READERS[upload.kind](path, PLAIN)
        # An old workbook has no more than 256 columns.
        if what != "many_columns" or not upload.name.endswith(".xls"):
            assert (file.usable, file.findings[-1].rule) == (False, rule)


@pytest.mark.parametrize("suffix", ["xls", "parquet"])
@pytest.mark.parametrize(
    ("kind", "column"),
    [("roster", "psn_name"), ("roster", "乡镇"), ("settlements", "fixmedins_code"), ("marks", "身份标识")],
)
def test_文字里的空字符不收_数据库存不了(tmp_path: Path, kind: str, column: str, suffix: str) -> None:
    rows = [list(row) for row in GOOD[kind]]
    at = rows[0].index(column)
    rows[2][at] = f"{rows[2][at]}\0甲"
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(FORMATS[suffix](rows))
    file = READERS[kind](path, PLAIN)
    assert (file.totals.accepted, file.totals.refused) == (5, 1)
    assert [(each.rule, each.row) for each in file.findings] == [("text-characters", 3)]
