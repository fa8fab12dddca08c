"""The sample county's people: households, identities, enrolments. Nobody here exists."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tuodi.intake.facts import Enrolment, Holding
from tuodi.kernel.idnumber import check_character
from tuodi.kernel.money import parse_yuan

LARGEST_TOWN_HOUSEHOLD_NUMBER = 9999


@dataclass(slots=True)
class Person:
    """One made-up person; ``stays`` are the identities with begin and end, in the order they are written."""

    psn_no: str
    certno: str
    name: str
    birth: date
    family_no: str
    group: str
    enrolled: bool
    stays: list[tuple[str, date, date | None]] = field(default_factory=list)


def make_people(plan: dict[str, Any], rng: Random) -> list[Person]:
    """Return the roster's persons in the order of towns and households, identities included."""
    households = _households(plan["groups"], rng)
    rng.shuffle(households)
    towns = _spread(households, len(plan["towns"]))
    people: list[Person] = []
    used: dict[date, int] = {}
    for number, (letter, of_town) in enumerate(zip(plan["towns"], towns, strict=True), start=1):
        in_town = 0
        for family, (group, size) in enumerate(of_town, start=1):
            since = date(rng.randint(*group["since"]), rng.randint(1, 12), 1)
            for _ in range(size):
                in_town += 1
                birth = _birth(group["born"], used, rng)
                people.append(
                    Person(
                        psn_no=f"P{len(people) + 1:06d}",
                        certno=_certno(plan["region_code"], birth, used[birth]),
                        name=f"样例{letter}{in_town:04d}",
                        birth=birth,
                        family_no=f"T{number:02d}-{family:04d}",
                        group=group["identity"],
                        enrolled=False,
                        stays=[(group["identity"], max(since, birth), None)],
                    )
                )
    _enrol(people, plan["groups"], rng)
    _change_identities(people, plan, rng)
    return people


def holdings(people: list[Person], plan: dict[str, Any]) -> list[Holding]:
    """Return the roster's rows, one per identity held; some towns write an identity by its alias."""
    return [
        Holding(p.psn_no, _written(identity, p, plan), begin, end, p.family_no, p.certno, p.name, p.birth)
        for p in people
        for identity, begin, end in p.stays
    ]


def enrolments(people: list[Person], plan: dict[str, Any], rng: Random) -> list[Enrolment]:
    """Return the enrolment rows: every identity held on the enrolment day, one row each."""
    premium = parse_yuan(plan["premium"]["amount"])
    assert isinstance(premium, int)
    rows = []
    for person in people:
        if not person.enrolled:
            continue
        day: date = rng.choice(plan["premium"]["days"])
        rows += [
            Enrolment(person.psn_no, person.birth, _written(identity, person, plan), day, premium)
            for identity, begin, end in person.stays
            if begin <= day and (end is None or day <= end)
        ]
    return rows


def _households(groups: list[dict[str, Any]], rng: Random) -> list[tuple[dict[str, Any], int]]:
    """Cut each group into households of its usual sizes; the last one takes what is left."""
    households = []
    for group in groups:
        left = group["persons"]
        while left:
            size = min(left, rng.choice(group["household"]))
            households.append((group, size))
            left -= size
    return households


def _spread(households: list[Any], towns: int) -> list[list[Any]]:
    parts = [households[town::towns] for town in range(towns)]
    assert max(map(len, parts)) <= LARGEST_TOWN_HOUSEHOLD_NUMBER
    return parts


def _birth(years: list[int], used: dict[date, int], rng: Random) -> date:
    first = date(years[0], 1, 1)
    birth = first + timedelta(days=rng.randrange((date(years[1], 12, 31) - first).days + 1))
    used[birth] = used.get(birth, 0) + 1
    return birth


def _certno(region: str, birth: date, sequence: int) -> str:
    """Return a well-formed identity number of a region that does not exist: it cannot be anybody's."""
    seventeen = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return seventeen + check_character(seventeen)


def _enrol(people: list[Person], groups: list[dict[str, Any]], rng: Random) -> None:
    for group in groups:
        members = [person for person in people if person.group == group["identity"]]
        for person in rng.sample(members, group["enrolled"]):
            person.enrolled = True


def _change_identities(people: list[Person], plan: dict[str, Any], rng: Random) -> None:
    """Give second identities and changes inside the year, each to persons nothing else has happened to."""
    for second in plan["second_identities"]:
        for person in _untouched(people, second, rng):
            begin = person.stays[0][1]
            person.stays.append((second["also"], begin, None))
    for change in plan["changes"]:
        for person in _untouched(people, change, rng):
            identity, begin, _ = person.stays[0]
            person.stays[0] = (identity, begin, change["day"] - timedelta(days=1))
            if change["then"]:
                person.stays.append((change["then"], change["day"], None))


def _untouched(people: list[Person], wanted: dict[str, Any], rng: Random) -> list[Person]:
    free = [p for p in people if p.group == wanted["of"] and len(p.stays) == 1 and p.stays[0][2] is None]
    return rng.sample(free, wanted["persons"])


def _written(identity: str, person: Person, plan: dict[str, Any]) -> str:
    aliases = plan["aliases"].get(person.name[2], {})
    return str(aliases.get(identity, identity))
