"""The units of deploy/systemd, read as systemd reads them, and their users on this machine.

Where the tests run as root each of the units' users is one of this machine too: without a right of root, with its own
folders and credentials, and with a /proc that shows nobody else's processes. Otherwise all are who runs the tests.
"""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

from bench.processes import ROOT
from bench.proxy import DEPLOY

UNITS = DEPLOY / "systemd"
# Numbers that no account of a machine has.
USERS = {"actions-public": 64101, "actions-staff": 64102, "actions-owner": 64103}

# Only this process and what it starts sees the mounts. What others may not come to (an interpreter or a checkout in the
# home folder of root) is mounted again below a folder that everybody may pass.
APART = """
umask "$1"; user="$2"; hidden="$3"; shown="$4"; shift 4
if [ -n "$hidden" ]; then
    mkdir -p /mnt; mount -t tmpfs tmpfs /mnt; number=0
    for path in $shown; do number=$((number + 1)); mkdir "/mnt/$number"; mount --rbind "$path" "/mnt/$number"; done
    mount -t tmpfs -o mode=755 tmpfs "$hidden"; number=0
    for path in $shown; do
        number=$((number + 1)); (umask 022; mkdir -p "$path"); mount --rbind "/mnt/$number" "$path"
    done
fi
mount -t proc -o hidepid=invisible,subset=pid proc /proc
exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
"""


class Unit:
    """`[Service]` of one unit: each word it says, in the order in which it says it."""

    def __init__(self, name: str) -> None:
        self.name = name.rstrip("@")
        text = (UNITS / f"{name}.service").read_text().partition("[Service]")[2].partition("\n[")[0]
        self.lines = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.lines if found == name]

    def one(self, name: str) -> str:
        return self.all(name)[-1]

    def command(self, instance: str) -> list[str]:
        return shlex.split(self.one("ExecStart").replace("%i", instance))

    def credentials(self) -> dict[str, str]:
        """The name of each credential, and the file that it comes from."""
        pairs = (line.split(":", 1) for line in self.all("LoadCredential"))
        return {name: Path(path).name for name, path in pairs}

    def environment(self, files: dict[str, dict[str, str]]) -> dict[str, str]:
        """What it is told, with the contents of the files it names; systemd lets files stand before `Environment`."""
        told = [word.split("=", 1) for line in self.all("Environment") for word in shlex.split(line)]
        read = [files.get(Path(name.lstrip("-")).name, {}) for name in self.all("EnvironmentFile")]
        return dict(told) | {name: value for file in read for name, value in file.items()}


@cache
def apart() -> str:
    """Why the units' users cannot be told apart here; nothing where they can."""
    if os.getuid() != 0:
        return "only root can start processes of other users"
    tried = subprocess.run(as_user("actions-public", ["true"]), capture_output=True, text=True)
    return f"this machine does not let root mount and change users: {tried.stderr}" if tried.returncode else ""


def as_user(user: str, command: list[str], *, umask: str = "0077") -> list[str]:
    """The command, run as one of the units' users (root only)."""
    needed = [ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
    hidden = [path for path in needed if _hiding(path)]
    top = os.path.commonpath([_hiding(path) for path in hidden]) if hidden else ""
    shown = " ".join(str(path) for path in hidden)
    return ["unshare", "--mount", "sh", "-euc", APART, "apart", umask, str(USERS[user]), top, shown, *command]


def _hiding(path: Path) -> str:
    """The outermost folder on the way to `path` that others may not pass."""
    return next((str(one) for one in reversed([path, *path.parents]) if not one.stat().st_mode & 0o001), "")
