"""How long a file takes from upload to applied: settlements of the last days of the year, and the whole roster."""

import csv
import io
import random
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import office_measures
from django.db import transaction

from tuodi.office import jobs
from tuodi.office.access import actor_of
from tuodi.office.assessing import reassess
from tuodi.office.bulk import insert
from tuodi.office.imports.full_lists import full_list_of
from tuodi.office.models import Case, County, Holding, ImportBatch, Job, Person, Settlement, User
from tuodi.office.operations import imports
from tuodi.office.operations.imports import Manner

LAST_DAY = date(2024, 12, 31)
_START = time.monotonic()
_FIRST = datetime(2024, 12, 20, 9)
_SETTLEMENT = (
    "setl_id,psn_no,setl_time,med_type,insutype,insuplc_admdvs,mdtrtarea_admvs,fixmedins_code,hosp_lv,"
    "medfee_sumamt,inscp_scp_amt,hifp_pay,maf_pay,psn_cash_pay"
)
_ROSTER = "psn_no,psn_name,identity,begntime,endtime,family_no,region_code"


def bring_in_settlements(rows: int, *, is_paid: bool) -> None:
    """Bring in a file of new settlements; ``is_paid``: the window paid 97 % of them as due, else nothing at all."""
    made = _settlements(rows)
    dues = _dues(made) if is_paid else {}
    chance = random.Random(3)
    for each in made:
        each.maf_pay = dues.get(each.setl_id, 0) if chance.random() < 0.97 else 0
        each.psn_cash_pay -= each.maf_pay
    columns = _SETTLEMENT.split(",")
    lines = ([_cell(name, getattr(each, name)) for name in columns] for each in made)
    what = f"{rows:,} settlements, {'mostly paid as due' if is_paid else 'nothing paid'}"
    _bring_in("settlements", what, _csv(columns, lines), Manner())


def bring_in_roster() -> None:
    """Bring in the roster of everybody as a full list of the last day; one in a hundred is no longer named."""
    held = Holding.objects.filter(withdrawn=False).order_by("person_id")
    columns = ("psn_no", "psn_name", "identity", "begin", "stated_end", "household__family_no", "region__code")
    names = [name if name in ("identity", "begin", "stated_end") else f"person__{name}" for name in columns]
    rows = [row for at, row in enumerate(held.values_list(*names).iterator()) if at % 100 != 50]
    lines = ([str(cell) if cell is not None else "" for cell in row] for row in rows)
    _bring_in("roster", f"roster of {len(rows):,} rows", _csv(_ROSTER.split(","), lines), Manner(is_full=True))


def _clock() -> datetime:
    """Return a time after everything that was filled in."""
    return datetime(2024, 12, 31, 18) + timedelta(seconds=time.monotonic() - _START)


def _settlements(rows: int) -> list[Settlement]:
    """Return new settlements, later than all that are there: nobody's earlier sum changes by them."""
    already, people = Settlement.objects.count(), Person.objects.order_by("-pk").first().pk
    chance = random.Random(already)
    made = []
    for number in range(rows):
        scope = chance.randint(5_000, 900_000)
        fund = scope * chance.randint(50, 80) // 100
        when = _FIRST + timedelta(minutes=chance.randint(1, 11 * 1440))
        made.append(
            Settlement(
                setl_id=f"N{already + number:09d}",
                psn_no=f"P{chance.randint(1, people):07d}",
                setl_time=when,
                year=when.year,
                med_type="21",
                insutype="390",
                insuplc_admdvs="990001",
                mdtrtarea_admvs="990001",
                fixmedins_code="H99000100001",
                hosp_lv="2",
                medfee_sumamt=scope,
                inscp_scp_amt=scope,
                hifp_pay=fund,
                psn_cash_pay=scope - fund,
                received_at=when,
            )
        )
    return made


def _dues(made: Sequence[Settlement]) -> dict[str, int]:
    """Return what would be due of settlements, computed as if they were there and taken back."""
    with transaction.atomic():
        insert(Settlement, made)
        reassess(psn_nos={each.psn_no for each in made}, at=_clock())
        found = dict(Settlement.objects.filter(setl_id__startswith="N").values_list("setl_id", "due_fen"))
        transaction.set_rollback(True)
    return found


def _cell(name: str, value: object) -> str:
    if isinstance(value, int) and name.endswith(("amt", "_pay")):
        return f"{value // 100}.{value % 100:02d}"
    return str(value)


def _csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(lines)
    return out.getvalue().encode()


def _bring_in(kind: str, what: str, content: bytes, manner: Manner) -> None:
    """Print how long a file takes from upload to applied, and how often progress was told."""
    clerk, reviewer = (actor_of(User.objects.get(username=name), LAST_DAY) for name in ("clerk", "reviewer"))
    sender = "县救助对象名册报送单位" if kind == "roster" else "平台"
    form = imports.Upload(
        kind=kind,
        sender=sender,
        region_id=County.objects.get().region_id,
        as_of=LAST_DAY,
        manner=manner,
        file_name=f"{kind}.csv",
    )
    cases = Case.objects.count()
    began = time.perf_counter()
    batch = imports.upload(actor=clerk, at=_clock(), form=form, content=iter([content]))
    _work()
    batch.refresh_from_db()
    office_measures.told(f"{what}: read and compared, {imports.counts_in_words(batch.counts)}", began)
    began = time.perf_counter()
    full = full_list_of(batch)
    ended = full.ended if full else None
    imports.confirm(actor=reviewer, at=_clock(), batch_id=batch.pk, seen=batch.plan_digest, ended=ended)
    _work()
    batch.refresh_from_db()
    job = Job.objects.order_by("-pk").first()
    opened = Case.objects.count() - cases
    office_measures.told(
        f"{what}: {batch.state}, progress {job.done:,} of {job.total:,}, {opened:,} cases opened", began
    )
    if batch.state != ImportBatch.State.APPLIED:
        raise SystemExit(job.message)


def _work() -> None:
    while jobs.work_once(_clock) is not None:
        pass
