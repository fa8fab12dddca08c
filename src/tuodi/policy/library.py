"""The policy documents at hand: the built-in ones by id, any other by its file."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tuodi.kernel.finding import Finding
from tuodi.kernel.shipped import shipped
from tuodi.policy.document import PolicyDocument
from tuodi.policy.loader import load_document


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a built-in id nor an existing file."""

    asked: str

    def sentence(self) -> str:
        """Say what was asked for and what there is, in Chinese."""
        known = "、".join(built_in_ids())
        return f"没有名为“{self.asked}”的内置政策，也没有这个文件；内置政策有：{known}。"


def built_in_ids() -> list[str]:
    """Return the ids of the built-in policies in alphabetical order."""
    return sorted(path.stem for path in shipped("policies").glob("*.yaml"))


def find(id_or_file: str) -> tuple[PolicyDocument | None, list[Finding]] | NotFound:
    """Load a policy by its built-in id, or else from a file of that name.

    Returns the document (None if a finding is an error) and every finding about it.
    """
    if id_or_file in built_in_ids():
        document, findings = _built_in(id_or_file)
        return document, list(findings)
    path = Path(id_or_file)
    try:
        exists = path.is_file()
    except (OSError, ValueError):
        exists = False
    return load_document(path) if exists else NotFound(id_or_file)


@lru_cache(maxsize=64)
def _built_in(policy_id: str) -> tuple[PolicyDocument | None, tuple[Finding, ...]]:
    document, findings = load_document(shipped("policies", f"{policy_id}.yaml"), f"policies/{policy_id}.yaml")
    return document, tuple(findings)
