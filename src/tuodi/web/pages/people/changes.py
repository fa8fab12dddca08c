"""Changing a person's own facts: corrections, household, death, moves, duplicates."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, QueryDict

from tuodi.office.models import Person
from tuodi.office.operations import merging
from tuodi.office.operations import people as operations
from tuodi.office.operations.people import Facts
from tuodi.office.operations.writing import Refused
from tuodi.office.queries.people import possible_duplicates
from tuodi.office.queries.reach import persons_within
from tuodi.office.queries.regions import regions_to_choose
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of
from tuodi.web.page import OfficeRequest, page
from tuodi.web.pages.people.forms import EVIDENCE, ChangeForm, Field, change_page, person_or_404

_CHANGE = Action.CHANGE_PEOPLE
_KEEP = "不改动的请留空；要删除原有号码，填一个减号“-”。"


def asked(request: OfficeRequest, typed: QueryDict, version: int) -> dict[str, Any]:
    """Return what every change by hand is told: who, when, on which page's version, on which papers."""
    return {
        "actor": request.actor,
        "version": version,
        "evidence": typed.get("evidence", ""),
        "at": request.now,
    }


@page(get=_CHANGE, post=_CHANGE)
def correct(request: OfficeRequest, person: int) -> HttpResponse:
    """Correct name, birth, numbers and town."""
    who = person_or_404(request.actor, person, _CHANGE)
    towns = tuple((str(region.pk), region.name) for region in regions_to_choose(request.actor, _CHANGE))
    fields = (
        Field(name="psn_name", label="姓名", value=who.psn_name, longest=60),
        Field(name="brdy", label="出生日期", kind="date", value=str(who.brdy or ""), is_required=False),
        Field(name="certno", label="证件号码", hint=_KEEP, is_required=False, longest=30, secret=True),
        Field(name="phone", label="联系电话", hint=_KEEP, is_required=False, longest=20, secret=True),
        Field(name="region", label="所属乡镇", value=str(who.region_id or ""), choices=towns, is_required=False),
        EVIDENCE,
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        region = typed.get("region", "")
        facts = Facts(
            psn_name=typed.get("psn_name", ""),
            brdy=day_of(typed, "brdy", "出生日期", is_required=False),
            certno=_typed_number(typed.get("certno", "")),
            phone=_typed_number(typed.get("phone", "")),
            region_id=int(region) if region.isascii() and region.isdigit() and len(region) < 19 else None,
        )
        return operations.correct_person(person_id=person, facts=facts, **asked(request, typed, version))

    return change_page(request, who, ChangeForm(title="更正基本信息", button="更正", fields=fields), do)


def _typed_number(text: str) -> str | None:
    """Return a number typed into a field that shows none: None keeps what is there, a dash takes it away."""
    text = text.strip()
    return None if not text else "" if text in ("-", "－", "—") else text


@page(get=_CHANGE, post=_CHANGE)
def change_household(request: OfficeRequest, person: int) -> HttpResponse:
    """Put a person into another household."""
    who = person_or_404(request.actor, person, _CHANGE)
    current = who.household.family_no if who.household else ""
    hint = "民政名册上的家庭编号；留空表示不属于任何家庭。"
    fields = (
        Field(name="family_no", label="家庭编号", value=current, hint=hint, is_required=False, longest=60),
        EVIDENCE,
    )
    form = ChangeForm(
        title="更正家庭编号",
        button="更正",
        intro="待遇按家庭计算的，原来的家庭和新的家庭都会重新计算。",
        fields=fields,
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        family_no = typed.get("family_no", "")
        return operations.change_household(person_id=person, family_no=family_no, **asked(request, typed, version))

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def death(request: OfficeRequest, person: int) -> HttpResponse:
    """Record a death."""
    who = person_or_404(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="登记死亡",
        button="登记死亡",
        intro="各种身份自死亡次日起终止，之后的结算按没有身份重新计算。登记错了可以撤销。",
        fields=(Field(name="died_on", label="死亡日期", kind="date"), EVIDENCE),
        is_grave=True,
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        died_on = day_of(typed, "died_on", "死亡日期")
        return operations.record_death(person_id=person, died_on=died_on, **asked(request, typed, version))

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def withdraw_death(request: OfficeRequest, person: int) -> HttpResponse:
    """Take a death back."""
    who = person_or_404(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="撤销死亡登记",
        button="撤销死亡登记",
        intro="各种身份恢复到名册和更正所说的终止日期，结算重新计算。",
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        return operations.withdraw_death(person_id=person, **asked(request, typed, version))

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def move_out(request: OfficeRequest, person: int) -> HttpResponse:
    """Record that somebody moved away."""
    who = person_or_404(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="登记迁出",
        button="登记迁出",
        intro="身份不会因迁出自动终止；民政已停止的，请在“身份”里填写结束日期，或等下一份名册。",
        fields=(
            Field(name="day", label="迁出日期", kind="date"),
            Field(name="to", label="迁往何处", hint="例如：外省某县；不要写门牌。", longest=120),
            EVIDENCE,
        ),
    )

    def do(typed: QueryDict, version: int) -> None:
        day, to = day_of(typed, "day", "迁出日期"), typed.get("to", "")
        operations.move_out(person_id=person, day=day, to=to, **asked(request, typed, version))

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def move_back(request: OfficeRequest, person: int) -> HttpResponse:
    """Record that somebody moved back."""
    who = person_or_404(request.actor, person, _CHANGE)
    form = ChangeForm(title="登记迁回", button="登记迁回", intro="迁出登记随之取消；变更记录里仍可查到。")

    def do(typed: QueryDict, version: int) -> None:
        operations.move_back(person_id=person, **asked(request, typed, version))

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def merge(request: OfficeRequest, person: int) -> HttpResponse:
    """Let another record stand for this one."""
    who = person_or_404(request.actor, person, _CHANGE)
    alike = possible_duplicates(who).filter(pk__in=persons_within(request.actor, _CHANGE).values("pk"))
    suggestion = alike.values_list("psn_no", flat=True).first() or ""
    hint = "保留哪一条，就填哪一条的人员编号。"
    fields = (
        Field(name="survivor", label="并入的人员编号", value=suggestion, hint=hint, longest=60),
        EVIDENCE,
    )
    form = ChangeForm(
        title="合并重复记录",
        button="并入",
        intro=f"“{who.psn_no}”成为重复记录，它的结算和身份都算在保留的那一条名下，两条合在一起重新计算。可以撤销。",
        fields=fields,
        is_grave=True,
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        wanted = typed.get("survivor", "").strip()
        survivor = _survivor(request, wanted)
        told = asked(request, typed, version)
        versions = (told.pop("version"), survivor.version)
        return merging.merge(duplicate_id=person, survivor_id=survivor.pk, versions=versions, **told)

    return change_page(request, who, form, do)


def _survivor(request: OfficeRequest, psn_no: str) -> Person:
    found = persons_within(request.actor, _CHANGE).filter(psn_no=psn_no.replace("\0", "")).first()
    if found is None:
        raise Refused("在您的管辖范围内没有这个人员编号；另一条记录在别的乡镇的，请县级经办人合并。")
    return found


@page(get=_CHANGE, post=_CHANGE)
def unmerge(request: OfficeRequest, person: int) -> HttpResponse:
    """Let a duplicate be a person of its own again."""
    who = person_or_404(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="撤销合并",
        button="撤销合并",
        intro="这条记录重新成为单独的一个人，写着它的人员编号的结算回到它名下，两条分别重新计算。",
    )

    def do(typed: QueryDict, version: int) -> Iterable[str]:
        return merging.unmerge(duplicate_id=person, **asked(request, typed, version))

    return change_page(request, who, form, do)
