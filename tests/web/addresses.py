"""Every address of the application, read from the resolver, and a made-up record for each number in one.

A new address with a number needs its kind of record in ``RECORDS``; the permission matrix says so by failing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.office import made_up
from tests.web.canaries import ACCOUNT_NUMBER, CERTNO, PHONE_NUMBER
from tuodi.office import anchors, contents, trail
from tuodi.office.imports.files import keep
from tuodi.office.models import (
    Account,
    Case,
    Contradiction,
    Delegation,
    Household,
    ImportBatch,
    Job,
    OwnerYear,
    Person,
    Proposal,
    Region,
    Sender,
    Settlement,
    User,
    Withheld,
)
from tuodi.office.roles import Role
from tuodi.office.secrets import blind, seal


@dataclass(frozen=True, slots=True)
class Address:
    """One route: its name, how it is written, its view and the names of its numbers."""

    name: str
    route: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    @property
    def area(self) -> str:
        return self.route.split("/")[0]


def addresses() -> list[Address]:
    """Return every address below the root resolver, however deeply included."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or ''}"
            yield Address(name, route, pattern.callback, tuple(pattern.pattern.converters))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)


@dataclass(slots=True)
class Place:
    """A region and one record of each kind in it."""

    region: Region
    records: dict[str, int] = field(default_factory=dict)


def furnish(region: Region, mark: str) -> Place:
    """Make one record of each kind in a region; ``mark`` keeps the two regions' records apart."""
    enterer, confirmer = _staff(region, mark)
    household = Household.objects.create(family_no=f"F{mark}", region=region)
    who = made_up.person(f"P{mark}", f"赵{mark}", region, CERTNO, household=household, brdy=date(1960, 1, 1))
    who.phone_sealed = seal(PHONE_NUMBER, f"person.phone {who.token}")
    who.save()
    twin = made_up.person(f"Q{mark}", f"赵{mark}", region, brdy=date(1960, 1, 1))
    holding = made_up.holding(who, "低保对象", date(2024, 1, 1))
    account = _account(who, enterer)
    batch = _batch(region, enterer, mark)
    settlement = Settlement.objects.create(
        setl_id=f"S{mark}",
        psn_no=who.psn_no,
        person=who,
        setl_time=made_up.NOW,
        year=2025,
        med_type="21",
        inscp_scp_amt=1_000_00,
        hifp_pay=600_00,
        medfee_sumamt=1_200_00,
        outcome=0,
        received_at=made_up.NOW,
        batch=batch,
    )
    withheld = Withheld.objects.create(
        kind="settlement", psn_no=twin.psn_no, year=2025, rule="测试", message="测试", batch=batch, since=made_up.NOW
    )
    contradiction, proposal = _contradictions(settlement, twin, enterer)
    case = Case.objects.create(
        kind="missed",
        person=who,
        settlement=settlement,
        setl_id=f"S{mark}",
        due_fen=100_00,
        reason="测试",
        opened_at=made_up.NOW,
    )
    job = Job.objects.create(
        kind="preview_import", subject=batch.pk, asked_by=enterer, region=region, asked_at=made_up.NOW
    )
    owner = OwnerYear.objects.create(owner=f"person {who.psn_no}", year=2025)
    assignment = confirmer.assignments.get()
    delegation = Delegation.objects.create(
        assignment=assignment,
        delegate=enterer,
        begins=date(2025, 1, 1),
        ends=date(2099, 12, 31),
        reason="休假",
    )
    return Place(
        region,
        {
            "person": who.pk,
            "twin": twin.pk,
            "household": household.pk,
            "holding": holding.pk,
            "account": account.pk,
            "settlement": settlement.pk,
            "batch": batch.pk,
            "sender": batch.sender.pk,
            "withheld": withheld.pk,
            "contradiction": contradiction.pk,
            "proposal": proposal.pk,
            "case": case.pk,
            "job": job.pk,
            "owner": owner.pk,
            "user": enterer.pk,
            "assignment": enterer.assignments.get().pk,
            "delegation": delegation.pk,
            "year": 2025,
        },
    )


