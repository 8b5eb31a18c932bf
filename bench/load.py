"""A load client: keeps connections busy for a while and prints rate, latencies and errors as JSON.

python -m bench.load sign --url http://127.0.0.1:8000       signs with addresses that were never used
python -m bench.load page --url http://127.0.0.1:8000       reads the page of the same action
"""

import argparse
import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

PAGE = "/nb/aksjoner/stans-henrettelsene/"


class Client:
    """One kept connection, as a proxy in front would have it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader | None = None
        self.used_at = 0.0
        self.forwarded = "192.0.2.1"  # what a proxy in front says of where the visitor comes from

    async def request(self, method: str, path: str, body: bytes = b"") -> int:
        """Send one request and read the whole answer; returns its status."""
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nX-Forwarded-Proto: https\r\n"
            f"X-Forwarded-For: {self.forwarded}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        headers = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in headers[1:] if ": " in line)
        if "content-length" in fields:
            await self.reader.readexactly(int(fields["content-length"]))
        elif fields.get("transfer-encoding") == "chunked":
            while size := int(await self.reader.readline(), 16):
                await self.reader.readexactly(size + 2)
            await self.reader.readline()
        if fields.get("connection") == "close":
            self.reader = None
        return int(headers[0].split()[1])


async def work(what: str, client: Client, worker: int, until: float, times: list[float], errors: Counter) -> None:
    expected = 303 if what == "sign" else 200
    run, number = int(time.time() * 1000), 0
    while time.perf_counter() < until:
        number += 1
        email = f"bench-{run}-{worker}-{number}@example.org"
        body = urlencode({"name": "Bench Mark", "email": email, "old_enough": "on"}).encode() if what == "sign" else b""
        client.forwarded = f"{11 + worker}.{number // 256 % 256}.{number % 256}.1"  # many visitors, many networks
        begun = time.perf_counter()
        try:
            status = await client.request("POST" if what == "sign" else "GET", PAGE, body)
        except (OSError, asyncio.IncompleteReadError) as error:
            errors[type(error).__name__] += 1
            client.reader = None
            continue
        if status == expected:
            times.append((time.perf_counter() - begun) * 1000)
        else:
            errors[str(status)] += 1


def run(work: Coroutine) -> Any:
    """`asyncio.run` in a thread of its own, since whoever calls may have a loop running already (Playwright does)."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def measure(what: str, url: str, connections: int, seconds: float) -> dict:
    where = urlsplit(url)
    times: list[float] = []
    errors: Counter = Counter()
    begun = time.perf_counter()
    until = begun + seconds
    clients = [Client(where.hostname or "localhost", where.port or 80) for _ in range(connections)]
    await asyncio.gather(*(work(what, client, n, until, times, errors) for n, client in enumerate(clients)))
    percentiles = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return {
        "what": what,
        "connections": connections,
        "seconds": seconds,
        "done": len(times),
        "per_second": round(len(times) / (time.perf_counter() - begun), 1),
        "ms": {f"p{n}": round(percentiles[n - 1], 1) for n in (50, 95, 99)},
        "errors": dict(errors),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["sign", "page"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.what, given.url, given.connections, given.seconds)), indent=2))


if __name__ == "__main__":
    main()
