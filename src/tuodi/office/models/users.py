"""Who works here: users, their roles by region and time, and who acts for whom."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

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
