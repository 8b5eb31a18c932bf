"""Reading a total at no signatures and at many: it is read from at most sixteen rows, whatever there is.

python -m bench.total --signatures 10000000
"""

import argparse
import statistics
import time

import psycopg

from bench.site import Site

READ = "select coalesce(sum(counted), 0) from actions_totalslot where petition_id = %s"
EMPTY, FULL = "Iran: compulsory veil", "Iran: executions"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatures", type=int, default=1_000_000)
    given = parser.parse_args()
    site = Site("total")
    try:
        ids = dict(site.query("select name, id from actions_petition"))
        site.query(
            "insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, "
            "signed_at) select gen_random_uuid(), %s, sha256(int4send(n)), 1, 'counted', 'nb', '', "
            "now() - interval '1 day' * (n %% 365) from generate_series(1, %s) n",
            ids[FULL],
            given.signatures,
        )
        site.manage("check_counts", "--repair", check=False)
        site.query("vacuum analyze actions_signature")
        with psycopg.connect(site.database.url(site.name), autocommit=True) as connection:
            for name in (EMPTY, FULL):
                print(f"{name}: {connection.execute(READ, [ids[name]]).fetchone()[0]} signatures")
                print(f"  {_median(connection, ids[name]):.3f} ms (median of 500 reads)")
                plan = connection.execute("explain (analyze, buffers) " + READ.replace("%s", str(ids[name]))).fetchall()
                print("  " + "\n  ".join(row for (row,) in plan))
    finally:
        site.stop()


def _median(connection: psycopg.Connection, petition: int) -> float:
    times = []
    for _ in range(500):
        begun = time.perf_counter()
        connection.execute(READ, [petition]).fetchone()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
