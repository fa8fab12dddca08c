"""Many records at once, by one prepared statement: Django's own way builds an expression for each value."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import connection, models

# What these fields hold goes to the database as it is; everything else, and every other value, as its field says.
_AS_IT_IS: Final = {
    "CharField": str,
    "TextField": str,
    "BooleanField": bool,
    "BigAutoField": int,
    "BigIntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
}


def chunks(keys: Sequence[Any], size: int = 800) -> Iterable[Sequence[Any]]:
    """Yield the keys in pieces that one query can hold on every database."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def insert(table: type[models.Model], records: Iterable[models.Model]) -> None:
    """Insert new records, which do not learn their keys; constraints hold as for any insert."""
    fields = [field for field in table._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    row = _row_of(fields)
    _inserted(table, [field.column for field in fields], [row(record) for record in records])


def insert_with_keys(records: Sequence[models.Model]) -> None:
    """Insert new records of one table; each has its ``pk`` afterwards. Inside a transaction."""
    if not records:
        return
    table = type(records[0])
    for record, key in zip(records, _new_keys(table, len(records)), strict=True):
        record.pk = key
    fields = list(table._meta.local_concrete_fields)
    row = _row_of(fields)
    _inserted(table, [field.column for field in fields], [row(record) for record in records])
    for record in records:
        record._state.adding = False


def insert_rows(table: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of some fields, values as the database takes them; every other field must have a default there."""
    _inserted(table, [table._meta.get_field(name).column for name in names], rows)


def write_over(table: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write some fields of records that exist."""
    row = _row_of([*(table._meta.get_field(name) for name in names), table._meta.pk])
    write_columns(table, names, [row(record) for record in records])


def write_columns(table: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write some columns of many rows: values as the database takes them, each row's key last."""
    if names:
        columns = ", ".join(f"{_name(table._meta.get_field(name).column)} = %s" for name in names)
        key = _name(table._meta.pk.column)
        _executed(f"UPDATE {_name(table._meta.db_table)} SET {columns} WHERE {key} = %s", rows)  # noqa: S608


def _new_keys(table: type[models.Model], count: int) -> Sequence[int]:
    """Return keys nobody else will use."""
    name = table._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [_name(name), table._meta.pk.column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # The transaction has the only write lock there is.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        (last,) = cursor.fetchone() or (0,)
        return range(last + 1, last + 1 + count)


def _row_of(fields: Sequence[Any]) -> Callable[[models.Model], tuple[Any, ...]]:
    """Return what makes a record's row."""
    ways = [(field.attname, _AS_IT_IS.get(_type_of(field)), field.get_db_prep_save) for field in fields]

    def row(record: models.Model) -> tuple[Any, ...]:
        values = record.__dict__
        return tuple(
            value if type(value := values[name]) is plain or value is None else prepare(value, connection)
            for name, plain, prepare in ways
        )

    return row


def _type_of(field: Any) -> str:
    return str(getattr(field, "target_field", field).get_internal_type())


def _name(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _inserted(table: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    names, places = ", ".join(map(_name, columns)), ", ".join(["%s"] * len(columns))
    _executed(f"INSERT INTO {_name(table._meta.db_table)} ({names}) VALUES ({places})", rows)  # noqa: S608


def _executed(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
