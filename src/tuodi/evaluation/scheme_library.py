"""Schemes and evaluations at hand: those shipped by id, an office's own by its folder."""

from dataclasses import dataclass
from pathlib import Path

from tuodi.kernel.shipped import shipped

SCHEME_FILE, DATA_FILE = "scheme.yaml", "data.xlsx"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where an evaluation's scheme and data lie, and how findings name the scheme."""

    id: str
    scheme: Path
    shown_as: str
    data: Path


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a known id nor a folder with a scheme."""

    asked: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        """Say what was asked for and what there is, in Chinese."""
        known = "、".join(self.known)
        return f"没有“{self.asked}”这个编号，也没有含 {SCHEME_FILE} 的这个文件夹；可用的编号：{known}。"


def known_schemes() -> tuple[str, ...]:
    """Return the ids of the shipped schemes, blank ones included, in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped("schemes").glob("*.yaml")))


def scheme_path(scheme_id: str) -> Path:
    """Return the file of a shipped scheme."""
    return shipped("schemes", f"{scheme_id}.yaml")


def known_evaluations() -> tuple[str, ...]:
    """Return the ids of the shipped evaluations: schemes that come with data."""
    return tuple(each for each in known_schemes() if _data_of(each).is_dir())


def choose(id_or_folder: str) -> Chosen | NotFound:
    """Return a shipped evaluation, or the one in a folder with ``scheme.yaml`` and ``data.xlsx`` (or CSV files)."""
    if id_or_folder in known_schemes():
        path = scheme_path(id_or_folder)
        return Chosen(id_or_folder, path, f"schemes/{path.name}", _data_of(id_or_folder))
    folder = Path(id_or_folder)
    try:
        found = (folder / SCHEME_FILE).is_file()
    except (OSError, ValueError):
        found = False
    if not found:
        return NotFound(id_or_folder, known_evaluations())
    workbook = folder / DATA_FILE
    return Chosen(
        folder.name, folder / SCHEME_FILE, str(folder / SCHEME_FILE), workbook if workbook.exists() else folder
    )


def _data_of(scheme_id: str) -> Path:
    return shipped("examples", "evaluations", scheme_id)
