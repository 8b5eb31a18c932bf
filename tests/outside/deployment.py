"""The two surfaces and their workers, started as the units of deploy/systemd say, behind nginx as deploy/ has it.

with Deployment("name", folder) as deployed:
    deployed.public.get("/nb/")     # through nginx, as anybody
    deployed.staff.get("/admin/")   # the staff surface, as it is reached from inside
    deployed.letters()              # what the mail worker has sent
"""

import configparser
import shlex
import sys
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from PIL import Image

from bench.processes import Supervised, await_port, free_port
from bench.proxy import DEPLOY, Proxy
from bench.site import Site
from mysite.postgres import VAR

from .mails import EmailMessage, read
from .visitor import HOST, ORIGIN, Visitor

UNITS = DEPLOY / "systemd"
# What deploy/README.md asks of staff's processes only.
FOR_STAFF = ("SIGNER_MASTER_KEYS", "EMAIL_URL", "MAIL_FROM")


class Deployment(ExitStack):
    """A site of its own with the demo in it; nothing of it is left afterwards but its database in var/."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__()
        self.name, self.media, self.mails, self.log = name, folder / "media", folder / "mails", folder / "log"
        self.public_port = free_port()
        self.workers: dict[str, Supervised] = {}
        self.started: list[Supervised] = []

    def __enter__(self) -> "Deployment":
        super().__enter__()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def _start(self) -> None:
        self.site = Site(
            self.name,
            SITE_URL=ORIGIN,
            ALLOWED_HOSTS=HOST,
            MEDIA_ROOT=str(self.media),
            EMAIL_URL=f"filemail:///{self.mails}",  # the first slash of a path is cut off
            MAIL_FROM=f"The Rights Association <actions@{HOST}>",
        )
        self.callback(self.site.stop)
        # What an administrator says under Settings → Sites.
        self.site.query("update wagtailcore_site set hostname = %s, port = 443", HOST)
        self._small_pictures()
        self.unit("actions-public@", self.public_port, public=True)
        self.proxy = self.enter_context(Proxy(self.site, surface=f"127.0.0.1:{self.public_port}", host=HOST))

    def _small_pictures(self) -> None:
        """The pictures of the demo as thumbnails: made ready in every size they cost hundreds of times less."""
        (self.media / "original_images").mkdir(parents=True)
        for (name,) in self.site.query("select file from wagtailimages_image"):
            with Image.open(VAR / "bench-media" / name) as picture:
                picture.thumbnail((96, 60))
                picture.save(self.media / name)
        self.site.query("update wagtailimages_image set width = 96, height = 60, focal_point_x = null")

    @cached_property
    def public(self) -> Visitor:
        """Anybody, who comes through nginx."""
        await_port("127.0.0.1", self.public_port, self.log)
        return Visitor(self.proxy.url)

    @cached_property
    def staff(self) -> Visitor:
        """Somebody inside, who comes to the staff surface itself; it is started when it is asked for first."""
        port = free_port()
        self.unit("actions-staff", port)
        await_port("127.0.0.1", port, self.log)
        return Visitor(f"http://127.0.0.1:{port}", {"X-Forwarded-Proto": "https"})

    def work(self, *names: str) -> None:
        """Start workers, each once: `actions-mail@`, `actions-housekeeping`, `actions-tasks@`."""
        for name in names:
            if name not in self.workers:
                self.workers[name] = self.unit(name)

    def unit(self, name: str, port: int = 0, *, public: bool = False) -> Supervised:
        """Start what a unit of deploy/systemd starts, with its environment, and end it with the deployment."""
        service = configparser.RawConfigParser(strict=False)
        service.optionxform = str  # type: ignore[assignment,method-assign]
        service.read(UNITS / f"{name}.service")
        line = service["Service"]["ExecStart"].replace("%i", str(port or 1))
        words = [_here(word) for word in shlex.split(line)]
        if port:
            words[words.index("--port") + 1] = str(port)
        env = self.site.env("public", "actions_public") if public else self.site.env("staff", "actions_staff")
        env |= dict(word.split("=", 1) for word in shlex.split(service["Service"]["Environment"]))
        if public:
            env = {key: value for key, value in env.items() if key not in FOR_STAFF}
        started = Supervised(words, env, self.log)
        self.callback(started.stop)
        self.started.append(started)
        return started

    @property
    def restarts(self) -> int:
        """How often a process ended by itself and was started again."""
        return sum(one.restarts for one in self.started)

    def manage(self, *words: str) -> str:
        """What a command of staff prints."""
        return self.site.manage(*words).stdout

    def letters(self) -> list[EmailMessage]:
        """The mails that were sent, in the order in which they were."""
        return [mail for path in sorted(self.mails.glob("*.log")) for mail in read(path)]


def _here(word: str) -> str:
    """A program of the units where it is on this machine."""
    return str(Path(sys.executable).parent / Path(word).name) if "/.venv/bin/" in word else word
