"""The sample county's files brought into a demonstration as the office would: uploaded by one, confirmed by another."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime

from tuodi.office import jobs
from tuodi.office.access import actor_of
from tuodi.office.imports.files import SEGMENT
from tuodi.office.models import County, ImportBatch, User
from tuodi.office.operations import imports
from tuodi.sample.county import SampleCounty, sample_county

_UPLOADER, _CONFIRMER = "clerk", "reviewer"


def is_filled() -> bool:
    """Tell whether the sample county's people are there, or on their way."""
    return ImportBatch.objects.exists()


def fill(now: Callable[[], datetime], county: SampleCounty | None = None) -> None:
    """Bring in the roster and the settlements; what goes wrong is a fault of the program and raises."""
    county = county or sample_county()
    last_day = date(county.year, 12, 31)
    roster = _with_towns(county)
    _bring_in(now, "roster", "示例县民政局", f"对象名册{county.year}.csv", roster, last_day)
    settlements = county.settlements.read_bytes()
    _bring_in(now, "settlements", "医保信息平台", f"结算{county.year}.csv", settlements, last_day)


def _bring_in(now: Callable[[], datetime], kind: str, sender: str, file_name: str, content: bytes, as_of: date) -> None:
    region_id = County.objects.get().region_id
    form = imports.Upload(kind=kind, sender=sender, region_id=region_id, as_of=as_of, file_name=file_name)
    uploader, confirmer = (actor_of(User.objects.get(username=name), now().date()) for name in (_UPLOADER, _CONFIRMER))
    batch = imports.upload(actor=uploader, at=now(), form=form, content=_pieces(content))
    _work(now)
    batch.refresh_from_db()
    imports.confirm(actor=confirmer, at=now(), batch_id=batch.pk, seen=batch.plan_digest)
    _work(now)
    batch.refresh_from_db()
    if batch.state != ImportBatch.State.APPLIED:
        raise RuntimeError(f"{file_name}: {batch.state}")


def _work(now: Callable[[], datetime]) -> None:
    while jobs.work_once(now) is not None:
        pass


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + SEGMENT] for start in range(0, len(content), SEGMENT))


def _with_towns(county: SampleCounty) -> bytes:
    """Return the roster with a column for the town, which stands in the family's number: T03-0017 is the third's."""
    out = io.StringIO()
    with county.roster.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, [*(rows.fieldnames or ()), "乡镇"])
        writer.writeheader()
        for row in rows:
            number = row["family_no"].partition("-")[0].removeprefix("T")
            writer.writerow({**row, "乡镇": f"{county.towns[int(number) - 1]}镇" if number else ""})
    return out.getvalue().encode("utf-8-sig")
