"""An open-loop client: visitors arrive when they arrive, whatever the answers; cheap enough for thousands a second.

A closed client (wrk) waits for the answer before it sends the next, and so never asks more than the site can do.
"""

import asyncio
import json
import re
import statistics
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from bench.load import PAGE
from bench.processes import ROOT


@dataclass
class Tally:
    """What was answered, by second of sending: status and seconds of each answer."""

    answers: Counter = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    by_second: dict[int, Counter] = field(default_factory=dict)
    bare: int = 0  # 503 without Retry-After
    begun: float = field(default_factory=time.monotonic)

    def note(self, sent: float, answer: str, who: str = "") -> None:
        self.answers[answer] += 1
        self.seconds.setdefault(answer, []).append(time.monotonic() - sent)
        self.by_second.setdefault(int(sent - self.begun), Counter())[answer] += 1
        if answer == "303" and who:
            self.acknowledged.append(who)

    def percentile(self, answer: str, percent: int) -> float:
        """In milliseconds; 0 where there was no such answer."""
        found = self.seconds.get(answer, [])
        if len(found) < 2:
            return round(sum(found) * 1000, 1)
        return round(statistics.quantiles(found, n=100)[percent - 1] * 1000, 1)

    def longest(self, answer: str) -> float:
        return round(max(self.seconds.get(answer, [0.0])), 3)


class _Line(asyncio.Protocol):
    """One connection, with at most one request under way."""

    def __init__(self, crowd: "Visitors") -> None:
        self.crowd, self.buffer = crowd, b""
        self.sent, self.who, self.is_busy = 0.0, "", False
        self.transport: Any = None

    def connection_made(self, transport) -> None:
        self.transport = transport

    def ask(self, request: bytes, sent: float, who: str) -> None:
        self.sent, self.who, self.is_busy, self.buffer = sent, who, True, b""
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        low = head.lower()
        at = low.find(b"content-length: ")
        if at >= 0 and len(body) < int(low[at + 16 :].split(b"\r", 1)[0]):
            return
        if b"transfer-encoding: chunked" in low and not body.endswith(b"0\r\n\r\n"):
            return
        answer = head[9:12].decode()
        if answer == "503" and b"retry-after:" not in low:
            self.crowd.tally.bare += 1
        self.is_busy = False
        self.crowd.tally.note(self.sent, answer, self.who)
        self.crowd.underway -= 1
        if b"connection: close" in low:
            self.transport.close()
        else:
            self.crowd.idle.append(self)

    def connection_lost(self, error) -> None:
        if self.is_busy:
            self.is_busy = False
            self.crowd.underway -= 1
            self.crowd.tally.note(self.sent, type(error).__name__ if error else "closed")
        if self in self.crowd.idle:
            self.crowd.idle.remove(self)


class Visitors:
    """People who sign at `url`, each with an address of their own."""

    def __init__(self, url: str, tally: Tally, *, most: int = 4000) -> None:
        where = urlsplit(url)
        self.host, self.port, self.tally, self.most = where.hostname, where.port, tally, most
        self.idle: list[_Line] = []
        self.underway = 0
        self.opening: set[asyncio.Future] = set()
        self.prefix = f"v{time.time_ns()}"
        self.number = 0

    async def arrive(self, per_second: float, seconds: float) -> None:
        """Returns when the last has an answer, or after ten seconds more."""
        loop = asyncio.get_running_loop()
        begun, come = loop.time(), 0
        while (gone := loop.time() - begun) < seconds:
            due = int(gone * per_second)
            while come < due:
                come += 1
                self._send()
            await asyncio.sleep(max(0.001, (come + 1) / per_second - (loop.time() - begun)))
        until = loop.time() + 10
        while self.underway and loop.time() < until:
            await asyncio.sleep(0.05)

    def _send(self) -> None:
        self.number += 1
        who = f"{self.prefix}-{self.number}@example.org"
        request, sent = self._request(who), time.monotonic()
        while self.idle:
            line = self.idle.pop()
            if not line.transport.is_closing():
                self.underway += 1
                line.ask(request, sent, who)
                return
        if self.underway >= self.most:
            self.tally.note(sent, "no connection left")
            return
        self.underway += 1
        opening = asyncio.ensure_future(self._open(request, sent, who))
        self.opening.add(opening)
        opening.add_done_callback(self.opening.discard)

    async def _open(self, request: bytes, sent: float, who: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(lambda: _Line(self), self.host, self.port)
        except OSError as error:
            self.underway -= 1
            self.tally.note(sent, type(error).__name__)
            return
        line.ask(request, sent, who)

    def _request(self, who: str) -> bytes:
        n = self.number
        body = f"name=Bench+Mark&old_enough=on&email={quote(who)}"
        return (
            f"POST {PAGE} HTTP/1.1\r\nHost: {self.host}\r\nX-Forwarded-Proto: https\r\n"
            f"X-Forwarded-For: {20 + n // 65536 % 200}.{n // 256 % 256}.{n % 256}.1\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Readers:
    """wrk, reading the page of the action with as many connections that each wait a while as make the pace."""

    def __init__(self, url: str, per_second: float, seconds: float) -> None:
        connections = max(10, int(per_second / 20))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{int(seconds)}s", "-s", str(ROOT / "bench/wrk/read.lua")]
        command += [url + PAGE, str(connections / per_second * 1000)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def told(self) -> dict:
        """How many were read, in how many seconds, and the percentiles in ms; waits for the end."""
        told, _ = self.process.communicate()
        return json.loads(re.search(r"RESULT (.*)", told)[1])
