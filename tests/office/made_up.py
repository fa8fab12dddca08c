"""A small made-up county: regions, one user for each role, people. Nobody in it exists."""

from datetime import date, datetime

from tuodi.office.access import Actor, actor_of
from tuodi.office.initials import initials_of
from tuodi.office.models import Assignment, County, Holding, Person, Region, User
from tuodi.office.numbers import set_certno
from tuodi.office.roles import ROLE_NAMES, Role

NOW = datetime(2025, 3, 3, 9, 0)
TODAY = NOW.date()
PASSWORD = "made-up-Password-1"

USERNAMES = {
    Role.TOWN_CLERK: "town",
    Role.COUNTY_CLERK: "clerk",
    Role.REVIEWER: "reviewer",
    Role.APPROVER: "approver",
    Role.ACCOUNTANT: "accountant",
    Role.EVALUATOR: "evaluator",
    Role.AUDITOR: "auditor",
    Role.SYSTEM_ADMIN: "sysadmin",
    Role.SECURITY_ADMIN: "secadmin",
    Role.AUDIT_ADMIN: "auditadmin",
}


def county(policies: tuple[str, ...] = ("jiaocheng-2024",)) -> Region:
    """Make the county 示例县 with the towns 东镇 and 西镇; return the county's region."""
    top = Region.objects.create(code="990001", name="示例县")
    Region.objects.create(code="990001001", name="东镇", parent=top)
    Region.objects.create(code="990001002", name="西镇", parent=top)
    County.objects.create(pk=1, region=top, policies=list(policies), synthetic=True)
    return top


def region(name: str) -> Region:
    return Region.objects.get(name=name)


def user(role: Role, where: Region, username: str = "", password: bool = False) -> User:
    """Make a user with one role; the password is set only where a test signs in."""
    made = User(username=username or USERNAMES[role], name=f"{ROLE_NAMES[role]}甲", created_at=NOW)
    if password:
        made.set_password(PASSWORD)
    else:
        made.set_unusable_password()
    made.save()
    Assignment.objects.create(user=made, role=role.value, region=where, begins=date(2024, 1, 1))
    return made


def actor(role: Role, where: Region, username: str = "") -> Actor:
    """Make a user with one role and return them as the one who acts."""
    return actor_of(user(role, where, username), TODAY)


def person(psn_no: str, name: str, where: Region, certno: str = "", **fields: object) -> Person:
    """Make a person; identities are added by ``holding``."""
    made = Person(psn_no=psn_no, psn_name=name, initials=initials_of(name), region=where, **fields)
    set_certno(made, certno)
    made.save()
    return made


def holding(who: Person, identity: str, begin: date, end: date | None = None) -> Holding:
    return Holding.objects.create(person=who, identity=identity, begin=begin, end=end, stated_end=end, source="测试")
