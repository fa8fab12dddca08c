"""Ten thousand malformed files brought in as far as each goes, on both databases: nothing in part, no fault."""

import logging

import pytest
from django.db import connection

from tests.intake.malformed import more
from tests.long.sizes import size
from tests.office.importing import Desk
from tests.office.spoilt_uploads import bring_in

# Each seed gives 385 files.
SEEDS = size(26)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_坏文件_没有部分导入_没有程序错误(both_databases: str, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    desk = Desk()
    if both_databases == "sqlite":
        with connection.cursor() as cursor:
            # Nobody pulls the plug here.
            cursor.execute("PRAGMA synchronous=OFF")
    assert bring_in(desk, more(seed)).total() == 385
    assert not caplog.records
