"""R23: more visitors than the site can take: how many are still served, and how the others are told.

python -m bench.overload --seconds 12 --picture docs/pictures/goodput.svg     the curve
python -m bench.overload --hold 500 --read 5000 --minutes 5      one load, held while many read, and what comes after it

Visitors arrive whatever the answers (open loop), through nginx as deploy/ has it; the client runs on the same
machine, so that it takes from the site what it needs for itself.
"""

import argparse
import asyncio
import time
from pathlib import Path

from bench import pictures
from bench.faults.kill import verdict
from bench.load import run as in_thread
from bench.proxy import Proxy
from bench.site import Site, report, running
from bench.visitors import Readers, Tally, Visitors

RATES = (100, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000)
NORMAL = 50  # a second, before and after
GOODPUT, REFUSED_WITHIN, BACK_WITHIN = 0.7, 1.0, 30


async def step(url: str, per_second: float, seconds: float) -> dict:
    tally = Tally()
    begun = time.monotonic()
    await Visitors(url, tally).arrive(per_second, seconds)
    served = sum(count["303"] for second, count in tally.by_second.items() if second < seconds)
    return {
        "offered": round(sum(tally.answers.values()) / seconds),
        "served": round(served / seconds),
        "p50": tally.percentile("303", 50),
        "p95": tally.percentile("303", 95),
        "refused p95": tally.percentile("503", 95),
        "refused longest s": tally.longest("503"),
        "answers": dict(tally.answers),
        "503 without Retry-After": tally.bare,
        "tally": tally,
        "seconds": round(time.monotonic() - begun, 1),
    }


async def curve(url: str, seconds: float) -> list[dict]:
    await step(url, NORMAL, 3)
    found = []
    for rate in RATES:
        found.append(await step(url, rate, seconds))
        told = {key: value for key, value in found[-1].items() if key != "tally"}
        print(told, flush=True)
        await asyncio.sleep(3)
    return found


async def hold(url: str, rate: float, seconds: float, read: float) -> dict:
    """The load, held; then normal again, second by second until everybody is served as before."""
    before = await step(url, NORMAL, 10)
    readers = Readers(url, read, seconds) if read else None
    held = await step(url, rate, seconds)
    if readers:
        told = await asyncio.to_thread(readers.told)
        held["pages"] = {key: told[key] for key in ("done", "refused", "broken", "p50", "p95", "p99")}
    after = await step(url, NORMAL, BACK_WITHIN + 10)
    tally = after.pop("tally")
    bad = [second for second, count in tally.by_second.items() if set(count) != {"303"}]
    back = max(bad, default=-1) + 1
    return {"before": before, "held": held, "after": after, "seconds until all is well": back}


def run(site: Site, *, seconds: float, picture: str = "") -> dict:
    """The curve."""
    with Proxy(site) as proxy:
        found = in_thread(curve(proxy.url, seconds))
    if picture:
        pictures.goodput(found, Path(picture))
    best = max(step["served"] for step in found)
    beyond = [step for step in found if step["offered"] > best]
    worst = min(step["served"] for step in beyond) if beyond else 0
    return {
        "best goodput": best,
        "worst beyond it": worst,
        "ratio": round(worst / best, 2),
        "longest wait to be told, s": max(step["refused longest s"] for step in found),
        "all 503 say when to come back": not any(step["503 without Retry-After"] for step in found),
        "ok": worst >= GOODPUT * best
        and all(set(step["answers"]) <= {"303", "503"} for step in found)
        and all(step["refused p95"] < REFUSED_WITHIN * 1000 for step in found),
    }


def held(site: Site, *, rate: float, read: float, seconds: float) -> dict:
    """One load, and whether anything of what was acknowledged is missing afterwards."""
    with Proxy(site) as proxy:
        told = in_thread(hold(proxy.url, rate, seconds, read))
    during, before = told["held"], told["before"]
    tally = during.pop("tally")
    tally.acknowledged += before.pop("tally").acknowledged
    stored = verdict(site, tally)
    return {
        **told,
        "missing": stored["missing"],
        "counts agree": stored["counts agree"],
        "ok": stored["ok"]
        and set(during["answers"]) <= {"303", "503"}
        and during["refused p95"] < REFUSED_WITHIN * 1000
        and told["seconds until all is well"] <= BACK_WITHIN
        and not any(during.get("pages", {}).get(bad) for bad in ("refused", "broken")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--hold", type=float, default=0)
    parser.add_argument("--read", type=float, default=0)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--picture", default="")
    given = parser.parse_args()
    with running("overload", TRUSTED_PROXIES="2") as site:
        if given.hold:
            found = held(site, rate=given.hold, read=given.read, seconds=given.minutes * 60)
        else:
            found = run(site, seconds=given.seconds, picture=given.picture)
    report(found)


if __name__ == "__main__":
    main()
