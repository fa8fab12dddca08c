"""Rows that contradict what is recorded: what they said, who proposed to use one, and how each was settled.

``contents`` and ``digest`` are those of ``office.contents``. Nothing here is a full number of a document or an account,
so nothing is sealed.
"""

from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import F, Q

from tuodi.office.models.imports import ImportBatch


class Kind(StrEnum):
    """What two rows may contradict each other about; the value is stored."""

    SETTLEMENT = "settlement"
    ANSWER = "answer"
    PAYMENT = "payment"


KIND_NAMES: Final = (
    (Kind.SETTLEMENT.value, "结算"),
    (Kind.ANSWER.value, "前序支付答复"),
    (Kind.PAYMENT.value, "既有系统支付"),
)


class Contradiction(models.Model):
    """What another row says of something than what is recorded of it; the recorded row is not kept here.

    ``key`` is the payer of an answer, the reference of a payment, empty for a settlement. ``psn_no`` and ``year`` are
    whom a settlement's row is about (empty and null for the other kinds). ``named_at`` is when it last came again by
    the settlement interface, which leaves no batch.
    """

    class State(models.TextChoices):
        """What became of the row: it holds back as long as it is open."""

        OPEN = "open", "待核对"
        AGAINST = "against", "不采用"
        IN_FORCE = "in_force", "已采用"
        OVERTAKEN = "overtaken", "已有较晚的答复"

    kind = models.CharField(max_length=12, choices=KIND_NAMES)
    setl_id = models.CharField(max_length=60)
    key = models.CharField(max_length=60, blank=True, default="")
    contents = models.TextField()
    digest = models.CharField(max_length=64)
    psn_no = models.CharField(max_length=60, blank=True, default="")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT)
    row = models.PositiveIntegerField(null=True, blank=True)
    since = models.DateTimeField()
    named_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("setl_id", "kind", "key", "digest"), name="contradiction_once"),
        ]


class Proposal(models.Model):
    """Somebody proposes to use the other row; another confirms or rejects it. ``outcome`` is empty while it waits.

    ``seen_digest`` is of everything the page showed (``queries.contradictions``): what was shown is what is applied.
    ``proposed_for`` and ``decided_for`` are whose work it was, where it was done for somebody else.
    """

    class Outcome(models.TextChoices):
        """How a proposal ended."""

        CONFIRMED = "confirmed", "已确认"
        REJECTED = "rejected", "已驳回"
        WITHDRAWN = "withdrawn", "已撤回"
        OUTDATED = "outdated", "内容有变动，已作废"

    contradiction = models.ForeignKey(Contradiction, on_delete=models.PROTECT, related_name="proposals")
    reason = models.CharField(max_length=200)
    seen_digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True, default="", choices=Outcome.choices)
    decided_by = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_for = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("contradiction",), condition=Q(outcome=""), name="proposal_one_open"),
            models.CheckConstraint(
                condition=~Q(outcome="confirmed")
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & (Q(proposed_for__isnull=True) | ~Q(decided_by=F("proposed_for")))
                    & (Q(decided_for__isnull=True) | ~Q(decided_for=F("proposed_by")))
                    & (Q(decided_for__isnull=True) | Q(proposed_for__isnull=True) | ~Q(decided_for=F("proposed_for")))
                ),
                name="proposal_two_persons",
            ),
        ]
        indexes = [models.Index(fields=("proposed_at",), condition=Q(outcome=""), name="proposal_waiting")]


class Resolution(models.Model):
    """How a contradiction was settled by hand; insert-only. ``before`` is what was recorded, ``other`` what was not.

    ``keep`` left the recorded row, ``use`` put the other one in its place, which takes a confirmed proposal. Batches
    and rows say which file each of the two came from; null where it came by the interface or is not known.
    """

    class Outcome(models.TextChoices):
        """Which of the two rows counts."""

        KEEP = "keep", "保留已登记的一条"
        USE = "use", "改用另一条"

    contradiction = models.ForeignKey(Contradiction, on_delete=models.PROTECT, related_name="resolutions")
    setl_id = models.CharField(max_length=60, db_index=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    before = models.TextField()
    before_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    before_row = models.PositiveIntegerField(null=True, blank=True)
    other = models.TextField()
    other_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    other_row = models.PositiveIntegerField(null=True, blank=True)
    proposal = models.OneToOneField(Proposal, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=200)
    decided_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    decided_for = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="keep") | Q(proposal__isnull=False), name="resolution_by_two_persons"
            ),
        ]
