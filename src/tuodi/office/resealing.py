"""After a new key was added: everything sealed by an older one is sealed again, a little at a time.

Each value is exchanged only if it is still what was read, so people go on working meanwhile; an interruption loses
nothing, and what is left is found by the number of the key that stands in front of every sealed value.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import models, transaction

from tuodi.office import second_factor
from tuodi.office.imports import files
from tuodi.office.imports.recorder import place_of
from tuodi.office.models import Account, ImportChange, Person, SecondFactor
from tuodi.office.secrets import newest_number, seal_bytes, unseal_bytes

AT_ONCE: Final = 500


class Sealed(NamedTuple):
    """A sealed column: its table, its name and to which place a record's value is bound."""

    table: type[models.Model]
    column: str
    place: Callable[[Any], str]
    related: tuple[str, ...] = ()


COLUMNS: Final = (
    Sealed(Person, "certno_sealed", lambda person: f"person.certno {person.token}"),
    Sealed(Person, "phone_sealed", lambda person: f"person.phone {person.token}"),
    Sealed(Account, "number_sealed", lambda account: f"account.number {account.token}"),
    Sealed(
        ImportChange,
        "before_sealed",
        lambda change: place_of(change.batch, change.table, change.record),
        ("batch",),
    ),
    Sealed(SecondFactor, "key_sealed", lambda factor: second_factor.place(factor.user_id)),
)
"""Every sealed column there is; a test looks for columns that are missing here."""


def is_unfinished() -> bool:
    """Tell whether anything is still sealed by an older key."""
    return any(True for column in COLUMNS for _ in _older(column)) or any(True for _ in _older_files())


def reseal_all() -> Iterator[int]:
    """Seal again what older keys sealed; gives now and then how much is done, at the end too."""
    done = 0
    for column in COLUMNS:
        for batch in _older(column):
            done += _reseal(column, batch)
            yield done
    for token in _older_files():
        files.reseal(token)
        done += 1
        yield done


def _older(column: Sealed) -> Iterator[list[Any]]:
    """Give the records whose value an older key sealed, some at a time, in the order of their keys."""
    newest, after = newest_number(), 0
    objects = column.table._default_manager
    while found := list(objects.filter(pk__gt=after).order_by("pk").select_related(*column.related)[:AT_ONCE]):
        after = found[-1].pk
        values = [(record, bytes(getattr(record, column.column))) for record in found]
        sealed = [(record, value) for record, value in values if value not in (b"", ImportChange.NAMED)]
        if older := [record for record, value in sealed if value[0] != newest]:
            yield older


def _reseal(column: Sealed, records: list[Any]) -> int:
    """Exchange the values of some records, each only if nobody changed it since it was read."""
    count = 0
    with transaction.atomic():
        for record in records:
            before = bytes(getattr(record, column.column))
            place = column.place(record)
            after = seal_bytes(unseal_bytes(before, place), place)
            still = column.table._default_manager.filter(pk=record.pk, **{column.column: before})
            count += still.update(**{column.column: after})
    return count


def _older_files() -> Iterator[str]:
    folder = Path(settings.UPLOADS)
    newest = newest_number()
    for path in sorted(folder.glob("[!.]*")) if folder.is_dir() else ():
        if files.key_number(path.name) != newest:
            yield path.name
