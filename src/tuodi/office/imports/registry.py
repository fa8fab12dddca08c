"""The kinds of files that can come in, in the order of the month's work."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tuodi.office.imports.enrolments import EnrolmentStates, PremiumLists
from tuodi.office.imports.kinds import Kind
from tuodi.office.imports.marks import Marks
from tuodi.office.imports.payments_elsewhere import FormerPayments, PayerAnswers
from tuodi.office.imports.roster import Roster
from tuodi.office.imports.settlements import Settlements

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            Roster(),
            Settlements(),
            Marks(),
            EnrolmentStates(),
            PremiumLists(),
            PayerAnswers(),
            FormerPayments(),
        )
    }
)
