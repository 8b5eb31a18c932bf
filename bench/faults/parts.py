"""Each part of the large shape is killed, cut off or made to lag while people sign and staff look (R29).

python -m bench.faults.parts                 all of them, ten seconds each, at 50 signatures a second

Needs what bench.cluster needs.
"""

import argparse
import asyncio
import re
import signal
import sys
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg

from bench.cluster import Cluster
from bench.database import Database
from bench.faults.kill import verdict
from bench.load import PAGE
from bench.load import run as in_thread
from bench.site import report
from bench.visitors import Tally, Visitors

RECOVERY, MAIL_WAIT = 10, 60  # seconds


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
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and everything is taken down
    with Cluster() as cluster:
        found = run(cluster, seconds=given.seconds, per_second=given.per_second, only=given.only)
    report(found)


if __name__ == "__main__":
    main()
