"""pytest plugin: which worker runs what, the longest first, and a look at what takes long.

A case that takes longer than LIMIT fails the run, unless `LONGER` names it with a reason.
"""

import os
from typing import NamedTuple

import pytest
from xdist.scheduler import LoadScopeScheduling

LIMIT = 10.0  # seconds of a machine that does nothing else
G = "tests/guarantees/"
LONGER = {
    G + "permission_matrix/test_get.py": "four hundred addresses, most of them whole screens of the admin",
    G + "permission_matrix/test_post.py": "four hundred addresses",
    G + "permission_matrix/test_menus.py": "every link that the menus and lists of a role show",
    G + "test_keys_and_caches.py::test_an_end_is_seen": "pages may be shown for half a minute after an end",
    G + "test_keys_and_caches.py::test_keys_are_wrapped": "each command is a process of its own",
    G + "test_keys_and_caches.py::test_retention_that_is_killed": "each command is a process of its own",
    G + "test_processes.py::test_kill_9": "ten times something is killed and comes back",
    G + "test_restore.py::test_the_page_that_tells": "a site under load, its backup, and an empty cluster",
    "tests/building/test_migrations.py::test_no_migration_locks": "the SQL of each migration is made and read",
    "tests/journeys/test_backoffice.py::test_a_second_factor": "a code holds for half a minute and is taken once",
    "tests/journeys/test_backoffice.py::test_the_desk": "a signature, its figures and a file that a worker makes",
    "tests/journeys/test_cases.py::test_a_letter": "a case from the letter to the answer, each screen looked at by axe",
    "tests/journeys/test_translators.py::test_from_the_editor": "the whole way of an action through four people",
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


# Files that share what is dear: a deployed site, a site and its browser.
TOGETHER = {
    "tests/outside/": "outside",
    "tests/journeys/test_everyone": "visitors' journeys",
    "tests/journeys/test_next_step": "visitors' journeys",
    "tests/journeys/test_tree": "visitors' journeys",
    "tests/journeys/test_visitors": "visitors' journeys",
    "tests/journeys/": "staff's journeys",
}


class ByWorld(LoadScopeScheduling):
    """A file stays with one worker, for the sake of what is made once for it; so do files that share a site."""

    def _split_scope(self, nodeid: str) -> str:
        return next((world for place, world in TOGETHER.items() if nodeid.startswith(place)), nodeid.split("::")[0])


@pytest.hookimpl(optionalhook=True)
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


class Watch:
    """Keeps the time of each case, tells of the ten slowest, and fails the run where one takes too long."""

    def __init__(self, workers: int) -> None:
        self.cores = os.cpu_count() or 1
        self.workers = workers
        self.cases: list[Case] = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and not hasattr(report, "context"):  # a subtest is part of its case
            # The load is of the last minute, and begins at nothing; the run's own workers are there from the start.
            busy = max(1.0, self.workers / self.cores, os.getloadavg()[0] / self.cores)
            self.cases.append(Case(report.duration, busy, report.nodeid))

    def too_long(self) -> list[Case]:
        return [case for case in self.cases if case.alone > LIMIT and not case.name.startswith(tuple(LONGER))]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if session.exitstatus == pytest.ExitCode.OK and self.too_long():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        say = terminalreporter.write_line
        if len(self.cases) >= 100:
            terminalreporter.section("slowest ten")
            for case in sorted(self.cases, reverse=True)[:10]:
                say(f"{case.seconds:5.1f} s ({case.alone:.1f} s alone)  {case.name}")
            for name, reason in LONGER.items():
                if any(case.name.startswith(name) for case in self.cases):
                    say(f"May take longer: {name}: {reason}")
        for case in self.too_long():
            say(f"Too long, more than {LIMIT:.0f} s alone: {case.name}", red=True)


def pytest_configure(config):
    is_worker = hasattr(config, "workerinput")
    has_long_forms = "long" in (config.option.markexpr or "").replace("not long", "", 1)
    if not is_worker and not has_long_forms:
        config.pluginmanager.register(Watch(workers=len(getattr(config.option, "tx", None) or [1])))
