"""How many pages a second, beside the least that the same server can do, in the same run (needs wrk and nginx).

python -m bench.pages --rounds 5 --seconds 5

Three pairs, in turns, so that a noisy machine disturbs both alike: an action page that is made anew for each request
and a bare Django view; the same page as it is kept and a bare view that returns its bytes; the page behind nginx and a
static file of nginx with the same bytes. The client (wrk) runs on the same machine.
"""

import argparse
import json
import re
import shutil
import subprocess
from statistics import median

import requests

from bench.load import PAGE
from bench.proxy import Proxy
from bench.site import running
from mysite import postgres

SAME_BYTES = "bench-page.html"


def measure(url: str, seconds: float, connections: int) -> dict:
    """Requests per second and p95 in ms, by wrk; anything but 2xx is counted."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "X-Forwarded-Proto: https"]
    command += ["-H", "Host: localhost", "-s", str(postgres.VAR / "bench.lua"), url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "p95": float(re.search(r"p95 ([\d.]+)", text)[1]),
        "wrong": int(wrong[1]) if wrong else 0,
    }


def run(rounds: int, seconds: float, connections: int) -> dict:
    (postgres.VAR / "bench.lua").write_text(
        'done = function(s, l, r) io.write(string.format("p95 %.2f\\n", l:percentile(95) / 1000)) end\n'
    )
    with running("bench-pages") as site:
        page = requests.get(site.url + PAGE, headers={"X-Forwarded-Proto": "https", "Host": "localhost"}, timeout=20)
        body = site.static / SAME_BYTES
        body.write_bytes(page.content)
        uncached = site.serve_also("bench.uncached:application")
        bare, same = (
            site.serve_also("bench.bare:application"),
            site.serve_also("bench.bare:application", BODY=str(body)),
        )
        with Proxy(site, requests="100000r/s") as proxy:
            pairs = {
                "made anew": (uncached.url + PAGE, bare.url),
                "kept": (site.url + PAGE, same.url),
                "behind nginx": (proxy.url + PAGE, f"{proxy.url}/static/{SAME_BYTES}"),
            }
            found = {name: _pair(*urls, rounds, seconds, connections) for name, urls in pairs.items()}
        for other in (uncached, bare, same):
            other.stop()
        body.unlink()
    return {"bytes": len(page.content), "connections": connections, "rounds": rounds, "seconds": seconds} | found


def _pair(ours: str, least: str, rounds: int, seconds: float, connections: int) -> dict:
    measured = [(measure(ours, seconds, connections), measure(least, seconds, connections)) for _ in range(rounds)]
    return {
        "per_second": round(median(a["per_second"] for a, _b in measured)),
        "p95_ms": round(median(a["p95"] for a, _b in measured), 1),
        "least_per_second": round(median(b["per_second"] for _a, b in measured)),
        "ratio": round(median(a["per_second"] / b["per_second"] for a, b in measured), 3),
        "wrong": sum(a["wrong"] + b["wrong"] for a, b in measured),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing. Install it (Debian: apt-get install wrk).")
    print(json.dumps(run(given.rounds, given.seconds, given.connections), indent=2))


if __name__ == "__main__":
    main()
