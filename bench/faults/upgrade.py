"""R30: a new version and a migration of the signatures' table while people sign, with two versions side by side.

python -m bench.faults.upgrade --signatures 1000000 --per-second 30

The new version is this tree with one migration more: a column with a default of the database, and an index made
concurrently. Two migrators start at once. nginx stands before the old version, then before both, then before the new.
"""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg

from bench.faults.kill import FORM, verdict
from bench.load import run as in_thread
from bench.processes import ROOT
from bench.proxy import Proxy
from bench.site import Server, Site, report
from bench.visitors import Tally, Visitors
from mysite import postgres

NAME = "fault-upgrade"
LONGEST_LOCK = 1.0  # seconds
MIGRATION = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index that is made concurrently cannot be part of a transaction
    dependencies = [("actions", "{last}")]
    operations = [
        migrations.AddField("signature", "rehearsed", models.SmallIntegerField(db_default=0)),
        AddIndexConcurrently("signature", models.Index(fields=["petition", "rehearsed"], name="rehearsed_by_petition")),
    ]
"""


def new_version(folder: Path) -> Path:
    """This tree as it stands, with one migration more, in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("actions", "home", "mysite", "templates", "static", "locale", "manage.py"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    last = max(path.stem for path in (ROOT / "actions/migrations").glob("0*.py"))
    name = f"{int(last[:4]) + 1:04}_rehearsal.py"
    (folder / "actions/migrations" / name).write_text(MIGRATION.format(last=last))
    return folder


class Locks(threading.Thread):
    """The longest that anybody waited for a lock on the signatures' table, looked at fifty times a second."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.longest, self.wanted, self.looked = url, 0.0, True, 0

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while self.wanted:
                row = connection.execute(
                    "select coalesce(max(extract(epoch from clock_timestamp() - waitstart)), 0) from pg_locks "
                    "where not granted and relation = 'actions_signature'::regclass"
                ).fetchone()
                self.longest = max(self.longest, float(row[0]))
                self.looked += 1
                time.sleep(0.02)


def run(*, signatures: int, per_second: float) -> dict:
    site = Site(NAME, workers=1, threads=2, TRUSTED_PROXIES="2")
    new = new_version(postgres.VAR / f"{NAME}-new")
    try:
        _fill(site, signatures)
        site.start()
        with Proxy(site) as proxy:
            return in_thread(_run(site, new, proxy, per_second)) | {"signatures": signatures}
    finally:
        site.stop()


def _fill(site: Site, signatures: int) -> None:
    """Rows of another form, so that what is compared afterwards is what was signed here."""
    site.query(
        "insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, "
        "signed_at) "
        "select gen_random_uuid(), (select min(id) from actions_petition where name <> %s), sha256(int4send(n)), 1, "
        "'counted', 'nb', '', now() - interval '1 minute' * n from generate_series(1, %s) n",
        FORM,
        signatures,
    )
    site.manage("check_counts", "--repair", check=False)
    site.query("vacuum analyze actions_signature")


async def _run(site: Site, new: Path, proxy: Proxy, per_second: float) -> dict:
    tally, done = Tally(), asyncio.Event()
    visitors = Visitors(proxy.url, tally)

    async def sign() -> None:
        while not done.is_set():
            await visitors.arrive(per_second, 5)

    signing = asyncio.create_task(sign())
    locks = Locks(site.database.url(site.name))
    locks.start()
    await asyncio.sleep(5)
    begun = time.monotonic()
    migrators = await asyncio.gather(*(asyncio.to_thread(_migrate, site, new) for _ in range(2)))
    took = time.monotonic() - begun
    await asyncio.sleep(3)
    old = site.main
    newer = await asyncio.to_thread(Newer, site, new)
    ready = await asyncio.to_thread(_ready, old.url)
    for surface in (f"{_netloc(old)} max_fails=0; server {_netloc(newer)}", _netloc(newer)):
        proxy.lead_to(surface)
        await asyncio.sleep(8)
    old.wanted = False
    os.killpg(old.process.pid, signal.SIGTERM)  # as systemd stops it: what is under way is finished
    await asyncio.sleep(5)
    done.set()
    await signing
    locks.wanted = False
    newer.stop()
    found = verdict(site, tally)
    applied = [told for told in migrators if "rehearsal... OK" in told]
    idle = [told for told in migrators if "No migrations to apply" in told]
    return found | {
        "seconds of migrating": round(took, 1),
        "longest wait for a lock on the signatures, s": round(locks.longest, 2),
        "looked at the locks": locks.looked,
        "longest answer, s": tally.longest("303"),
        "migrators that applied it, that had nothing to do": (len(applied), len(idle)),
        "old version beside the new tables": ready,
        "ok": found["ok"]
        and set(tally.answers) == {"303"}
        and locks.longest < LONGEST_LOCK
        and (len(applied), len(idle)) == (1, 1)
        and ready == 200,
    }


def _migrate(site: Site, new: Path) -> str:
    env = site.env("staff", "postgres")
    told = subprocess.run([sys.executable, "manage.py", "migrate"], cwd=new, env=env, capture_output=True, text=True)
    return told.stdout + told.stderr


class Newer(Server):
    """The new version, from its own folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            "mysite.wsgi:application",
            postgres.VAR / f"{site.name}-new.log",
            site.env("public", "actions_public"),
            workers=1,
            threads=2,
        )

    def command(self) -> list[str]:
        return [*super().command()[:-1], "--working-dir", str(self.folder), "mysite.wsgi:application"]


def _netloc(server: Server) -> str:
    return server.url.removeprefix("http://")


def _ready(url: str) -> int:
    try:
        with urlopen(f"{url}/readyz", timeout=10) as answer:  # noqa: S310
            return answer.status
    except HTTPError as error:
        return error.code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatures", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=30)
    given = parser.parse_args()
    report(run(signatures=given.signatures, per_second=given.per_second))


if __name__ == "__main__":
    main()
