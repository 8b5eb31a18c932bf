"""Visitors who sign at a steady pace, whatever the answers, and keep a journal of what was acknowledged."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bench.load import PAGE, Client

KEPT_SECONDS = 5.0


@dataclass
class Journal:
    """What was acknowledged with a 303, and what else was answered, with the seconds each answer took."""

    acknowledged: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    moments: list[tuple[float, float, str]] = field(default_factory=list)  # sent, answered (monotonic clock), answer
    times: list[float] = field(default_factory=list)


async def sign_steadily(
    url: str, journal: Journal, *, per_second: float, until, prefix: str = "s", path: str = PAGE, connections: int = 32
) -> None:
    """Open loop: a new visitor every 1/`per_second` seconds until `until()` says so; addresses are never used twice."""
    prefix = f"{prefix}-{time.time_ns()}"
    where = urlsplit(url)
    idle: list[Client] = [Client(where.hostname or "", where.port or 80) for _ in range(connections)]
    running: set[asyncio.Task] = set()
    begun, number = time.monotonic(), 0
    while not until():
        number += 1
        await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
        client = idle.pop() if idle else Client(where.hostname or "", where.port or 80)
        task = asyncio.create_task(_one(client, journal, f"{prefix}-{number}@example.org", path, number))
        running.add(task)
        task.add_done_callback(lambda done, client=client: (running.discard(done), idle.append(client)))
    if running:
        await asyncio.wait(running, timeout=30)


async def _one(client: Client, journal: Journal, email: str, path: str, number: int) -> None:
    body = urlencode({"name": "Bench Mark", "email": email, "old_enough": "on"}).encode()
    begun = time.monotonic()
    # A server closes what is idle for long; a request sent into that moment would look like a failure.
    if client.reader and begun - client.used_at > KEPT_SECONDS:
        client.writer.close()
        client.reader = None
    client.used_at = begun
    # Visitors come from many networks.
    client.forwarded = f"10.{number // 256 % 256}.{number % 256}.1"
    try:
        answer = str(await asyncio.wait_for(client.request("POST", path, body), 20))
    except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
        answer = type(error).__name__
        client.reader = None
    if answer == "303":
        journal.acknowledged.append(email)
        journal.times.append(time.monotonic() - begun)
    journal.answers[answer] += 1
    journal.moments.append((begun, time.monotonic(), answer))
