"""R31: a backup under load, an empty machine, and the page that says what to do: is everything there again?

python -m bench.drill            (make drill)

The commands are taken from docs/operations.md, “Restore”, as they stand there; names in capitals are replaced. So the
page is rehearsed, not only the programs.
"""

import argparse
import asyncio
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.database import Database
from bench.faults.digests import digests
from bench.faults.kill import FORM
from bench.faults.signers import Journal, sign_steadily
from bench.load import run as in_thread
from bench.processes import ROOT
from bench.site import Site, report
from mysite import postgres

PAGE = ROOT / "docs" / "operations.md"
PER_SECOND = 30


def run(*, seconds: float) -> dict:
    folder = postgres.VAR / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    site = Site("drill", workers=1, ERASED_LOG=str(folder / "erased.jsonl"))
    try:
        public = site.manage("backup_key", str(folder / "key.txt")).stdout.strip()
        site.more["BACKUP_RECIPIENTS"] = public
        site.start()
        journal, times = in_thread(_under_load(site, folder, seconds))
        gone, left = _forget_some(site, journal)
        site.manage("housekeeping", "--once")
        secrets = _plain_text_in(folder, journal)
    finally:
        site.stop()
    return _restored(site, folder, journal, gone, left) | {
        "seconds for the backup": round(times["backup"], 1),
        "places where a name or an address stands in it": secrets,
    }


async def _under_load(site: Site, folder: Path, seconds: float) -> tuple[Journal, dict]:
    """Sign, begin a backup in the middle, and go on signing. What was acknowledged by then is the journal."""
    journal, later, times = Journal(), Journal(), {}
    begun = time.monotonic()
    await sign_steadily(site.url, journal, per_second=PER_SECOND, until=lambda: time.monotonic() - begun > seconds)
    done = asyncio.Event()
    signing = asyncio.create_task(
        sign_steadily(site.url, later, per_second=PER_SECOND, until=done.is_set, prefix="later")
    )
    begun = time.monotonic()
    await asyncio.to_thread(site.manage, "backup", "--to", str(folder / "backups"), owner=True)
    times["backup"] = time.monotonic() - begun
    done.set()
    await signing
    return journal, times


def _forget_some(site: Site, journal: Journal) -> tuple[list[str], list[str]]:
    """After the backup: two are erased, two leave. Returns the addresses of both kinds."""
    erased, left = journal.acknowledged[:2], journal.acknowledged[2:4]
    script = (
        "from actions.signing import audit, erase\n"
        "from actions.signing.addresses import signatures_of\n"
        "from django.db import connection\n"
        f"for email in {erased!r}: erase.erase_address(email=email, by=audit.COMMAND, purpose='drill')\n"
        f"for email in {left!r}:\n"
        "    (one,) = signatures_of(email)\n"
        "    erase.move([one.pk], ['counted'], 'withdrawn')\n"
        "    connection.cursor().execute('select actions_erase(%s, true)', [one.pk])\n"
    )
    told = site.manage("shell", "-c", script, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr[-2000:])
    return erased, left


def _plain_text_in(folder: Path, journal: Journal) -> int:
    kept = b"".join(file.read_bytes() for file in (folder / "backups").iterdir())
    return sum(word.encode() in kept for word in ["Bench Mark", *journal.acknowledged[:50]])


def commands() -> list[list[str]]:
    """What the page says to do, one command a line."""
    found = re.search(r"^## Restore$.*?^    (python manage\.py .*?)\n\n", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert found, "docs/operations.md has no commands under “Restore”"
    return [shlex.split(line) for line in found[1].splitlines()]


def _restored(site: Site, folder: Path, journal: Journal, gone: list[str], left: list[str]) -> dict:
    """Follow the page on an empty machine: another PostgreSQL, which knows no role of ours."""
    shutil.rmtree(postgres.VAR / "drill-empty-postgres", ignore_errors=True)
    site.database = Database("drill-empty-postgres")
    site.database.create(site.name)
    (backup,) = (folder / "backups").glob("*.database.age")
    names = {"FILE": str(backup), "KEY": str(folder / "key.txt")}
    begun, said = time.monotonic(), ""
    env = site.env("staff", "postgres")
    try:
        for words in commands():
            words = [sys.executable, *(names.get(word, word) for word in words[1:])]
            told = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)
            said += told.stdout + told.stderr
            if told.returncode:
                return {"ok": False, "failed": " ".join(words[1:3]), "said": said[-1500:]}
        took = time.monotonic() - begun
        return _looked_at(site, journal, gone, left) | {"seconds for the restore": round(took, 1)}
    finally:
        site.stop()


def _looked_at(site: Site, journal: Journal, gone: list[str], left: list[str]) -> dict:
    [(petition, salt)] = site.query("select id, digest_salt from actions_petition where name = %s", FORM)
    rows = {
        bytes(digest): (state, there)
        for digest, state, there in site.query(
            "select s.digest, s.state, p.signature_id is not null from actions_signature s "
            "left join actions_signer p on p.signature_id = s.id where petition_id = %s",
            petition,
        )
    }

    def known(emails: list[str]) -> set[bytes]:
        return digests(emails, salt=bytes(salt))

    stay = [email for email in journal.acknowledged if email not in gone + left]
    missing = sum(rows.get(digest) != ("counted", True) for digest in known(stay))
    erased_are_back = sum(digest in rows for digest in known(gone + left))
    opened = site.manage(
        "shell",
        "-c",
        "from actions.signing import audit, erase\n"
        f"found = erase.subject_access(email={stay[-1]!r}, by=audit.COMMAND, purpose='drill')\n"
        "print('OPENED', 'Bench Mark' in str(found))",
    )
    site.start()
    again = Journal()
    begun = time.monotonic()
    in_thread(sign_steadily(site.url, again, per_second=10, until=lambda: time.monotonic() - begun > 1, prefix="again"))
    counts = site.manage("check_counts", check=False)
    found = {
        "acknowledged before the backup": len(journal.acknowledged),
        "missing": missing,
        "erased or gone since, and there again": erased_are_back,
        "one signer opens": "OPENED True" in opened.stdout,
        "signs again": dict(again.answers),
        "counts agree": counts.returncode == 0,
    }
    return found | {
        "ok": not missing
        and not erased_are_back
        and found["one signer opens"]
        and set(again.answers) == {"303"}
        and found["counts agree"]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    found = run(seconds=given.seconds)
    found["ok"] = found["ok"] and not found.get("places where a name or an address stands in it", 1)
    report(found)


if __name__ == "__main__":
    main()
