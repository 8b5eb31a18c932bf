"""Processes that are started again whenever they end, as systemd or compose would do it, and ports that answer."""

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Supervised:
    """One of them, with all that it starts itself; what it says goes to `log`."""

    def __init__(self, command: list[str], env: dict[str, str] | None, log: Path) -> None:
        self.words, self.env, self.log = command, env, log
        self.restarts, self.wanted, self.down = 0, True, False
        self.hand = threading.Lock()  # nothing is started between a look and a blow
        self._start()
        threading.Thread(target=self._supervise, daemon=True).start()

    def _start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.words, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def _supervise(self) -> None:
        while self.wanted:
            with self.hand:
                if self.wanted and not self.down and self.process.poll() is not None:
                    self.restarts += 1
                    self._start()
            time.sleep(0.2)

    def kill(self, *, stay_down: bool = False) -> None:
        """`kill -9` of it and all it started."""
        with self.hand:
            self.down = stay_down
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def again(self) -> None:
        self.down = False

    def stop(self) -> None:
        self.wanted = False
        self.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def await_port(address: str, port: int, log: Path, *, seconds: float = 60) -> None:
    """Until somebody answers there. Raises RuntimeError where nobody does, with the end of the log."""
    for _ in range(int(seconds * 20)):
        with suppress(OSError), socket.create_connection((address, port), timeout=1):
            return
        time.sleep(0.05)
    said = log.read_text()[-2000:] if log.exists() else ""
    raise RuntimeError(f"nobody answers at {address}:{port}: {said}")
