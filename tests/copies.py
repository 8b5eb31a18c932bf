"""Databases that tests begin with: made once for each state of the code, and copied for each worker."""

import fcntl
import os
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.site import fingerprint
from mysite.postgres import VAR

print_of_code = cache(fingerprint)


def url_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def copied(name: str, template: str, make: Callable[[], None]) -> str:
    """A new database `name` as `make` leaves the empty database `template`; returns its address."""
    VAR.mkdir(exist_ok=True)
    with (
        (VAR / f"{template}.lock").open("a+") as lock,
        psycopg.connect(url_of("postgres"), autocommit=True) as server,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        there = server.execute("select from pg_database where datname = %s", [template]).fetchone()
        if lock.read() != print_of_code() or there is None:
            lock.truncate(0)
            server.execute(f"drop database if exists {template} with (force)")
            server.execute(f"create database {template}")
            make()
            lock.write(print_of_code())
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name} template {template}")
    return url_of(name)
