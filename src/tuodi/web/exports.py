"""A table as a workbook to keep: what stands on the page, all rows of it, values as text and amounts as numbers."""

import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse

from tuodi.office.operations.exporting import Exported
from tuodi.report.tables import write_table

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\\/:*?"<>|\s_]+')


def workbook_answer(name: str, found: Exported, *, day: date, about: Sequence[str] = ()) -> FileResponse:
    """Return a workbook to be saved as ``name`` with what it is narrowed to (``about``) and the day it was made.

    None of that holds personal data. Rows go into a file as they come and from there to the browser: however many there
    are, few are in memory.
    """
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_table(path, found.columns, found.rows, sheet=name[:31], foot=found.foot)
        with path.open("rb") as written:
            shutil.copyfileobj(written, kept)
    kept.seek(0)
    answer = FileResponse(kept, content_type=XLSX)
    _save_as(answer, f"{workbook_name(name, about, day)}.xlsx")
    return answer


def workbook_name(name: str, about: Sequence[str], day: date) -> str:
    """Return what a workbook is called.

    >>> workbook_name("人员名单", ["甲镇", "", "低保 对象"], date(2026, 11, 23))
    '人员名单_甲镇_低保-对象_2026-11-23'
    """
    return "_".join(_NOT_IN_NAMES.sub("-", part) for part in (name, *about, str(day)) if part)


def file_answer(name: str, content: bytes, content_type: str) -> HttpResponse:
    """Return a file to be saved as ``name``, which holds no personal data."""
    answer = HttpResponse(content, content_type=content_type)
    _save_as(answer, name)
    return answer


def _save_as(answer: HttpResponse | FileResponse, name: str) -> None:
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    # The page that asked says how long it has been waiting until it sees this (static/office.js).
    answer.set_cookie("file_made", "1", max_age=60, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
