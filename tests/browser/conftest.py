"""A real Chromium against the live server. Where there is none, the tests are skipped and say what to install."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client, testcases
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.models import User

_NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 900}
PATIENCE = 60_000  # milliseconds until what is waited for is taken not to come, on a machine that does much else


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package", autouse=True)
def files_as_written() -> Iterator[None]:
    """The live server takes files from where they are written.

    pytest-django knows the app of static files by Django's own name only; ours has another, and it would serve what
    was last collected, or nothing where nothing ever was.
    """
    kept, testcases._StaticFilesHandler = testcases._StaticFilesHandler, StaticFilesHandler
    yield
    testcases._StaticFilesHandler = kept


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all of them, and no longer."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("No Chromium found: install the Debian package chromium")
    # Playwright's plain interface runs a loop of its own in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page_as(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`page_as(user)` opens a window signed in as that person, `page_as()` one of a visitor. Paths are relative."""
    windows = []

    def open_window(user: User | None = None, **options: object) -> Page:
        window = chromium.new_context(base_url=live_server.url, **{"viewport": WIDE, "locale": "en-GB", **options})
        window.set_default_timeout(PATIENCE)
        windows.append(window)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return window.new_page()

    yield open_window
    for window in windows:
        window.close()
