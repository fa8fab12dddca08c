"""What a kind of file is: how it is read, what it would change, and how that is written.

A kind has no state. ``read`` sees the file only; ``plan`` compares with the tables and writes nothing; ``apply`` writes
what the plan says, through the recorder, inside the one transaction of the import. The same file planned against the
same tables gives the same digest: what was shown in the preview is what is applied, or nothing is.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from tuodi.intake.totals import Totals
from tuodi.kernel.finding import Finding
from tuodi.office import trail
from tuodi.office.imports.recorder import Recorder
from tuodi.office.models import ImportBatch
from tuodi.office.progress import Tell, silent

NEW, CHANGED, ENDED, SAME, REFUSED = "new", "changed", "ended", "same", "refused"
COUNT_NAMES: Final[Mapping[str, str]] = {
    NEW: "新增",
    CHANGED: "变更",
    ENDED: "终止",
    SAME: "无变化",
    REFUSED: "拒绝",
}
"""What a row (or record) of a file comes to, in the order in which it is shown."""
SAMPLES_MAX: Final = 200


class Sample(NamedTuple):
    """One change as the preview shows it, never with a full number of a document, an account or a telephone.

    ``what`` is what happens to whom, ``who`` the ``psn_no`` (or ``setl_id``) and the name: who confirms must see whom.
    """

    what: str
    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says. ``rows`` are the kind's own; not ``usable``: the file is refused as a whole.

    ``amount_fen`` is the one sum a clerk compares with the list's own total (the kind's ``amount_title``), None where
    the kind has none.
    """

    rows: Any
    findings: tuple[Finding, ...]
    totals: Totals
    usable: bool = True
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class FullList:
    """What a full list ends, and what it does not, by not naming it.

    ``ended`` of the ``standing`` records its own sender sent before; ``others`` are records of its region that other
    senders sent, by sender, the most first: those stay.
    """

    ended: int
    standing: int
    others: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Plan:
    """What a file would change. ``counts`` by the five names above; ``samples`` likewise, at most SAMPLES_MAX in all.

    ``findings`` are what only the comparison shows (the file's own are in ``Read``). ``digest`` is the SHA-256 over the
    canonical changes. ``work`` is the kind's own: what ``apply`` needs. ``full`` is None for a list of changes.
    """

    counts: dict[str, int]
    samples: dict[str, list[Sample]]
    findings: list[Finding]
    digest: str
    work: Any
    full: FullList | None = None


@dataclass(slots=True)
class PlanWriter:
    """Gathers a plan change by change, so that nobody counts, samples and hashes for themselves.

    ``add`` every change in an order that depends on the file and the tables only (by key, not by row). ``in_full``
    keeps every sample.
    """

    in_full: bool = False

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNT_NAMES, 0))
    samples: dict[str, list[Sample]] = field(default_factory=lambda: {name: [] for name in COUNT_NAMES})
    findings: list[Finding] = field(default_factory=list)
    full: FullList | None = None
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, kind: str, change: object, sample: Sample | None = None) -> None:
        """Count one change; ``change`` is anything JSON can hold that tells it from every other."""
        self.counts[kind] += 1
        self.agree([kind, change])
        if sample is not None and self.wants_sample(kind):
            self.samples[kind].append(sample)

    def agree(self, change: object) -> None:
        """Make a change part of the digest that is none of the five: it goes along with others."""
        self._hash.update(trail.canonical(change).encode() + b"\n")

    def note(self, finding: Finding) -> None:
        """Keep what only the comparison shows; an error refuses its row. The rows the reader refused are not added."""
        self.findings.append(finding)
        if finding.is_error:
            self.add(REFUSED, [finding.rule, finding.row])

    def wants_sample(self, kind: str) -> bool:
        """Tell whether another sample of this kind would be shown, where making one costs something."""
        return self.in_full or len(self.samples[kind]) < SAMPLES_MAX // len(COUNT_NAMES)

    def finish(self, work: Any) -> Plan:
        """Return the plan."""
        return Plan(self.counts, self.samples, self.findings, self._hash.hexdigest(), work, self.full)


class Kind(Protocol):
    """One kind of file.

    ``id`` stands in ImportBatch.kind and Sender.kind (at most 20 characters), ``title`` is what users read, ``layout``
    the id of the file's layout (``layouts/<id>.yaml``), ``amount_title`` what the control sum is called (empty: none),
    ``can_be_full`` whether a list of this kind may name everybody, so that who is missing in it has ended,
    ``refused_hold_back`` whether a refused row holds back the results of whom it is about.
    """

    id: str
    title: str
    layout: str
    amount_title: str
    can_be_full: bool
    refused_hold_back: bool

    def read(self, path: Path, batch: ImportBatch) -> Read:
        """Read the file as the batch's sender writes it. Bad files and rows are findings; nothing raises."""
        ...

    def plan(self, read: Read, batch: ImportBatch, *, lock: bool, tell: Tell = silent, in_full: bool = False) -> Plan:
        """Compare with the tables. With ``lock`` the records compared are locked, in order of their keys.

        ``in_full``: the plan's samples are all changes, not only some.
        """
        ...

    def apply(self, plan: Plan, batch: ImportBatch, recorder: Recorder, tell: Tell = silent) -> Iterable[str]:
        """Write the plan's changes through the recorder; return the ``psn_no`` whose results must be computed again.

        The frame computes them again and writes the trail entry; a kind does neither.
        """
        ...

    def set_right_by_undo(self, batch: ImportBatch) -> Iterable[str]:
        """Return the ``psn_no`` whose records ``after_undo`` may change besides the batch's own; they are locked."""
        ...

    def after_undo(self, batch: ImportBatch, psn_nos: Collection[str], tell: Tell = silent) -> Iterable[str]:
        """Set right what follows from the set of applied lists, once the batch's records are as before.

        ``psn_nos`` are whom the records were about, and those of ``set_right_by_undo``. Returns whom it concerns.
        """
        ...
