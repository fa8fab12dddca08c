"""What the checks work on: the paper and everything understood of it, gathered once."""

from dataclasses import dataclass
from functools import cached_property

from tuodi.audit.paper.model import Paper
from tuodi.audit.statements.grids import Grid, grids_of
from tuodi.audit.statements.indicators import Telling, tellings
from tuodi.audit.statements.stretches import Stretch, stretches


@dataclass(frozen=True)
class Material:
    """A paper with its tables understood; each part is worked out when a check first asks for it."""

    paper: Paper

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The tables understood, in order."""
        return tuple(grid for table in self.paper.tables for grid in grids_of(table))

    @cached_property
    def tellings(self) -> tuple[Telling, ...]:
        """What the paper says of its indicators, place by place."""
        return tellings(self.paper)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The running text, lists and wrapped lines joined, in order."""
        return tuple(stretches(self.paper))
