"""A difference between the lists as people read it: who, what each list says, what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tuodi.office.models import Enrolment, Person
from tuodi.office.numbers import masked_certno
from tuodi.office.periods import period
from tuodi.office.queries.comparison import Difference
from tuodi.office.queries.enrolment_states import state_of
from tuodi.office.queries.platform_changes import Identities, gone_on, identities_of, in_portions, mark_changes

_JOIN_INSURANCE = "请通知本人参保；已在别处参保的，更新参保名单。"
_ELSEWHERE = "请核实外地参保：救助须在参保地一次结算的，提醒本人；可转回的，请本人转回本地参保。"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list; ``certno`` is masked, the three sayings and ``advice`` are Chinese."""

    person_id: int
    psn_no: str
    name: str
    certno: str
    region: str
    roster: str
    platform: str
    enrolment: str
    advice: str


def lines(people: Iterable[Person], day: date, difference: Difference) -> Iterator[Line]:
    """Yield the lines of one list; ``people`` come with their region."""
    for some in in_portions(people):
        known = identities_of(some, day)
        enrolments = {e.person_id: e for e in Enrolment.objects.filter(person__in=known, year=day.year)}
        for person in some:
            identities = known[person.pk]
            marks = "；".join(f"{mark.identity} {period(mark.begin, mark.end)}" for mark in identities.marked)
            yield Line(
                person_id=person.pk,
                psn_no=person.psn_no,
                name=person.psn_name,
                certno=masked_certno(person),
                region=person.region.name if person.region else "",
                roster=_roster_says(person, identities, day),
                platform=marks or "没有标识",
                enrolment=state_of(enrolments.get(person.pk)),
                advice=_advice(person, identities, day, difference),
            )


def _roster_says(person: Person, known: Identities, day: date) -> str:
    says = "；".join(f"{h.identity} {period(h.begin, h.end)}" for h in known.held)
    if not says and known.past:
        last = known.past[-1]
        says = f"{last.identity}，已于 {last.end} 结束"
    gone = gone_on(person, day)
    if gone is None:
        return says or "不在册"
    return f"{says or '不在册'}；已于 {gone} {'死亡' if person.died_on == gone else '迁出'}"


def _advice(person: Person, known: Identities, day: date, difference: Difference) -> str:
    if difference is Difference.NOT_INSURED:
        return _JOIN_INSURANCE
    if difference is Difference.INSURED_ELSEWHERE:
        return _ELSEWHERE
    todo = "；".join(change.words for change in mark_changes(person, known, day))
    platform = f"平台{todo}。" if todo else ""
    if known.unclear and gone_on(person, day) is None:
        platform += (
            f"名册上的身份“{'”“'.join(known.unclear)}”不在本县政策和身份词汇里，平台也没有：请先核对名称，"
            "核对前不报这个身份，也不终止此人的标识。"
        )
    if difference is Difference.GONE:
        return f"{platform}请告知民政和参保部门，把此人从名单中去掉。"
    if difference is Difference.NOT_ON_ROSTER and not known.past:
        return f"名册上没有过此人，请先与民政核实；确实不在册的，{platform}"
    return platform
