"""Reading a small invented paper and asking one check about it."""

from collections.abc import Callable, Iterator

from tuodi.audit.material import Material
from tuodi.audit.paper.text_file import read_text
from tuodi.audit.remark import Remark

Check = Callable[[Material], Iterator[Remark]]


def remarks(check: Check, *paragraphs: str) -> list[Remark]:
    """Return what a check says of a paper of these paragraphs."""
    return list(check(Material(read_text("x.txt", "\n\n".join(paragraphs)))))


def told(check: Check, *paragraphs: str) -> list[tuple[str, str, str]]:
    """Return rule, stated and expected of each remark."""
    return [(each.rule, each.stated, each.expected) for each in remarks(check, *paragraphs)]
