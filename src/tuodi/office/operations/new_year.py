"""The list of persons whose identity ends with the old year, taken along."""

from datetime import datetime

from tuodi.office.access import Actor
from tuodi.office.operations.writing import writing
from tuodi.office.queries.new_year import ending_without_renewal
from tuodi.office.queries.reach import within
from tuodi.office.roles import Action


def export_ending(*, actor: Actor, at: datetime, year: int) -> list[tuple[str, ...]]:
    """Return number, name, town, identity, begin, end and source of each identity that ends without renewal."""
    with writing(actor, Action.EXPORT_PEOPLE, at) as write:
        found = ending_without_renewal(year).filter(within(actor, Action.EXPORT_PEOPLE, "person__region"))
        rows: list[tuple[str, ...]] = [
            (
                each.person.psn_no,
                each.person.psn_name,
                each.person.region.name if each.person.region else "",
                each.identity,
                each.begin.isoformat(),
                each.end.isoformat(),
                each.source,
            )
            for each in found
        ]
        write.log("people.exported", f"new_year {year}", rows=len(rows))
    return rows
