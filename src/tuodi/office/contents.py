"""What two rows say of one thing: kept as text, compared, told side by side.

Contents are column -> value as JSON holds it: amounts in fen, times and days as ISO texts. Of a settlement they are all
columns that come from a file, of an answer its amount and day, of a former payment its amount, day and person.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from tuodi.intake.layouts import load_layout
from tuodi.intake.office_words import PAYER, usual_word
from tuodi.intake.settlements import ID_CONFLICT, PARTS
from tuodi.kernel.codes import named
from tuodi.kernel.money import yuan_grouped
from tuodi.office import trail
from tuodi.office.bulk import chunks
from tuodi.office.facts import COLUMNS
from tuodi.office.models import Contradiction, FormerPayment, PayerAnswer, Settlement
from tuodi.office.models.contradictions import Kind

Contents = dict[str, Any]
"""What a row says; see the module."""

STORED_PARTS: Final = PARTS[:3]
COMPARED: Final = (*(name for name in COLUMNS if name not in ("setl_id", "refd_setl_flag")), *STORED_PARTS)
"""What makes two settlements of one number different ones."""

DESCRIPTIVE: Final = ("fixmedins_code", "medins_setl_id")
"""They change no result: who does not give them contradicts nobody."""

RULES: Final = {
    Kind.SETTLEMENT: ID_CONFLICT,
    Kind.ANSWER: "answer-conflict",
    Kind.PAYMENT: "payment-conflict",
}
"""The rule under which each kind is told and holds back."""

_COLUMNS: Final = {
    Kind.SETTLEMENT: (*COMPARED, *DESCRIPTIVE, "refd_setl_flag"),
    Kind.ANSWER: ("paid_fen", "answered_on"),
    Kind.PAYMENT: ("paid_fen", "paid_on", "psn_no"),
}
_TABLES: Final[Mapping[str, Any]] = {
    Kind.SETTLEMENT: Settlement,
    Kind.ANSWER: PayerAnswer,
    Kind.PAYMENT: FormerPayment,
}
_KEYS: Final = {Kind.ANSWER: "payer", Kind.PAYMENT: "reference"}
_LAYOUTS: Final = {
    Kind.SETTLEMENT: "settlement_records",
    Kind.ANSWER: "payer_answers",
    Kind.PAYMENT: "former_payments",
}
_CODED: Final = ("med_type", "insutype")
_DAYS: Final = ("answered_on", "paid_on")
_DIFFERENCES_TOLD: Final = 3


class Line(NamedTuple):
    """One field of two rows as a page shows them; ``differs`` where they contradict each other in it."""

    label: str
    recorded: str
    other: str
    differs: bool
    is_amount: bool


def contents_of(kind: str, values: Mapping[str, Any]) -> Contents:
    """Return what a row says from the values of its table's columns."""
    found = {}
    for name in _COLUMNS[Kind(kind)]:
        value = values[name]
        if isinstance(value, datetime):
            value = value.isoformat(sep=" ", timespec="seconds")
        found[name] = value.isoformat() if isinstance(value, date) else "" if value is None else value
    return found


def values_of(kind: str, contents: Contents) -> dict[str, Any]:
    """Return the values of the table's columns; the inverse of ``contents_of``."""
    values = dict(contents)
    for name in _DAYS:
        if name in values:
            values[name] = date.fromisoformat(values[name]) if values[name] else None
    if kind == Kind.SETTLEMENT:
        values["setl_time"] = datetime.fromisoformat(values["setl_time"])
        values["year"] = values["setl_time"].year
    return values


def written(contents: Contents) -> str:
    """Return contents as they are kept."""
    return trail.canonical(contents)


def read(text: str) -> Contents:
    """Return kept contents."""
    found: Contents = json.loads(text)
    return found


def digest_of(value: object) -> str:
    """Return the SHA-256 over anything JSON can hold."""
    return hashlib.sha256(trail.canonical(value).encode()).hexdigest()


