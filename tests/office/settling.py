"""Settlements that arrive, in few words, and what is stored of them beside the reference engine's answer.

The reference reads the facts the office writes out (``queries.export_facts``) as any other pair of files.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.assessment.runs import run
from tests.office import made_up
from tests.oracle.benefit import Held
from tests.policy.places import MADE_UP
from tuodi.assessment.rulebook import Rulebook
from tuodi.assessment.words import NO_BENEFIT
from tuodi.intake.facts import Refusal
from tuodi.intake.facts import Settlement as Facts
from tuodi.intake.rows import open_file
from tuodi.intake.settlements import Record, settlement_rows
from tuodi.office import assessing
from tuodi.office.access import Actor, actor_of
from tuodi.office.models import (
    Accumulator,
    BenefitLine,
    Contradiction,
    County,
    Holding,
    Household,
    OwnerYear,
    Person,
    Region,
    Settlement,
    User,
)
from tuodi.office.operations import contradictions
from tuodi.office.operations.settlements import Recorded, receive, record_settlements
from tuodi.office.operations.writing import writing
from tuodi.office.queries.contradictions import Dispute, disputes
from tuodi.office.queries.export_facts import write_facts
from tuodi.office.roles import Action, Role

AT = made_up.NOW
FAMILY = str(MADE_UP / "shili-family.yaml")


def clerk() -> Actor:
    """Return the county's clerk, made when first asked for."""
    found = User.objects.filter(username="clerk").first()
    top = Region.objects.get(code="990001")
    return actor_of(found or made_up.user(Role.COUNTY_CLERK, top), AT.date())


