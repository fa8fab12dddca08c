"""Who decided, who entered a person's facts, who may act where and for whom: each row against its trail entry.

Both ways: every row has the entry that tells of it, with the same contents, and every entry its row. The entries are
read once, while the chain is checked, and the rows once, some thousands at a time.

Entries of 0.4.0 tell less: of a decision neither grounds nor what was shown, of a delegation neither grounds nor the
number of its role, of roles and touches no number. Such rows are compared in what their entry tells.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tuodi.office.plain_sql import Rows
from tuodi.office.trail import sm3
from tuodi.office.verify import BATCH, Breach, Entry, time_of

UNTOLD: Final = None
"""What an entry of an older version does not tell."""

DECISION, TOUCH, ROLE, DELEGATION = "办理记录", "经手记录", "岗位", "委托"
FOUNDED: Final = "installation.made"
"""From the first entry of an installation on, every role was given by an entry. The demonstration of 0.4.0 has none."""
SET_ASIDE: Final = "withheld.set-aside"
_TOUCHING_IN_0_4_0: Final = frozenset(
    f"person.{what}"
    for what in (
        "corrected",
        "household_changed",
        "identity_added",
        "identity_corrected",
        "identity_withdrawn",
        "identity_restored",
        "died",
        "death_withdrawn",
        "moved_out",
        "moved_back",
        "merged",
        "unmerged",
        "account_entered",
        "account_ended",
    )
) | {SET_ASIDE}
"""The events that touched a person when entries did not yet name the touch."""
_OUTCOMES: Final = frozenset({"case.pass", "case.return", "case.dismiss"})


class Told(NamedTuple):
    """What the trail tells of a row: the number of the entry, and the values in the order of the kind's names."""

    number: int
    values: tuple[str | None, ...]


class Compared(NamedTuple):
    """How many rows were compared, and how many of them in part only, because their entries are older."""

    rows: int
    in_part: int


NAMES: Final = {
    DECISION: ("疑点", "步骤", "结论", "办理人", "代谁办理", "时间", "所见内容", "理由"),
    TOUCH: ("人员", "经手人", "事项", "时间"),
    ROLE: ("用户", "岗位", "地区", "开始", "结束"),
    DELEGATION: ("委托人", "岗位", "地区", "受托人", "开始", "结束", "撤回时间", "岗位编号", "原因"),
}


