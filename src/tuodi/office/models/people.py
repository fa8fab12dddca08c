"""The registry: persons, households, identities over time, platform marks, enrolment and bank accounts.

Numbers of documents and accounts are sealed (``office.secrets``): the ciphertext is bound to the record by ``token``,
the blind index finds equal numbers and nothing else. Nothing here stores a part of them in clear.
"""

import uuid

from django.db import models

from tuodi.office.models.regions import Region


def new_token() -> str:
    """Return a random name for a record, to which its sealed fields are bound."""
    return uuid.uuid4().hex


class Household(models.Model):
    """A family (``family_no``) as civil affairs count it."""

    family_no = models.CharField(max_length=60, unique=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT)


class Person(models.Model):
    """Somebody on a roster, or known by a settlement only. ``psn_no`` is the platform's number.

    ``initials`` are the pinyin initials of the name, lower case. ``merged_into``: this record was a duplicate of that
    one, and whatever names ``psn_no`` means that person. ``version`` grows with each change by hand: a page that was
    opened before the change is refused. ``facts_on`` is field name -> day (ISO) of the newest list that gave it, or
    moment of the change by hand: an older list arriving later, or one of the same day, does not take it back.
    """

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    psn_no = models.CharField(max_length=60, unique=True)
    psn_name = models.CharField(max_length=60, blank=True, default="", db_index=True)
    initials = models.CharField(max_length=60, blank=True, default="")
    certno_sealed = models.BinaryField(default=bytes)
    certno_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone_sealed = models.BinaryField(default=bytes)
    brdy = models.DateField(null=True, blank=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    died_on = models.DateField(null=True, blank=True)
    moved_out_on = models.DateField(null=True, blank=True)
    moved_out_to = models.CharField(max_length=120, blank=True, default="")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    facts_on = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=("region", "psn_name", "id"), name="person_by_region"),
            models.Index(fields=("psn_name", "id"), name="person_by_name"),
            models.Index(fields=("initials", "id"), name="person_by_initials"),
            # The few who are dead, gone or duplicates, to be listed without reading everybody.
            models.Index(fields=("psn_name", "id"), condition=models.Q(died_on__isnull=False), name="person_dead"),
            models.Index(
                fields=("psn_name", "id"), condition=models.Q(moved_out_on__isnull=False), name="person_moved"
            ),
            models.Index(
                fields=("psn_name", "id"), condition=models.Q(merged_into__isnull=False), name="person_duplicate"
            ),
        ]


class Holding(models.Model):
    """One identity held (``psn_idet_type``) from ``begin`` to ``end``, both days included; an open end is null.

    ``stated_end`` is what the newest list that names it says; ``confirmed_on`` the day of that list; ``absent_on`` the
    day of the first full list of the same sender after it that does not name it. ``end`` follows from the three (and
    from death or a correction by hand: ``office.holding_end``); where ``corrected``, ``corrected_end`` counts and no
    list. A ``withdrawn`` one was entered by mistake and counts for nothing. ``source`` says in words where it comes
    from, ``evidence`` which paper. ``person`` is never a merged duplicate: of one, ``listed_as`` keeps its number, by
    which lists go on naming the identity, and by which it goes back; it is empty for the person's own.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    listed_as = models.CharField(max_length=60, blank=True, default="")
    identity = models.CharField(max_length=60)
    begin = models.DateField()
    end = models.DateField(null=True, blank=True)
    stated_end = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    absent_on = models.DateField(null=True, blank=True)
    corrected = models.BooleanField(default=False)
    corrected_end = models.DateField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    sender = models.ForeignKey("office.Sender", null=True, blank=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=120)
    evidence = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "identity", "begin", "listed_as"), name="holding_once"),
        ]
        indexes = [models.Index(fields=("identity", "end"), name="holding_by_identity")]

    @property
    def psn_no(self) -> str:
        """The number by which lists name it."""
        return self.listed_as or self.person.psn_no


class PlatformMark(models.Model):
    """An identity as the national platform has it marked for the hospital's window (node ``idetinfo``).

    ``stated_end`` is what the newest list that names it says, ``as_of`` the day of that list, ``sender`` whose it is.
    ``end`` is the earlier of it and the day before that sender's next full list, which no longer names it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="marks")
    identity = models.CharField(max_length=60)
    begin = models.DateField()
    end = models.DateField(null=True, blank=True)
    stated_end = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    sender = models.ForeignKey("office.Sender", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "identity", "begin"), name="mark_once")]


class Enrolment(models.Model):
    """Insured or not in a year: where, by which insurance, premium and subsidy in fen.

    ``state``: resident (本地居民医保), employee (职工医保), elsewhere (外地参保), none (未参保). ``as_of`` is the day
    of the newest list of states, null while only a premium list names the person, who then counts as resident;
    ``premium_as_of`` that of the newest list with premium or subsidy. An older list arriving later changes neither.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12)
    insutype = models.CharField(max_length=60, blank=True, default="")
    enrol_date = models.DateField(null=True, blank=True)
    premium_fen = models.BigIntegerField(default=0)
    subsidy_fen = models.BigIntegerField(default=0)
    as_of = models.DateField(null=True, blank=True)
    premium_as_of = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "year"), name="enrolment_once"),
            models.CheckConstraint(
                condition=models.Q(premium_fen__gte=0) & models.Q(subsidy_fen__gte=0), name="enrolment_amounts"
            ),
        ]


class Account(models.Model):
    """A bank account money may go to, once a second person has confirmed it. The old one stays as history."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    holder = models.CharField(max_length=60)
    relation = models.CharField(max_length=20, default="本人")
    bank = models.CharField(max_length=60)
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, db_index=True)
    evidence = models.CharField(max_length=200)
    entered_by = models.ForeignKey("office.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("office.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("entered_by")),
                name="account_two_persons",
            ),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(confirmed_by__isnull=False, ended_at__isnull=True),
                name="account_one_live",
            ),
        ]
        indexes = [
            # The desk counts them at every call.
            models.Index(
                fields=("entered_at",),
                condition=models.Q(confirmed_by__isnull=True, ended_at__isnull=True),
                name="account_waiting",
            )
        ]
