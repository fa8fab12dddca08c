"""Which records are the same person: a merged duplicate is the record it was merged into, and that is no duplicate.

Nobody merges into a duplicate, or one that others were merged into (``operations.merging``): there is one step to go.
"""

from collections.abc import Collection

from tuodi.office.models import Person


def survivors() -> dict[int, int]:
    """Return the key of the record that counts by the key of each duplicate: there are few."""
    return dict(Person.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))


def records_of(keys: Collection[int]) -> set[int]:
    """Return the keys of all records that are the same persons as some: those that count and every duplicate."""
    into = dict(Person.objects.filter(pk__in=keys).values_list("pk", "merged_into_id"))
    counting = {into[key] or key for key in into}
    return counting | set(Person.objects.filter(merged_into__in=counting).values_list("pk", flat=True))