@dataclass(slots=True)
class ToldRows:
    """Gathers what the trail tells, entry by entry (``watch``), then compares the rows (``compare``)."""

    founded: bool = False
    rows: int = 0
    in_part: int = 0
    _decisions: dict[str, Told] = field(default_factory=dict)
    _touches: dict[str, Told] = field(default_factory=dict)
    _old_touches: dict[tuple[str | None, ...], list[int]] = field(default_factory=dict)
    _roles: dict[tuple[str, ...], "_Role"] = field(default_factory=dict)
    _delegations: dict[str, Told] = field(default_factory=dict)

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Give the entries on, and remember what they tell."""
        for entry in entries:
            self._see(entry)
            yield entry

    def compared(self) -> Compared:
        """Return how much was compared."""
        return Compared(self.rows, self.in_part)

    def compare(self, rows: Rows) -> Iterator[Breach]:
        """Compare all rows with what the trail tells."""
        yield from self._against(DECISION, self._decisions, _read(rows, _DECISIONS, _decision))
        yield from self._against(TOUCH, self._touches, self._untold_touches(_read(rows, _TOUCHES, _touch)))
        yield from self._gone_touches()
        yield from self._compare_roles(_read(rows, _ROLES, _role))
        yield from self._against(DELEGATION, self._delegations, _read(rows, _DELEGATIONS, _delegation))

    def _see(self, entry: Entry) -> None:
        see = _SEEN.get(entry.action)
        touches = '"touches":' in entry.detail
        is_old_touch = not touches and entry.action in _TOUCHING_IN_0_4_0
        if entry.action == FOUNDED:
            self.founded = True
        if see is None and not touches and not is_old_touch:
            return
        try:
            detail = json.loads(entry.detail)
            if see is not None:
                see(self, entry, detail)
            if touches:
                self._see_touches(entry, detail)
            if is_old_touch:
                self._see_old_touch(entry)
        except (KeyError, TypeError, ValueError, AttributeError):
            # An entry that was spoilt: the chain says so.
            return

    def _see_decision(self, entry: Entry, detail: dict[str, Any]) -> None:
        outcome = entry.action.partition(".")[2]
        case = _number(entry.subject)
        values = (case, str(detail["step"]), outcome, entry.actor, entry.on_behalf_of, str(entry.at))
        told = (*values, detail.get("seen", UNTOLD), detail.get("reason_sm3", UNTOLD))
        self._decisions[str(detail["decision"])] = Told(entry.number, told)

    def _see_touches(self, entry: Entry, detail: dict[str, Any]) -> None:
        for key, person, user, what in detail["touches"]:
            self._touches[str(key)] = Told(entry.number, (str(person), user, what, str(entry.at)))

    def _see_old_touch(self, entry: Entry) -> None:
        """Remember what 0.4.0 told of a touch: whose entry it is, and of whom; not of whom when a row was let go."""
        is_set_aside = entry.action == SET_ASIDE
        what = SET_ASIDE if is_set_aside else entry.action.removeprefix("person.")
        person = UNTOLD if is_set_aside else _number(entry.subject)
        for user in {entry.actor, entry.on_behalf_of} - {""}:
            self._old_touches.setdefault((person, user, what, str(entry.at)), []).append(entry.number)

    def _see_role(self, entry: Entry, detail: dict[str, Any]) -> None:
        place = (_number(entry.subject), detail["role"], entry.region, detail["begins"])
        key = str(detail["assignment"]) if "assignment" in detail else UNTOLD
        before = self._roles.get(place)
        if entry.action == "role.ended" and detail["ends"] < detail["begins"]:
            # One that had not begun is taken away.
            self._roles.pop(place, None)
            return
        self._roles[place] = _Role(entry.number, key or (before.key if before else UNTOLD), detail["ends"])

    def _see_delegation(self, entry: Entry, detail: dict[str, Any]) -> None:
        key = _number(entry.subject)
        if entry.action == "delegation.revoked":
            number, values = self._delegations[key]
            self._delegations[key] = Told(number, (*values[:6], str(entry.at), *values[7:]))
            return
        period = (detail["begins"], detail["ends"])
        values = (entry.actor, detail["role"], entry.region, detail["to"], *period, "")
        assignment = str(detail["assignment"]) if "assignment" in detail else UNTOLD
        self._delegations[key] = Told(entry.number, (*values, assignment, detail.get("reason_sm3", UNTOLD)))

    def _against(
        self, kind: str, told: dict[str, Told], rows: Iterable[tuple[str, tuple[str, ...]]]
    ) -> Iterator[Breach]:
        for key, values in rows:
            self.rows += 1
            found = told.pop(key, None)
            if found is None:
                yield _added(kind, key)
                continue
            self.in_part += UNTOLD in found.values
            yield from _changed(kind, key, found, values)
        yield from (_gone(kind, key, each.number) for key, each in told.items())

    def _untold_touches(self, rows: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give the rows on that entries name by their number; the others are found among what 0.4.0 told."""
        for key, values in rows:
            if key not in self._touches and self._is_told_by_an_older(values):
                self.rows += 1
                self.in_part += 1
            else:
                yield key, values

    def _is_told_by_an_older(self, values: tuple[str, ...]) -> bool:
        person, *rest = values
        place = (UNTOLD if rest[1] == SET_ASIDE else person, *rest)
        numbers = self._old_touches.get(place)
        if not numbers:
            return False
        numbers.pop()
        return True

    def _gone_touches(self) -> Iterator[Breach]:
        for (person, _, what, _), numbers in self._old_touches.items():
            # Whether the row let go was somebody's on the registry, its entry does not tell.
            if person is not UNTOLD:
                yield from (_gone(TOUCH, f"{person}（{what}）", number) for number in numbers)

    def _compare_roles(self, rows: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Breach]:
        by_key = {each.key: place for place, each in self._roles.items() if each.key is not UNTOLD}
        for key, values in rows:
            self.rows += 1
            place = by_key.get(key, values[:4])
            role = self._roles.get(place)
            if role is None or role.key not in (key, UNTOLD):
                if self.founded:
                    yield _added(ROLE, key)
                continue
            del self._roles[place]
            self.in_part += role.key is UNTOLD
            yield from _changed(ROLE, key, Told(role.number, (*place, role.ends)), values)
        yield from (_gone(ROLE, each.key or "、".join(place), each.number) for place, each in self._roles.items())


