"""Quick forms of R1, R3, R4, R6 and R8 with real processes that are killed. The long forms are commands: see
`bench/faults` and docs/operations.md.
"""

import pytest

from bench.faults import clock, kill, restart, same_address
from bench.site import running

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def site():
    with running("fault-tests") as started:
        yield started


def test_kill_9_of_web_workers_and_of_postgresql_loses_and_doubles_nothing(site):
    """R1, R6. Seen to fail with `synchronous_commit = off` for the public role."""
    found = kill.run(site, web=5, postgres=5, acknowledged=400, per_second=50)
    assert found["ok"], str(found)


def test_after_a_restart_of_the_database_signing_goes_on_by_itself(site):
    """R8. Seen to fail with Django's own answer to an error."""
    found = restart.run(site, times=2, per_second=20)
    assert found["ok"], str(found)


def test_one_address_at_once_in_ten_spellings_and_three_languages(site):
    """R3. Seen to fail with `on conflict` left out of the statement."""
    found = same_address.run(site, rounds=2, posts=100)
    assert found["ok"], str(found)


@pytest.fixture(scope="module")
def urls(site):
    with clock.wrong_clocks(site) as started:
        yield started


@pytest.mark.parametrize("how", ["by itself", "close"])
def test_wrong_clocks_neither_let_in_nor_turn_away(how, site, urls):
    """R4. Seen to fail with the view asking its own clock first."""
    found = clock.run(site, urls, rounds=1, ahead=4, per_second=30, how=how)
    assert found["ok"], str(found)
