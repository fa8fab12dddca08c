"""Is the office ready for a new year? A list of checks, each with what it found and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tuodi.office.case_deadlines import working_day_after
from tuodi.office.models import Case, County, Enrolment, Holding, OwnerYear, Person
from tuodi.office.operations.withheld import holding_back
from tuodi.office.queries.enrolment_states import INSURED
from tuodi.office.queries.kept_counts import kept_for_all
from tuodi.office.queries.reach import no_duplicate
from tuodi.policy.document import PolicyDocument
from tuodi.policy.in_force import in_force
from tuodi.policy.library import NotFound, find

YEARS: Final = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: whether it is done, what was found, what to do where it is not. ``count`` where counted."""

    name: str
    is_done: bool
    found: str
    advice: str = ""
    count: int | None = None


def new_year(year: int) -> list[Check]:
    """Return the checks of the change from the year before to ``year``."""
    return [
        *_policies(year),
        _calendar(year),
        kept_for_all(lambda: _ending(year), "ending", year),
        _cases(year),
        _withheld(year),
        kept_for_all(lambda: _enrolment(year), "enrolment of a new year", year),
        _start(year),
    ]


def ending_without_renewal(year: int) -> QuerySet[Holding]:
    """Return identities that end on the last day of the old year and are not held by the same person in the new one."""
    last, first = date(year - 1, 12, 31), date(year, 1, 1)
    renewed = Holding.objects.filter(
        person=OuterRef("person"), identity=OuterRef("identity"), begin__lte=first, withdrawn=False
    ).exclude(end__lt=first)
    ending = Holding.objects.filter(end=last, withdrawn=False, person__died_on=None, person__moved_out_on=None)
    return ending.exclude(Exists(renewed)).select_related("person", "person__region").order_by("person__region", "pk")


def _policies(year: int) -> Iterator[Check]:
    county = County.objects.select_related("region").first()
    first = date(year, 1, 1)
    lines: dict[tuple[str, str], list[PolicyDocument]] = {}
    for policy in county.policies if county else []:
        found = find(policy)
        document = None if isinstance(found, NotFound) else found[0]
        if document is not None:
            lines.setdefault((document.region_code, document.programme), []).append(document)
    if not lines:
        yield Check(
            "新年度的政策", False, "没有登记任何政策。", "请系统管理员登记本县执行的政策（tuodi office policies）。"
        )
    for documents in lines.values():
        document = in_force(documents, first)
        last = max(documents, key=lambda each: each.valid_from)
        if document is None:
            found_out = f"{last.title}到 {last.valid_to} 为止，{first} 起没有政策。"
            meanwhile = "不能计算" if len(documents) > 1 else f"仍按 {last.id} 计算，计算单上有提醒"
            advice = f"请系统管理员换用新一年的政策（tuodi office policies）；在那以前，新一年的结算{meanwhile}。"
            yield Check("新年度的政策", False, found_out, advice)
        else:
            yield Check("新年度的政策", True, f"{first} 起执行 {document.id}（{document.title}）。")


def _calendar(year: int) -> Check:
    name = "新年度的工作日历"
    if working_day_after(date(year, 1, 1), 1) is not None:
        return Check(name, True, f"{year} 年的放假通知已经录入。")
    advice = "请在国务院办公厅公布放假通知之后更新程序；缺少日历时，办理期限推算不出来。"
    return Check(name, False, f"缺少 {year} 年的放假通知。", advice)


def _ending(year: int) -> Check:
    count = ending_without_renewal(year).count()
    found = f"{count} 人次的身份到 {year - 1}-12-31 为止，没有续期。" if count else "没有到年底为止而未续期的身份。"
    advice = "请向民政、农业农村部门要新一年的名册并导入；确实终止的不用处理。" if count else ""
    return Check("年底到期的身份", not count, found, advice, count)


def _cases(year: int) -> Check:
    count = Case.objects.filter(state=Case.State.OPEN, opened_at__year__lt=year).count()
    found = f"旧年度立的疑点还有 {count} 件没有办结。" if count else "旧年度的疑点都已办结。"
    return Check("未办结的疑点", not count, found, "请在“疑点办理”里办完；跨年不影响办理。" if count else "", count)


def _withheld(year: int) -> Check:
    count = holding_back().filter(Q(year__lt=year) | Q(year=None)).count()
    found = f"旧年度还有 {count} 行数据有误，这些人的待遇暂不计算。" if count else "旧年度没有暂不计算的记录。"
    return Check("暂不计算的记录", not count, found, "请报送单位更正后重新导入。" if count else "", count)


def _enrolment(year: int) -> Check:
    told = Enrolment.objects.filter(year=year).count()
    if not told:
        return Check("新年度的参保", False, f"还没有 {year} 年的参保信息。", "请导入新一年的参保名单再比对。", 0)
    last, first = date(year - 1, 12, 31), date(year, 1, 1)
    held = Holding.objects.filter(person=OuterRef("pk"), withdrawn=False, begin__lte=first).exclude(end__lt=last)
    insured = Enrolment.objects.filter(person=OuterRef("pk"), year=year, state__in=INSURED)
    alive = Person.objects.filter(no_duplicate(), died_on=None, moved_out_on=None)
    missing = alive.filter(~Exists(insured), Exists(held)).count()
    found = f"{year} 年参保信息 {told} 人；在册的救助对象还有 {missing} 人没有参保。"
    return Check("新年度的参保", not missing, found, "请逐人核实并动员参保，见“月度比对”。" if missing else "", missing)


def _start(year: int) -> Check:
    taken = OwnerYear.objects.filter(year=year).count()
    found = "起付线、限额的累计按年度分开记，新一年从 0 开始，不用清零。"
    return Check("累计数", True, found + (f"已有 {taken} 户（人）有新一年的累计。" if taken else ""))
