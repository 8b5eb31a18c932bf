"""The whole site as in production, each part on a host of its own.

python -m bench.cluster        starts it, says where it is, and waits for Ctrl-C

Eight hosts (network namespaces on one bridge): nginx, two of the public surface, staff with workers, PostgreSQL with
PgBouncer, its replica, the shared cache, object storage; a mail server beside. The processes of the site run as nobody,
without rights, on a file system that cannot be written to, as the image has it. Needs root and, beside what the bench
needs, pgbouncer and redis-server (Debian: apt-get install pgbouncer redis-server nginx-light).
"""

import json
import re
import shutil
import signal
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.request import Request, urlopen

from bench.database import Replica
from bench.faults.mail import MailServer
from bench.hosts import SUBNET, Host, Network
from bench.proxy import Proxy, filled
from bench.site import Site
from mysite import postgres

NAME = "cluster"
BUCKET = "media"


class Cluster(ExitStack):
    """All parts, started; `url` is where visitors come in, `staff` where staff do."""

    def __init__(self, *, webs: int = 2) -> None:
        super().__init__()
        try:
            self._start(webs)
        except BaseException:
            self.close()
            raise

    def _start(self, webs: int) -> None:
        network = self.enter_context(Network())
        self.front, self.desk = network.host("front", 10), network.host("desk", 20)
        self.webs = [network.host(f"web{n}", 30 + n) for n in range(webs)]
        self.data, self.copy = network.host("data", 40), network.host("copy", 41)
        self.cache_host, self.store = network.host("cache", 42), network.host("store", 43)
        self.mail = MailServer(2525, f"{SUBNET}.1")
        self._object_storage()
        self._cache()
        self._site()
        self.callback(self.site.stop)
        self._database()
        self._pooler()
        self._replica()
        self._processes()
        self.proxy = self.enter_context(
            Proxy(
                self.site,
                address=self.front.address,
                crowd=f"{SUBNET}.1",
                surface=" max_fails=0; server ".join(f"{web.address}:8000" for web in self.webs),
                bucket=f"http://{self.store.address}:9000/{BUCKET}",
                prefix=self.front.prefix(),
            )
        )
        self.url = self.proxy.url
        self.desk.await_port(8000)
        for web in self.webs:
            web.await_port(8000)

    def _object_storage(self) -> None:
        self.store.start([sys.executable, "-m", "moto.server", "-H", self.store.address, "-p", "9000"])
        self.store.await_port(9000)
        urlopen(Request(f"http://{self.store.address}:9000/{BUCKET}", method="PUT"), timeout=10)
        self.media = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "endpoint_url": f"http://{self.store.address}:9000",
                "bucket_name": BUCKET,
                "access_key": "bench",
                "secret_key": "bench",
                "region_name": "eu-north-1",
                "custom_domain": "localhost/media",
                "querystring_auth": False,
                "file_overwrite": False,
                "default_acl": "public-read",
            },
        }

    def _cache(self) -> None:
        command = [program("redis-server", "valkey-server"), "--bind", self.cache_host.address, "--port", "6379"]
        self.cache = self.cache_host.start([*command, "--save", "", "--appendonly", "no", "--protected-mode", "no"])
        self.cache_host.await_port(6379)

    def _site(self) -> None:
        self.site = Site(
            NAME,
            fresh=True,  # its pictures lie in object storage
            pictures=True,
            MEDIA_STORAGE=json.dumps(self.media),
            CACHE_URL=f"redis://{self.cache_host.address}:6379/0",
            PUBLIC_CACHE_URL=f"redis://{self.cache_host.address}:6379/0",
            EMAIL_URL=f"smtp://{SUBNET}.1:2525",
            TRUSTED_PROXIES="2",
            ALLOWED_HOSTS="*",
        )

    def _database(self) -> None:
        """PostgreSQL, moved to its host: there it can be reached by the wire, and be cut off."""
        database = self.site.database
        database.stop()
        with (database.folder / "pg_hba.conf").open("a") as file:
            file.write(f"\nhost all all {SUBNET}.0/24 trust\nhost replication all {SUBNET}.0/24 trust\n")
        database.prefix = self.data.prefix(user=database.user)
        database.options = ["-c", f"listen_addresses={self.data.address}", "-c", "hot_standby_feedback=on"]
        database.start()

    def _pooler(self) -> None:
        folder = postgres.VAR / f"{NAME}-pooler"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        users = folder / "users.txt"
        users.write_text('"actions_public" ""\n"actions_staff" ""\n')
        text = filled(
            "pgbouncer.ini",
            {
                "DATABASE_NAME": self.site.name,
                "DATABASE_HOST": self.data.address,
                "DATABASE_PORT": "5432",
                "LISTEN_ADDRESS": self.data.address,
                "LISTEN_PORT": "6432",
                "AUTHENTICATION": "trust",
                **dict.fromkeys(("CLIENT_TLS", "SERVER_TLS"), "disable"),
                **dict.fromkeys(("CERTIFICATE", "CERTIFICATE_KEY"), ""),
                "USERS_FILE": str(users),
            },
        )
        (folder / "pgbouncer.ini").write_text(text)
        command = [program("pgbouncer"), str(folder / "pgbouncer.ini")]
        self.pooler = self.data.start(command, locked=True)
        self.data.await_port(6432)

    def _replica(self) -> None:
        self.replica = Replica(
            self.site.database,
            f"{NAME}-replica",
            follow=f"host={self.data.address} user=postgres",
            prefix=self.copy.prefix(user=self.site.database.user),
            options=["-c", f"listen_addresses={self.copy.address}"],
        )
        self.callback(lambda: self.replica.stop("immediate"))

    def _processes(self) -> None:
        public = self.site.env("public", "actions_public") | {
            "DATABASE_URL": f"postgresql://actions_public@{self.data.address}:6432/{self.site.name}",
            "POOLER": "true",
        }
        staff = self.site.env("staff", "actions_staff") | {
            "DATABASE_URL": f"postgresql://actions_staff@{self.data.address}:5432/{self.site.name}",
            "REPLICA_URL": f"postgresql://actions_staff@{self.copy.address}:5432/{self.site.name}",
        }
        for web in self.webs:
            web.log().write_text("")
            web.start(granian(web), public, locked=True)
        self.desk.log().write_text("")
        self.desk.start(granian(self.desk), staff, locked=True)
        for words in (["send_mail"], ["housekeeping"], ["db_worker", "--queue-name", "*", "--verbosity", "0"]):
            self.desk.start([sys.executable, "manage.py", *words], staff, locked=True)

    def staff_session(self) -> dict[str, str]:
        """Headers of somebody who is logged in, with a second factor behind them."""
        script = (
            "from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY\n"
            "from django.contrib.sessions.backends.db import SessionStore\n"
            "import time\n"
            "user, _ = get_user_model().objects.get_or_create(username='bench', is_superuser=True, is_staff=True)\n"
            "from allauth.mfa.models import Authenticator\n"
            "Authenticator.objects.get_or_create(user=user, type='totp', data={})\n"
            "s = SessionStore(); s[SESSION_KEY] = str(user.pk)\n"
            "s[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'\n"
            "s[HASH_SESSION_KEY] = user.get_session_auth_hash()\n"
            "s['account_authentication_methods'] = [{'method': 'mfa', 'type': 'totp', 'at': time.time()}]\n"
            "s.save(); print('SESSION', s.session_key)\n"
        )
        told = self.site.manage("shell", "-c", script)
        key = re.search(r"SESSION (\w+)", told.stdout)
        assert key, told.stderr
        return {"Cookie": f"sessionid={key[1]}", "X-Forwarded-Proto": "https", "Host": "localhost"}


def granian(host: Host) -> list[str]:
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", host.address]
    command += ["--port", "8000", "--workers", "1", "--blocking-threads", "2", "--no-ws"]
    return [*command, "--respawn-failed-workers", "--log-level", "error", "mysite.wsgi:application"]


def program(*names: str) -> str:
    found = [path for name in names if (path := shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin"))]
    if not found:
        raise SystemExit(f"{names[0]} is missing. Install it (Debian: apt-get install {names[0]}).")
    return found[0]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and everything is taken down
    with Cluster() as cluster, suppress(KeyboardInterrupt):
        print(f"visitors: {cluster.url}  staff: http://{cluster.desk.address}:8000/admin/", flush=True)
        while True:
            time.sleep(1)


if __name__ == "__main__":
    main()
