"""R29: the disk fills, connections run out, the database becomes read-only, the disk is slow, the cache goes: five
minutes each, while people sign. Nothing is acknowledged that is not there, everybody else gets a readable 503, and the
site is back within ten seconds.

python -m bench.faults.trouble --minutes 5                       all of them, one after the other
python -m bench.faults.trouble --minutes 1 --only disk-full

The disk is a tmpfs of its own (needs root). Slow: each commit waits a tenth of a second (commit_delay), and every five
seconds all of PostgreSQL stands still for two. The cache is a Redis of its own (needs redis-server).
"""

import argparse
import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg

from bench.faults.kill import verdict
from bench.load import run as in_thread
from bench.processes import free_port
from bench.proxy import Proxy
from bench.site import Site, report
from bench.visitors import Tally, Visitors
from mysite import postgres

NAME = "fault-trouble"
DISK = postgres.VAR / f"{NAME}-postgres"
MEGABYTES = 700
RECOVERY = 10  # seconds


@contextmanager
def small_disk() -> Iterator[None]:
    DISK.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0777", "tmpfs", str(DISK)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(DISK)], check=True)
        DISK.rmdir()


class DiskFull:
    """A ballast takes all that is left; PostgreSQL ends where it cannot write its log, and is started again."""

    def __init__(self, site: Site) -> None:
        self.site, self.ballast = site, DISK / "ballast"

    def begin(self) -> None:
        with suppress(OSError), self.ballast.open("wb") as file:
            while True:
                file.write(b"\0" * 1_000_000)
                file.flush()

    def during(self) -> None:
        """What the distribution's service does: start it where it has ended. With no room it ends again."""
        if not self.site.database.answers():
            with suppress(Exception):
                self.site.database.start_once()

    def end(self) -> None:
        self.ballast.unlink()
        if not self.site.database.answers():
            self.site.database.start()


class ConnectionsExhausted:
    """Somebody else holds every connection the server has, and ours are cut."""

    def __init__(self, site: Site) -> None:
        self.site, self.held = site, []

    def begin(self) -> None:
        url = self.site.database.url(self.site.name)
        while True:
            with suppress(psycopg.Error):
                self.held[0].execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'actions_public'"
                ) if self.held else None
            try:
                self.held.append(psycopg.connect(url, autocommit=True, connect_timeout=2))
            except psycopg.OperationalError:
                return

    def during(self) -> None:
        with suppress(psycopg.Error):
            self.held.append(psycopg.connect(self.site.database.url(self.site.name), connect_timeout=2))

    def end(self) -> None:
        for connection in self.held:
            connection.close()


class ReadOnly:
    def __init__(self, site: Site) -> None:
        self.site = site

    def begin(self) -> None:
        self.site.database.configure(default_transaction_read_only="on")

    def during(self) -> None:
        pass

    def end(self) -> None:
        self.site.database.configure(default_transaction_read_only="off")


class SlowDisk:
    def __init__(self, site: Site) -> None:
        self.site, self.turn = site, 0

    def begin(self) -> None:
        self.site.database.configure(commit_delay="100000", commit_siblings="0")

    def during(self) -> None:
        self.turn += 1
        if self.turn % 5 == 0:
            self.site.database.send_signal(signal.SIGSTOP)
            time.sleep(2)
            self.site.database.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.site.database.configure(commit_delay="0", commit_siblings="5")


class CacheLost:
    """Half of the time it is dead, half of the time it hangs."""

    def __init__(self, site: Site, cache: "Redis") -> None:
        self.site, self.cache, self.turn = site, cache, 0

    def begin(self) -> None:
        self.cache.stop()

    def during(self) -> None:
        self.turn += 1
        if self.turn == 20:
            self.cache.start()
            self.cache.process.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        self.cache.process.send_signal(signal.SIGCONT)
        if self.cache.process.poll() is not None:
            self.cache.start()


class Redis:
    """A shared cache of its own, that keeps nothing on a disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            raise SystemExit("redis-server is missing. Install it (Debian: apt-get install redis-server).")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/tmp")  # noqa: S108
        time.sleep(0.5)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


TROUBLES = ("disk-full", "connections-exhausted", "read-only", "slow-disk", "cache-lost")


async def one(site: Site, url: str, trouble, *, seconds: float, per_second: float) -> dict:
    tally = Tally()
    visitors = Visitors(url, tally)
    signing = asyncio.create_task(visitors.arrive(per_second, 10 + seconds + RECOVERY + 15))
    await asyncio.sleep(10)
    await asyncio.to_thread(trouble.begin)
    begun = time.monotonic() - tally.begun
    while time.monotonic() - tally.begun < begun + seconds:
        await asyncio.to_thread(trouble.during)
        await asyncio.sleep(1)
    await asyncio.to_thread(trouble.end)
    over = time.monotonic() - tally.begun
    await signing
    calm = [count for second, count in tally.by_second.items() if second < 10]
    bad = [second for second, count in tally.by_second.items() if second >= over and set(count) != {"303"}]
    recovered = max(0.0, max(bad, default=over) + 1 - over)
    return {
        "acknowledged": tally.acknowledged,
        "calm before": all(set(count) == {"303"} for count in calm),
        "answers": dict(tally.answers),
        "p95 ms thanked, refused": (tally.percentile("303", 95), tally.percentile("503", 95)),
        "longest s": (tally.longest("303"), tally.longest("503")),
        "503 without Retry-After": tally.bare,
        "seconds to recover": round(recovered, 1),
    }


def run(only: str, *, minutes: float, per_second: float) -> dict:
    found: dict = {"ok": True}
    with ExitStack() as stack:
        stack.enter_context(small_disk())
        cache = Redis()
        stack.callback(cache.stop)
        site = Site(NAME, workers=2, threads=2, CACHE_URL=cache.url, TRUSTED_PROXIES="2")
        stack.callback(site.stop)
        site.database.configure(max_wal_size="100MB", min_wal_size="64MB")
        site.start()
        proxy = stack.enter_context(Proxy(site))
        acknowledged: list[str] = []
        for name in TROUBLES:
            if only and name != only:
                continue
            trouble = {
                "disk-full": DiskFull, "connections-exhausted": ConnectionsExhausted, "read-only": ReadOnly,
                "slow-disk": SlowDisk,
            }.get(name, lambda s: CacheLost(s, cache))(site)  # fmt: skip
            told = in_thread(one(site, proxy.url, trouble, seconds=minutes * 60, per_second=per_second))
            acknowledged += told.pop("acknowledged")
            stored = verdict(site, Tally(acknowledged=acknowledged))
            told |= {"missing": stored["missing"], "counts agree": stored["counts agree"]}
            told["ok"] = (
                stored["ok"]
                and set(told["answers"]) <= {"303", "503"}
                and not told["503 without Retry-After"]
                and told["seconds to recover"] < RECOVERY
                and (name != "cache-lost" or set(told["answers"]) == {"303"})
            )
            print(name, told, flush=True)
            found[name] = "ok" if told["ok"] else "NOT OK"
            found["ok"] = found["ok"] and told["ok"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--per-second", type=float, default=30)
    parser.add_argument("--only", choices=["", *TROUBLES], default="")
    given = parser.parse_args()
    report(run(given.only, minutes=given.minutes, per_second=given.per_second))


if __name__ == "__main__":
    main()
