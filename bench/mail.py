"""How many mails a worker sends a second, alone and several at once, and how much CPU each mail takes.

python -m bench.mail --seconds 8 --workers 1 2
python -m bench.mail --seconds 4 --workers 1 4 --delay 0.02

People sign for so many seconds (wrk), then the workers send all receipts, their own start included, to a mail server on
this machine, which thinks so long (`--delay`, in seconds) before each of its answers.
"""

import argparse
import resource
import subprocess
import sys
import time

from bench.database import family
from bench.faults.mail import MailServer
from bench.load import PAGE
from bench.processes import ROOT, free_port
from bench.signing import cpu, sign
from bench.site import Site, report, running


def run(site: Site, server: MailServer, *, workers: int, seconds: float) -> dict:
    sign(site.url + PAGE, seconds)
    before, database, own = len(server.taken), cpu(family(site.database.pid())), _children()
    begun = time.monotonic()
    command, env = [sys.executable, "manage.py", "send_mail", "--once"], site.env("staff", "actions_staff")
    for worker in [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(workers)]:
        worker.wait()
    took = time.monotonic() - begun
    sent = len(server.taken) - before
    [(wanted,)] = site.query("select count(*) from actions_outboxmail")
    return {
        "mails": sent,
        "a second": round(sent / took, 1),
        "CPU ms each: worker, database": (
            round((_children() - own) / sent * 1000, 2),
            round((cpu(family(site.database.pid())) - database) / sent * 1000, 2),
        ),
        "missing": wanted - len(server.taken),
        "twice": sum(server.taken.values()) - len(server.taken),
    }


def _children() -> float:
    """Seconds of CPU of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--delay", type=float, default=0)
    given = parser.parse_args()
    port = free_port()
    server = MailServer(port, delay=given.delay)
    with running("mail", EMAIL_URL=f"smtp://127.0.0.1:{port}") as site:
        found = {workers: run(site, server, workers=workers, seconds=given.seconds) for workers in given.workers}
    ok = not any(told["missing"] or told["twice"] for told in found.values())
    report({f"{n} at once": told for n, told in found.items()} | {"ok": ok})


if __name__ == "__main__":
    main()
