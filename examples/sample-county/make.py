"""Make the sample county's files anew: ``python examples/sample-county/make.py [FOLDER]``.

The same plan (county.yaml) and the same rules give the same bytes. Everybody in the files is made up.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import yaml
from faults import spoiled_roster, spoiled_settlements
from people import enrolments, holdings, make_people
from visits import INPATIENT, PER_YUAN, Visit, make_visits

from tuodi.assessment.rulebook import Rulebook, rulebook
from tuodi.assessment.year import assess_years
from tuodi.assessment.year import people as by_person
from tuodi.intake.facts import Enrolment, Holding
from tuodi.kernel.money import yuan
from tuodi.kernel.shipped import shipped
from tuodi.kernel.terms import terms_from
from tuodi.policy.loader import load_document

HERE = Path(__file__).parent
LARGEST_FILE = 2_900_000
ROSTER = ("psn_no", "certno", "psn_name", "brdy", "identity", "begntime", "endtime", "family_no")
ENROLMENTS = ("psn_no", "brdy", "identity", "enrol_date", "premium")
SETTLEMENTS = (
    *("setl_id", "psn_no", "setl_time", "med_type", "insutype", "insuplc_admdvs", "mdtrtarea_admvs"),
    *("fixmedins_code", "hosp_lv", "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt"),
    *("inscp_scp_amt", "act_pay_dedc", "hifp_pay", "hifmi_pay", "hifob_pay", "maf_pay", "psn_cash_pay"),
    "refd_setl_flag",
)


def main(folder: Path) -> None:
    """Make every file of the county below ``folder``."""
    plan = yaml.safe_load((HERE / "county.yaml").read_text(encoding="utf-8"))
    rng = Random(plan["seed"])  # noqa: S311 - made-up people, no secret
    people = make_people(plan, rng)
    roster = holdings(people, plan)
    book = the_rules(plan)
    visits = cut_to_size(make_visits(people, plan, rng), roster, book, plan["counts"], rng)
    visits = numbered(with_reversals(visits, plan["other_rows"]["reversed"], rng))
    paid = paid_by_platform(visits, due_amounts(visits, roster, book), plan["paid_wrongly"], rng)
    rows = [settlement_row(visit, paid.get(visit.settlement.setl_id, 0)) for visit in visits]
    rows = repeated(rows, plan["other_rows"]["duplicated"], rng)
    holding_rows = [holding_row(h) for h in roster]

    write(folder / plan["files"]["roster"], ROSTER, holding_rows)
    write(folder / plan["files"]["settlements"], SETTLEMENTS, rows)
    write(folder / plan["files"]["enrolments"], ENROLMENTS, map(enrolment_row, enrolments(people, plan, rng)))
    few = few_families(holding_rows, rows)
    write(folder / plan["with_errors"]["roster"], ROSTER, spoiled_roster(few[0], ROSTER))
    write(folder / plan["with_errors"]["settlements"], SETTLEMENTS, spoiled_settlements(few[1], SETTLEMENTS))


def the_rules(plan: dict[str, Any]) -> Rulebook:
    """Return the rules of the policy the county's amounts follow."""
    document, findings = load_document(shipped("policies", f"{plan['policy']}.yaml"))
    if document is None:
        raise ValueError([finding.sentence() for finding in findings])
    names = yaml.safe_load(shipped("terms", "identities.yaml").read_text(encoding="utf-8"))
    return rulebook([document], terms_from(names["identities"]))


def due_amounts(visits: Sequence[Visit], roster: list[Holding], book: Rulebook) -> dict[str, int]:
    """Return what the policy pays for each settlement, in fen, by its number."""
    results = assess_years(book, by_person(roster), (visit.settlement for visit in visits))
    return {result.settlement.setl_id: result.paid_fen for result in results}


def cut_to_size(
    visits: list[Visit], roster: list[Holding], book: Rulebook, counts: dict[str, int], rng: Random
) -> list[Visit]:
    """Take away persons' last visits of the year until the assisted ones are exactly as many as planned.

    Nothing comes after a person's last visit, so taking it away changes no other amount.
    """
    visits = numbered(visits)
    due = due_amounts(visits, roster, book)
    surplus = {
        "inpatient": sum(1 for v in visits if due[v.settlement.setl_id] and is_inpatient(v)) - counts["inpatient"],
        "outpatient": sum(1 for v in visits if due[v.settlement.setl_id] and not is_inpatient(v))
        - counts["outpatient"],
    }
    last = sorted({v.settlement.psn_no: v for v in visits}.values(), key=lambda v: v.settlement.setl_id)
    rng.shuffle(last)
    gone = set()
    for visit in last:
        kind = "inpatient" if is_inpatient(visit) else "outpatient"
        if due[visit.settlement.setl_id] and surplus[kind] > 0:
            gone.add(visit.settlement.setl_id)
            surplus[kind] -= 1
    if any(surplus.values()):
        raise ValueError(f"county.yaml plans too few or far too many visits: {surplus}")
    return [visit for visit in visits if visit.settlement.setl_id not in gone]


