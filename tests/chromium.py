"""Finds the browser for the journeys, or installs it: the distribution's when root, Playwright's own otherwise.

The headless shell is Chromium without its windows, menus and extensions: the same engine for less than a third of the
work (30 pages, each in a context of its own: 4 s of two cores against 14).
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of a Chromium, or None."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> None:
    """With apt, where that may be used; Playwright's own where nothing else is there."""
    if may_use_apt():
        _apt("update")
        if not (_apt("install", "-y", SHELL) or find()):
            _apt("install", "-y", "chromium")
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], timeout=600)


def _apt(*words: str) -> bool:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    return done.returncode == 0


def main() -> None:
    if find() is None or (may_use_apt() and not os.environ.get("CHROMIUM") and shutil.which(SHELL) is None):
        sys.stderr.write("Installing Chromium …\n")
        install()
    if find() is None:
        sys.exit("No Chromium was found or could be installed. Install one and name it: CHROMIUM=/path/to/chromium")


if __name__ == "__main__":
    main()
