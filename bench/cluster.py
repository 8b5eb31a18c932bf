"""The whole site as in production, each part on a host of its own, and what happens when one of them is lost.

python -m bench.cluster                      all troubles, ten seconds each, at 50 signatures a second
python -m bench.cluster --stay               only start it, say where it is, and wait for Ctrl-C

Eight hosts (network namespaces on one bridge): nginx, two of the public surface, staff with workers, PostgreSQL with
PgBouncer, its replica, the shared cache, object storage; a mail server beside. The processes of the site run as nobody,
without rights, on a file system that cannot be written to, as the image has it. Needs root and, beside what the bench
needs, pgbouncer and redis-server (Debian: apt-get install pgbouncer redis-server nginx-light).
"""

import argparse
import asyncio
import json
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg

from bench.database import Database, Replica
from bench.faults.kill import verdict
from bench.faults.mail import MailServer
from bench.hosts import SUBNET, Host, Network
from bench.load import PAGE
from bench.load import run as in_thread
from bench.proxy import Proxy, filled
from bench.site import Site, report
from bench.visitors import Tally, Visitors
from mysite import postgres

NAME = "cluster"
RECOVERY, MAIL_WAIT = 10, 60  # seconds
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
                surface="; server ".join(f"{web.address}:8000" for web in self.webs),
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


class Desk:
    """Somebody of staff who looks at the register, the desk and the review list, one after the other, all the time."""

    def __init__(self, cluster: Cluster) -> None:
        self.headers = cluster.staff_session()
        [(petition,)] = cluster.site.query("select id from actions_petition where name = 'Iran: executions'")
        base = f"http://{cluster.desk.address}:8000/admin/signature-forms/{petition}"
        self.addresses = [f"{base}/signatures/", f"{base}/desk/", f"{base}/signatures/?oldest=1"]
        self.answers: dict[str, int] = {}
        self.longest = 0.0

    async def look(self, until: Callable[[], bool]) -> None:
        number = 0
        while not until():
            number += 1
            begun = time.monotonic()
            answer = await asyncio.to_thread(self._get, self.addresses[number % len(self.addresses)])
            self.answers[answer] = self.answers.get(answer, 0) + 1
            self.longest = max(self.longest, time.monotonic() - begun)
            await asyncio.sleep(0.3)

    def _get(self, address: str) -> str:
        try:
            with urlopen(Request(address, headers=self.headers), timeout=20) as answer:  # noqa: S310
                return str(answer.status)
        except HTTPError as error:
            return str(error.code)
        except OSError as error:
            return type(error).__name__


# What is lost, and how it comes back: name, lose, bring back, answers that visitors may get meanwhile.
def troubles(cluster: Cluster) -> list[tuple[str, Callable, Callable, set[str], set[str]]]:
    web = cluster.webs[0]
    thanked, refused, refusals = {"303"}, {"303", "503"}, {"200", "503"}
    return [
        ("nothing", lambda: None, lambda: None, thanked, {"200"}),
        ("a web process is killed", lambda: web.processes[0].kill(), lambda: None, refused, {"200"}),
        ("a web host is cut off", web.cut, web.join, refused, {"200"}),
        ("the replica is killed", cluster.replica.kill, cluster.replica.start, thanked, {"200"}),
        ("the replica is cut off", cluster.copy.cut, cluster.copy.join, thanked, {"200"}),
        (
            "the replica lags",
            lambda: on(cluster.replica, "select pg_wal_replay_pause()"),
            lambda: on(cluster.replica, "select pg_wal_replay_resume()"),
            thanked,
            {"200"},
        ),
        ("the cache is killed", lambda: cluster.cache.kill(stay_down=True), cluster.cache.again, thanked, {"200"}),
        ("the cache is cut off", cluster.cache_host.cut, cluster.cache_host.join, thanked, {"200"}),
        ("object storage is cut off", cluster.store.cut, cluster.store.join, thanked, {"200"}),
        ("the pooler is killed", lambda: cluster.pooler.kill(stay_down=True), cluster.pooler.again, refused, {"200"}),
        ("the database is cut off", cluster.data.cut, cluster.data.join, refused, refusals),
    ]  # fmt: skip


def on(database: Database, text: str) -> None:
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute(text)


