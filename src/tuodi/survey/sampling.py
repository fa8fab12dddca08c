"""A stratified draw from a list of people: proportional, decided by a seed alone, the same on every machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: how many people are in it and how many of them are drawn."""

    name: str
    people: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Draw:
    """The strata in the order of the list, and the places (from 0) of those drawn, stratum by stratum."""

    strata: tuple[Stratum, ...]
    chosen: tuple[int, ...]


def allocate(people: Mapping[str, int], size: int) -> dict[str, int]:
    """Share ``size`` out in proportion by the largest remainder; equal remainders go to the stratum named first.

    Every stratum gets its exact proportion rounded down or up. ``size`` is at most the number of all people.
    """
    total = sum(people.values())
    if not 0 <= size <= total:
        raise ValueError("more to be drawn than there are people")
    if total == 0:
        return dict.fromkeys(people, 0)
    given = {name: size * count // total for name, count in people.items()}
    order = sorted(people, key=lambda name: -(size * people[name] % total))
    for name in order[: size - sum(given.values())]:
        given[name] += 1
    return given


def draw(keys: Sequence[str], strata: Sequence[str], size: int, seed: str) -> Draw:
    """Draw ``size`` people; ``keys`` tell them apart, ``strata`` gives each one's stratum.

    In each stratum people stand in the order of the SHA-256 of seed and key, and the first are taken: the draw depends
    on the seed and on who is in the list, not on the list's order. Equal keys stand in the order of the list.
    """
    members: dict[str, list[int]] = {}
    for place, name in enumerate(strata):
        members.setdefault(name, []).append(place)
    people = {name: len(places) for name, places in members.items()}
    given = allocate(people, size)
    chosen: list[int] = []
    for name, places in members.items():
        ordered = sorted(places, key=lambda place: rank(seed, keys[place]))
        chosen += ordered[: given[name]]
    return Draw(tuple(Stratum(name, people[name], given[name]) for name in members), tuple(chosen))


def rank(seed: str, key: str) -> str:
    """Return what people are ordered by."""
    return sha256(f"{seed}{BETWEEN}{key}".encode("utf-8", "surrogatepass")).hexdigest()
