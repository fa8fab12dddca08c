"""Files that came in: from whom, read how, what they would change, what they changed."""

from typing import Final

from django.db import models

from tuodi.office.models.regions import Region


class Sender(models.Model):
    """Somebody who sends one kind of file, and how their files look; remembered for the next time.

    ``header_row``: the row of the headings, null to look for it. ``foot_rows``: how many rows at the end are no data,
    those that say 合计 counted. ``clean_ids``: take blanks, tabs, apostrophes off ID numbers and codes. ``columns``:
    the sender's heading -> our field, for headings our layouts do not know. ``is_full``: it names everybody.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    header_row = models.PositiveSmallIntegerField(null=True, blank=True)
    foot_rows = models.PositiveSmallIntegerField(default=0)
    clean_ids = models.BooleanField(default=True)
    columns = models.JSONField(default=dict, blank=True)
    is_full = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("kind", "name", "region"), name="sender_once")]


class ImportBatch(models.Model):
    """One uploaded file on its way: uploaded, previewed, applied or refused; perhaps undone.

    The file itself lies sealed in the installation's folder, named by ``token``; ``sha256`` is of the file as sent.
    ``plan_digest`` is the SHA-256 of the changes shown in the preview: what was shown is what is applied.
    ``counts``, ``samples`` and ``totals`` are shown as they stand; ``findings`` and ``samples`` hold no full number.
    ``typed_rows`` and ``typed_fen`` are the control totals the clerk typed in. ``undecided`` are the ``psn_no`` with a
    refused row, of whom a full list of platform marks therefore says nothing.
    """

    class State(models.TextChoices):
        """Where a batch stands."""

        UPLOADED = "uploaded", "等待读取"
        REFUSED = "refused", "未能读取"
        PREVIEWED = "previewed", "待确认"
        CONFIRMED = "confirmed", "正在导入"
        APPLIED = "applied", "已导入"
        UNDONE = "undone", "已撤销"
        DISCARDED = "discarded", "已放弃"

    token = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    as_of = models.DateField()
    is_full = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    file_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    typed_rows = models.PositiveIntegerField(null=True, blank=True)
    typed_fen = models.BigIntegerField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    samples = models.JSONField(default=dict)
    totals = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    undecided = models.JSONField(default=list)
    plan_digest = models.CharField(max_length=64, blank=True, default="")
    uploaded_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("uploaded_by")),
                name="import_two_persons",
            )
        ]
        indexes = [models.Index(fields=("-uploaded_at",), name="import_by_time")]


class ImportChange(models.Model):
    """One record an applied batch made, changed or only named: what stood there before.

    ``before_sealed`` is sealed JSON; empty if the record is new; ``NAMED`` if the file says the same as the record:
    nothing is to be taken back, but the batch that made it cannot be undone as long as this one stands.
    """

    NAMED: Final = b"="

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=40)
    record = models.BigIntegerField()
    before_sealed = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("batch", "table", "record"), name="import_change_once")]
        indexes = [models.Index(fields=("table", "record"), name="import_change_of_record")]
