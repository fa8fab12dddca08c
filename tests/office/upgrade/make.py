"""Write a small made-up installation of this version as SQL: ``python -m tests.office.upgrade.make 0.4.0``.

Run once when a version is released, and never again for that version: what its databases were is a fact. Before the
release, after each change of the first migration. Sealed fields stay empty: their keys are another installation's.
"""

import sqlite3
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

from django.db import connections

from tests.office import databases, importing, made_up
from tuodi.office.models import User
from tuodi.office.roles import Role

HERE = Path(__file__).parent


def main() -> None:
    """Write ``<version>.sql``."""
    with tempfile.TemporaryDirectory() as folder:
        files = databases.SqliteFiles(Path(folder))
        files.prepare()
        with files.fresh() as config:
            databases.use(config)
            _furnish()
            connections.close_all()
            with sqlite3.connect(config["NAME"]) as database:
                text = "\n".join(database.iterdump()) + "\n"
    (HERE / f"{sys.argv[1]}.sql").write_text(text, encoding="utf-8")


def _furnish() -> None:
    """Two imports by clerk and reviewer, a user for each role, an open case of screening where one arises."""
    desk = importing.Desk()
    people = [
        {"psn_no": f"P{number}", "psn_name": f"赵{number}", "family_no": f"F{number // 2}"} for number in range(6)
    ]
    desk.apply("roster", importing.roster(people))
    rows = [importing.settlement(f"S{number}", f"P{number % 6}") for number in range(12)]
    desk.apply("settlements", importing.settlements(rows))
    top = made_up.region("示例县")
    for role in (Role.TOWN_CLERK, Role.AUDITOR, Role.SYSTEM_ADMIN):
        made_up.user(role, top)
    User.objects.update(created_at=datetime(2025, 1, 1), last_login=None)
    assert date(2025, 3, 3) == made_up.TODAY


if __name__ == "__main__":
    main()
