"""Serves the demo as production would, until Ctrl-C: `python -m bench.serve`.

Prints where it is, and the DATABASE_URL of its owner, so that pgbench can measure the same server.
"""

import time
from contextlib import suppress

from bench.site import running


def main() -> None:
    with suppress(KeyboardInterrupt), running("serve", pictures=True) as site:
        print(f"{site.url}\nDATABASE_URL={site.database.url(site.name)}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
