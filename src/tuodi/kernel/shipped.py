"""Where the checked-in data lies: beside the package when installed, at the repository's root when run from it."""

from pathlib import Path

_INSTALLED = Path(__file__).parents[1] / "data"
_CHECKOUT = Path(__file__).parents[3]


def shipped(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. ``shipped("policies", "jiaocheng-2024.yaml")``."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