def _contradictions(settlement: Settlement, twin: Person, enterer: User) -> tuple[Contradiction, Proposal]:
    """Make a row that contradicts a settlement, and another one that somebody proposes to use."""
    said = contents.contents_of("settlement", settlement.__dict__)
    others = []
    for change in ({"psn_no": twin.psn_no}, {"hifp_pay": 500_00}):
        other = {**said, **change}
        others.append(
            Contradiction.objects.create(
                kind="settlement",
                setl_id=settlement.setl_id,
                contents=contents.written(other),
                digest=contents.digest_of(other),
                psn_no=other["psn_no"],
                year=2025,
                batch=settlement.batch,
                row=7,
                since=made_up.NOW,
            )
        )
    proposal = Proposal.objects.create(
        contradiction=others[1], reason="医院更正", seen_digest="0" * 64, proposed_by=enterer, proposed_at=made_up.NOW
    )
    return others[0], proposal


def _staff(region: Region, mark: str) -> tuple[User, User]:
    return (
        made_up.user(Role.COUNTY_CLERK, region, f"enterer{mark}"),
        made_up.user(Role.REVIEWER, region, f"confirmer{mark}"),
    )


def _account(who: Person, enterer: User) -> Account:
    account = Account(
        person=who,
        holder=who.psn_name,
        bank="示例银行",
        number_index=blind(ACCOUNT_NUMBER),
        evidence="存折复印件",
        entered_by=enterer,
        entered_at=made_up.NOW,
    )
    account.number_sealed = seal(ACCOUNT_NUMBER, f"account.number {account.token}")
    account.save()
    return account


def _batch(region: Region, uploader: User, mark: str) -> ImportBatch:
    sender = Sender.objects.create(kind="settlements", name=f"平台{mark}", region=region)
    kept = keep(f"{mark:0>32}", ["结算编号,人员编号\n".encode()])
    return ImportBatch.objects.create(
        token=f"{mark:0>32}",
        kind="settlements",
        sender=sender,
        region=region,
        as_of=made_up.TODAY - timedelta(days=1),
        file_name=f"结算{mark}.csv",
        file_bytes=kept.size,
        sha256=kept.sha256,
        state=ImportBatch.State.PREVIEWED,
        uploaded_by=uploader,
        uploaded_at=made_up.NOW,
    )


def furnish_trail(*places: Place) -> None:
    """Write an entry of the trail about each place, and an anchor, which belongs to the whole county."""
    for place in places:
        with transaction.atomic():
            entry = trail.append(
                at=made_up.NOW, actor="enterer1", action="person.noted", subject="person 1", region=place.region.code
            )
        place.records["number"] = entry.number
    anchor = anchors.anchor(made_up.NOW)
    for place in places:
        place.records["anchor"] = anchor.number


RECORDS: dict[tuple[str, str], str] = {
    ("trail-anchor-sheet", "number"): "anchor",
    ("settlements", "pk"): "settlement",
    ("imports", "pk"): "batch",
    ("cases", "pk"): "case",
    ("users", "pk"): "user",
    ("delegations", "pk"): "delegation",
}
"""Area and parameter -> kind of record; names of parameters that are kinds of records need no entry."""


GIVEN: dict[str, dict[str, str]] = {
    "comparison-list": {"list": "unmarked"},
    "comparison-list-export": {"list": "unmarked"},
}
"""What a page cannot do without: in the query where it is read, in the form where it is sent."""


def url_of(address: Address, place: Place) -> str:
    """Return the address with the numbers of that place's records."""
    return reverse(address.name, kwargs={name: _record(address, name, place) for name in address.parameters})


def _record(address: Address, name: str, place: Place) -> int:
    kind = RECORDS.get((address.name, name)) or RECORDS.get((address.area, name)) or name.removesuffix("_id")
    try:
        return place.records[kind]
    except KeyError:
        raise KeyError(f"{address.name}: which record is {name}? Add it to tests/web/addresses.py") from None
