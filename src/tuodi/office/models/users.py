"""Who works here: users, their roles by region and time, and who acts for whom."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django_otp.models import Device, ThrottlingMixin

from tuodi.office.models.regions import Region
from tuodi.office.roles import ROLE_NAMES

ROLE_CHOICES = [(role.value, name) for role, name in ROLE_NAMES.items()]


class UserManager(BaseUserManager):
    """Makes users; Django's login asks it."""

    def get_by_natural_key(self, username: str) -> "User":
        """Return the user of that name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody who signs in. A left user is switched off, never deleted: the trail names them.

    ``session_key`` is the one session that counts: a later sign-in ends the earlier one.
    """

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    session_key = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class SecondFactor(ThrottlingMixin, Device):
    """The telephone whose codes a user signs in with, one for each; ``key_sealed`` opens by ``office.second_factor``.

    ``last_t`` is the time step of the last code taken (each counts once), ``drift`` by how many steps its clock is off.
    """

    key_sealed = models.BinaryField()
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_factor_each")]

    def get_throttle_factor(self) -> int:
        """Return how many seconds somebody waits after the first wrong code; each further one doubles them."""
        return int(settings.SECOND_FACTOR_WAIT_SECONDS)


class Assignment(models.Model):
    """A role somebody has in a region and all below it, on the days from ``begins`` to ``ends`` (both included)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("begins")),
                name="assignment_period",
            )
        ]


class Delegation(models.Model):
    """``delegate`` does ``assignment``'s work for its user on some days; duties stay apart for both of them."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegated")
    begins = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="delegation_period")
        ]
