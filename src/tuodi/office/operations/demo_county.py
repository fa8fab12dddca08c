"""The sample county as an installation: regions, one user for each role, made-up people. Only for showing."""

from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tuodi.office import trail
from tuodi.office.models import Assignment, County, Region, User
from tuodi.office.roles import ROLE_NAMES, Role
from tuodi.sample.county import SampleCounty, sample_county

USERNAMES: Final = MappingProxyType(
    {
        "town": Role.TOWN_CLERK,
        "clerk": Role.COUNTY_CLERK,
        "reviewer": Role.REVIEWER,
        "approver": Role.APPROVER,
        "accountant": Role.ACCOUNTANT,
        "evaluator": Role.EVALUATOR,
        "auditor": Role.AUDITOR,
        "sysadmin": Role.SYSTEM_ADMIN,
        "secadmin": Role.SECURITY_ADMIN,
        "auditadmin": Role.AUDIT_ADMIN,
    }
)
"""User name -> role; the names are part of the contract."""


def is_demo() -> bool | None:
    """Tell whether this installation is a demonstration; None while it is empty."""
    county = County.objects.first()
    if county is not None:
        return county.synthetic
    return False if User.objects.exists() else None


def open_demo(*, password: str, at: datetime) -> None:
    """Make county, towns and users where they are missing, and give every user of the demonstration this password."""
    county = sample_county()
    with transaction.atomic():
        if is_demo() is None:
            _make(county, at)
        User.objects.filter(username__in=USERNAMES).update(
            password=make_password(password), must_change_password=False, is_active=True
        )
        trail.append(at=at, actor=trail.CONSOLE, action="demo.opened", subject="county 1")


def _make(county: SampleCounty, at: datetime) -> None:
    top = Region.objects.create(code=county.region_code, name=county.name)
    towns = [
        Region.objects.create(code=f"{county.region_code}{number:03}", name=f"{name}镇", parent=top)
        for number, name in enumerate(county.towns, start=1)
    ]
    County.objects.create(pk=1, region=top, policies=[county.policy], synthetic=True)
    # As in any installation, every role has its entry from the first on: verification asks for it.
    _tell(at, "installation.made", "county 1", top, policies=[county.policy])
    for username, role in USERNAMES.items():
        user = User.objects.create(username=username, name=f"示例{ROLE_NAMES[role]}", created_at=at)
        where = towns[0] if role is Role.TOWN_CLERK else top
        given = Assignment.objects.create(user=user, role=role.value, region=where, begins=at.date())
        period = {"begins": given.begins.isoformat(), "ends": ""}
        _tell(at, "role.assigned", f"user {user.pk}", where, role=role.value, **period, assignment=given.pk)


def _tell(at: datetime, action: str, subject: str, region: Region, **detail: object) -> None:
    trail.append(at=at, actor=trail.CONSOLE, action=action, subject=subject, region=region.code, detail=detail)
