"""The sample county's year of visits, each with a plausible bill. Amounts are made up and never a real person's."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from people import Person

from tuodi.intake.facts import Settlement
from tuodi.kernel.money import half_up

PER_YUAN = 100
INPATIENT = "21"
CHRONIC = "14"


class Attendance(NamedTuple):
    """Who goes where and when; ``bill`` names the size of the bill in the plan."""

    when: datetime
    psn_no: str
    med_type: str
    bill: str


@dataclass(slots=True)
class Visit:
    """A settlement and what only the file carries beside it: hospital and the parts of the bill outside the scope."""

    settlement: Settlement
    hospital: str
    ownpay: int
    over_limit: int
    first_self: int


@dataclass(slots=True)
class Insured:
    """What critical-illness insurance has counted for each person so far this year, in fen."""

    rules: dict[str, Any]
    borne: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def pays(self, psn_no: str, left: int) -> int:
        """Return its share of what basic insurance left, above the year's deductible."""
        threshold = self.rules["deductible"] * PER_YUAN
        before = self.borne[psn_no]
        self.borne[psn_no] = before + left
        above = max(0, before + left - threshold) - max(0, before - threshold)
        return half_up(above * self.rules["percent"], 100)


def make_visits(people: list[Person], plan: dict[str, Any], rng: Random) -> list[Visit]:
    """Return the candidate visits of the year in the order of time, without identifiers and without assistance."""
    employees = {p.psn_no for p in people if rng.randrange(100) < plan["other_rows"]["employee"]}
    year = plan["year"]
    coming: list[Attendance] = []
    for group in plan["groups"]:
        members = [p.psn_no for p in people if p.group == group["identity"]]
        for med_type, wanted in group["visits"].items():
            coming += _attendances(members, med_type, wanted, year, rng)
    for heavy in plan["heavy"]:
        members = [p.psn_no for p in people if p.group == heavy["of"] and len(p.stays) == 1]
        for psn_no in rng.sample(members, heavy["persons"]):
            coming += [Attendance(_moment(year, rng), psn_no, INPATIENT, "heavy") for _ in range(heavy["stays"])]
    for stranger in range(plan["other_rows"]["unknown_person"]):
        med_type = rng.choice([INPATIENT, CHRONIC])
        coming.append(Attendance(_moment(year, rng), f"P{900001 + stranger}", med_type, med_type))
    insured = Insured(plan["critical_illness"])
    return [_visit(attendance, attendance.psn_no in employees, plan, insured, rng) for attendance in sorted(coming)]


def _attendances(members: list[str], med_type: str, wanted: int, year: int, rng: Random) -> list[Attendance]:
    """Chronic patients come again and again, most inpatients once or twice."""
    most = {CHRONIC: 12, "16": 8, INPATIENT: 3}.get(med_type, 2)
    found: list[Attendance] = []
    while len(found) < wanted:
        psn_no = rng.choice(members)
        times = min(rng.randint(1, most), wanted - len(found))
        found += [Attendance(_moment(year, rng), psn_no, med_type, med_type) for _ in range(times)]
    return found


def _moment(year: int, rng: Random) -> datetime:
    days = (datetime(year + 1, 1, 1) - datetime(year, 1, 1)).days
    return datetime(year, 1, 1, 8) + timedelta(days=rng.randrange(days), seconds=rng.randrange(10 * 3600))


def _visit(coming: Attendance, employee: bool, plan: dict[str, Any], insured: Insured, rng: Random) -> Visit:
    place = rng.choices(plan["hospitals"], [h["weight"] for h in plan["hospitals"]])[0]
    bands = plan["bills"][coming.bill]
    _, low, high = rng.choices(bands, [band[0] for band in bands])[0]
    scope = rng.randrange(low * PER_YUAN, high * PER_YUAN)
    rule = plan["insurance"][coming.med_type][place["level"]]
    away = place["region"][:2] != plan["region_code"][:2]
    deductible = min(scope, rule["deductible"] * PER_YUAN * (2 if away else 1))
    percent = rule["percent"] - (10 if away else 0) + (5 if employee else 0)
    basic = half_up((scope - deductible) * percent, 100)
    more = insured.pays(coming.psn_no, scope - basic)
    parts = [half_up(scope * rng.randint(*span), 1000) for span in ((5, 90), (0, 10), (5, 50))]
    total = scope + sum(parts)
    settlement = Settlement(
        setl_id="",
        psn_no=coming.psn_no,
        setl_time=coming.when,
        med_type=coming.med_type,
        insutype="310" if employee else "390",
        insuplc_admdvs=plan["region_code"],
        mdtrtarea_admvs=place["region"],
        hosp_lv=place["level"],
        medfee_sumamt=total,
        inscp_scp_amt=scope,
        act_pay_dedc=deductible,
        hifp_pay=basic,
        cvlserv_pay=0,
        hifes_pay=0,
        hifmi_pay=0 if employee else more,
        hifob_pay=more if employee else 0,
        hifdm_pay=0,
        oth_pay=0,
        maf_pay=0,
        psn_cash_pay=total - basic - more,
        reversed=False,
    )
    return Visit(settlement, place["code"], *parts)
