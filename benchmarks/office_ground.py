"""What the parts of the made-up county stand on: the day it is looked at, and how records come into its tables."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from tuodi.office.bulk import insert

DAY: Final = date(2024, 12, 20)
MOMENT: Final = datetime(2024, 12, 20, 9)
"""When everything is filled in: pages are asked on that day, imports come after it."""
BEGIN: Final = datetime(2024, 1, 2, 9)
LISTS_OF: Final = date(2024, 12, 1)
"""The day the newest lists tell of."""
AT_ONCE: Final = 20_000
IDENTITIES: Final = (
    "特困人员",
    "低保对象",
    "低保对象",
    "低保对象",
    "返贫致贫人口",
    "监测对象",
    "低保边缘家庭成员",
    "脱贫人口",
    "脱贫人口",
)


def fill(table: Any, records: Iterator[Any]) -> None:
    """Insert records, some thousands at a time; an empty table numbers them from 1."""
    while block := list(islice(records, AT_ONCE)):
        with transaction.atomic():
            insert(table, block)


def analyze() -> None:
    """Let PostgreSQL look at what lies in its tables, as it does by itself in the long run; SQLite never does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def stored(moment: datetime) -> object:
    """Return a time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def stored_day(day: date | None) -> object:
    """Return a day as the database takes it."""
    return connection.ops.adapt_datefield_value(day)
