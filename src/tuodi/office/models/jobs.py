"""Long work in the background: what is asked, how far it is, how it ended."""

from django.db import models


class Job(models.Model):
    """One piece of long work. A worker holds it by a lease; one whose worker died is taken up again.

    ``kind`` names the function (``office.jobs``), ``subject`` what it works on. ``done`` of ``total`` is its progress.
    """

    class State(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued", "排队"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "未完成"

    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField(null=True, blank=True)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("office.Region", null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED, db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=80, blank=True, default="")
    message = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=40, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
