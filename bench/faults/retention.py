"""R14: deleting the signers of a petition is killed again and again; in the end nothing personal is left, and no count
has changed.

python -m bench.faults.retention --kills 20 --signers 100000
"""

import argparse
import random
import signal
import subprocess
import sys
import time

from bench.processes import ROOT
from bench.site import Site, report, running

FORM = "Iran: executions"
PERSONAL = ["signer", "publicname", "hold", "signerrequest", "signerlink"]


def run(site: Site, *, kills: int, signers: int) -> dict:
    [(petition,)] = site.query("select id from actions_petition where name = %s", FORM)
    site.query(
        """
        with s as (
            insert into actions_signature
                (id, petition_id, digest, canonical_version, state, language, country, signed_at)
            select gen_random_uuid(), %s, sha256(gen_random_uuid()::text::bytea), 1, 'counted', 'nb', '',
                now() - interval '200 days' from generate_series(1, %s) returning id
        ), o as (insert into actions_outboxmail (id, signature_id, kind) select gen_random_uuid(), id, 'receipt' from s)
        insert into actions_signer (signature_id, sealed, contact_action, contact_other, show_name, hand_over_name)
        select id, 'sealed', false, false, false, false from s
        """,
        petition,
        signers,
    )
    site.query(
        "update actions_petition set opens_at = now() - interval '300 days', ends_at = now() - interval '190 days' "
        "where id = %s",
        petition,
    )
    site.manage("check_counts", "--repair", check=False)
    before = site.query("select sum(counted) from actions_totalslot where petition_id = %s", petition)
    there = site.query("select count(*) from actions_signer")[0][0]
    dry = site.manage("forget_signers", "--dry-run").stdout
    left = [site.query("select count(*) from actions_signer")[0][0]]
    chance = random.Random(5)
    done = 0
    for _attempt in range(kills * 5):
        if done == kills or not left[-1]:
            break
        process = subprocess.Popen([sys.executable, "manage.py", "forget_signers"], cwd=ROOT,
                                   env=site.env("staff", "actions_staff"), stdout=subprocess.DEVNULL)  # fmt: skip
        # Killed at a random moment of its work, not of its start.
        while site.query("select count(*) from actions_signer")[0][0] == left[-1] and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.wait()
        left.append(site.query("select count(*) from actions_signer")[0][0])
    site.manage("forget_signers")
    personal = {table: site.query(f"select count(*) from actions_{table}")[0][0] for table in PERSONAL}  # noqa: S608
    personal["outboxmail"] = site.query("select count(*) from actions_outboxmail")[0][0]
    personal["wrapped key"] = site.query(
        "select count(*) from actions_petitionsecret where petition_id = %s", petition
    )[0][0]
    after = site.query("select sum(counted) from actions_totalslot where petition_id = %s", petition)
    counts = site.manage("check_counts", check=False).returncode
    return {
        "signers": signers,
        "dry run changed": there - left[0],
        "dry run said": [line for line in dry.splitlines() if f"form {petition}:" in line],
        "killed": done,
        "left after each kill": left[1:],
        "personal rows in the end": personal,
        "total before and after": (int(before[0][0]), int(after[0][0])),
        "counts agree": counts == 0,
        "ok": done == kills and not any(personal.values()) and before == after and counts == 0 and left[0] == there,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--signers", type=int, default=20_000)
    given = parser.parse_args()
    with running("fault-retention") as site:
        found = run(site, kills=given.kills, signers=given.signers)
    report(found)


if __name__ == "__main__":
    main()
