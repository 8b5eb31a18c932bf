"""R1 and R6: `kill -9` of web workers and of PostgreSQL while people sign; nothing acknowledged may be lost or doubled.

python -m bench.faults.kill --web 50 --postgres 50 --acknowledged 50000
"""

import argparse
import asyncio
import os
import random
import signal
import time
from contextlib import suppress

from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.site import Site, report, running

FORM = "Iran: executions"


def run(site: Site, *, web: int, postgres: int, acknowledged: int, per_second: float, seed: int = 1) -> dict:
    """Kill, sign, count. Returns what was found; `ok` is the verdict."""
    return in_thread(_run(site, web, postgres, acknowledged, per_second, random.Random(seed)))


async def _run(site: Site, web: int, postgres: int, wanted: int, per_second: float, chance: random.Random) -> dict:
    journal, done = Journal(), asyncio.Event()
    begun = time.monotonic()
    baseline = site.query("select count(*) from actions_signature")[0][0]
    signing = asyncio.create_task(sign_steadily(site.url, journal, per_second=per_second, until=done.is_set))
    kills = ["web"] * web + ["postgres"] * postgres
    chance.shuffle(kills)
    pause = wanted / per_second / max(len(kills), 1)
    for kind in kills:
        await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
        if kind == "web":
            workers = site.web_workers()
            for pid in chance.sample(workers, k=min(1, len(workers))):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        else:
            await asyncio.to_thread(site.database.kill)
            await asyncio.to_thread(site.database.start)
    while len(journal.acknowledged) < wanted and time.monotonic() - begun < 3 * wanted / per_second + 120:
        await asyncio.sleep(0.2)
    done.set()
    await signing
    return verdict(site, journal) | {
        "seconds": round(time.monotonic() - begun),
        "killed": {"web workers": web, "postgres": postgres},
        "there before": baseline,
        "restarts of the whole server": site.restarts,
    }


def verdict(site: Site, journal: Journal) -> dict:
    """Compare the journal with the database."""
    from bench.faults.digests import digests

    [(petition, salt)] = site.query("select id, digest_salt from actions_petition where name = %s", FORM)
    known = {
        bytes(row) for (row,) in site.query("select digest from actions_signature where petition_id = %s", petition)
    }
    expected = digests(journal.acknowledged, salt=bytes(salt))
    rows, distinct = site.query(
        "select count(*), count(distinct digest) from actions_signature where petition_id = %s and state = 'counted'",
        petition,
    )[0]
    [(total,)] = site.query("select sum(counted) from actions_totalslot where petition_id = %s", petition)
    counts = site.manage("check_counts", check=False)
    missing = len(expected - known)
    held = site.query("select count(*) from actions_hold")[0][0]
    return {
        "acknowledged": len(journal.acknowledged),
        "answers": dict(journal.answers),
        "missing": missing,
        "rows": rows,
        "distinct digests": distinct,
        "total": int(total),
        "held": held,
        "counts agree": counts.returncode == 0,
        "ok": missing == 0 and rows == distinct == total and counts.returncode == 0 and bool(journal.acknowledged),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--web", type=int, default=5)
    parser.add_argument("--postgres", type=int, default=5)
    parser.add_argument("--acknowledged", type=int, default=1000)
    parser.add_argument("--per-second", type=float, default=50)
    given = parser.parse_args()
    with running("fault-kill") as site:
        found = run(
            site, web=given.web, postgres=given.postgres, acknowledged=given.acknowledged, per_second=given.per_second
        )
    report(found)


if __name__ == "__main__":
    main()