async def one(cluster: Cluster, lose, back, *, seconds: float, per_second: float) -> tuple[Tally, Desk, float]:
    tally, desk = Tally(), Desk(cluster)
    length = 5 + seconds + RECOVERY + 5
    signing = asyncio.create_task(Visitors(cluster.url, tally).arrive(per_second, length))
    looking = asyncio.create_task(desk.look(signing.done))
    await asyncio.sleep(5)
    await asyncio.to_thread(lose)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(back)
    over = time.monotonic() - tally.begun
    await signing
    await looking
    bad = [second for second, count in tally.by_second.items() if second >= over and set(count) != {"303"}]
    return tally, desk, max(0.0, max(bad, default=over - 1) + 1 - over)


def run(cluster: Cluster, *, seconds: float, per_second: float, only: str) -> dict:
    found: dict = {"ok": True}
    everything = Tally()
    for name, lose, back, visitors_may, staff_may in troubles(cluster):
        if only and name != only:
            continue
        tally, desk, recovered = in_thread(one(cluster, lose, back, seconds=seconds, per_second=per_second))
        everything.acknowledged += tally.acknowledged
        fine = (
            set(tally.answers) <= visitors_may
            and set(desk.answers) <= staff_may
            and not tally.bare
            and recovered < RECOVERY
        )
        found[name] = {
            "visitors": dict(tally.answers),
            "p95 ms": tally.percentile("303", 95),
            "longest s": {answer: tally.longest(answer) for answer in tally.answers},
            "staff": desk.answers,
            "staff longest s": round(desk.longest, 2),
            "seconds until all is well": round(recovered, 1),
            "verdict": "ok" if fine else "NOT OK",
        }
        print(name, found[name], flush=True)
        found["ok"] = found["ok"] and fine
    stored = verdict(cluster.site, everything)
    found |= {
        "acknowledged": stored["acknowledged"],
        "missing": stored["missing"],
        "counts agree": stored["counts agree"],
    }
    found |= parts(cluster, len(everything.acknowledged))
    found["ok"] = found["ok"] and stored["ok"] and all(found["parts"].values())
    return found


def parts(cluster: Cluster, signed: int) -> dict:
    """Whether each part has done its share."""
    by_web = [web.log().read_text().count('"status": 303') for web in cluster.webs]
    with psycopg.connect(cluster.replica.admin.replace("/postgres?", f"/{cluster.site.name}?")) as connection:
        rows = connection.execute(
            "select tup_fetched + tup_returned from pg_stat_database where datname = current_database()"
        )
        (read,) = rows.fetchone()
    picture = _picture(cluster)
    begun, before = time.monotonic(), len(cluster.mail.taken)
    while len(cluster.mail.taken) < signed and time.monotonic() < begun + MAIL_WAIT:
        time.sleep(1)
    a_second = (len(cluster.mail.taken) - before) / (time.monotonic() - begun)
    [(due,)] = cluster.site.query("select count(*) from actions_outboxmail where sent_at is null")
    return {
        "signed at each web host": by_web,
        "rows read from the replica": read,
        "mails that arrived, that are still due, a second": (len(cluster.mail.taken), due, round(a_second)),
        "a picture": picture,
        "parts": {
            "both web hosts": all(by_web),
            "replica": read > 1000,
            "mail": len(cluster.mail.taken) > 0 and len(cluster.mail.taken) + due >= signed,
            "object storage": picture.endswith("HIT"),
        },
    }


def _picture(cluster: Cluster) -> str:
    """A picture of the action page, asked for twice: the second time it is the proxy's own."""
    headers = {"Host": "localhost"}
    with urlopen(Request(cluster.url + PAGE, headers=headers), timeout=10) as answer:  # noqa: S310
        found = re.search(r'(?:src|srcset)="(?:https://localhost)?(/media/[^" ]+)', answer.read().decode())
    if not found:
        return "none on the page"
    for _ in range(2):
        with urlopen(Request(cluster.url + found[1], headers=headers), timeout=10) as answer:  # noqa: S310
            told = f"{answer.headers['Content-Type']} {len(answer.read())} bytes, {answer.headers.get('X-Cache')}"
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--per-second", type=float, default=50)
    parser.add_argument("--only", default="")
    parser.add_argument("--stay", action="store_true")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and everything is taken down
    with Cluster() as cluster:
        print(f"visitors: {cluster.url}  staff: http://{cluster.desk.address}:8000/admin/", flush=True)
        if given.stay:
            with suppress(KeyboardInterrupt):
                while True:
                    time.sleep(1)
            return
        found = run(cluster, seconds=given.seconds, per_second=given.per_second, only=given.only)
    report(found)


if __name__ == "__main__":
    main()
