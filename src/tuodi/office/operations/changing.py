"""The frame of every change of a person's facts by hand: the page's version, the papers, touch and trail."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from tuodi.kernel.money import yuan_grouped
from tuodi.office.assessing import lock_persons, reassess
from tuodi.office.holding_end import end_of
from tuodi.office.models import Holding, Person, Region, TrailEntry, User
from tuodi.office.operations.cases import CaseRefresh
from tuodi.office.operations.writing import Writing
from tuodi.office.periods import period
from tuodi.office.queries.reach import county_region_id
from tuodi.office.refusal import Absent, Refused
from tuodi.office.same_person import records_of

EVIDENCE_LONGEST: Final = 200
_EVIDENCE_SHORTEST: Final = 2

EVENT_NAMES: Final = {
    "person.corrected": "更正基本信息",
    "person.household_changed": "更正家庭编号",
    "person.identity_added": "补录身份",
    "person.identity_corrected": "更正身份",
    "person.identity_withdrawn": "作废身份",
    "person.identity_restored": "恢复身份",
    "person.died": "登记死亡",
    "person.death_withdrawn": "撤销死亡登记",
    "person.moved_out": "登记迁出",
    "person.moved_back": "登记迁回",
    "person.merged": "合并重复记录",
    "person.unmerged": "撤销合并",
    "person.account_entered": "录入银行账户",
    "person.account_confirmed": "确认银行账户",
    "person.account_ended": "停用银行账户",
    "person.looked_at": "查看完整号码",
}
"""What the trail's entries about a person mean."""

FIELD_NAMES: Final = {
    "psn_name": "姓名",
    "brdy": "出生日期",
    "certno": "证件号码",
    "phone": "联系电话",
    "region": "所属乡镇",
    "household": "家庭编号",
    "identity": "身份",
    "end": "身份结束日期",
    "died_on": "死亡日期",
    "moved_out_on": "迁出日期",
    "moved_out_to": "迁往",
    "merged_into": "并入",
    "account": "银行账户",
}


class Changed(NamedTuple):
    """One field's value before and after, as the trail keeps it: masked where it is a number."""

    field: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """Return the change as a sentence part: 姓名：甲 → 乙."""
        return f"{FIELD_NAMES.get(self.field, self.field)}：{self.before or '（空）'} → {self.after or '（空）'}"


def open_person(write: Writing, person_id: int, version: int | None, *, duplicate: bool = False) -> Person:
    """Lock one person for a change; raises Absent out of reach and Refused where the page is older than the record.

    ``version`` is the one the page showed; None where the change does not depend on what was shown. A duplicate is
    changed only where ``duplicate`` says so.
    """
    # The key stays: whoever only refers to the person (an import storing results) need not wait.
    lock_persons(records_of({person_id}))
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Absent
    write.allow(person.region_id or county_region_id())
    if person.merged_into is not None and not duplicate:
        raise Refused(f"这是重复记录，已并入 {person.merged_into.psn_no}；请在那一条上办理，或先撤销合并。")
    if version is not None and version != person.version:
        raise Refused(f"这一页打开之后，{since(person, version)}。请重新打开后再办。")
    return person


def since(person: Person, version: int) -> str:
    """Tell in words what was changed by hand after a version of the record."""
    told = []
    for entry in TrailEntry.objects.filter(subject=f"person {person.pk}").order_by("-number")[:20]:
        detail = json.loads(entry.detail)
        if detail.get("version", 0) <= version:
            break
        who = User.objects.filter(username=entry.actor).values_list("name", flat=True).first() or entry.actor
        changes = "，".join(Changed(*change).words for change in detail.get("changes", []))
        told.append(f"{who}于 {entry.at:%Y-%m-%d %H:%M} {EVENT_NAMES.get(entry.action, '改动')}（{changes}）")
    return "；".join(reversed(told)) or "这个人的信息已被改动"


