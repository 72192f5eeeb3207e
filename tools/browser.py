"""A Chromium to test with: the machine's, else Debian's package when we may install it, else Playwright's own.

Run it to make sure there is one; import `launch` to use it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Nothing leaves for anywhere but the page's own address; no sandbox, since root has none."""


def find() -> str | None:
    """The browser's path, or None when there is none."""
    for name in (os.environ.get("LOTTO_BROWSER"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def launch() -> Iterator[Browser]:
    """The browser, headless, closed at the end of the block."""
    path = find()
    if path is None:
        raise RuntimeError("There is no Chromium: run `python tools/browser.py`, or set LOTTO_BROWSER to one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def install() -> None:
    """Installs one; raises CalledProcessError when neither way works."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *step], check=True, env=quiet, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__" and find() is None:
    install()
