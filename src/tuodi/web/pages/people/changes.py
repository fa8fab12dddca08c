"""Changing a person's own facts: corrections, household, death, moves, duplicates."""

from collections.abc import Iterable

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from tuodi.office.models import Person
from tuodi.office.operations import merging
from tuodi.office.operations import people as operations
from tuodi.office.operations.people import Facts
from tuodi.office.queries.merging import side_by_side
from tuodi.office.queries.people import possible_duplicates
from tuodi.office.queries.reach import person_within, persons_within
from tuodi.office.queries.regions import regions_to_choose
from tuodi.office.refusal import Refused
from tuodi.office.roles import Action
from tuodi.web.form_values import day_of, number_of, whole_number
from tuodi.web.page import REFUSED, OfficeRequest, page
from tuodi.web.pages.people.forms import ByHand, ChangeForm, Field, by_hand, change_page, done, evidence, form_page

_CHANGE = Action.CHANGE_PEOPLE
_KEEP = "不改动的请留空；要删除原有号码，填一个减号“-”。"


@page(get=_CHANGE, post=_CHANGE)
def correct(request: OfficeRequest, person: int) -> HttpResponse:
    """Correct name, birth, numbers and town."""
    who = person_within(request.actor, person, _CHANGE)
    towns = tuple((str(region.pk), region.name) for region in regions_to_choose(request.actor, _CHANGE))
    fields = (
        Field(name="psn_name", label="姓名", value=who.psn_name, longest=60),
        Field(name="brdy", label="出生日期", kind="date", value=str(who.brdy or ""), is_required=False),
        Field(name="certno", label="证件号码", hint=_KEEP, is_required=False, longest=30, secret=True),
        Field(name="phone", label="联系电话", hint=_KEEP, is_required=False, longest=20, secret=True),
        Field(name="region", label="所属乡镇", value=str(who.region_id or ""), choices=towns, is_required=False),
        evidence("民政更正函、户口簿复印件"),
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        facts = Facts(
            psn_name=typed.get("psn_name", ""),
            brdy=day_of(typed, "brdy", "出生日期", is_required=False),
            certno=_typed_number(typed.get("certno", "")),
            phone=_typed_number(typed.get("phone", "")),
            region_id=whole_number(typed.get("region")),
        )
        return operations.correct_person(person_id=person, facts=facts, **by)

    return change_page(request, who, ChangeForm(title="更正基本信息", button="更正", fields=fields), do)


def _typed_number(text: str) -> str | None:
    """Return a number typed into a field that shows none: None keeps what is there, a dash takes it away."""
    text = text.strip()
    return None if not text else "" if text in ("-", "－", "—") else text


@page(get=_CHANGE, post=_CHANGE)
def change_household(request: OfficeRequest, person: int) -> HttpResponse:
    """Put a person into another household."""
    who = person_within(request.actor, person, _CHANGE)
    current = who.household.family_no if who.household else ""
    hint = "民政名册上的家庭编号；留空表示不属于任何家庭。"
    fields = (
        Field(name="family_no", label="家庭编号", value=current, hint=hint, is_required=False, longest=60),
        evidence("民政家庭成员变更通知、分户后的户口簿"),
    )
    form = ChangeForm(
        title="更正家庭编号",
        button="更正",
        intro="待遇按家庭计算的，原来的家庭和新的家庭都会重新计算。",
        fields=fields,
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        family_no = typed.get("family_no", "")
        return operations.change_household(person_id=person, family_no=family_no, **by)

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def death(request: OfficeRequest, person: int) -> HttpResponse:
    """Record a death."""
    who = person_within(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="登记死亡",
        button="登记死亡",
        intro="各种身份自死亡次日起终止，之后的结算按没有身份重新计算。登记错了可以撤销。",
        fields=(Field(name="died_on", label="死亡日期", kind="date"), evidence("派出所死亡证明、火化证明")),
        is_grave=True,
    )

    def do(typed: QueryDict, by: ByHand) -> Iterable[str]:
        died_on = day_of(typed, "died_on", "死亡日期")
        return operations.record_death(person_id=person, died_on=died_on, **by)

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def withdraw_death(request: OfficeRequest, person: int) -> HttpResponse:
    """Take a death back."""
    who = person_within(request.actor, person, _CHANGE)
    intro = "各种身份恢复到名册和更正所说的终止日期，结算重新计算。"
    papers = evidence("派出所更正证明、乡镇核实本人健在的说明")
    form = ChangeForm(title="撤销死亡登记", button="撤销死亡登记", intro=intro, fields=(papers,))
    return change_page(request, who, form, lambda _, by: operations.withdraw_death(person_id=person, **by))


@page(get=_CHANGE, post=_CHANGE)
def move_out(request: OfficeRequest, person: int) -> HttpResponse:
    """Record that somebody moved away."""
    who = person_within(request.actor, person, _CHANGE)
    form = ChangeForm(
        title="登记迁出",
        button="登记迁出",
        intro="身份不会因迁出自动终止；民政已停止的，请在“身份”里填写结束日期，或等下一份名册。",
        fields=(
            Field(name="day", label="迁出日期", kind="date"),
            Field(name="to", label="迁往何处", hint="例如：外省某县；不要写门牌。", longest=120),
            evidence("户口迁移证、乡镇迁出说明"),
        ),
    )

    def do(typed: QueryDict, by: ByHand) -> None:
        day, to = day_of(typed, "day", "迁出日期"), typed.get("to", "")
        operations.move_out(person_id=person, day=day, to=to, **by)

    return change_page(request, who, form, do)


@page(get=_CHANGE, post=_CHANGE)
def move_back(request: OfficeRequest, person: int) -> HttpResponse:
    """Record that somebody moved back."""
    who = person_within(request.actor, person, _CHANGE)
    intro, papers = "迁出登记随之取消；变更记录里仍可查到。", evidence("迁回后的户口簿、乡镇接收说明")
    form = ChangeForm(title="登记迁回", button="登记迁回", intro=intro, fields=(papers,))
    return change_page(request, who, form, lambda _, by: operations.move_back(person_id=person, **by))


@page(get=_CHANGE, post=_CHANGE)
def merge(request: OfficeRequest, person: int) -> HttpResponse:
    """Let another record stand for this one: first both are shown beside each other, then it is confirmed."""
    who = person_within(request.actor, person, _CHANGE)
    try:
        if request.method == "POST":
            return _beside(request, who, _survivor(request, who))
    except Refused as refused:
        wrong = str(refused)
    else:
        wrong = ""
    alike = possible_duplicates(who).filter(pk__in=persons_within(request.actor, _CHANGE).values("pk"))
    suggestion = alike.values_list("psn_no", flat=True).first() or ""
    hint = "保留哪一条，就填哪一条的人员编号。"
    fields = (
        Field(name="survivor", label="并入的人员编号", value=suggestion, hint=hint, longest=60),
        evidence("户口簿与两条记录核对一致、民政重复登记说明"),
    )
    form = ChangeForm(
        title="合并重复记录",
        button="对照两条记录",
        intro=f"“{who.psn_no}”成为重复记录，它的结算和身份都算在保留的那一条名下，两条合在一起重新计算。可以撤销。"
        "下一步先对照两条记录，再确认。",
        fields=fields,
    )

    return form_page(request, who, form, wrong)


def _survivor(request: OfficeRequest, person: Person) -> Person:
    psn_no = request.POST.get("survivor", "").strip()
    found = persons_within(request.actor, _CHANGE).select_related("region", "household").filter(psn_no=psn_no).first()
    if found is None:
        raise Refused("在您的管辖范围内没有这个人员编号；另一条记录在别的乡镇的，请县级经办人合并。")
    if found.pk == person.pk:
        raise Refused(merging.ITSELF)
    return found


def _beside(request: OfficeRequest, duplicate: Person, survivor: Person) -> HttpResponse:
    """Show two records beside each other, or merge them where that was confirmed."""
    typed, wrong = request.POST, ""
    if typed.get("confirmed"):
        try:
            by = by_hand(request)
            versions = (by.pop("version"), number_of(typed, "survivor_version", "保留的记录"))
            ids = {"duplicate_id": duplicate.pk, "survivor_id": survivor.pk, "versions": versions}
            told = merging.merge(**ids, is_one_person=typed.get("is_one_person") == "1", **by)
        except Refused as refused:
            wrong = str(refused)
        else:
            return done(request, duplicate, "合并重复记录", told)
    context = {
        "title": "合并重复记录",
        "person": duplicate,
        "survivor": survivor,
        "both": side_by_side(duplicate, survivor, request.now.date()),
        "evidence": typed.get("evidence", ""),
        "wrong": wrong,
    }
    return render(request, "people/merge.html", context, status=REFUSED if wrong else 200)


@page(get=_CHANGE, post=_CHANGE)
def unmerge(request: OfficeRequest, person: int) -> HttpResponse:
    """Let a duplicate be a person of its own again."""
    who = person_within(request.actor, person, _CHANGE)
    intro = "这条记录重新成为单独的一个人，写着它的人员编号的结算回到它名下，两条分别重新计算。"
    papers = evidence("户口簿核对确为两人、民政更正函")
    form = ChangeForm(title="撤销合并", button="撤销合并", intro=intro, fields=(papers,))
    return change_page(request, who, form, lambda _, by: merging.unmerge(duplicate_id=person, **by))
