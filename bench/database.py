"""The embedded PostgreSQL as a server that can be killed, copied by a streaming replica, and put on its own host."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from mysite import postgres


class Database:
    """The embedded PostgreSQL in var/NAME, which can be killed and started again."""

    def __init__(self, name: str, *, copy_of: Path | None = None) -> None:
        self.folder = postgres.VAR / name
        self.prefix: list[str] = []  # before the command that starts it
        self.options: list[str] = []  # behind it
        if copy_of:
            self._copy(copy_of)
        self.admin = postgres.start(name, keep=True).get_uri()
        self.user = (self.folder / "postmaster.opts").owner()
        if not (self.folder / "postmaster.pid").exists():  # this process knew it already, and it was stopped since
            self.start()

    def _copy(self, other: Path) -> None:
        """Begin as a copy of the folder of a server that stands still."""
        if (self.folder / "postmaster.pid").exists():
            self.user = (self.folder / "postmaster.opts").owner()
            self.stop_what_is_left()
        shutil.rmtree(self.folder, ignore_errors=True)  # a disk of its own stays, empty
        self.folder.mkdir(exist_ok=True)
        subprocess.run(["cp", "--archive", "--reflink=auto", f"{other}/.", str(self.folder)], check=True)
        (self.folder / ".handle_pids.json").unlink(missing_ok=True)
        opts = self.folder / "postmaster.opts"
        opts.write_text(opts.read_text().replace(str(other), str(self.folder)))

    def url(self, name: str, user: str = "postgres") -> str:
        parts = urlsplit(self.admin)
        return urlunsplit(parts._replace(path=f"/{name}", netloc=f"{user}:@"))

    def create(self, name: str) -> None:
        """An empty database; one of that name is dropped."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name}")

    def pid(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def kill(self) -> None:
        """`kill -9` the server and all its children at once."""
        while self.processes():  # one more look: a child may be born between the look and the blow
            self.send_signal(signal.SIGKILL)
            time.sleep(0.01)
        # Where nobody collects the dead (a container without an init), their number looks taken to the next server.
        for left in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def send_signal(self, which: signal.Signals) -> None:
        """Send a signal to the server and all its children."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, which)

    def processes(self) -> list[int]:
        """The server and all it has started and that still live: each works in the server's folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):
                if entry.readlink() == self.folder and alive(int(entry.parent.name)):
                    found.append(int(entry.parent.name))
        return found

    def configure(self, **settings: str) -> None:
        """Change settings of the running server."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute("set default_transaction_read_only = off")
            for name, value in settings.items():
                connection.execute(f"alter system set {name} = '{value}'")
            connection.execute("select pg_reload_conf()")

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.admin, connect_timeout=2) as connection:
                connection.execute("select 1")
        except psycopg.Error:
            return False
        return True

    def stop(self, mode: str = "fast") -> None:
        self._control("stop", "-m", mode, "-w")

    def stop_what_is_left(self) -> None:
        """Of an earlier run; its server may be gone already."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")

    def start(self) -> float:
        """Start the server again, and return how many seconds it took until it accepts."""
        begun = time.monotonic()
        server = self._launch()
        while True:
            if server.poll() is not None:  # a child of the server that was killed still held its shared memory
                time.sleep(0.1)
                server = self._launch()
            if self.answers():
                return time.monotonic() - begun
            time.sleep(0.02)
            if time.monotonic() - begun > 60:
                raise RuntimeError(f"PostgreSQL does not start; see {self.folder.name}.log")

    def start_once(self) -> None:
        """Try to start the server, and leave it at that."""
        self._launch().wait(timeout=3)

    def _launch(self) -> subprocess.Popen:
        with (postgres.VAR / f"{self.folder.name}.log").open("a") as log:
            return subprocess.Popen(
                self.command(), stdout=log, stderr=log, start_new_session=True, cwd="/", **self.owner()
            )

    def command(self) -> list[str]:
        """What starts the server."""
        plain = shlex.split((self.folder / "postmaster.opts").read_text())
        return [*self.prefix, *plain[: plain.index("-k") + 2], *self.options]

    def owner(self) -> dict[str, str]:
        """Whom the server's processes run as: never root."""
        return {"user": self.user} if os.getuid() == 0 and not self.prefix else {}

    def tool(self, name: str, *words: str) -> None:
        """Run one of PostgreSQL's own programs, as the owner of the server."""
        program = Path(self.command()[len(self.prefix)]).with_name(name)
        more = {"user": self.user} if os.getuid() == 0 else {}
        subprocess.run([str(program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/", **more)

    def _control(self, *words: str) -> None:
        self.tool("pg_ctl", "-D", str(self.folder), *words)


class Replica(Database):
    """A streaming replica of a database, in var/NAME; made anew each time."""

    def __init__(
        self,
        primary: Database,
        name: str,
        *,
        follow: str = "",
        prefix: list[str] | None = None,
        options: list[str] | None = None,
    ) -> None:
        self.folder, self.user = postgres.VAR / name, primary.user
        self.prefix, self.options = prefix or [], options or []
        self.primary = primary
        self.admin = primary.admin.replace(str(primary.folder), str(self.folder))
        if (self.folder / "postmaster.pid").exists():
            self.stop_what_is_left()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        # -R: it knows whom to follow when it starts.
        whom = follow or primary.admin
        primary.tool("pg_basebackup", "-d", whom, "-D", str(self.folder), "-R", "-c", "fast", "-X", "stream")
        for left in self.folder.glob(".s.PGSQL.*"):  # of the other's socket
            left.unlink()
        shutil.copy(primary.folder / "postmaster.opts", self.folder)
        opts = self.folder / "postmaster.opts"
        opts.write_text(opts.read_text().replace(str(primary.folder), str(self.folder)))
        if os.getuid() == 0:
            shutil.chown(opts, self.user)
        self.start()


def children(pid: int) -> list[int]:
    """The processes a process has started and that still live, and theirs."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(entry.parent.name)
            found += [child, *children(child)]
    return found


def family(pid: int) -> list[int]:
    """A process and all it has started."""
    return [pid, *children(pid)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[0] != "Z"
    except OSError:
        return False
