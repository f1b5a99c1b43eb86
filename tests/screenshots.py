"""`make screenshots`: the pictures of the README, taken from a demonstration of its own.

Run as `python -m tests.screenshots`. Times in the pictures are relative to now, so every run changes them a little.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
READY_SECONDS = 180
PASSWORD = "demonstration-only"
VIEW = {"width": 1200, "height": 1000}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration with a database of its own, until the pictures are taken; its address."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="opss-screenshots-"))
    folder.chmod(0o711)  # the unprivileged account that runs PostgreSQL for root has to pass through
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environment = {**kept, "OPSS_ENV": "demonstration", "PORT": str(port), "DATA_DIR": str(folder)}
    process = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment)
    try:
        wait_until_ready(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit("The demonstration ended by itself.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demonstration was not ready in time.")


def sign_in(page: Page, post: str) -> None:
    page.goto("/accounts/sign-in/")
    page.get_by_label("E-mail address").fill(f"{post}@demo.opss.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def take(page: Page, name: str) -> None:
    path = TARGET / f"{name}.png"
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("No Chromium found: install the Debian package chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_context(base_url=address, viewport=VIEW, locale="en-GB").new_page()
        sign_in(page, "imt.head")
        take(page, "home")
        page.goto("/issues/?q=self-feeding")
        page.get_by_role("link", name="Baby self-feeding pillow").first.click()
        take(page, "issue")
        page.goto("/incidents/")
        page.get_by_role("link", name="INC-").first.click()
        take(page, "incident")
        page.get_by_role("link", name="SR-001").first.click()
        take(page, "sitrep")
        browser.close()


if __name__ == "__main__":
    main()
