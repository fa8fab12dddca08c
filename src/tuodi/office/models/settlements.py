"""Settlements as they came, and what follows from them: lines, accumulators by owner and year, what is withheld.

Facts are ``Settlement``, ``FormerPayment``, ``PayerAnswer`` and ``Withheld``; ``BenefitLine``, ``Accumulator`` and the
result fields of ``Settlement`` and ``OwnerYear`` can be computed again from them at any time, and ``verify`` does.
"""

from django.db import models
from django.db.models import F, Q

from tuodi.office.models.people import Person


class Settlement(models.Model):
    """One settlement record (node ``setlinfo``), amounts in fen; ``setl_id`` counts once, by whatever route it came.

    ``psn_no`` is as sent; ``person`` is whom it means today (a merged duplicate's settlements mean the survivor), null
    while nobody on the registry has that number. ``refd_setl_flag`` is never taken back: a reversed one stays so.
    ``batch`` and ``row`` are the file it came in (a row is not known of what came before 0.4.1); ``named_at`` is when
    it last came again by the settlement interface, which leaves no batch.
    Results: ``owner`` (whose ``OwnerYear`` it went into), ``outcome`` (``assessment.year.Outcome``; null: withheld or
    not assessed yet), ``identity``, ``due_fen``, ``note`` (why there is no line, else empty).
    ``former_fen`` is what other systems say they paid besides ``maf_pay``.
    """

    setl_id = models.CharField(max_length=60, unique=True)
    psn_no = models.CharField(max_length=60, db_index=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="settlements")
    setl_time = models.DateTimeField()
    year = models.PositiveSmallIntegerField()
    med_type = models.CharField(max_length=60)
    insutype = models.CharField(max_length=60, blank=True, default="")
    insuplc_admdvs = models.CharField(max_length=60, blank=True, default="")
    mdtrtarea_admvs = models.CharField(max_length=60, blank=True, default="")
    fixmedins_code = models.CharField(max_length=60, blank=True, default="")
    medins_setl_id = models.CharField(max_length=60, blank=True, default="")
    hosp_lv = models.CharField(max_length=60, blank=True, default="")
    medfee_sumamt = models.BigIntegerField(default=0)
    fulamt_ownpay_amt = models.BigIntegerField(default=0)
    overlmt_selfpay = models.BigIntegerField(default=0)
    preselfpay_amt = models.BigIntegerField(default=0)
    inscp_scp_amt = models.BigIntegerField()
    act_pay_dedc = models.BigIntegerField(default=0)
    hifp_pay = models.BigIntegerField()
    cvlserv_pay = models.BigIntegerField(default=0)
    hifes_pay = models.BigIntegerField(default=0)
    hifmi_pay = models.BigIntegerField(default=0)
    hifob_pay = models.BigIntegerField(default=0)
    hifdm_pay = models.BigIntegerField(default=0)
    oth_pay = models.BigIntegerField(default=0)
    maf_pay = models.BigIntegerField(default=0)
    psn_cash_pay = models.BigIntegerField(default=0)
    refd_setl_flag = models.BooleanField(default=False)
    batch = models.ForeignKey("office.ImportBatch", null=True, blank=True, on_delete=models.PROTECT)
    row = models.PositiveIntegerField(null=True, blank=True)
    received_at = models.DateTimeField()
    named_at = models.DateTimeField(null=True, blank=True)

    owner = models.CharField(max_length=80, blank=True, default="")
    outcome = models.PositiveSmallIntegerField(null=True, blank=True)
    identity = models.CharField(max_length=60, blank=True, default="")
    due_fen = models.BigIntegerField(default=0)
    former_fen = models.BigIntegerField(default=0)
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=("person", "year", "setl_time"), name="settlement_of_person"),
            models.Index(fields=("-setl_time", "setl_id"), name="settlement_by_time"),
            models.Index(fields=("psn_no", "year"), name="settlement_of_psn_no"),
            models.Index(fields=("owner", "year"), name="settlement_of_owner"),
            models.Index(fields=("outcome", "-setl_time", "setl_id"), name="settlement_by_outcome"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_fen__gte=0) & Q(former_fen__gte=0), name="settlement_results"),
        ]


class FormerPayment(models.Model):
    """Assistance another system paid for a settlement (exports of an existing 免申即享 system); never paid again."""

    setl_id = models.CharField(max_length=60)
    reference = models.CharField(max_length=60)
    psn_no = models.CharField(max_length=60, blank=True, default="")
    paid_on = models.DateField(null=True, blank=True)
    paid_fen = models.BigIntegerField()
    batch = models.ForeignKey("office.ImportBatch", on_delete=models.PROTECT)
    row = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("setl_id", "reference"), name="former_payment_once"),
            models.CheckConstraint(condition=Q(paid_fen__gt=0), name="former_payment_amount"),
        ]
        indexes = [models.Index(fields=("psn_no",), name="former_payment_of_person")]


