"""A world of the oracle put to an engine: where the two differ, said in one line each."""

from __future__ import annotations

from pathlib import Path

from tests.assessment.runs import Answer, book_from, read_document, run
from tests.oracle.benefit import NO_IDENTITY, NOT_COVERED, REVERSED, Line, assess, moment
from tests.oracle.files import write_world
from tests.oracle.worlds import World
from tuodi.assessment.rulebook import Rulebook

REASONS = {REVERSED: "已冲正", NOT_COVERED: "本政策没有为"}
NOBODY = ("人员名册中没有该人员", "没有本政策列出的救助身份")


def written(world: World, folder: Path) -> tuple[Rulebook, Path, Path]:
    """Write a world as files; return the rules and the two files of facts."""
    policy, persons, settlements = write_world(world, folder)
    return book_from([read_document(policy)]), persons, settlements


def differences(world: World, answer: Answer) -> list[str]:
    """Return what an engine's full output says differently from the oracle."""
    expected = assess(world.policy, world.persons, world.settlements)
    found: dict[str, list[dict[str, object]]] = {}
    for row in answer.rows:
        found.setdefault(row["setl_id"], []).append(row)
    told = [] if list(found) == sorted(expected) else ["the ids, or their order, differ"]
    for setl_id, lines in expected.items():
        rows = found.get(setl_id, [])
        if isinstance(lines, str):
            note = str(rows[0]["note"]) if rows else ""
            right = any(text in note for text in NOBODY) if lines == NO_IDENTITY else REASONS[lines] in note
            if len(rows) != 1 or rows[0]["benefit"] != "none" or rows[0]["paid_amt"] != 0 or not right:
                told.append(f"{setl_id}: {lines}, but {rows}")
            continue
        told += [f"{setl_id}: {len(lines)} lines, but {rows}"] if len(lines) != len(rows) else []
        told += [
            f"{setl_id}: {line}, but {row}" for line, row in zip(lines, rows, strict=False) if not _same(line, row)
        ]
    return told


def _same(line: Line, row: dict[str, object]) -> bool:
    names = (
        "setl_id", "psn_no", "benefit", "identity", "base_amt", "deductible_used", "raw_amt", "cap_left_before",
        "paid_amt",
    )  # fmt: skip
    return all(getattr(line, name) == row[name] for name in names)


def disagreements(world: World, folder: Path, engine: str) -> list[str]:
    """Return the differences of one engine on one world; nothing may be refused or withheld in it."""
    book, persons, settlements = written(world, folder)
    answer = run(engine, book, persons, settlements)
    errors = [finding.sentence() for finding in answer.findings if finding.is_error]
    brief = run(engine, book, persons, settlements, brief=True)
    shortened = [
        {name: row[name] for name in ("setl_id", "benefit", "paid_amt")} for row in answer.rows if row["paid_amt"]
    ]
    told = errors + differences(world, answer)
    return told if brief.rows == shortened else [*told, "the brief output differs from the full one"]


def years_of(world: World) -> set[int]:
    """Return the benefit years that a world's settlements touch."""
    return {moment(settlement.setl_time).year for settlement in world.settlements}
