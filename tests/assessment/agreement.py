"""A world of the oracle put to the product: as files for an engine, or as facts in memory, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.assessment.runs import Answer, Row, book_from, read_document, run
from tests.oracle.benefit import NO_IDENTITY, NOT_COVERED, REVERSED, Line, Policy, assess, moment
from tests.oracle.files import write_persons, write_settlements, write_world
from tests.oracle.worlds import World, world_of
from tuodi.assessment.rulebook import Rulebook
from tuodi.intake.facts import Holding, Settlement

Expected = dict[str, list[Line] | str]

REASONS = {REVERSED: "已冲正", NOT_COVERED: "本政策没有为"}
NOBODY = ("人员名册中没有该人员", "没有本政策列出的救助身份")
COMPARED = (
    "setl_id", "psn_no", "benefit", "identity", "base_amt", "deductible_used", "raw_amt", "cap_left_before", "paid_amt",
)  # fmt: skip


def written(world: World, folder: Path) -> tuple[Rulebook, Path, Path]:
    """Write a world as files; return the rules and the two files of facts."""
    policy, persons, settlements = write_world(world, folder)
    return book_from([read_document(policy)]), persons, settlements


def expected_of(*worlds: World) -> Expected:
    """Return what the oracle says of worlds that have nobody in common."""
    return {key: value for w in worlds for key, value in assess(w.policy, w.persons, w.settlements).items()}


def differences(expected: Expected, answer: Answer) -> list[str]:
    """Return what an engine's full output says differently from the oracle; nothing may be refused or withheld."""
    told = [finding.sentence() for finding in answer.findings if finding.is_error]
    found: dict[str, list[Row]] = {}
    for row in answer.rows:
        found.setdefault(row["setl_id"], []).append(row)
    if list(found) != sorted(expected):
        told.append("the ids, or their order, differ")
    for setl_id, lines in expected.items():
        rows = found.get(setl_id, [])
        if isinstance(lines, str):
            told += [] if _says(rows, lines) else [f"{setl_id}: {lines}, but {rows}"]
            continue
        if len(lines) != len(rows) or any(
            getattr(line, name) != row[name] for line, row in zip(lines, rows, strict=True) for name in COMPARED
        ):
            told.append(f"{setl_id}: {lines}, but {rows}")
    return told


def _says(rows: list[Row], reason: str) -> bool:
    if len(rows) != 1 or (rows[0]["benefit"], rows[0]["paid_amt"]) != ("none", 0):
        return False
    return any(text in rows[0]["note"] for text in (NOBODY if reason == NO_IDENTITY else [REASONS[reason]]))


def shortened(rows: list[Row]) -> list[Row]:
    """Return what ``--brief`` must give for full rows."""
    return [{name: row[name] for name in ("setl_id", "benefit", "paid_amt")} for row in rows if row["paid_amt"]]


def disagreements(world: World, folder: Path, engine: str) -> list[str]:
    """Return the differences of one engine on one world, its brief output included."""
    book, persons, settlements = written(world, folder)
    answer = run(engine, book, persons, settlements)
    told = differences(expected_of(world), answer)
    brief = run(engine, book, persons, settlements, brief=True)
    return told if brief.rows == shortened(answer.rows) else [*told, "the brief output differs from the full one"]


def many_of(policy: Policy, seeds: Sequence[int], max_persons: int = 8, max_settlements: int = 60) -> list[World]:
    """Return worlds of one policy that have no person, family and settlement in common, to be merged into one file."""
    worlds = []
    for seed in seeds:
        world = world_of(policy, seed, max_persons, max_settlements)
        worlds.append(
            World(
                policy,
                [
                    replace(h, psn_no=f"{h.psn_no}-{seed}", family_no=h.family_no and f"{h.family_no}-{seed}")
                    for h in world.persons
                ],
                [replace(s, setl_id=f"{s.setl_id}-{seed}", psn_no=f"{s.psn_no}-{seed}") for s in world.settlements],
            )
        )
    return worlds


def merged(worlds: Sequence[World], folder: Path, in_time_order: bool = False) -> tuple[Rulebook, Path, Path]:
    """Write worlds of one policy as one policy file and two files of facts."""
    book, persons, settlements = written(worlds[0], folder)
    rows = [s for world in worlds for s in world.settlements]
    if in_time_order:
        rows.sort(key=lambda s: (moment(s.setl_time), s.setl_id.encode()))
    write_persons(persons, [h for world in worlds for h in world.persons])
    write_settlements(settlements, rows)
    return book, persons, settlements


def holdings_of(world: World) -> list[Holding]:
    """Return a world's roster as ``intake`` would hand it over."""
    return [
        Holding(
            psn_no=h.psn_no,
            identity=h.identity,
            begin=moment(h.begntime).date(),
            end=moment(h.endtime).date() if h.endtime else None,
            family_no=h.family_no,
        )
        for h in world.persons
    ]


def settlements_of(world: World) -> list[Settlement]:
    """Return a world's settlements as ``intake`` would hand them over."""
    names = Settlement._fields[:-2]
    return [
        Settlement._make(
            [
                *(moment(s.setl_time) if name == "setl_time" else getattr(s, name) for name in names),
                s.refd_setl_flag == "1",
                row,
            ]
        )
        for row, s in enumerate(world.settlements, start=2)
    ]
