"""Databases that tests begin with: made once for each state of the code, and copied for each worker."""

import os
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.once import once

SOURCES = ("tests/factories", "tests/conftest.py", "tests/copies.py")


def url_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def copied(name: str, template: str, make: Callable[[], None]) -> str:
    """A new database `name` as `make` leaves the empty database `template`; returns its address."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as server, once(template, *SOURCES) as is_new:
        if is_new or server.execute("select from pg_database where datname = %s", [template]).fetchone() is None:
            server.execute(f"drop database if exists {template} with (force)")
            server.execute(f"create database {template}")
            make()
        copy(server, name, template)
    return url_of(name)


def copy(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(f"drop database if exists {name} with (force)")
    server.execute(f"create database {name} template {template}")
