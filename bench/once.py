"""What is made once for each state of the code, by whoever of several processes needs it first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b

from mysite.postgres import VAR

ROOT = VAR.parent


@contextmanager
def once(name: str) -> Iterator[bool]:
    """Whether `name` must be made anew, while nobody else makes it. An exception leaves it to be made again."""
    VAR.mkdir(exist_ok=True)
    with (VAR / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        is_new = lock.read() != fingerprint()
        if is_new:
            lock.truncate(0)
        yield is_new
        if is_new:
            lock.write(fingerprint())


@cache
def fingerprint() -> str:
    """Of everything that a new site, or the small one of the tests, is made from."""
    found = blake2b(digest_size=16)
    code = ("actions", "home", "mysite", "templates", "static", "locale", "requirements.txt")
    for folder in (*code, "tests/factories", "tests/conftest.py"):
        for path in sorted([ROOT / folder, *(ROOT / folder).rglob("*")]):
            if path.is_file() and path.suffix not in (".pyc", ".mo"):
                found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}".encode() + path.read_bytes())
    return found.hexdigest()
