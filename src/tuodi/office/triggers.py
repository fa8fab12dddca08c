"""What the database itself refuses, whoever asks: changed trail and decisions, and duties that are not kept apart."""

from collections.abc import Sequence
from typing import Any, Final

INSERT_ONLY: Final = ("office_trailentry", "office_decision", "office_touch")
"""The tables protected by the step 0002, which is released: later ones have steps of their own."""

INSERT_ONLY_LATER: Final = ("office_resolution",)
"""Tables protected by later steps (``insert_only``, ``changeable``): that of 0004."""

_DUTIES_APART = """
EXISTS (
    SELECT 1 FROM office_decision d WHERE d.case_id = NEW.case_id AND d.step <> NEW.step
    AND (d.decided_by_id IN (NEW.decided_by_id, NEW.on_behalf_of_id)
         OR d.on_behalf_of_id IN (NEW.decided_by_id, NEW.on_behalf_of_id))
) OR EXISTS (
    WITH RECURSIVE upwards(id) AS (
        SELECT person_id FROM office_case WHERE id = NEW.case_id
        UNION SELECT p.merged_into_id FROM upwards u JOIN office_person p ON p.id = u.id
        WHERE p.merged_into_id IS NOT NULL
    ), same_person(id) AS (
        SELECT id FROM upwards
        UNION SELECT p.id FROM same_person s JOIN office_person p ON p.merged_into_id = s.id
    )
    SELECT 1 FROM same_person s JOIN office_touch t ON t.person_id = s.id
    WHERE t.user_id IN (NEW.decided_by_id, NEW.on_behalf_of_id)
)
"""
"""A merged duplicate is the same person: whoever touched one record touched all of them."""


def create(vendor: str) -> list[str]:
    """Return the statements that make the triggers of the step 0002; ``vendor`` is sqlite or postgresql."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def drop(vendor: str) -> list[str]:
    """Return the statements that take them away again."""
    return _dropping(vendor, [*_names_of(INSERT_ONLY), _DUTIES])


def names() -> list[tuple[str, str]]:
    """Return every trigger there must be by name and table."""
    return [*_names_of(INSERT_ONLY), _DUTIES, *_names_of(INSERT_ONLY_LATER)]


_DUTIES: Final = ("office_decision_duties", "office_decision")


def _names_of(tables: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{table}_no_{change}", table) for table in tables for change in ("update", "delete")]


def _dropping(vendor: str, found: Sequence[tuple[str, str]]) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}" + ("" if vendor == "sqlite" else f" ON {table}") for name, table in found]


def bodies(vendor: str) -> dict[str, str]:
    """Return what each trigger does, by name, as the database itself tells it: SQLite its statement, PostgreSQL the
    body of its function.
    """
    statements = [*create(vendor), *_insert_only(vendor, INSERT_ONLY_LATER)]
    if vendor == "sqlite":
        return {statement.split()[2]: statement for statement in statements}
    functions = {each.split()[4]: each.split("$$")[1] for each in statements if "$$" in each}
    return {each.split()[2]: functions[each.split()[-1]] for each in statements if "$$" not in each}


def apply(apps: Any, schema_editor: Any) -> None:
    """Make them (for migrations)."""
    for statement in create(schema_editor.connection.vendor):
        schema_editor.execute(statement, None)


def revert(apps: Any, schema_editor: Any) -> None:
    """Take them away (for migrations)."""
    for statement in drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, None)


def insert_only(_apps: Any, schema_editor: Any) -> None:
    """Protect the later tables (for the migration that makes them); 0002 has made the function they use."""
    for statement in _insert_only(schema_editor.connection.vendor, INSERT_ONLY_LATER):
        schema_editor.execute(statement, None)


def changeable(_apps: Any, schema_editor: Any) -> None:
    """Take that protection away (for migrations)."""
    for statement in _dropping(schema_editor.connection.vendor, _names_of(INSERT_ONLY_LATER)):
        schema_editor.execute(statement, None)


def _insert_only(vendor: str, tables: Sequence[str]) -> list[str]:
    refuse = (
        "BEGIN SELECT RAISE(ABORT, 'insert-only'); END"
        if vendor == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION office_insert_only()"
    )
    return [
        f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} {refuse}"
        for table in tables
        for change in ("update", "delete")
    ]


def _sqlite() -> list[str]:
    found = _insert_only("sqlite", INSERT_ONLY)
    found.append(
        f"CREATE TRIGGER office_decision_duties BEFORE INSERT ON office_decision WHEN {_DUTIES_APART} "
        "BEGIN SELECT RAISE(ABORT, 'duties-apart'); END"
    )
    return found


def _postgresql() -> list[str]:
    found = [
        "CREATE OR REPLACE FUNCTION office_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE OR REPLACE FUNCTION office_duties_apart() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_DUTIES_APART} THEN RAISE EXCEPTION 'duties-apart' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    ]
    found += _insert_only("postgresql", INSERT_ONLY)
    found.append(
        "CREATE TRIGGER office_decision_duties BEFORE INSERT ON office_decision "
        "FOR EACH ROW EXECUTE FUNCTION office_duties_apart()"
    )
    return found
