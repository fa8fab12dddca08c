"""What the demo shows of the office, as its process tells it; no database is needed to know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TownShown:
    """What came of one town brought in (``office.demo_town``).

    ``assessed`` and ``differences`` are the batch's, the others the installation's. ``agreeing`` settlements have the
    batch's lines, every cell of them; ``faults`` is what verification found.
    """

    town: str
    persons: int
    settlements: int
    assessed: int
    agreeing: int
    differences: int
    cases: int
    entries: int
    anchors: int
    faults: int
