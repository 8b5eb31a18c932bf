"""R4: nothing after the end, nothing lost before it, with web processes whose clocks are wrong, and while staff close.

python -m bench.faults.clock --rounds 30                     the end comes by itself, 20 s ahead
python -m bench.faults.clock --rounds 30 --how close         staff press "close now"
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.site import Site, report, running

FORM = "Iran: executions"
SKEWS = (-90, 0, 90)  # seconds


@contextmanager
def wrong_clocks(site: Site) -> Iterator[list[str]]:
    """Addresses of web processes whose clocks are late, right and early."""
    others = [site.serve_also("bench.faults.skewed:application", workers=1, SKEW=str(skew)) for skew in SKEWS]
    try:
        yield [other.url for other in others]
    finally:
        for other in others:
            other.stop()


def run(site: Site, urls: list[str], *, rounds: int, ahead: float, per_second: float, how: str) -> dict:
    try:
        return in_thread(_run(site, urls, rounds, ahead, per_second, how))
    finally:
        site.query("update actions_petition set ends_at = now() + interval '30 days' where name = %s", FORM)


async def _run(site: Site, urls: list[str], rounds: int, ahead: float, per_second: float, how: str) -> dict:
    late = lost = early = acknowledged = 0
    answers: Counter = Counter()
    for number in range(rounds):
        found = await _round(site, urls, number, ahead, per_second, how)
        late, lost, early = late + found["late"], lost + found["lost"], early + found["early"]
        acknowledged += found["acknowledged"]
        answers += found["answers"]
    return {
        "rounds": rounds,
        "how": how,
        "clocks in seconds": SKEWS,
        "acknowledged": acknowledged,
        "answers": dict(answers),
        "rows at or after the end": late,
        "acknowledged without a row": lost,
        "refused though sent a second before the end": early,
        "ok": not (late or lost or early) and acknowledged > 0 and answers["410"] > 0,
    }


async def _round(site: Site, urls: list[str], number: int, ahead: float, per_second: float, how: str) -> dict:
    [(last,)] = site.query("select max(signed_at) from actions_signature")
    end = timedelta(seconds=ahead if how == "by itself" else 3600)
    site.query("update actions_petition set ends_at = clock_timestamp() + %s where name = %s", end, FORM)
    ended = time.monotonic() + ahead  # the end by this machine's steady clock
    over = asyncio.Event()
    journals = [Journal() for _ in urls]
    signing = [
        asyncio.create_task(
            sign_steadily(url, journal, per_second=per_second / len(urls), prefix=f"r{number}u{place}",
                          until=over.is_set, connections=12)
        )
        for place, (url, journal) in enumerate(zip(urls, journals, strict=True))
    ]  # fmt: skip
    closed_from = ended
    if how == "close":
        await asyncio.sleep(ahead * 0.6)
        closed_from = time.monotonic()  # it may close at any moment from here on
        await asyncio.to_thread(_close, site)
    else:
        await asyncio.sleep(ahead)
    await asyncio.sleep(3)
    over.set()
    await asyncio.gather(*signing)
    rows, late = site.query(
        "select count(*), count(*) filter (where s.signed_at >= p.ends_at) from actions_signature s "
        "join actions_petition p on p.id = s.petition_id where p.name = %s and s.signed_at > %s", FORM, last,
    )[0]  # fmt: skip
    told = sum(len(journal.acknowledged) for journal in journals)
    refused = [sent for journal in journals for sent, _answered, answer in journal.moments if answer in ("409", "410")]
    return {
        "late": late,
        "lost": max(0, told - rows),
        "early": sum(sent < closed_from - 1 for sent in refused),
        "acknowledged": told,
        "answers": sum((journal.answers for journal in journals), Counter()),
    }


def _close(site: Site) -> None:
    script = (
        "from actions.signing import life; from actions.signing.models import Petition; "
        f"life.close_now(petition=Petition.objects.get(name='{FORM}'), by=None, reason='bench')"
    )
    site.manage("shell", "-v", "0", "-c", script)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--ahead", type=float, default=20)
    parser.add_argument("--per-second", type=float, default=50)
    parser.add_argument("--how", choices=["by itself", "close"], default="by itself")
    given = parser.parse_args()
    with running("fault-clock", workers=1) as site, wrong_clocks(site) as urls:
        found = run(site, urls, rounds=given.rounds, ahead=given.ahead, per_second=given.per_second, how=given.how)
    report(found)


if __name__ == "__main__":
    main()
