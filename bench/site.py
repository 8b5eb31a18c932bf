"""A site as production would run it, on a PostgreSQL of its own that can be killed: for measurements and faults.

Two surfaces of one code base: granian with SURFACE=public and the public role of the database (no master key), and
commands with SURFACE=staff and the staff role.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import psycopg

from mysite import catalogues, postgres
from mysite.settings.environment import NOT_FOR_PUBLIC

from .commands import Commands
from .database import Database, children
from .once import once
from .processes import Supervised, await_port, free_port

# Of the environment around us: what a site has of its own, and what changes with each test.
NOT_OURS = ("DATABASE_URL", "PYTEST_CURRENT_TEST")
KEY = "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk="


class Site:
    """The demo, served: `url` answers, `manage` runs commands of staff, `query` asks the database as its owner.

    Workers and threads are those of deploy/; pictures are asked for by who looks at them.
    """

    def __init__(
        self, name: str, *, workers: int = 2, threads: int = 2, pictures: bool = False, fresh: bool = False, **env: str
    ) -> None:
        self.name, self.workers, self.threads = name.replace("-", "_"), workers, threads
        self.more = {name: value for name, value in env.items() if name != "PRIVATE_MEDIA_ROOT"}
        self.static = postgres.VAR / f"{name}-static"  # its own: several sites may be set up at once
        self.media = Path(env.get("MEDIA_ROOT", postgres.VAR / "bench-media"))
        self.private_media = Path(env.get("PRIVATE_MEDIA_ROOT", postgres.VAR / "bench-private-media"))
        self.main: Server | None = None
        self.commands: dict[bool, Commands] = {}
        if fresh:
            self._make(f"{name}-postgres")
        else:
            make_template()
            self._copy(f"{name}-postgres")
        if not pictures:  # no worker makes pictures ahead here, and making them is not what is measured
            for table in ("actions_actionpage", "actions_countrypage", "home_contentpage"):
                self.query(f"update {table} set hero_image_id = null")  # noqa: S608
        (postgres.VAR / f"{self.name}.log").write_text("")

    def _make(self, folder: str) -> None:
        """From nothing, as the page on deployment has it."""
        self.database = Database(folder)
        self.database.create(self.name)
        catalogues.compile_all()
        self.manage("migrate", "--verbosity", "0", owner=True)
        self.manage("database_roles", owner=True)
        self.manage("load_demo", owner=True)
        self.manage("collectstatic", "--no-input", "--verbosity", "0", owner=True)
        self.end_commands()  # one started Django has looked for static files, and found none
        self.manage("busy_pages", owner=True)

    def _copy(self, folder: str) -> None:
        self.database = Database(folder, copy_of=postgres.VAR / f"{TEMPLATE}-postgres")
        with psycopg.connect(self.database.admin, autocommit=True) as connection:
            connection.execute(f"alter database {TEMPLATE} rename to {self.name}")
        shutil.rmtree(self.static, ignore_errors=True)
        shutil.copytree(postgres.VAR / f"{TEMPLATE}-static", self.static)

    def env(self, surface: str, user: str) -> dict[str, str]:
        told = {
            **{k: v for k, v in os.environ.items() if k not in NOT_OURS},
            "DJANGO_SETTINGS_MODULE": "mysite.settings.production",
            "SURFACE": surface,
            "DATABASE_URL": self.database.url(self.name, user),
            "SECRET_KEY": "bench",
            "SIGNER_MASTER_KEYS": KEY,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SITE_URL": "https://localhost",
            **({"STAFF_URL": "https://localhost"} if surface == "staff" else {}),
            "SIGNER_DIGEST_SECRET": KEY,
            "EMAIL_URL": "dummymail://",
            "MAIL_FROM": "bench@localhost",
            "MEDIA_ROOT": str(self.media),
            # As deploy/ has it: where staff's files lie, the public process does not come.
            "PRIVATE_MEDIA_ROOT": str(self.private_media) if surface != "public" else "/nonexistent",
            "STATIC_ROOT": str(self.static),
            "TRUSTED_PROXIES": "1",
            **self.more,
        }
        return {name: value for name, value in told.items() if surface != "public" or name not in NOT_FOR_PUBLIC}

    def manage(self, *words: str, owner: bool = False, check: bool = True) -> subprocess.CompletedProcess:
        """Run a command of staff. Django is started for the first one, and for the first after `more` has changed."""
        env = self.env("staff", "postgres" if owner else "actions_staff")
        started = self.commands.get(owner)
        if started is None or started.env != env:
            if started:
                started.stop()
            started = self.commands[owner] = Commands(env)
        done = started.run(*words)
        if check and done.returncode:
            raise RuntimeError(f"{words[0]} failed: {done.stderr[-2000:]}")
        return done

    def end_commands(self) -> None:
        while self.commands:
            self.commands.popitem()[1].stop()

    def start(self) -> None:
        """Serve, and start the server again whenever it ends, as systemd or compose would."""
        self.main = self.serve_also()

    def serve_also(
        self,
        application: str = "mysite.wsgi:application",
        *,
        kind: "type[Server] | None" = None,
        workers: int = 0,
        **more: str,
    ) -> "Server":
        """One more server of the public surface on a port of its own, with `more` in its environment."""
        env = self.env("public", "actions_public") | more
        log = postgres.VAR / f"{self.name}.log"
        return (kind or Server)(application, log, env, workers=workers or self.workers, threads=self.threads)

    @property
    def url(self) -> str:
        return self.main.url if self.main else ""

    @property
    def restarts(self) -> int:
        return self.main.restarts if self.main else 0

    def web_workers(self) -> list[int]:
        return children(self.main.process.pid) if self.main else []

    def query(self, text: str, *values) -> list[tuple]:
        with psycopg.connect(self.database.url(self.name), autocommit=True) as connection:
            cursor = connection.execute(text, values or None)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        self.end_commands()
        if self.main:
            self.main.stop()
        with suppress(subprocess.CalledProcessError, FileNotFoundError):
            self.database.stop("immediate")


TEMPLATE = "template"
SOURCES = ("templates", "static", "bench/site.py", "bench/database.py", "bench/commands.py")


def make_template() -> None:
    """A site that stands still and is copied: made by whoever needs it first."""
    with once(TEMPLATE, *SOURCES) as is_new:
        if is_new:
            made = Site(TEMPLATE, fresh=True, pictures=True)
            made.end_commands()
            made.database.stop()


class Server(Supervised):
    """granian on a free port, answering."""

    def __init__(
        self, application: str, log: Path, env: dict[str, str], *, workers: int, threads: int, port: int = 0
    ) -> None:
        self.application, self.workers, self.threads = application, workers, threads
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(self.command(), env, log)
        await_port("127.0.0.1", self.port, log)

    def command(self) -> list[str]:
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(self.port)]
        command += ["--workers", str(self.workers), "--blocking-threads", str(self.threads), "--no-ws"]
        return [*command, "--respawn-failed-workers", "--log-level", "error", self.application]


def report(found: dict) -> NoReturn:
    """Print what was found, a line each, and end with 0 where it is `ok`."""
    for key, value in found.items():
        print(f"{key}: {value}")
    sys.exit(0 if found["ok"] else 1)


@contextmanager
def running(name: str, **options) -> Iterator[Site]:
    """A served site that is gone afterwards."""
    site = Site(name, **options)
    try:
        site.start()
        yield site
    finally:
        site.stop()
