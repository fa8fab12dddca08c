"""Writes the records of an import in bulk and keeps what stood there before: the ground on which it can be undone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models

from tuodi.office.bulk import insert_with_keys, write_over
from tuodi.office.models import ImportBatch, ImportChange
from tuodi.office.secrets import seal, unseal

AT_ONCE = 500
# What was only named before may be changed after all: then what stood there counts.
_INSERT_CHANGE = (
    'INSERT INTO office_importchange (batch_id, "table", record, before_sealed) VALUES (%s, %s, %s, %s)'
    ' ON CONFLICT (batch_id, "table", record) DO UPDATE SET before_sealed = excluded.before_sealed'
    " WHERE office_importchange.before_sealed = %s"
)


class Recorder:
    """Creates, changes and deletes records on behalf of one batch.

    The first image of a record counts: what stood there before the batch, however often the batch changes it.
    """

    def __init__(self, batch: ImportBatch) -> None:
        """Record for ``batch``, inside the transaction that applies it."""
        self.batch = batch
        self._known: set[tuple[str, int]] = set()

    def create(self, objects: Sequence[models.Model]) -> None:
        """Insert new records of one table; each has its ``pk`` afterwards."""
        for piece in _pieces(objects):
            insert_with_keys(piece)
            self._keep([(each, b"") for each in piece])

    def update(self, table: type[models.Model], values: Mapping[int, Mapping[str, Any]]) -> None:
        """Change records: key -> field name -> new value; all records of one call change the same fields."""
        for piece in _pieces(sorted(values)):
            found = table._default_manager.select_for_update(no_key=True).in_bulk(piece)
            self._keep([(each, self._image(each)) for each in found.values()])
            fields = sorted(values[piece[0]])
            for key, each in found.items():
                for name in fields:
                    setattr(each, name, values[key][name])
            write_over(table, list(found.values()), fields)

    def delete(self, table: type[models.Model], keys: Iterable[int]) -> None:
        """Delete records; undoing brings them back under the same key."""
        for piece in _pieces(sorted(keys)):
            found = table._default_manager.select_for_update().in_bulk(piece)
            self._keep([(each, self._image(each)) for each in found.values()])
            table._default_manager.filter(pk__in=list(found)).delete()

    def name(self, table: type[models.Model], keys: Iterable[int]) -> None:
        """Keep that the file names records and changes nothing about them; whoever made them cannot be undone alone."""
        label = table._meta.label_lower
        self._insert([(label, key, ImportChange.NAMED) for key in sorted(set(keys)) if (label, key) not in self._known])

    def _image(self, record: models.Model) -> bytes:
        return seal(image(record), place_of(self.batch, record._meta.label_lower, record.pk))

    def _keep(self, images: Sequence[tuple[models.Model, bytes]]) -> None:
        rows = []
        for record, before in images:
            key = (record._meta.label_lower, record.pk)
            if key not in self._known:
                self._known.add(key)
                rows.append((*key, before))
        self._insert(rows)

    def _insert(self, rows: Sequence[tuple[str, int, bytes]]) -> None:
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(_INSERT_CHANGE, [(self.batch.pk, *row, ImportChange.NAMED) for row in rows])


def place_of(batch: ImportBatch, table: str, record: int) -> str:
    """Return to what a sealed image is bound."""
    return f"import-change {batch.token} {table} {record}"


def image(record: models.Model) -> str:
    """Return a record as JSON, from which ``restored`` makes it again."""
    fields = record._meta.concrete_fields
    values = {f.attname: None if getattr(record, f.attname) is None else f.value_to_string(record) for f in fields}
    return json.dumps(values, ensure_ascii=False)


def restored(change: ImportChange, batch: ImportBatch) -> models.Model:
    """Return the record as it stood before a batch (not saved); only for a change with an image.

    An image of an earlier version of the program lacks the columns that came later: they are as in a new record.
    """
    table = table_of(change.table)
    values = json.loads(unseal(bytes(change.before_sealed), place_of(batch, change.table, change.record)))
    fields = table._meta.concrete_fields
    known = [f for f in fields if f.attname in values]
    made = {f.attname: None if values[f.attname] is None else f.to_python(values[f.attname]) for f in known}
    return table(**made)


def table_of(label: str) -> type[models.Model]:
    """Return the table of ``ImportChange.table``."""
    return apps.get_model(label)


def _pieces(items: Sequence[Any]) -> Iterable[list[Any]]:
    items = list(items)
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
