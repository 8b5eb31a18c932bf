"""Orca, the screen reader of GNOME, on a screen of its own before Chromium: what it says, as words.

Needs what Debian calls orca, xvfb, openbox, dbus-daemon, at-spi2-core and chromium (with windows, not the headless
shell). Nothing sounds: no speech dispatcher is started, and Orca writes down what it would have said.
"""

import os
import pty
import re
import shutil
import subprocess
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

NEEDED = ("orca", "Xvfb", "openbox", "dbus-daemon", "chromium")
SPEECH = re.compile(r"SPEECH OUTPUT: '(.*?)'(?:\[?\{[^\n]*)?$", re.MULTILINE | re.DOTALL)


def missing() -> list[str]:
    return [name for name in NEEDED if not shutil.which(name)]


class Reader:
    """What Orca has said so far, by its own record."""

    def __init__(self, record: Path) -> None:
        self.record, self.read = record, 0

    def _words(self) -> list[str]:
        text = self.record.read_text(errors="replace") if self.record.exists() else ""
        return [" ".join(one.split()) for one in SPEECH.findall(text) if one.strip()]

    def heard(self, until: str = "", quiet: float = 5.0, patience: float = 90.0) -> list[str]:
        """What was said since the last time, until it holds some words and nothing more was said for some seconds."""
        end, last, since = time.monotonic() + patience, -1, time.monotonic()
        while time.monotonic() < end:
            words = self._words()[self.read :]
            if len(words) != last:
                last, since = len(words), time.monotonic()
            elif time.monotonic() - since > quiet and (not until or any(until in one for one in words)):
                break
            time.sleep(0.2)
        words = self._words()
        new, self.read = words[self.read :], len(words)
        return new


def _written_at_once(record: Path) -> str:
    """The name of a terminal, for which Python keeps no line back as it does for a file; it is copied into one."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)

    def copy() -> None:
        with record.open("wb", buffering=0) as file, suppress(OSError):  # Orca has ended
            while piece := os.read(ours, 65536):
                file.write(piece)

    threading.Thread(target=copy, daemon=True).start()
    return os.ttyname(theirs)


@contextmanager
def listening(folder: Path, address: str = "") -> Iterator[tuple[Page, Reader]]:
    """A page in a browser with windows, and Orca that reads it."""
    home = folder / "home"
    home.mkdir()
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    started: list[subprocess.Popen] = []
    env = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C.UTF-8"}
    env |= {"GSETTINGS_BACKEND": "memory", "GTK_A11Y": "atspi", "ACCESSIBILITY_ENABLED": "1"}
    env.pop("NO_AT_BRIDGE", None)

    def start(*words: str, **more) -> subprocess.Popen:
        log = (folder / f"{words[0].rpartition('/')[2]}.log").open("w")
        started.append(subprocess.Popen(words, env=env, stdout=more.pop("stdout", log), stderr=log, **more))
        return started[-1]

    try:
        screen = start(
            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x1000x24", "-nolisten", "tcp", stdout=subprocess.PIPE
        )
        assert screen.stdout
        env["DISPLAY"] = f":{screen.stdout.readline().decode().strip()}"
        bus = start("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE)
        assert bus.stdout
        env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        start("openbox")
        start("/usr/libexec/at-spi-bus-launcher", "--launch-immediately")
        time.sleep(2)
        record = folder / "orca.record"
        start("orca", "--replace", f"--debug-file={_written_at_once(record)}")
        time.sleep(5)
        with sync_playwright() as playwright:
            # A window without an address bar, which would have the focus.
            browser = playwright.chromium.launch_persistent_context(
                str(folder / "profile"),
                executable_path=shutil.which("chromium"),
                headless=False,
                no_viewport=True,
                base_url=address,
                args=["--force-renderer-accessibility", "--app=data:text/html,<title>Begin</title>"],
                env=env,
            )
            yield browser.pages[0], Reader(record)
            browser.close()
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
