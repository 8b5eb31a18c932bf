"""What sealing, roles, tallies and outbox cost: signatures per second, against a plain insert in the same view.

python -m bench.price --rounds 5 --seconds 8

The two servers are measured in turns, so that a busy machine troubles both alike. The durable one-row insert rate of
the same PostgreSQL (pgbench, 8 connections, a unique index) is measured in the same run.
"""

import argparse
import os
import re
import shlex
import statistics
import subprocess
from pathlib import Path

from bench.load import measure
from bench.load import run as in_thread
from bench.site import ROOT, Site, report, running

CONNECTIONS = 8


def run(site: Site, *, rounds: int, seconds: float) -> dict:
    owner = site.env("public", "postgres")["DATABASE_URL"]
    bare = site.serve_also("bench.plain:application", DATABASE_URL=owner)
    try:
        full_rates, plain_rates, insert_rates = [], [], []
        for url in (site.url, bare.url):
            in_thread(measure("sign", url, CONNECTIONS, 2))
        for _ in range(rounds):
            plain_rates.append(_rate(bare.url, seconds))
            full_rates.append(_rate(site.url, seconds))
            insert_rates.append(_inserts(site, seconds))
        ratios = [full / plain for full, plain in zip(full_rates, plain_rates, strict=True)]
        full, plain, inserts = map(statistics.median, (full_rates, plain_rates, insert_rates))
        return {
            "signatures per second": full_rates,
            "plain inserts in the same view per second": plain_rates,
            "one-row inserts per second (pgbench)": insert_rates,
            "medians": (full, plain, inserts),
            "median of full to plain, round by round": round(statistics.median(ratios), 3),
            "full to one-row inserts": f"{full / inserts:.1%}",
            "ok": statistics.median(ratios) >= 0.8,
        }
    finally:
        bare.stop()


def _rate(url: str, seconds: float) -> float:
    found = in_thread(measure("sign", url, CONNECTIONS, seconds))
    if found["errors"]:
        raise RuntimeError(str(found["errors"]))
    return found["per_second"]


def _inserts(site: Site, seconds: float) -> float:
    site.query("create table if not exists bench_row (id bigserial primary key, digest bytea unique, at timestamptz)")
    program = shlex.split((site.database.folder / "postmaster.opts").read_text())[0]
    command = [
        str(Path(program).with_name("pgbench")),
        "-n",
        "-f",
        str(ROOT / "bench/insert.sql"),
        "-c",
        str(CONNECTIONS),
    ]
    command += ["-j", "2", "-T", str(int(seconds)), "-h", str(site.database.folder), "-U", "postgres", site.name]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout
    return float(re.search(r"tps = ([\d.]+)", told).group(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    given = parser.parse_args()
    with running("price") as site:
        found = run(site, rounds=given.rounds, seconds=given.seconds)
    report(found)


if __name__ == "__main__":
    main()
