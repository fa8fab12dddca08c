"""What ``benchmarks/office.py`` measures, once Django is set up."""

import csv
import io
import random
import statistics
import time
from datetime import date, datetime

import office_county
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from tests.web.signed_in import client_of
from tuodi.office import backup, jobs, restore, verification
from tuodi.office.access import actor_of
from tuodi.office.assessing import reassess_everyone
from tuodi.office.models import Assignment, County, ImportBatch, Job, Person, Region, Settlement, User
from tuodi.office.operations import imports
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action, Role

TODAY = date(2024, 12, 20)


def run(people: int, settlements: int, rounds: int, rows: int, only: set[str]) -> None:
    """Fill an empty database, then measure what is named."""
    _fill(people, settlements)
    print(f"{connection.vendor}: {Person.objects.count():,} persons, {Settlement.objects.count():,} settlements")
    if not only or "pages" in only:
        pages(rounds)
    if not only or "import" in only:
        bring_in(rows, people)
    if not only or "verify" in only:
        verify()
    if not only or "backup" in only:
        back_up()


def _fill(people: int, settlements: int) -> None:
    call_command("migrate", verbosity=0)
    if County.objects.exists():
        return
    began = time.perf_counter()
    office_county.make_county(people, settlements)
    top = Region.objects.get(parent=None)
    for username, role in (("clerk", Role.COUNTY_CLERK), ("reviewer", Role.REVIEWER), ("auditor", Role.AUDITOR)):
        user = User.objects.create(username=username, name=username, created_at=datetime(2024, 1, 1))
        Assignment.objects.create(user=user, role=role.value, region=top, begins=date(2024, 1, 1))
    _told("filled", began)
    began = time.perf_counter()
    clerk = actor_of(User.objects.get(username="clerk"), TODAY)
    at = datetime(2024, 12, 20, 9)
    with writing(clerk, Action.CHANGE_PEOPLE, at) as write:
        done = reassess_everyone(at=at)
        write.log("benchmark.filled", "county 1", settlements=done.settlements)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _told(f"{done.settlements:,} settlements assessed", began)


def pages(rounds: int) -> None:
    """Print the median and the slowest time of each page at the server, template and middleware included."""
    chance = random.Random(7)
    client = client_of(User.objects.get(username="clerk"))
    auditor = client_of(User.objects.get(username="auditor"))
    most = Person.objects.order_by("-pk").first().pk
    towns = list(Region.objects.filter(parent__isnull=False).values_list("pk", flat=True))

    def person() -> Person:
        return Person.objects.get(pk=chance.randint(1, most))

    def people(**query: object) -> tuple[str, str, dict[str, object]]:
        return "get", reverse("people"), query

    def number() -> str:
        return office_county.certno(chance.randint(1, most))

    def settlements(**query: object) -> tuple[str, str, dict[str, object]]:
        return "get", reverse("settlements"), query

    def settlement() -> Settlement:
        return Settlement.objects.filter(pk__gte=chance.randint(1, most)).first()

    asked = {
        "people, first page": lambda: people(),
        "people, page 200": lambda: people(page=200),
        "people of a town": lambda: people(region=chance.choice(towns)),
        "people by name": lambda: people(q=person().psn_name),
        "people by surname": lambda: people(q=chance.choice(office_county.SURNAMES)),
        "people by initials": lambda: people(q=person().initials),
        "people by part of a name": lambda: people(q=chance.choice(office_county.GIVEN)),
        "people by ID number": lambda: (
            "post",
            reverse("people"),
            {"q": office_county.certno(chance.randint(1, most))},
        ),
        "a person": lambda: ("get", reverse("person", args=[chance.randint(1, most)]), {}),
        "a person's year": lambda: ("get", reverse("person-year", args=[settlement().person_id, 2024]), {}),
        "settlements, first page": lambda: settlements(),
        "settlements of a month": lambda: (
            "get",
            reverse("settlements"),
            {"year": 2024, "month": chance.randint(1, 12)},
        ),
        "settlements of a town": lambda: (
            "get",
            reverse("settlements"),
            {"year": 2024, "region": chance.choice(towns)},
        ),
        "a receipt": lambda: ("get", reverse("settlement", args=[settlement().pk]), {}),
        "cases, my queue": lambda: ("get", reverse("cases"), {}),
        "cases, all": lambda: ("get", reverse("cases-all"), {}),
        "comparison": lambda: ("get", reverse("comparison"), {}),
        "enrolment ledger": lambda: ("get", reverse("enrolment-ledger"), {}),
        "imports": lambda: ("get", reverse("imports"), {}),
        "desk": lambda: ("get", reverse("desk"), {}),
    }
    print(f"{'page':<28}{'median ms':>10}{'slowest':>9}  over {rounds} requests after one uncounted")
    for name, ask in [*asked.items(), ("the trail", lambda: ("get", reverse("trail"), {}))]:
        who = auditor if name == "the trail" else client
        times = []
        for number in range(rounds + 1):
            method, url, query = ask()
            began = time.perf_counter()
            answer = getattr(who, method)(url, query)
            took = (time.perf_counter() - began) * 1000
            if answer.status_code not in (200, 302):
                raise SystemExit(f"{name}: {answer.status_code}")
            if number:
                times.append(took)
        print(f"{name:<28}{statistics.median(times):>10.0f}{max(times):>9.0f}")


