"""The clearing documents and programmes at hand: those under ``examples/`` by id, any other by its file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tuodi.kernel.shipped import shipped


class Shelf(StrEnum):
    """A folder under ``examples/``."""

    CLEARING = "clearing"
    PROGRAMMES = "programmes"


class Chosen(NamedTuple):
    """A file and the name findings give it."""

    path: Path
    shown_as: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a known id nor an existing file."""

    asked: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        """Say what was asked for and what there is, in Chinese."""
        return f"没有“{self.asked}”这个编号，也没有这个文件；可用的编号：{'、'.join(self.known)}。"


def known_ids(shelf: Shelf) -> tuple[str, ...]:
    """Return the ids of the shipped documents in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped("examples", shelf).glob("*.yaml")))


def choose(shelf: Shelf, id_or_file: str) -> Chosen | NotFound:
    """Return the file of a known id, or else the file of that name."""
    known = known_ids(shelf)
    if id_or_file in known:
        return Chosen(shipped("examples", shelf, f"{id_or_file}.yaml"), f"examples/{shelf}/{id_or_file}.yaml")
    path = Path(id_or_file)
    try:
        exists = path.is_file()
    except (OSError, ValueError):
        exists = False
    return Chosen(path, id_or_file) if exists else NotFound(id_or_file, known)
