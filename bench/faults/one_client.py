"""R44: one client with many connections, who is slow in every way there is, while others sign and read.

python -m bench.faults.one_client                          2 000 connections, 5 minutes
python -m bench.faults.one_client --connections 400 --seconds 10

The client has one address, 127.0.0.2; the others, each with an address of their own, come by 127.0.0.1, which nginx
takes for a proxy before it. A quarter of the connections each: heads that never end, bodies of a signature that never
end, the same with a GET, and answers that are never read. What is closed is opened again. Beside that the client asks
for pages that must be made, and signs, as fast as it is answered.
"""

import argparse
import asyncio
import itertools
import json
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from bench.faults.kill import verdict
from bench.load import PAGE, Client
from bench.load import run as in_thread
from bench.processes import ROOT
from bench.proxy import Proxy
from bench.site import Site, report, running
from bench.visitors import Tally, Visitors

ATTACKER = "127.0.0.2"
PAUSE = 2.0  # seconds between two bytes
SIGN, READ = 10, 20  # a second, by others
PAGES = (PAGE, "/nb/", "/nb/aksjoner/", "/nb/aksjoner/?state=open", "/")
SLOWER = 2.0  # times; and what a busy machine adds by itself
GRACE = 25  # ms

HEAD = "{method} {path} HTTP/1.1\r\nHost: {host}\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
SLOW = {
    "heads": "GET /nb/ HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
    "bodies": f"POST {PAGE} HTTP/1.1\r\nHost: {{host}}\r\n{FORM}n",
    "bodies of pages": f"GET {PAGE} HTTP/1.1\r\nHost: {{host}}\r\n{FORM}n",
    "reading": f"GET {PAGE} HTTP/1.1\r\nHost: {{host}}\r\n\r\n" * 200,
}


class OneClient:
    """Keeps `connections` slow ones open to `url`, spread over the `kinds`, and asks fast with `fast` more."""

    def __init__(self, url: str, connections: int, *, kinds: list[str], fast: int) -> None:
        where = urlsplit(url)
        self.host, self.port = where.hostname or "", where.port or 80
        self.connections, self.kinds, self.fast = connections, kinds, fast
        self.opened: Counter[str] = Counter()
        self.numbers = itertools.count()

    async def work(self) -> None:
        """Until standard input ends; then tell what was opened."""
        kinds = itertools.islice(itertools.cycle(self.kinds), self.connections)
        tasks = [asyncio.ensure_future(self._slow(kind)) for kind in kinds]
        tasks += [asyncio.ensure_future(self._fast(number % 2 == 0)) for number in range(self.fast)]
        await asyncio.sleep(1)
        print("they stand", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        print(json.dumps(self.opened), flush=True)

    async def _slow(self, kind: str) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await self._open(limit=1)
                self.opened[kind] += 1
                try:
                    writer.write(SLOW[kind].format(host=self.host).encode())
                    while not writer.is_closing() and (kind == "reading" or not reader.at_eof()):
                        await asyncio.sleep(PAUSE)
                        if kind != "reading":
                            writer.write(b"n")
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.2)

    async def _open(self, **more):
        line = socket.socket()
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            line.bind((ATTACKER, 0))
            await asyncio.get_running_loop().sock_connect(line, (self.host, self.port))
            return await asyncio.open_connection(sock=line, **more)
        except BaseException:
            line.close()
            raise

    async def _fast(self, signs: bool) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                reader, writer = await self._open()
                try:
                    number = next(self.numbers)
                    body = f"name=Bench+Mark&old_enough=on&email=one-{number}@example.net" if signs else ""
                    head = HEAD.format(
                        method="POST" if signs else "GET",
                        path=PAGE if signs else f"/nb/aksjoner/?q=made-up-{number}",
                        host=self.host,
                    )
                    if signs:
                        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
                    writer.write(f"{head}Connection: close\r\n\r\n{body}".encode())
                    answer = await reader.readline()
                    self.opened[f"fast: {answer[9:12].decode()}"] += 1
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.01)


