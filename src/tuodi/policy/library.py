"""The policy documents at hand: the built-in ones by id, any other by its file."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from tuodi.kernel.finding import Finding, Severity
from tuodi.kernel.shipped import shipped
from tuodi.policy.document import PolicyDocument
from tuodi.policy.in_force import line_findings
from tuodi.policy.loader import load_document

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a built-in id nor an existing file."""

    asked: str

    def sentence(self) -> str:
        """Say what was asked for and what there is, in Chinese; first what was probably meant."""
        known = "、".join(built_in_ids())
        near = "、".join(f"{document.id}（{document.title}）" for document in _near(self.asked))
        meant = f"是不是想用 {near}？" if near else ""
        return f"没有名为“{self.asked}”的内置政策，也没有这个文件。{meant}内置政策有：{known}。"


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
    if not exists:
        return NotFound(id_or_file)
    document, findings = _load(path, str(path))
    return document, list(findings)


def find_together(names: Iterable[str]) -> tuple[list[PolicyDocument], list[Finding]] | NotFound:
    """Load several policies, each once; return them with the errors in each and between them."""
    documents: dict[str, PolicyDocument] = {}
    errors: list[Finding] = []
    for name in dict.fromkeys(names):
        found = find(name)
        if isinstance(found, NotFound):
            return found
        document, findings = found
        errors += (finding for finding in findings if finding.is_error)
        if document is not None:
            documents[document.digest] = document
    errors += (finding for finding in line_findings(documents.values()) if finding.is_error)
    return list(documents.values()), errors


def are_one_line(documents: Iterable[PolicyDocument]) -> bool:
    """Tell whether documents are of one region and programme, so that they can be used together."""
    return len({(document.region_code, document.programme) for document in documents}) <= 1


def _near(asked: str) -> list[PolicyDocument]:
    """Return the built-in policies that a wrong name probably means, the nearest first: by id, title or region."""
    word = asked.strip().lower().removesuffix(".yaml").removesuffix(".yml")
    documents = [document for document, _ in map(_built_in, built_in_ids()) if document is not None]
    names = [(name, each) for each in documents for name in (each.id, each.title, each.region_name)]
    meant = [document for name, document in names if len(word) > 1 and word in name]
    meant += [document for like in get_close_matches(word, [n for n, _ in names]) for n, document in names if n == like]
    return list({document.id: document for document in meant}.values())[:_MOST_NAMED]


@lru_cache(maxsize=64)
def _built_in(policy_id: str) -> tuple[PolicyDocument | None, tuple[Finding, ...]]:
    return _load(shipped("policies", f"{policy_id}.yaml"), f"policies/{policy_id}.yaml")


def _load(path: Path, shown_as: str) -> tuple[PolicyDocument | None, tuple[Finding, ...]]:
    """Load a document; one in the folder of the built-in ones must be named as its id, by which it is found."""
    document, findings = load_document(path, shown_as)
    is_built_in = path.parent.resolve() == shipped("policies").resolve()
    if document is not None and is_built_in and document.id != path.stem:
        findings.append(
            Finding(
                rule="id-file-name",
                severity=Severity.WARNING,
                message="id 与文件名不一致，按文件名查找",
                advice=f"请把文件名改为 {document.id}.yaml，或把 id 改为 {path.stem}",
                file=shown_as,
                column="id",
                value=document.id,
            )
        )
    return document, tuple(findings)
