"""The towns of the county this installation serves: added, given another name, removed while nothing hangs on them."""

import re
from datetime import datetime
from typing import Final

from django.db.models import ProtectedError

from tuodi.office.access import Actor
from tuodi.office.models import County, Region
from tuodi.office.operations.changing import line_of
from tuodi.office.operations.writing import writing
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action

NAME_LONGEST: Final = 30
_LAST_DIGITS: Final = 3


def set_town(*, actor: Actor, at: datetime, code: str, name: str) -> Region:
    """Add a town, or give the one of this code another name; ``code`` may be its last three digits. Raises Refused."""
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        top = _county()
        whole = _whole(code, top)
        called = line_of(name, "乡镇名称", NAME_LONGEST, 2)
        town = Region.objects.filter(code=whole).first()
        if Region.objects.filter(name=called).exclude(code=whole).exists():
            raise Refused(f"已经有叫“{called}”的地区；同名的请加以区别，名单里按名称认乡镇。")
        if town is None:
            town = Region.objects.create(code=whole, name=called, parent=top)
            write.log("region.added", f"region {town.pk}", top, number=whole, name=called)
            return town
        if town.name == called:
            raise Refused(f"{whole} 本来就叫“{called}”，没有改变。")
        before, town.name = town.name, called
        town.save(update_fields=["name"])
        write.log("region.renamed", f"region {town.pk}", town, before=before, after=called)
    return town


def remove_town(*, actor: Actor, at: datetime, code: str) -> Region:
    """Remove a town nothing was ever stored of. Raises Refused."""
    with writing(actor, Action.MANAGE_SYSTEM, at) as write:
        top = _county()
        town = Region.objects.filter(code=code, parent=top).first()
        if town is None:
            raise Refused("没有这个乡镇，可能已经删去；请刷新页面。")
        removed = Region(pk=town.pk, code=town.code, name=town.name)
        _remove(town)
        write.log("region.removed", f"region {removed.pk}", top, number=removed.code, name=removed.name)
    return removed


def _remove(town: Region) -> None:
    try:
        town.delete()
    except ProtectedError:
        raise Refused(f"{town.name}已有人员、用户的岗位或导入的文件，不能删去；写错的名称可以更正。") from None


def _county() -> Region:
    """Return the county's region, locked: two at once do not give one name to two towns."""
    county = County.objects.select_for_update(of=("self",)).select_related("region").get()
    return county.region


def _whole(code: str, top: Region) -> str:
    typed = code.strip()
    whole = top.code + typed if len(typed) == _LAST_DIGITS else typed
    if not re.fullmatch(rf"{top.code}[0-9]{{{_LAST_DIGITS}}}", whole, re.ASCII):
        raise Refused(f"乡镇代码应为 9 位数字，前 6 位是本县的 {top.code}，例如 {top.code}101；也可以只写后 3 位。")
    return whole
