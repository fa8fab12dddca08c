"""Numbers of a text with the words before them in their clause."""

from collections.abc import Iterator
from dataclasses import dataclass

from tuodi.audit.figures.amounts import Figure
from tuodi.audit.paper.model import Place
from tuodi.audit.statements.labels import clause_before
from tuodi.audit.statements.stretches import Stretch


@dataclass(frozen=True)
class Clause:
    """A number with the text before it in its clause."""

    stretch: Stretch
    figure: Figure
    before: str

    @property
    def place(self) -> Place:
        """Where the number stands."""
        return self.stretch.at(self.figure.start)


def clauses(stretch: Stretch) -> Iterator[Clause]:
    """Yield the numbers of a text with their clauses."""
    for at, figure in enumerate(stretch.figures):
        floor = stretch.figures[at - 1].end if at else 0
        yield Clause(stretch, figure, clause_before(stretch.text, figure.start, floor))
