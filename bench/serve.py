"""Serves the demo as production would, on a database of its own in the embedded PostgreSQL: `python -m bench.serve`.

Prints DATABASE_URL, so that pgbench can measure the same server. Ctrl-C stops it.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from mysite import catalogues, postgres

ROOT = Path(__file__).resolve().parent.parent
KEY = "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk="


def main() -> None:
    server = postgres.start("bench-postgres")
    admin = server.get_uri()
    with psycopg.connect(admin, autocommit=True) as connection:
        if connection.execute("select from pg_database where datname = 'bench'").fetchone() is None:
            connection.execute("create database bench")
    database = urlunsplit(urlsplit(admin)._replace(path="/bench"))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "mysite.settings.production",
        "DATABASE_URL": database,
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": "https://localhost",
        "SIGNER_MASTER_KEYS": KEY,
        "SIGNER_DIGEST_SECRET": KEY,
        "EMAIL_URL": "dummymail://",
        "MAIL_FROM": "bench@localhost",
        "MEDIA_ROOT": str(postgres.VAR / "bench-media"),
        "STATIC_ROOT": str(postgres.VAR / "bench-static"),
    }
    catalogues.compile_all()
    for command in (
        ["migrate", "--verbosity", "0"],
        ["load_demo"],
        ["collectstatic", "--no-input", "--verbosity", "0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    print(f"DATABASE_URL={database}", flush=True)
    granian = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--port",
        "8100",
        "--workers",
        "2",
    ]
    granian += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "mysite.wsgi:application"]
    with suppress(KeyboardInterrupt):
        subprocess.run(granian, cwd=ROOT, env=env)


if __name__ == "__main__":
    main()
