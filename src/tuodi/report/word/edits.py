"""Reading back a report that an evaluator edited: nothing written by hand is lost, every changed figure is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from tuodi.intake.word_guard import opened
from tuodi.kernel.finding import Finding
from tuodi.report.blocks import Block, Gap, Report
from tuodi.report.word.controls import passages
from tuodi.report.word.record import Bound, bound, digest_of, parsed_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier document of the same report, as it stands on disk now.

    ``passages`` has every named control that is still there, by name: its paragraphs, none while it is open.
    ``figures`` are those printed when it was written. ``touched``: words were changed since; ``edited``: also
    outside the passages, which no new report takes over.
    ``holding_more`` names passages with tables, pictures or footnotes, of which only the text can be taken over.
    """

    id: str
    passages: Mapping[str, tuple[str, ...]]
    figures: tuple[Bound, ...]
    touched: bool
    edited: bool
    holding_more: tuple[str, ...] = ()


class Change(NamedTuple):
    """A figure or quote that is printed differently now; None where it was not, or is no longer, printed."""

    key: str
    before: str | None
    after: str | None


class Filled(NamedTuple):
    """A report with the passages taken over, and by name those for which it has no place any more."""

    report: Report
    left_over: Mapping[str, tuple[str, ...]]


def read_back(path: Path) -> Earlier | Finding:
    """Read a document written by ``write_report`` and edited since, in Word or LibreOffice."""
    document = opened(path)
    if isinstance(document, Finding):
        return document
    record = next(filter(None, map(parsed_record, document.custom)), None)
    if record is None:
        return Finding(
            rule="report-not-ours",
            message="文档中没有本程序的数据，不是本程序写出的报告，或已被其他软件去掉",
            advice="请换一个文件名写出新报告，再把手写的段落拷贝过去",
            file=path.name,
        )
    found = passages(document.body, record.gaps)
    return Earlier(
        id=record.id,
        passages={name: passage.text for name, passage in found.items()},
        figures=record.figures,
        touched=digest_of(document.body) != record.whole,
        edited=digest_of(document.body, record.gaps) != record.digest,
        holding_more=tuple(name for name, passage in found.items() if passage.holds_more),
    )


def changes(figures: Sequence[Bound], report: Report) -> list[Change]:
    """Return every figure and quote that changed, was added or is gone, in the order of the new report.

    One key may be printed in several forms; each form counts.
    """
    before, after = _by_key(figures), _by_key(bound(report))
    found = []
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key, {}), after.get(key, {})
        gone, added = [text for text in old if text not in new], [text for text in new if text not in old]
        found += [Change(key, *pair) for pair in zip_longest(gone, added)]
    return found


def _by_key(figures: Sequence[Bound]) -> dict[str, dict[str, None]]:
    texts: dict[str, dict[str, None]] = {}
    for key, text in figures:
        texts.setdefault(key, {})[text] = None
    return texts


def fill(report: Report, earlier: Earlier) -> Filled:
    """Return the report with the hand-written passages of the earlier document in its gaps, by name."""
    names = {gap.name for gap in report.gaps}
    left_over = {name: text for name, text in earlier.passages.items() if text and name not in names}
    return Filled(
        replace(report, blocks=_filled(report.blocks, earlier), annexes=_filled(report.annexes, earlier)), left_over
    )


def _filled(blocks: Sequence[Block], earlier: Earlier) -> tuple[Block, ...]:
    return tuple(
        replace(block, text=earlier.passages.get(block.name) or block.text) if isinstance(block, Gap) else block
        for block in blocks
    )
