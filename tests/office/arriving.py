"""The facts of a made-up world arriving in pieces, in any order, some of them again."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.office.settling import arrive, enter, reassess, records_of
from tests.oracle.benefit import Held
from tests.oracle.files import policy_yaml, write_settlements
from tests.oracle.worlds import World
from tuodi.office import assessing
from tuodi.office.models import (
    Accumulator,
    BenefitLine,
    County,
    Holding,
    Household,
    OwnerYear,
    Person,
    Settlement,
    Withheld,
)


def empty(folder: Path, world: World) -> None:
    """Take all facts away and let the county assess by the world's policy."""
    for table in (BenefitLine, Accumulator, OwnerYear, Withheld, Settlement, Holding, Person, Household):
        table.objects.all().delete()
    path = folder / f"{world.policy.id}.yaml"
    path.write_text(policy_yaml(world.policy), encoding="utf-8")
    County.objects.update(policies=[str(path)])
    assessing.rulebook_of.cache_clear()


def arrive_in_pieces(world: World, folder: Path, rng: random.Random) -> None:
    """Let roster and settlements come in pieces in any order, some of them again."""
    events: list[tuple[str, Any]] = [("roster", held) for held in _by_person(world.persons)]
    rows = list(world.settlements)
    rng.shuffle(rows)
    while rows:
        size = rng.randint(1, 4)
        events.append(("settlements", rows[:size]))
        rows = rows[size:]
    events += rng.sample(events, min(3, len(events)))
    rng.shuffle(events)
    for kind, what in events:
        if kind == "roster":
            reassess(enter(what))
        else:
            write_settlements(folder / "piece.csv", what)
            records, refusals = records_of(folder / "piece.csv")
            assert not refusals
            arrive(records)


def _by_person(held: list[Held]) -> list[list[Held]]:
    found: dict[str, list[Held]] = {}
    for each in held:
        # The roster's first family number counts; the registry has one household for each person.
        family_no = next((h.family_no for h in held if h.psn_no == each.psn_no and h.family_no), "")
        found.setdefault(each.psn_no, []).append(replace(each, family_no=family_no))
    return list(found.values())
