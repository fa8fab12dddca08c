"""Refused rows of a roster: whom they hold back, and whom a full list names although their rows do not count."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from django.db.models import Max

from tuodi.intake.facts import Refusal
from tuodi.office.imports.roster_periods import ROSTER
from tuodi.office.imports.roster_rows import RosterRows
from tuodi.office.models import Holding, ImportBatch, Person, Withheld

SETTLED: Final = "较新的名册里这个人的各行没有问题"
ALREADY_SETTLED: Final = "同日或更新的名册里这个人的各行没有问题"
_OF_ANOTHER_TOWN: Final = "须由别的乡镇导入，这一行没有采用"
"""Why a row holds back no more, or never did."""


def newest_lists(persons: Iterable[Person]) -> dict[str, date]:
    """Return the day of the newest list that names somebody, by the number it gives."""
    of_key = {person.pk: person.psn_no for person in persons}
    found = Holding.objects.filter(person_id__in=list(of_key), confirmed_on__isnull=False).order_by()
    newest = found.values_list("person_id", "listed_as").annotate(Max("confirmed_on"))
    return {listed_as or of_key[key]: day for key, listed_as, day in newest}


def is_settled(as_of: date, newest: date | None, live: Iterable[Withheld]) -> bool:
    """Tell whether a refused row of a list of ``as_of`` counts no more: a list as new names the person, without doubt.

    ``newest`` is the day of the newest list that names them, ``live`` what else holds them back: a row as new as that
    list leaves it in doubt.
    """
    if newest is None or newest < as_of:
        return False
    return not any(each.batch is not None and each.batch.as_of >= newest for each in live)


class RosterRefusals:
    """The refused rows of one list, by ``psn_no``, beside what is known of these people."""

    def __init__(self, batch: ImportBatch, rows: RosterRows) -> None:
        """Begin with nobody looked up."""
        self.batch = batch
        self.refused = rows.refused
        self._elsewhere = dict(rows.elsewhere)
        self._live: dict[str, list[Withheld]] = {}
        self._newest: dict[str, date] = {}

    @property
    def spared(self) -> Collection[str]:
        """Whom the list ends nothing of, though none of their rows may count."""
        return self.refused.keys() | self._elsewhere.keys()

    def look_up(self, psn_nos: Collection[str], persons: Iterable[Person]) -> None:
        """Look up what holds these people back, and the day of the newest list that names each of them."""
        self._live = {}
        live = Withheld.objects.filter(kind=ROSTER, psn_no__in=psn_nos, ended_at__isnull=True)
        for each in live.select_related("batch").order_by("pk"):
            self._live.setdefault(each.psn_no, []).append(each)
        self._newest = newest_lists(persons)

    def leave(self, refusal: Refusal) -> None:
        """Leave a row to the town it is of."""
        self._elsewhere.setdefault(refusal.psn_no, refusal)

    def settled(self, psn_no: str) -> list[int]:
        """Return the keys of what holds somebody back no more, since this list has no refused row of theirs."""
        if psn_no in self.refused:
            return []
        live = self._live.get(psn_no, ())
        return [each.pk for each in live if each.batch is None or each.batch.as_of <= self.batch.as_of]

    def withheld(self, psn_no: str) -> Withheld | None:
        """Return the row that holds somebody back, or would if no list as new had settled it; None without one."""
        refusal = self.refused.get(psn_no)
        if refusal is None:
            return None
        is_over = is_settled(self.batch.as_of, self._newest.get(psn_no), self._live.get(psn_no, ()))
        return self._row(psn_no, refusal, ALREADY_SETTLED if is_over else "")

    def of_other_towns(self) -> list[Withheld]:
        """Return the rows by which it is known later as well whom this full list names; they hold nobody back."""
        return [self._row(psn_no, refusal, _OF_ANOTHER_TOWN) for psn_no, refusal in sorted(self._elsewhere.items())]

    def _row(self, psn_no: str, refusal: Refusal, ended_why: str) -> Withheld:
        return Withheld(
            kind=ROSTER,
            psn_no=psn_no,
            rule=refusal.rule,
            message=refusal.message,
            row=refusal.row or None,
            batch=self.batch,
            ended_why=ended_why,
        )