def differing(kind: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return in which fields two rows contradict each other; what only one of them gives contradicts nothing."""
    if kind == Kind.PAYMENT:
        return [name for name in ("paid_fen",) if one[name] != other[name]]
    if kind == Kind.ANSWER:
        return [name for name in _COLUMNS[Kind.ANSWER] if one[name] != other[name]]
    found = [name for name in COMPARED if one[name] != other[name]]
    return found + [name for name in DESCRIPTIVE if one[name] and other[name] and one[name] != other[name]]


def told(kind: str, recorded: Contents, other: Contents) -> str:
    """Return in a sentence in what another row contradicts the recorded one."""
    names = differing(kind, recorded, other)
    if kind == Kind.ANSWER:
        days = f"（{recorded['answered_on']}）" if recorded["answered_on"] else ""
        return f"同一天的前序支付答复{days}不同：原为 {_told(recorded, 'paid_fen')}、又报 {_told(other, 'paid_fen')}"
    if kind == Kind.PAYMENT:
        return f"同一支付编号的金额不同：原为 {_told(recorded, 'paid_fen')}、又报 {_told(other, 'paid_fen')}"
    labels = labels_of(kind)
    parts = [
        f"{labels.get(name, name)}原为 {_told(recorded, name)}、又报 {_told(other, name)}"
        for name in names[:_DIFFERENCES_TOLD]
    ]
    more = f"等 {len(names)} 处" if len(names) > _DIFFERENCES_TOLD else ""
    return f"结算编号已有记录而内容不同：{'；'.join(parts)}{more}"


def subject(contradiction: Contradiction) -> str:
    """Return what two rows contradict each other about, in words."""
    if contradiction.kind == Kind.ANSWER:
        return f"{usual_word(PAYER, contradiction.key)}的答复"
    if contradiction.kind == Kind.PAYMENT:
        return f"既有系统支付 {contradiction.key}"
    return "结算记录"


def side_by_side(kind: str, recorded: Contents, other: Contents) -> list[Line]:
    """Return two rows field by field; fields that neither gives are left out."""
    labels, contrary = labels_of(kind), set(differing(kind, recorded, other))
    return [
        Line(
            labels.get(name, name),
            _shown(recorded, name),
            _shown(other, name),
            name in contrary or (name == "refd_setl_flag" and recorded[name] != other[name]),
            is_amount(recorded[name]),
        )
        for name in _COLUMNS[Kind(kind)]
        if name in contrary or recorded[name] or other[name]
    ]


def is_amount(value: object) -> bool:
    """Tell an amount from texts and flags."""
    return isinstance(value, int) and not isinstance(value, bool)


@lru_cache
def labels_of(kind: str) -> dict[str, str]:
    """Return what each column is called in files."""
    fields = load_layout(_LAYOUTS[Kind(kind)]).fields
    labels = {each.name: each.labels[0] for each in fields}
    return labels | {"paid_fen": labels.get("paid_amt", ""), "refd_setl_flag": "冲正"}


def _told(contents: Contents, name: str) -> str:
    value = contents[name]
    return yuan_grouped(value) if is_amount(value) else str(value) or "空"


def _shown(contents: Contents, name: str) -> str:
    if name == "refd_setl_flag":
        return "已冲正" if contents[name] else "有效"
    if name in _CODED and contents[name]:
        return named(name, contents[name])
    return _told(contents, name)


class Recorded(NamedTuple):
    """The record in force: its row and what it says."""

    record: Any
    contents: Contents


def recorded(contradictions: Collection[Contradiction], *, lock: bool = False) -> dict[int, Recorded]:
    """Return the record in force of each contradiction, by its key; none where there is none (any more)."""
    found: dict[tuple[str, str, str], Any] = {}
    for kind, table in _TABLES.items():
        key = _KEYS.get(Kind(kind))
        for piece in chunks(sorted({each.setl_id for each in contradictions if each.kind == kind})):
            rows = table.objects.filter(setl_id__in=piece).order_by("pk")
            for row in rows.select_for_update(of=("self",)) if lock else rows:
                found[kind, row.setl_id, getattr(row, key) if key else ""] = row
    return {
        each.pk: Recorded(row, contents_of(each.kind, row.__dict__))
        for each in contradictions
        if (row := found.get((each.kind, each.setl_id, each.key))) is not None
    }
