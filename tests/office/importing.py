"""The way of a file in tests: written, uploaded, read by a job, confirmed by another, applied; tables as text."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.apps import apps

from tests.office import made_up
from tuodi.kernel.idnumber import check_character
from tuodi.office import jobs
from tuodi.office.access import Actor
from tuodi.office.imports.files import SEGMENT
from tuodi.office.imports.full_lists import full_list_of
from tuodi.office.models import ImportBatch, Job
from tuodi.office.operations import imports, undo
from tuodi.office.roles import Role

_SECONDS = count()
RESULTS_OF_FACTS = ("person", "household", "holding", "settlement", "formerpayment", "payeranswer", "withheld")
_OTHERS = ("platformmark", "enrolment", "benefitline", "accumulator", "owneryear", "case")


def certno(serial: int, day: date = date(1960, 5, 1)) -> str:
    """Make an ID number of a place that does not exist."""
    first = f"990001{day:%Y%m%d}{serial:03}"
    return first + check_character(first + "0")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def roster(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Make a roster from rows with psn_no, identity, begntime and whatever else is given."""
    rows = [{"identity": "低保对象", "begntime": "2024-01-01", "endtime": "", **row} for row in rows]
    header = list(dict.fromkeys(name for row in rows for name in row)) or ["psn_no", "identity", "begntime"]
    return csv_bytes(header, [[row.get(name, "") for name in header] for row in rows])


def settlement(setl_id: str, psn_no: str, **fields: object) -> dict[str, object]:
    usual = {"setl_time": "2024-03-01", "med_type": "21", "insutype": "390", "medfee_sumamt": "10000.00"}
    usual |= {"insuplc_admdvs": "990001", "mdtrtarea_admvs": "990001"}
    amounts = {"inscp_scp_amt": "8000.00", "hifp_pay": "5000.00"}
    return {"setl_id": setl_id, "psn_no": psn_no, **usual, **amounts, **fields}


def settlements(rows: Iterable[Mapping[str, object]]) -> bytes:
    rows = list(rows)
    header = list(dict.fromkeys(name for row in rows for name in row))
    return csv_bytes(header, [[row.get(name, "") for name in header] for row in rows])


def now() -> datetime:
    """A clock of which each look is a second later than the one before."""
    return made_up.NOW + timedelta(seconds=next(_SECONDS))


@dataclass
class Desk:
    """Two people who import: one uploads, the other confirms."""

    uploader: Actor = field(init=False)
    confirmer: Actor = field(init=False)

    def __post_init__(self) -> None:
        top = made_up.county()
        self.region = top
        self.uploader = made_up.actor(Role.COUNTY_CLERK, top)
        self.confirmer = made_up.actor(Role.REVIEWER, top)

    def upload(self, kind: str, content: bytes, **form: Any) -> ImportBatch:
        """Upload a file and let it be read."""
        manner = imports.Manner(is_full=form.pop("is_full", False), **form.pop("manner", {}))
        given = {"sender": "示例县民政局", "region_id": self.region.pk, "as_of": date(2025, 3, 1), **form}
        upload = imports.Upload(kind=kind, manner=manner, **{"file_name": "名册.csv", **given})
        pieces = [content[start : start + SEGMENT] for start in range(0, len(content), SEGMENT)]
        batch = imports.upload(actor=self.uploader, at=now(), form=upload, content=pieces)
        work_all()
        batch.refresh_from_db()
        return batch

    def confirm(self, batch: ImportBatch) -> Job:
        """Confirm a batch and let it be applied."""
        full = full_list_of(batch)
        seen = {"seen": batch.plan_digest, "ended": full.ended if full else None}
        imports.confirm(actor=self.confirmer, at=now(), batch_id=batch.pk, **seen)
        job = work_all()[-1]
        batch.refresh_from_db()
        return job

    def apply(self, kind: str, content: bytes, **form: Any) -> ImportBatch:
        """Bring a file in, all the way."""
        batch = self.upload(kind, content, **form)
        assert batch.state == "previewed", batch.findings
        job = self.confirm(batch)
        assert batch.state == "applied", job.message
        return batch

    def undo(self, batch: ImportBatch) -> Job:
        """Undo a batch, all the way."""
        undo.ask_undo(actor=self.confirmer, at=now(), batch_id=batch.pk, reason="测试")
        job = work_all()[-1]
        batch.refresh_from_db()
        return job


def work_all() -> list[Job]:
    """Do every job that waits; return them."""
    done = []
    while (job := jobs.work_once(now)) is not None:
        done.append(job)
        assert len(done) < 20
    return done


def dump(*, without: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return facts and results as they stand, keys included, when they were computed left out."""
    left_out = {"assessed_at", *without}
    tables = {}
    for name in (*RESULTS_OF_FACTS, *_OTHERS):
        table = apps.get_model("office", name)
        fields = [each.attname for each in table._meta.concrete_fields if each.attname not in left_out]
        rows = table.objects.order_by("pk").values_list(*fields)
        tables[name] = [tuple(bytes(v) if isinstance(v, memoryview) else str(v) for v in row) for row in rows]
    return tables
