"""Who writes records on behalf of an operation: an import keeps what stood there before, anybody else need not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.db import models

from tuodi.office.bulk import insert_with_keys


class Recorder(Protocol):
    """Who writes records: an import's (``imports.recorder``) keeps what stood there before."""

    def create(self, objects: Sequence[models.Model]) -> None:
        """Insert new records of one table."""
        ...

    def update(self, table: type[models.Model], values: Mapping[int, Mapping[str, Any]]) -> None:
        """Change the same fields of records: key -> field -> value."""
        ...

    def name(self, table: type[models.Model], keys: Iterable[int]) -> None:
        """Keep that records were named and not changed."""
        ...


class Plain:
    """Writes records and keeps nothing."""

    def create(self, objects: Sequence[models.Model]) -> None:
        """Insert new records of one table."""
        if objects:
            insert_with_keys(objects)

    def update(self, table: type[models.Model], values: Mapping[int, Mapping[str, Any]]) -> None:
        """Change the same fields of records: key -> field -> value."""
        for key, fields in values.items():
            table._default_manager.filter(pk=key).update(**fields)

    def name(self, table: type[models.Model], keys: Iterable[int]) -> None:
        """Keep nothing."""
