"""pytest plugin: which worker runs what, the longest first, and a look at what takes long.

A case that takes longer than LIMIT fails the run, unless `LONGER` names it with a reason.
"""

import os
from typing import NamedTuple

import pytest
from xdist.scheduler import LoadScopeScheduling

LIMIT = 10.0  # seconds of a machine that does nothing else
LONGER = {
    "tests/guarantees/test_keys_and_caches.py::test_an_end_is_seen_through_a_caching_proxy_and_nothing_typed_is_kept": (
        "pages may be shown for half a minute after staff have ended an action, and it waits for the last of them"
    ),
}
# What takes long begins first, so that no worker is left with it in the end.
FIRST = (
    "tests/guarantees/permission_matrix/",
    "tests/outside/",
    "tests/guarantees/test_processes",
    "tests/guarantees/test_keys_and_caches",
    "tests/journeys/",
    "tests/guarantees/",
    "tests/building/",
)


class ByWorld(LoadScopeScheduling):
    """A file stays with one worker, for the sake of what is made once for it; so does the folder that shares a site."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/outside" if nodeid.startswith("tests/outside/") else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return ByWorld(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next((n for n, place in enumerate(FIRST) if item.nodeid.startswith(place)), len(FIRST)))


class Case(NamedTuple):
    seconds: float
    busy: float  # how many times as long anything takes, because others want the cores too
    name: str

    @property
    def alone(self) -> float:
        return self.seconds / self.busy


class Slowest:
    """Keeps the time of each case, tells of the ten slowest, and fails the run where one takes too long."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and not hasattr(report, "context"):  # a subtest is part of its case
            busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
            self.cases.append(Case(report.duration, busy, report.nodeid))

    def too_long(self) -> list[Case]:
        return [case for case in self.cases if case.alone > LIMIT and case.name not in LONGER]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if session.exitstatus == pytest.ExitCode.OK and self.too_long():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if len(self.cases) < 100:
            return
        say = terminalreporter.write_line
        terminalreporter.section("slowest ten")
        for case in sorted(self.cases, reverse=True)[:10]:
            say(f"{case.seconds:5.1f} s ({case.alone:.1f} s alone)  {case.name}")
        for name, reason in LONGER.items():
            say(f"May take longer: {name}: {reason}")
        for case in self.too_long():
            say(f"Too long, more than {LIMIT:.0f} s alone: {case.name}", red=True)


def pytest_configure(config):
    is_worker = hasattr(config, "workerinput")
    if not is_worker and "not long" in (config.option.markexpr or ""):
        config.pluginmanager.register(Slowest())
