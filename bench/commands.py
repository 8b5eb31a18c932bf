"""Commands of Django, one after the other, from a process that starts Django once: each runs in a child of it.

Starting takes two seconds of a core, and most commands take less. What a test asks of the start itself is a process of
its own: see `bench.faults.retention`, `bench.drill` and the units of deploy/systemd in `tests.outside`.
"""

import gc
import json
import os
import subprocess
import sys
import threading
import traceback
from tempfile import NamedTemporaryFile, TemporaryFile

from .processes import ROOT


class Commands:
    """Runs commands of manage.py in the environment `env`, until `stop`, or until this process ends."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.hand = env, threading.Lock()
        self.trouble = TemporaryFile("w+")  # noqa: SIM115 (as long as the process)
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.trouble,
            text=True,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess:
        with self.hand, NamedTemporaryFile("r") as out, NamedTemporaryFile("r") as err:
            try:
                print(json.dumps([words, out.name, err.name]), file=self.process.stdin, flush=True)
            except BrokenPipeError:
                told = ""
            else:
                told = self.process.stdout.readline() if self.process.stdout else ""
            if not told:  # Django itself did not start
                self.trouble.seek(0)
                return subprocess.CompletedProcess(words, self.process.wait() or 1, "", self.trouble.read())
            return subprocess.CompletedProcess(words, int(told), out.read(), err.read())

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.trouble.close()


def _serve() -> None:
    import django
    from django.db import connections

    django.setup()
    connections.close_all()  # a child would share it
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(words: list[str], out: str, err: str) -> None:
    """Be this command, and end."""
    from django.core.management import execute_from_command_line

    code: object = 1
    for number, path in enumerate((os.devnull, out, err)):
        os.dup2(os.open(path, os.O_RDWR), number)
    try:
        sys.argv = ["manage.py", *words]
        execute_from_command_line(sys.argv)
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(bool(code)))


if __name__ == "__main__":
    _serve()
