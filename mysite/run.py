"""`make run`: the whole site on this machine, and nothing left behind when it stops.

Starts PostgreSQL (unless DATABASE_URL names one), brings the database up to date, fills an empty site with the demo,
and runs server, task worker, mail worker and housekeeping until Ctrl-C.
"""

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
USER, PASSWORD = "admin", "admin"
CODE_HAS_CHANGED = 3  # what Django's server ends with, for whoever watches over it to start it again


def stop(sentence: str) -> NoReturn:
    print(f"\nNot started: {sentence}", file=sys.stderr)
    raise SystemExit(1)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
    # Started in the background, a process ignores Ctrl-C unless told otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = free_port()
    writable()
    embedded = database()
    children: list[subprocess.Popen] = []
    try:
        prepare()
        children.append(serve(port))
        await_home(port, children[0])
        greet(port)
        # Only now: who waits, waits for the site, and each process takes a core for some seconds to begin with.
        children += [
            start("db_worker", "--queue-name", "*", "--verbosity", "0"),
            start("send_mail"),
            start("housekeeping"),
        ]
        if os.environ.get("MEMBERS_WEBHOOK"):
            children.append(start("tell_members"))
        watch(children, port)
    except KeyboardInterrupt:
        print("\nStopping …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            end(child)
        if embedded is not None:
            embedded.stop()


def free_port() -> int:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit():
        stop(f"PORT must be a number, not “{port}”.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            stop(f"port {port} is taken. Stop what uses it, or choose another: PORT=8001 make run")
    return int(port)


def writable() -> None:
    from .postgres import VAR

    try:
        VAR.mkdir(exist_ok=True)
        (VAR / ".probe").touch()
        (VAR / ".probe").unlink()
    except OSError:
        stop(f"the folder {VAR} cannot be written to. Give yourself the right to write there, or clone elsewhere.")


def database():
    """The embedded server, or None where DATABASE_URL names one that answers."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        from . import postgres

        server = postgres.start(keep=True)
        os.environ["DATABASE_URL"] = server.get_uri()
        return server
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        stop(f"no database answers at DATABASE_URL ({reason}). Unset it to use the embedded one.")
    if version < 15:
        stop(f"DATABASE_URL leads to PostgreSQL {version}; 15 or newer is needed.")
    return None


def prepare() -> None:
    """Fill the database in a process of its own, which gives its memory back: this one only watches over the others.

    Nobody is served before: a server would keep what it was asked for of a site that is half there.
    """
    filling = multiprocessing.Process(target=fill, daemon=True)
    filling.start()
    filling.join()
    if filling.exitcode:
        stop("the database could not be brought up to date. What it said is above.")


def fill() -> None:
    """Migrations, catalogues, demo content and the administrator; each does nothing the second time."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Migrations make models by the thousand, for a moment; looking for what can go took a fifth of the time.
    gc.disable()
    from . import catalogues

    catalogues.compile_all()

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    print("The database is up to date.")
    gc.collect()
    call_command("strip_files")  # of a site that an earlier version has filled
    call_command("load_demo")

    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.filter(username=USER).exists():
        users.create_superuser(USER, "admin@localhost", PASSWORD)


def serve(port: int) -> subprocess.Popen:
    """Django's server; watched over from here, where it would start one more process that loads everything too."""
    return start("runserver", f"127.0.0.1:{port}", RUN_MAIN="true")


def start(*command: str, **env: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | env, start_new_session=True
    )


def watch(children: list[subprocess.Popen], port: int) -> NoReturn:
    """Start the server, the first of them, again when code has changed; stop when any of them ends by itself."""
    while True:
        time.sleep(0.5)
        ends = [child.poll() for child in children]
        if ends[0] == CODE_HAS_CHANGED:
            children[0] = serve(port)
        elif any(code is not None for code in ends):
            stop("one of the site's processes ended. What it said is above.")


def end(child: subprocess.Popen) -> None:
    """End a process with everything it started."""
    for kind, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(child.pid, kind)
            child.wait(timeout=patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def await_home(port: int, server: subprocess.Popen) -> None:
    """Until the first page is made, which takes some seconds the first time."""
    for _ in range(300):
        if server.poll() is not None:
            return
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                return
        except OSError:
            time.sleep(0.1)


def greet(port: int) -> None:
    address = f"http://localhost:{port}"
    print(
        f"\n  The site:    {address}\n"
        f"  The admin:   {address}/admin/   user “{USER}”, password “{PASSWORD}”\n"
        f"  The mails:   {address}/dev/mailbox/\n\n"
        "  Ctrl-C stops everything. The data stay in var/.\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
