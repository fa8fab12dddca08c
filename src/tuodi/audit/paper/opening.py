"""Opening a paper: by its suffix and its first bytes; what cannot be read is a finding that says what to do."""

from pathlib import Path

from tuodi.audit.paper.model import Paper
from tuodi.audit.paper.text_file import read_text
from tuodi.kernel.finding import Finding


def read_paper(path: Path) -> Paper | Finding:
    """Return the paper in a file, or why it cannot be read."""
    return read_text(path.name, path.read_text(encoding="utf-8"))
