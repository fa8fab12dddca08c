"""Where the made-up documents of a fictional county lie, and how a test loads one."""

from functools import cache
from pathlib import Path

from tuodi.policy.document import PolicyDocument
from tuodi.policy.library import NotFound, find
from tuodi.policy.loader import load_document

MADE_UP = Path(__file__).parents[1] / "policies"


@cache
def made_up(name: str) -> PolicyDocument:
    """Return the made-up document ``shili-<name>``."""
    document, findings = load_document(MADE_UP / f"shili-{name}.yaml")
    assert document is not None, [finding.sentence() for finding in findings]
    return document


@cache
def built_in(policy_id: str) -> PolicyDocument:
    """Return a built-in policy."""
    found = find(policy_id)
    assert not isinstance(found, NotFound)
    document, findings = found
    assert document is not None, [finding.sentence() for finding in findings]
    return document
