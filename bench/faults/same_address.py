"""R3: many POSTs of one address at once, in ten spellings and every language: one row, and thanks for everybody.

python -m bench.faults.same_address --rounds 100 --posts 200
"""

import argparse
import asyncio
import random
from collections import Counter
from urllib.parse import urlencode, urlsplit

from bench.load import Client
from bench.load import run as in_thread
from bench.site import Site, report, running

PATHS = [
    "/nb/aksjoner/stans-henrettelsene/", "/nn/aksjonar/stans-avrettingane/", "/en/actions/stop-the-executions/",
]  # fmt: skip


def spellings(number: int) -> list[str]:
    local = f"kari{number}"
    dotted = ".".join(local)
    names = [local, local.upper(), dotted, f"{local}+1", f"{dotted}+x"]
    return [f"{name}@{host}" for name in names for host in ("gmail.com", "GoogleMail.com")]


def run(site: Site, *, rounds: int, posts: int) -> dict:
    return in_thread(_run(site, rounds, posts))


async def _run(site: Site, rounds: int, posts: int) -> dict:
    paths = [row for (row,) in site.query(
        "select c.url_path from wagtailcore_page c join actions_actionpage a on a.page_ptr_id = c.id "
        "join actions_petition p on p.id = a.petition_id where p.name = 'Iran: executions'"
    )]  # fmt: skip
    languages = [code for (code,) in site.query("select language_code from wagtailcore_locale")]
    before = site.query("select count(*) from actions_signature")[0][0]
    answers: Counter = Counter()
    wrong = []
    where = urlsplit(site.url)
    clients = [Client(where.hostname or "", where.port or 80) for _ in range(50)]
    for number in range(rounds):
        chance = random.Random(number)
        queue = [(chance.choice(spellings(number)), chance.choice(PATHS)) for _ in range(posts)]

        async def work(client: Client, queue=queue, number=number) -> None:
            while queue:
                email, path = queue.pop()
                client.forwarded = f"10.{len(queue)}.{number % 250}.1"
                body = urlencode({"name": "Bench Mark", "email": email, "old_enough": "on"}).encode()
                answers[await client.request("POST", path, body)] += 1

        await asyncio.gather(*(work(client) for client in clients))
        rows = site.query("select count(*) from actions_signature")[0][0]
        if rows != before + number + 1:
            wrong.append((number, rows - before))
    deadlocks = site.query("select deadlocks from pg_stat_database where datname = current_database()")[0][0]
    counts = site.manage("check_counts", check=False).returncode
    return {
        "rounds": rounds,
        "posts": rounds * posts,
        "pages": len(paths),
        "languages": languages,
        "answers": dict(answers),
        "rounds with other than one row": wrong,
        "deadlocks": deadlocks,
        "counts agree": counts == 0,
        "ok": not wrong and not deadlocks and counts == 0 and set(answers) == {303},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--posts", type=int, default=200)
    given = parser.parse_args()
    with running("fault-same", threads=8) as site:
        found = run(site, rounds=given.rounds, posts=given.posts)
    report(found)


if __name__ == "__main__":
    main()
