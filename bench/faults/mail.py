"""R7: the mail server refuses, hangs, answers 4xx and 5xx, closes mid-data. Signing must not notice; all mail arrives.

python -m bench.faults.mail --seconds 20
"""

import argparse
import asyncio
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter

from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.processes import ROOT, free_port
from bench.site import Site, report, running


class MailServer:
    """A mail server of its own on one port, whose behaviour can be changed while it runs; it thinks `delay` seconds
    before each of its answers."""

    def __init__(self, port: int, address: str = "127.0.0.1", *, delay: float = 0) -> None:
        self.behaviour, self.delay = "works", delay
        self.taken: Counter = Counter()  # by Message-ID
        self.server = socket.create_server((address, port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _address = self.server.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                {
                    "refuses": lambda c: None,
                    "hangs": lambda c: time.sleep(8),
                    "4xx": lambda c: self._talk(c, b"451 try later"),
                    "5xx": lambda c: self._talk(c, b"550 no"),
                    "closes mid-data": lambda c: self._talk(c, None),
                    "works": lambda c: self._talk(c, b"250 ok"),
                }[self.behaviour](client)
            except OSError:
                return

    def _talk(self, client: socket.socket, last: bytes | None) -> None:
        lines = client.makefile("rb")
        client.sendall(b"220 hello\r\n")
        while line := lines.readline():
            time.sleep(self.delay)
            word = line[:4].upper()
            if word == b"DATA":
                client.sendall(b"354 go on\r\n")
                message = b""
                while (line := lines.readline()) not in (b".\r\n", b""):
                    message += line
                    if last is None and len(message) > 300:
                        return
                if last == b"250 ok":
                    found = [row for row in message.split(b"\r\n") if row.lower().startswith(b"message-id:")]
                    self.taken[found[0]] += 1
                client.sendall((last or b"") + b"\r\n")
            elif word == b"QUIT":
                client.sendall(b"221 bye\r\n")
                return
            else:
                client.sendall(b"250 ok\r\n")


BEHAVIOURS = ["works", "refuses", "hangs", "4xx", "5xx", "closes mid-data"]


def run(*, seconds: float, per_second: float) -> dict:
    port = free_port()
    server = MailServer(port)
    with running("fault-mail", EMAIL_URL=f"smtp://127.0.0.1:{port}") as site:
        return _measured(site, server, seconds, per_second)


def _measured(site: Site, server: MailServer, seconds: float, per_second: float) -> dict:
    command = [sys.executable, "manage.py", "send_mail", "--pause", "0.2"]
    env = site.env("staff", "actions_staff")
    workers = [subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) for _ in range(2)]
    try:
        journals = in_thread(_run(site, server, seconds, per_second))
        server.behaviour = "works"
        signed = sum(len(journal.acknowledged) for journal in journals.values())
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            site.query(
                "update actions_outboxmail set due_at = clock_timestamp() where sent_at is null and due_at > now()"
            )
            [(left,)] = site.query("select count(*) from actions_outboxmail where sent_at is null")
            if not left:
                break
            time.sleep(1)
        p95 = {name: round(_p95(journal.times) * 1000, 1) for name, journal in journals.items()}
        worst = max(value for name, value in p95.items() if name != "works") / p95["works"]
        twice = sum(n - 1 for n in server.taken.values())
        answers = sum((journal.answers for journal in journals.values()), Counter())
        return {
            "signed": signed,
            "answers": dict(answers),
            "p95 in ms": p95,
            "worst p95 to p95 of a working server": round(worst, 2),
            "mails that arrived": len(server.taken),
            "arrived twice with the same Message-ID": twice,
            "mails left": left,
            "ok": set(answers) == {"303"} and left == 0 and len(server.taken) == signed and twice <= signed / 1000,
        }
    finally:
        for worker in workers:
            worker.kill()


async def _run(site: Site, server: MailServer, seconds: float, per_second: float) -> dict[str, Journal]:
    journals = {}
    await _sign(site, Journal(), 3, per_second, "warm")
    while site.query("select count(*) from actions_outboxmail where sent_at is null")[0][0]:
        await asyncio.sleep(0.2)
    server.taken.clear()
    for number, behaviour in enumerate(BEHAVIOURS):
        server.behaviour = behaviour
        journals[behaviour] = Journal()
        await _sign(site, journals[behaviour], seconds, per_second, f"m{number}")
    return journals


async def _sign(site: Site, journal: Journal, seconds: float, per_second: float, prefix: str) -> None:
    until = time.monotonic() + seconds
    await sign_steadily(site.url, journal, per_second=per_second, until=lambda: time.monotonic() > until, prefix=prefix)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--per-second", type=float, default=20)
    given = parser.parse_args()
    found = run(seconds=given.seconds, per_second=given.per_second)
    report(found)


if __name__ == "__main__":
    main()