def keep(
    write: Writing,
    person: Person,
    event: str,
    changes: Sequence[Changed],
    *,
    evidence: str,
    reassessed: bool = False,
    **detail: Any,
) -> list[str]:
    """Save a changed person, compute their results again if asked, write the trail; return what that changed, in words.

    In this order: the trail's head is the last row a transaction locks.
    """
    save(write, person, event)
    told = reassess_people(write, [person]) if reassessed else []
    log(write, person, event, changes, evidence=evidence, **detail)
    return told


def save(write: Writing, person: Person, event: str) -> None:
    """Save a changed person under the next version and note whose hand it was."""
    person.version += 1
    person.save()
    write.touch(person, event.removeprefix("person."))


def reassess_people(write: Writing, persons: Iterable[Person]) -> list[str]:
    """Compute the results of some persons, and of whom they share accounts with, again; say in words what changed."""
    cases = CaseRefresh(write)
    done = reassess(psn_nos={person.psn_no for person in persons}, at=write.at, judge=cases.judge)
    cases.finish()
    if not done.changes:
        return []
    before, after = (sum(getattr(change, side) for change in done.changes) for side in ("before_fen", "after_fen"))
    return [
        f"已按更改后的信息重新计算：{len(done.changes)} 笔结算的应救助金额有变化，"
        f"合计由 {yuan_grouped(before)} 元变为 {yuan_grouped(after)} 元。"
    ]


def log(
    write: Writing, person: Person, event: str, changes: Sequence[Changed], *, evidence: str, **detail: Any
) -> None:
    """Write the trail entry of a saved change."""
    kept = [list(change) for change in changes]
    subject = f"person {person.pk}"
    write.log(event, subject, region_of(person), version=person.version, changes=kept, evidence=evidence, **detail)


def region_of(person: Person) -> Region | None:
    """Return the region a person's entries in the trail belong to."""
    return person.region if person.region_id else Region.objects.filter(pk=county_region_id()).first()


def evidence_of(text: str) -> str:
    """Return the papers a change rests on, as typed; raises Refused where none are named."""
    return line_of(text, "依据的材料", EVIDENCE_LONGEST, _EVIDENCE_SHORTEST)


def line_of(text: str, what: str, longest: int, shortest: int = 1, *, is_number: bool = False) -> str:
    """Return a line somebody typed, blanks around it taken off; raises Refused if it is too short, too long or odd.

    A long number is refused unless ``is_number``: lines stand in the trail, where full numbers have no place.
    """
    line = text.strip()
    if len(line) < shortest:
        raise Refused(f"请填写{what}。" if shortest == 1 else f"请填写{what}（至少 {shortest} 个字）。")
    if len(line) > longest:
        raise Refused(f"{what}太长，请控制在 {longest} 个字以内。")
    if not line.isprintable():
        raise Refused(f"{what}中含有换行或看不见的字符，请删除后再提交。")
    # Written in full width, or in groups with blanks between, it is the same number.
    if not is_number and _LONG_NUMBER.search("".join(unicodedata.normalize("NFKC", line).split())):
        raise Refused(f"{what}里不要写证件号码、银行账号或电话；这些号码只填在各自的栏目里。")
    return line


_LONG_NUMBER = re.compile(r"[0-9]{11,}")


def end_again(person: Person, of: Iterable[Holding]) -> list[Changed]:
    """Set the ends of identities anew after something they follow from has changed; return what changed."""
    changes = []
    for holding in of:
        end = end_of(holding, person.died_on)
        if end != holding.end:
            changes.append(Changed("end", _told(holding, holding.end), _told(holding, end)))
            holding.end = end
            holding.save(update_fields=["end"])
    return changes


def _told(holding: Holding, end: date | None) -> str:
    return f"{holding.identity} {period(holding.begin, end)}"


def day_of(day: date | None, what: str, *, today: date, not_before: date | None = None) -> date:
    """Return a day that must be there and lie in the past; raises Refused."""
    if day is None:
        raise Refused(f"请填写{what}。")
    if day > today:
        raise Refused(f"{what} {day} 晚于今天；还没有发生的事不能登记。")
    if not_before is not None and day < not_before:
        raise Refused(f"{what} {day} 早于出生日期 {not_before}，请核对。")
    return day
