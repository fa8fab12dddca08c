"""Which engine does the work. Both give the same fen; the choice is only about size.

A cluster engine will join here: it has the same ``Request`` in and ``Assessment`` out, and splits by owner as
``columnar.rows.Partitioned`` does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tuodi.assessment.columnar.engine import ColumnarAssessment
from tuodi.assessment.reference import ReferenceAssessment
from tuodi.assessment.results import Assessment, Request

ENGINES: Final[dict[str, Callable[[Request], Assessment]]] = {
    "python": ReferenceAssessment,
    "columnar": ColumnarAssessment,
}
AUTO: Final = "auto"

# Above this size starting the compiled engine pays for itself. XLSX is read row by row by either.
_LARGE_BYTES: Final = {".csv": 30 * 2**20, ".parquet": 5 * 2**20}


def assess(request: Request, engine: str = AUTO) -> Assessment:
    """Assess with the engine named, or the one that fits the size of the file of settlements."""
    if engine == AUTO:
        engine = "columnar" if is_large(request.settlements) else "python"
    return ENGINES[engine](request)


def is_large(path: Path) -> bool:
    """Return whether a file is worth the columnar engine's start."""
    least = _LARGE_BYTES.get(path.suffix.lower())
    return least is not None and path.stat().st_size > least
