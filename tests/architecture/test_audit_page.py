"""docs/algorithms/audit.md: every rule of the audit once, each with an example that the program judges as the page."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.source import ROOT
from tuodi.audit import audited
from tuodi.audit.rules import TITLES
from tuodi.kernel.opinion import Opinion
from tuodi.report.opinion_table import DEGREES

PAGE = ROOT / "docs" / "algorithms" / "audit.md"
_SECTION = re.compile(
    r"^### (?P<title>\S+) `(?P<rule>[a-z-]+)`\n\n(?P<degrees>[^。]+)。.*?"
    r"^```text\n(?P<paper>.*?)^```\n\n写的“(?P<stated>[^”]+)”，应为(?:“(?P<expected>[^”]+)”|空着)：",
    re.MULTILINE | re.DOTALL,
)


class Example(NamedTuple):
    title: str
    rule: str
    degrees: str
    paper: str
    stated: str
    expected: str | None

    def found(self, folder: Path) -> Opinion | None:
        """Return the opinion on the example that the page promises."""
        path = folder / "paper.txt"
        path.write_text(self.paper, encoding="utf-8")
        wanted = (self.rule, self.stated, self.expected or "")
        opinions = audited(path).opinions
        return next((each for each in opinions if (each.rule, each.stated, each.expected) == wanted), None)


EXAMPLES = [Example(*match.groups()) for match in _SECTION.finditer(PAGE.read_text(encoding="utf-8"))]


def test_每条规则列出一次_没有别的() -> None:
    assert [(each.rule, each.title) for each in EXAMPLES] == list(TITLES.items())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_短例与程序一致(example: Example, tmp_path: Path) -> None:
    opinion = example.found(tmp_path)
    assert opinion is not None
    assert DEGREES[opinion.severity] in example.degrees.split("、")


MENDED = [each for each in EXAMPLES if each.expected and each.stated in each.paper]


@pytest.mark.parametrize("example", MENDED, ids=lambda example: example.rule)
def test_改成应为的就不再指出(example: Example, tmp_path: Path) -> None:
    mended = example._replace(paper=example.paper.replace(example.stated, example.expected or ""))
    assert mended.found(tmp_path) is None
