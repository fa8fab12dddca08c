"""Many records at once by one prepared statement: Django's own way builds an expression for each value."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(table: type[models.Model], records: Iterable[models.Model]) -> None:
    """Insert new records, which do not learn their keys; constraints hold as for any insert."""
    fields = [field for field in table._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    _executed(
        f"INSERT INTO {_name(table._meta.db_table)} ({', '.join(_name(field.column) for field in fields)}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(fields))})",
        [tuple(_prepared(field, record) for field in fields) for record in records],
    )


def write_over(table: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write some fields of records that exist."""
    fields = [table._meta.get_field(name) for name in names]
    rows = [(*(_prepared(field, record) for field in fields), record.pk) for record in records]
    write_columns(table, names, rows)


def write_columns(table: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write some columns of many rows: values as the database takes them, each row's key last."""
    if names:
        columns = ", ".join(f"{_name(table._meta.get_field(name).column)} = %s" for name in names)
        key = _name(table._meta.pk.column)
        _executed(f"UPDATE {_name(table._meta.db_table)} SET {columns} WHERE {key} = %s", rows)  # noqa: S608


def _name(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _prepared(field: Any, record: models.Model) -> Any:
    return field.get_db_prep_save(getattr(record, field.attname), connection)


def _executed(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
