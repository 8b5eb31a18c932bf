"""Commands that are run from one process which has started Django once are as if each were a process of its own."""

import os

import pytest

from bench.commands import Commands
from bench.site import NOT_OURS

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def commands():
    env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    started = Commands(env | {"DJANGO_SETTINGS_MODULE": "mysite.settings.test", "DATABASE_URL": "postgresql://x@/x"})
    yield started
    started.stop()


def test_what_a_command_says_and_how_it_ends_is_its_own(commands):
    said = commands.run("shell", "-v", "0", "-c", "import sys, builtins; builtins.left = 1; print('out'); sys.exit(3)")
    assert (said.returncode, said.stdout, said.stderr) == (3, "out\n", "")
    said = commands.run("shell", "-v", "0", "-c", "import builtins; print(hasattr(builtins, 'left'))")
    assert (said.returncode, said.stdout) == (0, "False\n")


def test_a_command_that_fails_says_so(commands):
    said = commands.run("there_is_no_such_command")
    assert said.returncode == 1
    assert "Unknown command" in said.stderr
    said = commands.run("shell", "-v", "0", "-c", "1 / 0")
    assert said.returncode == 1
    assert "ZeroDivisionError" in said.stderr


def test_a_command_that_is_killed_is_told_and_the_next_one_runs(commands):
    killed = commands.run("shell", "-v", "0", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert killed.returncode == -9
    assert commands.run("shell", "-v", "0", "-c", "print('next')").stdout == "next\n"


def test_a_start_that_fails_is_told_with_its_reason():
    started = Commands(os.environ | {"DJANGO_SETTINGS_MODULE": "mysite.settings.nothing"})
    said = [started.run("check"), started.run("check")]
    started.stop()
    assert [one.returncode for one in said] == [1, 1]
    assert all("mysite.settings.nothing" in one.stderr for one in said)
