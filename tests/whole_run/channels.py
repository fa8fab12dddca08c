"""The channels of a test run that are searched: log, addresses and answers of pages, trail, jobs, programs, files."""

import gzip
import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.handlers.base import BaseHandler
from django.db import DatabaseError, connections
from django.db.models.signals import post_save, pre_save

from tests.whole_run.leaks import SEARCH, numbers_in

LOG, ADDRESS, ERROR_PAGE, HEADER = "日志", "网址", "出错页面", "应答头"
TRAIL, JOB, SCREEN, PROGRAM, LOG_FILE, BROWSER = "留痕", "任务消息", "屏幕", "程序输出", "日志文件", "浏览器"
ALWAYS: Final = (LOG, ADDRESS, ERROR_PAGE, HEADER, TRAIL, JOB, LOG_FILE)
"""What every complete run writes to; the rest depends on what the machine has."""

# Searching people by name is a GET by decision; their numbers go by POST.
_NAMES_ASKED_FOR = ("/people?", "/people/?")
_REFUSED_FORM = 422


def open_all() -> None:
    """Begin to listen; for the whole session."""
    logging.setLogRecordFactory(_searched_record)
    get_response = BaseHandler.get_response
    communicate = subprocess.Popen.communicate

    def searched_response(self: BaseHandler, request: Any) -> Any:
        _look_at_address(request)
        answer = get_response(self, request)
        look_at_answer(answer, typed=_typed(request))
        return answer

    def searched_communicate(self: Any, *args: Any, **options: Any) -> Any:
        told = communicate(self, *args, **options)
        for text in told:
            if text:
                SEARCH.look(PROGRAM, text if isinstance(text, str) else text.decode(errors="replace"), names=False)
        return told

    BaseHandler.get_response = searched_response
    subprocess.Popen.communicate = searched_communicate
    pre_save.connect(_look_at_entry, sender="office.TrailEntry", weak=False)
    post_save.connect(_learn_name, sender="office.Person", weak=False)


def _searched_record(*args: Any, **options: Any) -> logging.LogRecord:
    """Make a record as logging does, and search its message before the formatter blots out anything."""
    record = logging.LogRecord(*args, **options)
    if record.levelno >= logging.WARNING:
        SEARCH.look(LOG, f"{record.name} {record.getMessage()}")
    return record


def _look_at_address(request: Any) -> None:
    path, query = request.META.get("PATH_INFO", ""), request.META.get("QUERY_STRING", "")
    SEARCH.look(ADDRESS, path)
    if query:
        SEARCH.look(ADDRESS, query, names=not f"{path}?".startswith(_NAMES_ASKED_FOR))


def look_at_browser(url: str) -> None:
    """Search an address as a browser shows it, with what a script has put there."""
    address = urlsplit(url)
    SEARCH.look(BROWSER, url, names=not f"{address.path}?".startswith(_NAMES_ASKED_FOR))


def _typed(request: Any) -> str:
    """Return what was sent with a form, as far as a view has read it."""
    sent = getattr(request, "_post", {})
    return "\n".join(text for name in sent for text in sent.getlist(name))


def look_at_answer(answer: Any, typed: str = "") -> None:
    """Search the headers of an answer, and its body where it is an error's.

    A form that is refused shows again what was typed, and the name of whom it is about: it is a page of work, and
    searched for other numbers only.
    """
    for name, value in answer.items():
        names = not (name == "Location" and value.startswith(_NAMES_ASKED_FOR))
        # Django writes what is not Latin as e-mail does.
        SEARCH.look(HEADER, str(make_header(decode_header(value))), names=names)
    if answer.status_code < 400 or answer.streaming:
        return
    body = gzip.decompress(answer.content) if answer.get("Content-Encoding") == "gzip" else answer.content
    text = body.decode(errors="replace")
    if answer.status_code == _REFUSED_FORM:
        SEARCH.look(ERROR_PAGE, text, names=False, known=numbers_in(typed))
    else:
        SEARCH.look(ERROR_PAGE, text)


def _look_at_entry(instance: Any, **_: Any) -> None:
    SEARCH.look(TRAIL, f"{instance.subject} {instance.detail}", names=False)


def _learn_name(instance: Any, **_: Any) -> None:
    SEARCH.learn(instance.psn_name)


def look_at_database() -> None:
    """Search the default connection's messages of jobs, which are written without signals."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT message, doing FROM office_job WHERE message <> ''")
            for message, doing in cursor.fetchall():
                SEARCH.look(JOB, f"{message} {doing}", names=False)
    except DatabaseError:
        # A test may leave a damaged one behind.
        return


def look_at_log_files(folders: Iterable[Path]) -> None:
    """Search every log below some folders."""
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                if ".log" in name:
                    look_at_file(Path(place) / name)


def look_at_file(path: Path, *, names: bool = True) -> None:
    """Search one log."""
    SEARCH.look(LOG_FILE, path.read_text(encoding="utf-8", errors="replace"), names=names)


def home_of_tests() -> Path | None:
    """Return the throwaway installation's folder, if any test needed one."""
    databases = sys.modules.get("tests.office.databases")
    return databases.HOME if databases else None
