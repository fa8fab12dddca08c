"""What is done at the server's own keyboard: the actor it is done as, and making an installation."""

import re
from datetime import datetime

from tuodi.office import trail
from tuodi.office.access import Actor, Grant
from tuodi.office.models import County, Region, User
from tuodi.office.operations.policies import check_policies
from tuodi.office.operations.users import assign_role, create_user, reset_second_factor
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action, Role

_CODE = re.compile(r"[0-9]{6}")


def console_actor(role: Role, at: datetime) -> Actor:
    """Return who stands at the server's keyboard, with one administrator's role everywhere; the trail says so."""
    regions = frozenset(Region.objects.values_list("id", flat=True))
    return Actor(User(username=trail.CONSOLE, name=trail.CONSOLE), at.date(), (Grant(role, regions),))


def found_installation(*, code: str, name: str, policies: list[str], at: datetime) -> Region:
    """Register the county this installation serves and the policies in force there. Once only."""
    with writing(console_actor(Role.SYSTEM_ADMIN, at), Action.MANAGE_SYSTEM, at) as write:
        if County.objects.exists():
            raise Refused("这里已经登记了县名；一个安装只服务一个县，另一个县请用 TUODI_HOME 另指文件夹。")
        if not _CODE.fullmatch(code):
            raise Refused(f"行政区划代码应为 6 位数字，这里写的是 {code}。")
        check_policies(policies)
        region = Region.objects.create(code=code, name=name)
        County.objects.create(pk=1, region=region, policies=policies)
        write.log("installation.made", "county 1", region, policies=policies)
    return region


def add_security_admin(*, username: str, name: str, at: datetime) -> tuple[User, str]:
    """Make a security administrator of the whole county, who makes all other users; return the first password too."""
    county = County.objects.select_related("region").first()
    if county is None:
        raise Refused("还没有登记县名；请先运行 tuodi office new。")
    actor = console_actor(Role.SECURITY_ADMIN, at)
    user, password = create_user(actor=actor, username=username, name=name, at=at)
    assign_role(
        actor=actor,
        user_id=user.pk,
        role=Role.SECURITY_ADMIN,
        region_id=county.region_id,
        begins=at.date(),
        ends=None,
        at=at,
    )
    return user, password


def reset_factor(*, username: str, at: datetime) -> User:
    """Take off somebody's lost telephone where no security administrator is left who could. Raises Refused."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(f"没有用户 {username}；请核对用户名。")
    return reset_second_factor(actor=console_actor(Role.SECURITY_ADMIN, at), user_id=user.pk, at=at)
