"""R16: can the time of an answer tell who has signed? New and repeated attempts in random order, one after another.

python -m bench.oracle --each 2000

Prints the medians, their difference, and how often a classifier that knows the best threshold on one half of the
answers is right on the other half. It must not be right much more often than a coin: at most 55 %.
"""

import argparse
import random
import statistics
import time
from urllib.parse import urlencode, urlsplit

from bench.load import PAGE, Client
from bench.load import run as in_thread
from bench.site import Site, report, running


def run(site: Site, *, each: int) -> dict:
    return in_thread(_run(site, each))


async def _run(site: Site, each: int) -> dict:
    where = urlsplit(site.url)
    client = Client(where.hostname or "", where.port or 80)
    chance = random.Random(3)
    number = 0

    async def post(email: str) -> float:
        nonlocal number
        number += 1
        client.forwarded = f"{10 + number // 60_000}.{number // 250 % 240}.{number % 250}.1"
        body = urlencode({"name": "Bench Mark", "email": email, "old_enough": "on"}).encode()
        begun = time.perf_counter()
        status = await client.request("POST", PAGE, body)
        took = (time.perf_counter() - begun) * 1000
        if status != 303:
            raise RuntimeError(f"answered {status}")
        return took

    for n in range(300):  # warm up; these are the addresses that come again
        await post(f"known{n}@example.org")
    order = ["new"] * each + ["repeated"] * each
    chance.shuffle(order)
    times: list[tuple[str, float]] = []
    for place, kind in enumerate(order):
        email = f"new{place:06}@example.org" if kind == "new" else f"known{chance.randrange(300)}@example.org"
        times.append((kind, await post(email)))
    half = len(times) // 2
    threshold, above = best_threshold(times[:half])
    right = sum((kind == above) == (took > threshold) for kind, took in times[half:]) / (len(times) - half)
    medians = {kind: statistics.median(t for k, t in times if k == kind) for kind in ("new", "repeated")}
    difference = abs(medians["new"] - medians["repeated"])
    return {
        "each": each,
        "median in ms": {kind: round(value, 2) for kind, value in medians.items()},
        "difference in ms": round(difference, 2),
        "classifier is right": f"{right:.1%}",
        "ok": difference < 5 and right <= 0.55,
    }


def best_threshold(times: list[tuple[str, float]]) -> tuple[float, str]:
    """The time, and the kind that is above it, which tell most of these apart."""
    rows = sorted(times, key=lambda row: row[1])
    news = sum(kind == "new" for kind, _ in rows)
    below, best, found = 0, 0, (0.0, "new")
    for place, (kind, took) in enumerate(rows, 1):
        below += kind == "new"
        new_above = (news - below) + (place - below)
        repeated_above = len(rows) - new_above
        for score, above in ((new_above, "new"), (repeated_above, "repeated")):
            if score > best:
                best, found = score, (took, above)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=300)
    given = parser.parse_args()
    with running("oracle") as site:
        found = run(site, each=given.each)
    report(found)


if __name__ == "__main__":
    main()
