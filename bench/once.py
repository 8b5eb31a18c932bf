"""What is made once for each state of the code, by whoever of several processes needs it first."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b

from mysite.postgres import VAR

ROOT = VAR.parent
# What tables, roles and pages come from. Words too: they are translated while pages are made.
CODE = ("actions", "home", "mysite", "locale", "requirements.txt", "bench/once.py")


@contextmanager
def once(name: str, *sources: str) -> Iterator[bool]:
    """Whether `name`, made from CODE and these files and folders, must be made anew, while nobody else makes it.

    An exception leaves it to be made again.
    """
    VAR.mkdir(exist_ok=True)
    with (VAR / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        is_new = lock.read() != fingerprint(*sources)
        if is_new:
            lock.truncate(0)
        yield is_new
        if is_new:
            lock.write(fingerprint(*sources))


@cache
def fingerprint(*sources: str) -> str:
    """Of every file of CODE and of these. FileNotFoundError for one that is not there."""
    found = blake2b(digest_size=16)
    for source in (*CODE, *sources):
        (ROOT / source).stat()
        for path in sorted([ROOT / source, *(ROOT / source).rglob("*")]):
            if path.is_file() and path.suffix not in (".pyc", ".mo"):
                content = path.read_bytes()
                found.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return found.hexdigest()
