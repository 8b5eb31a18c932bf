"""Finds the browser for the journeys, or installs it: the distribution's when root, Playwright's own otherwise."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


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


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, stdout=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], timeout=600)


def main() -> None:
    if find() is None:
        sys.stderr.write("Installing Chromium …\n")
        install()
    if find() is None:
        sys.exit("No Chromium was found or could be installed. Install one and name it: CHROMIUM=/path/to/chromium")


if __name__ == "__main__":
    main()
