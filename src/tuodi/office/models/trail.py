"""The trail (操作留痕): insert-only, chained by SM3, every entry bound to the one before it."""

from django.db import models


class TrailEntry(models.Model):
    """One entry; ``number`` has no gaps. ``detail`` is canonical JSON without full personal data.

    ``hash`` is SM3 over all other fields (``office.trail``), in hexadecimal; UNIQUE ``previous`` forbids forks.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    on_behalf_of = models.CharField(max_length=40, blank=True, default="")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=12, blank=True, default="")
    detail = models.TextField(default="{}")
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=("subject", "number"), name="trail_of_subject"),
            models.Index(fields=("actor", "number"), name="trail_of_actor"),
            models.Index(fields=("action", "number"), name="trail_of_action"),
        ]


class TrailHead(models.Model):
    """The one row that is locked to append: number and hash of the last entry."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="trail_one_head")]
