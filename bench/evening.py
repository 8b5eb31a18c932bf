"""R22: an evening in the news: people sign at a steady pace while many more read the page and refresh the total.

python -m bench.evening --sign 50 --read 500 --minutes 30
python -m bench.evening --sign 500 --read 5000 --minutes 5

nginx (deploy/nginx.conf) before the public surface; visitors arrive whatever the answers (open loop), readers by wrk at
that pace. Everything on one machine. Nothing may fail; nothing acknowledged may be missing.
"""

import argparse
import asyncio
import time

from bench.faults.kill import verdict
from bench.load import run as in_thread
from bench.proxy import Proxy
from bench.site import Site, report, running
from bench.visitors import Readers, Tally, Visitors

SIGN_P95, READ_P95 = 300, 100  # ms


def run(site: Site, *, sign: float, read: float, seconds: float) -> dict:
    with Proxy(site) as proxy:
        return in_thread(_run(site, proxy, sign, read, seconds))


async def _run(site: Site, proxy: Proxy, sign: float, read: float, seconds: float) -> dict:
    tally = Tally()
    await Visitors(proxy.url, tally).arrive(5, 2)  # everything is there
    tally.seconds.clear()
    readers = Readers(proxy.url, read, seconds)
    begun = time.monotonic()
    await Visitors(proxy.url, tally).arrive(sign, seconds)
    took = time.monotonic() - begun
    reading = await asyncio.to_thread(readers.told)
    found = await asyncio.to_thread(verdict, site, tally)
    read_rate = reading["done"] / reading["seconds"]
    fine = (
        set(tally.answers) == {"303"}
        and reading["refused"] + reading["broken"] == 0
        and tally.percentile("303", 95) < SIGN_P95
        and reading["p95"] < READ_P95
        and read_rate > 0.95 * read
    )
    return found | {
        "seconds": round(took),
        "signed per second": round(len(tally.acknowledged) / took, 1),
        "ms to sign: p50, p95, p99": [tally.percentile("303", n) for n in (50, 95, 99)],
        "pages per second": round(read_rate),
        "ms to read: p50, p95, p99": [reading[f"p{n}"] for n in (50, 95, 99)],
        "pages that failed": reading["refused"] + reading["broken"],
        "ok": found["ok"] and fine,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sign", type=float, default=50)
    parser.add_argument("--read", type=float, default=500)
    parser.add_argument("--minutes", type=float, default=1)
    given = parser.parse_args()
    with running("evening", TRUSTED_PROXIES="2") as site:
        found = run(site, sign=given.sign, read=given.read, seconds=given.minutes * 60)
    report(found)


if __name__ == "__main__":
    main()
