"""Debian's Chromium against a server of our own in a thread: what a user's browser sees, hears and fetches."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.office import made_up
from tests.whole_run.channels import look_at_browser
from tuodi.office.models import User

# Playwright keeps an event loop in the test's thread, in which Django would otherwise refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

DESKTOP, OLD_DESKTOP, PHONE = (1440, 900), (1366, 768), (390, 844)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 50


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve the application on a free port; the address is given, without a slash at its end."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        yield browser
        browser.close()


class Visitors:
    """Opens pages as users who sign in through the form; remembers errors of the console and requests elsewhere."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.faults: list[str] = []
        self.contexts: list[BrowserContext] = []

    def page(self, size: tuple[int, int] = OLD_DESKTOP) -> Page:
        """Return a page of a browser that has never been here."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", base_url=self.address
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("framenavigated", lambda frame: look_at_browser(frame.url))
        return page

    def page_of(self, user: User, size: tuple[int, int] = OLD_DESKTOP) -> Page:
        """Return a page after ``user`` (made with ``password=True``) has signed in through the form."""
        page = self.page(size)
        page.goto("/login")
        page.fill("#username", user.username)
        page.fill("#password", made_up.PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/login"))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser itself reports every 4xx and 5xx answer; tests look at those by status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"request elsewhere: {request.url}")

    def leave(self) -> None:
        """Close what is open."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


@contextmanager
def visiting(browser: Browser) -> Iterator[Visitors]:
    """Serve, and let visitors in; at the end nothing may have gone wrong in their consoles or gone elsewhere."""
    with serving() as address:
        visitors = Visitors(browser, address)
        try:
            yield visitors
        finally:
            visitors.leave()
    assert visitors.faults == []
