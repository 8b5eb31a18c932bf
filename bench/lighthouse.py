"""Lighthouse, mobile profile, on home, index and an action open and ended: behind nginx, with the demo's pictures.

python -m bench.lighthouse --program node_modules/.bin/lighthouse --runs 3

Lighthouse comes from npm (`npm install lighthouse@12`) and drives the Chromium of the journeys. Medians of the runs.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import requests

from bench.proxy import Proxy
from bench.site import running
from tests.chromium import find

PAGES = {
    "home": "/nb/",
    "index": "/nb/aksjoner/",
    "open": "/nb/aksjoner/stans-henrettelsene/",
    "ended": "/nb/aksjoner/xinjiang/",
}
KINDS = ("performance", "accessibility", "best-practices", "seo")


def audit(program: list[str], url: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [*program, url, "--quiet", "--output=json", f"--output-path={report}"]
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic"]
        command += [f"--only-categories={','.join(KINDS)}"]
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": str(find())}, stdout=subprocess.DEVNULL)
        return json.loads(report.read_text())


def summary(found: list[dict]) -> dict:
    last = found[-1]
    items = last["audits"]["network-requests"]["details"]["items"]
    words = [item for item in items if item.get("resourceType") != "Image" or item["url"].endswith("icon.svg")]
    return {
        **{kind: round(median(one["categories"][kind]["score"] * 100 for one in found)) for kind in KINDS},
        "first paint s": _seconds(found, "first-contentful-paint"),
        "largest paint s": _seconds(found, "largest-contentful-paint"),
        "requests without pictures": len(words),
        "kB without pictures": round(sum(item.get("transferSize", 0) for item in words) / 1000, 1),
        "kB in all": round(sum(item.get("transferSize", 0) for item in items) / 1000, 1),
        "below 1": sorted(
            name
            for name, one in last["audits"].items()
            if one.get("scoreDisplayMode") in ("binary", "numeric") and (one["score"] or 0) < 1
        ),
    }


def _seconds(found: list[dict], name: str) -> float:
    return round(median(one["audits"][name]["numericValue"] for one in found) / 1000, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="lighthouse")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with running("lighthouse", pictures=True) as site, Proxy(site) as proxy:
        for path in PAGES.values():
            requests.get(proxy.url + path, timeout=120)  # makes the renditions
        for name, path in PAGES.items():
            found = [audit([given.program], proxy.url + path) for _ in range(given.runs)]
            print(name, json.dumps(summary(found), indent=2), flush=True)


if __name__ == "__main__":
    main()