def bring_in(rows: int, people: int) -> None:
    """Print how long a file of settlements takes from upload to applied, and how often progress was told."""
    clerk, reviewer = (actor_of(User.objects.get(username=name), TODAY) for name in ("clerk", "reviewer"))
    content = _file(rows, people, Settlement.objects.count())
    form = imports.Upload(
        kind="settlements", sender="平台", region_id=County.objects.get().region_id, as_of=TODAY, file_name="结算.csv"
    )
    began = time.perf_counter()
    batch = imports.upload(actor=clerk, at=datetime.now(), form=form, content=iter([content]))
    _work()
    batch.refresh_from_db()
    _told(f"import of {rows:,} rows: read and compared, {batch.counts}", began)
    began = time.perf_counter()
    imports.confirm(actor=reviewer, at=datetime.now(), batch_id=batch.pk, seen=batch.plan_digest)
    _work()
    batch.refresh_from_db()
    job = Job.objects.order_by("-pk").first()
    _told(f"import of {rows:,} rows: applied ({batch.state}), progress {job.done} of {job.total}", began)
    if batch.state != ImportBatch.State.APPLIED:
        raise SystemExit(job.message)


def _work() -> None:
    while jobs.work_once(datetime.now) is not None:
        pass


def _file(rows: int, people: int, already: int) -> bytes:
    """Return a CSV of new settlements."""
    chance = random.Random(already)
    out = io.StringIO()
    writer = csv.writer(out)
    names = "setl_id,psn_no,setl_time,med_type,insutype,insuplc_admdvs,mdtrtarea_admvs,fixmedins_code,hosp_lv"
    writer.writerow([*names.split(","), "medfee_sumamt", "inscp_scp_amt", "hifp_pay", "psn_cash_pay"])
    for number in range(rows):
        scope = chance.randint(5_000, 900_000)
        fund = scope * chance.randint(50, 80) // 100
        when = datetime(2024, chance.randint(1, 12), chance.randint(1, 28), chance.randint(8, 17))
        amounts = (f"{fen // 100}.{fen % 100:02d}" for fen in (scope, scope, fund, scope - fund))
        who = f"P{chance.randint(1, people):07d}"
        writer.writerow(
            [f"N{already + number:09d}", who, when, "21", "390", "990001", "990001", "H99000100001", "2", *amounts]
        )
    return out.getvalue().encode()


def verify() -> None:
    """Print how long ``verify`` takes over everything."""
    began = time.perf_counter()
    findings = verification.verify()
    _told(f"verified {findings.trail.entries} entries and all results, found: {findings.found}", began)


def back_up() -> None:
    """Print how long a backup and its drill (restored elsewhere and compared) take."""
    began = time.perf_counter()
    made = backup.make(datetime.now())
    _told("backup", began)
    began = time.perf_counter()
    faults = restore.drill(made, datetime.now()).faults
    _told(f"drill, faults: {faults or 0}", began)


def _told(what: str, began: float) -> None:
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
