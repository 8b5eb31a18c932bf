"""`python -m bench.judge [NAME …] [--without NAME …]`: see the package."""

import argparse
import sys
import time

from . import tools
from .court import Court, sitting
from .quick import QUICK
from .verdict import Verdict
from .whole import WHOLE

NAMES = [*QUICK, *WHOLE]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them otherwise")
    parser.add_argument("--without", nargs="*", default=[], metavar="NAME", help="which are not to be had here")
    given = parser.parse_args()
    if unknown := set(given.names + given.without) - set(NAMES):
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    names = [name for name in given.names or NAMES if name not in given.without]
    tools.install()
    with sitting() as court:
        good = [_told(name, court) for name in names]
    for name in given.without:
        print(f"{name:14} left out, as was said")
    sys.exit(0 if all(good) else 1)


def _told(name: str, court: Court) -> bool:
    """Ask one tool, print what it says, and say whether it is content."""
    began = time.monotonic()
    try:
        verdict: Verdict = QUICK[name](court.folder) if name in QUICK else WHOLE[name](court)
    except tools.Absent as why:
        print(f"{name:14} ABSENT: {why}", flush=True)
        return False
    except Exception as trouble:
        print(f"{name:14} could not be asked: {trouble}", flush=True)
        return False
    seconds = time.monotonic() - began
    known = f", {verdict.known} known" if verdict.known else ""
    print(f"{name:14} {verdict.version:22} {verdict.looked_at}: {verdict.marks}{known} ({seconds:.1f} s)", flush=True)
    for one in verdict.wrong:
        print(f"{'':14}   {one}", flush=True)
    return verdict.good


if __name__ == "__main__":
    main()