def is_inpatient(visit: Visit) -> bool:
    """Whether a visit counts among the inpatient ones of the published figures."""
    return visit.settlement.med_type == INPATIENT


def with_reversals(visits: list[Visit], wanted: int, rng: Random) -> list[Visit]:
    """Put before some visits a first settlement and its reversal, as happens when a window corrects itself."""
    added = []
    for visit in rng.sample(visits, wanted):
        right = visit.settlement
        wrong = right._replace(setl_time=right.setl_time - timedelta(minutes=20), reversed=True)
        amounts = {name: -getattr(wrong, name) for name in wrong._fields if name.endswith(("amt", "_pay", "_dedc"))}
        mirror = wrong._replace(setl_time=right.setl_time - timedelta(minutes=10), **amounts)
        added.append(replace(visit, settlement=wrong))
        added.append(Visit(mirror, visit.hospital, -visit.ownpay, -visit.over_limit, -visit.first_self))
    return visits + added


def numbered(visits: list[Visit]) -> list[Visit]:
    """Return the visits in the order of time, numbered in it."""
    ordered = sorted(visits, key=lambda v: (v.settlement.setl_time, v.settlement.psn_no, v.settlement.med_type))
    return [
        replace(visit, settlement=visit.settlement._replace(setl_id=f"S{number:07d}"))
        for number, visit in enumerate(ordered, start=1)
    ]


def paid_by_platform(
    visits: Sequence[Visit], due: dict[str, int], wrongly: dict[str, int], rng: Random
) -> dict[str, int]:
    """Return what the platform has paid: what is due, but for a few planned mistakes that ``screen`` is to find."""
    paid = dict(due)
    still_owed = {v.settlement.setl_id: v.settlement.psn_cash_pay - due[v.settlement.setl_id] for v in visits}
    worth_it = [setl_id for setl_id in sorted(due) if min(due[setl_id], still_owed[setl_id]) > 20 * PER_YUAN]
    chosen = iter(rng.sample(worth_it, sum(wrongly.values())))
    for setl_id in islice(chosen, wrongly["missed"]):
        paid[setl_id] = 0
    for setl_id in islice(chosen, wrongly["under"]):
        paid[setl_id] = due[setl_id] // 2
    for setl_id in islice(chosen, wrongly["over"]):
        # Never more than the person paid in cash: the platform would not have let that through.
        paid[setl_id] = due[setl_id] + min(due[setl_id], still_owed[setl_id])
    return paid


def settlement_row(visit: Visit, paid: int) -> list[str]:
    """Return a settlement as the platform exports it, in the order of SETTLEMENTS."""
    bill = visit.settlement
    amounts = (
        *(bill.medfee_sumamt, visit.ownpay, visit.over_limit, visit.first_self, bill.inscp_scp_amt),
        *(bill.act_pay_dedc, bill.hifp_pay, bill.hifmi_pay, bill.hifob_pay, paid, bill.psn_cash_pay - paid),
    )
    return [
        *(bill.setl_id, bill.psn_no, f"{bill.setl_time:%Y-%m-%d %H:%M:%S}", bill.med_type, bill.insutype),
        *(bill.insuplc_admdvs, bill.mdtrtarea_admvs, visit.hospital, bill.hosp_lv),
        *map(yuan, amounts),
        "1" if bill.reversed else "0",
    ]


def repeated(rows: list[list[str]], wanted: int, rng: Random) -> list[list[str]]:
    """Put some rows in twice, as an export does that was run across midnight."""
    twice = set(rng.sample(range(len(rows)), wanted))
    return [copy for place, row in enumerate(rows) for copy in ([row, row] if place in twice else [row])]


def holding_row(holding: Holding) -> list[str]:
    """Return a roster row in the order of ROSTER."""
    end = holding.end.isoformat() if holding.end else ""
    birth = holding.birth.isoformat() if holding.birth else ""
    return [
        *(holding.psn_no, holding.certno, holding.psn_name, birth, holding.identity),
        *(holding.begin.isoformat(), end, holding.family_no),
    ]


def enrolment_row(row: Enrolment) -> list[str]:
    """Return an enrolment in the order of ENROLMENTS."""
    birth = row.birth.isoformat() if row.birth else ""
    return [row.psn_no, birth, row.identity, row.enrol_date.isoformat(), yuan(row.premium_fen)]


def few_families(roster: list[list[str]], rows: list[list[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Return about 200 settlements and the roster rows of the persons they belong to."""
    psn_no = SETTLEMENTS.index("psn_no")
    known = {row[0] for row in roster}
    regular = [row for row in rows if row[-1] == "0" and row[psn_no] in known]
    persons = set(dict.fromkeys(row[psn_no] for row in regular[:90]))
    chosen = [row for row in regular if row[psn_no] in persons][:200]
    once = list({tuple(row): row for row in chosen}.values())
    return [row for row in roster if row[0] in persons], once


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{path.name} is larger than {LARGEST_FILE} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