async def read(url: str, per_second: float, seconds: float, tally: Tally) -> None:
    """Others who read, each with an address of their own."""
    where = urlsplit(url)
    begun, asking = time.monotonic(), set()

    async def one(number: int) -> None:
        client = Client(where.hostname or "", where.port or 80)
        client.forwarded = f"198.18.{number // 250 % 250}.{number % 250}"
        sent = time.monotonic()
        try:
            tally.note(sent, str(await client.request("GET", PAGES[number % len(PAGES)])))
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.note(sent, type(error).__name__)
        finally:
            if client.reader:
                client.writer.close()

    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
        asking.add(asyncio.ensure_future(one(number)))
    await asyncio.wait(asking, timeout=15)


async def others(url: str, seconds: float) -> tuple[Tally, Tally]:
    """Sign and read for so long; what they were answered."""
    signed, was_read = Tally(), Tally()
    await asyncio.gather(Visitors(url, signed).arrive(SIGN, seconds), read(url, READ, seconds, was_read))
    return signed, was_read


@contextmanager
def one_client(url: str, connections: int, kinds: Iterable[str], fast: int) -> Iterator[dict[str, int]]:
    """The client, in a process of its own; afterwards what it opened stands in what is given."""
    words = [sys.executable, "-m", __spec__.name, "--client", url, "--connections", str(connections)]
    words += ["--fast", str(fast), "--kinds", *kinds]
    told: dict[str, int] = {}
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()  # type: ignore[union-attr]
        try:
            yield told
        finally:
            told |= json.loads(process.communicate()[0] or "{}")


def middle(tally: Tally) -> float:
    """Of all answers, in milliseconds."""
    every = [second for seconds in tally.seconds.values() for second in seconds]
    return round(statistics.median(every) * 1000, 1) if every else 0.0


def run(site: Site, *, connections: int, seconds: float, kinds: Iterable[str] = SLOW, fast: int = 8) -> dict:
    signers = site.serve_also()  # as deploy/ has it: a process of its own
    try:
        with Proxy(site, signers=urlsplit(signers.url).netloc) as proxy:
            in_thread(others(proxy.url, 2))  # everything is there
            sign_before, read_before = in_thread(others(proxy.url, min(seconds, 30)))
            with one_client(proxy.url, connections, kinds, fast) as told:
                sign, was_read = in_thread(others(proxy.url, seconds))
    finally:
        signers.stop()
    refused = {answer: n for tally in (sign, was_read) for answer, n in tally.answers.items() if answer[0] not in "23"}
    times = {
        "signing": (middle(sign_before), middle(sign)),
        "pages": (middle(read_before), middle(was_read)),
    }
    sign.acknowledged += sign_before.acknowledged
    return verdict(site, sign) | {
        "the one client opened": told,
        "others signed": sign.answers["303"],
        "others read": was_read.answers["200"] + was_read.answers["302"],
        "others refused": refused,
        "ms at median, before and during": times,
        "p95 before and during": {
            "signing": (sign_before.percentile("303", 95), sign.percentile("303", 95)),
            "pages": (read_before.percentile("200", 95), was_read.percentile("200", 95)),
        },
        "ok": not refused
        and sign.answers["303"] >= SIGN * seconds * 0.95
        and all(during <= SLOWER * before + GRACE for before, during in times.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kinds", nargs="+", choices=SLOW, default=list(SLOW))
    parser.add_argument("--fast", type=int, default=8)
    parser.add_argument("--client", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        asyncio.run(OneClient(given.client, given.connections, kinds=given.kinds, fast=given.fast).work())
        return
    with running("one-client", TRUSTED_PROXIES="2") as site:
        found = run(site, connections=given.connections, seconds=given.seconds, kinds=given.kinds, fast=given.fast)
    report(found)


if __name__ == "__main__":
    main()
