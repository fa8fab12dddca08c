"""What the pages of the comparison are asked for: month, region, list, page."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, QueryDict

from tuodi.office.models import Person
from tuodi.office.queries.comparison import Difference
from tuodi.web.form_values import whole_number

PER_PAGE: Final = 50
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a page; ``day`` is the last day of ``month``, today in the current one."""

    month: str
    day: date
    region_id: int | None

    @property
    def first(self) -> date:
        """Return the first day of the month."""
        return self.day.replace(day=1)

    def query(self, **more: object) -> str:
        """Return the filters as the part of an address behind the question mark."""
        return urlencode({"month": self.month, "region": self.region_id or "", **more})


def asked(given: QueryDict, today: date) -> Asked:
    """Return the filters asked for; a month that is none, or not yet begun, is the current one."""
    found = _MONTH.fullmatch(given.get("month", ""))
    year, month = (int(found[1]), int(found[2])) if found else (today.year, today.month)
    last = min(date(year, month, monthrange(year, month)[1]), today)
    if date(year, month, 1) > today:
        last = today
    return Asked(f"{last:%Y-%m}", last, region_of(given))


def year_of(given: QueryDict, today: date) -> int:
    """Return the year asked for, the current one if it is none."""
    text = given.get("year", "")
    return int(text) if _YEAR.fullmatch(text) else today.year


def region_of(given: QueryDict) -> int | None:
    """Return the region asked for; None for all."""
    return whole_number(given.get("region"))


def difference_of(given: QueryDict) -> Difference:
    """Return the list asked for; raises Http404 for one there is not."""
    try:
        return Difference(given.get("list", ""))
    except ValueError:
        raise Http404 from None


def page_of(people: Sequence[Person], given: QueryDict) -> Page:
    """Return the page asked for, the nearest where there is none."""
    return Paginator(people, PER_PAGE).get_page(given.get("page"))
