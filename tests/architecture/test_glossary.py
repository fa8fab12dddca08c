"""GLOSSARY.md names each thing as the code does."""

import re

from tests.architecture.source import ROOT, modules

GLOSSARY = ROOT / "GLOSSARY.md"
DATA = ("policies", "terms", "layouts", "calendars", "examples")


def _identifiers() -> list[tuple[str, str]]:
    """Return (term, identifier) of each row; the second column holds the code's names in backticks."""
    found = []
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) > 1:
            found += [(cells[0], name) for name in re.findall(r"`([^`]+)`", cells[1])]
    return found


def test_every_identifier_exists_in_code_or_data() -> None:
    words = set()
    data = [path for folder in DATA for path in (ROOT / folder).rglob("*.yaml")]
    for text in [*(module.text for module in modules()), *(path.read_text(encoding="utf-8") for path in data)]:
        words |= set(re.findall(r"\w+", text))
    identifiers = _identifiers()
    unknown = [f"{term}: {name}" for term, name in identifiers if not set(re.findall(r"\w+", name)) <= words]
    assert len(identifiers) > 30
    assert unknown == []


def test_one_term_has_one_row() -> None:
    terms = [
        line.split("|")[1].strip()
        for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    headings = {"中文", "术语", "---"}
    assert {term for term in terms if terms.count(term) > 1} - headings == set()
