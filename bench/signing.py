"""What a signature costs: how many a second, and how much CPU in the application and in the database.

python -m bench.signing --rounds 3 --seconds 6

In turns, so that a busy machine troubles all alike, at 8 connections with the client (wrk) on the same machine: signing
with everything; a plain insert in the same view; a plain Wagtail form page; and durable one-row inserts of the same
PostgreSQL (pgbench). `--only signing` leaves the others out.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.database import family
from bench.load import PAGE
from bench.processes import ROOT
from bench.site import Server, Site, report, running
from mysite import postgres

CONNECTIONS = 8
TICK = os.sysconf("SC_CLK_TCK")
FORM = "/form/"


def run(site: Site, *, rounds: int, seconds: float, only: str = "") -> dict:
    kinds = {"signing": (site.main, PAGE, 303)}
    if not only:
        owner = site.env("public", "postgres")["DATABASE_URL"]
        kinds["plain insert in the same view"] = (
            site.serve_also("bench.plain:application", DATABASE_URL=owner), PAGE, 303
        )  # fmt: skip
        kinds["plain Wagtail form page"] = (wagtail_form(site), FORM, 200)
    for server, path, expected in kinds.values():
        sign(server.url + path, 2, expected)
    rates: dict[str, list[float]] = {kind: [] for kind in (*kinds, "one-row inserts")}
    costs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    delays: list[float] = []
    for _ in range(rounds):
        for kind, (server, path, expected) in kinds.items():
            before = spent(server, site)
            found = sign(server.url + path, seconds, expected)
            costs[kind].append(
                tuple((b - a) / found["done"] * 1000 for a, b in zip(before, spent(server, site), strict=True))
            )
            rates[kind].append(found["done"] / found["seconds"])
            if kind == "signing":
                delays.append(found["p95"])
        rates["one-row inserts"].append(inserts(site, seconds))
    for kind, (server, _path, _expected) in kinds.items():
        if kind != "signing":
            server.stop()
    medians = {kind: round(statistics.median(found), 1) for kind, found in rates.items()}
    signing = rates["signing"]

    def times(kind: str) -> float:
        return round(statistics.median(a / b for a, b in zip(signing, rates[kind], strict=True)), 3)

    return {
        "per second, medians": medians,
        "p95 ms": statistics.median(delays),
        "CPU ms each: application, database": {
            kind: [round(statistics.median(part), 2) for part in zip(*found, strict=True)]
            for kind, found in costs.items()
        },
        "ratio of signing to": {kind: times(kind) for kind in rates if kind != "signing"},
        "rounds": {kind: [round(rate) for rate in found] for kind, found in rates.items()},
        "ok": True,
    }


def sign(url: str, seconds: float, expected: int = 303, connections: int = CONNECTIONS) -> dict:
    """Sign as fast as `connections` allow, each with an address that was never used.

    Raises where one is refused, or nothing was signed.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing. Install it (Debian: apt-get install wrk).")
    script = str(ROOT / "bench/wrk/sign.lua")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{int(seconds)}s", "-s", script, url]
    command += [f"w{time.time_ns()}", str(expected)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(re.search(r"RESULT (.*)", told.stdout)[1])
    if found["refused"] or found["broken"] or not found["done"]:
        raise RuntimeError(str(found))
    return found


def spent(server: Server, site: Site) -> tuple[float, float]:
    """Seconds of CPU that the processes of a server, and those of PostgreSQL, have used so far."""
    return cpu(family(server.process.pid)), cpu(family(site.database.pid()))


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that these processes have used so far, with those they started that have ended."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split() for pid in pids]
    # Its own in user and system mode, and that of its children that have ended.
    return sum(int(value) for field in fields for value in field[11:15]) / TICK


def inserts(site: Site, seconds: float, connections: int = CONNECTIONS) -> float:
    """Durable one-row inserts a second, by pgbench."""
    site.query("create table if not exists bench_row (id bigserial primary key, digest bytea unique, at timestamptz)")
    program = shlex.split((site.database.folder / "postmaster.opts").read_text())[0]
    command = [str(Path(program).with_name("pgbench")), "-n", "-f", str(ROOT / "bench/insert.sql")]
    command += ["-c", str(connections), "-j", "2", "-T", str(int(seconds))]
    command += ["-h", str(site.database.folder), "-U", "postgres", site.name]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout
    return float(re.search(r"tps = ([\d.]+)", told).group(1))


def wagtail_form(site: Site) -> Server:
    """A plain Wagtail form page, served by the same server from the same PostgreSQL."""
    site.database.create("wagtail_form")
    env = {**os.environ, "DATABASE_URL": site.database.url("wagtail_form")}
    subprocess.run([sys.executable, "-m", "bench.wagtail_form.build"], cwd=ROOT, env=env, check=True)
    log = postgres.VAR / "wagtail_form.log"
    return Server("bench.wagtail_form.wsgi:application", log, env, workers=site.workers, threads=site.threads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--only", choices=["", "signing"], default="")
    given = parser.parse_args()
    with running("signing") as site:
        found = run(site, rounds=given.rounds, seconds=given.seconds, only=given.only)
    report(found)


if __name__ == "__main__":
    main()