class PayerAnswer(models.Model):
    """What a payer before us answered for a settlement: ``payer`` is the field it fills, e.g. ``hifmi_pay``."""

    setl_id = models.CharField(max_length=60)
    payer = models.CharField(max_length=20)
    paid_fen = models.BigIntegerField()
    answered_on = models.DateField(null=True, blank=True)
    batch = models.ForeignKey("office.ImportBatch", on_delete=models.PROTECT)
    row = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("setl_id", "payer"), name="payer_answer_once"),
            models.CheckConstraint(condition=Q(paid_fen__gte=0), name="payer_answer_amount"),
        ]


class Withheld(models.Model):
    """A refused row: it holds back its person's results of that year (of every year if null) until it is settled.

    ``kind`` is settlement, roster, answer or payment (of others). It ends when a good row as new comes of the same
    ``setl_id`` (for the roster, of the same person), or when somebody sets it aside with a reason. One of a
    ``contradiction`` ends with it. ``key`` is the payer of an answer, the reference of a payment, as far as the row
    tells it. ``psn_no`` is empty while such a row holds back nobody, e.g. because its settlement has not come.
    """

    kind = models.CharField(max_length=12)
    psn_no = models.CharField(max_length=60, db_index=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    setl_id = models.CharField(max_length=60, blank=True, default="", db_index=True)
    key = models.CharField(max_length=60, blank=True, default="")
    rule = models.CharField(max_length=60)
    message = models.TextField()
    batch = models.ForeignKey("office.ImportBatch", null=True, blank=True, on_delete=models.PROTECT)
    row = models.PositiveIntegerField(null=True, blank=True)
    contradiction = models.ForeignKey(
        "office.Contradiction", null=True, blank=True, on_delete=models.CASCADE, related_name="withheld"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=("since",), condition=Q(ended_at__isnull=True), name="withheld_open"),
        ]


class OwnerYear(models.Model):
    """One owner of accounts (a person or a family) in one benefit year: the row every settlement locks first.

    ``owner`` is ``person <psn_no>`` or ``family <family_no>``. ``paid_fen`` is the sum of its lines. ``rules`` are the
    policy ids with the hashes of their documents, ``engine`` the program's version, by which it was last assessed.
    """

    owner = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    is_withheld = models.BooleanField(default=False)
    rules = models.TextField(blank=True, default="")
    engine = models.CharField(max_length=20, blank=True, default="")
    assessed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("owner", "year"), name="owner_year_once"),
            models.CheckConstraint(condition=Q(paid_fen__gte=0), name="owner_year_paid"),
        ]


class Accumulator(models.Model):
    """What an account has taken up in an owner's year, in fen.

    ``kind`` is deductible or cap; ``member`` the ``psn_no`` where the account is a person's inside a family, else
    empty. ``limit_fen`` is the highest limit any of the year's settlements met (the limit follows the identity on
    each day); null without one.
    """

    owner_year = models.ForeignKey(OwnerYear, on_delete=models.CASCADE, related_name="accumulators")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    member = models.CharField(max_length=60, blank=True, default="")
    used_fen = models.BigIntegerField()
    limit_fen = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("owner_year", "kind", "name", "member"), name="accumulator_once"),
            models.CheckConstraint(
                condition=Q(used_fen__gte=0) & (Q(limit_fen__isnull=True) | Q(used_fen__lte=F("limit_fen"))),
                name="accumulator_within_limit",
            ),
        ]


class BenefitLine(models.Model):
    """One component's line of one settlement, as ``assess`` writes it (docs/files.md); amounts in fen."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    benefit = models.CharField(max_length=40)
    identity = models.CharField(max_length=60)
    base_amt = models.BigIntegerField()
    deductible_used = models.BigIntegerField()
    ratio = models.CharField(max_length=60)
    raw_amt = models.BigIntegerField()
    cap_left_before = models.BigIntegerField(null=True, blank=True)
    paid_amt = models.BigIntegerField()
    clause = models.TextField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("settlement", "order"), name="benefit_line_once"),
            models.CheckConstraint(
                condition=Q(paid_amt__gte=0) & Q(paid_amt__lte=F("raw_amt")), name="benefit_line_paid"
            ),
        ]
