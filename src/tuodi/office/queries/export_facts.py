"""The tables' facts as the contract's files: ours go out, and ``tuodi assess`` on them gives what is stored.

Nothing is filtered by region and document numbers stay here: whoever offers these files to somebody asks first what
that person may have. Withheld rows cannot be written: their persons' years are assessed as if nothing were in doubt.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tuodi.office.facts import COLUMNS, Numbers, holdings_of, settlements_of
from tuodi.office.models import Person, Settlement
from tuodi.report.tables import Column, Kind, Row, write_table

_FIRST_AMOUNT: Final = COLUMNS.index("medfee_sumamt")
_LAST_AMOUNT: Final = COLUMNS.index("psn_cash_pay")
_PARTS: Final = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt")
_PERSONS_AT_ONCE: Final = 5_000

PERSON_COLUMNS: Final = tuple(
    Column(name) for name in ("psn_no", "psn_name", "brdy", "identity", "begntime", "endtime", "family_no")
)
SETTLEMENT_COLUMNS: Final = (
    *(
        Column(name, Kind.MONEY if _FIRST_AMOUNT <= at <= _LAST_AMOUNT else Kind.TEXT)
        for at, name in enumerate(COLUMNS)
    ),
    *(Column(name, Kind.MONEY) for name in _PARTS),
    Column("fixmedins_code"),
)


class FactFiles(NamedTuple):
    """Where the two files lie."""

    persons: Path
    settlements: Path


def write_facts(folder: Path) -> FactFiles:
    """Write persons.csv and settlements.csv into an existing folder."""
    files = FactFiles(folder / "persons.csv", folder / "settlements.csv")
    write_table(files.persons, PERSON_COLUMNS, _persons())
    write_table(files.settlements, SETTLEMENT_COLUMNS, _settlements())
    return files


def _persons() -> Iterator[Row]:
    numbers = Numbers()
    persons = Person.objects.filter(merged_into__isnull=True).order_by("psn_no")
    columns = ("psn_no", "psn_name", "brdy", "household__family_no")
    last = ""
    while rows := list(persons.filter(psn_no__gt=last).values_list(*columns)[:_PERSONS_AT_ONCE]):
        last = rows[-1][0]
        known = {psn_no: (name, str(birth or "")) for psn_no, name, birth, _ in rows}
        families = {psn_no: family_no or "" for psn_no, _, _, family_no in rows}
        for held in holdings_of(numbers, families):
            yield held.psn_no, *known[held.psn_no], held.identity, str(held.begin), str(held.end or ""), held.family_no


def _settlements() -> Iterator[Row]:
    numbers = Numbers()
    sent = Settlement.objects.order_by("psn_no").values_list("psn_no", flat=True).distinct()
    last = ""
    while piece := list(sent.filter(psn_no__gt=last)[:_PERSONS_AT_ONCE]):
        last = piece[-1]
        asked, survivors = set(piece), {numbers.survivor(psn_no) for psn_no in piece}
        for filed in settlements_of(numbers, survivors, None, (*_PARTS, "fixmedins_code", "psn_no")):
            *also, sent_as = filed.also
            # What came under a duplicate's number is written when that number is met.
            if sent_as in asked:
                yield *map(_cell, filed.settlement[: len(COLUMNS)]), *map(_cell, also)


def _cell(value: object) -> str | int:
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, int) else str(value)
