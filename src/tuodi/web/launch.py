"""Setting Django up for a program started by hand; nothing here needs Django to be set up."""

import os
from pathlib import Path

import django
from django.core.management.base import CommandError

from tuodi.web.home import database

FOUND, WRONG_USE = 1, 2


class Stopped(CommandError):
    """A command that goes no further: a Chinese sentence and the exit status (1 found or refused, 2 wrong use)."""

    def __init__(self, sentence: str, status: int = WRONG_USE) -> None:
        super().__init__(sentence, returncode=status)


def prepare(is_demo: bool | None = None) -> None:
    """Set Django up; the second factor is off only where ``is_demo``. None leaves the environment as it is.

    Raises Stopped where the environment cannot be used, OSError where the folder cannot.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuodi.web.settings")
    if is_demo is not None:
        os.environ["TUODI_DEMO"] = "1" if is_demo else "0"
    try:
        database(os.environ.get("DATABASE_URL", ""), Path())
    except ValueError:
        raise Stopped("DATABASE_URL 写得不对；应为 postgresql://用户:密码@地址:端口/库名，不写则用 SQLite。") from None
    django.setup()
