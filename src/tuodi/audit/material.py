"""What the checks work on: the paper and everything understood of it, gathered once."""

from dataclasses import dataclass
from functools import cached_property

from tuodi.audit.paper.model import Paper
from tuodi.audit.statements.account_tables import AccountTable, account_tables
from tuodi.audit.statements.grids import Grid, grids_of
from tuodi.audit.statements.indicators import Telling, tellings
from tuodi.audit.statements.misread import with_read_names
from tuodi.audit.statements.project_reports import ProjectReport, project_reports
from tuodi.audit.statements.questions import Question, questions
from tuodi.audit.statements.self_tables import SelfTable, self_tables
from tuodi.audit.statements.spoken_scores import spoken
from tuodi.audit.statements.stretches import Stretch, stretches
from tuodi.audit.statements.values import Value, values


def _in_order(telling: Telling) -> tuple[int, int]:
    return telling.place.block, telling.place.row or 0


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
        told = tellings(self.paper)
        scored = {each.place.block for each in told if each.in_table or each.score is not None}
        lines = tuple(spoken(self.paper.blocks, scored))
        read = {each.place.block for each in lines}
        kept = [each for each in told if each.in_table or each.place.block not in read]
        return with_read_names(tuple(sorted((*kept, *lines), key=_in_order)))

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The running text, lists and wrapped lines joined, in order."""
        return tuple(stretches(self.paper))

    @cached_property
    def account_tables(self) -> tuple[AccountTable, ...]:
        """The published final-accounts tables."""
        return account_tables(self.paper)

    @cached_property
    def self_tables(self) -> tuple[SelfTable, ...]:
        """The self-evaluation forms of the ministry, in order."""
        return self_tables(self.paper)

    @cached_property
    def project_reports(self) -> tuple[ProjectReport, ...]:
        """The reports on single projects attached to the paper, in order."""
        return project_reports(self.paper)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions of its surveys with the answers counted."""
        return questions(self.paper, self.stretches)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values told with a name, in sentences and tables."""
        return values(self.stretches, self.grids)
