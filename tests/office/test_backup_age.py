"""When a backup or a drill is said to be old: one rule for the desk and for the administrator's page."""

from datetime import datetime

import pytest

from tuodi.office.queries.system import backup_is_old, drill_is_old

NOW = datetime(2025, 3, 3, 8)


@pytest.mark.parametrize(
    ("made", "is_old"),
    [
        (None, True),
        (datetime(2025, 3, 3, 7), False),
        (datetime(2025, 3, 2, 0), False),
        (datetime(2025, 3, 1, 23, 59), True),
    ],
    ids=("没有备份", "今天", "昨天凌晨", "前天深夜"),
)
def test_每天一份备份_前天的就旧了(made: datetime | None, is_old: bool) -> None:
    assert backup_is_old(made, NOW) is is_old


@pytest.mark.parametrize(
    ("done", "is_old"),
    [(None, True), (datetime(2025, 1, 31), False), (datetime(2025, 1, 30, 23, 59), True)],
    ids=("没有演练", "31 天前", "32 天前"),
)
def test_每月一次演练(done: datetime | None, is_old: bool) -> None:
    assert drill_is_old(done, NOW) is is_old
