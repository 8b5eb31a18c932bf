"""R8: the database is restarted while people sign; the site itself is not, and is back within seconds.

python -m bench.faults.restart --times 20 --per-second 30
"""

import argparse
import asyncio
import time

from bench.faults.kill import verdict
from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.site import Site, report, running

ALLOWED = {"303", "503"}
PATIENCE = 5.0  # seconds from "accepts again" to the first signature


def run(site: Site, *, times: int, per_second: float) -> dict:
    return in_thread(_run(site, times, per_second))


async def _run(site: Site, times: int, per_second: float) -> dict:
    journal, done = Journal(), asyncio.Event()
    workers, restarts = sorted(site.web_workers()), site.restarts
    signing = asyncio.create_task(sign_steadily(site.url, journal, per_second=per_second, until=done.is_set))
    waits = []
    await asyncio.sleep(3)
    for _ in range(times):
        await asyncio.to_thread(site.database.stop, "fast")
        await asyncio.sleep(0.5)
        await asyncio.to_thread(site.database.start)
        accepts = time.monotonic()
        while not (first := _first_thanks(journal, accepts)) and time.monotonic() < accepts + PATIENCE + 1:
            await asyncio.sleep(0.1)
        waits.append(round(first - accepts, 2) if first else None)
        await asyncio.sleep(3)  # the other processes and their connections too
    done.set()
    await signing
    found = verdict(site, journal)
    same = sorted(site.web_workers()) == workers and site.restarts == restarts
    only = set(journal.answers) <= ALLOWED
    quick = all(wait is not None and wait <= PATIENCE for wait in waits)
    return found | {
        "restarts of the database": times,
        "seconds to the first signature": waits,
        "same processes": same,
        "only 303 and 503": only,
        "ok": found["ok"] and same and only and quick,
    }


def _first_thanks(journal: Journal, after: float) -> float | None:
    """When somebody was thanked for the first time after an instant of the monotonic clock."""
    return next((at for _sent, at, answer in journal.moments if at > after and answer == "303"), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--per-second", type=float, default=30)
    given = parser.parse_args()
    with running("fault-restart") as site:
        found = run(site, times=given.times, per_second=given.per_second)
    report(found)


if __name__ == "__main__":
    main()
