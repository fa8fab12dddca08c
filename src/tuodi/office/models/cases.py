"""Cases of screening (疑点), their decisions, and who touched a person's facts: the ground of separated duties."""

from typing import Final

from django.db import models

from tuodi.office.models.people import Person
from tuodi.office.models.settlements import Settlement


class Step(models.IntegerChoices):
    """The steps of a case, in order."""

    CHECK = 1, "核实"
    REVIEW = 2, "复核"
    APPROVE = 3, "审批"


STEPS: Final = tuple(Step(number) for number in Step.values)
"""The steps in order."""


class Case(models.Model):
    """One doubt about one settlement (or person): somebody missed, under- or overpaid, or not marked in the platform.

    ``next_step`` is null once the case is closed. ``due_fen`` and ``paid_fen`` are as last screened.
    """

    class Kind(models.TextChoices):
        """What is in doubt."""

        MISSED = "missed", "应救未救"
        UNDER = "under", "少付"
        OVER = "over", "多付"
        UNMARKED = "unmarked", "未标识"

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "open", "办理中"
        APPROVED = "approved", "已审批"
        DISMISSED = "dismissed", "不成立"
        GONE = "gone", "已消除"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    settlement = models.ForeignKey(Settlement, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    setl_id = models.CharField(max_length=60, blank=True, default="", db_index=True)
    due_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    next_step = models.PositiveSmallIntegerField(null=True, blank=True, choices=Step.choices, default=Step.CHECK)
    due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "setl_id"),
                condition=models.Q(state="open") & ~models.Q(setl_id=""),
                name="case_one_open",
            )
        ]
        indexes = [
            models.Index(fields=("state", "next_step", "due_on"), name="case_queue"),
            models.Index(fields=("-state", "due_on", "-id"), name="case_by_due"),
        ]


class Touch(models.Model):
    """Somebody entered or changed a person's facts by hand; insert-only. Files are no touches."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="touches")
    user = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    at = models.DateTimeField()


class Decision(models.Model):
    """One decided step of a case; insert-only, and a trigger refuses whoever decided another step or touched the facts.

    ``outcome``: pass, return (back to the first step) or dismiss. ``seen_digest`` is the SHA-256 of what was shown.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    step = models.PositiveSmallIntegerField(choices=Step.choices)
    outcome = models.CharField(max_length=12)
    decided_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")
    seen_digest = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
