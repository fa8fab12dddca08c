"""How much a long check does: what its module says, or for a look what ``TUODI_LONG`` says."""

import os


def size(usual: int) -> int:
    """Return how many of whatever is counted."""
    return int(os.environ.get("TUODI_LONG") or usual)