class _Role(NamedTuple):
    number: int
    key: str | None
    ends: str


_SEEN: Final[dict[str, Callable[[ToldRows, Entry, dict[str, Any]], None]]] = {
    **dict.fromkeys(_OUTCOMES, ToldRows._see_decision),
    "role.assigned": ToldRows._see_role,
    "role.ended": ToldRows._see_role,
    "delegation.made": ToldRows._see_delegation,
    "delegation.revoked": ToldRows._see_delegation,
}


def _added(kind: str, key: str) -> Breach:
    return Breach("row", None, f"{kind}第 {key} 号在留痕里没有记载：它不是经程序登记的，有人直接改动过数据库。")


def _gone(kind: str, key: str, number: int) -> Breach:
    return Breach("row", number, f"第 {number} 条留痕所记的{kind} {key} 不在数据库里：有人直接改动过数据库。")


def _changed(kind: str, key: str, told: Told, values: tuple[str, ...]) -> Iterator[Breach]:
    pairs = zip(NAMES[kind], told.values, values, strict=True)
    differing = [name for name, said, stored in pairs if said is not UNTOLD and said != stored]
    if differing:
        what = "、".join(differing)
        sentence = f"{kind}第 {key} 号的{what}与第 {told.number} 条留痕不符：有人直接改动过数据库。"
        yield Breach("row", told.number, sentence)


def _number(subject: str) -> str:
    return subject.partition(" ")[2]


def _read(
    rows: Rows, statement: str, shown: Callable[[tuple[Any, ...]], tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give key and values of the rows in the order of their keys, some thousands at a time."""
    after = -(2**62)
    while batch := list(rows(statement.format(after=after, most=BATCH))):
        for row in batch:
            yield str(row[0]), shown(row[1:])
        after = batch[-1][0]


_DECISIONS: Final = (
    "SELECT d.id, d.case_id, d.step, d.outcome, u.username, COALESCE(b.username, ''), d.at, d.seen_digest, d.reason "
    "FROM office_decision d LEFT JOIN office_user u ON u.id = d.decided_by_id "
    "LEFT JOIN office_user b ON b.id = d.on_behalf_of_id WHERE d.id > {after} ORDER BY d.id LIMIT {most}"
)
_TOUCHES: Final = (
    "SELECT t.id, t.person_id, u.username, t.what, t.at FROM office_touch t "
    "LEFT JOIN office_user u ON u.id = t.user_id WHERE t.id > {after} ORDER BY t.id LIMIT {most}"
)
_ROLES: Final = (
    "SELECT a.id, a.user_id, a.role, r.code, a.begins, a.ends FROM office_assignment a "
    "LEFT JOIN office_region r ON r.id = a.region_id WHERE a.id > {after} ORDER BY a.id LIMIT {most}"
)
_DELEGATIONS: Final = (
    "SELECT d.id, u.username, a.role, r.code, t.username, d.begins, d.ends, d.revoked_at, d.assignment_id, d.reason "
    "FROM office_delegation d LEFT JOIN office_assignment a ON a.id = d.assignment_id "
    "LEFT JOIN office_user u ON u.id = a.user_id LEFT JOIN office_region r ON r.id = a.region_id "
    "LEFT JOIN office_user t ON t.id = d.delegate_id WHERE d.id > {after} ORDER BY d.id LIMIT {most}"
)


def _decision(row: tuple[Any, ...]) -> tuple[str, ...]:
    *known, at, seen, reason = row
    return (*map(_text, known), str(time_of(at)), _text(seen), sm3(_text(reason)))


def _touch(row: tuple[Any, ...]) -> tuple[str, ...]:
    return (*map(_text, row[:3]), str(time_of(row[3])))


def _role(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(_text, row))


def _delegation(row: tuple[Any, ...]) -> tuple[str, ...]:
    *known, revoked_at, assignment, reason = row
    revoked = "" if revoked_at is None else str(time_of(revoked_at))
    return (*map(_text, known), revoked, _text(assignment), sm3(_text(reason)))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
