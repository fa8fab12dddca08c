"""Hundreds of malformed files through upload, reading and, where a preview came of them, applying and undoing."""

import logging

import pytest
from django.db import connection

from tests.intake.malformed import uploads
from tests.office.importing import Desk
from tests.office.spoilt_uploads import UNDONE, bring_in
from tuodi.office.imports.registry import KINDS

pytestmark = pytest.mark.usefixtures("sqlite")


def test_五百份坏文件_没有部分导入_没有程序错误(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    desk = Desk()
    with connection.cursor() as cursor:
        # Nobody pulls the plug here; the other tests wait for the disk.
        cursor.execute("PRAGMA synchronous=OFF")
    ended = bring_in(desk, uploads())
    assert ended.total() >= 500
    assert ended[UNDONE] >= 20, ended
    assert not caplog.records
    assert KINDS.keys() >= {upload.kind for upload in uploads()}
