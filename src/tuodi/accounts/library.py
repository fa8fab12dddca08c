"""Table sets and disclosures at hand: those shipped by id, a department's own by its folder or workbook."""

from dataclasses import dataclass
from pathlib import Path

from tuodi.kernel.shipped import shipped

OWN_SET = "tables.yaml"
DEFAULT_SET = "departmental-2022"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where a disclosure's data lie; ``own_set`` is a table set of its own beside them."""

    id: str
    data: Path
    own_set: Path | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a known id nor a folder or workbook."""

    asked: str
    known: tuple[str, ...]

    def sentence(self) -> str:
        """Say what was asked for and what there is, in Chinese."""
        return f"没有“{self.asked}”这个编号，也没有这个文件夹或工作簿；可用的编号：{'、'.join(self.known)}。"


def known_sets() -> tuple[str, ...]:
    """Return the ids of the shipped table sets in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped("accounts", "sets").glob("*.yaml")))


def set_path(set_id: str) -> Path:
    """Return the file of a shipped table set."""
    return shipped("accounts", "sets", f"{set_id}.yaml")


def known_accounts() -> tuple[str, ...]:
    """Return the ids of the shipped disclosures in alphabetical order; none where the folder is not there."""
    return tuple(sorted(path.name for path in shipped("examples", "accounts").glob("*") if path.is_dir()))


def choose(id_or_folder: str) -> Chosen | NotFound:
    """Return a shipped disclosure, or a folder (``accounts.xlsx``, or a file for each table) or a workbook."""
    if id_or_folder in known_accounts():
        return Chosen(id_or_folder, shipped("examples", "accounts", id_or_folder))
    path = Path(id_or_folder)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError):
        is_folder = exists = False
    if not exists:
        return NotFound(id_or_folder, known_accounts())
    folder = path if is_folder else path.parent
    own = folder / OWN_SET
    return Chosen(path.resolve().name if is_folder else path.stem, path, own if own.is_file() else None)
