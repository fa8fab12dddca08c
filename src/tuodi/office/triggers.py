"""What the database itself refuses, whoever asks: changed trail and decisions, and duties that are not kept apart."""

from typing import Any, Final

INSERT_ONLY: Final = ("office_trailentry", "office_decision", "office_touch")

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
    """Return the statements that make the triggers; ``vendor`` is sqlite or postgresql."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def drop(vendor: str) -> list[str]:
    """Return the statements that take them away again."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name, _ in names()]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in names()]


def names() -> list[tuple[str, str]]:
    """Return every trigger by name and table."""
    found = [(f"{table}_no_{change}", table) for table in INSERT_ONLY for change in ("update", "delete")]
    return [*found, ("office_decision_duties", "office_decision")]


def bodies(vendor: str) -> dict[str, str]:
    """Return what each trigger does, by name, as the database itself tells it: SQLite its statement, PostgreSQL the
    body of its function.
    """
    statements = create(vendor)
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


def _sqlite() -> list[str]:
    found = [
        f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'insert-only'); END"
        for table in INSERT_ONLY
        for change in ("update", "delete")
    ]
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
    found += [
        f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION office_insert_only()"
        for table in INSERT_ONLY
        for change in ("update", "delete")
    ]
    found.append(
        "CREATE TRIGGER office_decision_duties BEFORE INSERT ON office_decision "
        "FOR EACH ROW EXECUTE FUNCTION office_duties_apart()"
    )
    return found
