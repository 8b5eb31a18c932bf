"""Quick forms of R14, R15 and R27 with real processes; the long forms are commands: see `bench` and docs/operations.md.

Apart from `test_processes`, so that two workers share what takes longest.
"""

import pytest

from bench import stolen_dump
from bench.faults import cached_end, retention, rotate
from bench.site import running

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def site():
    with running("keys-and-caches", workers=1) as started:
        yield started


def test_a_stolen_dump_confirms_no_address_and_shows_no_name(site):
    """R15. Seen to fail with the digest made without the secret."""
    found = stolen_dump.run(site, addresses=1_000, true=50)
    assert found["ok"], str(found)


def test_keys_are_wrapped_anew_while_people_sign(site):
    """R15. Seen to fail with the old key wrapped under itself."""
    found = rotate.run(site, rotations=3, per_second=20)
    assert found["ok"], str(found)


def test_retention_that_is_killed_ends_right(site):
    """R14. Seen to fail with the key destroyed before the signers are deleted."""
    found = retention.run(site, kills=3, signers=20_000)
    assert found["ok"], str(found)


def test_an_end_is_seen_through_a_caching_proxy_and_nothing_typed_is_kept(site):
    """R27, with nginx as deploy/nginx.conf has it."""
    found = cached_end.run(site, ahead=4)
    assert found["ok"], str(found)
