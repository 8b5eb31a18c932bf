"""The two surfaces and their workers, started as the units of deploy/systemd say, behind nginx as deploy/ has it.

with Deployment("name", folder) as deployed:
    deployed.public.get("/nb/")     # through nginx, as anybody
    deployed.staff.get("/admin/")   # the staff surface, as it is reached from inside
    deployed.letters()              # what the mail worker has sent
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from PIL import Image

from bench.processes import ROOT, Supervised, await_port, free_port
from bench.proxy import Proxy
from bench.site import KEY, Site
from mysite.postgres import VAR

from .mails import EmailMessage, read
from .units import USERS, Unit, apart, as_user
from .visitor import HOST, ORIGIN, Visitor

MEMBERS_TOKEN = "a-token-of-the-membership-system"
STAFFS_KEY = "a key of staff that nobody else may have, of fifty letters and more"
DIGEST_SECRET = "ZGlnZXN0cy1kaWdlc3RzLWRpZ2VzdHMtZGlnZXN0cyE="
OF_STAFF = "127.0.0.2"  # where their units listen
MANY = "10000r/s"


class Deployment(ExitStack):
    """A site of its own with the demo in it; nothing of it is left afterwards but its database in var/."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__()
        self.name, self.log = name, folder / "log"
        # Where the units' users may go, as they may not in the folders of the tests.
        self.folder = Path(tempfile.mkdtemp(prefix="deployed-"))
        self.callback(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.media, self.mails = self._folder("media", 0o775), self._folder("mails")
        self.private_media = self._folder("private-media", 0o2770)
        self.state = self._folder("state", 0o750)
        self.public_port, self.staff_port = free_port(), free_port()
        self.workers: dict[str, Supervised] = {}
        self.started: list[Supervised] = []

    def _folder(self, name: str, mode: int = 0o755, user: str = "actions-staff") -> Path:
        """A folder that deploy/systemd/tmpfiles.conf, or a unit, makes for one of the users."""
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        self._give(made, user, mode)
        return made

    def _give(self, path: Path, user: str, mode: int) -> None:
        if not apart():
            os.chown(path, USERS[user], USERS[user])
        path.chmod(mode)

    def __enter__(self) -> "Deployment":
        super().__enter__()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def _start(self) -> None:
        self.site = Site(self.name, MEDIA_ROOT=str(self.media), PRIVATE_MEDIA_ROOT=str(self.private_media))
        self.callback(self.site.stop)
        self._let_everybody_ask_the_database()
        # What an administrator says under Settings → Sites.
        self.site.query("update wagtailcore_site set hostname = %s, port = 443", HOST)
        self._small_pictures()
        self.public_processes = self.unit("actions-public@", self.public_port)
        # The crawler asks for more in a second than a person does in an hour.
        self.proxy = self.enter_context(
            Proxy(self.site, surface=f"127.0.0.1:{self.public_port}", host=HOST, requests=MANY, misses=MANY, crowd="")
        )

    def _let_everybody_ask_the_database(self) -> None:
        """By a socket outside of its own folder, which only its own user may pass."""
        database, self.sockets = self.site.database, self.folder / "postgres"
        self.sockets.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.sockets, database.user)
        database.stop()
        database.options = ["-c", f"unix_socket_directories={database.folder},{self.sockets}"]
        database.start()

    def secrets(self) -> dict[str, str]:
        """What lies in /etc/actions/secrets, by the name of its file. What is not named is empty, and left out."""
        return {
            **{f"database_url_{who}": self._database(f"actions_{who}") for who in ("public", "staff")},
            "database_url_owner": self._database("postgres"),
            "secret_key": STAFFS_KEY,
            "members_token": MEMBERS_TOKEN,
            "signer_master_keys": KEY,
            "signer_digest_secret": DIGEST_SECRET,
            "email_url": f"filemail:///{self.mails}",  # the first slash of a path is cut off
        }

    def _database(self, role: str) -> str:
        return f"postgresql://{role}:@/{self.site.name}?host={self.sockets}"

    @property
    def tunnel(self) -> str:
        """Where staff come: the end of a tunnel to the staff surface, on a machine of their own."""
        return f"http://localhost:{self.staff_port}"

    @property
    def files(self) -> dict[str, dict[str, str]]:
        """The files of /etc/actions that are no secrets."""
        return {
            "common.env": {"SITE_URL": ORIGIN, "ALLOWED_HOSTS": HOST, "TRUSTED_PROXIES": "1"},
            "staff.env": {"MAIL_FROM": f"The Rights Association <actions@{HOST}>", "STAFF_URL": self.tunnel},
        }

    def _small_pictures(self) -> None:
        """The pictures of the demo as thumbnails: made ready in every size they cost hundreds of times less."""
        self._folder("private-media/original_images", 0o2770)
        for (name,) in self.site.query("select file from home_customimage"):
            with Image.open(VAR / "bench-private-media" / name) as picture:
                picture.thumbnail((96, 60))
                picture.save(self.private_media / name)
            self._give(self.private_media / name, "actions-staff", 0o660)
        self.site.query("update home_customimage set width = 96, height = 60, focal_point_x = null")

    @cached_property
    def public(self) -> Visitor:
        """Anybody, who comes through nginx."""
        await_port("127.0.0.1", self.public_port, self.log)
        return Visitor(self.proxy.url)

    @cached_property
    def staff(self) -> Visitor:
        """Somebody inside, who comes to the staff surface itself; it is started when it is asked for first."""
        self.staff_processes = self.unit("actions-staff", self.staff_port)
        await_port(OF_STAFF, self.staff_port, self.log)
        return Visitor(f"http://{OF_STAFF}:{self.staff_port}", {"X-Forwarded-Proto": "https"})

    def work(self, *names: str) -> None:
        """Start workers, each once: `actions-mail@`, `actions-housekeeping`, `actions-tasks@`."""
        for name in names:
            if name not in self.workers:
                self.workers[name] = self.unit(name)

    def unit(self, name: str, port: int = 0) -> Supervised:
        """Start what a unit of deploy/systemd starts, as its user and with its environment, and end it with the
        deployment."""
        unit = Unit(name)
        words = [_here(word) for word in unit.command(str(port or 1))]
        if port:
            words[words.index("--port") + 1] = str(port)
        started = Supervised(self.as_user(unit, words), self.environment(unit), self.log)
        self.callback(started.stop)
        self.started.append(started)
        return started

    @staticmethod
    def as_user(unit: Unit, words: list[str]) -> list[str]:
        return words if apart() else as_user(unit.one("User"), words, umask=unit.one("UMask"))

    def environment(self, unit: Unit) -> dict[str, str]:
        """Of a unit, with its credentials handed out and its folders made."""
        user = unit.one("User")
        credentials = self._folder(f"credentials/{unit.name}", 0o700, user)
        secrets = self.secrets()
        for name, file in unit.credentials().items():
            (credentials / name).unlink(missing_ok=True)
            (credentials / name).write_text(secrets.get(file, ""))
            self._give(credentials / name, user, 0o400)
        for name in unit.all("RuntimeDirectory"):
            self._folder(f"run/{name}", int(unit.one("RuntimeDirectoryMode"), 8), user)
        places = {
            "%d": credentials,
            "%t": self.folder / "run",
            "/srv/actions-media": self.media,
            "/srv/actions-private-media": self.private_media,
            "/srv/actions-static": self.site.static,
            "/var/lib/actions": self.state,
        }
        told = {"PATH": os.environ["PATH"]}
        for name, value in unit.environment(self.files).items():
            for place, here in places.items():
                value = value.replace(place, str(here))
            told[name] = value
        return told

    @property
    def restarts(self) -> int:
        """How often a process ended by itself and was started again."""
        return sum(one.restarts for one in self.started)

    def manage(self, *words: str) -> str:
        """What a command of staff prints."""
        unit = Unit("actions-staff")
        command = self.as_user(unit, [sys.executable, "manage.py", *words])
        done = subprocess.run(command, cwd=ROOT, env=self.environment(unit), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{words[0]} failed: {done.stderr[-2000:]}")
        return done.stdout

    def letters(self) -> list[EmailMessage]:
        """The mails that were sent, in the order in which they were."""
        return [mail for path in sorted(self.mails.glob("*.log")) for mail in read(path)]


def _here(word: str) -> str:
    """A program of the units where it is on this machine."""
    return str(Path(sys.executable).parent / Path(word).name) if "/.venv/bin/" in word else word
