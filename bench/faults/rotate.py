"""R15, in part: the keys of signers are wrapped anew, again and again, while people sign; every signer still opens.

python -m bench.faults.rotate --rotations 12
"""

import argparse
import asyncio
import base64
import secrets

from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.site import KEY, Site, report, running

OPEN_ALL = """
from actions.signing.models import Signer
from actions.signing.sealing import open_person
n = 0
for s in Signer.objects.select_related("signature__petition__secret"):
    open_person(sealed=bytes(s.sealed), signature_id=s.pk, petition=s.signature.petition)
    n += 1
print(n)
"""


def run(site: Site, *, rotations: int, per_second: float) -> dict:
    return in_thread(_run(site, rotations, per_second))


async def _run(site: Site, rotations: int, per_second: float) -> dict:
    journal, over = Journal(), asyncio.Event()
    signing = asyncio.create_task(sign_steadily(site.url, journal, per_second=per_second, until=over.is_set))
    ring, wrapped = [KEY], 0
    for _ in range(rotations):
        ring = [base64.b64encode(secrets.token_bytes(32)).decode(), ring[0]]
        site.more["SIGNER_MASTER_KEYS"] = ",".join(ring)
        done = await asyncio.to_thread(site.manage, "signer_keys", "rotate")
        wrapped += "keys were wrapped" in done.stdout
    over.set()
    await signing
    site.more["SIGNER_MASTER_KEYS"] = ring[0]  # the old ones are gone
    opened = int(site.manage("shell", "-v", "0", "-c", OPEN_ALL).stdout.split()[-1])
    status = site.manage("signer_keys", "status", check=False).returncode
    return {
        "acknowledged": len(journal.acknowledged),
        "answers": dict(journal.answers),
        "rotations meanwhile": wrapped,
        "signers opened with the last key alone": opened,
        "ok": opened >= len(journal.acknowledged) > 0
        and set(journal.answers) == {"303"}
        and status == 0
        and wrapped == rotations,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rotations", type=int, default=4)
    parser.add_argument("--per-second", type=float, default=30)
    given = parser.parse_args()
    with running("fault-rotate") as site:
        found = run(site, rotations=given.rotations, per_second=given.per_second)
    report(found)


if __name__ == "__main__":
    main()