def allow_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``County.policies`` name files: made-up policies are not among the built-in ones."""
    monkeypatch.setattr(assessing, "built_in_ids", lambda: list(_ids()))


def _ids() -> Iterator[str]:
    yield from County.objects.values_list("policies", flat=True).get()


def record(
    setl_id: str, psn_no: str = "P1", scope: int = 900000, *, code: str = "", own: str = "", **fields: Any
) -> Record:
    """Make a good row: an inpatient settlement of 2024 with ``scope`` fen within the policy, nothing insured."""
    usual: dict[str, Any] = dict.fromkeys(Facts._fields, 0)
    usual |= dict.fromkeys(Facts._fields[: Facts._fields.index("medfee_sumamt")], "")
    usual |= {"setl_time": datetime(2024, 5, 20, 10), "med_type": "21", "insutype": "390", "reversed": False}
    usual |= {"setl_id": setl_id, "psn_no": psn_no, "inscp_scp_amt": scope, "medfee_sumamt": scope}
    return Record(Facts(**usual | fields), (0, 0, 0, 0, 0, 0), code, own)


def refusal(setl_id: str, psn_no: str = "P1", year: int | None = 2024, rule: str = "amount-bad") -> Refusal:
    return Refusal(psn_no, year, setl_id, rule, f"{setl_id} 有误", 3)


def arrive(records: Iterable[Record], refusals: Iterable[Refusal] = ()) -> Recorded:
    """Import rows as a file does: stored, then everybody concerned computed anew."""
    with writing(clerk(), Action.CONFIRM_IMPORT, AT) as write:
        found = record_settlements(records, refusals, batch=None, received_at=AT)
        assessing.reassess(psn_nos=found.psn_nos, at=AT)
        write.log("test.arrived", "test 1")
    return found


def settle(actor: Actor, records: Iterable[Record], at: datetime = AT) -> Recorded:
    """Take rows one by one as the settlement interface will."""
    with writing(actor, Action.CONFIRM_IMPORT, at) as write:
        found = receive(records, write=write)
        write.log("test.settled", "test 1")
    return found


def reviewer() -> Actor:
    """Return whoever confirms what the clerk proposes, made when first asked for."""
    found = User.objects.filter(username="reviewer").first()
    return actor_of(found or made_up.user(Role.REVIEWER, Region.objects.get(code="990001")), AT.date())


def disputed(setl_id: str = "S1", at: int = 0) -> Dispute:
    """Return an open contradiction about a settlement, as the page shows it."""
    rows = Contradiction.objects.filter(setl_id=setl_id, state="open").order_by("pk")
    return disputes([list(rows)[at]])[0]


def keep_recorded(dispute: Dispute, at: datetime = AT) -> None:
    pk = dispute.contradiction.pk
    contradictions.keep_recorded(actor=clerk(), contradiction_id=pk, seen=dispute.seen, reason="已与医院核对", at=at)


def use_other(dispute: Dispute, at: datetime = AT) -> None:
    """Propose and confirm, by two people."""
    pk, seen = dispute.contradiction.pk, dispute.seen
    asked = contradictions.propose_other(actor=clerk(), contradiction_id=pk, seen=seen, reason="医院更正", at=at)
    contradictions.confirm_other(actor=reviewer(), proposal_id=asked.pk, seen=seen, at=at)


def records_of(path: Path) -> tuple[list[Record], list[Refusal]]:
    """Read a file of settlements as an import does."""
    rows = settlement_rows(open_file(path, "settlements", frozenset()))
    assert not isinstance(rows, list)
    rows.result()
    return list(rows.records), rows.refusals


def enter(roster: Iterable[Held]) -> set[str]:
    """Enter persons, families and identities; return whom it is about. Nothing is computed."""
    touched = set()
    for held in roster:
        family = Household.objects.get_or_create(family_no=held.family_no)[0] if held.family_no else None
        person, _ = Person.objects.get_or_create(psn_no=held.psn_no, defaults={"psn_name": f"测试{held.psn_no}"})
        if family is not None and person.household is None:
            Person.objects.filter(pk=person.pk).update(household=family)
        begin, end = (date.fromisoformat(t[:10]) if t else None for t in (held.begntime, held.endtime))
        Holding.objects.get_or_create(
            person=person, identity=held.identity, begin=begin, defaults={"end": end, "source": "测试"}
        )
        touched.add(held.psn_no)
    return touched


def reassess(psn_nos: Collection[str]) -> assessing.Reassessed:
    with writing(clerk(), Action.CHANGE_PEOPLE, AT) as write:
        done = assessing.reassess(psn_nos=psn_nos, at=AT)
        write.log("test.reassessed", "test 1")
    return done


def stored() -> dict[str, list[dict[str, Any]]]:
    """Return what is stored of every settlement that is not withheld, as rows of ``assess --out``."""
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    names = ("benefit", "identity", "base_amt", "deductible_used", "ratio", "raw_amt", "cap_left_before", "paid_amt")
    for row in BenefitLine.objects.order_by("settlement_id", "order").values("settlement_id", *names, "clause", "note"):
        lines[row.pop("settlement_id")].append(row)
    found = {}
    for each in Settlement.objects.all():
        if each.outcome is None:
            assert not lines[each.pk]
            assert (each.due_fen, each.note, each.identity) == (0, "", "")
            continue
        reason = dict.fromkeys(names) | {"benefit": NO_BENEFIT, "ratio": "", "paid_amt": 0, "clause": ""}
        rows = lines[each.pk] or [reason | {"identity": each.identity, "note": each.note}]
        assert each.due_fen == sum(row["paid_amt"] for row in rows)
        found[each.setl_id] = rows
    return found


def batch(book: Rulebook, persons: Path, settlements: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the reference engine's rows by settlement."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    answer = run("python", book, persons, settlements)
    assert not answer.refused
    for row in answer.rows:
        found[row.pop("setl_id")].append({name: value for name, value in row.items() if name != "psn_no"})
    return dict(found)


def assert_equals_batch() -> None:
    """Hold everything stored against ``assess`` of the facts written out, and the sums against their parts."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_facts(Path(folder))
        expected = batch(assessing.county_book(), files.persons, files.settlements)
    rows = stored()
    held_back = {each.setl_id for each in Settlement.objects.filter(outcome__isnull=True)}
    assert rows == {setl_id: found for setl_id, found in expected.items() if setl_id not in held_back}
    assert expected.keys() == rows.keys() | held_back
    years = {(row.owner, row.year): row for row in OwnerYear.objects.all()}
    sums: dict[tuple[str, int], int] = dict.fromkeys(years, 0)
    for each in Settlement.objects.all():
        sums[each.owner, each.year] += each.due_fen
        assert years[each.owner, each.year].is_withheld == (each.outcome is None)
    assert sums == {key: row.paid_fen for key, row in years.items()}
    kept = {(row.owner, row.year) for row in years.values()}
    assert kept == {(each.owner, each.year) for each in Settlement.objects.all()}


def accumulators() -> dict[tuple[str, int, str, str, str], tuple[int, int | None]]:
    """Return the stored accumulators by owner, year, kind, name and member."""
    return {
        (row.owner_year.owner, row.owner_year.year, row.kind, row.name, row.member): (row.used_fen, row.limit_fen)
        for row in Accumulator.objects.select_related("owner_year")
    }


def snapshot() -> tuple[Sequence[Any], ...]:
    """Return every result and every open withheld row, for comparing two ways to the same end."""
    settlements = Settlement.objects.order_by("setl_id").values_list(
        "setl_id", "psn_no", "refd_setl_flag", "owner", "outcome", "identity", "due_fen", "note"
    )
    return list(settlements), sorted(stored().items()), sorted(accumulators().items(), key=str)
