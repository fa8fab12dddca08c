"""A table as a workbook to keep: what stands on the page, all rows of it, values as text and amounts as numbers."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from django.http import HttpResponse

from tuodi.report.tables import Column, Row, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_answer(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> HttpResponse:
    """Return a workbook to be saved as ``name``.xlsx; ``name`` holds no personal data."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_table(path, columns, rows, sheet=name[:31])
        content = path.read_bytes()
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer
