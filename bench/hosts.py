"""Several hosts on this machine: network namespaces on one bridge, each with an address of its own (needs root).

with Network() as network:
    web = network.host("web", 11)        # 10.77.0.11
    web.start([...]); web.cut(); web.join()
"""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from mysite import postgres

from .processes import Supervised, await_port

BRIDGE = "actions0"
SUBNET = "10.77.0"
NOBODY = 65534


class Network:
    """The wire between the hosts; this process itself is 10.77.0.1 on it."""

    def __init__(self) -> None:
        self.hosts: list[Host] = []

    def __enter__(self) -> "Network":
        _ip("link", "del", BRIDGE, check=False)
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{SUBNET}.1/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        return self

    def host(self, name: str, number: int) -> "Host":
        self.hosts.append(Host(name, number))
        return self.hosts[-1]

    def __exit__(self, *error) -> None:
        for host in self.hosts:
            host.end()
        _ip("link", "del", BRIDGE, check=False)


class Host:
    """One namespace with an address."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.space, self.wire = name, f"actions-{name}", f"act-{name}"
        self.address = f"{SUBNET}.{number}"
        self.processes: list[Supervised] = []
        self._remove()
        _ip("netns", "add", self.space)
        _ip("link", "add", self.wire, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        _ip("link", "set", self.wire, "master", BRIDGE, "up")
        for words in (
            ("addr", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", self.space, *words)

    def prefix(self, *, user: str = "", locked: bool = False) -> list[str]:
        """What stands before a command that is to run here: as `user`, or `locked` as a container would be, which is
        as nobody, without any right of root, on a file system that cannot be written to."""
        there = ["ip", "netns", "exec", self.space]
        if locked:
            there += ["unshare", "--mount", "sh", "-euc", LOCKED, "locked"]
        if user or locked:
            there += ["setpriv", f"--reuid={user or NOBODY}", f"--regid={user or NOBODY}", "--clear-groups"]
        if locked:
            there += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        return there

    def start(self, command: list[str], env: dict[str, str] | None = None, **how) -> Supervised:
        self.processes.append(Supervised([*self.prefix(**how), *command], env, self.log()))
        return self.processes[-1]

    def cut(self) -> None:
        """Pull the plug of the wire: what is sent is lost without a word."""
        _ip("link", "set", self.wire, "down")

    def join(self) -> None:
        _ip("link", "set", self.wire, "up")

    def log(self) -> Path:
        return postgres.VAR / f"{self.space}.log"

    def await_port(self, port: int) -> None:
        await_port(self.address, port, self.log())

    def end(self) -> None:
        for process in self.processes:
            process.stop()
        self._remove()

    def _remove(self) -> None:
        """Nothing of it, nor of one that an earlier run left."""
        for pid in _ip("netns", "pids", self.space, check=False).split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        _ip("link", "del", self.wire, check=False)  # at once; the namespace goes when nobody is in it any more
        _ip("netns", "del", self.space, check=False)


# Only this process and what it starts sees the mounts.
LOCKED = 'mount -o remount,bind,ro / ; mount -t tmpfs tmpfs /tmp ; mount -t tmpfs tmpfs /dev/shm ; exec "$@"'


def _ip(*words: str, check: bool = True) -> str:
    return subprocess.run(["ip", *words], check=check, capture_output=True, text=True).stdout
